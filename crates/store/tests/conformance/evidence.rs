//! What is built above the trait: recordings and evidence.

use model::{
    AttemptId, AttemptKind, AttemptStatus, BaselineBasis, GapKind, PeerDeclaration, Role, Value,
};
use store::Store;

use crate::samples::*;
use crate::signer::SIGNER;

pub(crate) fn recordings_are_merged(store: &dyn Store) {
    let run = run_id(1);
    let mut started = call(1, 1, 200, 3);
    started.end = None;
    let ended = call(1, 1, 200, 3);
    let mut first = batch(1, run);
    first.attempts.push(attempt(1, run, AttemptStatus::Passed));
    first
        .chunks
        .push(chunk(1, vec![call(1, 2, 200, 1), ended.clone()]));
    first.gaps = vec![
        gap(run, Some(trace(1)), 1),
        gap(run, Some(trace(2)), 1),
        gap(run, None, 1),
    ];
    let mut second = batch(2, run);
    second.chunks.push(chunk(1, vec![started]));
    second.chunks[0].logs = vec![log(Some(1), "a"), log(Some(1), "a")];
    store.append(&first).unwrap();
    store.append(&second).unwrap();
    let recording = store::recording(store, trace(1)).unwrap();
    assert_eq!(recording.spans, [ended, call(1, 2, 200, 1)]);
    assert_eq!(recording.logs, [log(Some(1), "a")]);
    assert_eq!(recording.gaps, [gap(run, Some(trace(1)), 1)]);
}

/// Candidates are added from the worst to the best; each must be taken over all before it.
pub(crate) fn the_best_baseline_is_chosen(store: &dyn Store) {
    let mut ours = run(9);
    ours.tags = [
        ("vcs.ref.head.revision".to_owned(), "c1".to_owned()),
        ("vcs.ref.base.name".to_owned(), "main".to_owned()),
    ]
    .into();
    store.put_run(&ours).unwrap();
    let mut failed = batch(9, ours.id);
    failed
        .attempts
        .push(attempt(90, ours.id, AttemptStatus::Failed));
    failed.chunks.push(chunk(90, vec![call(90, 1, 500, 1)]));
    store.append(&failed).unwrap();
    let chosen = || {
        let evidence = store::evidence(store, AttemptId([90; 16]), SIGNER)
            .unwrap()
            .unwrap();
        evidence
            .baseline
            .map(|baseline| (baseline.basis, baseline.attempt.id.0[0]))
    };
    assert_eq!(chosen(), None);

    let add = |n: u8, run: model::Run, has_spans: bool| {
        store.put_run(&run).unwrap();
        let mut batch = batch(n, run.id);
        batch
            .attempts
            .push(attempt(n, run.id, AttemptStatus::Passed));
        if has_spans {
            batch.chunks.push(chunk(n, vec![call(n, n, 200, 1)]));
        }
        store.append(&batch).unwrap();
    };
    let tagged = |n: u8, key: &str, value: &str| {
        let mut run = run(n);
        run.tags.insert(key.to_owned(), value.to_owned());
        run
    };
    add(3, run(3), true);
    assert_eq!(chosen(), Some((BaselineBasis::Newest, 3)));
    add(4, run(4), true);
    assert_eq!(chosen(), Some((BaselineBasis::Newest, 4)));
    add(5, run(5), false);
    assert_eq!(
        chosen(),
        Some((BaselineBasis::Newest, 4)),
        "5 has nothing to compare with"
    );
    add(2, tagged(2, "vcs.ref.head.name", "main"), true);
    assert_eq!(chosen(), Some((BaselineBasis::BaseBranch, 2)));
    add(1, tagged(1, "vcs.ref.head.revision", "c1"), true);
    assert_eq!(chosen(), Some((BaselineBasis::SameCommit, 1)));
    add(91, ours.clone(), true);
    assert_eq!(chosen(), Some((BaselineBasis::SameRun, 91)));
}

