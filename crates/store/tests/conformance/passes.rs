//! Passing attempts beside the other passes of their test.

use std::sync::Mutex;

use model::{Attempt, AttemptStatus, RunState, Signature};
use store::{AttemptQuery, RunContext, Store};

use crate::samples::*;
use crate::signer::SIGNER;

/// Records a passing attempt with so many calls in a run of its own, both with this number.
fn passes(store: &dyn Store, n: u8, calls: u8) -> Attempt {
    let of_run = model::Run {
        state: RunState::Sealed,
        ..run(n)
    };
    store.put_run(&of_run).unwrap();
    let mut batch = batch(n, of_run.id);
    batch
        .attempts
        .push(attempt(n, of_run.id, AttemptStatus::Passed));
    let calls = (1..=calls).map(|id| call(n, id, 200, 1));
    batch.chunks.push(chunk(n, calls.collect()));
    store.append(&batch).unwrap();
    let query = AttemptQuery {
        run: Some(of_run.id),
        ..AttemptQuery::default()
    };
    store.attempts(&query).unwrap().remove(0).0
}

/// What was asked about an attempt: how many calls it has, and those that it was held against.
fn asked(store: &dyn Store, attempt: &Attempt, until: usize) -> (bool, Vec<(usize, Vec<u8>)>) {
    let questions = Mutex::new(Vec::new());
    let context = RunContext::new(store, attempt.run_id, SIGNER).unwrap();
    let differ = |own: &Signature, others: &[Signature]| {
        let ids = others.iter().map(|other| other.attempt_id.0[0]).collect();
        questions.lock().unwrap().push((own.calls.len(), ids));
        others.len() < until
    };
    let odd = context
        .may_differ(std::slice::from_ref(attempt), differ)
        .remove(0);
    (odd.unwrap().unwrap(), questions.into_inner().unwrap())
}

/// With the newest other passes, two to begin with and one more each time, until the answer is no or there are no more.
pub(crate) fn a_pass_is_held_against_other_passes(store: &dyn Store) {
    passes(store, 1, 1);
    let second = passes(store, 2, 2);
    assert_eq!(asked(store, &second, 99), (false, vec![]));
    passes(store, 3, 3);
    passes(store, 4, 1);
    let last = passes(store, 5, 4);
    let two = (4, vec![4, 3]);
    let three = (4, vec![4, 3, 2]);
    // Made, then as they were kept.
    for _ in 0..2 {
        assert_eq!(asked(store, &last, 2), (false, vec![two.clone()]));
        assert_eq!(
            asked(store, &last, 3),
            (false, vec![two.clone(), three.clone()])
        );
    }
    let (odd, questions) = asked(store, &last, 99);
    assert!(odd);
    assert_eq!(questions.last(), Some(&(4, vec![4, 3, 2, 1])));
    // Those of later runs are other passes, too.
    assert_eq!(asked(store, &second, 2), (false, vec![(2, vec![5, 4])]));
}

/// The evidence of a pass holds the others whole, and what other tests of its run wrote.
pub(crate) fn a_pass_has_evidence(store: &dyn Store) {
    for n in 1..=4 {
        passes(store, n, n);
    }
    let last = passes(store, 5, 4);
    let context = RunContext::new(store, last.run_id, SIGNER).unwrap();
    let mut found = context.each_pass(&[last.id, model::AttemptId([99; 16])], |evidence| {
        let variants = evidence.variants.len();
        (
            evidence.baseline.is_some(),
            variants,
            evidence.signatures.len(),
        )
    });
    assert_eq!(found.remove(0).unwrap(), Some((true, 2, 4)));
    assert_eq!(found.remove(0).unwrap(), None);
}
