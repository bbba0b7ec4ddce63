//! How long a test had to look until it saw, and how long it looks: passing recordings say what is needed, failing ones
//! what the test's patience is.
//!
//! Counted from the first look to the end of the last one, in the calls that are made again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{CallSignature, Signature};

use super::CallName;

/// A call made so often with the same request is a poll; fewer tries may be retries.
const LOOKS: u32 = 3;
/// The patience is tight when the longest need is more than this share of it, in percent.
const TIGHT_PERCENT: u128 = 80;

/// How long a poll took, in passing and in failing recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// The call.
    pub call: CallName,
    /// How long passing recordings looked until they had seen, shortest first. Never empty.
    pub needed: Vec<Duration>,
    /// How long failing recordings looked, shortest first. May be empty.
    pub waited: Vec<Duration>,
}

impl Patience {
    /// Whether a passing recording needed nearly as long as failing ones waited: a longer wait would have helped some.
    #[must_use]
    pub fn is_tight(&self) -> bool {
        match (self.needed.last(), self.waited.first()) {
            (Some(needed), Some(waited)) => {
                needed.as_nanos() * 100 >= waited.as_nanos() * TIGHT_PERCENT
            }
            _ => false,
        }
    }
}

/// The polls of a test, by call: those that a failing recording makes, or else the passing ones.
#[must_use]
pub fn patience(failing: &[Signature], passing: &[Signature]) -> Vec<Patience> {
    let polled = |all: &[Signature]| -> BTreeSet<CallName> {
        let calls = all.iter().flat_map(|one| &one.calls);
        let polls = calls.filter(|call| is_poll(call));
        polls.map(CallName::of).collect()
    };
    let (here, there) = (polled(failing), polled(passing));
    let needed = longest(passing, |call| call.fine);
    let waited = longest(failing, is_poll);
    let all = here.union(&there);
    all.filter_map(|name| {
        Some(Patience {
            call: name.clone(),
            needed: needed.get(name)?.clone(),
            waited: waited.get(name).cloned().unwrap_or_default(),
        })
    })
    .collect()
}

fn is_poll(call: &CallSignature) -> bool {
    call.tries >= LOOKS && !call.writes
}

/// For each call the longest that each recording took for it, sorted.
fn longest(
    all: &[Signature],
    counts: impl Fn(&CallSignature) -> bool,
) -> BTreeMap<CallName, Vec<Duration>> {
    let mut longest: BTreeMap<CallName, Vec<Duration>> = BTreeMap::new();
    for signature in all {
        let mut here: BTreeMap<CallName, Duration> = BTreeMap::new();
        for call in signature.calls.iter().filter(|call| counts(call)) {
            if let Some(end) = call.end {
                let took = here.entry(CallName::of(call)).or_default();
                *took = (*took).max(end.since(call.start));
            }
        }
        for (name, took) in here {
            longest.entry(name).or_default().push(took);
        }
    }
    longest.values_mut().for_each(|all| all.sort_unstable());
    longest
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::super::samples::{call, recording};
    use super::*;

    fn poll(tries: u32, seconds: i64, outcome: &str) -> Signature {
        recording(vec![CallSignature {
            tries,
            end: Some(Timestamp(seconds * 1_000_000_000)),
            ..call("GET /orders/*", outcome)
        }])
    }

    #[test]
    fn what_is_needed_is_held_against_what_is_waited() {
        let check = |failing: &[Signature],
                     passing: &[Signature],
                     expected: Option<(&[u64], &[u64], bool)>| {
            let found = patience(failing, passing);
            let seconds = |all: &[Duration]| all.iter().map(Duration::as_secs).collect::<Vec<_>>();
            let found = found
                .first()
                .map(|one| (seconds(&one.needed), seconds(&one.waited), one.is_tight()));
            let expected =
                expected.map(|(needed, waited, tight)| (needed.to_vec(), waited.to_vec(), tight));
            assert_eq!(found, expected);
        };
        let passing = [poll(9, 9, "200"), poll(1, 1, "200"), poll(4, 3, "200")];
        check(
            &[poll(10, 10, "404")],
            &passing,
            Some((&[1, 3, 9], &[10], true)),
        );
        check(
            &[poll(10, 60, "404")],
            &passing,
            Some((&[1, 3, 9], &[60], false)),
        );
        check(&[], &passing, Some((&[1, 3, 9], &[], false)));
        // Two tries are a retry, and nobody knows what is needed where no recording passed.
        check(&[poll(2, 10, "404")], &[poll(1, 1, "200")], None);
        check(&[poll(10, 10, "404")], &[], None);
    }
}
