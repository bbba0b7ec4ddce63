//! What the connections of a proxy share: the plan with its counters, what has passed, and the waiting.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::http::Message;
use super::plan::{Fault, Matcher, Plan, PlanError, When, Wire};
use super::proxy::PATIENCE;

/// So many calls are remembered; of later ones only the number.
const PASSED_LIMIT: usize = 10_000;

/// A call that came by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub target: String,
    /// What the header `x-amz-target` says, where one path serves many operations.
    pub operation: Option<String>,
    /// The status that the client got; none while it waits, and for good if it got none.
    pub status: Option<u16>,
    /// The rules that hit it, by their place in the plan.
    pub rules: Vec<usize>,
}

/// The shared state of a proxy.
pub(super) struct State {
    pub(super) upstream: SocketAddr,
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
struct Inner {
    /// Raised with each plan; what waits for an older one stops waiting.
    generation: u64,
    rules: Vec<Ready>,
    wire: Option<Wire>,
    snapshot: Option<Snapshot>,
    passed: Vec<Passed>,
    is_refusing: bool,
    is_closed: bool,
}

/// A rule with its counters.
struct Ready {
    matcher: Matcher,
    when: When,
    fault: Fault,
    until: Option<Matcher>,
    until_answered: bool,
    seen: u32,
    hits: u32,
    recent: VecDeque<Instant>,
}

struct Snapshot {
    answer: Message,
    taken: Instant,
    reads: u32,
}

/// A call on its way: its number, what is to be done to it, and under which plan.
pub(super) struct Visit {
    pub(super) number: usize,
    pub(super) faults: Vec<(usize, Fault)>,
    pub(super) generation: u64,
}

impl State {
    pub(super) fn new(upstream: SocketAddr) -> Self {
        Self {
            upstream,
            inner: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// A new plan: counters, snapshots and what has passed begin anew.
    pub(super) fn follow(&self, plan: Plan) -> Result<(), PlanError> {
        let mut rules = Vec::new();
        for rule in plan.rules {
            let until = match &rule.fault {
                Fault::Hold { until, .. } => Some(Matcher::new(until)?),
                _ => None,
            };
            rules.push(Ready {
                matcher: Matcher::new(&rule.when)?,
                when: rule.when,
                fault: rule.fault,
                until,
                until_answered: false,
                seen: 0,
                hits: 0,
                recent: VecDeque::new(),
            });
        }
        let mut inner = self.lock();
        *inner = Inner {
            generation: inner.generation + 1,
            rules,
            wire: plan.wire,
            ..Inner::default()
        };
        self.changed.notify_all();
        Ok(())
    }

    /// Notes a call and says what is to be done to it.
    pub(super) fn enter(&self, request: &Message) -> Visit {
        let mut inner = self.lock();
        let hits = inner.rules.iter_mut().enumerate();
        let faults: Vec<_> = hits
            .filter_map(|(place, rule)| Some((place, rule.hit(request)?)))
            .collect();
        if inner.passed.len() < PASSED_LIMIT {
            inner.passed.push(Passed {
                method: request.method().to_owned(),
                target: request.target().to_owned(),
                operation: request.header("x-amz-target").map(str::to_owned),
                status: None,
                rules: faults.iter().map(|(place, _)| *place).collect(),
            });
        }
        Visit {
            number: inner.passed.len().saturating_sub(1),
            faults,
            generation: inner.generation,
        }
    }

    /// Notes what a call came to, and wakes those who waited for it.
    pub(super) fn answered(&self, visit: &Visit, request: &Message, status: u16) {
        let mut inner = self.lock();
        if inner.generation != visit.generation {
            return;
        }
        if let Some(passed) = inner.passed.get_mut(visit.number) {
            passed.status = Some(status);
        }
        for rule in &mut inner.rules {
            let is_other = rule
                .until
                .as_ref()
                .is_some_and(|until| until.matches(request));
            // What came before somebody waited for it does not end the waiting.
            rule.until_answered |= rule.hits > 0 && is_other;
        }
        self.changed.notify_all();
    }

    pub(super) fn passed(&self) -> Vec<Passed> {
        self.lock().passed.clone()
    }

    pub(super) fn wire(&self) -> Option<Wire> {
        self.lock().wire
    }

    /// Waits so long, or until there is another plan.
    pub(super) fn pause(&self, generation: u64, time: Duration) {
        self.wait(time, |inner| inner.generation != generation);
    }

    /// Waits until what a rule waits for was answered, or so long, or until there is another plan.
    pub(super) fn wait_for_other(&self, generation: u64, place: usize, time: Duration) {
        self.wait(time, |inner| {
            let is_there = inner
                .rules
                .get(place)
                .is_none_or(|rule| rule.until_answered);
            is_there || inner.generation != generation
        });
    }

    pub(super) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Keeps what a later read is answered with.
    pub(super) fn keep_snapshot(&self, answer: Message) {
        self.lock().snapshot = Some(Snapshot {
            answer,
            taken: Instant::now(),
            reads: 0,
        });
    }

    /// What a read is answered with, while the snapshot is not used up.
    pub(super) fn snapshot(&self, reads: Option<u32>, time: Option<Duration>) -> Option<Message> {
        let mut inner = self.lock();
        let snapshot = inner.snapshot.as_mut()?;
        let is_used_up = reads.is_some_and(|most| snapshot.reads >= most)
            || time.is_some_and(|time| snapshot.taken.elapsed() > time);
        if is_used_up {
            return None;
        }
        snapshot.reads += 1;
        Some(snapshot.answer.clone())
    }

    /// Whether one more call is within the limit of a rule.
    pub(super) fn is_within_limit(&self, place: usize, calls: u32, window: Duration) -> bool {
        let mut inner = self.lock();
        let Some(rule) = inner.rules.get_mut(place) else {
            return true;
        };
        while rule.recent.front().is_some_and(|at| at.elapsed() > window) {
            rule.recent.pop_front();
        }
        let fits = rule.recent.len() < calls as usize;
        if fits {
            rule.recent.push_back(Instant::now());
        }
        fits
    }

    /// From now on nobody is to be let in.
    pub(super) fn refuse(&self) {
        self.lock().is_refusing = true;
    }

    /// The listener is closed.
    pub(super) fn closed(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    pub(super) fn wait_until_closed(&self) {
        self.wait(PATIENCE, |inner| inner.is_closed);
    }

    pub(super) fn is_refusing(&self) -> bool {
        self.lock().is_refusing
    }

    fn wait(&self, time: Duration, mut is_over: impl FnMut(&Inner) -> bool) {
        let guard = self.lock();
        let waited = self
            .changed
            .wait_timeout_while(guard, time, |inner| !is_over(inner));
        drop(waited);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A thread that died cannot have left a counter half written.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ready {
    /// The fault, if this call is one that it hits.
    fn hit(&mut self, request: &Message) -> Option<Fault> {
        if !self.matcher.matches(request) {
            return None;
        }
        self.seen += 1;
        let is_meant = match (self.when.nth, self.when.from) {
            (Some(nth), _) => self.seen == nth,
            (None, Some(from)) => self.seen >= from,
            (None, None) => true,
        };
        if !is_meant || self.when.times.is_some_and(|most| self.hits >= most) {
            return None;
        }
        self.hits += 1;
        Some(self.fault.clone())
    }
}
