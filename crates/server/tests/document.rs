//! The documents of a run and of a recording, built from a store.

#[path = "support/sample.rs"]
mod sample;

use model::{
    AttemptId, Cause, Oddity, OddityKind, Outage, Review, ReviewVerdict, RunId, SpanId, Timestamp,
    Unlike,
};
use server::document::{Against, build, diff, recording};

use sample::{RUN, sample_store};

#[test]
fn a_document_is_built_from_a_store() {
    let document = build(&*sample_store().unwrap(), RUN).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn a_recording_is_built_from_a_store() {
    let recording = recording(&*sample_store().unwrap(), AttemptId([2; 16])).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&recording).unwrap());
}

#[test]
fn what_differs_is_built_from_a_store() {
    let store = sample_store().unwrap();
    let of = |byte: u8, against: Against, all: bool| {
        diff(&*store, AttemptId([byte; 16]), against, all).unwrap()
    };
    let by_itself = of(2, Against::Baseline, false).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&by_itself).unwrap());
    // All there is, and nothing is said to be hidden.
    let all = of(2, Against::Baseline, true).unwrap();
    assert_eq!((all.hidden.ports, by_itself.hidden.ports), (0, 1));
    let kinds = |diff: &server::document::Diff| {
        let values = diff.differences.iter().flat_map(|entry| &entry.values);
        let mut kinds: Vec<String> = values.map(|value| value.kind.clone()).collect();
        kinds.sort();
        kinds
    };
    assert!(kinds(&all).contains(&"port".to_owned()));
    assert!(kinds(&by_itself).iter().all(|kind| kind == "value"));
    // Held against itself, nothing differs.
    let same = of(2, Against::Attempt(AttemptId([2; 16])), true).unwrap();
    assert_eq!((same.differences.len(), same.same_calls), (0, 1));
    // Another test, and none that passed.
    let other = of(2, Against::Attempt(AttemptId([3; 16])), false).unwrap();
    assert_eq!((other.same_test, other.basis.as_str()), (false, "given"));
    assert!(of(5, Against::Baseline, false).is_none());
}

/// A pass that is odd counts as a pass, stands in the document of its run and in its own, and shares an entry with another one.
#[test]
fn an_odd_pass_is_told_and_passed() {
    let store = sample_store().unwrap();
    let before = build(&*store, RUN).unwrap();
    assert_eq!(before.unlike, []);
    let odd = |text: &str| Unlike {
        passes: 3,
        nearest: AttemptId([1; 16]),
        summary: "Passed, but not like its 3 other passes.".into(),
        oddities: vec![Oddity {
            kind: OddityKind::Outcome,
            call: "GET /stock/*".into(),
            text: text.into(),
            at: Some(1_500_000_000),
            span_id: Some(SpanId([4; 8])),
            other_span_id: None,
        }],
        left_out: 0,
    };
    let (failed, passed) = (AttemptId([2; 16]), AttemptId([4; 16]));
    let found = [failed, passed].map(|id| (id, Some(odd("answered 500, 404 in the others"))));
    store::keep_unlike(&*store, &found).unwrap();
    let document = build(&*store, RUN).unwrap();
    assert_eq!(document.run.counts, before.run.counts);
    assert_eq!(document.causes, before.causes);
    // What failed is no pass, whatever is kept of it.
    let [group] = &document.unlike[..] else {
        panic!("{:?}", document.unlike);
    };
    assert_eq!(group.text, "GET /stock/* answered 500, 404 in the others");
    let attempts: Vec<&str> = group
        .passes
        .iter()
        .map(|pass| pass.attempt.as_str())
        .collect();
    assert_eq!(attempts, [passed.to_string()]);
    let own = recording(&*store, passed).unwrap().test.attempts.remove(0);
    let oddity = own.unlike.unwrap().oddities.remove(0);
    assert_eq!(oddity.at_ms, Some(1_500));
}

#[test]
fn an_outage_is_told_where_failures_are_held_against_its_peer() {
    let store = sample_store().unwrap();
    let outage = |peer: &str| Outage {
        peer: peer.into(),
        from: Timestamp(2_000_000_000),
        to: Timestamp(6_400_000_000),
        refused: 11,
        calls: 12,
        attempts: 2,
        from_the_start: false,
    };
    store::keep_outages(&*store, RUN, &[outage("elsewhere"), outage("local")]).unwrap();
    let document = build(&*store, RUN).unwrap();
    let told: Vec<&str> = document
        .outages
        .iter()
        .map(|one| one.summary.as_str())
        .collect();
    assert_eq!(
        told,
        ["11 of 12 calls to 127.0.0.1 failed over 4.4 s; 2 attempts met it."]
    );
    assert_eq!(
        document.outages[0].tests,
        [document.causes[0].failures[0].test.clone()]
    );
    // That the peer refused is a fact, also for those who hold the failure against something else.
    let failed = document.causes[0].failures[0].attempt.parse().unwrap();
    let kept = store.diagnosis(failed).unwrap().unwrap();
    let review = Review {
        attempt_id: failed,
        run_id: RUN,
        test_id: kept.test_id,
        fingerprint: kept.diagnosis.fingerprint,
        claimed: kept.diagnosis.cause,
        verdict: ReviewVerdict::Disputed(Cause::Race),
        note: None,
        time: Timestamp(9_000_000_000),
        rules_version: kept.diagnosis.rules_version,
    };
    store.put_review(&review).unwrap();
    let disputed = build(&*store, RUN).unwrap();
    assert_eq!(disputed.causes[0].fingerprints.len(), 0);
    assert_eq!(disputed.outages, document.outages);
}

#[test]
fn what_is_not_there_is_an_error() {
    let store = sample_store().unwrap();
    let nobody = AttemptId([0; 16]);
    assert!(diff(&*store, nobody, Against::Baseline, false).is_err());
    let other = Against::Attempt(nobody);
    assert!(diff(&*store, AttemptId([2; 16]), other, false).is_err());
    let error = build(&*store, RunId([0; 16])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "read run 00000000000000000000000000000000: the store does not know it"
    );
    assert!(recording(&*store, AttemptId([0; 16])).is_err());
}
