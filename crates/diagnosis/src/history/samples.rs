//! Small signatures for tests.

use model::{AttemptId, CallSignature, Phase, RunId, Signature, SpanId, Timestamp};

/// A call of the peer `api` that took 100 ms, such as `GET /stock`, and how it came out.
pub(super) fn call(request: &str, outcome: &str) -> CallSignature {
    let (method, template) = request.split_once(' ').unwrap_or((request, "/"));
    CallSignature {
        span_id: SpanId([1; 8]),
        start: Timestamp(0),
        end: Some(Timestamp(100_000_000)),
        phase: Phase::Body,
        in_fixture: false,
        peer: "api".into(),
        host: "127.0.0.1".into(),
        port: Some(4000),
        method: method.into(),
        path: template.into(),
        template: template.into(),
        operation: None,
        ids: vec![],
        made: vec![],
        request: 1,
        reply: 1,
        outcome: outcome.into(),
        fine: outcome.starts_with('2'),
        refused: outcome.starts_with(['5', 'E']) || outcome.starts_with("429"),
        tries: 1,
        credential: None,
        writes: method != "GET",
        mocked: false,
    }
}

pub(super) fn recording(calls: Vec<CallSignature>) -> Signature {
    Signature {
        attempt_id: AttemptId([1; 16]),
        run_id: RunId([1; 16]),
        start: Timestamp(0),
        end: Some(Timestamp(1_000_000_000)),
        left_out: 0,
        calls,
    }
}
