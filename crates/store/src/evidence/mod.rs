//! Evidence: the bounded bundle that a diagnosis reads, assembled from what any store has.

mod baseline;
mod bound;
mod facts;

use std::collections::HashMap;

use model::{
    Attempt, AttemptId, Baseline, Evidence, Gap, Listener, Recording, Run, RunFacts, RunId, Test,
    TraceId,
};

use crate::recording::{gaps_of, with_gaps};
use crate::{AttemptQuery, Store, StoreError};

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
    store: &'a dyn Store,
    run: Option<Run>,
    gaps: HashMap<TraceId, Vec<Gap>>,
    listeners: Vec<Listener>,
    facts: RunFacts,
}

impl<'a> RunContext<'a> {
    /// Reads what is known of a run and of history.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(store: &'a dyn Store, run_id: RunId) -> Result<Self, StoreError> {
        let run = store.run(run_id)?;
        let mut gaps: HashMap<TraceId, Vec<Gap>> = HashMap::new();
        for gap in store.gaps(run_id)? {
            if let Some(trace) = gap.trace_id {
                gaps.entry(trace).or_default().push(gap);
            }
        }
        Ok(Self {
            store,
            gaps,
            listeners: store.listeners(run_id)?,
            facts: facts::gather(store, run_id, run.as_ref())?,
            run,
        })
    }

    /// The evidence of an attempt of this run. None when the attempt is not known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn evidence(&self, attempt: AttemptId) -> Result<Option<Evidence>, StoreError> {
        match find_attempt(self.store, attempt)? {
            Some((attempt, test)) => self.assemble(attempt, test).map(Some),
            None => Ok(None),
        }
    }

    fn assemble(&self, attempt: Attempt, test: Test) -> Result<Evidence, StoreError> {
        let mut evidence = Evidence {
            recording: self.recording(attempt.id.into())?,
            fixtures: attempt
                .fixtures
                .iter()
                .map(|trace| self.recording(*trace))
                .collect::<Result<_, _>>()?,
            baseline: self.baseline(&attempt)?,
            peers: self.run.as_ref().map_or(vec![], |run| run.peers.clone()),
            listeners: self.listeners.clone(),
            facts: self.facts.clone(),
            test,
            attempt,
        };
        bound::bound(&mut evidence, EVIDENCE_LIMIT);
        Ok(evidence)
    }

    fn recording(&self, trace: TraceId) -> Result<Recording, StoreError> {
        let gaps = self.gaps.get(&trace).cloned().unwrap_or_default();
        with_gaps(self.store, trace, gaps)
    }

    /// The best passing recording of which anything is left.
    fn baseline(&self, attempt: &Attempt) -> Result<Option<Baseline>, StoreError> {
        for candidate in baseline::candidates(self.store, attempt, self.run.as_ref())? {
            let run_id = candidate.attempt.run_id;
            let read = |trace: TraceId| {
                let gaps = gaps_of(self.store, run_id, trace)?;
                with_gaps(self.store, trace, gaps)
            };
            let recording = read(candidate.attempt.id.into())?;
            if recording.spans.is_empty() {
                continue;
            }
            let fixtures = candidate.attempt.fixtures.iter().map(|trace| read(*trace));
            return Ok(Some(Baseline {
                recording,
                fixtures: fixtures.collect::<Result<_, _>>()?,
                basis: candidate.basis,
                run_started: candidate.run_started,
                tags: candidate.tags,
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
