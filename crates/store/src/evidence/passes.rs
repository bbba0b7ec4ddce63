//! Passing attempts beside the other passes of their tests: which of them may be odd, by signatures alone, and the evidence of
//! those that may.
//!
//! Nearly all passes are like the one before, so nearly always one query and three small blocks decide. Recordings are read
//! only of what is left over.

use std::sync::atomic::{AtomicUsize, Ordering};

use model::{Attempt, AttemptId, Evidence, Signature};

use super::baseline::{Candidate, Candidates};
use super::signing::Found;
use super::{RunContext, find_attempt, parallel};
use crate::StoreError;
use crate::signature_block::Ids;

/// So many other passes of a test, the newest ones, are looked at before its recordings are read.
const LOOKED_AT: usize = 10;

/// Fewer other passes say nothing.
const FEWEST: usize = 2;

/// The most signatures that are made for the passes of one run where none are kept, shared between them; each attempt has at
/// least those that it cannot do without.
const MADE_LIMIT: usize = 1_000;

/// Calls of passing attempts that are signed for this when a run is over, where nobody has needed their signatures before: some
/// seconds. Attempts beyond are not looked at.
const CALL_LIMIT: usize = 100_000;

impl RunContext<'_> {
    /// For each of these passing attempts whether it may not be like the other passes of its test: what `may_differ` says of
    /// its signature and theirs. It is asked again with more of them until it says no. None: so much is recorded that this one
    /// was not looked at.
    ///
    /// # Errors
    /// For each attempt, when the store cannot be read.
    pub fn may_differ(
        &self,
        attempts: &[Attempt],
        may_differ: impl Fn(&Signature, &[Signature]) -> bool + Sync,
    ) -> Vec<Result<Option<bool>, StoreError>> {
        let made = (MADE_LIMIT / attempts.len().max(1)).clamp(FEWEST, LOOKED_AT);
        let signed = AtomicUsize::new(0);
        let found = parallel::map(attempts, |attempt| {
            self.differs(attempt, (made, &signed), &may_differ)
        });
        self.history.keep();
        found
    }

    /// What `work` makes of the evidence of each of these passing attempts, with what other tests of the run did; in the order
    /// of the attempts.
    ///
    /// # Errors
    /// For each attempt, when the store cannot be read. None for those that are not known.
    pub fn each_pass<T: Send>(
        &self,
        attempts: &[AttemptId],
        work: impl Fn(Evidence) -> T + Sync,
    ) -> Vec<Result<Option<T>, StoreError>> {
        let done = parallel::map(attempts, |id| {
            let Some((attempt, test)) = find_attempt(self.history.store, *id)? else {
                return Ok(None);
            };
            let wide = self.wide()?;
            let evidence = self.assemble(attempt, test, (Some(wide), attempts.len()))?;
            Ok(Some(work(evidence)))
        });
        self.history.keep();
        done
    }

    fn differs(
        &self,
        attempt: &Attempt,
        (mut made, signed): (usize, &AtomicUsize),
        may_differ: &impl Fn(&Signature, &[Signature]) -> bool,
    ) -> Result<Option<bool>, StoreError> {
        let others = self.other_passes(attempt)?;
        if others.len() < FEWEST {
            return Ok(Some(false));
        }
        let alone = alone(attempt);
        let history = &self.history;
        let own = match history.kept_signature(&alone, self.peers(), Ids::LeftOut)? {
            Found::Kept(own) => own,
            Found::Nothing(_) if signed.load(Ordering::Relaxed) >= CALL_LIMIT => return Ok(None),
            Found::Nothing(mark) => {
                let recording = history.recording(attempt.run_id, attempt.id.into())?;
                if recording.spans.is_empty() {
                    return Ok(Some(false));
                }
                let own = history.make_signature(&alone, (&recording, mark), self.peers())?;
                signed.fetch_add(own.calls.len(), Ordering::Relaxed);
                own
            }
        };
        let mut signatures = Vec::new();
        for other in others {
            let Some((signature, _)) = self.sign(&other, &mut made)? else {
                continue;
            };
            signatures.push(signature);
            if signatures.len() >= FEWEST && !may_differ(&own, &signatures) {
                return Ok(Some(false));
            }
        }
        Ok(Some(signatures.len() >= FEWEST))
    }

    /// The newest other passes of the same test, each without its fixtures, which are attempts themselves.
    fn other_passes<'c>(&'c self, attempt: &'c Attempt) -> Result<Vec<Candidate<'c>>, StoreError> {
        let mut candidates = Candidates::new(attempt, self.run.as_deref());
        for history in [&self.history].into_iter().chain(&self.others) {
            // One more, because the attempt itself may be among them.
            candidates.add_store(history, LOOKED_AT + 1)?;
        }
        candidates.add_given(self.given);
        let mut others = candidates.sorted();
        others.truncate(LOOKED_AT);
        for other in &mut others {
            other.attempt.fixtures.clear();
        }
        Ok(others)
    }
}

fn alone(attempt: &Attempt) -> Attempt {
    Attempt {
        fixtures: Vec::new(),
        ..attempt.clone()
    }
}
