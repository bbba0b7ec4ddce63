//! When what happened within a call, as the consecutive parts that HAR wants.

use std::time::Duration;

use model::{Exchange, Timestamp};
use serde::Serialize;

/// Milliseconds that each part took; -1 where it is not known or did not happen. `send`, `wait` and `receive` must not
/// be -1: what cannot be told apart counts to the part that is known to have been reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Timings {
    blocked: f64,
    dns: f64,
    /// From the start to connected, with the look-up of the name and TLS.
    connect: f64,
    send: f64,
    wait: f64,
    receive: f64,
    ssl: f64,
}

impl Timings {
    /// The times of a call. One that never ended lasted at least until its attempt did, which is `until`.
    pub(super) fn of(call: &Exchange, until: Option<Timestamp>) -> Self {
        let mut reached = Duration::ZERO;
        let mut part = |until: Option<Duration>| {
            let until = until?.max(reached);
            let took = until - reached;
            reached = until;
            Some(millis(took))
        };
        let connect = part(call.connected_after);
        let send = part(call.sent_after);
        let wait = part(call.first_byte_after);
        let awaited = until.filter(|until| *until > call.start);
        let rest = part(
            call.duration()
                .or(awaited.map(|until| until.since(call.start))),
        );
        // Without an answer's head all that is left was spent waiting for it.
        let (wait, receive) = match (wait, rest) {
            (Some(wait), rest) => (wait, rest),
            (None, rest) => (rest.unwrap_or(0.0), None),
        };
        Self {
            blocked: -1.0,
            dns: -1.0,
            connect: connect.unwrap_or(-1.0),
            send: send.unwrap_or(0.0),
            wait,
            receive: receive.unwrap_or(0.0),
            ssl: -1.0,
        }
    }

    /// The whole, which is what `time` of an entry has to be.
    pub(super) fn sum(&self) -> f64 {
        let parts = [self.connect, self.send, self.wait, self.receive];
        // A sum of nothing would be -0.
        let micros = parts
            .iter()
            .filter(|part| **part > 0.0)
            .fold(0.0, |sum, part| sum + (part * 1000.0).round());
        micros / 1000.0
    }
}

/// Milliseconds with microseconds behind the point.
fn millis(duration: Duration) -> f64 {
    let micros = u32::try_from(duration.as_micros()).unwrap_or(u32::MAX);
    f64::from(micros) / 1000.0
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Attributes, Resource, Span, SpanId, SpanKind, SpanStatus, TraceId, Value};

    use super::*;

    /// Offsets in milliseconds: connected, sent, first byte, end.
    fn call(offsets: [Option<i64>; 4]) -> Exchange {
        const MILLI: i64 = 1_000_000;
        let [connected, sent, first_byte, end] = offsets;
        let mut attributes = Attributes::default();
        attributes.set("http.request.method", Value::from("GET"));
        let known = [
            (model::attribute::CONNECT_OFFSET, connected),
            (model::attribute::REQUEST_OFFSET, sent),
            (model::attribute::FIRST_BYTE_OFFSET, first_byte),
        ];
        for (key, offset) in known {
            if let Some(offset) = offset {
                attributes.set(key, Value::Int(offset * MILLI));
            }
        }
        let span = Span {
            trace_id: TraceId([1; 16]),
            span_id: SpanId([1; 8]),
            parent_span_id: None,
            name: String::new(),
            kind: SpanKind::Client,
            start: Timestamp(0),
            end: end.map(|end| Timestamp(end * MILLI)),
            attributes,
            events: vec![],
            links: vec![],
            status: SpanStatus::default(),
            resource: Arc::new(Resource::default()),
        };
        Exchange::from_span(&span).unwrap()
    }

    #[test]
    fn parts_follow_each_other() {
        /// Connect, send, wait, receive.
        fn check(offsets: [Option<i64>; 4], expected: [f64; 4]) {
            let timings = Timings::of(&call(offsets), None);
            let [connect, send, wait, receive] = expected;
            let expected = Timings {
                blocked: -1.0,
                dns: -1.0,
                connect,
                send,
                wait,
                receive,
                ssl: -1.0,
            };
            assert_eq!(timings, expected, "{offsets:?}");
            let last = offsets.into_iter().flatten().max().unwrap_or(0);
            let last = f64::from(i32::try_from(last).unwrap());
            assert!((timings.sum() - last).abs() < f64::EPSILON, "{offsets:?}");
        }
        let all = [Some(10), Some(12), Some(40), Some(50)];
        check(all, [10.0, 2.0, 28.0, 10.0]);
        check([None, Some(2), Some(40), Some(50)], [-1.0, 2.0, 38.0, 10.0]);
        check([None, None, None, Some(50)], [-1.0, 0.0, 50.0, 0.0]);
        check([Some(10), Some(12), None, Some(50)], [10.0, 2.0, 38.0, 0.0]);
        check([Some(10), Some(12), None, None], [10.0, 2.0, 0.0, 0.0]);
        check([None, None, None, None], [-1.0, 0.0, 0.0, 0.0]);
        // A clock that went back: no part is negative.
        check([Some(10), Some(5), Some(8), Some(9)], [10.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_call_that_never_ended_lasts_until_its_attempt_does() {
        fn check(offsets: [Option<i64>; 4], until: i64, expected: f64) {
            let until = Some(Timestamp(until * 1_000_000));
            let sum = Timings::of(&call(offsets), until).sum();
            assert!((sum - expected).abs() < f64::EPSILON, "{offsets:?}: {sum}");
        }
        check([Some(10), Some(12), None, None], 90, 90.0);
        check([Some(10), Some(12), Some(20), None], 90, 90.0);
        check([None; 4], 90, 90.0);
        // It began when its attempt was over.
        check([Some(10), None, None, None], -5, 10.0);
        check([Some(10), Some(12), None, Some(50)], 90, 50.0);
    }
}
