//! Processes that are killed while they write: what was acknowledged is there, and no batch is there by half.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use model::{AttemptId, AttemptStatus};
use store::{AttemptQuery, BatchId, Store};

use crate::samples::*;

/// Set for a child: the store's folder, and the number of its run.
const FOLDER: &str = "FLAKESCOPE_TEST_STORE";
const WRITER: &str = "FLAKESCOPE_TEST_WRITER";

/// A batch in several tables, the `n`th of a writer.
fn nth_batch(writer: u8, n: u8) -> store::Batch {
    let run = run_id(writer);
    let mut batch = batch(0, run);
    batch.id = BatchId(attempt_id(writer, n));
    let (mut attempt, test) = attempt(1, run, AttemptStatus::Passed);
    attempt.id = AttemptId(attempt_id(writer, n));
    let mut call = call(1, n, 200, 1);
    call.trace_id = attempt.id.into();
    // Large enough that a commit is more than one page.
    call.attributes.set("text", noise(n));
    let mut chunk = chunk(1, vec![call]);
    chunk.trace_id = Some(attempt.id.into());
    batch.attempts.push((attempt, test));
    batch.chunks.push(chunk);
    batch.gaps.push(gap(run, None, 1));
    batch
}

fn attempt_id(writer: u8, n: u8) -> [u8; 16] {
    let mut id = [writer; 16];
    id[15] = n;
    id
}

/// Text that does not compress to nothing, the same each time.
fn noise(seed: u8) -> String {
    let mut state = u32::from(seed) + 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (state >> 24) as u8 % 26)
    };
    (0..100_000).map(|_| next()).collect()
}

/// A child that the other one is killed for too late writes no more than this.
const BATCHES: u8 = 200;

/// The child: appends batch after batch and says so, until it is killed. Without its variables it is no child.
#[test]
fn child_writes_until_killed() {
    let (Some(folder), Ok(writer)) = (std::env::var_os(FOLDER), std::env::var(WRITER)) else {
        return;
    };
    let writer: u8 = writer.parse().unwrap();
    let store = store::open(Path::new(&folder)).unwrap();
    for n in 0..BATCHES {
        store.append(&nth_batch(writer, n)).unwrap();
        println!("acknowledged {n}");
    }
    // Waits to be killed: the other end is never written to.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

fn spawn(folder: &Path, writer: u8) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["crash::child_writes_until_killed", "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .env(WRITER, writer.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the child after its tenth acknowledgement and gives how many it made in all.
fn kill_while_writing(mut child: Child) -> u8 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = 0;
    let mut count = |line: &str| {
        // The harness may print before the first one on the same line.
        if let Some((_, n)) = line.split_once("acknowledged ") {
            acknowledged = n.parse::<u8>().unwrap() + 1;
        }
        acknowledged
    };
    while count(&lines.next().unwrap().unwrap()) < 10 {}
    child.kill().unwrap();
    for line in lines {
        count(&line.unwrap());
    }
    assert!(!child.wait().unwrap().success());
    acknowledged
}

#[test]
fn a_killed_writer_leaves_what_it_acknowledged() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("store");
    // Two at once, so that one is killed while the other writes, and both make the store.
    let children = [1, 2].map(|writer| (writer, spawn(&folder, writer)));
    let acknowledged = children.map(|(writer, child)| (writer, kill_while_writing(child)));

    let store = store::open_existing(&folder).unwrap();
    for (writer, count) in acknowledged {
        assert!(count >= 10);
        let query = AttemptQuery {
            run: Some(run_id(writer)),
            ..AttemptQuery::default()
        };
        let found = store.attempts(&query).unwrap();
        // The one that was being written may have been committed without being acknowledged.
        let written = found.len() as u8;
        assert!(
            written == count || written == count + 1,
            "{written} of {count}"
        );
        for n in 0..written {
            let batch = nth_batch(writer, n);
            let trace = AttemptId(attempt_id(writer, n)).into();
            assert_eq!(store.chunks(trace).unwrap(), batch.chunks, "batch {n}");
        }
        assert_eq!(
            store.gaps(run_id(writer)).unwrap()[0].count,
            u64::from(written)
        );
        assert_eq!(store.unattributed(run_id(writer)).unwrap(), []);
    }
    check_sound(&folder, store.as_ref());
}

fn check_sound(folder: &Path, store: &dyn Store) {
    let connection = rusqlite::Connection::open(folder.join("store.db")).unwrap();
    let verdict: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
    // And it can be written again.
    store.put_run(&run(1)).unwrap();
}
