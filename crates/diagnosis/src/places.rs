//! Where in a recording an exchange was made: in which *lane*, and on whose behalf.
//!
//! A lane is a piece of work that goes step by step as far as can be told: a test, a hook, a step, or the request that a
//! service works on. Spans that merely lie around a call, as a client library makes for each of its own, are none.

use std::collections::{HashMap, HashSet};

use model::{Exchange, Recording, Span, SpanId, SpanKind};

/// Deepest nesting of spans that is followed; malformed traces may run in circles.
const NESTING: usize = 64;

/// Where an exchange was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The span whose work it is part of. Where that never arrived: the farthest known above it.
    pub(crate) lane: Option<SpanId>,
    /// The exchange on behalf of which it was made: that which the service answers.
    pub(crate) outer: Option<SpanId>,
}

/// The places of the exchanges of a recording.
#[derive(Debug, Default)]
pub(crate) struct Places(HashMap<SpanId, Place>);

impl Places {
    /// Of these exchanges of a recording.
    pub(crate) fn new(recording: &Recording, exchanges: &[Exchange]) -> Self {
        let spans: HashMap<SpanId, &Span> = recording
            .spans
            .iter()
            .map(|span| (span.span_id, span))
            .collect();
        let calls: HashSet<SpanId> = exchanges.iter().map(|one| one.span_id).collect();
        let places = exchanges
            .iter()
            .map(|one| (one.span_id, place(&spans, &calls, one)));
        Self(places.collect())
    }

    /// The place of an exchange.
    pub(crate) fn of(&self, exchange: &Exchange) -> Place {
        self.0.get(&exchange.span_id).copied().unwrap_or_default()
    }

    /// How many exchanges an exchange lies within.
    pub(crate) fn depth(&self, exchange: &Exchange) -> usize {
        let outer = |id: &SpanId| self.0.get(id).and_then(|place| place.outer);
        std::iter::successors(Some(exchange.span_id), outer)
            .take(NESTING)
            .count()
    }
}

fn place(spans: &HashMap<SpanId, &Span>, calls: &HashSet<SpanId>, exchange: &Exchange) -> Place {
    let above = |id: &SpanId| spans.get(id)?.parent_span_id;
    let mut farthest = None;
    let mut lane = None;
    for id in std::iter::successors(exchange.parent_span_id, above).take(NESTING) {
        farthest = Some(id);
        if calls.contains(&id) {
            return Place {
                lane: lane.or(farthest),
                outer: Some(id),
            };
        }
        let is_work = |span: &&Span| {
            matches!(span.kind, SpanKind::Server | SpanKind::Consumer)
                || span.flakescope_type().is_some()
        };
        lane = lane.or_else(|| spans.get(&id).filter(|span| is_work(span)).map(|_| id));
    }
    Place {
        lane: lane.or(farthest),
        outer: None,
    }
}
