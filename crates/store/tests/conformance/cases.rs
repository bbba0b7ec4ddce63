//! The trait, case by case.

use model::{AttemptId, AttemptStatus, RunId, RunState};
use store::{AttemptQuery, BatchId, CallQuery, Chunk, PrefixMatch, RunQuery, Store};

use crate::samples::*;
use crate::signer::SIGNER;

/// Calls a macro with the name and the function of every case.
#[macro_export]
macro_rules! all_cases {
    ($case:ident) => {
        $case!(
            an_empty_store_is_empty,
            $crate::cases::an_empty_store_is_empty
        );
        $case!(
            a_run_replaces_what_was_known,
            $crate::cases::a_run_replaces_what_was_known
        );
        $case!(
            runs_are_listed_newest_first,
            $crate::cases::runs_are_listed_newest_first
        );
        $case!(
            runs_are_listed_page_by_page,
            $crate::cases::runs_are_listed_page_by_page
        );
        $case!(
            attempts_are_filtered_and_sorted,
            $crate::cases::attempts_are_filtered_and_sorted
        );
        $case!(
            an_attempt_replaces_what_was_known,
            $crate::cases::an_attempt_replaces_what_was_known
        );
        $case!(
            chunks_come_back_in_order,
            $crate::cases::chunks_come_back_in_order
        );
        $case!(
            what_has_no_attempt_is_unattributed,
            $crate::cases::what_has_no_attempt_is_unattributed
        );
        $case!(
            what_is_adopted_is_of_the_attempt,
            $crate::cases::what_is_adopted_is_of_the_attempt
        );
        $case!(
            a_batch_is_written_once,
            $crate::cases::a_batch_is_written_once
        );
        $case!(gaps_add_up, $crate::cases::gaps_add_up);
        $case!(
            processes_and_listeners_come_back,
            $crate::cases::processes_and_listeners_come_back
        );
        $case!(
            diagnoses_are_kept_and_found,
            $crate::cases::diagnoses_are_kept_and_found
        );
        $case!(diagnoses_are_listed, $crate::reviews::diagnoses_are_listed);
        $case!(tests_are_listed, $crate::reviews::tests_are_listed);
        $case!(
            a_later_review_replaces_an_earlier_one,
            $crate::reviews::a_later_review_replaces_an_earlier_one
        );
        $case!(
            calls_are_counted_once,
            $crate::derived::calls_are_counted_once
        );
        $case!(prefixes_find_ids, $crate::cases::prefixes_find_ids);
        $case!(
            prefixes_are_as_short_as_can_be,
            $crate::cases::prefixes_are_as_short_as_can_be
        );
        $case!(
            writers_do_not_disturb_each_other,
            $crate::cases::writers_do_not_disturb_each_other
        );
        $case!(
            recordings_are_merged,
            $crate::evidence::recordings_are_merged
        );
        $case!(
            a_hook_of_one_test_has_its_recording,
            $crate::evidence::a_hook_of_one_test_has_its_recording
        );
        $case!(
            the_best_baseline_is_chosen,
            $crate::evidence::the_best_baseline_is_chosen
        );
        $case!(
            evidence_holds_what_is_known,
            $crate::evidence::evidence_holds_what_is_known
        );
        $case!(evidence_is_bounded, $crate::evidence::evidence_is_bounded);
        $case!(
            a_pass_is_held_against_other_passes,
            $crate::passes::a_pass_is_held_against_other_passes
        );
        $case!(a_pass_has_evidence, $crate::passes::a_pass_has_evidence);
        $case!(
            the_most_alike_is_compared_with,
            $crate::wide::the_most_alike_is_compared_with
        );
        $case!(
            the_basis_comes_before_likeness,
            $crate::wide::the_basis_comes_before_likeness
        );
        $case!(
            signatures_are_of_the_whole_attempt,
            $crate::wide::signatures_are_of_the_whole_attempt
        );
        $case!(
            other_attempts_of_the_test_are_told,
            $crate::wide::other_attempts_of_the_test_are_told
        );
        $case!(
            writes_of_other_tests_are_found,
            $crate::wide::writes_of_other_tests_are_found
        );
        $case!(
            writes_of_the_passing_run_are_found,
            $crate::neighbours::writes_of_the_passing_run_are_found
        );
        $case!(
            a_pass_of_the_same_run_has_its_writes,
            $crate::neighbours::a_pass_of_the_same_run_has_its_writes
        );
        $case!(
            writes_of_both_runs_are_cut_together,
            $crate::neighbours::writes_of_both_runs_are_cut_together
        );
        $case!(
            related_writes_come_first,
            $crate::wide::related_writes_come_first
        );
        $case!(
            outages_are_of_the_whole_run,
            $crate::wide::outages_are_of_the_whole_run
        );
        $case!(
            passing_recordings_may_come_from_elsewhere,
            $crate::wide::passing_recordings_may_come_from_elsewhere
        );
        $case!(variants_are_cut_first, $crate::wide::variants_are_cut_first);
        $case!(
            a_tally_is_of_what_is_there,
            $crate::derived::a_tally_is_of_what_is_there
        );
        $case!(
            what_is_derived_holds_for_its_chunks,
            $crate::derived::what_is_derived_holds_for_its_chunks
        );
    };
}

