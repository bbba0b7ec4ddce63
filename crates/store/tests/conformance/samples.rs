//! Small values to put into a store.

use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Cause, Confidence, Diagnosis, Gap,
    GapKind, Listener, Log, Owner, Resource, Run, RunId, RunState, Span, SpanId, SpanKind, Test,
    Timestamp, TraceId, Value,
};
use store::{Batch, BatchId, Chunk, Process, StoredDiagnosis};

pub(crate) fn run_id(n: u8) -> RunId {
    RunId([n; 16])
}

pub(crate) fn trace(n: u8) -> TraceId {
    TraceId([n; 16])
}

/// A run that began at second `n`.
pub(crate) fn run(n: u8) -> Run {
    Run {
        id: run_id(n),
        name: None,
        project: "shop".into(),
        command: vec!["npx".into(), "mocha".into()],
        started: Timestamp(i64::from(n) * 1_000_000_000),
        ended: None,
        exit: None,
        state: RunState::Recording,
        tags: [("vcs.ref.head.name".to_owned(), format!("branch-{n}"))].into(),
        peers: vec![],
        parent: None,
        recorder_version: "0.1.0".into(),
    }
}

pub(crate) fn test(name: &str) -> Test {
    Test {
        project: "shop".into(),
        file: "test/orders.js".into(),
        suite: vec!["orders".into()],
        name: name.into(),
        ordinal: 1,
        ..Test::default()
    }
}

/// The attempt whose trace is `n`, which starts at second `n`.
pub(crate) fn attempt(n: u8, run: RunId, status: AttemptStatus) -> (Attempt, Test) {
    let test = test("are placed");
    let attempt = Attempt {
        id: AttemptId([n; 16]),
        run_id: run,
        test_id: test.id(),
        kind: AttemptKind::Test,
        number: 1,
        status,
        retried: false,
        root_span_id: SpanId([n; 8]),
        start: Timestamp(i64::from(n) * 1_000_000_000),
        end: None,
        line: None,
        worker: None,
        timeout_ms: None,
        failure: None,
        skip_reason: None,
        not_run: None,
        fixtures: vec![],
        tags: [].into(),
    };
    (attempt, test)
}

/// The attempt, of another test.
pub(crate) fn of_test(mut pair: (Attempt, Test), test: Test) -> (Attempt, Test) {
    pair.0.test_id = test.id();
    pair.1 = test;
    pair
}

/// A call of `millis` milliseconds in the trace `n`.
pub(crate) fn call(n: u8, id: u8, status: i64, millis: i64) -> Span {
    Span {
        trace_id: trace(n),
        span_id: SpanId([id; 8]),
        parent_span_id: None,
        name: "GET".into(),
        kind: SpanKind::Client,
        start: Timestamp(i64::from(id) * 1_000),
        end: Some(Timestamp(i64::from(id) * 1_000 + millis * 1_000_000)),
        attributes: [
            ("http.request.method", Value::from("GET")),
            ("server.address", Value::from("api.example.org")),
            ("http.response.status_code", Value::from(status)),
        ]
        .into_iter()
        .collect(),
        events: vec![],
        links: vec![],
        status: Default::default(),
        resource: resource(),
    }
}

pub(crate) fn log(n: Option<u8>, text: &str) -> Log {
    Log {
        trace_id: n.map(trace),
        span_id: None,
        time: Timestamp(5),
        severity: 9,
        severity_text: "INFO".into(),
        body: Value::from(text),
        attributes: Attributes::new(),
        resource: resource(),
    }
}

pub(crate) fn resource() -> Arc<Resource> {
    let attributes = [("service.name", "tests")].into_iter().collect();
    Arc::new(Resource { attributes })
}

/// An empty batch of a run.
pub(crate) fn batch(id: u8, run: RunId) -> Batch {
    Batch {
        id: BatchId([id; 16]),
        run_id: run,
        chunks: vec![],
        attempts: vec![],
        gaps: vec![],
        processes: vec![],
        listeners: vec![],
    }
}

pub(crate) fn chunk(n: u8, spans: Vec<Span>) -> Chunk {
    Chunk {
        trace_id: Some(trace(n)),
        spans,
        logs: vec![],
    }
}

pub(crate) fn gap(run_id: RunId, trace_id: Option<TraceId>, count: u64) -> Gap {
    Gap {
        run_id,
        trace_id,
        span_id: None,
        kind: GapKind::BodyCut,
        count,
        detail: None,
    }
}

pub(crate) fn process(run_id: RunId, ended: Option<&str>) -> Process {
    Process {
        run_id,
        instance: "9f2c01aa".into(),
        pid: 41,
        parent_pid: 40,
        agent: "node 0.1.0".into(),
        command: vec!["node".into(), "a \"b\"\n".into()],
        runs_tests: true,
        ended: ended.map(str::to_owned),
    }
}

pub(crate) fn listener(time: i64, open: bool) -> Listener {
    Listener {
        host: "127.0.0.1".into(),
        port: 65_535,
        time: Timestamp(time),
        open,
        pid: 41,
        service: "shop".into(),
        program: "/p/shop.js".into(),
        runs_tests: false,
    }
}

pub(crate) fn diagnosis(n: u8, run_id: RunId, fingerprint: &str) -> StoredDiagnosis {
    StoredDiagnosis {
        attempt_id: AttemptId([n; 16]),
        run_id,
        test_id: test("are placed").id(),
        evidence_hash: "00ff".into(),
        diagnosis: Diagnosis {
            cause: Cause::RateLimited,
            owner: Owner::Unknown,
            confidence: Confidence::Likely,
            not_your_code: false,
            summary: "the API refused".into(),
            culprit: None,
            findings: vec![],
            counter: vec![],
            therefore: vec![],
            missing: vec![],
            rivals: vec![],
            fingerprint: fingerprint.into(),
            rules_version: 1,
            exhibits: None,
        },
    }
}
