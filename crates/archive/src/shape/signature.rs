//! The mirrors of what evidence holds besides recordings: signatures, the work of other tests, history, outages.

use model::{
    AttemptId, AttemptStatus, CallSignature, Outage, PastAttempt, Phase, RunId, Signature, SmolStr,
    SpanId, Timestamp, Touch,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::is_false;
use crate::scalar::{Shape, hex, list, one, option};

shapes! {
    SignatureShape for Signature;
    CallShape for CallSignature;
    TouchShape for Touch;
    PastShape for PastAttempt;
    OutageShape for Outage;
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Signature")]
struct SignatureShape {
    #[serde(rename = "attempt", with = "one")]
    attempt_id: AttemptId,
    #[serde(rename = "run", with = "one")]
    run_id: RunId,
    #[serde(with = "one")]
    start: Timestamp,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    calls: Vec<CallSignature>,
    #[serde(default, skip_serializing_if = "is_zero")]
    left_out: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CallSignature")]
struct CallShape {
    #[serde(rename = "span", with = "one")]
    span_id: SpanId,
    #[serde(with = "one")]
    start: Timestamp,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    #[serde(with = "one", default = "body", skip_serializing_if = "is_body")]
    phase: Phase,
    #[serde(default, skip_serializing_if = "is_false")]
    in_fixture: bool,
    #[serde(default)]
    peer: SmolStr,
    #[serde(default)]
    host: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    method: SmolStr,
    path: SmolStr,
    template: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<SmolStr>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ids: Vec<SmolStr>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    made: Vec<SmolStr>,
    #[serde(with = "hex")]
    request: u64,
    #[serde(with = "hex")]
    reply: u64,
    outcome: SmolStr,
    #[serde(default, skip_serializing_if = "is_false")]
    fine: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    refused: bool,
    #[serde(default = "once", skip_serializing_if = "is_once")]
    tries: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credential: Option<SmolStr>,
    #[serde(default, skip_serializing_if = "is_false")]
    writes: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    mocked: bool,
}

fn body() -> Phase {
    Phase::Body
}

fn is_body(phase: &Phase) -> bool {
    *phase == Phase::Body
}

fn once() -> u32 {
    1
}

fn is_once(tries: &u32) -> bool {
    *tries == 1
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Touch")]
struct TouchShape {
    #[serde(rename = "attempt", with = "one")]
    attempt_id: AttemptId,
    test: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    worker: Option<SmolStr>,
    #[serde(with = "one")]
    call: CallSignature,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PastAttempt")]
struct PastShape {
    #[serde(rename = "attempt", with = "one")]
    attempt_id: AttemptId,
    #[serde(rename = "run", with = "one")]
    run_id: RunId,
    #[serde(with = "one")]
    status: AttemptStatus,
    #[serde(with = "one")]
    start: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Outage")]
struct OutageShape {
    peer: String,
    #[serde(with = "one")]
    from: Timestamp,
    #[serde(with = "one")]
    to: Timestamp,
    refused: u64,
    calls: u64,
    attempts: u64,
    #[serde(default, skip_serializing_if = "is_false")]
    from_the_start: bool,
}
