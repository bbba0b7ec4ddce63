//! Arbitrary values of the model, hostile ones included: values and the records of a recording.

mod diagnosis;
mod files;
mod signature;
mod unlike;

use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Event, Exit, Failure, Gap, GapKind,
    Link, Listener, Log, NotRun, PeerDeclaration, Phase, Resource, Role, Run, RunId, RunState,
    Span, SpanId, SpanKind, SpanStatus, StatusCode, Test, TestId, Timestamp, TraceId, Value,
};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) use diagnosis::diagnosis;
pub(crate) use files::{bundle, evidence};
pub(crate) use unlike::unlike;

/// Any text, and with good odds one that could break a line, a key or an escape.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let hostile = [
        "",
        "\n",
        "\r\n",
        "\u{2028}",
        "\0",
        "$bytes",
        "$map",
        "$int",
        "$double",
        "t",
        "\"}\n{\"t\":\"span\"}",
        "\u{1b}[31m",
        "::error::",
        "🦀",
        "NaN",
        "</script>",
    ];
    prop_oneof![any::<String>(), select(hostile.map(str::to_owned).to_vec())]
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let doubles = select(vec![
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        -0.0,
        1.0,
        1e300,
        f64::MIN_POSITIVE,
    ]);
    let integers = select(vec![i64::MIN, i64::MAX, 1 << 53, (1 << 53) - 1, -(1 << 53)]);
    let leaf = prop_oneof![
        Just(Value::Empty),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        integers.prop_map(Value::Int),
        any::<f64>().prop_map(Value::Double),
        doubles.prop_map(Value::Double),
        text().prop_map(Value::String),
        vec(any::<u8>(), 0..8).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((text(), inner), 0..4).prop_map(Value::Map),
        ]
    })
}

fn attributes() -> impl Strategy<Value = Attributes> {
    vec((text(), value()), 0..4).prop_map(|pairs| pairs.into_iter().collect())
}

fn resource() -> impl Strategy<Value = Arc<Resource>> {
    attributes().prop_map(|attributes| Arc::new(Resource { attributes }))
}

fn run_id() -> impl Strategy<Value = RunId> {
    any::<[u8; 16]>().prop_map(RunId)
}

fn trace_id() -> impl Strategy<Value = TraceId> {
    any::<[u8; 16]>().prop_map(TraceId)
}

fn span_id() -> impl Strategy<Value = SpanId> {
    any::<[u8; 8]>().prop_map(SpanId)
}

fn time() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp)
}

pub(crate) fn span() -> impl Strategy<Value = Span> {
    let event = (text(), time(), attributes());
    let event = event.prop_map(|(name, time, attributes)| Event {
        name,
        time,
        attributes,
    });
    let link = (trace_id(), span_id(), attributes());
    let link = link.prop_map(|(trace_id, span_id, attributes)| Link {
        trace_id,
        span_id,
        attributes,
    });
    let status = (0..3i64, text()).prop_map(|(code, message)| SpanStatus {
        code: StatusCode::from_number(code),
        message,
    });
    let head = (
        trace_id(),
        span_id(),
        of(span_id()),
        text(),
        0..6i64,
        time(),
        of(time()),
    );
    let parts = (
        attributes(),
        vec(event, 0..3),
        vec(link, 0..3),
        status,
        resource(),
    );
    (head, parts).prop_map(|(head, parts)| Span {
        trace_id: head.0,
        span_id: head.1,
        parent_span_id: head.2,
        name: head.3,
        kind: SpanKind::from_number(head.4),
        start: head.5,
        end: head.6,
        attributes: parts.0,
        events: parts.1,
        links: parts.2,
        status: parts.3,
        resource: parts.4,
    })
}

pub(crate) fn log() -> impl Strategy<Value = Log> {
    let head = (of(trace_id()), of(span_id()), time(), any::<u8>(), text());
    (head, value(), attributes(), resource()).prop_map(|(head, body, attributes, resource)| Log {
        trace_id: head.0,
        span_id: head.1,
        time: head.2,
        severity: head.3,
        severity_text: head.4,
        body,
        attributes,
        resource,
    })
}

fn gap() -> impl Strategy<Value = Gap> {
    let ids = (run_id(), of(trace_id()), of(span_id()));
    (ids, select(GapKind::ALL), any::<u64>(), of(text())).prop_map(|(ids, kind, count, detail)| {
        Gap {
            run_id: ids.0,
            trace_id: ids.1,
            span_id: ids.2,
            kind,
            count,
            detail,
        }
    })
}

