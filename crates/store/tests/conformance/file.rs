//! The store as a folder: how it is made, shared and protected, and what happens when it is not what it should be.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use model::AttemptStatus;
use store::{AttemptQuery, Batch, Part, Store, StoreError};
use tempfile::TempDir;

use crate::samples::*;

fn folder() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("project/.flakescope");
    (parent, folder)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A store with one run of one attempt, closed.
fn filled(folder: &Path) -> Batch {
    let store = store::open(folder).unwrap();
    store.put_run(&run(1)).unwrap();
    let mut batch = batch(1, run_id(1));
    batch
        .attempts
        .push(attempt(1, run_id(1), AttemptStatus::Passed));
    for n in 0..50 {
        batch.chunks.push(chunk(1, vec![call(1, n, 200, 1)]));
    }
    store.append(&batch).unwrap();
    batch
}

#[test]
fn a_new_folder_is_private_and_ignored() {
    let (_parent, folder) = folder();
    let _store = store::open(&folder).unwrap();
    assert_eq!(mode(&folder), 0o700);
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    assert_eq!(
        fs::read_to_string(folder.join(".gitignore")).unwrap(),
        "*\n"
    );
    assert!(
        fs::read_to_string(folder.join("README"))
            .unwrap()
            .contains("flakescope")
    );
}

#[test]
fn a_closed_store_is_one_file() {
    let (_parent, folder) = folder();
    filled(&folder);
    assert_eq!(names(&folder), [".gitignore", "README", "store.db"]);
}

/// As after a disk that was full when the folder was made.
#[test]
fn an_empty_folder_becomes_ours() {
    let (_parent, folder) = folder();
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(".gitignore"), "").unwrap();
    drop(store::open(&folder).unwrap());
    assert_eq!(names(&folder), [".gitignore", "README", "store.db"]);
    assert_eq!(
        fs::read_to_string(folder.join(".gitignore")).unwrap(),
        "*\n"
    );
}

#[test]
fn a_folder_that_is_there_gets_the_store_only() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("package.json"), "{}").unwrap();
    drop(store::open(parent.path()).unwrap());
    assert_eq!(names(parent.path()), ["package.json", "store.db"]);
}

#[test]
fn what_was_written_is_there_for_the_next_process() {
    let (_parent, folder) = folder();
    let batch = filled(&folder);
    let store = store::open_existing(&folder).unwrap();
    assert_eq!(store.chunks(trace(1)).unwrap(), batch.chunks);
    // And a batch that is sent again after a restart is known.
    store.append(&batch).unwrap();
    assert_eq!(store.chunks(trace(1)).unwrap(), batch.chunks);
}

#[test]
fn two_stores_on_one_folder_see_each_other() {
    let (_parent, folder) = folder();
    let left = store::open(&folder).unwrap();
    let right = store::open(&folder).unwrap();
    for n in 0..20 {
        let (writer, reader) = if n % 2 == 0 {
            (&left, &right)
        } else {
            (&right, &left)
        };
        let mut batch = batch(n, run_id(1));
        batch
            .attempts
            .push(attempt(n, run_id(1), AttemptStatus::Passed));
        writer.append(&batch).unwrap();
        assert_eq!(
            reader.attempts(&AttemptQuery::default()).unwrap().len(),
            usize::from(n) + 1
        );
    }
}

#[test]
fn many_may_make_the_store_at_once() {
    let (_parent, folder) = folder();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let folder = &folder;
            scope.spawn(move || {
                let store = store::open(folder).unwrap();
                store.put_run(&run(n)).unwrap();
            });
        }
    });
    let store = store::open_existing(&folder).unwrap();
    assert_eq!(store.runs(&Default::default()).unwrap().len(), 8);
    drop(store);
    assert_eq!(names(&folder), [".gitignore", "README", "store.db"]);
}

/// The message of opening, or of the first reads, which must not panic.
fn failure(folder: &Path) -> StoreError {
    let read = |store: std::sync::Arc<dyn Store>| -> Result<(), StoreError> {
        store.runs(&Default::default())?;
        store.attempts(&AttemptQuery::default())?;
        store.chunks(trace(1))?;
        Ok(())
    };
    store::open_existing(folder).and_then(read).unwrap_err()
}

