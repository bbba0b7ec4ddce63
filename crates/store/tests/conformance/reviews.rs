//! Lists across runs, and what people say of diagnoses.

use model::{AttemptStatus, Cause, Review, ReviewVerdict, RunId, Timestamp};
use store::{DiagnosisQuery, Store};

use crate::samples::*;

pub(crate) fn diagnoses_are_listed(store: &dyn Store) {
    for n in 1..=2 {
        store.put_run(&run(n)).unwrap();
    }
    let mut of_another_test = diagnosis(3, run_id(2), "");
    of_another_test.test_id = test("are cancelled").id();
    let (old, new) = (
        diagnosis(1, run_id(1), "api 429"),
        diagnosis(2, run_id(2), "api 500"),
    );
    // Its run is not known.
    let lost = diagnosis(4, run_id(9), "api 429");
    let all = [&of_another_test, &old, &new, &lost].map(Clone::clone);
    store.put_diagnoses(&all).unwrap();
    let check = |query: DiagnosisQuery, expected: &[&store::StoredDiagnosis]| {
        let found = store.diagnoses(&query).unwrap();
        let found: Vec<_> = found.iter().map(|(stored, _)| stored).collect();
        assert_eq!(found, expected, "{query:?}");
    };
    let any = DiagnosisQuery::default();
    check(any, &[&new, &of_another_test, &old]);
    check(
        DiagnosisQuery {
            run: Some(run_id(2)),
            ..any
        },
        &[&new, &of_another_test],
    );
    check(
        DiagnosisQuery {
            test: Some(old.test_id),
            ..any
        },
        &[&new, &old],
    );
    check(
        DiagnosisQuery {
            limit: Some(1),
            ..any
        },
        &[&new],
    );
    let runs = store.diagnoses(&any).unwrap();
    assert_eq!(runs[0].1, run(2));
}

pub(crate) fn tests_are_listed(store: &dyn Store) {
    let placed = attempt(1, run_id(1), AttemptStatus::Passed);
    let again = attempt(2, run_id(1), AttemptStatus::Failed);
    let cancelled = of_test(
        attempt(3, run_id(1), AttemptStatus::Passed),
        test("are cancelled"),
    );
    let mut expected = [&placed, &cancelled].map(|(attempt, test)| (attempt.test_id, test.clone()));
    expected.sort_by_key(|(id, _)| *id);
    for (n, pair) in (0..).zip([placed, again, cancelled]) {
        let mut batch = batch(n, run_id(1));
        batch.attempts.push(pair);
        store.append(&batch).unwrap();
    }
    assert_eq!(store.tests().unwrap(), expected);
}

fn review(n: u8, run_id: RunId, time: i64, verdict: ReviewVerdict) -> Review {
    let stored = diagnosis(n, run_id, "api 429");
    Review {
        attempt_id: stored.attempt_id,
        run_id,
        test_id: stored.test_id,
        fingerprint: stored.diagnosis.fingerprint,
        claimed: stored.diagnosis.cause,
        verdict,
        note: (n == 1).then(|| "the fixture is slow".to_owned()),
        time: Timestamp(time),
        rules_version: 1,
    }
}

pub(crate) fn a_later_review_replaces_an_earlier_one(store: &dyn Store) {
    let disputed = ReviewVerdict::Disputed(Cause::TestCode);
    let first = review(1, run_id(1), 10, disputed);
    let second = review(2, run_id(2), 20, ReviewVerdict::Agreed);
    for review in [&first, &second] {
        store.put_review(review).unwrap();
    }
    assert_eq!(store.reviews().unwrap(), [second.clone(), first]);
    let withdrawn = review(1, run_id(1), 30, ReviewVerdict::Withdrawn);
    store.put_review(&withdrawn).unwrap();
    assert_eq!(store.reviews().unwrap(), [withdrawn, second]);
}
