//! What an exporter is told: success or refusal, in the encoding of its request.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use otlp::response::{self, PartialSuccess};
use otlp::{Encoding, Signal};

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No token, or a wrong one.
    Unknown,
    /// Neither protobuf nor JSON, or a content coding that is not understood.
    UnknownType,
    /// Longer than the limit.
    TooLong,
    /// It cannot be read.
    Malformed,
    /// It can be sent again a little later.
    Busy,
    /// It could not be kept; it can be sent again.
    NotKept,
}

impl Refusal {
    /// The status, the code of gRPC that says the same, and words.
    fn words(self) -> (StatusCode, u8, &'static str) {
        match self {
            Self::Unknown => (
                StatusCode::UNAUTHORIZED,
                16,
                "show the token: `Authorization: Bearer TOKEN`, or `x-flakescope-token: TOKEN`",
            ),
            Self::UnknownType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                3,
                "send application/x-protobuf or application/json, plain or as gzip, deflate or zstd",
            ),
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                8,
                "the request is longer than 64 MiB",
            ),
            Self::Malformed => (StatusCode::BAD_REQUEST, 3, "the request cannot be read"),
            Self::Busy => (
                StatusCode::TOO_MANY_REQUESTS,
                8,
                "too much at once; send it again",
            ),
            Self::NotKept => (
                StatusCode::SERVICE_UNAVAILABLE,
                14,
                "the store cannot be written; send it again",
            ),
        }
    }

    fn can_be_sent_again(self) -> bool {
        matches!(self, Self::Busy | Self::NotKept)
    }
}

/// The answer to a request that was taken.
pub(super) fn success(
    encoding: Encoding,
    signal: Signal,
    partial: Option<&PartialSuccess>,
) -> Response<Body> {
    let body = response::success(encoding, signal, partial);
    answer(StatusCode::OK, encoding, body)
}

/// The answer to a request that was not.
pub(super) fn refusal(encoding: Encoding, refusal: Refusal) -> Response<Body> {
    let (status, code, words) = refusal.words();
    let body = response::refusal(encoding, code, words);
    let mut answer = answer(status, encoding, body);
    if refusal.can_be_sent_again() {
        let headers = answer.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    answer
}

fn answer(status: StatusCode, encoding: Encoding, body: Vec<u8>) -> Response<Body> {
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    let content_type = HeaderValue::from_static(encoding.content_type());
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}
