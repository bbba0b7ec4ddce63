//! What evidence holds besides the failure and its baseline: further passing recordings, signatures, other attempts of the
//! test, what other tests wrote, and outages.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::{
    Attempt, AttemptId, AttemptStatus, BaselineBasis, Evidence, Failure, PeerDeclaration, Role,
    Run, RunState, Span, SpanId, Test, Timestamp, Value,
};
use store::{Elsewhere, RunContext, Store};

use crate::samples::*;
use crate::signer::{COUNT, COUNTING, SIGNER};

/// A call in the trace `n` that begins at second `at` and takes one.
pub(crate) fn asks(n: u8, at: i64, method: &str, url: &str, status: i64) -> Span {
    let id = u8::try_from(at % 250).unwrap();
    let mut span = call(n, id, status, 0);
    span.span_id = SpanId([n, id, 1, 1, 1, 1, 1, 1]);
    span.start = Timestamp(at * 1_000_000_000);
    span.end = Some(Timestamp((at + 1) * 1_000_000_000));
    span.attributes.remove("server.address");
    span.attributes.set("http.request.method", method);
    span.attributes.set("url.full", url);
    span
}

/// Records an attempt whose trace is `n`, of a test of that name if one is given.
pub(crate) fn record(
    store: &dyn Store,
    n: u8,
    run: &Run,
    status: AttemptStatus,
    test_name: Option<&str>,
    spans: Vec<Span>,
) {
    let mut row = attempt(n, run.id, status);
    if let Some(name) = test_name {
        row = of_test(row, test(name));
    }
    append(store, n, run, row, spans);
}

pub(crate) fn append(store: &dyn Store, n: u8, run: &Run, row: (Attempt, Test), spans: Vec<Span>) {
    let mut batch = batch(n, run.id);
    batch.attempts.push(row);
    batch.chunks.push(chunk(n, spans));
    store.append(&batch).unwrap();
}

pub(crate) fn sealed(n: u8) -> Run {
    Run {
        state: RunState::Sealed,
        ..run(n)
    }
}

pub(crate) fn evidence_of(store: &dyn Store, n: u8) -> Evidence {
    let id = AttemptId([n; 16]);
    store::evidence(store, id, SIGNER).unwrap().unwrap()
}

/// Of equal basis the one that is most like the failure is the baseline, then others whole, and all of them small.
pub(crate) fn the_most_alike_is_compared_with(store: &dyn Store) {
    let get = |n: u8, at: i64, path: &str| asks(n, at, "GET", &format!("http://h{path}"), 200);
    let ours = sealed(9);
    store.put_run(&ours).unwrap();
    let failing = vec![get(90, 1, "/a"), get(90, 2, "/a/b"), get(90, 3, "/a/b/c")];
    record(store, 90, &ours, AttemptStatus::Failed, None, failing);
    for n in 1..=6_u8 {
        let earlier = sealed(n);
        store.put_run(&earlier).unwrap();
        let alike = n == 2;
        let paths: &[&str] = match alike {
            true => &["/a", "/a/b", "/a/b/c"],
            false => &["/a", "/x"],
        };
        let spans = paths.iter().zip(1..).map(|(path, at)| get(n, at, path));
        record(
            store,
            n,
            &earlier,
            AttemptStatus::Passed,
            None,
            spans.collect(),
        );
    }
    // Made, then as they were kept.
    for time in ["first", "second"] {
        let evidence = evidence_of(store, 90);
        let first = |baseline: &model::Baseline| baseline.attempt.id.0[0];
        assert_eq!(evidence.baseline.as_ref().map(first), Some(2), "{time}");
        let variants: Vec<u8> = evidence.variants.iter().map(first).collect();
        assert_eq!(variants, [6, 5], "{time}");
        assert_eq!(evidence.variants[0].recording.spans.len(), 2);
        let signed: Vec<(u8, usize)> = evidence
            .signatures
            .iter()
            .map(|signature| (signature.attempt_id.0[0], signature.calls.len()))
            .collect();
        assert_eq!(
            signed,
            [(2, 3), (6, 2), (5, 2), (4, 2), (3, 2), (1, 2)],
            "{time}"
        );
    }
}

