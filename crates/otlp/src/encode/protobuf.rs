//! Groups of records as protobuf messages.

use model::{Event, Link, Log, Span, Timestamp, Value};
use prost::Message as _;

use super::group::{OfResource, OfScope, event_name, own, own_of_log};
use crate::proto::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList, any_value,
};
use crate::proto::logs::v1::{LogRecord, LogsData, ResourceLogs, ScopeLogs};
use crate::proto::resource::v1::Resource;
use crate::proto::trace::v1::{ResourceSpans, ScopeSpans, Status, TracesData, span};

pub(super) fn traces(groups: &[OfResource<'_, Span>]) -> Vec<u8> {
    let resource_spans = groups
        .iter()
        .map(|group| ResourceSpans {
            resource: Some(resource(group)),
            scope_spans: group
                .scopes
                .iter()
                .map(|group| ScopeSpans {
                    scope: Some(scope(group)),
                    spans: group.records.iter().map(|span| message(span)).collect(),
                    ..ScopeSpans::default()
                })
                .collect(),
            ..ResourceSpans::default()
        })
        .collect();
    TracesData { resource_spans }.encode_to_vec()
}

pub(super) fn logs(groups: &[OfResource<'_, Log>]) -> Vec<u8> {
    let resource_logs = groups
        .iter()
        .map(|group| ResourceLogs {
            resource: Some(resource(group)),
            scope_logs: group
                .scopes
                .iter()
                .map(|group| ScopeLogs {
                    scope: Some(scope(group)),
                    log_records: group.records.iter().map(|log| log_record(log)).collect(),
                    ..ScopeLogs::default()
                })
                .collect(),
            ..ResourceLogs::default()
        })
        .collect();
    LogsData { resource_logs }.encode_to_vec()
}

fn resource<R>(group: &OfResource<'_, R>) -> Resource {
    Resource {
        attributes: pairs(group.resource.attributes.iter()),
        ..Resource::default()
    }
}

fn scope<R>(group: &OfScope<'_, R>) -> InstrumentationScope {
    InstrumentationScope {
        name: group.name.to_owned(),
        version: group.version.to_owned(),
        ..InstrumentationScope::default()
    }
}

fn message(span: &Span) -> crate::proto::trace::v1::Span {
    crate::proto::trace::v1::Span {
        trace_id: span.trace_id.0.to_vec(),
        span_id: span.span_id.0.to_vec(),
        parent_span_id: span
            .parent_span_id
            .map_or_else(Vec::new, |id| id.0.to_vec()),
        name: span.name.clone(),
        kind: span.kind as i32,
        start_time_unix_nano: nanos(span.start),
        end_time_unix_nano: span.end.map_or(0, nanos),
        attributes: pairs(own(&span.attributes)),
        events: span.events.iter().map(event).collect(),
        links: span.links.iter().map(link).collect(),
        status: Some(Status {
            message: span.status.message.clone(),
            code: span.status.code as i32,
        }),
        ..Default::default()
    }
}

fn event(event: &Event) -> span::Event {
    span::Event {
        time_unix_nano: nanos(event.time),
        name: event.name.clone(),
        attributes: pairs(event.attributes.iter()),
        ..span::Event::default()
    }
}

fn link(link: &Link) -> span::Link {
    span::Link {
        trace_id: link.trace_id.0.to_vec(),
        span_id: link.span_id.0.to_vec(),
        attributes: pairs(link.attributes.iter()),
        ..span::Link::default()
    }
}

fn log_record(log: &Log) -> LogRecord {
    LogRecord {
        time_unix_nano: nanos(log.time),
        severity_number: i32::from(log.severity),
        severity_text: log.severity_text.clone(),
        body: Some(any_value(&log.body)),
        attributes: pairs(own_of_log(&log.attributes)),
        trace_id: log.trace_id.map_or_else(Vec::new, |id| id.0.to_vec()),
        span_id: log.span_id.map_or_else(Vec::new, |id| id.0.to_vec()),
        event_name: event_name(&log.attributes).to_owned(),
        ..LogRecord::default()
    }
}

fn pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a Value)>) -> Vec<KeyValue> {
    pairs
        .map(|(key, value)| KeyValue {
            key: key.to_owned(),
            value: Some(any_value(value)),
            ..KeyValue::default()
        })
        .collect()
}

fn any_value(value: &Value) -> AnyValue {
    let value = match value {
        Value::Empty => None,
        Value::Bool(value) => Some(any_value::Value::BoolValue(*value)),
        Value::Int(number) => Some(any_value::Value::IntValue(*number)),
        Value::Double(number) => Some(any_value::Value::DoubleValue(*number)),
        Value::String(text) => Some(any_value::Value::StringValue(text.clone())),
        Value::Bytes(bytes) => Some(any_value::Value::BytesValue(bytes.clone())),
        Value::Array(items) => Some(any_value::Value::ArrayValue(ArrayValue {
            values: items.iter().map(any_value).collect(),
        })),
        Value::Map(entries) => Some(any_value::Value::KvlistValue(KeyValueList {
            values: pairs(entries.iter().map(|(key, value)| (key.as_str(), value))),
        })),
    };
    AnyValue { value }
}

fn nanos(time: Timestamp) -> u64 {
    u64::try_from(time.0).unwrap_or(0)
}
