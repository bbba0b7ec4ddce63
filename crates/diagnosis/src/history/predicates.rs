//! What differs when a test fails: predicates over single calls, counted in failing and in passing recordings.
//!
//! After Lam et al., Root causing flaky tests in a large-scale industrial setting (ISSTA 2019), and Liblit et al.,
//! Scalable statistical bug isolation (PLDI 2005). With F and S the failing and passing recordings and F(p), S(p) those
//! in which a predicate holds:
//!
//! - Increase(p) = F(p) / (F(p) + S(p)) − F / (F + S): how much likelier a failure is where it holds;
//! - Ochiai(p) = √(F(p) / F × F(p) / (F(p) + S(p))).
//!
//! What holds in passing recordings as often as in failing ones has no Increase and is dropped. The others are ordered by
//! Ochiai of the lower bounds of both shares, because there are few recordings; then by Increase, then by what came first.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use model::{CallSignature, Signature};

use super::Share;

/// Predicates that are given, at most.
const PREDICATES: usize = 50;
/// A call is slow when it takes this many times as long as 95 % of the passing ones …
const SLOW_FACTOR: u32 = 3;
/// … and longer by this.
const SLOW_BY: Duration = Duration::from_secs(1);

/// What makes calls of several recordings the same call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallName {
    /// Whom it goes to, by the name that is the same in every run.
    pub peer: String,
    /// The method of the request.
    pub method: String,
    /// The path with identifiers as `*`.
    pub template: String,
    /// The operation, where one path serves many.
    pub operation: Option<String>,
}

impl CallName {
    pub(super) fn of(call: &CallSignature) -> Self {
        Self {
            peer: call.peer.to_string(),
            method: call.method.to_string(),
            template: call.template.to_string(),
            operation: call.operation.as_ref().map(ToString::to_string),
        }
    }
}

impl fmt::Display for CallName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.peer, self.template)?;
        match &self.operation {
            Some(operation) => write!(f, "#{operation}"),
            None => Ok(()),
        }
    }
}

/// What is said of a call; of several that say the same, the first is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PredicateKind {
    /// It came out so, which is no success.
    Refused(String),
    /// It took far longer than in passing recordings.
    Slow,
    /// It asked for something that no other passing recording asks for.
    OtherRequest,
    /// It got an answer that no other passing recording got.
    OtherAnswer,
    /// It was made several times: tried again, or polled.
    Repeated,
    /// It succeeded so.
    Answered(String),
    /// It was not made.
    Missing,
}

/// Something that holds in some recordings.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    /// The call.
    pub call: CallName,
    /// What is said of it.
    pub kind: PredicateKind,
    /// Failing recordings in which it holds.
    pub failing: Share,
    /// Passing recordings in which it holds.
    pub passing: Share,
    /// How much likelier a failure is where it holds: above 0, at most 1.
    pub increase: f64,
    /// How well it tells failing recordings from passing ones, from 0 to 1.
    pub ochiai: f64,
    /// The same of the lower bounds.
    pub ochiai_low: f64,
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = &self.call;
        match &self.kind {
            PredicateKind::Refused(outcome) | PredicateKind::Answered(outcome) => {
                write!(f, "outcome({call}) = {outcome}")
            }
            PredicateKind::Slow => write!(f, "slow({call})"),
            PredicateKind::OtherRequest => write!(f, "other request({call})"),
            PredicateKind::OtherAnswer => write!(f, "other answer({call})"),
            PredicateKind::Repeated => write!(f, "repeated({call})"),
            PredicateKind::Missing => write!(f, "missing({call})"),
        }
    }
}

/// What differs when a test fails.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contrast {
    /// Failing recordings that were read.
    pub failing: u64,
    /// Passing recordings that were read.
    pub passing: u64,
    /// What holds in failing recordings more than in passing ones, the most telling first; at most 50.
    pub predicates: Vec<Predicate>,
}

