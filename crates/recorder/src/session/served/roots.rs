//! What is a test in traces of an SDK that knows of none: a root span of kind INTERNAL, as the founding article wraps its
//! tests; and what stands in for a root that never came. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    Event, Resource, Span, SpanId, SpanKind, SpanStatus, StatusCode, Timestamp, TraceId, attribute,
};

/// What stands in place of a root's name.
const NAMELESS: &str = "a test without a root span";
/// What stands in place of the reason that a test gives.
const NEVER_ENDED: &str = "its root span never arrived: was span.end() called?";

/// Marks a span as a test, if it is one. What an SDK or agent of ours has said of it stays.
pub(super) fn mark(span: &mut Span) {
    let is_root = span.parent_span_id.is_none()
        && matches!(span.kind, SpanKind::Internal | SpanKind::Unspecified);
    if !is_root || span.flakescope_type().is_some() {
        return;
    }
    let failed = span.status.code == StatusCode::Error || span.exception().is_some();
    let result = if failed { "fail" } else { "pass" };
    let name = span.name.clone();
    let facts = &mut span.attributes;
    facts.set(attribute::SPAN_TYPE, "attempt");
    facts.set(attribute::TEST_NAME, name.clone());
    facts.set(attribute::TEST_CASE_NAME, name);
    if span.end.is_some() {
        facts.set(attribute::TEST_RESULT, result);
    }
}

/// A trace whose root has not come, as far as it is known.
#[derive(Debug, Clone)]
pub(super) struct Orphans {
    /// The parent of the first of its spans.
    parent: SpanId,
    /// When the first of its spans began.
    pub(super) start: Timestamp,
    resource: Arc<Resource>,
    /// When the last of its spans came.
    pub(super) last: Timestamp,
}

/// Notes a span whose parent may have been the root of a test in its process: not one that another process has asked for.
pub(super) fn note(
    orphans: &mut BTreeMap<TraceId, Orphans>,
    span: &Span,
    now: Timestamp,
    most: usize,
) {
    let Some(parent) = span.parent_span_id else {
        orphans.remove(&span.trace_id);
        return;
    };
    if matches!(span.kind, SpanKind::Server | SpanKind::Consumer) {
        return;
    }
    if let Some(known) = orphans.get_mut(&span.trace_id) {
        known.last = now;
        if span.start < known.start {
            known.start = span.start;
            known.parent = parent;
        }
    } else if orphans.len() < most {
        let resource = Arc::clone(&span.resource);
        let first = Orphans {
            parent,
            start: span.start,
            resource,
            last: now,
        };
        orphans.insert(span.trace_id, first);
    }
}

impl Orphans {
    /// The parent that has not come.
    pub(super) fn parent(&self) -> SpanId {
        self.parent
    }

    /// What stands in for the root: a test that started and never ended. Should the root come after all, it is the better
    /// record of the same span.
    pub(super) fn root(&self, trace_id: TraceId) -> Span {
        let exception = Event {
            name: attribute::EXCEPTION_EVENT.to_owned(),
            time: self.start,
            attributes: [(attribute::EXCEPTION_MESSAGE, NEVER_ENDED)]
                .into_iter()
                .collect(),
        };
        let facts = [
            (attribute::SPAN_TYPE, "attempt"),
            (attribute::TEST_NAME, NAMELESS),
            (attribute::TEST_CASE_NAME, NAMELESS),
        ];
        Span {
            trace_id,
            span_id: self.parent,
            parent_span_id: None,
            name: NAMELESS.to_owned(),
            kind: SpanKind::Internal,
            start: self.start,
            end: None,
            attributes: facts.into_iter().collect(),
            events: vec![exception],
            links: Vec::new(),
            status: SpanStatus::default(),
            resource: Arc::clone(&self.resource),
        }
    }
}
