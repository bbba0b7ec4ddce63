//! Log records.

use super::reader::{Reader, Torn};
use super::scalar::{dropped, enumeration, id, text, time};
use super::value::{any_value, attributes};
use crate::ProblemKind;
use crate::decode::draft::{self, LogDraft};
use crate::decode::sink::Sink;

/// By their numbers.
const SEVERITIES: [&str; 25] = [
    "SEVERITY_NUMBER_UNSPECIFIED",
    "SEVERITY_NUMBER_TRACE",
    "SEVERITY_NUMBER_TRACE2",
    "SEVERITY_NUMBER_TRACE3",
    "SEVERITY_NUMBER_TRACE4",
    "SEVERITY_NUMBER_DEBUG",
    "SEVERITY_NUMBER_DEBUG2",
    "SEVERITY_NUMBER_DEBUG3",
    "SEVERITY_NUMBER_DEBUG4",
    "SEVERITY_NUMBER_INFO",
    "SEVERITY_NUMBER_INFO2",
    "SEVERITY_NUMBER_INFO3",
    "SEVERITY_NUMBER_INFO4",
    "SEVERITY_NUMBER_WARN",
    "SEVERITY_NUMBER_WARN2",
    "SEVERITY_NUMBER_WARN3",
    "SEVERITY_NUMBER_WARN4",
    "SEVERITY_NUMBER_ERROR",
    "SEVERITY_NUMBER_ERROR2",
    "SEVERITY_NUMBER_ERROR3",
    "SEVERITY_NUMBER_ERROR4",
    "SEVERITY_NUMBER_FATAL",
    "SEVERITY_NUMBER_FATAL2",
    "SEVERITY_NUMBER_FATAL3",
    "SEVERITY_NUMBER_FATAL4",
];

/// Reads a log record. What was read before a tear makes one too.
pub(super) fn log(reader: &mut Reader<'_>, sink: &mut Sink<'_>) -> Result<(), Torn> {
    let mut log = LogDraft::default();
    let read = reader.object(|reader, name| member(reader, name, &mut log, sink));
    if read.is_err() {
        sink.problem(ProblemKind::Torn, "log");
    }
    log.finish(sink);
    read
}

fn member(
    reader: &mut Reader<'_>,
    name: &str,
    log: &mut LogDraft,
    sink: &mut Sink<'_>,
) -> Result<(), Torn> {
    match name {
        "timeUnixNano" | "time_unix_nano" => time(reader, &mut log.time, sink, "timeUnixNano"),
        "observedTimeUnixNano" | "observed_time_unix_nano" => {
            time(reader, &mut log.observed, sink, "observedTimeUnixNano")
        }
        "severityNumber" | "severity_number" => {
            let number = enumeration(reader, &SEVERITIES, sink, "severityNumber")?;
            if let Some(number) = number {
                log.severity = draft::severity(number, sink);
            }
            Ok(())
        }
        "severityText" | "severity_text" => {
            text(reader, &mut log.severity_text, sink, "severityText")
        }
        "body" => {
            log.body = Some(any_value(reader, 0, sink, "body")?);
            Ok(())
        }
        "attributes" => attributes(reader, &mut log.attributes, sink),
        "droppedAttributesCount" | "dropped_attributes_count" => {
            dropped(reader, sink, "droppedAttributesCount")
        }
        "traceId" | "trace_id" => id(reader, &mut log.trace_id, draft::trace_id, sink, "traceId"),
        "spanId" | "span_id" => id(reader, &mut log.span_id, draft::span_id, sink, "spanId"),
        "eventName" | "event_name" => text(reader, &mut log.event_name, sink, "eventName"),
        _ => reader.skip(),
    }
}
