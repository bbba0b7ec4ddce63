//! Stretches of a run in which a peer refused most of what it was asked.
//!
//! A stretch begins and ends with a refusal, has at least [`REFUSALS`] of them, more than [`SHARE`] of its calls are
//! refused, and it is as long as it can be. A peer that answered [`RECOVERED`] calls in a row has recovered: no stretch
//! goes on beyond that. Calls are taken in the order of their start.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use model::{AttemptId, Outage, Signature, Timestamp};

/// The fewest refusals of an outage.
const REFUSALS: usize = 3;

/// Refused calls for each that was answered: more than four is more than 80 %.
const SHARE: i64 = 4;

/// So many answers in a row end an outage.
const RECOVERED: usize = 5;

/// The most calls of a run that are looked at, 32 bytes each; the first ones that are given.
pub(super) const CALL_LIMIT: usize = 2_000_000;

/// The calls of a run, by peer.
#[derive(Default)]
pub(super) struct Calls {
    by_peer: BTreeMap<String, Vec<Call>>,
    count: usize,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    start: Timestamp,
    end: Option<Timestamp>,
    refused: bool,
    attempt: AttemptId,
}

impl Calls {
    /// Adds the calls of an attempt or a fixture. What an interceptor answered says nothing about the peer.
    pub(super) fn add(&mut self, signature: &Signature) {
        for call in &signature.calls {
            if call.mocked || call.in_fixture || self.count >= CALL_LIMIT {
                continue;
            }
            self.count += 1;
            let known = match self.by_peer.get_mut(call.peer.as_str()) {
                Some(known) => known,
                None => self.by_peer.entry(call.peer.to_string()).or_default(),
            };
            known.push(Call {
                start: call.start,
                end: call.end,
                refused: call.refused,
                attempt: signature.attempt_id,
            });
        }
    }

    /// The outages, by peer and start.
    pub(super) fn outages(self) -> Vec<Outage> {
        let mut outages = Vec::new();
        for (peer, mut calls) in self.by_peer {
            calls.sort_by_key(|call| (call.start, call.attempt));
            let refused: Vec<bool> = calls.iter().map(|call| call.refused).collect();
            for (from, to) in stretches(&refused) {
                outages.push(outage(&peer, &calls, from, to));
            }
        }
        outages
    }
}

fn outage(peer: &str, calls: &[Call], from: usize, to: usize) -> Outage {
    let stretch = &calls[from..=to];
    let refused = || stretch.iter().filter(|call| call.refused);
    let attempts: HashSet<AttemptId> = refused().map(|call| call.attempt).collect();
    let ended = refused().map(|call| call.end.unwrap_or(call.start)).max();
    Outage {
        peer: peer.to_owned(),
        from: calls[from].start,
        to: ended.unwrap_or(calls[to].start),
        refused: refused().count() as u64,
        calls: stretch.len() as u64,
        attempts: attempts.len() as u64,
        from_the_start: from == 0,
    }
}

/// First and last call of each stretch.
fn stretches(refused: &[bool]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < refused.len() {
        let to = recovery(refused, from);
        within(refused, from, to, &mut found);
        from = to;
        while refused.get(from) == Some(&false) {
            from += 1;
        }
    }
    found
}

/// Where, from here on, the peer has recovered; else the end.
fn recovery(refused: &[bool], from: usize) -> usize {
    let mut answered = 0;
    for (at, is_refused) in refused.iter().enumerate().skip(from) {
        answered = if *is_refused { 0 } else { answered + 1 };
        if answered == RECOVERED {
            return at + 1;
        }
    }
    refused.len()
}

/// The stretches between two calls, the longest first from the left. A stretch is dense enough when its refusals, less
/// [`SHARE`] for each answer, are more than nothing: so the farthest end of one that begins here is the farthest place at
/// which the sum from the start is above what it is here, found by halving, because the highest sum that is still to come
/// only falls.
fn within(refused: &[bool], from: usize, to: usize, found: &mut Vec<(usize, usize)>) {
    let mut sums = vec![0];
    for is_refused in &refused[from..to] {
        let weight = if *is_refused { 1 } else { -SHARE };
        sums.push(sums[sums.len() - 1] + weight);
    }
    let mut to_come = sums.clone();
    for at in (0..to_come.len().saturating_sub(1)).rev() {
        to_come[at] = to_come[at].max(to_come[at + 1]);
    }
    let mut at = 0;
    while at < to - from {
        let behind = to_come.partition_point(|sum| *sum > sums[at]);
        let longest = from + at..from + behind.saturating_sub(1).max(at);
        match refused[from + at].then(|| trimmed(refused, longest)) {
            Some(Some(end)) => {
                found.push((from + at, end));
                at = end + 1 - from;
            }
            _ => at += 1,
        }
    }
}

/// The last refusal of a stretch, if it has enough of them.
fn trimmed(refused: &[bool], stretch: Range<usize>) -> Option<usize> {
    let from = stretch.start;
    let stretch = &refused[stretch];
    let last = stretch.iter().rposition(|is_refused| *is_refused)?;
    let count = stretch.iter().filter(|is_refused| **is_refused).count();
    (count >= REFUSALS).then_some(from + last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `x` is a refusal, `.` an answer.
    fn check(calls: &str, expected: &[(usize, usize)]) {
        let refused: Vec<bool> = calls.bytes().map(|byte| byte == b'x').collect();
        assert_eq!(stretches(&refused), expected, "{calls}");
    }

    #[test]
    fn an_outage_is_dense_and_as_long_as_it_can_be() {
        check("", &[]);
        check("xx", &[]);
        check("xxx", &[(0, 2)]);
        check("..xxx..", &[(2, 4)]);
        check("x.x.x.x.x", &[]);
        check("xxx.xx", &[(0, 5)]);
        check("xxx.x", &[(0, 2)]);
        check("xxxx.xxxx.xx", &[(0, 11)]);
        check("xxx.....xxx", &[(0, 2), (8, 10)]);
        check("xxx....xxxxxxxxxxxxxxxx", &[(0, 22)]);
        check("x....xxx", &[(5, 7)]);
    }

    fn is_outage(refused: &[bool]) -> bool {
        let count = refused.iter().filter(|refused| **refused).count();
        let recovered = refused.windows(RECOVERED).any(|five| !five.contains(&true));
        refused.first() == Some(&true)
            && refused.last() == Some(&true)
            && count >= REFUSALS
            && count as i64 > SHARE * (refused.len() - count) as i64
            && !recovered
    }

    /// From the left: the first call at which an outage begins, the longest of those, and on behind it.
    fn naive(refused: &[bool]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < refused.len() {
            let ends = (at..refused.len()).rev();
            let mut ends = ends.filter(|end| is_outage(&refused[at..=*end]));
            match ends.next() {
                Some(end) => {
                    found.push((at, end));
                    at = end + 1;
                }
                None => at += 1,
            }
        }
        found
    }

    proptest! {
        #[test]
        fn they_are_those_that_all_places_tried_give(
            refused in prop::collection::vec(prop::bool::weighted(0.8), 0..40)
        ) {
            prop_assert_eq!(stretches(&refused), naive(&refused));
        }
    }
}