pub(crate) fn an_empty_store_is_empty(store: &dyn Store) {
    assert_eq!(store.run(run_id(1)).unwrap(), None);
    assert_eq!(store.runs(&RunQuery::default()).unwrap(), []);
    assert_eq!(store.attempts(&AttemptQuery::default()).unwrap(), []);
    assert_eq!(store.chunks(trace(1)).unwrap(), []);
    assert_eq!(store.unattributed(run_id(1)).unwrap(), []);
    assert_eq!(store.gaps(run_id(1)).unwrap(), []);
    assert_eq!(store.diagnosis(AttemptId([1; 16])).unwrap(), None);
    assert_eq!(store.diagnoses(&Default::default()).unwrap(), []);
    assert_eq!(store.tests().unwrap(), []);
    assert_eq!(store.reviews().unwrap(), []);
    assert_eq!(store::calls(store, &CallQuery::default()).unwrap(), []);
    assert_eq!(store.find("", 10).unwrap(), []);
    assert_eq!(
        store::evidence(store, AttemptId([1; 16]), SIGNER).unwrap(),
        None
    );
    assert!(store::recording(store, trace(1)).unwrap().spans.is_empty());
}

pub(crate) fn a_run_replaces_what_was_known(store: &dyn Store) {
    let mut changing = run(1);
    store.put_run(&changing).unwrap();
    changing.state = RunState::Sealed;
    changing.tags.insert("pr".into(), "7".into());
    store.put_run(&changing).unwrap();
    assert_eq!(store.run(changing.id).unwrap(), Some(changing.clone()));
    assert_eq!(store.runs(&RunQuery::default()).unwrap(), [changing]);
}

pub(crate) fn runs_are_listed_newest_first(store: &dyn Store) {
    let mut other_project = run(4);
    other_project.project = "billing".into();
    for run in [run(2), run(3), run(1), other_project.clone()] {
        store.put_run(&run).unwrap();
    }
    let all = store.runs(&RunQuery::default()).unwrap();
    assert_eq!(all, [other_project, run(3), run(2), run(1)]);
    let query = RunQuery {
        limit: Some(2),
        project: Some("shop".into()),
        after: None,
    };
    assert_eq!(store.runs(&query).unwrap(), [run(3), run(2)]);
}

/// Two of five runs began at the same instant, and another page begins between them.
pub(crate) fn runs_are_listed_page_by_page(store: &dyn Store) {
    let again = model::Run {
        started: run(2).started,
        ..run(5)
    };
    let all = [run(4), run(3), run(2), again, run(1)];
    for run in &all {
        store.put_run(run).unwrap();
    }
    for limit in 1..6 {
        let mut listed: Vec<model::Run> = Vec::new();
        loop {
            let page = RunQuery {
                limit: Some(limit),
                after: listed.last().map(|last| (last.started, last.id)),
                ..RunQuery::default()
            };
            let found = store.runs(&page).unwrap();
            if found.is_empty() {
                break;
            }
            listed.extend(found);
        }
        assert_eq!(listed, all, "{limit} a page");
    }
    let earlier = RunQuery {
        after: Some((run(2).started, RunId([0xff; 16]))),
        ..RunQuery::default()
    };
    assert_eq!(store.runs(&earlier).unwrap(), [run(1)]);
}

