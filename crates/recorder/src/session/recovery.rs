//! Runs whose recorder was killed: what was spooled is taken in when somebody looks, at the latest at the next start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Gap, GapKind, Run, RunId, RunState, Timestamp};
use store::{Batch, BatchId, Store, StoreError};

use super::SessionOptions;
use super::worker::Worker;
use crate::mask::Masker;
use crate::spool::{Alive, Orphan, orphans};

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
/// A run whose spool is gone, too, is marked and counts a gap. Costs two listings of folders when there is nothing to do.
#[must_use]
pub fn recover(recovery: &Recovery<'_>) -> Vec<Recovered> {
    let mut recovered: Vec<Recovered> = orphans(recovery.spool_bases, recovery.store_dir)
        .into_iter()
        .map(|orphan| recover_one(recovery, orphan))
        .collect();
    for (run_id, alive) in Alive::all_dead(recovery.store_dir) {
        if mark_lost(recovery.store.as_ref(), run_id).is_ok_and(|marked| marked) {
            recovered.push(Recovered {
                run_id,
                attempts: 0,
            });
        }
        alive.end();
    }
    recovered
}

/// Marks a run of which neither recorder nor spool is left, if it was not over; gives whether it was not. When it ended
/// is not known.
fn mark_lost(store: &dyn Store, run_id: RunId) -> Result<bool, StoreError> {
    let Some(run) = store
        .run(run_id)?
        .filter(|run| run.state == RunState::Recording)
    else {
        return Ok(false);
    };
    store.append(&Batch {
        // The same for whoever does it again after a failure in between.
        id: BatchId(run_id.0),
        run_id,
        chunks: Vec::new(),
        attempts: Vec::new(),
        gaps: vec![Gap {
            run_id,
            trace_id: None,
            span_id: None,
            kind: GapKind::SpoolGone,
            count: 1,
            detail: None,
        }],
        processes: Vec::new(),
        listeners: Vec::new(),
    })?;
    store.put_run(&Run {
        state: RunState::Recovered,
        ..run
    })?;
    Ok(true)
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
        // What came in through the door is not spooled.
        inbox: Arc::default(),
        endpoints: Vec::new(),
        log_files: Vec::new(),
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use model::TraceId;

    use super::*;
    use crate::key::Key;
    use crate::mask::MaskRules;
    use crate::spool::{Capture, Spool, SpoolOptions};

    const RUN: RunId = RunId([7; 16]);
    const HEAD: &str = r#"{"t":"head","v":1,"agent":"node","pid":99000001,"instance":"1bb4dd1e"}
{"t":"span","trace":"aa000000000000000000000000000001","id":"bb00000000000001","name":"a","start":"1","attrs":{"flakescope.span.type":"attempt"}}
{"t":"span","trace":"aa000000000000000000000000000001","id":"bb00000000000002","parent":"bb00000000000001","name":"step","start":"2","end":"3"}
{"t":"gap","kind":"body-cut","count":3}
{"t":"listen","host":"127.0.0.1","port":80,"time":"4","open":true}
"#;
    const REST: &str = r#"{"t":"span","trace":"aa000000000000000000000000000001","id":"bb00000000000003","parent":"bb00000000000002","name":"step","start":"4","end":"5"}
{"t":"gap","kind":"body-cut","count":1}
{"t":"span","trace":"aa000000000000000000000000000001","id":"bb00000000000001","name":"a","start":"1","end":"9","attrs":{"flakescope.span.type":"attempt","test.case.result.status":"pass"}}
{"t":"end","reason":"exit"}
"#;

    /// A recorder that was killed when it had stored the first half, and the one that comes after it.
    #[test]
    fn what_was_stored_before_is_not_counted_again() {
        let base = tempfile::tempdir().unwrap();
        let store = store::open_in_memory().unwrap();
        let key = Key::from_hex(&"07".repeat(32)).unwrap();
        let masker = Arc::new(Masker::new(&MaskRules::default(), key.clone()).unwrap());
        let options = SpoolOptions {
            base: base.path().to_owned(),
            cap_bytes: 1 << 20,
            segment_bytes: 1 << 20,
            capture: Capture::default(),
            declared_hosts: Vec::new(),
            store_dir: base.path().join("store"),
            project_root: "/p".into(),
        };
        let spool = Spool::create(RUN, &options, &key).unwrap();
        let segment = spool.dir().join("99000001-1bb4dd1e-0.seg");
        let mut file = fs::File::create(segment).unwrap();
        let recovery = Recovery {
            store: &store,
            store_dir: &options.store_dir,
            spool_bases: &[base.path().to_owned()],
            masker: &masker,
            project: "shop",
            clock: || Timestamp(99),
        };
        let mut killed = Worker::new(SessionOptions {
            store: Arc::clone(&store),
            spool,
            inbox: Arc::default(),
            endpoints: Vec::new(),
            log_files: Vec::new(),
            run: Run {
                started: Timestamp(1),
                ..unknown_run(RUN, &recovery)
            },
            masker: Arc::clone(&masker),
            project: "shop".into(),
            project_root: "/p".into(),
            clock: || Timestamp(5),
        });
        file.write_all(HEAD.as_bytes()).unwrap();
        killed.step();
        drop(killed);
        file.write_all(REST.as_bytes()).unwrap();

        assert_eq!(recover(&recovery).len(), 1);
        let gaps = store.gaps(RUN).unwrap();
        let gaps: Vec<_> = gaps.iter().map(|gap| (gap.kind, gap.count)).collect();
        assert_eq!(gaps, [(GapKind::BodyCut, 4)]);
        let trace: TraceId = "aa000000000000000000000000000001".parse().unwrap();
        let chunks = store.chunks(trace).unwrap();
        assert_eq!(
            chunks.iter().map(|chunk| chunk.spans.len()).sum::<usize>(),
            4
        );
        assert_eq!(store.listeners(RUN).unwrap().len(), 1);
        let run = store.run(RUN).unwrap().unwrap();
        assert_eq!(
            (run.state, run.ended),
            (RunState::Recovered, Some(Timestamp(9)))
        );
    }
}
