//! Evidence: the bounded bundle that a diagnosis reads, assembled from what any store has.

mod baseline;
mod bound;
mod facts;
mod history;

use std::sync::Arc;

use model::{
    Attempt, AttemptId, Baseline, Evidence, Listener, Recording, Run, RunFacts, RunId, Test,
    TraceId,
};

use crate::{AttemptQuery, Store, StoreError};
use history::History;

pub use baseline::HISTORY_LIMIT;
pub use bound::EVIDENCE_LIMIT;
pub use facts::SIGHTING_LIMIT;

/// The evidence of one attempt. None when the attempt is not known.
///
/// For several attempts of one run a [`RunContext`] is cheaper.
///
/// # Errors
/// When the store cannot be read.
pub fn evidence(store: &dyn Store, attempt: AttemptId) -> Result<Option<Evidence>, StoreError> {
    match find_attempt(store, attempt)? {
        Some((attempt, test)) => RunContext::new(store, attempt.run_id)?
            .assemble(attempt, test)
            .map(Some),
        None => Ok(None),
    }
}

/// What the attempts of one run have in common, read once.
pub struct RunContext<'a> {
    history: History<'a>,
    run: Option<Arc<Run>>,
    listeners: Arc<Vec<Listener>>,
    facts: RunFacts,
}

impl<'a> RunContext<'a> {
    /// Reads what is known of a run and of history.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(store: &'a dyn Store, run_id: RunId) -> Result<Self, StoreError> {
        let history = History::new(store);
        let run = history.run(run_id)?;
        Ok(Self {
            listeners: history.listeners(run_id)?,
            facts: facts::gather(store, run_id, run.as_deref())?,
            history,
            run,
        })
    }

    /// The evidence of an attempt of this run. None when the attempt is not known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn evidence(&self, attempt: AttemptId) -> Result<Option<Evidence>, StoreError> {
        match find_attempt(self.history.store, attempt)? {
            Some((attempt, test)) => self.assemble(attempt, test).map(Some),
            None => Ok(None),
        }
    }

    fn assemble(&self, attempt: Attempt, test: Test) -> Result<Evidence, StoreError> {
        let mut evidence = Evidence {
            recording: self.history.recording(attempt.run_id, attempt.id.into())?,
            fixtures: self.fixtures(&attempt)?,
            baseline: self.baseline(&attempt)?,
            variants: Vec::new(),
            signatures: Vec::new(),
            peers: self.run.as_ref().map_or(vec![], |run| run.peers.clone()),
            listeners: self.listeners.to_vec(),
            facts: self.facts.clone(),
            test,
            attempt,
        };
        bound::bound(&mut evidence, EVIDENCE_LIMIT);
        Ok(evidence)
    }

    fn fixtures(&self, attempt: &Attempt) -> Result<Vec<Recording>, StoreError> {
        let read = |trace: &TraceId| self.history.recording(attempt.run_id, *trace);
        attempt.fixtures.iter().map(read).collect()
    }

    /// The best passing recording of which anything is left.
    fn baseline(&self, attempt: &Attempt) -> Result<Option<Baseline>, StoreError> {
        for candidate in baseline::candidates(&self.history, attempt, self.run.as_deref())? {
            let run_id = candidate.attempt.run_id;
            let recording = self
                .history
                .recording(run_id, candidate.attempt.id.into())?;
            if recording.spans.is_empty() {
                continue;
            }
            let run = self.history.run(run_id)?;
            let (run_started, tags) =
                run.map_or_else(Default::default, |run| (run.started, run.tags.clone()));
            return Ok(Some(Baseline {
                recording,
                fixtures: self.fixtures(&candidate.attempt)?,
                listeners: self.history.listeners(run_id)?.to_vec(),
                basis: candidate.basis,
                run_started,
                tags,
                attempt: candidate.attempt,
            }));
        }
        Ok(None)
    }
}

fn find_attempt(
    store: &dyn Store,
    attempt: AttemptId,
) -> Result<Option<(Attempt, Test)>, StoreError> {
    let query = AttemptQuery {
        attempt: Some(attempt),
        ..AttemptQuery::default()
    };
    Ok(store.attempts(&query)?.into_iter().next())
}
