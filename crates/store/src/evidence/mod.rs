//! Evidence: the bounded bundle that a diagnosis reads, assembled from what any store has.

mod baseline;
mod bound;
mod elsewhere;
mod facts;
mod history;
mod hooks;
mod lookup;
mod neighbours;
mod outages;
mod parallel;
mod passes;
mod passing;
mod past;
mod run_wide;
mod signing;
mod touches;

use std::sync::{Arc, Mutex, PoisonError};

use model::{
    Attempt, AttemptId, AttemptStatus, Evidence, Gap, GapKind, Listener, Outage, PeerDeclaration,
    Run, RunFacts, RunId, Signature, Test,
};

use crate::signature_block::Ids;
use crate::{AttemptQuery, Store, StoreError};
use baseline::{Candidate, Candidates, Source};
use history::History;
use passing::Passing;
use run_wide::RunWide;
use signing::Found;

pub use baseline::HISTORY_LIMIT;
pub use bound::EVIDENCE_LIMIT;
pub use elsewhere::Elsewhere;
pub use facts::SIGHTING_LIMIT;
pub use past::SAID_BYTES;
pub use run_wide::RUN_LIMIT;
pub use signing::{Sign, Signer};

/// The evidence of one attempt. None when the attempt is not known.
///
/// For several attempts of one run a [`RunContext`] is cheaper.
///
/// # Errors
/// When the store cannot be read.
pub fn evidence(
    store: &dyn Store,
    attempt: AttemptId,
    signer: Signer,
) -> Result<Option<Evidence>, StoreError> {
    match find_attempt(store, attempt)? {
        Some((attempt, test)) => {
            let context = RunContext::new(store, attempt.run_id, signer)?;
            context.of_attempt(attempt, test).map(Some)
        }
        None => Ok(None),
    }
}

/// What the attempts of one run have in common, read once.
pub struct RunContext<'a> {
    history: History<'a>,
    /// Other stores that passing recordings may come from.
    others: Vec<History<'a>>,
    given: &'a [model::Baseline],
    signer: Signer,
    run_id: RunId,
    run: Option<Arc<Run>>,
    listeners: Arc<Vec<Listener>>,
    facts: RunFacts,
    /// Read when the first failure is looked at.
    wide: Mutex<Option<Arc<RunWide>>>,
}

/// What is known of the whole run, where it is wanted, and how many attempts share what may be read.
type Sharing = (Option<Arc<RunWide>>, usize);