/// A better basis beats likeness.
pub(crate) fn the_basis_comes_before_likeness(store: &dyn Store) {
    let get = |n: u8, path: &str| asks(n, 1, "GET", &format!("http://h{path}"), 200);
    let tagged = |n: u8, commit: &str| {
        let mut run = sealed(n);
        let key = "vcs.ref.head.revision".to_owned();
        run.tags.insert(key, commit.to_owned());
        store.put_run(&run).unwrap();
        run
    };
    let (ours, same, other) = (tagged(9, "c1"), tagged(1, "c1"), tagged(2, "c2"));
    record(
        store,
        90,
        &ours,
        AttemptStatus::Failed,
        None,
        vec![get(90, "/a")],
    );
    record(
        store,
        1,
        &same,
        AttemptStatus::Passed,
        None,
        vec![get(1, "/a/b/c")],
    );
    record(
        store,
        2,
        &other,
        AttemptStatus::Passed,
        None,
        vec![get(2, "/a")],
    );
    let baseline = evidence_of(store, 90).baseline.unwrap();
    assert_eq!(
        (baseline.basis, baseline.attempt.id.0[0]),
        (BaselineBasis::SameCommit, 1)
    );
}

/// Signatures hold the fixtures' calls first, under the names that peers have today.
pub(crate) fn signatures_are_of_the_whole_attempt(store: &dyn Store) {
    let mut ours = sealed(9);
    ours.peers.push(PeerDeclaration {
        name: "Orders".into(),
        hosts: vec!["h".into()],
        process: None,
        role: Role::Dependency,
    });
    store.put_run(&ours).unwrap();
    let earlier = sealed(1);
    store.put_run(&earlier).unwrap();
    let get = |n: u8, at: i64| asks(n, at, "GET", "http://h/a", 200);
    record(
        store,
        90,
        &ours,
        AttemptStatus::Failed,
        None,
        vec![get(90, 1)],
    );
    let mut passed = attempt(1, earlier.id, AttemptStatus::Passed);
    passed.0.fixtures = vec![trace(2)];
    let mut batch = batch(1, earlier.id);
    batch.attempts.push(passed);
    batch.chunks.push(chunk(1, vec![get(1, 5)]));
    batch.chunks.push(chunk(2, vec![get(2, 3)]));
    store.append(&batch).unwrap();
    for _ in ["made", "kept"] {
        let evidence = evidence_of(store, 90);
        let calls: Vec<(bool, &str)> = evidence.signatures[0]
            .calls
            .iter()
            .map(|call| (call.in_fixture, call.peer.as_str()))
            .collect();
        assert_eq!(calls, [(true, "Orders"), (false, "Orders")]);
    }
}

