//! Log records.

use super::value::{any_value, attributes, dropped, id, number, text, time};
use super::wire::{Field, Fields, Torn};
use crate::ProblemKind;
use crate::decode::draft::{self, LogDraft};
use crate::decode::sink::Sink;

pub(super) fn log(bytes: &[u8], sink: &mut Sink<'_>) {
    let mut log = LogDraft::default();
    for field in Fields::of(bytes) {
        match field {
            Ok((1, field)) => time(field, &mut log.time, sink, "timeUnixNano"),
            Ok((2, field)) => {
                if let Some(severity) = number(field, sink, "severityNumber") {
                    log.severity = draft::severity(severity, sink);
                }
            }
            Ok((3, field)) => text(field, &mut log.severity_text, sink, "severityText"),
            Ok((5, Field::Bytes(bytes))) => log.body = Some(any_value(bytes, 0, sink, "body")),
            Ok((5, _)) => sink.problem(ProblemKind::WrongType, "body"),
            Ok((6, field)) => attributes(field, &mut log.attributes, sink),
            Ok((7, field)) => dropped(field, sink),
            Ok((9, field)) => id(field, &mut log.trace_id, draft::trace_id, sink, "traceId"),
            Ok((10, field)) => id(field, &mut log.span_id, draft::span_id, sink, "spanId"),
            Ok((11, field)) => time(field, &mut log.observed, sink, "observedTimeUnixNano"),
            Ok((12, field)) => text(field, &mut log.event_name, sink, "eventName"),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "log"),
        }
    }
    log.finish(sink);
}