/// Holds failing recordings of a test against passing ones. Without either there is nothing to hold.
#[must_use]
pub fn contrast(failing: &[Signature], passing: &[Signature]) -> Contrast {
    let (all_failing, all_passing) = (failing.len() as u64, passing.len() as u64);
    let mut contrast = Contrast {
        failing: all_failing,
        passing: all_passing,
        predicates: Vec::new(),
    };
    if failing.is_empty() || passing.is_empty() {
        return contrast;
    }
    let known = Known::of(failing, passing);
    let mut counts: BTreeMap<(CallName, PredicateKind), Count> = BTreeMap::new();
    for signature in failing {
        for (held, place) in known.hold(signature, Side::Failing) {
            let count = counts.entry(held).or_insert_with(|| Count::at(place));
            count.failing += 1;
            count.place = count.place.min(place);
        }
    }
    for signature in passing {
        for (held, _) in known.hold(signature, Side::Passing) {
            // What holds in no failing recording explains none.
            if let Some(count) = counts.get_mut(&held) {
                count.passing += 1;
            }
        }
    }
    let mut ranked: Vec<(usize, Predicate)> = counts
        .into_iter()
        .map(|((call, kind), count)| {
            let failing = Share::new(count.failing, all_failing);
            let passing = Share::new(count.passing, all_passing);
            (count.place, weighed(call, kind, failing, passing))
        })
        .filter(|(_, predicate)| predicate.increase > 0.0)
        .collect();
    ranked.sort_by(|(left_place, left), (right_place, right)| {
        right
            .ochiai_low
            .total_cmp(&left.ochiai_low)
            .then(right.increase.total_cmp(&left.increase))
            .then(left_place.cmp(right_place))
            .then_with(|| left.kind.cmp(&right.kind))
            .then_with(|| left.call.cmp(&right.call))
    });
    // Of one call, what holds in as many recordings as something that was told is the same seen otherwise.
    let mut told = BTreeSet::new();
    ranked.retain(|(_, predicate)| {
        let counts = (predicate.failing.count, predicate.passing.count);
        told.insert((predicate.call.clone(), counts))
    });
    let ranked = ranked.into_iter().map(|(_, predicate)| predicate);
    contrast.predicates = ranked.take(PREDICATES).collect();
    contrast
}

fn weighed(call: CallName, kind: PredicateKind, failing: Share, passing: Share) -> Predicate {
    let holding = Share::new(failing.count, failing.count + passing.count);
    let base = Share::new(failing.of, failing.of + passing.of);
    let value = |share: Share| share.value().unwrap_or(0.0);
    Predicate {
        call,
        kind,
        failing,
        passing,
        increase: value(holding) - value(base),
        ochiai: (value(failing) * value(holding)).sqrt(),
        ochiai_low: (failing.interval().0 * holding.interval().0).sqrt(),
    }
}

/// In how many recordings something holds, and the earliest place of its call.
struct Count {
    failing: u64,
    passing: u64,
    place: usize,
}