pub(crate) fn other_attempts_of_the_test_are_told(store: &dyn Store) {
    let said = Failure {
        error_type: "Error".into(),
        message: "429".into(),
        ..Failure::default()
    };
    for n in 1..=3_u8 {
        let mut run = run(n);
        let key = "vcs.ref.head.revision".to_owned();
        run.tags.insert(key, format!("c{n}"));
        store.put_run(&run).unwrap();
        let mut row = attempt(n, run.id, AttemptStatus::Failed);
        row.0.failure = Some(said.clone());
        if n == 2 {
            row.0.status = AttemptStatus::Passed;
            row.0.failure = None;
        }
        append(store, n, &run, row, vec![]);
    }
    store
        .put_diagnosis(&diagnosis(1, run_id(1), "api 429"))
        .unwrap();
    let past = evidence_of(store, 3).facts.past;
    let told: Vec<_> = past
        .iter()
        .map(|past| {
            (
                past.attempt_id.0[0],
                past.status,
                past.commit.as_deref(),
                past.said.as_deref(),
                past.fingerprint.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (2, AttemptStatus::Passed, Some("c2"), None, None),
            (
                1,
                AttemptStatus::Failed,
                Some("c1"),
                Some("Error: 429"),
                Some("api 429")
            ),
        ]
    );
    assert_eq!(past[0].branch.as_deref(), Some("branch-2"));
}

/// The attempt reads /orders/17 of one server and ends at second 30.
pub(crate) fn writes_of_other_tests_are_found(store: &dyn Store) {
    let ours = sealed(1);
    store.put_run(&ours).unwrap();
    let mut failed = attempt(90, ours.id, AttemptStatus::Failed);
    failed.0.start = Timestamp(0);
    failed.0.end = Some(Timestamp(30_000_000_000));
    failed.0.fixtures = vec![trace(91)];
    append(
        store,
        90,
        &ours,
        failed,
        vec![
            asks(90, 1, "POST", "http://h:1/orders", 201),
            asks(90, 20, "GET", "http://h:1/orders/17", 200),
        ],
    );
    let hook = vec![asks(91, 2, "POST", "http://h:1/reset", 200)];
    let passed = AttemptStatus::Passed;
    record(store, 91, &ours, passed, Some("hook"), hook);
    let others = vec![
        asks(92, 3, "DELETE", "http://h:1/orders/17", 204),
        asks(92, 4, "GET", "http://h:1/orders/17", 200),
        asks(92, 5, "DELETE", "http://h:2/orders/17", 204),
        asks(92, 6, "DELETE", "http://other:1/orders/17", 204),
        asks(92, 7, "POST", "http://h:1/users/5", 204),
        asks(92, 31, "DELETE", "http://h:1/orders/17", 204),
    ];
    record(store, 92, &ours, passed, Some("deletes"), others);
    let touches = evidence_of(store, 90).facts.touches;
    let told: Vec<_> = touches
        .iter()
        .map(|touch| {
            let call = &touch.call;
            (
                touch.test.as_str(),
                call.start.0 / 1_000_000_000,
                call.method.as_str(),
                call.path.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("orders › deletes", 3, "DELETE", "/orders/17"),
            ("orders › deletes", 7, "POST", "/users/5"),
        ]
    );
}

/// What may be about the same thing is kept before what is merely later.
pub(crate) fn related_writes_come_first(store: &dyn Store) {
    let ours = sealed(1);
    store.put_run(&ours).unwrap();
    let reads = vec![asks(90, 1, "GET", "http://h/a/17/b", 200)];
    record(store, 90, &ours, AttemptStatus::Failed, None, reads);
    let writes = |n: u8, paths: &[&str]| {
        let spans = paths.iter().zip(1..).map(|(path, at)| {
            let mut span = asks(n, at, "PUT", &format!("http://h{path}"), 200);
            span.span_id = SpanId((at as u64 * 256 + u64::from(n)).to_be_bytes());
            span.start = Timestamp(at * 1_000_000);
            span
        });
        let name = format!("test {n}");
        record(
            store,
            n,
            &ours,
            AttemptStatus::Passed,
            Some(&name),
            spans.collect(),
        );
    };
    let related = ["/a/17/b", "/a/17", "/a", "/a/17/b/c9", "/x/17", "/flush"];
    writes(1, &related);
    let unrelated: Vec<String> = (0..model::TOUCH_LIMIT)
        .map(|n| format!("/x/{}", 1000 + n))
        .collect();
    let unrelated: Vec<&str> = unrelated.iter().map(String::as_str).collect();
    writes(2, &unrelated);
    let touches = evidence_of(store, 90).facts.touches;
    assert_eq!(touches.len(), model::TOUCH_LIMIT);
    let paths: Vec<&str> = touches
        .iter()
        .filter(|touch| touch.attempt_id.0[0] == 1)
        .map(|touch| touch.call.path.as_str())
        .collect();
    assert_eq!(paths, related);
    assert!(touches.is_sorted_by_key(|touch| touch.call.start));
}

pub(crate) fn outages_are_of_the_whole_run(store: &dyn Store) {
    let ours = sealed(1);
    store.put_run(&ours).unwrap();
    let refuse = |n: u8, at: i64, status: i64| asks(n, at, "GET", "http://h/a", status);
    for (n, status) in [(1, 200), (2, 503), (3, 503), (4, 500), (5, 200)] {
        let name = format!("test {n}");
        let spans = vec![refuse(n, i64::from(n) * 10, status)];
        record(store, n, &ours, AttemptStatus::Failed, Some(&name), spans);
    }
    let outages = evidence_of(store, 1).facts.outages;
    assert_eq!(outages.len(), 1);
    let outage = &outages[0];
    assert_eq!(outage.peer, "h");
    assert_eq!(
        (outage.from.0 / 1_000_000_000, outage.to.0 / 1_000_000_000),
        (20, 41)
    );
    assert_eq!((outage.refused, outage.calls, outage.attempts), (3, 3, 3));
    assert!(!outage.from_the_start);
}

/// Recordings of another store are candidates, and nothing is written to it.
pub(crate) fn passing_recordings_may_come_from_elsewhere(store: &dyn Store) {
    let ours = sealed(9);
    store.put_run(&ours).unwrap();
    let get = |n: u8| asks(n, 1, "GET", "http://h/a", 200);
    record(store, 90, &ours, AttemptStatus::Failed, None, vec![get(90)]);
    let other = store::open_in_memory().unwrap();
    other.put_run(&sealed(1)).unwrap();
    let passed = AttemptStatus::Passed;
    record(&*other, 1, &sealed(1), passed, None, vec![get(1)]);
    assert_eq!(evidence_of(store, 90).baseline, None);
    let with = |elsewhere: &Elsewhere| {
        let context = RunContext::new(store, ours.id, SIGNER).unwrap();
        let evidence = context.with(elsewhere).evidence(AttemptId([90; 16]));
        evidence.unwrap().unwrap()
    };
    let mut elsewhere = Elsewhere::default();
    elsewhere.add_store(Arc::clone(&other));
    let evidence = with(&elsewhere);
    assert_eq!(evidence.signatures.len(), 1);
    let baseline = evidence.baseline.clone().unwrap();
    assert_eq!(
        (baseline.attempt.id.0[0], baseline.basis),
        (1, BaselineBasis::Newest)
    );
    let kind = store::DerivedKind {
        name: "signature",
        version: SIGNER.version,
    };
    let part = store::Part::Trace(trace(1));
    assert_eq!(other.derived(kind, &[part]).unwrap()[0].data, None);
    // As evidence, and twice.
    assert_eq!(elsewhere.add_evidence(evidence), 1);
    assert_eq!(with(&elsewhere).signatures.len(), 1);
    let mut given = Elsewhere::default();
    given.add_evidence(with(&elsewhere));
    assert_eq!(with(&given).baseline, Some(baseline));
}

/// What is kept is not made again, unless its recording has grown. Only this test counts.
#[test]
fn signatures_are_made_once() {
    let store: &dyn Store = &*store::open_in_memory().unwrap();
    let ours = sealed(1);
    store.put_run(&ours).unwrap();
    let get = |n: u8, at: i64| asks(n, at, "GET", "http://h/a", 200);
    record(
        store,
        90,
        &ours,
        AttemptStatus::Failed,
        None,
        vec![get(90, 1)],
    );
    record(
        store,
        91,
        &ours,
        AttemptStatus::Passed,
        None,
        vec![get(91, 1)],
    );
    let made = || {
        let before = COUNT.load(Ordering::Relaxed);
        let evidence = store::evidence(store, AttemptId([90; 16]), COUNTING);
        assert_eq!(evidence.unwrap().unwrap().signatures.len(), 1);
        COUNT.load(Ordering::Relaxed) - before
    };
    assert_eq!(made(), 2);
    assert_eq!(made(), 0);
    let mut later = batch(92, ours.id);
    later.chunks.push(chunk(91, vec![get(91, 9)]));
    store.append(&later).unwrap();
    assert_eq!(made(), 1);
}

/// Variants are left out before anything of the baseline is cut.
pub(crate) fn variants_are_cut_first(store: &dyn Store) {
    let ours = sealed(1);
    store.put_run(&ours).unwrap();
    let large = |n: u8| {
        let mut span = asks(n, 1, "GET", "http://h/a", 200);
        let body = Value::from("x".repeat(12 << 20));
        span.attributes.set("http.response.body.content", body);
        vec![span]
    };
    record(store, 90, &ours, AttemptStatus::Failed, None, large(90));
    for n in [1, 2, 3] {
        record(store, n, &ours, AttemptStatus::Passed, None, large(n));
    }
    let evidence = evidence_of(store, 90);
    assert_eq!(evidence.variants.len(), 0);
    assert_eq!(evidence.signatures.len(), 3);
    assert_eq!(evidence.recording.spans, large(90));
    assert_eq!(evidence.baseline.unwrap().recording.spans.len(), 1);
    let left_out: u64 = evidence.recording.gaps.iter().map(|gap| gap.count).sum();
    assert_eq!(left_out, 2);
}
