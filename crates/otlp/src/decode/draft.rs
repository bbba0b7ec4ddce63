//! A record while it is being read: its fields in any order, and then the record, if it has what one needs.

use std::sync::Arc;

use model::{
    Attributes, Event, Link, Log, Resource, Span, SpanId, SpanKind, SpanStatus, Timestamp, TraceId,
    Value,
};

use super::sink::{Pair, Sink};
use crate::ProblemKind;

/// `otel.scope.name`: the scope's name, where there is no field for it (OpenTelemetry's mapping to other formats).
pub(crate) const SCOPE_NAME: &str = "otel.scope.name";
/// `otel.scope.version`
pub(crate) const SCOPE_VERSION: &str = "otel.scope.version";
/// `event.name`: the name of the event that a log record is.
pub(crate) const EVENT_NAME: &str = "event.name";

/// The greatest number of a severity.
const MOST_SEVERE: u8 = 24;

#[derive(Default)]
pub(super) struct SpanDraft {
    pub(super) trace_id: Option<TraceId>,
    pub(super) span_id: Option<SpanId>,
    pub(super) parent_span_id: Option<SpanId>,
    pub(super) name: String,
    pub(super) kind: SpanKind,
    pub(super) start: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
    pub(super) attributes: Vec<Pair>,
    pub(super) events: Vec<Event>,
    pub(super) links: Vec<Link>,
    pub(super) status: SpanStatus,
}

impl SpanDraft {
    /// Puts the span into the sink, if it has an identity. Without a start it counts as started when it ended.
    pub(super) fn finish(self, sink: &mut Sink<'_>) {
        if self.trace_id.is_none() {
            sink.problem(ProblemKind::MissingId, "traceId");
        }
        if self.span_id.is_none() {
            sink.problem(ProblemKind::MissingId, "spanId");
        }
        if self.start.is_none() {
            sink.problem(ProblemKind::InvalidValue, "startTimeUnixNano");
        }
        sink.leave_record(self.trace_id, self.span_id);
        let (Some(trace_id), Some(span_id)) = (self.trace_id, self.span_id) else {
            sink.counts.rejected += 1;
            return;
        };
        sink.spans.push(Span {
            trace_id,
            span_id,
            parent_span_id: self.parent_span_id,
            name: self.name,
            kind: self.kind,
            start: self.start.or(self.end).unwrap_or_default(),
            end: self.end,
            attributes: self.attributes.into_iter().collect(),
            events: self.events,
            links: self.links,
            status: self.status,
            resource: Arc::new(Resource::default()),
        });
    }
}

#[derive(Default)]
pub(super) struct LogDraft {
    pub(super) trace_id: Option<TraceId>,
    pub(super) span_id: Option<SpanId>,
    pub(super) time: Option<Timestamp>,
    pub(super) observed: Option<Timestamp>,
    pub(super) severity: u8,
    pub(super) severity_text: String,
    pub(super) body: Option<Value>,
    pub(super) attributes: Vec<Pair>,
    pub(super) event_name: String,
}

impl LogDraft {
    /// Puts the log record into the sink. Nothing is mandatory; without a time it has that of its observation.
    pub(super) fn finish(self, sink: &mut Sink<'_>) {
        sink.leave_record(self.trace_id, self.span_id);
        let mut attributes: Attributes = self.attributes.into_iter().collect();
        if !self.event_name.is_empty() {
            attributes.set(EVENT_NAME, self.event_name);
        }
        sink.logs.push(Log {
            trace_id: self.trace_id,
            span_id: self.span_id,
            time: self.time.or(self.observed).unwrap_or_default(),
            severity: self.severity,
            severity_text: self.severity_text,
            body: self.body.unwrap_or(Value::Empty),
            attributes,
            resource: Arc::new(Resource::default()),
        });
    }
}

#[derive(Default)]
pub(super) struct EventDraft {
    pub(super) name: String,
    pub(super) time: Option<Timestamp>,
    pub(super) attributes: Vec<Pair>,
}

impl EventDraft {
    pub(super) fn finish(self) -> Event {
        Event {
            name: self.name,
            time: self.time.unwrap_or_default(),
            attributes: self.attributes.into_iter().collect(),
        }
    }
}

#[derive(Default)]
pub(super) struct LinkDraft {
    pub(super) trace_id: Option<TraceId>,
    pub(super) span_id: Option<SpanId>,
    pub(super) attributes: Vec<Pair>,
}

impl LinkDraft {
    /// The link, if it says to what.
    pub(super) fn finish(self, sink: &mut Sink<'_>) -> Option<Link> {
        let (Some(trace_id), Some(span_id)) = (self.trace_id, self.span_id) else {
            sink.problem(ProblemKind::MissingId, "links");
            return None;
        };
        Some(Link {
            trace_id,
            span_id,
            attributes: self.attributes.into_iter().collect(),
        })
    }
}

/// The scope of records: who in the process made them.
#[derive(Default)]
pub(super) struct ScopeDraft {
    pub(super) name: String,
    pub(super) version: String,
}

impl ScopeDraft {
    pub(super) fn finish(self) -> Vec<Pair> {
        [(SCOPE_NAME, self.name), (SCOPE_VERSION, self.version)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(key, text)| (key.to_owned(), Value::String(text)))
            .collect()
    }
}

/// Whether an id is none: OpenTelemetry defines all zeros as invalid, and exporters send them for a missing parent.
pub(super) fn is_no_id(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// The id, if the bytes are as many as one has.
pub(super) fn trace_id(bytes: &[u8]) -> Option<TraceId> {
    bytes.try_into().ok().map(TraceId)
}

/// As [`trace_id`].
pub(super) fn span_id(bytes: &[u8]) -> Option<SpanId> {
    bytes.try_into().ok().map(SpanId)
}

/// A severity that there is, else 0: not said.
pub(super) fn severity(number: i64, sink: &mut Sink<'_>) -> u8 {
    match u8::try_from(number) {
        Ok(severity) if severity <= MOST_SEVERE => severity,
        _ => {
            sink.problem(ProblemKind::InvalidValue, "severityNumber");
            0
        }
    }
}