#[test]
fn a_reader_is_told_how_to_get_a_store() {
    let (_parent, folder) = folder();
    let message = failure(&folder).to_string();
    assert!(message.contains("flakescope run"), "{message}");
    assert!(!folder.exists());
}

#[test]
fn a_newer_store_is_refused_and_left_alone() {
    let (_parent, folder) = folder();
    filled(&folder);
    let path = folder.join("store.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    for error in [failure(&folder), store::open(&folder).err().unwrap()] {
        assert!(
            matches!(error, StoreError::TooNew { found: 99, .. }),
            "{error}"
        );
        assert!(error.to_string().contains("use a newer flakescope"));
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

/// Format 1 did not say what a listening process runs, before format 3 nothing was derived, and before format 4 nobody
/// could say what they think of a diagnosis.
#[test]
fn an_older_store_is_migrated() {
    let (_parent, folder) = folder();
    filled(&folder);
    let path = folder.join("store.db");
    let older = rusqlite::Connection::open(&path).unwrap();
    older
        .execute_batch(
            "ALTER TABLE listener DROP COLUMN program; DROP TABLE derived;
             DROP TABLE review; DROP INDEX diagnosis_test; CREATE TABLE call_block (id INTEGER PRIMARY KEY); PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(older);
    for time in [1, 2] {
        let store = store::open_existing(&folder).unwrap();
        assert!(store.run(run_id(1)).unwrap().is_some());
        let mut batch = batch(1 + u8::try_from(time).unwrap(), run_id(1));
        batch.listeners.push(listener(time, true));
        store.append(&batch).unwrap();
        let last = store.listeners(run_id(1)).unwrap().pop();
        assert_eq!(last, Some(listener(time, true)));
        let rest = [Part::Rest(run_id(1))];
        assert!(store::tallies(&*store, &run(1), &rest).is_ok());
        let calls = store::calls(&*store, &Default::default()).unwrap();
        assert_eq!(calls[0].count, 50);
        assert_eq!(store.reviews().unwrap(), []);
    }
}

#[test]
fn a_file_that_is_not_ours_is_left_alone() {
    let (_parent, folder) = folder();
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("store.db");
    let of_somebody_else = rusqlite::Connection::open(&path).unwrap();
    of_somebody_else
        .execute_batch("CREATE TABLE theirs (a)")
        .unwrap();
    drop(of_somebody_else);
    let database = fs::read(&path).unwrap();
    for content in [
        database.as_slice(),
        b"",
        b"not a database at all, but long enough to be one".as_slice(),
    ] {
        fs::write(&path, content).unwrap();
        let error = store::open(&folder).err().unwrap();
        let is_clear = matches!(error, StoreError::Open { .. } | StoreError::Corrupt(_));
        assert!(is_clear, "{error:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_damaged_store_says_so() {
    let (_parent, folder) = folder();
    filled(&folder);
    let path = folder.join("store.db");
    let whole = fs::read(&path).unwrap();
    let truncated = whole[..whole.len() / 2].to_vec();
    let mut overwritten = whole.clone();
    overwritten[8192..].fill(0x5a);
    for content in [truncated, overwritten] {
        fs::write(&path, content).unwrap();
        let error = failure(&folder);
        assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
    }
}

/// Wherever the damage is, there is an answer or an error, and never a panic.
#[test]
fn damage_anywhere_is_survived() {
    let (_parent, folder) = folder();
    filled(&folder);
    let path = folder.join("store.db");
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(509) {
        let mut damaged = whole.clone();
        let end = (at + 16).min(damaged.len());
        damaged[at..end].fill(0xff);
        fs::write(&path, damaged).unwrap();
        if let Ok(store) = store::open(&folder) {
            let _ = store.runs(&Default::default());
            let _ = store.attempts(&AttemptQuery::default());
            let _ = store.chunks(trace(1));
            let _ = store::calls(&*store, &Default::default());
            let _ = store.append(&batch(2, run_id(1)));
        }
    }
}