fn peer() -> impl Strategy<Value = PeerDeclaration> {
    let role = select(vec![
        Role::Product,
        Role::Dependency,
        Role::Infrastructure,
        Role::Unknown,
    ]);
    let parts = (text(), vec(text(), 0..3), of(text()), role);
    parts.prop_map(|(name, hosts, process, role)| PeerDeclaration {
        name,
        hosts,
        process,
        role,
    })
}

fn exit() -> impl Strategy<Value = Exit> {
    prop_oneof![
        any::<i32>().prop_map(Exit::Code),
        any::<i32>().prop_map(Exit::Signal)
    ]
}

fn run() -> impl Strategy<Value = Run> {
    let state = select(vec![
        RunState::Recording,
        RunState::Sealed,
        RunState::Interrupted,
        RunState::Recovered,
    ]);
    let head = (
        run_id(),
        of(text()),
        text(),
        vec(text(), 0..3),
        time(),
        of(time()),
    );
    let tail = (
        of(exit()),
        state,
        btree_map(text(), text(), 0..3),
        vec(peer(), 0..3),
        of(run_id()),
        text(),
    );
    (head, tail).prop_map(|(head, tail)| Run {
        id: head.0,
        name: head.1,
        project: head.2,
        command: head.3,
        started: head.4,
        ended: head.5,
        exit: tail.0,
        state: tail.1,
        tags: tail.2,
        peers: tail.3,
        parent: tail.4,
        recorder_version: tail.5,
    })
}

fn test() -> impl Strategy<Value = Test> {
    (
        text(),
        text(),
        vec(text(), 0..3),
        text(),
        text(),
        text(),
        any::<u32>(),
    )
        .prop_map(|parts| Test {
            project: parts.0,
            file: parts.1,
            suite: parts.2,
            name: parts.3,
            parameters: parts.4,
            configuration: parts.5,
            ordinal: parts.6,
        })
}

fn failure() -> impl Strategy<Value = Failure> {
    let phase = select(vec![
        Phase::Setup,
        Phase::Body,
        Phase::Teardown,
        Phase::After,
    ]);
    (
        text(),
        text(),
        of(text()),
        of(phase),
        of(text()),
        of(text()),
    )
        .prop_map(|parts| Failure {
            error_type: parts.0,
            message: parts.1,
            stack: parts.2,
            phase: parts.3,
            expected: parts.4,
            actual: parts.5,
        })
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let kind = select(vec![AttemptKind::Test, AttemptKind::Fixture]);
    let status = select(vec![
        AttemptStatus::Passed,
        AttemptStatus::Failed,
        AttemptStatus::Skipped,
        AttemptStatus::Unfinished,
    ]);
    // A test id of zero means that there is none.
    let ids = (any::<[u8; 16]>(), run_id(), any::<[u8; 15]>(), span_id());
    let head = (
        kind,
        any::<u32>(),
        status,
        any::<bool>(),
        time(),
        of(time()),
        of(any::<u32>()),
    );
    let tail = (
        of(text()),
        of(any::<u64>()),
        of(failure()),
        of(text()),
        of(not_run()),
        vec(trace_id(), 0..3),
    );
    (ids, head, tail, btree_map(text(), text(), 0..3)).prop_map(|(ids, head, tail, tags)| Attempt {
        id: AttemptId(ids.0),
        run_id: ids.1,
        test_id: TestId(std::array::from_fn(
            |at| if at == 0 { 1 } else { ids.2[at - 1] },
        )),
        root_span_id: ids.3,
        kind: head.0,
        number: head.1,
        status: head.2,
        retried: head.3,
        start: head.4,
        end: head.5,
        line: head.6,
        worker: tail.0,
        timeout_ms: tail.1,
        failure: tail.2,
        skip_reason: tail.3,
        not_run: tail.4,
        fixtures: tail.5,
        tags,
    })
}

fn not_run() -> impl Strategy<Value = NotRun> {
    (any::<u64>(), vec(text(), 0..3)).prop_map(|(count, tests)| NotRun { count, tests })
}

fn listener() -> impl Strategy<Value = Listener> {
    let head = (text(), any::<u16>(), time(), any::<bool>());
    let process = (any::<u32>(), text(), text(), any::<bool>());
    (head, process).prop_map(|(head, process)| Listener {
        host: head.0,
        port: head.1,
        time: head.2,
        open: head.3,
        pid: process.0,
        service: process.1,
        program: process.2,
        runs_tests: process.3,
    })
}