pub(crate) fn evidence_holds_what_is_known(store: &dyn Store) {
    let mut ours = run(2);
    ours.tags
        .insert("vcs.ref.head.revision".into(), "c2".into());
    ours.peers.push(PeerDeclaration {
        name: "Orders API".into(),
        hosts: vec!["*.example.org".into()],
        process: None,
        role: Role::Dependency,
    });
    store.put_run(&ours).unwrap();
    store.put_run(&run(1)).unwrap();
    for n in [10, 11] {
        store
            .put_diagnosis(&diagnosis(n, run_id(1), "api 429"))
            .unwrap();
    }
    store.put_diagnosis(&diagnosis(20, ours.id, "own")).unwrap();
    let mut all = batch(1, ours.id);
    let mut failed = attempt(20, ours.id, AttemptStatus::Failed);
    failed.0.fixtures = vec![trace(21)];
    all.attempts.push(failed.clone());
    all.chunks = vec![
        chunk(20, vec![call(20, 1, 429, 1)]),
        chunk(21, vec![call(21, 1, 200, 1)]),
    ];
    all.gaps = vec![
        gap(ours.id, Some(trace(20)), 1),
        gap(ours.id, Some(trace(21)), 2),
    ];
    all.listeners.push(listener(1, true));
    store.append(&all).unwrap();

    let evidence = store::evidence(store, failed.0.id, SIGNER)
        .unwrap()
        .unwrap();
    assert_eq!((&evidence.attempt, &evidence.test), (&failed.0, &failed.1));
    assert_eq!(evidence.recording.spans, [call(20, 1, 429, 1)]);
    assert_eq!(evidence.recording.gaps, all.gaps[..1]);
    assert_eq!(evidence.fixtures.len(), 1);
    assert_eq!(evidence.fixtures[0].spans, [call(21, 1, 200, 1)]);
    assert_eq!(evidence.fixtures[0].gaps, all.gaps[1..]);
    assert_eq!(evidence.baseline, None);
    assert_eq!(evidence.peers, ours.peers);
    assert_eq!(evidence.listeners, all.listeners);
    assert_eq!(evidence.facts.commit.as_deref(), Some("c2"));
    let sightings = &evidence.facts.sightings;
    assert_eq!(sightings.len(), 1);
    assert_eq!(
        (sightings[0].fingerprint.as_str(), sightings[0].attempts),
        ("api 429", 2)
    );
    assert_eq!(sightings[0].branch.as_deref(), Some("branch-1"));
}

/// The baseline alone is over the limit; the failure and the smaller bodies of the baseline must stay whole.
pub(crate) fn evidence_is_bounded(store: &dyn Store) {
    let body = |bytes: usize| Value::from("x".repeat(bytes));
    let with_body = |n: u8, id: u8, bytes: usize| {
        let mut span = call(n, id, 200, 1);
        span.attributes
            .set("http.response.body.content", body(bytes));
        span
    };
    let run_id = run_id(1);
    let mut all = batch(1, run_id);
    all.attempts.push(attempt(1, run_id, AttemptStatus::Failed));
    all.attempts.push(attempt(2, run_id, AttemptStatus::Passed));
    all.chunks.push(chunk(1, vec![with_body(1, 1, 1 << 20)]));
    all.chunks.push(chunk(
        2,
        vec![with_body(2, 1, 40 << 20), with_body(2, 2, 1 << 20)],
    ));
    store.append(&all).unwrap();
    let evidence = store::evidence(store, AttemptId([1; 16]), SIGNER)
        .unwrap()
        .unwrap();
    assert_eq!(evidence.recording.spans, all.chunks[0].spans);
    assert_eq!(evidence.recording.gaps, []);
    let baseline = evidence.baseline.unwrap().recording;
    assert!(
        baseline.spans[0]
            .attributes
            .get("http.response.body.content")
            .is_none()
    );
    assert_eq!(baseline.spans[1], all.chunks[1].spans[1]);
    let gaps: Vec<_> = baseline
        .gaps
        .iter()
        .map(|gap| (gap.kind, gap.count))
        .collect();
    assert_eq!(gaps, [(GapKind::AttemptBudget, 1)]);
}

/// A hook without calls of its own that serves one test has that test's recording, and fails as it did.
pub(crate) fn a_hook_of_one_test_has_its_recording(store: &dyn Store) {
    let hook_of = |served: &[u8]| {
        let run = run_id(served.len() as u8);
        let n = served.len() as u8 * 30;
        let mut batch = batch(n, run);
        for test in served {
            let mut passed = attempt(*test, run, AttemptStatus::Passed);
            passed.0.fixtures = vec![trace(n)];
            batch.attempts.push(passed);
            batch
                .chunks
                .push(chunk(*test, vec![call(*test, 1, 500, 1)]));
        }
        let mut hook = attempt(n, run, AttemptStatus::Failed);
        hook.0.kind = AttemptKind::Fixture;
        batch.attempts.push(hook);
        store.append(&batch).unwrap();
        let id = AttemptId([n; 16]);
        let evidence = store::evidence(store, id, SIGNER).unwrap().unwrap();
        assert_eq!(evidence.attempt.id, id);
        assert_eq!(evidence.attempt.status, AttemptStatus::Failed);
        (evidence.attempt.kind, evidence.recording.spans.len())
    };
    assert_eq!(hook_of(&[1]), (AttemptKind::Test, 1));
    assert_eq!(hook_of(&[2, 3]), (AttemptKind::Fixture, 0));
}
