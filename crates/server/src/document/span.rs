//! One span of a recording, whole: attributes, events, and for an exchange its request, its answer and its times.

use std::collections::BTreeMap;

use anyhow::Result;
use model::{AttemptId, Attributes, SpanId, Timestamp, Value, attribute};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use super::build::attempt_row;
use super::recording::{Exchange, exchange};
use super::types::SCHEMA;
use crate::service::Peers;
use crate::time::{javascript, millis};

/// Bytes that are not text are shown up to this many.
const SHOWN_BYTES: usize = 4096;

/// A span with everything that was captured of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SpanDetail {
    /// Version of this layout.
    pub schema: u32,
    /// The span.
    pub span_id: String,
    /// The span that it is a part of.
    pub parent_span_id: Option<String>,
    /// What it is called.
    pub name: String,
    /// `internal`, `server`, `client`, `producer`, `consumer`, or `unspecified`.
    pub kind: String,
    /// The process that it ran in.
    pub service: String,
    /// From the start of the attempt; spans that began before it have 0.
    pub at_ms: u64,
    /// `null` when it never ended.
    pub duration_ms: Option<u64>,
    /// `unset`, `ok` or `error`, in its own opinion.
    pub status: String,
    /// What went wrong, in its own words.
    pub status_message: Option<String>,
    /// Facts about it, without what `exchange` holds.
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// Facts about the process that it ran in.
    pub resource: BTreeMap<String, serde_json::Value>,
    /// What happened within it.
    pub events: Vec<Event>,
    /// The call that it is, if it is one.
    pub exchange: Option<Exchange>,
    /// Whom the call went to.
    pub peer: Option<String>,
    /// The peer's role.
    pub role: Option<String>,
    /// When what happened, from the start of the call.
    pub timing: Option<Timing>,
}

/// Something that happened at a point in time within a span.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Event {
    /// What happened.
    pub name: String,
    /// From the start of the attempt.
    pub at_ms: u64,
    /// Facts about it.
    pub attributes: BTreeMap<String, serde_json::Value>,
}

/// The times of a call, in microseconds from its start; `null` where the client did not say, or it did not come to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Timing {
    /// Connected; `null` on a reused connection.
    pub connected_us: Option<u64>,
    /// Whether the connection had been open before.
    pub reused_connection: Option<bool>,
    /// The request was wholly sent.
    pub sent_us: Option<u64>,
    /// The answer's head arrived.
    pub first_byte_us: Option<u64>,
    /// It ended.
    pub ended_us: Option<u64>,
    /// How long the caller's event loop was busy meanwhile, in milliseconds.
    pub loop_active_ms: Option<u64>,
}

/// A span of a recording; none when it has no such span.
///
/// # Errors
/// When the store cannot be read, or does not know the attempt.
pub fn span(store: &dyn Store, id: AttemptId, span: SpanId) -> Result<Option<SpanDetail>> {
    let (attempt, _) = attempt_row(store, id)?;
    let recording = store::recording(store, id.into())?;
    let Some(found) = recording.span(span) else {
        return Ok(None);
    };
    let call = model::Exchange::from_span(found);
    let peers = Peers::of_run(store, attempt.run_id)?;
    let peer = call.as_ref();
    let peer = peer.map(|call| peers.peer(&call.host, call.port));
    let events = found.events.iter().map(|event| Event {
        name: event.name.clone(),
        at_ms: millis(event.time.since(attempt.start)),
        attributes: facts(&event.attributes, false),
    });
    Ok(Some(SpanDetail {
        schema: SCHEMA,
        span_id: found.span_id.to_string(),
        parent_span_id: found.parent_span_id.map(|id| id.to_string()),
        name: found.name.clone(),
        kind: kind(found.kind).to_owned(),
        service: peers.service(&found.resource.attributes),
        at_ms: millis(found.start.since(attempt.start)),
        duration_ms: found.end.map(|end| millis(end.since(found.start))),
        status: status(found.status.code).to_owned(),
        status_message: Some(found.status.message.clone()).filter(|text| !text.is_empty()),
        attributes: facts(&found.attributes, call.is_some()),
        resource: facts(&found.resource.attributes, false),
        events: events.collect(),
        timing: call.as_ref().map(timing),
        exchange: call.map(|call| exchange(call, attempt.start)),
        role: peer.as_ref().map(|peer| peer.role.as_str().to_owned()),
        peer: peer.map(|peer| peer.name),
    }))
}

fn timing(call: &model::Exchange) -> Timing {
    let micros = |duration: std::time::Duration| {
        javascript(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
    };
    let since = |end: Timestamp| micros(end.since(call.start));
    Timing {
        connected_us: call.connected_after.map(micros),
        reused_connection: call.reused_connection,
        sent_us: call.sent_after.map(micros),
        first_byte_us: call.first_byte_after.map(micros),
        ended_us: call.end.map(since),
        loop_active_ms: call.loop_active.map(millis),
    }
}

/// Attributes as JSON; of an exchange without headers and bodies, which stand on their own.
fn facts(attributes: &Attributes, of_exchange: bool) -> BTreeMap<String, serde_json::Value> {
    let elsewhere = |key: &str| {
        of_exchange
            && (key.starts_with(attribute::HTTP_REQUEST_HEADER_PREFIX)
                || key.starts_with(attribute::HTTP_RESPONSE_HEADER_PREFIX)
                || key == attribute::HTTP_REQUEST_BODY
                || key == attribute::HTTP_RESPONSE_BODY
                || key == attribute::REQUEST_HEADER_ORDER
                || key == attribute::RESPONSE_HEADER_ORDER)
    };
    attributes
        .iter()
        .filter(|(key, _)| !elsewhere(key))
        .map(|(key, value)| (key.to_owned(), json(value)))
        .collect()
}

/// Numbers that JavaScript would round are written as texts.
fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Empty => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(number) if number.unsigned_abs() == javascript(number.unsigned_abs()) => {
            (*number).into()
        }
        Value::Int(number) => number.to_string().into(),
        Value::Double(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Bytes(bytes) => {
            let shown = &bytes[..bytes.len().min(SHOWN_BYTES)];
            String::from_utf8_lossy(shown).into_owned().into()
        }
        Value::Array(items) => items.iter().map(json).collect(),
        Value::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| (key.clone(), json(value)));
            serde_json::Value::Object(pairs.collect())
        }
    }
}

fn kind(kind: model::SpanKind) -> &'static str {
    match kind {
        model::SpanKind::Unspecified => "unspecified",
        model::SpanKind::Internal => "internal",
        model::SpanKind::Server => "server",
        model::SpanKind::Client => "client",
        model::SpanKind::Producer => "producer",
        model::SpanKind::Consumer => "consumer",
    }
}

fn status(code: model::StatusCode) -> &'static str {
    match code {
        model::StatusCode::Unset => "unset",
        model::StatusCode::Ok => "ok",
        model::StatusCode::Error => "error",
    }
}
