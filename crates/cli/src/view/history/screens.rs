//! Whole screens of what is known across runs, as snapshots, of a store with a test that a dependency breaks now and then.

use std::io::Write;
use std::sync::Arc;

use anyhow::Result;
use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Cause, Confidence, Culprit,
    Diagnosis, Failure, Owner, PeerDeclaration, Review, ReviewVerdict, Role, Run, RunId, RunState,
    Span, SpanId, SpanKind, Test, Timestamp, TraceId, Value,
};
use server::document;
use store::{Batch, BatchId, Chunk, Store, StoredDiagnosis};

use super::{list_dependencies, list_disputes, list_incidents, why};
use crate::report::style::Style;

const SECOND: i64 = 1_000_000_000;
const NOW: i64 = 1_795_342_800;

/// Each run an hour after the one before: the outcomes of its attempts.
const RUNS: [&str; 14] = [
    "p", "p", "p", "fp", "p", "p", "f", "p", "p", "p", "fp", "p", "pp", "f",
];

/// The run in which the stock says its prices as texts, which no test minds.
const OTHER_PRICES: u8 = 12;

fn screen(print: impl Fn(&Style, &mut dyn Write) -> Result<()>) -> String {
    let style = Style {
        width: 100,
        color: false,
        ascii: false,
        now: Timestamp(NOW * SECOND),
    };
    let mut out = Vec::new();
    print(&style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn test() -> Test {
    Test {
        project: "shop".into(),
        file: "test/orders.spec.js".into(),
        suite: vec!["orders".into()],
        name: "are placed".into(),
        ordinal: 1,
        ..Test::default()
    }
}

/// Seconds since the first run.
fn at(seconds: i64) -> Timestamp {
    Timestamp((NOW - 14 * 3600 + seconds) * SECOND)
}

fn run(n: u8) -> Run {
    let branch = if n < 10 { "main" } else { "topic" };
    Run {
        id: RunId([n; 16]),
        name: None,
        project: "shop".into(),
        command: vec!["npx".into(), "mocha".into()],
        started: at(i64::from(n) * 3600),
        ended: None,
        exit: None,
        state: RunState::Sealed,
        tags: [
            ("vcs.ref.head.name".to_owned(), branch.to_owned()),
            ("vcs.ref.head.revision".to_owned(), format!("c{}", n / 3)),
        ]
        .into(),
        peers: vec![PeerDeclaration {
            name: "stock".into(),
            hosts: vec!["127.0.0.1:4000".into()],
            process: None,
            role: Role::Dependency,
        }],
        parent: None,
        recorder_version: "0.1.0".into(),
    }
}

fn attempt(id: u8, n: u8, number: u32, status: AttemptStatus) -> Attempt {
    let start = at(i64::from(n) * 3600 + i64::from(number) * 60);
    let failure = Failure {
        error_type: "AssertionError".into(),
        message: "expected 503 to equal 200".into(),
        ..Failure::default()
    };
    Attempt {
        id: AttemptId([id; 16]),
        run_id: RunId([n; 16]),
        test_id: test().id(),
        kind: AttemptKind::Test,
        number,
        status,
        retried: false,
        root_span_id: SpanId([id; 8]),
        start,
        end: Some(Timestamp(start.0 + SECOND + i64::from(n % 4) * SECOND / 10)),
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

/// A call of the attempt, so many tenths of a second after its start.
fn call(attempt: &Attempt, tenths: u8, request: (&str, &str), status: i64) -> Span {
    let start = Timestamp(attempt.start.0 + i64::from(tenths) * SECOND / 10);
    let attributes: Attributes = [
        ("http.request.method", Value::from(request.0)),
        (
            "url.full",
            Value::from(format!("http://127.0.0.1:4000{}", request.1)),
        ),
        ("server.address", Value::from("127.0.0.1")),
        ("server.port", Value::from(4000)),
        ("http.response.status_code", Value::from(status)),
        (
            "http.response.header.x-ratelimit-remaining",
            Value::from(vec![i64::from(tenths).to_string()]),
        ),
    ]
    .into_iter()
    .collect();
    let mut span_id = [attempt.id.0[0]; 8];
    span_id[7] = tenths;
    Span {
        trace_id: TraceId(attempt.id.0),
        span_id: SpanId(span_id),
        parent_span_id: None,
        name: request.0.into(),
        kind: SpanKind::Client,
        start,
        end: Some(Timestamp(start.0 + SECOND / 20)),
        attributes,
        events: vec![],
        links: vec![],
        status: Default::default(),
        resource: Arc::default(),
    }
}

/// What the test does: it looks at the stock, orders, and asks for the order until it is there.
fn calls(attempt: &Attempt) -> Vec<Span> {
    let stock = ("GET", "/items/17");
    if attempt.status == AttemptStatus::Failed {
        return vec![call(attempt, 1, stock, 503)];
    }
    let mut seen = call(attempt, 1, stock, 200);
    let price = match attempt.run_id.0[0] {
        OTHER_PRICES => r#"{"price": "2"}"#,
        _ => r#"{"price": 2}"#,
    };
    let body = "http.response.body.content";
    seen.attributes.set(body, Value::from(price));
    let mut calls = vec![seen];
    calls.push(call(attempt, 2, ("POST", "/orders"), 201));
    let looks = 4 + attempt.run_id.0[0] % 3;
    for look in 0..looks {
        let status = if look + 1 == looks { 200 } else { 404 };
        calls.push(call(attempt, 3 + look, ("GET", "/orders/9"), status));
    }
    calls
}

fn diagnosis(attempt: &Attempt) -> StoredDiagnosis {
    StoredDiagnosis {
        attempt_id: attempt.id,
        run_id: attempt.run_id,
        test_id: attempt.test_id,
        evidence_hash: String::new(),
        diagnosis: Diagnosis {
            cause: Cause::DependencyError,
            owner: Owner::Dependency,
            confidence: Confidence::Established,
            not_your_code: false,
            summary: "Failed because stock answered 503 at 0.1 s.".into(),
            culprit: Some(Culprit {
                span_id: SpanId([attempt.id.0[0]; 8]),
                method: "GET".into(),
                url: "http://127.0.0.1:4000/items/17".into(),
                status: Some(503),
                error: None,
                peer: "stock".into(),
                role: Role::Dependency,
            }),
            findings: vec![],
            counter: vec![],
            therefore: vec![],
            missing: vec![],
            rivals: vec![],
            fingerprint: "dependency-error|stock|GET /items/*|503".into(),
            rules_version: 3,
            exhibits: None,
        },
    }
}

fn status(outcome: char) -> AttemptStatus {
    match outcome {
        'f' => AttemptStatus::Failed,
        _ => AttemptStatus::Passed,
    }
}

fn empty_batch(n: u8) -> Batch {
    Batch {
        id: BatchId([n; 16]),
        run_id: RunId([n; 16]),
        chunks: vec![],
        attempts: vec![],
        gaps: vec![],
        processes: vec![],
        listeners: vec![],
    }
}

/// Adds an attempt with its calls, and keeps its diagnosis if it failed.
fn add(store: &dyn Store, batch: &mut Batch, attempt: Attempt, test: Test) {
    batch.chunks.push(Chunk {
        trace_id: Some(TraceId(attempt.id.0)),
        spans: calls(&attempt),
        logs: vec![],
    });
    if attempt.status == AttemptStatus::Failed {
        store.put_diagnosis(&diagnosis(&attempt)).unwrap();
    }
    batch.attempts.push((attempt, test));
}

/// A store with all runs; the ids of attempts count from 1.
fn history_store() -> Arc<dyn Store> {
    let store = store::open_in_memory().unwrap();
    let mut id = 0;
    for (n, outcomes) in (0..).zip(RUNS) {
        store.put_run(&run(n)).unwrap();
        let mut batch = empty_batch(n);
        for (number, outcome) in (1..).zip(outcomes.chars()) {
            id += 1;
            let attempt = attempt(id, n, number, status(outcome));
            add(&*store, &mut batch, attempt, test());
        }
        store.append(&batch).unwrap();
    }
    store
}

/// Somebody says of the newest failure what the cause was.
fn dispute(store: &dyn Store, verdict: ReviewVerdict) {
    let failing = diagnosis(&attempt(17, 13, 1, AttemptStatus::Failed));
    say(store, failing, verdict);
}

fn say(store: &dyn Store, failing: StoredDiagnosis, verdict: ReviewVerdict) {
    let review = Review {
        attempt_id: failing.attempt_id,
        run_id: failing.run_id,
        test_id: failing.test_id,
        fingerprint: failing.diagnosis.fingerprint,
        claimed: failing.diagnosis.cause,
        verdict,
        note: Some("the stub answers so on purpose".into()),
        time: Timestamp((NOW - 600) * SECOND),
        rules_version: 3,
    };
    store.put_review(&review).unwrap();
}

fn why_screen(store: &dyn Store) -> String {
    let history = document::test_history(store, test().id()).unwrap();
    screen(|style, out| why(&history, false, style, out))
}

fn incidents_screen(store: &dyn Store) -> String {
    let incidents = document::incidents(store, 10).unwrap();
    screen(|style, out| list_incidents(&incidents, false, style, out))
}

fn disputes_screen(store: &dyn Store) -> String {
    let reviews = document::reviews(store).unwrap();
    screen(|style, out| list_disputes(&reviews, false, style, out))
}

#[test]
fn what_recordings_say_together_is_shown() {
    let store = history_store();
    insta::assert_snapshot!("why", why_screen(&*store));
    insta::assert_snapshot!("incidents", incidents_screen(&*store));
    insta::assert_snapshot!("no_disputes", disputes_screen(&*store));
    // Counted, then as it was kept.
    for _ in 0..2 {
        let peers = document::dependencies(&*store, 10).unwrap();
        let seen = screen(|style, out| list_dependencies(&peers, false, style, out));
        insta::assert_snapshot!("dependencies", seen);
    }
}

/// Four tests fail while the stock refuses each call, and one before and after it passes.
#[test]
fn an_outage_is_one_incident() {
    let store = store::open_in_memory().unwrap();
    store.put_run(&run(1)).unwrap();
    let mut batch = empty_batch(1);
    for (id, outcome) in (1..).zip("pffffp".chars()) {
        let of_test = Test {
            name: format!("test {id}"),
            ..test()
        };
        let attempt = Attempt {
            test_id: of_test.id(),
            ..attempt(id, 1, id.into(), status(outcome))
        };
        add(&*store, &mut batch, attempt, of_test);
    }
    store.append(&batch).unwrap();
    insta::assert_snapshot!("outage", incidents_screen(&*store));
    let incidents = document::incidents(&*store, 10).unwrap().incidents;
    let outages = incidents
        .iter()
        .filter(|incident| incident.kind == document::IncidentKind::Outage);
    let found: Vec<(u64, u64)> = outages.map(|one| (one.tests, one.failures)).collect();
    assert_eq!(found, [(4, 4)]);
    // The peer refused, whatever the tests failed by; of the claim nothing is left but its count.
    let failing = diagnosis(&attempt(2, 1, 2, AttemptStatus::Failed));
    say(&*store, failing, ReviewVerdict::Disputed(Cause::Race));
    insta::assert_snapshot!("outage_disputed", incidents_screen(&*store));
}

#[test]
fn a_disputed_claim_is_withheld() {
    let store = history_store();
    dispute(&*store, ReviewVerdict::Disputed(Cause::TestCode));
    insta::assert_snapshot!("why_disputed", why_screen(&*store));
    insta::assert_snapshot!("incidents_disputed", incidents_screen(&*store));
    insta::assert_snapshot!("disputes", disputes_screen(&*store));
    let run = document::build(&*store, RunId([13; 16])).unwrap();
    let diagnosis = run.tests[0].attempts[0].diagnosis.clone().unwrap();
    assert_eq!(diagnosis.cause, "undetermined");
    assert_eq!(diagnosis.culprit, None);
    assert_eq!(diagnosis.disputed.unwrap().cause, "test-code");
    assert_eq!(run.causes[0].fingerprint, None);
    let caused = document::dependencies(&*store, 10).unwrap();
    assert_eq!(caused.dependencies[0].caused.failures.count, 0);
    // Taken back, the claim stands again.
    dispute(&*store, ReviewVerdict::Withdrawn);
    let history = document::test_history(&*store, test().id()).unwrap();
    assert_eq!(history.causes[0].cause, "dependency-error");
    let run = document::build(&*store, RunId([13; 16])).unwrap();
    let seen = run.causes[0].seen.clone().unwrap();
    assert_eq!((seen.runs, seen.branches, seen.failures), (4, 2, 4));
}

#[test]
fn an_empty_store_has_no_history() {
    let store = store::open_in_memory().unwrap();
    let peers = document::dependencies(&*store, 10).unwrap();
    let seen = screen(|style, out| list_dependencies(&peers, false, style, out));
    assert!(seen.contains("flakescope run -- COMMAND"), "{seen}");
    let seen = incidents_screen(&*store);
    assert!(seen.contains("No failure with a known cause"), "{seen}");
    assert!(document::test_history(&*store, test().id()).is_err());
}
