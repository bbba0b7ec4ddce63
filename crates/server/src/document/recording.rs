//! The type of `show ATTEMPT --json`: one attempt with everything that was captured of it.

use anyhow::{Context, Result};
use model::{AttemptId, Exchange as Call, Phase, Timestamp, Value, attribute};
use schemars::JsonSchema;
use serde::Serialize;
use store::{Part, Store};

use super::build::{Builder, attempt_row};
use super::types::{SCHEMA, Test};
use crate::time::{javascript, millis};

/// One attempt with everything that was captured of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Recording {
    /// The version of this document: 1.
    pub schema: u32,
    /// The run that it is part of.
    pub run: String,
    /// The test, with this attempt only.
    pub test: Test,
    /// Hooks and steps, by start.
    pub steps: Vec<Step>,
    /// Outgoing calls, by start.
    pub exchanges: Vec<Exchange>,
    /// What was logged, by time.
    pub logs: Vec<Log>,
}

/// A hook or a step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// Its span.
    pub span_id: String,
    /// `hook` or `step`.
    pub kind: String,
    /// Its title.
    pub name: String,
    /// `setup`, `body`, `teardown` or `after`.
    pub phase: String,
    /// When it began, from the beginning of the attempt.
    pub at_ms: u64,
    /// How long it took; null when it was never seen to end.
    pub duration_ms: Option<u64>,
}

/// One outgoing call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exchange {
    /// Its span.
    pub span_id: String,
    /// `setup`, `body`, `teardown` or `after`.
    pub phase: String,
    /// When it began, from the beginning of the attempt.
    pub at_ms: u64,
    /// How long it took; null when it was never seen to end.
    pub duration_ms: Option<u64>,
    /// The method.
    pub method: String,
    /// The URL, masked.
    pub url: String,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The error on the network or in the client, if there was one: a code or a class.
    pub error: Option<String>,
    /// Its message.
    pub error_message: Option<String>,
    /// The client's own limit for it.
    pub timeout_ms: Option<u64>,
    /// The interceptor that answered instead of the network.
    pub mocked: Option<String>,
    /// What became of the WebSocket that it opened; null when it opened none.
    pub websocket: Option<WebSocket>,
    /// What was sent.
    pub request: Message,
    /// What came back, if anything did.
    pub response: Option<Message>,
}

/// A WebSocket after its opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WebSocket {
    /// Messages that the client sent.
    pub sent: u64,
    /// Messages that the client received.
    pub received: u64,
    /// The code with which it was closed (RFC 6455; 1006: the connection was cut); null while nobody has closed it.
    pub close_code: Option<u16>,
    /// What was said with it.
    pub close_reason: Option<String>,
    /// Who said so first: `client` or `peer`.
    pub closed_by: Option<String>,
}

/// A request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// Header lines in the order of the wire, where it is known.
    pub headers: Vec<Header>,
    /// The body, where it is text and was captured.
    pub body: Option<String>,
    /// Length of the whole body on the wire, in bytes.
    pub body_size: Option<u64>,
    /// `body` is only the beginning.
    pub body_cut: bool,
}

/// A header line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value, masked.
    pub value: String,
}

/// A log record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Log {
    /// When, from the beginning of the attempt.
    pub at_ms: u64,
    /// The span in which it was written.
    pub span_id: Option<String>,
    /// 1 to 24 as in OpenTelemetry (9 is INFO, 17 is ERROR); 0 when not said.
    pub severity: u8,
    /// The level in the words of the program.
    pub severity_text: String,
    /// What it says.
    pub body: String,
}

/// The recording of an attempt.
///
/// # Errors
/// When the store cannot be read, or does not know the attempt.
pub fn recording(store: &dyn Store, id: AttemptId) -> Result<Recording> {
    let row = attempt_row(store, id)?;
    let (run_id, start) = (row.0.run_id, row.0.start);
    let run = store
        .run(run_id)?
        .with_context(|| format!("read run {run_id}: the store does not know it"))?;
    let test = Builder::new(store, &run, &[Part::Trace(id.into())])?
        .test(vec![row])?
        .with_context(|| format!("read attempt {id}: it is empty"))?;
    let captured = store::recording(store, id.into())?;
    Ok(Recording {
        schema: SCHEMA,
        run: run_id.to_string(),
        test,
        steps: captured
            .spans
            .iter()
            .filter_map(|span| step(span, start))
            .collect(),
        exchanges: captured
            .exchanges()
            .into_iter()
            .map(|call| exchange(call, start))
            .collect(),
        logs: captured
            .logs
            .into_iter()
            .map(|record| log(record, start))
            .collect(),
    })
}

fn step(span: &model::Span, start: Timestamp) -> Option<Step> {
    let kind = span
        .flakescope_type()
        .filter(|kind| matches!(*kind, "hook" | "step"))?;
    let phase = span.attributes.str(attribute::PHASE);
    Some(Step {
        span_id: span.span_id.to_string(),
        kind: kind.to_owned(),
        name: span.name.clone(),
        phase: phase.unwrap_or(Phase::Body.as_str()).to_owned(),
        at_ms: millis(span.start.since(start)),
        duration_ms: span.end.map(|end| millis(end.since(span.start))),
    })
}

pub(super) fn exchange(call: Call, start: Timestamp) -> Exchange {
    let error = call.failure().map(str::to_owned);
    let error_message = call.error.as_ref().map(|error| error.message.clone());
    Exchange {
        span_id: call.span_id.to_string(),
        phase: call.phase.as_str().to_owned(),
        at_ms: millis(call.start.since(start)),
        duration_ms: call.duration().map(millis),
        status: call.status(),
        error,
        error_message,
        timeout_ms: call.timeout.map(millis),
        request: message(call.request_headers, call.request_body),
        response: call
            .response
            .map(|response| message(response.headers, response.body)),
        method: call.method,
        url: call.url,
        mocked: call.mocked,
        websocket: call.websocket.map(websocket),
    }
}

fn websocket(socket: model::WebSocket) -> WebSocket {
    let (code, reason, by) = socket.close.map_or((None, None, None), |close| {
        (Some(close.code), close.reason, close.by)
    });
    WebSocket {
        sent: javascript(socket.sent),
        received: javascript(socket.received),
        close_code: code,
        close_reason: reason,
        closed_by: by.map(|by| by.as_str().to_owned()),
    }
}

fn message(headers: Vec<model::Header>, body: model::Body) -> Message {
    let headers = headers.into_iter().map(|header| Header {
        name: header.name,
        value: header.value,
    });
    Message {
        headers: headers.collect(),
        body: body.text().map(str::to_owned),
        body_size: body.size.map(javascript),
        body_cut: body.truncated,
    }
}

pub(super) fn log(record: model::Log, start: Timestamp) -> Log {
    Log {
        at_ms: millis(record.time.since(start)),
        span_id: record.span_id.map(|id| id.to_string()),
        severity: record.severity,
        severity_text: record.severity_text,
        body: text(&record.body),
    }
}

/// A value as text; what is no text as its structure.
fn text(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Bytes(bytes) => format!("({} bytes)", bytes.len()),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(pairs) => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(key, value)| format!("{key}: {}", text(value)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}