pub(crate) fn attempts_are_filtered_and_sorted(store: &dyn Store) {
    let (old, new) = (run_id(1), run_id(2));
    store.put_run(&run(1)).unwrap();
    store.put_run(&run(2)).unwrap();
    let first = attempt(10, old, AttemptStatus::Passed);
    let second = attempt(11, new, AttemptStatus::Failed);
    let third = attempt(12, new, AttemptStatus::Passed);
    let other = of_test(
        attempt(13, new, AttemptStatus::Passed),
        test("are cancelled"),
    );
    append_each(store, &[&third, &first, &other, &second]);
    let check = |query: AttemptQuery, expected: &[&(model::Attempt, model::Test)]| {
        let found = store.attempts(&query).unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query:?}");
    };
    let all = AttemptQuery::default;
    check(all(), &[&second, &third, &other, &first]);
    check(
        AttemptQuery {
            run: Some(old),
            ..all()
        },
        &[&first],
    );
    check(
        AttemptQuery {
            test: Some(other.0.test_id),
            ..all()
        },
        &[&other],
    );
    check(
        AttemptQuery {
            attempt: Some(third.0.id),
            ..all()
        },
        &[&third],
    );
    check(
        AttemptQuery {
            passed_only: true,
            ..all()
        },
        &[&third, &other, &first],
    );
    check(
        AttemptQuery {
            limit: Some(2),
            ..all()
        },
        &[&second, &third],
    );
    check(
        AttemptQuery {
            run: Some(run_id(9)),
            ..all()
        },
        &[],
    );
}

fn append_each(store: &dyn Store, pairs: &[&(model::Attempt, model::Test)]) {
    for (id, pair) in (0..).zip(pairs) {
        let mut batch = batch(id, pair.0.run_id);
        batch.attempts.push((*pair).clone());
        store.append(&batch).unwrap();
    }
}

pub(crate) fn an_attempt_replaces_what_was_known(store: &dyn Store) {
    let mut started = batch(1, run_id(1));
    started
        .attempts
        .push(attempt(1, run_id(1), AttemptStatus::Unfinished));
    let mut ended = batch(2, run_id(1));
    ended
        .attempts
        .push(attempt(1, run_id(1), AttemptStatus::Passed));
    store.append(&started).unwrap();
    store.append(&ended).unwrap();
    assert_eq!(
        store.attempts(&AttemptQuery::default()).unwrap(),
        ended.attempts
    );
}

pub(crate) fn chunks_come_back_in_order(store: &dyn Store) {
    let mut first = batch(1, run_id(1));
    first.chunks = vec![
        chunk(1, vec![call(1, 2, 200, 1)]),
        chunk(2, vec![call(2, 9, 200, 1)]),
    ];
    let mut second = batch(2, run_id(1));
    second.chunks = vec![chunk(1, vec![call(1, 1, 500, 1), call(1, 2, 200, 1)])];
    second.chunks[0].logs.push(log(Some(1), "hello"));
    store.append(&first).unwrap();
    store.append(&second).unwrap();
    let expected = [first.chunks[0].clone(), second.chunks[0].clone()];
    assert_eq!(store.chunks(trace(1)).unwrap(), expected);
}

pub(crate) fn what_has_no_attempt_is_unattributed(store: &dyn Store) {
    let of_no_trace = Chunk {
        trace_id: None,
        spans: vec![],
        logs: vec![log(None, "of the run")],
    };
    let of_a_service = chunk(2, vec![call(2, 1, 200, 1)]);
    let mut both = batch(1, run_id(1));
    both.chunks = vec![
        of_no_trace.clone(),
        of_a_service.clone(),
        chunk(1, vec![call(1, 1, 200, 1)]),
    ];
    store.append(&both).unwrap();
    // The attempt arrives after its spans.
    let mut late = batch(2, run_id(1));
    late.attempts
        .push(attempt(1, run_id(1), AttemptStatus::Passed));
    store.append(&late).unwrap();
    assert_eq!(
        store.unattributed(run_id(1)).unwrap(),
        [of_no_trace, of_a_service]
    );
    assert_eq!(store.unattributed(run_id(2)).unwrap(), []);
}

