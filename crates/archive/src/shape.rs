//! The written shapes of the nouns: one private mirror each, held against the model by the compiler.
//!
//! Absent optional fields and unknown keys are no error, so that files of other versions can be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Event, Exit, Failure, Gap, GapKind,
    Link, Listener, Log, NotRun, PeerDeclaration, Phase, Resource, Role, Run, RunId, RunState,
    Sighting, Span, SpanId, SpanKind, SpanStatus, StatusCode, Test, TestId, Timestamp, TraceId,
    Value,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::{Shape, list, one, option};

macro_rules! shapes {
    ($($mirror:ident for $type:ty;)+) => {
        $(impl Shape for $type {
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $mirror::serialize(self, serializer)
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $mirror::deserialize(deserializer)
            }
        })+
    };
}

mod diagnosis;
mod signature;
mod unlike;

shapes! {
    RunShape for Run;
    ExitShape for Exit;
    PeerShape for PeerDeclaration;
    TestShape for Test;
    AttemptShape for Attempt;
    FailureShape for Failure;
    NotRunShape for NotRun;
    SpanShape for Span;
    StatusShape for SpanStatus;
    EventShape for Event;
    LinkShape for Link;
    LogShape for Log;
    GapShape for Gap;
    ListenerShape for Listener;
    SightingShape for Sighting;
    ResourceShape for Resource;
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Run")]
struct RunShape {
    #[serde(with = "one")]
    id: RunId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default)]
    project: String,
    #[serde(default)]
    command: Vec<String>,
    #[serde(with = "one")]
    started: Timestamp,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    ended: Option<Timestamp>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    exit: Option<Exit>,
    #[serde(with = "one")]
    state: RunState,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    peers: Vec<PeerDeclaration>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    parent: Option<RunId>,
    #[serde(default)]
    recorder_version: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Exit", rename_all = "lowercase")]
enum ExitShape {
    Code(i32),
    Signal(i32),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PeerDeclaration")]
struct PeerShape {
    name: String,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    process: Option<String>,
    #[serde(with = "one")]
    role: Role,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Test")]
struct TestShape {
    #[serde(default)]
    project: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    suite: Vec<String>,
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    parameters: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    configuration: String,
    #[serde(default = "first")]
    ordinal: u32,
}

fn first() -> u32 {
    1
}

fn unknown_test() -> TestId {
    TestId([0; TestId::BYTES])
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Attempt")]
struct AttemptShape {
    #[serde(with = "one")]
    id: AttemptId,
    #[serde(rename = "run", with = "one")]
    run_id: RunId,
    /// Zero when absent; whoever reads it with its test fills it in.
    #[serde(with = "one", default = "unknown_test")]
    test_id: TestId,
    #[serde(with = "one")]
    kind: AttemptKind,
    #[serde(default = "first")]
    number: u32,
    #[serde(with = "one")]
    status: AttemptStatus,
    #[serde(default, skip_serializing_if = "is_false")]
    retried: bool,
    #[serde(rename = "root", with = "one")]
    root_span_id: SpanId,
    #[serde(with = "one")]
    start: Timestamp,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    worker: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<u64>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    skip_reason: Option<String>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    not_run: Option<NotRun>,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    fixtures: Vec<TraceId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "NotRun")]
struct NotRunShape {
    count: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tests: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Failure")]
struct FailureShape {
    #[serde(rename = "type", default)]
    error_type: String,
    #[serde(default)]
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stack: Option<String>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actual: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Span")]
struct SpanShape {
    #[serde(rename = "trace", with = "one")]
    trace_id: TraceId,
    #[serde(rename = "id", with = "one")]
    span_id: SpanId,
    #[serde(
        rename = "parent",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    parent_span_id: Option<SpanId>,
    #[serde(default)]
    name: String,
    #[serde(with = "one", default)]
    kind: SpanKind,
    #[serde(with = "one")]
    start: Timestamp,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    #[serde(
        rename = "attrs",
        with = "one",
        default,
        skip_serializing_if = "Attributes::is_empty"
    )]
    attributes: Attributes,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    events: Vec<Event>,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
    #[serde(with = "one", default, skip_serializing_if = "is_unset")]
    status: SpanStatus,
    /// Written as an index; see `lines`.
    #[serde(skip)]
    resource: Arc<Resource>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SpanStatus")]
struct StatusShape {
    #[serde(with = "one", default)]
    code: StatusCode,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    message: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Event")]
struct EventShape {
    #[serde(default)]
    name: String,
    #[serde(with = "one")]
    time: Timestamp,
    #[serde(
        rename = "attrs",
        with = "one",
        default,
        skip_serializing_if = "Attributes::is_empty"
    )]
    attributes: Attributes,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Link")]
struct LinkShape {
    #[serde(rename = "trace", with = "one")]
    trace_id: TraceId,
    #[serde(rename = "id", with = "one")]
    span_id: SpanId,
    #[serde(
        rename = "attrs",
        with = "one",
        default,
        skip_serializing_if = "Attributes::is_empty"
    )]
    attributes: Attributes,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Resource")]
struct ResourceShape {
    #[serde(rename = "attrs", with = "one", default)]
    attributes: Attributes,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Log")]
struct LogShape {
    #[serde(
        rename = "trace",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    trace_id: Option<TraceId>,
    #[serde(
        rename = "span",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    span_id: Option<SpanId>,
    #[serde(with = "one")]
    time: Timestamp,
    #[serde(default)]
    severity: u8,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    severity_text: String,
    #[serde(with = "one")]
    body: Value,
    #[serde(
        rename = "attrs",
        with = "one",
        default,
        skip_serializing_if = "Attributes::is_empty"
    )]
    attributes: Attributes,
    /// Written as an index; see `lines`.
    #[serde(skip)]
    resource: Arc<Resource>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Gap")]
struct GapShape {
    #[serde(rename = "run", with = "one")]
    run_id: RunId,
    #[serde(
        rename = "trace",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    trace_id: Option<TraceId>,
    #[serde(
        rename = "span",
        with = "option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    span_id: Option<SpanId>,
    #[serde(with = "one")]
    kind: GapKind,
    count: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Listener")]
struct ListenerShape {
    host: String,
    port: u16,
    #[serde(with = "one")]
    time: Timestamp,
    open: bool,
    pid: u32,
    #[serde(default)]
    service: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    program: String,
    #[serde(default)]
    runs_tests: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Sighting")]
struct SightingShape {
    fingerprint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    attempts: u32,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_unset(status: &SpanStatus) -> bool {
    *status == SpanStatus::default()
}
