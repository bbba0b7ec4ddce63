//! Step of a run: makes the folder through which agents hand their records over.

use std::path::PathBuf;

use recorder::{Capture, Spool, SpoolOptions};

use super::notes::Notes;
use super::prepare::Prepared;
use crate::os;

/// The most that a spool holds before agents stop writing, in bytes. The recorder takes records in as they come, so
/// this much is reached only when it falls far behind.
const CAP_BYTES: u64 = 512 << 20;
/// When an agent goes on in a new segment, in bytes; from the protocol.
const SEGMENT_BYTES: u64 = 4 << 20;

/// Where spools may be, best first.
pub(super) fn folders() -> Vec<PathBuf> {
    os::spool_folders(std::env::var_os("FLAKESCOPE_SPOOL_DIR").as_deref())
}

/// Makes the spool in the first folder where that works. Without one nothing is recorded.
pub(super) fn make(prepared: &Prepared, notes: &mut Notes) -> Option<Spool> {
    let mut reasons = Vec::new();
    for base in folders() {
        let options = options(prepared, base);
        match Spool::create(prepared.run_id, &options, &prepared.key) {
            Ok(spool) => return Some(spool),
            Err(error) => reasons.push(error.to_string()),
        }
    }
    notes.lose(format!("nothing is recorded: {}", reasons.join("; ")));
    None
}

fn options(prepared: &Prepared, base: PathBuf) -> SpoolOptions {
    let capture = &prepared.config.capture;
    // Half of what is free, so that the tests' own use of the file system does not fail for our sake.
    let room = os::free_bytes(&base).map_or(CAP_BYTES, |free| free / 2);
    SpoolOptions {
        base,
        cap_bytes: CAP_BYTES.min(room),
        segment_bytes: SEGMENT_BYTES,
        capture: Capture {
            body_bytes: capture.body_bytes,
            attempt_bytes: capture.attempt_bytes,
            console: capture.console,
            propagate: capture.propagate.as_str().into(),
        },
        declared_hosts: prepared
            .config
            .peers
            .iter()
            .flat_map(|peer| peer.hosts.iter().cloned())
            .collect(),
        store_dir: prepared.store_dir.clone(),
        project_root: prepared.project.root.clone(),
    }
}

/// Removes a spool of which nobody will make use.
pub(super) fn discard(spool: Spool) {
    // At worst it lies there until the next run takes it in.
    let _kept = std::fs::remove_dir_all(spool.dir());
}
