//! The calls of a recording in order, without headers and bodies.

use anyhow::Result;
use model::{AttemptId, Exchange, Span, attribute};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use super::build::attempt_row;
use super::types::SCHEMA;
use crate::service::Peers;
use crate::time::{javascript, millis};

/// The calls of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallList {
    /// Version of this layout.
    pub schema: u32,
    /// The calls, by start.
    pub calls: Vec<Call>,
}

/// One call in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Call {
    /// Its span.
    pub span_id: String,
    /// From the start of the attempt.
    pub at_ms: u64,
    /// `null` when it never ended.
    pub duration_ms: Option<u64>,
    /// The service that made it.
    pub from: String,
    /// Whom it went to.
    pub peer: String,
    /// The peer's role: `product`, `dependency`, `infrastructure`, `unknown`.
    pub role: String,
    /// The part of the attempt: `setup`, `body`, `teardown`, `after`.
    pub phase: String,
    /// How its test was found: `context`, `only-running-test`, `traceparent`, `link`, `none`; `null` when not said.
    pub attribution: Option<String>,
    /// The method.
    pub method: String,
    /// The whole URL, masked.
    pub url: String,
    /// Host, with the port where it is not the scheme's own.
    pub host: String,
    /// The path.
    pub path: String,
    /// The query, without the question mark.
    pub query: Option<String>,
    /// The status code; `null` when no answer came.
    pub status: Option<u16>,
    /// What went wrong on the network or in the client; of a call of gRPC that failed, its status.
    pub error: Option<String>,
    /// Bytes sent.
    pub request_size: Option<u64>,
    /// Bytes received.
    pub response_size: Option<u64>,
    /// The interceptor that answered instead of the network.
    pub mocked: Option<String>,
    /// The client that made it, as its agent names it: `node:http`, `undici`, `fetch`; `null` when not said.
    pub client: Option<String>,
}

/// The calls of a recording.
///
/// # Errors
/// When the store cannot be read, or does not know the attempt.
pub fn calls(store: &dyn Store, id: AttemptId) -> Result<CallList> {
    let (attempt, _) = attempt_row(store, id)?;
    let peers = Peers::of_run(store, attempt.run_id)?;
    let recording = store::recording(store, id.into())?;
    let calls = recording.spans.iter().filter_map(|span| {
        let call = Exchange::from_span(span)?;
        let peer = peers.peer(&call.host, call.port);
        Some(Call {
            span_id: call.span_id.to_string(),
            at_ms: millis(call.start.since(attempt.start)),
            duration_ms: call.duration().map(millis),
            from: peers.service(&span.resource.attributes),
            peer: peer.name,
            role: peer.role.as_str().to_owned(),
            phase: call.phase.as_str().to_owned(),
            attribution: attribution(span, id),
            host: authority(&call),
            path: call.path().to_owned(),
            query: call.query().map(str::to_owned),
            status: call.status(),
            error: call.failure().map(str::to_owned),
            request_size: call.request_body.size.map(javascript),
            response_size: call
                .response
                .as_ref()
                .and_then(|response| response.body.size)
                .map(javascript),
            method: call.method,
            url: call.url,
            mocked: call.mocked,
            client: span.attributes.str(attribute::CLIENT).map(str::to_owned),
        })
    });
    Ok(CallList {
        schema: SCHEMA,
        calls: calls.collect(),
    })
}

/// How the call's test was found. What an SDK told before the test was known says nothing of it; but it is here, so its
/// trace, or a link of its trace, has led to the test.
fn attribution(span: &Span, test: AttemptId) -> Option<String> {
    let facts = &span.attributes;
    let by_trace = || match span.trace_id == test.into() {
        true => "traceparent",
        false => "link",
    };
    let is_ours = facts.get(attribute::CLIENT).is_some();
    let found = facts.str(attribute::ATTRIBUTION);
    // Nobody's when it was told, and here: it was found at the end that only this test ran.
    let by_time = |found| match found {
        "none" if span.trace_id != test.into() => "only-running-test",
        other => other,
    };
    found
        .map(by_time)
        .or_else(|| (!is_ours).then(by_trace))
        .map(str::to_owned)
}

/// Host and port as the URL has them.
fn authority(call: &Exchange) -> String {
    let usual = match call.url.split_once("://") {
        Some(("https", _)) => 443,
        _ => 80,
    };
    match call.port {
        Some(port) if port != usual => format!("{}:{port}", call.host),
        _ => call.host.clone(),
    }
}
