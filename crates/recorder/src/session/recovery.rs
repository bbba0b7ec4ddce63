//! Runs whose recorder was killed: what was spooled is taken in at the next start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Run, RunId, RunState, Timestamp};
use store::Store;

use super::SessionOptions;
use super::worker::Worker;
use crate::mask::Masker;
use crate::spool::{Orphan, orphans};

/// What is needed to take in the runs of dead recorders.
pub struct Recovery<'a> {
    /// Where the recordings go.
    pub store: &'a Arc<dyn Store>,
    /// Where that store is; spools of other stores are left alone.
    pub store_dir: &'a Path,
    /// Folders in which spools are made.
    pub spool_bases: &'a [PathBuf],
    /// How values are masked.
    pub masker: &'a Arc<Masker>,
    /// The project's name, for a run that the store does not know.
    pub project: &'a str,
    /// The wall clock.
    pub clock: fn() -> Timestamp,
}

/// A run that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The run.
    pub run_id: RunId,
    /// Attempts of tests that were in its spool.
    pub attempts: usize,
}

/// Takes in what dead recorders left in their spools: a spool counts as left when its lock can be taken. Marks the runs as
/// recovered and removes the spools. A process of such a run that still writes stops when it finds its folder gone.
#[must_use]
pub fn recover(recovery: &Recovery<'_>) -> Vec<Recovered> {
    orphans(recovery.spool_bases, recovery.store_dir)
        .into_iter()
        .map(|orphan| recover_one(recovery, orphan))
        .collect()
}

fn recover_one(recovery: &Recovery<'_>, orphan: Orphan) -> Recovered {
    let run_id = orphan.spool.run_id();
    let known = recovery.store.run(run_id).ok().flatten();
    let run = known.unwrap_or_else(|| unknown_run(run_id, recovery));
    let worker = Worker::new(SessionOptions {
        store: Arc::clone(recovery.store),
        project: run.project.clone(),
        run,
        spool: orphan.spool,
        masker: Arc::clone(recovery.masker),
        project_root: orphan.project_root,
        clock: recovery.clock,
    });
    Recovered {
        run_id,
        attempts: worker.recover().attempts,
    }
}

/// All that is known of a run that never reached the store.
fn unknown_run(id: RunId, recovery: &Recovery<'_>) -> Run {
    Run {
        id,
        name: None,
        project: recovery.project.to_owned(),
        command: Vec::new(),
        started: (recovery.clock)(),
        ended: None,
        exit: None,
        state: RunState::Recording,
        tags: Default::default(),
        peers: Vec::new(),
        parent: None,
        recorder_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
