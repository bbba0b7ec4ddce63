//! Groups of records as OTLP's JSON: hex ids, numbers of enumerations, 64-bit integers as strings.

use std::fmt::{Display, Write as _};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Event, Link, Log, Span, Timestamp, Value};

use super::group::{OfResource, OfScope, event_name, own, own_of_log};
use crate::json_text::{Items, string};

/// Writing into a string does not fail.
macro_rules! put {
    ($out:expr, $($what:tt)+) => {{ let _ = write!($out, $($what)+); }};
}

pub(super) fn traces(groups: &[OfResource<'_, Span>]) -> String {
    request(groups, ["resourceSpans", "scopeSpans", "spans"], span)
}

pub(super) fn logs(groups: &[OfResource<'_, Log>]) -> String {
    request(groups, ["resourceLogs", "scopeLogs", "logRecords"], log)
}

/// `names` are those of the three levels.
fn request<R>(
    groups: &[OfResource<'_, R>],
    names: [&str; 3],
    record: fn(&mut String, &R),
) -> String {
    let [of_resource, of_scope, records] = names;
    let mut text = String::new();
    let out = &mut text;
    let mut top = Items::object(out);
    top.key(out, of_resource);
    list(out, groups, |out, group| {
        let mut object = Items::object(out);
        object.key(out, "resource");
        let mut resource = Items::object(out);
        resource.key(out, "attributes");
        pairs(out, group.resource.attributes.iter());
        resource.close(out);
        object.key(out, of_scope);
        list(out, &group.scopes, |out, group| {
            let mut object = Items::object(out);
            object.key(out, "scope");
            scope(out, group);
            object.key(out, records);
            list(out, &group.records, |out, item| record(out, item));
            object.close(out);
        });
        object.close(out);
    });
    top.close(out);
    text
}

fn scope<R>(out: &mut String, group: &OfScope<'_, R>) {
    let mut object = Items::object(out);
    text(out, &mut object, "name", group.name);
    text(out, &mut object, "version", group.version);
    object.close(out);
}

fn span(out: &mut String, span: &Span) {
    let mut object = Items::object(out);
    id(out, &mut object, "traceId", Some(span.trace_id));
    id(out, &mut object, "spanId", Some(span.span_id));
    id(out, &mut object, "parentSpanId", span.parent_span_id);
    text(out, &mut object, "name", &span.name);
    object.key(out, "kind");
    put!(out, "{}", span.kind as i32);
    time(out, &mut object, "startTimeUnixNano", span.start);
    if let Some(end) = span.end {
        time(out, &mut object, "endTimeUnixNano", end);
    }
    object.key(out, "attributes");
    pairs(out, own(&span.attributes));
    if !span.events.is_empty() {
        object.key(out, "events");
        list(out, &span.events, event);
    }
    if !span.links.is_empty() {
        object.key(out, "links");
        list(out, &span.links, link);
    }
    object.key(out, "status");
    let mut status = Items::object(out);
    text(out, &mut status, "message", &span.status.message);
    status.key(out, "code");
    put!(out, "{}", span.status.code as i32);
    status.close(out);
    object.close(out);
}

fn event(out: &mut String, event: &Event) {
    let mut object = Items::object(out);
    time(out, &mut object, "timeUnixNano", event.time);
    text(out, &mut object, "name", &event.name);
    object.key(out, "attributes");
    pairs(out, event.attributes.iter());
    object.close(out);
}

fn link(out: &mut String, link: &Link) {
    let mut object = Items::object(out);
    id(out, &mut object, "traceId", Some(link.trace_id));
    id(out, &mut object, "spanId", Some(link.span_id));
    object.key(out, "attributes");
    pairs(out, link.attributes.iter());
    object.close(out);
}

fn log(out: &mut String, log: &Log) {
    let mut object = Items::object(out);
    time(out, &mut object, "timeUnixNano", log.time);
    object.key(out, "severityNumber");
    put!(out, "{}", log.severity);
    text(out, &mut object, "severityText", &log.severity_text);
    object.key(out, "body");
    any_value(out, &log.body);
    object.key(out, "attributes");
    pairs(out, own_of_log(&log.attributes));
    id(out, &mut object, "traceId", log.trace_id);
    id(out, &mut object, "spanId", log.span_id);
    text(out, &mut object, "eventName", event_name(&log.attributes));
    object.close(out);
}

/// A member that is left out when it is empty.
fn text(out: &mut String, object: &mut Items, key: &str, text: &str) {
    if !text.is_empty() {
        object.key(out, key);
        string(out, text);
    }
}

fn id(out: &mut String, object: &mut Items, key: &str, id: Option<impl Display>) {
    if let Some(id) = id {
        object.key(out, key);
        put!(out, "\"{id}\"");
    }
}

fn time(out: &mut String, object: &mut Items, key: &str, time: Timestamp) {
    object.key(out, key);
    put!(out, "\"{}\"", time.0.max(0));
}

fn list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    let mut array = Items::array(out);
    for item in items {
        array.element(out);
        write(out, item);
    }
    array.close(out);
}

fn pairs<'a>(out: &mut String, pairs: impl Iterator<Item = (&'a str, &'a Value)>) {
    let mut array = Items::array(out);
    for (key, value) in pairs {
        array.element(out);
        let mut pair = Items::object(out);
        pair.key(out, "key");
        string(out, key);
        pair.key(out, "value");
        any_value(out, value);
        pair.close(out);
    }
    array.close(out);
}

fn any_value(out: &mut String, value: &Value) {
    let mut object = Items::object(out);
    match value {
        Value::Empty => {}
        Value::Bool(value) => {
            object.key(out, "boolValue");
            put!(out, "{value}");
        }
        Value::Int(number) => {
            object.key(out, "intValue");
            put!(out, "\"{number}\"");
        }
        Value::Double(number) => {
            object.key(out, "doubleValue");
            double(out, *number);
        }
        Value::String(text) => {
            object.key(out, "stringValue");
            string(out, text);
        }
        Value::Bytes(bytes) => {
            object.key(out, "bytesValue");
            out.push('"');
            STANDARD.encode_string(bytes, out);
            out.push('"');
        }
        Value::Array(items) => {
            object.key(out, "arrayValue");
            let mut array = Items::object(out);
            array.key(out, "values");
            list(out, items, any_value);
            array.close(out);
        }
        Value::Map(entries) => {
            object.key(out, "kvlistValue");
            let mut map = Items::object(out);
            map.key(out, "values");
            pairs(
                out,
                entries.iter().map(|(key, value)| (key.as_str(), value)),
            );
            map.close(out);
        }
    }
    object.close(out);
}

/// The shortest text that reads as the same number; what JSON does not have is protobuf's words for it.
fn double(out: &mut String, number: f64) {
    if number.is_nan() {
        out.push_str("\"NaN\"");
    } else if number.is_infinite() {
        out.push_str(if number > 0.0 {
            "\"Infinity\""
        } else {
            "\"-Infinity\""
        });
    } else {
        put!(out, "{number:?}");
    }
}
