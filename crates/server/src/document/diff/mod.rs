//! What differs between two recordings of a test, in the order in which it happened.

mod calls;
mod types;

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use diagnosis::{ChangeKind, Pair, Side, side_by_side};
use model::{Attempt, AttemptId, BaselineBasis, Evidence, Listener, Recording, Test};
use store::Store;

pub use types::{Diff, DiffCall, DiffKind, DiffSide, DiffValue, Difference, Hidden};

use super::baseline;
use super::build::short_id;
use super::types::{SCHEMA, Status};
use crate::signer::SIGNER;
use crate::time::{instant, millis};
use calls::Found;

/// What to hold an attempt against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The best passing recording of the same test.
    Baseline,
    /// This attempt.
    Attempt(AttemptId),
}

/// The other side of a comparison.
struct Other {
    attempt: Attempt,
    test: Test,
    recording: Recording,
    fixtures: Vec<Recording>,
    listeners: Vec<Listener>,
    basis: Option<BaselineBasis>,
}

/// What differs between the recording of an attempt and another. Nothing when there is no passing recording to hold it
/// against. With `all`, also what differs in any two recordings: identifiers, times, ports.
///
/// # Errors
/// When the store cannot be read, or does not know an attempt.
pub fn diff(store: &dyn Store, id: AttemptId, against: Against, all: bool) -> Result<Option<Diff>> {
    let mut here = evidence(store, id)?;
    let other = match against {
        Against::Baseline => here.baseline.take().map(|baseline| Other {
            attempt: baseline.attempt,
            test: here.test.clone(),
            recording: baseline.recording,
            fixtures: baseline.fixtures,
            listeners: baseline.listeners,
            basis: Some(baseline.basis),
        }),
        Against::Attempt(id) => Some(given(evidence(store, id)?)),
    };
    match other {
        Some(there) => compared(store, &here, &there, all).map(Some),
        None => Ok(None),
    }
}

fn evidence(store: &dyn Store, id: AttemptId) -> Result<Evidence> {
    store::evidence(store, id, SIGNER)?
        .with_context(|| format!("read attempt {id}: the store does not know it"))
}

fn given(evidence: Evidence) -> Other {
    Other {
        attempt: evidence.attempt,
        test: evidence.test,
        recording: evidence.recording,
        fixtures: evidence.fixtures,
        listeners: evidence.listeners,
        basis: None,
    }
}

fn compared(store: &dyn Store, here: &Evidence, there: &Other, all: bool) -> Result<Diff> {
    let left = Side {
        recording: &here.recording,
        fixtures: &here.fixtures,
        listeners: &here.listeners,
    };
    let right = Side {
        recording: &there.recording,
        fixtures: &there.fixtures,
        listeners: &there.listeners,
    };
    let pairs = side_by_side(&here.peers, left, right);
    let hidden = hidden(&pairs, all);
    let left = Found::new(left, here.attempt.start);
    let right = Found::new(right, there.attempt.start);
    let mut entries: Vec<Difference> = Vec::new();
    let mut same_calls = 0;
    for pair in &pairs {
        match calls::difference(pair, &left, &right, all) {
            Some(entry) => entries.push(entry),
            None => same_calls += 1,
        }
    }
    mark_first(&mut entries);
    Ok(Diff {
        schema: SCHEMA,
        here: side(store, &here.attempt, &here.test)?,
        there: side(store, &there.attempt, &there.test)?,
        basis: there.basis.map_or("given", baseline::basis).to_owned(),
        same_test: here.attempt.test_id == there.attempt.test_id,
        differences: entries,
        same_calls,
        hidden,
    })
}

/// The first call that a diagnosis would look at; else the first whose answer took much longer; else the first at all.
fn mark_first(entries: &mut [Difference]) {
    let first = entries
        .iter()
        .position(|entry| entry.counts)
        .or_else(|| entries.iter().position(|entry| entry.slower))
        .or_else(|| entries.iter().position(calls::says_something));
    if let Some(entry) = first.and_then(|at| entries.get_mut(at)) {
        entry.first_divergence = true;
    }
}

/// How many values differ as they do in any two recordings, each counted once; none when they are shown.
fn hidden(pairs: &[Pair], all: bool) -> Hidden {
    let count = |kind: ChangeKind| {
        let values = pairs.iter().flat_map(|pair| &pair.values);
        let distinct: BTreeSet<_> = values
            .filter(|change| !all && change.kind == kind)
            .map(|change| (&change.here, &change.there))
            .collect();
        u64::try_from(distinct.len()).unwrap_or(u64::MAX)
    };
    Hidden {
        identifiers: count(ChangeKind::Identifier),
        times: count(ChangeKind::Time),
        ports: count(ChangeKind::Port),
    }
}

fn side(store: &dyn Store, attempt: &Attempt, test: &Test) -> Result<DiffSide> {
    Ok(DiffSide {
        attempt: attempt.id.to_string(),
        short_id: short_id(store, store::PrefixMatch::Attempt(attempt.id))?,
        run: attempt.run_id.to_string(),
        suite: test.suite.clone(),
        name: test.name.clone(),
        file: test.file.clone(),
        number: attempt.number,
        status: Status::from(attempt.status),
        started: instant(attempt.start),
        duration_ms: attempt.end.map(|end| millis(end.since(attempt.start))),
        error: attempt
            .failure
            .as_ref()
            .map(|failure| failure.message.clone()),
    })
}
