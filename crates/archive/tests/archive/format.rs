//! The text that is written: a change here is a change of `protocol/archive.md`.

use std::sync::Arc;

use archive::recording::{self, Bundle, Home};
use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Exit, Gap, GapKind, Listener, PeerDeclaration,
    Resource, Role, Run, RunId, RunState, Span, SpanId, SpanKind, Test, Timestamp, TraceId, Value,
};

#[test]
fn the_text_of_a_recording() {
    let text = recording::encode_text(&bundle()).unwrap();
    insta::assert_snapshot!(String::from_utf8(text).unwrap());
}

/// The example of the page is read without a problem, so the page is true.
#[test]
fn the_example_of_the_page_can_be_read() {
    let page = include_str!("../../../../protocol/archive.md");
    let example = page.split("```jsonl\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let (bundle, problems) = recording::decode(example.as_bytes()).unwrap();
    assert_eq!(problems, []);
    let (attempt, test) = &bundle.attempts[0];
    assert_eq!(attempt.test_id, test.id());
    let recording = bundle.recording(attempt.id.into());
    let exchanges = recording.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].status(), Some(429));
    assert_eq!(
        recording.spans[0].resource.attributes.str("service.name"),
        Some("shop")
    );
}

/// The spans of a service have a trace of their own, and are part of the recording all the same.
#[test]
fn linked_traces_are_part_of_a_recording() {
    let text = recording::encode_text(&bundle()).unwrap();
    let (read, problems) = recording::decode(&text).unwrap();
    assert_eq!(problems, []);
    let check = |trace: u8, expected: &[u8]| {
        let spans = read.recording(TraceId([trace; 16])).spans;
        let found: Vec<u8> = spans.iter().map(|span| span.span_id.0[0]).collect();
        assert_eq!(found, expected, "{trace:x}");
    };
    check(0xb2, &[0xc3, 0xd4]);
    check(0xe5, &[]);
}

/// Part of the recording, by a link.
fn linked(run: RunId) -> Home {
    Home {
        run,
        recording: Some(TraceId([0xb2; 16])),
    }
}

fn of_a_service() -> Span {
    Span {
        trace_id: TraceId([0xe5; 16]),
        span_id: SpanId([0xd4; 8]),
        name: "GET /orders".into(),
        kind: SpanKind::Server,
        attributes: Default::default(),
        ..span()
    }
}

fn bundle() -> Bundle {
    let run_id = RunId([0xa1; 16]);
    let test = Test {
        project: "shop".into(),
        file: "test/orders.js".into(),
        suite: vec!["orders".into()],
        name: "are placed".into(),
        ordinal: 1,
        ..Test::default()
    };
    Bundle {
        runs: vec![run(run_id)],
        attempts: vec![(attempt(run_id, &test), test)],
        spans: vec![
            (Home::own(run_id), span()),
            (linked(run_id), of_a_service()),
        ],
        logs: vec![],
        gaps: vec![Gap {
            run_id,
            trace_id: Some(TraceId([0xb2; 16])),
            span_id: None,
            kind: GapKind::BodyCut,
            count: 2,
            detail: None,
        }],
        listeners: vec![(
            run_id,
            Listener {
                host: "127.0.0.1".into(),
                port: 4566,
                time: Timestamp(3),
                open: true,
                pid: 41,
                service: "api".into(),
                program: "/p/api.js".into(),
                runs_tests: false,
            },
        )],
        diagnoses: vec![],
    }
}

fn run(id: RunId) -> Run {
    Run {
        id,
        name: None,
        project: "shop".into(),
        command: vec!["npx".into(), "mocha".into()],
        started: Timestamp(1_795_000_000_000_000_000),
        ended: None,
        exit: Some(Exit::Code(1)),
        state: RunState::Sealed,
        tags: [("user.name".to_owned(), "ada".to_owned())].into(),
        peers: vec![PeerDeclaration {
            name: "Orders API".into(),
            hosts: vec!["*.example.org".into()],
            process: None,
            role: Role::Dependency,
        }],
        parent: None,
        recorder_version: "0.1.0".into(),
    }
}

fn attempt(run_id: RunId, test: &Test) -> Attempt {
    Attempt {
        id: AttemptId([0xb2; 16]),
        run_id,
        test_id: test.id(),
        kind: AttemptKind::Test,
        number: 1,
        status: AttemptStatus::Failed,
        retried: false,
        root_span_id: SpanId([0xc3; 8]),
        start: Timestamp(1),
        end: Some(Timestamp(2)),
        line: Some(7),
        worker: None,
        timeout_ms: Some(2000),
        failure: Some(model::Failure {
            error_type: "AssertionError".into(),
            message: "429 == 200".into(),
            ..model::Failure::default()
        }),
        skip_reason: None,
        not_run: None,
        fixtures: vec![],
        tags: [].into(),
    }
}

fn span() -> Span {
    let attributes = [
        ("bytes", Value::Bytes(vec![0, 1, 255])),
        ("double", Value::Double(0.5)),
        ("empty", Value::Empty),
        ("large", Value::Int(i64::MAX)),
        ("map", Value::Map(vec![("k".into(), Value::Bool(true))])),
        (
            "map twice",
            Value::Map(vec![
                ("k".into(), Value::Int(1)),
                ("k".into(), Value::Int(2)),
            ]),
        ),
        ("nan", Value::Double(f64::NAN)),
        ("whole double", Value::Double(1.0)),
    ];
    Span {
        trace_id: TraceId([0xb2; 16]),
        span_id: SpanId([0xc3; 8]),
        parent_span_id: None,
        name: "orders are placed".into(),
        kind: SpanKind::Internal,
        start: Timestamp(1),
        end: Some(Timestamp(2)),
        attributes: attributes.into_iter().collect(),
        events: vec![],
        links: vec![],
        status: Default::default(),
        resource: Arc::new(Resource {
            attributes: [("service.name", "shop")].into_iter().collect(),
        }),
    }
}