pub(crate) fn a_batch_is_written_once(store: &dyn Store) {
    let mut once = batch(1, run_id(1));
    once.chunks.push(chunk(1, vec![call(1, 1, 200, 1)]));
    once.gaps.push(gap(run_id(1), None, 2));
    once.listeners.push(listener(1, true));
    store.append(&once).unwrap();
    store.append(&once).unwrap();
    assert_eq!(store.chunks(trace(1)).unwrap(), once.chunks);
    assert_eq!(store.gaps(run_id(1)).unwrap(), once.gaps);
    assert_eq!(store.listeners(run_id(1)).unwrap(), once.listeners);
}

pub(crate) fn gaps_add_up(store: &dyn Store) {
    let run = run_id(1);
    let mut detailed = gap(run, Some(trace(1)), 5);
    detailed.detail = Some("orders".into());
    let mut first = batch(1, run);
    first.gaps = vec![
        gap(run, None, 1),
        gap(run, Some(trace(1)), 10),
        detailed.clone(),
    ];
    let mut second = batch(2, run);
    second.gaps = vec![
        gap(run, Some(trace(1)), 30),
        gap(run, None, 2),
        gap(run, None, u64::MAX),
    ];
    store.append(&first).unwrap();
    store.append(&second).unwrap();
    // Counts stop at 2^63 - 1.
    let expected = [
        gap(run, None, i64::MAX as u64),
        gap(run, Some(trace(1)), 40),
        detailed,
    ];
    assert_eq!(store.gaps(run).unwrap(), expected);
    assert_eq!(store.gaps(run_id(2)).unwrap(), []);
}

pub(crate) fn processes_and_listeners_come_back(store: &dyn Store) {
    let run = run_id(1);
    let mut first = batch(1, run);
    first.processes.push(process(run, None));
    first.listeners = vec![listener(2, false), listener(1, true)];
    let mut second = batch(2, run);
    second.processes.push(process(run, Some("exit")));
    store.append(&first).unwrap();
    store.append(&second).unwrap();
    assert_eq!(store.processes(run).unwrap(), [process(run, Some("exit"))]);
    assert_eq!(
        store.listeners(run).unwrap(),
        [listener(1, true), listener(2, false)]
    );
}

pub(crate) fn diagnoses_are_kept_and_found(store: &dyn Store) {
    for n in 1..=3 {
        store.put_run(&run(n)).unwrap();
    }
    let replaced = diagnosis(1, run_id(1), "other");
    let (old, new) = (
        diagnosis(1, run_id(1), "api 429"),
        diagnosis(2, run_id(2), "api 429"),
    );
    let own = diagnosis(3, run_id(3), "api 429");
    let nameless = diagnosis(4, run_id(2), "");
    store.put_diagnosis(&replaced).unwrap();
    let all = [old.clone(), new.clone(), own, nameless];
    store.put_diagnoses(&all).unwrap();
    assert_eq!(store.diagnosis(old.attempt_id).unwrap(), Some(old.clone()));
    let both = [(new, run(2)), (old, run(1))];
    assert_eq!(store.sightings("api 429", run_id(3), 9).unwrap(), both);
    assert_eq!(store.sightings("api 429", run_id(3), 1).unwrap(), both[..1]);
    assert_eq!(store.sightings("other", run_id(3), 9).unwrap(), []);
    assert_eq!(store.recent_diagnoses(run_id(3), 9).unwrap(), both);
    assert_eq!(store.recent_diagnoses(run_id(3), 1).unwrap(), both[..1]);
}

