//! What other tests had written when the baseline passed.

use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptStatus, Evidence, PeerDeclaration, Role, Run, Timestamp, Touch,
    Value,
};
use store::{Elsewhere, RunContext, Store};

use crate::samples::*;
use crate::signer::SIGNER;
use crate::wide::{append, asks, evidence_of, record, sealed};

const SECOND: i64 = 1_000_000_000;

/// What was written: by which test, at which second, to whom, where.
fn told(touches: &[Touch]) -> Vec<(&str, i64, &str, &str)> {
    let told = touches.iter().map(|touch| {
        let call = &touch.call;
        (
            touch.test.as_str(),
            call.start.0 / SECOND,
            call.peer.as_str(),
            call.path.as_str(),
        )
    });
    told.collect()
}

/// An attempt of the test that reads /orders/17 and lasts to second 30.
fn reads(store: &dyn Store, n: u8, run: &Run, status: AttemptStatus) {
    let (mut row, test): (Attempt, _) = attempt(n, run.id, status);
    row.start = Timestamp(0);
    row.end = Some(Timestamp(30 * SECOND));
    let spans = vec![
        asks(n, 1, "POST", "http://h:1/orders", 201),
        asks(n, 20, "GET", "http://h:1/orders/17", 200),
    ];
    append(store, n, run, (row, test), spans);
}

/// Puts a run in which the test passed as attempt `n`, and another test wrote as attempt `n + 1`.
fn put_passing_run(store: &dyn Store, n: u8) {
    let run = sealed(n);
    store.put_run(&run).unwrap();
    reads(store, n, &run, AttemptStatus::Passed);
    let writes = vec![
        asks(n + 1, 3, "DELETE", "http://h:1/orders/17", 204),
        asks(n + 1, 4, "GET", "http://h:1/orders/17", 200),
        asks(n + 1, 5, "DELETE", "http://h:2/orders/17", 204),
        asks(n + 1, 31, "DELETE", "http://h:1/orders/17", 204),
    ];
    let passed = AttemptStatus::Passed;
    record(store, n + 1, &run, passed, Some("deletes"), writes);
}

/// Those of other tests, near what was asked for, before it ended; under the names that peers have today. Here and in
/// another store, and as often as somebody asks.
pub(crate) fn writes_of_the_passing_run_are_found(store: &dyn Store) {
    let mut ours = sealed(9);
    ours.peers.push(PeerDeclaration {
        name: "Orders".into(),
        hosts: vec!["h".into()],
        process: None,
        role: Role::Dependency,
    });
    store.put_run(&ours).unwrap();
    reads(store, 90, &ours, AttemptStatus::Failed);
    let other = store::open_in_memory().unwrap();
    put_passing_run(&*other, 1);
    let mut elsewhere = Elsewhere::default();
    elsewhere.add_store(other);
    let check = |evidence: Evidence| {
        let baseline = evidence.baseline.unwrap();
        let expected = [("orders › deletes", 3, "Orders", "/orders/17")];
        assert_eq!(told(&baseline.touches), expected);
        assert_eq!(baseline.recording.gaps, []);
        assert_eq!(told(&evidence.facts.touches), []);
        assert!(evidence.variants.iter().all(|one| one.touches.is_empty()));
    };
    let context = RunContext::new(store, ours.id, SIGNER).unwrap();
    let from_there = context.with(&elsewhere).evidence(AttemptId([90; 16]));
    check(from_there.unwrap().unwrap());
    put_passing_run(store, 3);
    put_passing_run(store, 5);
    for _ in ["made", "kept"] {
        check(evidence_of(store, 90));
    }
    let context = RunContext::new(store, ours.id, SIGNER).unwrap();
    for evidence in context.each(&[AttemptId([90; 16]); 3], |evidence| evidence) {
        check(evidence.unwrap().unwrap());
    }
    // What passed is not asked why.
    assert_eq!(evidence_of(store, 5).baseline.unwrap().touches, []);
}

/// A retry that passed: what the others wrote, and the try before it, but nothing of its own.
pub(crate) fn a_pass_of_the_same_run_has_its_writes(store: &dyn Store) {
    put_passing_run(store, 1);
    reads(store, 90, &sealed(1), AttemptStatus::Failed);
    let evidence = evidence_of(store, 90);
    let of_the_other = ("orders › are placed", 1, "h", "/orders");
    let deletes = ("orders › deletes", 3, "h", "/orders/17");
    let expected = [of_the_other, deletes];
    assert_eq!(told(&evidence.facts.touches), expected);
    let baseline = evidence.baseline.unwrap();
    assert_eq!(told(&baseline.touches), expected);
    let by: Vec<u8> = baseline
        .touches
        .iter()
        .map(|one| one.attempt_id.0[0])
        .collect();
    assert_eq!(by, [90, 2]);
}

/// Writes of one run without those of the other would look as if they were new, or missing.
pub(crate) fn writes_of_both_runs_are_cut_together(store: &dyn Store) {
    let ours = sealed(9);
    store.put_run(&ours).unwrap();
    put_passing_run(store, 1);
    let mut failing = asks(90, 20, "GET", "http://h:1/orders/17", 200);
    let body = Value::from("x".repeat(store::EVIDENCE_LIMIT));
    failing.attributes.set("http.response.body.content", body);
    let (mut row, test) = attempt(90, ours.id, AttemptStatus::Failed);
    row.end = Some(Timestamp(200 * SECOND));
    append(store, 90, &ours, (row, test), vec![failing]);
    let writes = vec![asks(91, 3, "PUT", "http://h:1/orders/17", 200)];
    let passed = AttemptStatus::Passed;
    record(store, 91, &ours, passed, Some("changes"), writes);
    let evidence = evidence_of(store, 90);
    assert_eq!(evidence.facts.touches, []);
    assert_eq!(evidence.baseline.unwrap().touches, []);
    let gaps = evidence.recording.gaps.iter();
    let writes = gaps.filter(|gap| gap.detail.iter().any(|what| what.starts_with("writes")));
    assert_eq!(writes.map(|gap| gap.count).sum::<u64>(), 2);
}

/// Evidence as a file has the writes with it.
#[test]
fn writes_come_with_the_evidence() {
    let store = store::open_in_memory().unwrap();
    put_passing_run(&*store, 1);
    store.put_run(&sealed(9)).unwrap();
    reads(&*store, 90, &sealed(9), AttemptStatus::Failed);
    let whole = evidence_of(&*store, 90);
    assert_eq!(
        whole.baseline.iter().flat_map(|one| &one.touches).count(),
        1
    );
    let alone: Arc<dyn Store> = store::open_in_memory().unwrap();
    alone.put_run(&sealed(9)).unwrap();
    reads(&*alone, 90, &sealed(9), AttemptStatus::Failed);
    let mut given = Elsewhere::default();
    given.add_evidence(whole.clone());
    let context = RunContext::new(&*alone, run_id(9), SIGNER).unwrap();
    let evidence = context.with(&given).evidence(AttemptId([90; 16]));
    assert_eq!(evidence.unwrap().unwrap().baseline, whole.baseline);
}
