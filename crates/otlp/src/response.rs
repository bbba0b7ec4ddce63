//! What an exporter is answered.

use prost::encoding::{bytes, int32, int64, string};

use crate::{Encoding, Signal, json_text};

/// What was not taken of a request. The exporter must not send it again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartialSuccess {
    /// Records that were rejected.
    pub rejected: u64,
    /// Why, for people. With nothing rejected it is a warning.
    pub message: String,
}

/// The body of the answer to a request that was taken; without a partial success it says only that.
#[must_use]
pub fn success(encoding: Encoding, signal: Signal, partial: Option<&PartialSuccess>) -> Vec<u8> {
    match encoding {
        Encoding::Protobuf => protobuf(partial),
        Encoding::Json => json(signal, partial).into_bytes(),
    }
}

/// The body of an answer that refuses a request: a `google.rpc.Status`, whose code is of gRPC's (3 for an argument that
/// is wrong, 8 for too much, 14 for try again).
#[must_use]
pub fn refusal(encoding: Encoding, code: u8, message: &str) -> Vec<u8> {
    match encoding {
        Encoding::Protobuf => {
            // `Status` is `int32 code = 1; string message = 2;`, which the status of a span is not.
            let mut body = Vec::new();
            int32::encode(1, &i32::from(code), &mut body);
            string::encode(2, &message.to_owned(), &mut body);
            body
        }
        Encoding::Json => {
            let mut body = format!("{{\"code\":{code},\"message\":");
            json_text::string(&mut body, message);
            body.push('}');
            body.into_bytes()
        }
    }
}

/// The answers to all signals have the same numbers on the wire: `partial_success = 1`, and in it
/// `int64 rejected_* = 1; string error_message = 2;`.
fn protobuf(partial: Option<&PartialSuccess>) -> Vec<u8> {
    let mut body = Vec::new();
    if let Some(partial) = partial {
        let rejected = i64::try_from(partial.rejected).unwrap_or(i64::MAX);
        let mut message = Vec::new();
        int64::encode(1, &rejected, &mut message);
        string::encode(2, &partial.message, &mut message);
        bytes::encode(1, &message, &mut body);
    }
    body
}

fn json(signal: Signal, partial: Option<&PartialSuccess>) -> String {
    let Some(partial) = partial else {
        return "{}".to_owned();
    };
    let rejected = match signal {
        Signal::Traces => "rejectedSpans",
        Signal::Logs => "rejectedLogRecords",
        Signal::Metrics => "rejectedDataPoints",
    };
    let mut body = format!(
        "{{\"partialSuccess\":{{\"{rejected}\":\"{}\",\"errorMessage\":",
        partial.rejected
    );
    json_text::string(&mut body, &partial.message);
    body.push_str("}}");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_says_what_was_rejected() {
        let partial = PartialSuccess {
            rejected: 3,
            message: "2 without \"id\"".to_owned(),
        };
        let json =
            |signal, partial| String::from_utf8(success(Encoding::Json, signal, partial)).unwrap();
        assert_eq!(json(Signal::Traces, None), "{}");
        assert_eq!(
            json(Signal::Traces, Some(&partial)),
            r#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"2 without \"id\""}}"#
        );
        assert!(json(Signal::Logs, Some(&partial)).contains("rejectedLogRecords"));
        assert!(json(Signal::Metrics, Some(&partial)).contains("rejectedDataPoints"));
        assert_eq!(success(Encoding::Protobuf, Signal::Logs, None), b"");
        assert_eq!(
            success(Encoding::Protobuf, Signal::Logs, Some(&partial)),
            b"\x0a\x12\x08\x03\x12\x0e2 without \"id\""
        );
    }

    #[test]
    fn a_refusal_is_a_status() {
        assert_eq!(
            refusal(Encoding::Json, 3, "not \"OTLP\"\n"),
            br#"{"code":3,"message":"not \"OTLP\"\n"}"#
        );
        assert_eq!(refusal(Encoding::Protobuf, 3, "no"), b"\x08\x03\x12\x02no");
    }
}
