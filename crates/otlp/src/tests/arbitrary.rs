//! Any records that OTLP can hold.

use std::sync::Arc;

use model::{
    Attributes, Event, Link, Log, Resource, Span, SpanId, SpanKind, SpanStatus, StatusCode,
    Timestamp, TraceId, Value,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub(super) fn spans() -> impl Strategy<Value = Vec<Span>> {
    (vec(resource(), 1..3), vec((span(), 0..2_usize), 0..5)).prop_map(|(resources, spans)| {
        let with_resource = |(mut span, at): (Span, usize)| {
            span.resource = Arc::clone(&resources[at % resources.len()]);
            span
        };
        spans.into_iter().map(with_resource).collect()
    })
}

pub(super) fn logs() -> impl Strategy<Value = Vec<Log>> {
    (resource(), vec(log(), 0..5)).prop_map(|(resource, mut logs)| {
        for log in &mut logs {
            log.resource = Arc::clone(&resource);
        }
        logs
    })
}

fn resource() -> impl Strategy<Value = Arc<Resource>> {
    attributes().prop_map(|attributes| Arc::new(Resource { attributes }))
}

fn span() -> impl Strategy<Value = Span> {
    let identity = (trace_id(), span_id(), option::of(span_id()));
    let times = (1..i64::MAX, option::of(1..i64::MAX));
    let parts = (vec(event(), 0..3), vec(link(), 0..3));
    (identity, text(), 0..6_i64, times, facts(), parts, status()).prop_map(
        |(identity, name, kind, (start, end), attributes, (events, links), status)| Span {
            trace_id: identity.0,
            span_id: identity.1,
            parent_span_id: identity.2,
            name,
            kind: SpanKind::from_number(kind),
            start: Timestamp(start),
            end: end.map(Timestamp),
            attributes,
            events,
            links,
            status,
            resource: Arc::default(),
        },
    )
}

fn log() -> impl Strategy<Value = Log> {
    let place = (option::of(trace_id()), option::of(span_id()), 0..i64::MAX);
    (place, 0..=24_u8, text(), value(), facts()).prop_map(
        |((trace_id, span_id, time), severity, severity_text, body, attributes)| Log {
            trace_id,
            span_id,
            time: Timestamp(time),
            severity,
            severity_text,
            body,
            attributes,
            resource: Arc::default(),
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    (text(), 0..i64::MAX, attributes()).prop_map(|(name, time, attributes)| Event {
        name,
        time: Timestamp(time),
        attributes,
    })
}

fn link() -> impl Strategy<Value = Link> {
    (trace_id(), span_id(), attributes()).prop_map(|(trace_id, span_id, attributes)| Link {
        trace_id,
        span_id,
        attributes,
    })
}

fn status() -> impl Strategy<Value = SpanStatus> {
    (0..3_i64, text()).prop_map(|(code, message)| SpanStatus {
        code: StatusCode::from_number(code),
        message,
    })
}

/// Attributes of a record, sometimes with those that are fields of OTLP.
fn facts() -> impl Strategy<Value = Attributes> {
    let field = prop::sample::select(vec!["otel.scope.name", "otel.scope.version", "event.name"]);
    (attributes(), vec((field, value()), 0..3)).prop_map(|(mut attributes, fields)| {
        for (key, value) in fields {
            attributes.set(key, value);
        }
        attributes
    })
}

fn attributes() -> impl Strategy<Value = Attributes> {
    vec((text(), value()), 0..4).prop_map(Attributes::from_iter)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Empty),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        // NaN is not equal to itself; it has a test of its own.
        any::<f64>()
            .prop_filter("NaN", |number| !number.is_nan())
            .prop_map(Value::Double),
        text().prop_map(Value::String),
        vec(any::<u8>(), 0..8).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((text(), inner), 0..4).prop_map(Value::Map),
        ]
    })
}

/// Text of any characters, those that JSON escapes among them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        ".{0,6}",
        "[\\x00-\\x1f\"\\\\\u{7f}\u{fffd}\u{1f600}]{0,4}",
    ]
}

fn trace_id() -> impl Strategy<Value = TraceId> {
    any::<[u8; 16]>()
        .prop_filter("zero", |id| *id != [0; 16])
        .prop_map(TraceId)
}

fn span_id() -> impl Strategy<Value = SpanId> {
    any::<[u8; 8]>()
        .prop_filter("zero", |id| *id != [0; 8])
        .prop_map(SpanId)
}
