//! A store to build documents from: one with a retried test, a failure with a diagnosis and a baseline, a fixture and gaps.

use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Cause, Confidence, Culprit,
    Diagnosis, Exit, Failure, Finding, Gap, GapKind, Owner, Resource, Role, Run, RunId, RunState,
    Span, SpanId, SpanKind, SpanStatus, Test, Timestamp, TraceId, Value,
};
use store::{Batch, BatchId, Chunk, Store, StoreError, StoredDiagnosis};

const SECOND: i64 = 1_000_000_000;
pub(crate) const RUN: RunId = RunId([0x8f; 16]);
const EARLIER: RunId = RunId([0x11; 16]);

fn at(seconds: i64) -> Timestamp {
    Timestamp((1_795_000_000 + seconds) * SECOND)
}

fn run(id: RunId, started: i64, branch: &str) -> Run {
    Run {
        id,
        name: None,
        project: "shop".into(),
        command: vec!["npx".into(), "mocha".into()],
        started: at(started),
        ended: Some(at(started + 60)),
        exit: Some(Exit::Code(1)),
        state: RunState::Sealed,
        tags: [("vcs.ref.head.name".to_owned(), branch.to_owned())].into(),
        peers: vec![],
        parent: None,
        recorder_version: "0.1.0".into(),
    }
}

fn test(name: &str) -> Test {
    Test {
        project: "shop".into(),
        file: "test/shop.spec.js".into(),
        suite: vec!["shop".into()],
        name: name.into(),
        ordinal: 1,
        ..Test::default()
    }
}

/// An attempt of a test, whose id is a byte repeated.
fn attempt(byte: u8, run_id: RunId, test: &Test, status: AttemptStatus) -> Attempt {
    let failure = Failure {
        error_type: "AssertionError".into(),
        message: "expected 500 to equal 200".into(),
        stack: Some(
            "AssertionError: no\n    at Context.<anonymous> (/p/test/shop.spec.js:9:3)".into(),
        ),
        ..Failure::default()
    };
    Attempt {
        id: AttemptId([byte; 16]),
        run_id,
        test_id: test.id(),
        kind: AttemptKind::Test,
        number: 1,
        status,
        retried: false,
        root_span_id: SpanId([byte; 8]),
        start: at(i64::from(byte)),
        end: Some(at(i64::from(byte) + 2)),
        line: Some(7),
        worker: None,
        timeout_ms: Some(2000),
        failure: (status == AttemptStatus::Failed).then_some(failure),
        skip_reason: None,
        not_run: None,
        fixtures: vec![],
        tags: Default::default(),
    }
}

/// The call that each attempt makes, a second after it began.
fn call(byte: u8, status: i64, body: &str) -> Chunk {
    let attributes: Attributes = [
        ("http.request.method", Value::from("GET")),
        (
            "url.full",
            Value::from(format!("http://127.0.0.1:4000{byte}/stock/{byte}")),
        ),
        ("http.response.status_code", Value::from(status)),
        ("http.response.body.content", Value::from(body)),
        (
            "http.response.header.retry-after",
            Value::from(vec!["7".to_owned()]),
        ),
    ]
    .into_iter()
    .collect();
    let span = Span {
        trace_id: TraceId([byte; 16]),
        span_id: SpanId([byte; 8]),
        parent_span_id: None,
        name: "GET".into(),
        kind: SpanKind::Client,
        start: at(i64::from(byte) + 1),
        end: Some(Timestamp(at(i64::from(byte) + 1).0 + SECOND / 4)),
        attributes,
        events: vec![],
        links: vec![],
        status: SpanStatus::default(),
        resource: Arc::new(Resource::default()),
    };
    Chunk {
        trace_id: Some(TraceId([byte; 16])),
        spans: vec![span],
        logs: vec![],
    }
}

fn diagnosis(byte: u8) -> StoredDiagnosis {
    let span_id = SpanId([byte; 8]);
    StoredDiagnosis {
        attempt_id: AttemptId([byte; 16]),
        run_id: RUN,
        test_id: test("fails").id(),
        evidence_hash: String::new(),
        diagnosis: Diagnosis {
            cause: Cause::DependencyError,
            owner: Owner::Unknown,
            confidence: Confidence::Likely,
            not_your_code: false,
            summary: "Probably failed because 127.0.0.1 answered 500 at 1.0 s.".into(),
            culprit: Some(Culprit {
                span_id,
                method: "GET".into(),
                url: format!("http://127.0.0.1:4000{byte}/stock/{byte}"),
                status: Some(500),
                error: None,
                peer: "127.0.0.1".into(),
                role: Role::Unknown,
            }),
            findings: vec![Finding {
                text: "the passing attempt got 200".into(),
                span_id: Some(span_id),
            }],
            counter: vec![],
            therefore: vec![],
            missing: vec![],
            rivals: vec![],
            fingerprint: "dependency-error:127.0.0.1:500".into(),
            rules_version: 1,
            exhibits: None,
        },
    }
}

fn batch(
    run_id: RunId,
    attempts: Vec<(Attempt, Test)>,
    chunks: Vec<Chunk>,
    gaps: Vec<Gap>,
) -> Batch {
    Batch {
        id: BatchId(run_id.0),
        run_id,
        chunks,
        attempts,
        gaps,
        processes: vec![],
        listeners: vec![],
    }
}

/// A run on `main` in which a test passed, and a later one in which it failed.
///
/// # Errors
/// When the store fails.
pub(crate) fn sample_store() -> Result<Arc<dyn Store>, StoreError> {
    let store = store::open_in_memory()?;
    let fails = test("fails");
    store.put_run(&run(EARLIER, 0, "main"))?;
    let passed = attempt(1, EARLIER, &fails, AttemptStatus::Passed);
    store.append(&batch(
        EARLIER,
        vec![(passed, fails.clone())],
        vec![call(1, 200, "{}")],
        vec![],
    ))?;
    store.put_run(&run(RUN, 100, "topic"))?;
    let flaky = test("is flaky");
    let retried = Attempt {
        retried: true,
        ..attempt(3, RUN, &flaky, AttemptStatus::Failed)
    };
    let second = Attempt {
        number: 2,
        ..attempt(4, RUN, &flaky, AttemptStatus::Passed)
    };
    let fixture = Attempt {
        kind: AttemptKind::Fixture,
        ..attempt(
            1 + 4,
            RUN,
            &test("\"before all\" hook"),
            AttemptStatus::Passed,
        )
    };
    let attempts = vec![
        (second, flaky.clone()),
        (retried, flaky),
        (attempt(2, RUN, &fails, AttemptStatus::Failed), fails),
        (fixture, test("\"before all\" hook")),
    ];
    let gap = |trace: Option<u8>, kind, count| Gap {
        run_id: RUN,
        trace_id: trace.map(|byte| TraceId([byte; 16])),
        span_id: None,
        kind,
        count,
        detail: Some("why".into()),
    };
    let gaps = vec![
        gap(Some(2), GapKind::BodyCut, 2),
        gap(None, GapKind::BodyCut, 1),
        gap(None, GapKind::SpoolFull, u64::MAX / 2),
    ];
    let chunks = vec![
        call(2, 500, "one\ntwo\nthree\nfour\nfive\nsix"),
        call(3, 200, ""),
    ];
    store.append(&batch(RUN, attempts, chunks, gaps))?;
    store.put_diagnosis(&diagnosis(2))?;
    Ok(store)
}
