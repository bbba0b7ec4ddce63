//! Spans with their events and links.

use super::value::{attributes, dropped, id, number, text, time};
use super::wire::{Field, Fields, Torn};
use crate::ProblemKind;
use crate::decode::draft::{self, EventDraft, LinkDraft, SpanDraft};
use crate::decode::sink::Sink;
use model::{SpanKind, SpanStatus, StatusCode};

pub(super) fn span(bytes: &[u8], sink: &mut Sink<'_>) {
    let mut span = SpanDraft::default();
    for field in Fields::of(bytes) {
        match field {
            Ok((1, field)) => id(field, &mut span.trace_id, draft::trace_id, sink, "traceId"),
            Ok((2, field)) => id(field, &mut span.span_id, draft::span_id, sink, "spanId"),
            Ok((4, field)) => {
                let parent = &mut span.parent_span_id;
                id(field, parent, draft::span_id, sink, "parentSpanId");
            }
            Ok((5, field)) => text(field, &mut span.name, sink, "name"),
            Ok((6, field)) => {
                if let Some(kind) = number(field, sink, "kind") {
                    span.kind = SpanKind::from_number(kind);
                }
            }
            Ok((7, field)) => time(field, &mut span.start, sink, "startTimeUnixNano"),
            Ok((8, field)) => time(field, &mut span.end, sink, "endTimeUnixNano"),
            Ok((9, field)) => attributes(field, &mut span.attributes, sink),
            Ok((10 | 12 | 14, field)) => dropped(field, sink),
            Ok((11, field)) => event(field, &mut span, sink),
            Ok((13, field)) => link(field, &mut span, sink),
            Ok((15, field)) => status(field, &mut span.status, sink),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "span"),
        }
    }
    span.finish(sink);
}

fn event(field: Field<'_>, span: &mut SpanDraft, sink: &mut Sink<'_>) {
    let Field::Bytes(bytes) = field else {
        return sink.problem(ProblemKind::WrongType, "events");
    };
    if !sink.admit(span.events.len(), "events") {
        return;
    }
    let mut event = EventDraft::default();
    for field in Fields::of(bytes) {
        match field {
            Ok((1, field)) => time(field, &mut event.time, sink, "events.timeUnixNano"),
            Ok((2, field)) => text(field, &mut event.name, sink, "events.name"),
            Ok((3, field)) => attributes(field, &mut event.attributes, sink),
            Ok((4, field)) => dropped(field, sink),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "events"),
        }
    }
    span.events.push(event.finish());
}

fn link(field: Field<'_>, span: &mut SpanDraft, sink: &mut Sink<'_>) {
    let Field::Bytes(bytes) = field else {
        return sink.problem(ProblemKind::WrongType, "links");
    };
    if !sink.admit(span.links.len(), "links") {
        return;
    }
    let mut link = LinkDraft::default();
    for field in Fields::of(bytes) {
        match field {
            Ok((1, field)) => id(
                field,
                &mut link.trace_id,
                draft::trace_id,
                sink,
                "links.traceId",
            ),
            Ok((2, field)) => id(
                field,
                &mut link.span_id,
                draft::span_id,
                sink,
                "links.spanId",
            ),
            Ok((4, field)) => attributes(field, &mut link.attributes, sink),
            Ok((5, field)) => dropped(field, sink),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "links"),
        }
    }
    span.links.extend(link.finish(sink));
}

fn status(field: Field<'_>, status: &mut SpanStatus, sink: &mut Sink<'_>) {
    let Field::Bytes(bytes) = field else {
        return sink.problem(ProblemKind::WrongType, "status");
    };
    for field in Fields::of(bytes) {
        match field {
            Ok((2, field)) => text(field, &mut status.message, sink, "status.message"),
            Ok((3, field)) => {
                if let Some(code) = number(field, sink, "status.code") {
                    status.code = StatusCode::from_number(code);
                }
            }
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "status"),
        }
    }
}
