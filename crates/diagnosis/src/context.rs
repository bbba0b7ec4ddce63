//! Everything the rules look at, computed once: the calls, the failure, the comparison with a passing recording.

use std::collections::{HashMap, HashSet};

use model::{Baseline, Evidence, Phase, Recording, Span, SpanId, Timestamp, attribute};

use crate::calls::{self, Call, Directory, Try};
use crate::compare::{Comparison, Difference};
use crate::entities;
use crate::failure::Failure;
use crate::neighbours::Neighbours;
use crate::operations;
use crate::refusals;

/// Deepest nesting of spans that is followed; malformed traces may run in circles.
const NESTING: usize = 64;

/// What the rules look at.
pub(crate) struct Context<'a> {
    pub(crate) evidence: &'a Evidence,
    pub(crate) failure: Failure,
    pub(crate) calls: Vec<Call>,
    pub(crate) comparison: Option<Comparison>,
    /// What other tests wrote.
    pub(crate) neighbours: Neighbours<'a>,
    /// For each span its parent.
    parents: HashMap<SpanId, SpanId>,
    /// For each call whether nobody else made it on behalf of another one.
    own: Vec<bool>,
    /// The calls that all passing recordings have and that are not here, and whether a service makes them by itself.
    missing: Vec<(usize, bool)>,
}

impl<'a> Context<'a> {
    /// Reads the evidence.
    pub(crate) fn new(evidence: &'a Evidence) -> Self {
        let here = Directory::here(evidence);
        let mut calls = calls::read(
            here,
            &evidence.recording,
            &evidence.fixtures,
            evidence.attempt.end,
        );
        let failure = Failure::of(evidence);
        let comparison = evidence.baseline.as_ref().map(|baseline| {
            let there = Directory::there(evidence, baseline);
            let mut there = calls::read(there, &baseline.recording, &baseline.fixtures, None);
            operations::adopt(&mut calls, &there);
            let mut further = further(evidence);
            refusals::take_apart(&calls, &mut there);
            for calls_there in &mut further {
                refusals::take_apart(&calls, calls_there);
            }
            let mut all: Vec<&mut [Call]> = vec![&mut calls, &mut there];
            all.extend(further.iter_mut().map(Vec::as_mut_slice));
            entities::take_out(&mut all);
            Comparison::new(&calls, there, &further, &failure)
        });
        let side = Side::here(evidence);
        let parents = side.parents();
        let missing = match (&evidence.baseline, &comparison) {
            (Some(baseline), Some(comparison)) => {
                Side::there(baseline).by_itself(&comparison.calls, &comparison.missing)
            }
            _ => Vec::new(),
        };
        Self {
            evidence,
            neighbours: Neighbours::of(evidence),
            failure,
            own: side.own(&calls, &parents),
            parents,
            missing,
            calls,
            comparison,
        }
    }

    /// Whether the test made the call itself: not a service for it, whose calls may come at any time.
    pub(crate) fn is_own(&self, call: usize) -> bool {
        self.own[call]
    }

    /// The calls that a service makes by itself in all passing recordings, and that are not here.
    pub(crate) fn missing_by_itself(&self) -> impl Iterator<Item = &Call> {
        self.missing_where(true)
    }

    /// The calls that the test makes in all passing recordings, or somebody on its behalf, and that are not here.
    pub(crate) fn missing_of_the_test(&self) -> impl Iterator<Item = &Call> {
        self.missing_where(false)
    }

    fn missing_where(&self, by_itself: bool) -> impl Iterator<Item = &Call> {
        let calls = self.comparison.iter().map(|one| one.calls.as_slice());
        calls.flat_map(move |calls| {
            let missing = self
                .missing
                .iter()
                .filter(move |(_, is_it)| *is_it == by_itself);
            missing.map(|(at, _)| &calls[*at])
        })
    }

    /// The same call in the passing recording.
    pub(crate) fn counterpart(&self, call: usize) -> Option<&Call> {
        self.comparison.as_ref()?.counterpart(call)
    }

    /// How the call differs from the passing recording; nothing without one.
    pub(crate) fn difference(&self, call: usize) -> Option<Difference> {
        self.comparison
            .as_ref()
            .map(|comparison| comparison.differences[call])
    }

    /// The try that decides about a call.
    pub(crate) fn try_at(&self, call: usize, at: usize) -> &Try {
        &self.calls[call].tries[at]
    }

    /// Whether the call belongs to a part of the attempt that can have caused the failure, and began before it.
    pub(crate) fn counts(&self, call: usize) -> bool {
        let call = &self.calls[call];
        let began_before = call.start() < self.failure.end() || self.failure.at.is_none();
        began_before && self.phase_counts(call)
    }

    fn phase_counts(&self, call: &Call) -> bool {
        let phase = call.signature.phase;
        if self.failure.of_fixture {
            return phase != Phase::After;
        }
        // What a server does that a hook has started, it does while the test is under way.
        let meanwhile = call.fixture.is_some() && call.start() >= self.evidence.attempt.start;
        match (phase, self.failure.phase) {
            (Phase::After, _) => meanwhile,
            (Phase::Teardown, failed_in) => {
                failed_in == Some(Phase::Teardown) && call.fixture.is_none()
            }
            (Phase::Body, Some(Phase::Setup)) => call.fixture.is_some(),
            (Phase::Setup | Phase::Body, _) => true,
        }
    }

