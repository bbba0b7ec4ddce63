//! A recording as `show` prints it.

use server::document::{Exchange, Gap, Header, Log, Message, Recording, SCHEMA, Step, WebSocket};

use super::documents::established;
use super::parts::{INVOKE, hex};

/// The recording of a throttled test.
pub(crate) fn recording() -> Recording {
    let mut test = established().tests.remove(0);
    test.attempts[0].gaps = vec![Gap {
        kind: "body-cut".into(),
        count: 1,
        details: vec![],
    }];
    let step = |name: &str, phase: &str, at_ms: u64, duration_ms: Option<u64>| Step {
        span_id: hex(7, 16),
        kind: "hook".into(),
        name: name.into(),
        phase: phase.into(),
        at_ms,
        duration_ms,
    };
    let log = |severity: u8, severity_text: &str, body: &str| Log {
        at_ms: 3200,
        span_id: None,
        severity,
        severity_text: severity_text.into(),
        body: body.into(),
    };
    Recording {
        schema: SCHEMA,
        run: "8f2c1a00000000000000000000000001".into(),
        test,
        steps: vec![
            step("\"before each\" hook", "setup", 0, Some(1200)),
            step("\"after each\" hook", "teardown", 13_300, None),
        ],
        exchanges: vec![
            call(
                "0000000000000001",
                "POST",
                "http://127.0.0.1:4000/signup",
                201,
            ),
            call("00f067aa0ba902b7", "POST", INVOKE, 429),
            call(
                "0000000000000003",
                "GET",
                "http://127.0.0.1:4000/insights?fn=71",
                200,
            ),
            Exchange {
                websocket: Some(WebSocket {
                    sent: 1,
                    received: 2,
                    close_code: Some(1011),
                    close_reason: Some("overloaded".into()),
                    closed_by: Some("peer".into()),
                }),
                ..call("0000000000000004", "GET", "http://127.0.0.1:4000/live", 101)
            },
        ],
        logs: vec![
            log(9, "INFO", "invoking fn-71"),
            log(17, "ERROR", "no event for fn-71\n    at worker.js:3\n"),
        ],
    }
}

fn call(span_id: &str, method: &str, url: &str, status: u16) -> Exchange {
    let header = |name: &str, value: &str| Header {
        name: name.into(),
        value: value.into(),
    };
    Exchange {
        span_id: span_id.into(),
        phase: "body".into(),
        at_ms: 3204,
        duration_ms: Some(118),
        method: method.into(),
        url: url.into(),
        status: Some(status),
        error: None,
        error_message: None,
        timeout_ms: None,
        mocked: None,
        websocket: None,
        request: Message {
            headers: vec![
                header("content-type", "application/json"),
                header("authorization", "Bearer [masked:1a2b:0123456789ab]"),
            ],
            body: Some("{\n  \"crash\": true\n}".into()),
            body_size: Some(19),
            body_cut: false,
        },
        response: Some(Message {
            headers: vec![header("retry-after", "1")],
            body: Some("{\"message\":\"Rate Exceeded.\"}".into()),
            body_size: Some(29),
            body_cut: true,
        }),
    }
}