impl<'a> RunContext<'a> {
    /// Reads what is known of a run and of history. Recordings are signed by `signer`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(store: &'a dyn Store, run_id: RunId, signer: Signer) -> Result<Self, StoreError> {
        let history = History::new(store, signer);
        let run = history.run(run_id)?;
        Ok(Self {
            listeners: history.listeners(run_id)?,
            facts: facts::gather(store, run_id, run.as_deref())?,
            history,
            others: Vec::new(),
            given: &[],
            signer,
            run_id,
            run,
            wide: Mutex::default(),
        })
    }

    /// The same with further passing recordings to compare with.
    #[must_use]
    pub fn with(mut self, elsewhere: &'a Elsewhere) -> Self {
        let stores = elsewhere.stores.iter();
        let another = |store: &'a Arc<dyn Store>| History::of_another(store.as_ref(), self.signer);
        self.others = stores.map(another).collect();
        self.given = &elsewhere.recordings;
        self
    }

    /// The evidence of an attempt of this run. None when the attempt is not known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn evidence(&self, attempt: AttemptId) -> Result<Option<Evidence>, StoreError> {
        match find_attempt(self.history.store, attempt)? {
            Some((attempt, test)) => self.of_attempt(attempt, test).map(Some),
            None => Ok(None),
        }
    }

    fn of_attempt(&self, attempt: Attempt, test: Test) -> Result<Evidence, StoreError> {
        let id = attempt.id;
        let attempt = hooks::of_its_test(&self.history, attempt)?;
        let sharing = self.sharing(&attempt)?;
        let mut evidence = self.assemble(attempt, test, sharing)?;
        evidence.attempt.id = id;
        Ok(evidence)
    }

    /// Stretches of the run in which a peer refused most of what it was asked, by peer and start.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn outages(&self) -> Result<Vec<Outage>, StoreError> {
        Ok(self.wide()?.outages.clone())
    }

    /// What `work` makes of the evidence of each of these attempts, on as many processors as there are; in the order of the
    /// attempts. What was read or computed for one is there for the next.
    ///
    /// # Errors
    /// For each attempt, when the store cannot be read. None for those that are not known.
    pub fn each<T: Send>(
        &self,
        attempts: &[AttemptId],
        work: impl Fn(Evidence) -> T + Sync,
    ) -> Vec<Result<Option<T>, StoreError>> {
        let done = parallel::map(attempts, |attempt| Ok(self.evidence(*attempt)?.map(&work)));
        self.history.keep();
        done
    }

    /// What is known of the run, for an attempt that failed, and with how many others it shares what may be read.
    fn sharing(&self, attempt: &Attempt) -> Result<Sharing, StoreError> {
        if went_well(attempt) {
            return Ok((None, 1));
        }
        let wide = self.wide()?;
        let failures = wide.failures;
        Ok((Some(wide), failures))
    }

    fn assemble(
        &self,
        attempt: Attempt,
        test: Test,
        // Read before the recording, so that this finds the signature of the attempt kept.
        (wide, sharers): Sharing,
    ) -> Result<Evidence, StoreError> {
        let history = &self.history;
        let found = history.kept_signature(&attempt, self.peers(), Ids::Read)?;
        let recording = history.recording(attempt.run_id, attempt.id.into())?;
        let fixtures = history.fixtures(&attempt)?;
        let signature = match found {
            Found::Kept(signature) => signature,
            Found::Nothing(mark) => {
                history.make_signature(&attempt, (&recording, mark), self.peers())?
            }
        };
        let candidates = self.candidates(&attempt)?;
        let (mut passing, from) = self.choose(candidates, &signature, sharers)?;
        if let (false, Some(wide), Some(Source::Store(there))) = (went_well(&attempt), &wide, from)
        {
            self.of_the_passing_run(&mut passing, there, wide)?;
        }
        let facts = RunFacts {
            past: past::gather(&self.history, &attempt)?,
            ..self.facts.clone()
        };
        let mut evidence = self.put_together(attempt, test, passing, facts);
        evidence.recording = recording;
        evidence.fixtures = fixtures;
        if let Some(wide) = wide {
            of_the_run(&mut evidence, &wide, &signature);
        }
        bound::bound(&mut evidence, EVIDENCE_LIMIT);
        Ok(evidence)
    }

    /// Adds what other tests had written when the baseline passed, and what of it is not known.
    fn of_the_passing_run(
        &self,
        passing: &mut Passing,
        history: &History<'_>,
        wide: &RunWide,
    ) -> Result<(), StoreError> {
        let Some(baseline) = passing.baseline.as_mut() else {
            return Ok(());
        };
        let attempt = &baseline.attempt;
        let signature = match passing.named.take() {
            Some(signature) => Some(signature),
            None => history.signature(attempt, self.peers())?,
        };
        let Some(signature) = signature else {
            return Ok(());
        };
        // Of the failure's own run all is known already, and its own recording says what of it is not.
        if attempt.run_id == self.run_id {
            baseline.touches = wide.writes.touches(attempt, &signature);
            return Ok(());
        }
        let written = history
            .neighbours
            .of(history, attempt.run_id, self.peers())?;
        baseline.touches = written.writes.touches(attempt, &signature);
        let unknown = (written.writes.left_out, written.left_out);
        let gaps = left_out(attempt, unknown);
        baseline.recording.gaps.extend(gaps);
        Ok(())
    }

    fn put_together(
        &self,
        attempt: Attempt,
        test: Test,
        passing: Passing,
        facts: RunFacts,
    ) -> Evidence {
        Evidence {
            recording: Default::default(),
            fixtures: Vec::new(),
            baseline: passing.baseline,
            variants: passing.variants,
            signatures: passing.signatures,
            peers: self.peers().to_vec(),
            listeners: self.listeners.to_vec(),
            facts,
            test,
            attempt,
        }
    }

    /// Passing attempts of the same test, best first.
    fn candidates<'c>(&'c self, attempt: &'c Attempt) -> Result<Vec<Candidate<'c>>, StoreError> {
        let mut candidates = Candidates::new(attempt, self.run.as_deref());
        candidates.add_store(&self.history, HISTORY_LIMIT)?;
        for other in &self.others {
            candidates.add_store(other, HISTORY_LIMIT)?;
        }
        candidates.add_given(self.given);
        Ok(candidates.sorted())
    }

    fn peers(&self) -> &[PeerDeclaration] {
        self.run.as_ref().map_or(&[], |run| &run.peers)
    }

    /// What is known of the whole run. Who comes while it is being read waits for it.
    fn wide(&self) -> Result<Arc<RunWide>, StoreError> {
        let mut known = self.wide.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wide) = known.as_ref() {
            return Ok(Arc::clone(wide));
        }
        let wide = Arc::new(RunWide::read(&self.history, self.run_id)?);
        *known = Some(Arc::clone(&wide));
        Ok(wide)
    }
}

impl Drop for RunContext<'_> {
    fn drop(&mut self) {
        self.history.keep();
    }
}

/// Adds what is known of the whole run, and what of it is not.
fn of_the_run(evidence: &mut Evidence, wide: &RunWide, signature: &Signature) {
    let attempt = &evidence.attempt;
    evidence.facts.touches = wide.writes.touches(attempt, signature);
    evidence.facts.outages.clone_from(&wide.outages);
    let gaps = left_out(attempt, (wide.writes.left_out, wide.left_out));
    evidence.recording.gaps.extend(gaps);
}

/// Gaps of an attempt in whose run so many writes and attempts were not looked at.
fn left_out(attempt: &Attempt, (writes, attempts): (u64, u64)) -> impl Iterator<Item = Gap> {
    let (run_id, trace_id) = (attempt.run_id, Some(attempt.id.into()));
    let left_out = [
        (writes, "writes of other tests"),
        (attempts, "attempts of the run"),
    ];
    let gap = move |(count, what)| Gap {
        run_id,
        trace_id,
        span_id: None,
        kind: GapKind::AttemptBudget,
        count,
        detail: Some(format!("{what} left out of the evidence")),
    };
    left_out
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(gap)
}

fn went_well(attempt: &Attempt) -> bool {
    matches!(
        attempt.status,
        AttemptStatus::Passed | AttemptStatus::Skipped
    )
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