pub(crate) fn prefixes_find_ids(store: &dyn Store) {
    store.put_run(&run(0xab)).unwrap();
    store.put_run(&run(0xac)).unwrap();
    let mut one = batch(1, run_id(0xab));
    one.attempts
        .push(attempt(0xa1, run_id(0xab), AttemptStatus::Passed));
    store.append(&one).unwrap();
    let (ab, ac) = (
        PrefixMatch::Run(run_id(0xab)),
        PrefixMatch::Run(run_id(0xac)),
    );
    let a1 = PrefixMatch::Attempt(AttemptId([0xa1; 16]));
    let check = |digits: &str, expected: &[PrefixMatch]| {
        assert_eq!(store.find(digits, 9).unwrap(), expected, "{digits}");
    };
    check("a", &[ab, ac, a1]);
    check("AB", &[ab]);
    check("abababababababababababababababab", &[ab]);
    check("ababababababababababababababababa", &[]);
    check("aba", &[ab]);
    check("abb", &[]);
    check("ag", &[]);
    check("' OR 1", &[]);
    assert_eq!(store.find("a", 2).unwrap(), [ab, ac]);
}

pub(crate) fn prefixes_are_as_short_as_can_be(store: &dyn Store) {
    let mut ids = [[0; 16]; 4];
    ids[0][0] = 0x10;
    ids[1][..2].copy_from_slice(&[0x12, 0x30]);
    ids[2][..2].copy_from_slice(&[0x12, 0x34]);
    ids[3][0] = 0xf0;
    for id in ids {
        let mut run = run(1);
        run.id = RunId(id);
        store.put_run(&run).unwrap();
    }
    let check = |at: usize, minimum: usize, expected: usize| {
        let id = PrefixMatch::Run(RunId(ids[at]));
        let length = store.unique_prefix(id, minimum).unwrap();
        assert_eq!(length, expected);
        let prefix = &RunId(ids[at]).to_string()[..length];
        assert_eq!(store.find(prefix, 9).unwrap(), [id]);
    };
    check(0, 1, 2);
    check(1, 1, 4);
    check(2, 1, 4);
    check(3, 1, 1);
    check(3, 7, 7);
    check(3, 99, 32);
}

pub(crate) fn writers_do_not_disturb_each_other(store: &dyn Store) {
    const WRITERS: u8 = 4;
    const BATCHES: u8 = 10;
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for n in 0..BATCHES {
                    let mut batch = batch(0, run_id(1));
                    batch.id = BatchId([writer * BATCHES + n; 16]);
                    batch
                        .chunks
                        .push(chunk(1, vec![call(1, writer * BATCHES + n, 200, 1)]));
                    batch.gaps.push(gap(run_id(1), None, 1));
                    store.append(&batch).unwrap();
                    // What was acknowledged can be read at once.
                    assert!(store.chunks(trace(1)).unwrap().contains(&batch.chunks[0]));
                }
            });
        }
    });
    let recorded = store::recording(store, trace(1)).unwrap();
    assert_eq!(recorded.spans.len(), usize::from(WRITERS * BATCHES));
    assert_eq!(
        store.gaps(run_id(1)).unwrap()[0].count,
        u64::from(WRITERS * BATCHES)
    );
}

pub(crate) fn what_is_adopted_is_of_the_attempt(store: &dyn Store) {
    for run in [1, 2] {
        let mut early = batch(run, run_id(run));
        early.chunks = vec![chunk(2, vec![call(2, run, 200, 1)])];
        store.append(&early).unwrap();
    }
    let mut test = batch(3, run_id(1));
    test.attempts
        .push(attempt(1, run_id(1), AttemptStatus::Passed));
    store.append(&test).unwrap();
    for _ in 0..2 {
        store
            .adopt(run_id(1), trace(2), AttemptId::from(trace(1)))
            .unwrap();
    }
    assert_eq!(store.unattributed(run_id(1)).unwrap(), []);
    let adopted = chunk(1, vec![call(2, 1, 200, 1)]);
    assert_eq!(store.chunks(trace(1)).unwrap(), [adopted]);
    // What another run has of the trace stays where it is.
    let other = chunk(2, vec![call(2, 2, 200, 1)]);
    assert_eq!(store.chunks(trace(2)).unwrap(), [other]);
}
