//! What other tests wrote in the runs that failures are compared with: whether a neighbour's write was there when it passed.
//!
//! The failures of a run are compared with the same few runs, so each of these is read once, when the first failure is
//! compared with it. Bounded for all of them together, because somebody waits and each failure may have a run of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::{Attempt, PeerDeclaration, RunId, Signature};

use super::history::History;
use super::run_wide::{attempts, each_signature, newest};
use super::signing::Found;
use super::touches::Writes;
use crate::StoreError;

/// The most attempts and fixtures whose signatures are read. Of a run that goes beyond nothing is read.
const READ_LIMIT: usize = 20_000;

/// Calls of attempts that are signed for this, where nobody has needed their signatures before: some seconds. Attempts
/// beyond are left out.
const MADE_LIMIT: usize = 100_000;

/// The most writes that are held, about a kilobyte each. The run that was longest not asked for goes first, and is read
/// again when it is asked for; the one that is asked for stays.
const HELD_LIMIT: usize = 200_000;

/// What other tests wrote in a run.
#[derive(Default)]
pub(super) struct Written {
    pub(super) writes: Writes,
    /// Attempts and fixtures that were not read.
    pub(super) left_out: u64,
}

/// What was read of runs so far.
#[derive(Default)]
pub(super) struct Neighbours(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// The one that was asked for last is the last.
    runs: Vec<(RunId, Arc<Written>)>,
    /// Signatures that were read.
    read: usize,
    /// Calls that were signed.
    made: AtomicUsize,
}

impl Neighbours {
    /// What was written in a run of this history, whose peers have the names that `peers` gives them. Who comes while a run
    /// is being read waits for it.
    pub(super) fn of(
        &self,
        history: &History<'_>,
        run: RunId,
        peers: &[PeerDeclaration],
    ) -> Result<Arc<Written>, StoreError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.runs.iter().position(|(other, _)| *other == run);
        let written = match before {
            Some(at) => known.runs.remove(at).1,
            None => Arc::new(known.read(history, run, peers)?),
        };
        known.runs.push((run, Arc::clone(&written)));
        known.let_go(HELD_LIMIT);
        Ok(written)
    }
}

impl Known {
    fn read(
        &mut self,
        history: &History<'_>,
        run: RunId,
        peers: &[PeerDeclaration],
    ) -> Result<Written, StoreError> {
        let mut attempts = attempts(history, run)?;
        let mut written = Written {
            left_out: newest(&mut attempts),
            ..Written::default()
        };
        if self.read + attempts.len() > READ_LIMIT {
            written.left_out += attempts.len() as u64;
            return Ok(written);
        }
        self.read += attempts.len();
        let unsigned = AtomicUsize::new(0);
        let sign = |attempt: &Attempt| match history.kept_signature(attempt, peers)? {
            Found::Kept(signature) => Ok(Some(signature)),
            Found::Nothing(_) if self.made.load(Ordering::Relaxed) >= MADE_LIMIT => {
                unsigned.fetch_add(1, Ordering::Relaxed);
                Ok(None)
            }
            Found::Nothing(_) => {
                let made = history.signature(attempt, peers)?;
                let calls = |made: &Signature| made.calls.len();
                self.made
                    .fetch_add(made.as_ref().map_or(0, calls), Ordering::Relaxed);
                Ok(made)
            }
        };
        each_signature(&attempts, sign, |attempt, test, signature| {
            written.writes.add(attempt, test, signature);
        })?;
        written.left_out += unsigned.into_inner() as u64;
        written.writes.sort();
        history.keep();
        Ok(written)
    }

    /// Forgets runs until no more than so many writes are held.
    fn let_go(&mut self, limit: usize) {
        let mut held: usize = self.runs.iter().map(|(_, run)| run.writes.len()).sum();
        while held > limit && self.runs.len() > 1 {
            held -= self.runs.remove(0).1.writes.len();
        }
    }
}
