//! Spans as OpenTelemetry has them, with an end that may be missing.

use std::sync::Arc;

use crate::attribute;
use crate::{Attributes, SpanId, Timestamp, TraceId};

/// One operation. A span without an `end` has started and was never seen to end: it may be running, or it is what hung.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The trace that it belongs to.
    pub trace_id: TraceId,
    /// Its own id, unique in the trace.
    pub span_id: SpanId,
    /// The span that it is a part of. The parent may arrive later, or never.
    pub parent_span_id: Option<SpanId>,
    /// What it is called.
    pub name: String,
    /// Which side of which kind of call it is.
    pub kind: SpanKind,
    /// When it began.
    pub start: Timestamp,
    /// When it ended, if it was seen to end.
    pub end: Option<Timestamp>,
    /// Facts about it.
    pub attributes: Attributes,
    /// What happened at points in time within it.
    pub events: Vec<Event>,
    /// Spans of other traces that it has to do with.
    pub links: Vec<Link>,
    /// How it ended, in its own opinion.
    pub status: SpanStatus,
    /// The process that it ran in.
    pub resource: Arc<Resource>,
}

impl Span {
    /// The type that agents of ours give: `attempt`, `fixture`, `hook`, `step`, `server`.
    #[must_use]
    pub fn flakescope_type(&self) -> Option<&str> {
        self.attributes.str(attribute::SPAN_TYPE)
    }

    /// The span that a call names on the wire as the one that makes it, in its header `traceparent`. An SDK in the same
    /// process may have written that, of a trace of its own.
    #[must_use]
    pub fn traceparent(&self) -> Option<(TraceId, SpanId)> {
        let headers = self.attributes.strings("http.request.header.traceparent");
        let mut parts = headers.first()?.split('-').skip(1);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }

    /// The event by which a failure is recorded, the last one if there are several.
    #[must_use]
    pub fn exception(&self) -> Option<&Event> {
        self.events
            .iter()
            .rev()
            .find(|event| event.name == attribute::EXCEPTION_EVENT)
    }
}

/// Where records come from: a process, as its agent or SDK describes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resource {
    /// `service.name`, `process.pid` and so on.
    pub attributes: Attributes,
}

/// Which side of which kind of call a span is; numbered as in OTLP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SpanKind {
    /// Not said.
    #[default]
    Unspecified = 0,
    /// Work within the process.
    Internal = 1,
    /// The receiving side of a call.
    Server = 2,
    /// The calling side of a call.
    Client = 3,
    /// Puts a message into a queue.
    Producer = 4,
    /// Takes a message out of a queue.
    Consumer = 5,
}

impl SpanKind {
    /// The kind with OTLP's number; unknown numbers count as not said.
    #[must_use]
    pub fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Internal,
            2 => Self::Server,
            3 => Self::Client,
            4 => Self::Producer,
            5 => Self::Consumer,
            _ => Self::Unspecified,
        }
    }
}

/// How a span ended, in its own opinion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SpanStatus {
    /// Well, badly, or not said.
    pub code: StatusCode,
    /// What went wrong, for people.
    pub message: String,
}

/// The code of a [`SpanStatus`]; numbered as in OTLP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum StatusCode {
    /// Not said.
    #[default]
    Unset = 0,
    /// It went well.
    Ok = 1,
    /// It went badly.
    Error = 2,
}

impl StatusCode {
    /// The code with OTLP's number; unknown numbers count as not said.
    #[must_use]
    pub fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Ok,
            2 => Self::Error,
            _ => Self::Unset,
        }
    }
}

/// Something that happened at a point in time within a span.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What happened.
    pub name: String,
    /// When.
    pub time: Timestamp,
    /// Facts about it.
    pub attributes: Attributes,
}

/// A span of another trace that a span has to do with, such as a fixture that an attempt uses.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The other trace.
    pub trace_id: TraceId,
    /// The span in it.
    pub span_id: SpanId,
    /// What the two have to do with each other.
    pub attributes: Attributes,
}
