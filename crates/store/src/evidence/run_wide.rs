//! What is known of a whole run when one of its failures is looked at: who wrote what, and who was out of order. Read once
//! for all failures of the run.

use std::cmp::Reverse;

use model::{Attempt, AttemptStatus, Outage, RunId, Signature, Test};

use super::history::History;
use super::outages::Calls;
use super::parallel;
use super::touches::Writes;
use crate::{AttemptQuery, StoreError};

/// The most attempts and fixtures of a run whose signatures are read: the newest ones.
pub const RUN_LIMIT: usize = 5_000;

/// What is known of a whole run.
#[derive(Default)]
pub(super) struct RunWide {
    pub(super) writes: Writes,
    pub(super) outages: Vec<Outage>,
    /// How many attempts failed or never ended.
    pub(super) failures: usize,
    /// Attempts that were not read.
    pub(super) left_out: u64,
}

impl RunWide {
    /// Reads the signatures of a run, and makes those that are not kept.
    pub(super) fn read(history: &History<'_>, run: RunId) -> Result<Self, StoreError> {
        let mut attempts = attempts(history, run)?;
        let failed = |attempt: &Attempt| attempt.status != AttemptStatus::Passed;
        let failures = attempts.iter().filter(|(attempt, _)| failed(attempt));
        let mut wide = Self {
            failures: failures.count(),
            left_out: newest(&mut attempts),
            ..Self::default()
        };
        let known = history.run(run)?;
        let peers = known.as_ref().map_or(&[][..], |run| &run.peers);
        let sign = |attempt: &Attempt| history.signature(attempt, peers);
        let mut calls = Calls::default();
        each_signature(&attempts, sign, |attempt, test, signature| {
            calls.add(&signature);
            wide.writes.add(attempt, test, signature);
        })?;
        wide.writes.sort();
        wide.outages = calls.outages();
        history.keep();
        Ok(wide)
    }
}

/// The attempts and fixtures of a run that did something.
pub(super) fn attempts(
    history: &History<'_>,
    run: RunId,
) -> Result<Vec<(Attempt, Test)>, StoreError> {
    let query = AttemptQuery {
        run: Some(run),
        ..AttemptQuery::default()
    };
    let mut attempts = history.store.attempts(&query)?;
    attempts.retain(|(attempt, _)| attempt.status != AttemptStatus::Skipped);
    Ok(attempts)
}

/// Keeps the newest, newest first, and says how many others there were.
pub(super) fn newest(attempts: &mut Vec<(Attempt, Test)>) -> u64 {
    let left_out = attempts.len().saturating_sub(RUN_LIMIT) as u64;
    attempts.sort_by_key(|(attempt, _)| (Reverse(attempt.start), attempt.id));
    attempts.truncate(RUN_LIMIT);
    left_out
}

/// Gives `take` the signature of each attempt, without its fixtures, which are attempts of the run themselves.
pub(super) fn each_signature(
    attempts: &[(Attempt, Test)],
    sign: impl Fn(&Attempt) -> Result<Option<Signature>, StoreError> + Sync,
    mut take: impl FnMut(&Attempt, &Test, Signature),
) -> Result<(), StoreError> {
    // In parts, so that not all signatures are in memory at once.
    for part in attempts.chunks(256) {
        let signed = parallel::map(part, |(attempt, _)| {
            sign(&Attempt {
                fixtures: Vec::new(),
                ..attempt.clone()
            })
        });
        for ((attempt, test), signature) in part.iter().zip(signed) {
            if let Some(signature) = signature? {
                take(attempt, test, signature);
            }
        }
    }
    Ok(())
}
