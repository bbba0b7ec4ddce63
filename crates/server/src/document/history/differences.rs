//! What differs between recordings of failures and of successes, from their signatures.

use std::collections::HashMap;

use anyhow::Result;
use diagnosis::history::{self, CallName, Predicate, PredicateKind};
use model::{Attempt, AttemptStatus, Listener, Recording, Run, RunId, Signature, Test};
use store::Store;

use super::test_types::{CallId, Differences, Distinction, Poll, Spread};
use super::{is_failure, permille};
use crate::time::millis;

/// Recordings of failures that are read, the newest ones.
const FAILING: usize = 25;
/// Recordings of successes that are read, the newest ones.
const PASSING: usize = 50;

/// What differs, and the polls. `attempts` are newest first.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn read(
    store: &dyn Store,
    attempts: &[(Attempt, Test)],
    runs: &HashMap<RunId, Run>,
) -> Result<(Differences, Vec<Poll>)> {
    let mut reader = Reader {
        store,
        runs,
        listeners: HashMap::new(),
    };
    let all = || attempts.iter().map(|(attempt, _)| attempt);
    let failed = all().filter(|attempt| is_failure(attempt.status));
    let passed = all().filter(|attempt| attempt.status == AttemptStatus::Passed);
    let failing = reader.signatures(failed, FAILING)?;
    let passing = match failing.is_empty() {
        // Only its polls can be told.
        true => reader.signatures(passed, FAILING)?,
        false => reader.signatures(passed, PASSING)?,
    };
    let contrast = history::contrast(&failing, &passing);
    let differences = Differences {
        failing: contrast.failing,
        passing: contrast.passing,
        found: contrast.predicates.iter().map(distinction).collect(),
    };
    let polls = history::patience(&failing, &passing);
    Ok((differences, polls.iter().filter_map(poll).collect()))
}

struct Reader<'a> {
    store: &'a dyn Store,
    runs: &'a HashMap<RunId, Run>,
    listeners: HashMap<RunId, Vec<Listener>>,
}

impl Reader<'_> {
    /// Of the first attempts of which anything was recorded, at most so many.
    fn signatures<'a>(
        &mut self,
        attempts: impl Iterator<Item = &'a Attempt>,
        at_most: usize,
    ) -> Result<Vec<Signature>> {
        let mut signatures = Vec::new();
        for attempt in attempts {
            if signatures.len() == at_most {
                break;
            }
            let recording = store::recording(self.store, attempt.id.into())?;
            if !recording.spans.is_empty() {
                signatures.push(self.signature(attempt, &recording)?);
            }
        }
        Ok(signatures)
    }

    fn signature(&mut self, attempt: &Attempt, recording: &Recording) -> Result<Signature> {
        let fixtures = attempt.fixtures.iter();
        let fixtures = fixtures
            .map(|trace| store::recording(self.store, *trace))
            .collect::<Result<Vec<Recording>, _>>()?;
        let run = attempt.run_id;
        if !self.listeners.contains_key(&run) {
            self.listeners.insert(run, self.store.listeners(run)?);
        }
        let listeners = self.listeners.get(&run).map_or(&[][..], Vec::as_slice);
        let peers = self.runs.get(&run).map_or(&[][..], |run| &run.peers);
        Ok(diagnosis::signature(
            attempt, recording, &fixtures, peers, listeners,
        ))
    }
}

fn distinction(predicate: &Predicate) -> Distinction {
    let (kind, outcome) = match &predicate.kind {
        PredicateKind::Refused(outcome) => ("refused", Some(outcome.clone())),
        PredicateKind::Slow => ("slow", None),
        PredicateKind::OtherRequest => ("other-request", None),
        PredicateKind::OtherAnswer => ("other-answer", None),
        PredicateKind::Repeated => ("repeated", None),
        PredicateKind::Answered(outcome) => ("answered", Some(outcome.clone())),
        PredicateKind::Missing => ("missing", None),
    };
    Distinction {
        text: predicate.to_string(),
        kind: kind.to_owned(),
        outcome,
        call: call(&predicate.call),
        failing: predicate.failing.into(),
        passing: predicate.passing.into(),
        increase_permille: permille(predicate.increase),
        ochiai_permille: permille(predicate.ochiai),
        ochiai_low_permille: permille(predicate.ochiai_low),
    }
}

pub(super) fn call(name: &CallName) -> CallId {
    CallId {
        peer: name.peer.clone(),
        method: name.method.clone(),
        template: name.template.clone(),
        operation: name.operation.clone(),
    }
}

fn poll(patience: &history::Patience) -> Option<Poll> {
    let spread = |times: &[std::time::Duration]| {
        Some(Spread {
            recordings: times.len() as u64,
            shortest_ms: millis(*times.first()?),
            longest_ms: millis(*times.last()?),
        })
    };
    Some(Poll {
        call: call(&patience.call),
        needed: spread(&patience.needed)?,
        waited: spread(&patience.waited),
        tight: patience.is_tight(),
    })
}