    /// The calls that count, in order of their end as the test saw it.
    pub(crate) fn counting(&self) -> Vec<usize> {
        let mut counting: Vec<usize> = (0..self.calls.len())
            .filter(|call| self.counts(*call))
            .collect();
        counting.sort_by_key(|call| {
            (
                self.known_at(*call),
                self.calls[*call].start(),
                self.calls[*call].signature.clone(),
            )
        });
        counting
    }

    /// When the test knew how the call came out; never, for an open one, counts as the failure itself.
    pub(crate) fn known_at(&self, call: usize) -> Timestamp {
        self.calls[call]
            .last()
            .known_at()
            .unwrap_or(self.failure.end())
    }

    /// Whether one call was made on behalf of another: by the service that answers that one.
    pub(crate) fn is_inside(&self, inner: usize, outer: usize) -> bool {
        let outer: Vec<SpanId> = self.calls[outer]
            .tries
            .iter()
            .map(|one| one.exchange.span_id)
            .collect();
        above(&self.calls[inner], &self.parents).any(|id| outer.contains(&id))
    }

    /// Whether one call was over before another began.
    pub(crate) fn precedes(&self, earlier: usize, later: usize) -> bool {
        if earlier == later {
            return false;
        }
        match (self.calls[earlier].fixture, self.calls[later].fixture) {
            (Some(_), None) => true,
            (None, Some(_)) => false,
            _ => self.known_at(earlier) <= self.calls[later].start(),
        }
    }
}

/// The calls of the passing recordings beside the first.
fn further(evidence: &Evidence) -> Vec<Vec<Call>> {
    let read = |passing: &Baseline| {
        let there = Directory::there(evidence, passing);
        calls::read(there, &passing.recording, &passing.fixtures, None)
    };
    evidence.variants.iter().map(read).collect()
}

/// The spans above a call, nearest first.
fn above<'p>(
    call: &Call,
    parents: &'p HashMap<SpanId, SpanId>,
) -> impl Iterator<Item = SpanId> + 'p {
    let first = call.tries[0].exchange.parent_span_id;
    std::iter::successors(first, |id| parents.get(id).copied()).take(NESTING)
}

fn tries(calls: &[Call]) -> impl Iterator<Item = &Try> {
    calls.iter().flat_map(|call| &call.tries)
}

/// Where a recording is and what it belongs to: the failing one, or a passing one.
#[derive(Clone, Copy)]
struct Side<'a> {
    recording: &'a Recording,
    fixtures: &'a [Recording],
    root: SpanId,
}

impl<'a> Side<'a> {
    fn here(evidence: &'a Evidence) -> Self {
        Self {
            recording: &evidence.recording,
            fixtures: &evidence.fixtures,
            root: evidence.attempt.root_span_id,
        }
    }

    fn there(baseline: &'a Baseline) -> Self {
        Self {
            recording: &baseline.recording,
            fixtures: &baseline.fixtures,
            root: baseline.attempt.root_span_id,
        }
    }

    /// For each call whether the test made it: not on behalf of another call, and not in the process of a service, which may
    /// work for the test without being asked by a call.
    fn own(self, calls: &[Call], parents: &HashMap<SpanId, SpanId>) -> Vec<bool> {
        let exchanges: HashSet<SpanId> = tries(calls).map(|one| one.exchange.span_id).collect();
        let is_own = |call: &Call| {
            !above(call, parents).any(|id| exchanges.contains(&id))
                && !self.is_of_another_process(call)
        };
        calls.iter().map(is_own).collect()
    }

    /// For each of some calls whether a service made it by itself: in a process of its own, and while no call of the test was
    /// under way for which it would have been.
    fn by_itself(self, calls: &[Call], some: &[usize]) -> Vec<(usize, bool)> {
        if some.is_empty() {
            return Vec::new();
        }
        let parents = self.parents();
        let ends: HashMap<SpanId, Option<Timestamp>> = tries(calls)
            .map(|one| (one.exchange.span_id, one.exchange.end))
            .collect();
        let is_it = |call: &Call| {
            let mut outer = above(call, &parents).filter_map(|id| ends.get(&id));
            let is_over = |end: &Option<Timestamp>| end.is_some_and(|end| end <= call.start());
            outer.all(is_over) && self.is_of_another_process(call)
        };
        some.iter().map(|at| (*at, is_it(&calls[*at]))).collect()
    }

    /// Whether the span of the call and the root of its recording say that they are of different processes.
    fn is_of_another_process(self, call: &Call) -> bool {
        let recording = match call.fixture {
            Some(at) => self.fixtures.get(at),
            None => Some(self.recording),
        };
        let spans = || recording.into_iter().flat_map(|recording| &recording.spans);
        let exchange = &call.tries[0].exchange;
        let Some(span) = spans().find(|span| span.span_id == exchange.span_id) else {
            return false;
        };
        let root = spans().find(|span| match call.fixture {
            Some(_) => span.parent_span_id.is_none(),
            None => span.span_id == self.root,
        });
        root.is_some_and(|root| {
            let pid = |span: &Span| span.resource.attributes.int(attribute::PROCESS_PID);
            let name = |span: &Span| {
                let name = span.resource.attributes.str(attribute::SERVICE_NAME);
                name.map(str::to_owned)
            };
            match (pid(span), pid(root)) {
                (Some(here), Some(test)) => here != test,
                _ => name(span).is_some() && name(root).is_some() && name(span) != name(root),
            }
        })
    }

    fn parents(self) -> HashMap<SpanId, SpanId> {
        let recordings = self.fixtures.iter().chain([self.recording]);
        let spans = recordings.flat_map(|recording| &recording.spans);
        spans
            .filter_map(|span| Some((span.span_id, span.parent_span_id?)))
            .collect()
    }
}
