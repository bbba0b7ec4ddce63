//! Spans with their events and links.

use model::{SpanKind, SpanStatus, StatusCode};

use super::reader::{Kind, Reader, Torn};
use super::scalar::{dropped, enumeration, id, text, time, wrong};
use super::value::{attributes, each};
use crate::ProblemKind;
use crate::decode::draft::{self, EventDraft, LinkDraft, SpanDraft};
use crate::decode::sink::Sink;

/// By their numbers.
const KINDS: [&str; 6] = [
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER",
];
/// By their numbers.
const CODES: [&str; 3] = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

/// Reads a span. What was read before a tear makes a span too, if it has its ids.
pub(super) fn span(reader: &mut Reader<'_>, sink: &mut Sink<'_>) -> Result<(), Torn> {
    let mut span = SpanDraft::default();
    let read = reader.object(|reader, name| member(reader, name, &mut span, sink));
    if read.is_err() {
        sink.problem(ProblemKind::Torn, "span");
    }
    span.finish(sink);
    read
}

fn member(
    reader: &mut Reader<'_>,
    name: &str,
    span: &mut SpanDraft,
    sink: &mut Sink<'_>,
) -> Result<(), Torn> {
    match name {
        "traceId" | "trace_id" => {
            let to = &mut span.trace_id;
            id(reader, to, draft::trace_id, sink, "traceId")
        }
        "spanId" | "span_id" => id(reader, &mut span.span_id, draft::span_id, sink, "spanId"),
        "parentSpanId" | "parent_span_id" => {
            let to = &mut span.parent_span_id;
            id(reader, to, draft::span_id, sink, "parentSpanId")
        }
        "name" => text(reader, &mut span.name, sink, "name"),
        "kind" => {
            if let Some(kind) = enumeration(reader, &KINDS, sink, "kind")? {
                span.kind = SpanKind::from_number(kind);
            }
            Ok(())
        }
        "startTimeUnixNano" | "start_time_unix_nano" => {
            time(reader, &mut span.start, sink, "startTimeUnixNano")
        }
        "endTimeUnixNano" | "end_time_unix_nano" => {
            time(reader, &mut span.end, sink, "endTimeUnixNano")
        }
        "attributes" => attributes(reader, &mut span.attributes, sink),
        "events" => events(reader, span, sink),
        "links" => links(reader, span, sink),
        "status" => status(reader, &mut span.status, sink),
        "droppedAttributesCount" | "dropped_attributes_count" => {
            dropped(reader, sink, "droppedAttributesCount")
        }
        "droppedEventsCount" | "dropped_events_count" => {
            dropped(reader, sink, "droppedEventsCount")
        }
        "droppedLinksCount" | "dropped_links_count" => dropped(reader, sink, "droppedLinksCount"),
        _ => reader.skip(),
    }
}

fn events(reader: &mut Reader<'_>, span: &mut SpanDraft, sink: &mut Sink<'_>) -> Result<(), Torn> {
    each(reader, sink, "events", |reader, sink| {
        if !sink.admit(span.events.len(), "events") {
            return reader.skip();
        }
        let mut event = EventDraft::default();
        let read = reader.object(|reader, name| match name {
            "timeUnixNano" | "time_unix_nano" => {
                time(reader, &mut event.time, sink, "events.timeUnixNano")
            }
            "name" => text(reader, &mut event.name, sink, "events.name"),
            "attributes" => attributes(reader, &mut event.attributes, sink),
            "droppedAttributesCount" | "dropped_attributes_count" => {
                dropped(reader, sink, "events.droppedAttributesCount")
            }
            _ => reader.skip(),
        });
        span.events.push(event.finish());
        read
    })
}

fn links(reader: &mut Reader<'_>, span: &mut SpanDraft, sink: &mut Sink<'_>) -> Result<(), Torn> {
    each(reader, sink, "links", |reader, sink| {
        if !sink.admit(span.links.len(), "links") {
            return reader.skip();
        }
        let mut link = LinkDraft::default();
        let read = reader.object(|reader, name| match name {
            "traceId" | "trace_id" => {
                let to = &mut link.trace_id;
                id(reader, to, draft::trace_id, sink, "links.traceId")
            }
            "spanId" | "span_id" => {
                let to = &mut link.span_id;
                id(reader, to, draft::span_id, sink, "links.spanId")
            }
            "attributes" => attributes(reader, &mut link.attributes, sink),
            "droppedAttributesCount" | "dropped_attributes_count" => {
                dropped(reader, sink, "links.droppedAttributesCount")
            }
            _ => reader.skip(),
        });
        span.links.extend(link.finish(sink));
        read
    })
}

fn status(
    reader: &mut Reader<'_>,
    status: &mut SpanStatus,
    sink: &mut Sink<'_>,
) -> Result<(), Torn> {
    match reader.peek()? {
        Kind::Object => {}
        kind => return wrong(reader, kind, sink, "status"),
    }
    reader.object(|reader, name| match name {
        "message" => text(reader, &mut status.message, sink, "status.message"),
        "code" => {
            if let Some(code) = enumeration(reader, &CODES, sink, "status.code")? {
                status.code = StatusCode::from_number(code);
            }
            Ok(())
        }
        _ => reader.skip(),
    })
}
