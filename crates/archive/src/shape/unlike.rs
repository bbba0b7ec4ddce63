//! The mirror of how a passing attempt is not like the other passes.

use model::{AttemptId, Oddity, OddityKind, SpanId, Unlike};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::{Shape, list, one, option};

shapes! {
    UnlikeShape for Unlike;
    OddityShape for Oddity;
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Unlike")]
struct UnlikeShape {
    passes: u64,
    #[serde(with = "one")]
    nearest: AttemptId,
    summary: String,
    #[serde(with = "list")]
    oddities: Vec<Oddity>,
    #[serde(default)]
    left_out: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Oddity")]
struct OddityShape {
    #[serde(with = "one")]
    kind: OddityKind,
    call: String,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<u64>,
    #[serde(
        rename = "span",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    span_id: Option<SpanId>,
    #[serde(
        rename = "other_span",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    other_span_id: Option<SpanId>,
}