impl Count {
    fn at(place: usize) -> Self {
        Self {
            failing: 0,
            passing: 0,
            place,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Failing,
    Passing,
}

/// What passing recordings are like, and which calls there are.
struct Known {
    calls: BTreeSet<CallName>,
    /// By call, from which duration on it is slow.
    slow: BTreeMap<CallName, Duration>,
    /// By call, in how many passing recordings a request or an answer is seen.
    requests: BTreeMap<CallName, BTreeMap<u64, u64>>,
    replies: BTreeMap<CallName, BTreeMap<u64, u64>>,
}

impl Known {
    fn of(failing: &[Signature], passing: &[Signature]) -> Self {
        let all = failing.iter().chain(passing);
        let mut known = Self {
            calls: all.flat_map(|one| &one.calls).map(CallName::of).collect(),
            slow: BTreeMap::new(),
            requests: BTreeMap::new(),
            replies: BTreeMap::new(),
        };
        let mut durations: BTreeMap<CallName, Vec<Duration>> = BTreeMap::new();
        for signature in passing {
            let mut seen = BTreeSet::new();
            for call in &signature.calls {
                let name = CallName::of(call);
                if let Some(took) = took(call) {
                    durations.entry(name.clone()).or_default().push(took);
                }
                for (is_reply, hash) in [(false, call.request), (true, call.reply)] {
                    if seen.insert((name.clone(), is_reply, hash)) {
                        let of = if is_reply {
                            &mut known.replies
                        } else {
                            &mut known.requests
                        };
                        *of.entry(name.clone()).or_default().entry(hash).or_default() += 1;
                    }
                }
            }
        }
        let slow = |(name, durations)| (name, slow_from(durations));
        known.slow = durations.into_iter().map(slow).collect();
        known
    }

    /// What holds in a recording, each once, with the place of the call. Missing calls have the last place.
    fn hold(
        &self,
        signature: &Signature,
        side: Side,
    ) -> BTreeMap<(CallName, PredicateKind), usize> {
        let mut held = BTreeMap::new();
        let mut made = BTreeSet::new();
        for (place, call) in signature.calls.iter().enumerate() {
            let name = CallName::of(call);
            for kind in self.kinds(call, &name, side) {
                held.entry((name.clone(), kind)).or_insert(place);
            }
            made.insert(name);
        }
        let missing = self.calls.difference(&made).cloned();
        held.extend(missing.map(|name| ((name, PredicateKind::Missing), usize::MAX)));
        held
    }

    fn kinds(&self, call: &CallSignature, name: &CallName, side: Side) -> Vec<PredicateKind> {
        let outcome = call.outcome.to_string();
        let mut kinds = vec![match call.fine {
            true => PredicateKind::Answered(outcome),
            false => PredicateKind::Refused(outcome),
        }];
        let slow = self.slow.get(name);
        if took(call).is_some_and(|took| slow.is_some_and(|slow| took > *slow)) {
            kinds.push(PredicateKind::Slow);
        }
        if call.tries > 1 {
            kinds.push(PredicateKind::Repeated);
        }
        // A call that no passing recording makes is told as such, by its outcome.
        if is_unlike(self.requests.get(name), call.request, side) {
            kinds.push(PredicateKind::OtherRequest);
        }
        if call.fine && is_unlike(self.replies.get(name), call.reply, side) {
            kinds.push(PredicateKind::OtherAnswer);
        }
        kinds
    }
}

/// Whether no passing recording but this one has it.
fn is_unlike(seen: Option<&BTreeMap<u64, u64>>, hash: u64, side: Side) -> bool {
    let own = u64::from(side == Side::Passing);
    seen.is_some_and(|seen| seen.get(&hash).copied().unwrap_or(0) <= own)
}

fn took(call: &CallSignature) -> Option<Duration> {
    Some(call.end?.since(call.start))
}

/// Never empty.
fn slow_from(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    // The nearest rank: of few, the longest.
    let rank = (durations.len() * 95).div_ceil(100).max(1);
    let p95 = durations.get(rank - 1).copied().unwrap_or_default();
    (p95 * SLOW_FACTOR).max(p95 + SLOW_BY)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{call, recording};
    use super::*;

    fn told(failing: &[Signature], passing: &[Signature]) -> Vec<String> {
        let contrast = contrast(failing, passing);
        let told = contrast.predicates.iter().map(|predicate| {
            let Predicate {
                failing, passing, ..
            } = predicate;
            format!(
                "{predicate}: {}/{} {}/{}",
                failing.count, failing.of, passing.count, passing.of
            )
        });
        told.collect()
    }

    #[test]
    fn what_holds_in_failures_only_comes_first() {
        let good = || recording(vec![call("GET /stock", "200"), call("POST /orders", "201")]);
        let bad = || recording(vec![call("GET /stock", "503"), call("POST /orders", "201")]);
        let cut = || recording(vec![call("GET /stock", "503")]);
        assert_eq!(
            told(&[bad(), cut()], &[good(), good(), good()]),
            [
                "outcome(GET api /stock) = 503: 2/2 0/3",
                "missing(POST api /orders): 1/2 0/3",
            ]
        );
    }

    #[test]
    fn what_passing_runs_have_as_often_is_dropped() {
        let absorbed = || recording(vec![call("GET /stock", "404"), call("POST /orders", "201")]);
        assert_eq!(
            told(&[absorbed()], &[absorbed(), absorbed()]),
            [] as [&str; 0]
        );
        assert_eq!(told(&[absorbed()], &[]), [] as [&str; 0]);
        assert_eq!(told(&[], &[absorbed()]), [] as [&str; 0]);
    }

    #[test]
    fn slow_and_other_answers_are_told() {
        let slow = |millis: i64| {
            let mut one = call("GET /stock", "200");
            one.end = Some(one.start.plus(Duration::from_millis(millis.unsigned_abs())));
            recording(vec![one])
        };
        let answer = |reply: u64, request: u64| {
            let one = CallSignature {
                reply,
                request,
                ..call("GET /stock", "200")
            };
            recording(vec![one])
        };
        assert_eq!(
            told(&[slow(5000)], &[slow(100), slow(120)]),
            ["slow(GET api /stock): 1/1 0/2"]
        );
        assert_eq!(
            told(&[slow(1000)], &[slow(100), slow(120)]),
            [] as [&str; 0]
        );
        assert_eq!(
            told(&[answer(9, 1)], &[answer(1, 1), answer(1, 1)]),
            ["other answer(GET api /stock): 1/1 0/2"]
        );
        // Each passing recording has another one: it varies by itself.
        assert_eq!(
            told(&[answer(9, 1)], &[answer(1, 1), answer(2, 1)]),
            [] as [&str; 0]
        );
        // One passing recording cannot say what varies.
        assert_eq!(told(&[answer(9, 1)], &[answer(1, 1)]), [] as [&str; 0]);
        // The request comes before its answer.
        assert_eq!(
            told(&[answer(9, 9)], &[answer(1, 1), answer(1, 1)]),
            ["other request(GET api /stock): 1/1 0/2"]
        );
    }

    #[test]
    fn figures_are_those_of_the_definitions() {
        let found = weighed(
            CallName::of(&call("GET /stock", "503")),
            PredicateKind::Slow,
            Share::new(3, 4),
            Share::new(1, 12),
        );
        assert_eq!(found.increase, 0.75 - 0.25);
        assert_eq!(found.ochiai, 0.75);
        assert!(found.ochiai_low < found.ochiai);
    }
}
