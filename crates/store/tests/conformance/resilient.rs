//! What a resilient store does besides what every store does.

use std::fs;
use std::sync::Arc;

use model::{AttemptId, AttemptStatus, RunState};
use store::{AttemptQuery, Loss, Store, StoreError};

use crate::failing::Failing;
use crate::samples::*;
use crate::signer::SIGNER;

/// A run with one attempt in two batches, the first of which has its gap.
fn write_first_half(store: &dyn Store) {
    store.put_run(&run(1)).unwrap();
    let mut first = batch(1, run_id(1));
    first
        .attempts
        .push(attempt(1, run_id(1), AttemptStatus::Unfinished));
    first.chunks.push(chunk(1, vec![call(1, 1, 200, 1)]));
    first.gaps.push(gap(run_id(1), Some(trace(1)), 1));
    first.listeners.push(listener(1, true));
    store.append(&first).unwrap();
}

fn write_second_half(store: &dyn Store) {
    let mut second = batch(2, run_id(1));
    second
        .attempts
        .push(attempt(1, run_id(1), AttemptStatus::Failed));
    second.chunks.push(chunk(1, vec![call(1, 2, 500, 1)]));
    second.chunks.push(chunk(7, vec![call(7, 1, 200, 1)]));
    second.gaps.push(gap(run_id(1), Some(trace(1)), 1));
    second.processes.push(process(run_id(1), None));
    store.append(&second).unwrap();
    store
        .put_diagnosis(&diagnosis(1, run_id(1), "api 500"))
        .unwrap();
    let mut sealed = run(1);
    sealed.state = RunState::Sealed;
    store.put_run(&sealed).unwrap();
}

fn check_whole(store: &dyn Store) {
    let recording = store::recording(store, trace(1)).unwrap();
    assert_eq!(recording.spans, [call(1, 1, 200, 1), call(1, 2, 500, 1)]);
    assert_eq!(recording.gaps, [gap(run_id(1), Some(trace(1)), 2)]);
    let attempts = store.attempts(&AttemptQuery::default()).unwrap();
    assert_eq!(attempts, [attempt(1, run_id(1), AttemptStatus::Failed)]);
    assert_eq!(
        store.unattributed(run_id(1)).unwrap(),
        [chunk(7, vec![call(7, 1, 200, 1)])]
    );
    assert_eq!(store.listeners(run_id(1)).unwrap(), [listener(1, true)]);
    assert_eq!(
        store.processes(run_id(1)).unwrap(),
        [process(run_id(1), None)]
    );
    assert_eq!(
        store.run(run_id(1)).unwrap().unwrap().state,
        RunState::Sealed
    );
    let diagnosis = store.diagnosis(AttemptId([1; 16])).unwrap().unwrap();
    assert_eq!(diagnosis.diagnosis.fingerprint, "api 500");
    assert!(
        store::evidence(store, AttemptId([1; 16]), SIGNER)
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_disk_that_fills_up_and_recovers_loses_nothing() {
    let (disk, _folder) = crate::on_disk();
    let failing = Arc::new(Failing::after(Arc::clone(&disk), 2));
    let store = store::resilient(Ok(failing.clone()));
    write_first_half(store.as_ref());
    assert_eq!(store.lost(), None);
    write_second_half(store.as_ref());
    let expected = Loss {
        reason: "write to the store: the disk is full".into(),
        batches: 3,
        dropped: 0,
    };
    assert_eq!(store.lost(), Some(expected.clone()));
    check_whole(store.as_ref());

    assert!(matches!(store.settle(), Err(StoreError::Full)));
    assert_eq!(store.lost(), Some(expected));
    check_whole(store.as_ref());

    failing.recover();
    store.settle().unwrap();
    assert_eq!(store.lost(), None);
    check_whole(store.as_ref());
    check_whole(disk.as_ref());
}

#[test]
fn a_store_that_is_removed_is_made_again() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let store = store::open_resilient(&dir);
    write_first_half(store.as_ref());
    fs::remove_dir_all(&dir).unwrap();
    write_second_half(store.as_ref());
    let loss = store.lost().unwrap();
    assert!(loss.reason.contains("removed or replaced"), "{loss:?}");
    check_whole(store.as_ref());
    store.settle().unwrap();
    assert_eq!(store.lost(), None);
    check_whole(store::open_existing(&dir).unwrap().as_ref());
}

#[test]
fn a_store_that_cannot_be_opened_is_kept_in_memory() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    fs::write(&dir, "in the way").unwrap();
    let store = store::open_resilient(&dir);
    write_first_half(store.as_ref());
    write_second_half(store.as_ref());
    assert_eq!(store.lost().unwrap().batches, 5);
    check_whole(store.as_ref());
    assert!(store.settle().is_err());
    fs::remove_file(&dir).unwrap();
    store.settle().unwrap();
    check_whole(store::open_existing(&dir).unwrap().as_ref());
}
