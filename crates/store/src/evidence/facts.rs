//! Facts about the rest of a run and about history.

use std::collections::BTreeMap;

use model::{Run, RunFacts, RunId, Sighting};

use crate::{Process, Store, StoreError};

/// So many diagnoses of other runs, the newest ones, are looked at.
pub const SIGHTING_LIMIT: usize = 200;

pub(super) const COMMIT: &str = "vcs.ref.head.revision";
pub(super) const BRANCH: &str = "vcs.ref.head.name";

/// How an agent says that its process ended by itself.
const BY_ITSELF: &str = "exit";

/// What is known besides the recordings: where causes were seen before, by fingerprint, commit and branch.
pub(super) fn gather(
    store: &dyn Store,
    run_id: RunId,
    run: Option<&Run>,
) -> Result<RunFacts, StoreError> {
    let mut counts: BTreeMap<_, u32> = BTreeMap::new();
    for (stored, other) in store.recent_diagnoses(run_id, SIGHTING_LIMIT)? {
        let tag = |key: &str| other.tags.get(key).cloned();
        let key = (stored.diagnosis.fingerprint, tag(COMMIT), tag(BRANCH));
        *counts.entry(key).or_default() += 1;
    }
    let sighting = |((fingerprint, commit, branch), attempts)| Sighting {
        fingerprint,
        commit,
        branch,
        attempts,
    };
    Ok(RunFacts {
        run_id: Some(run_id),
        commit: run.and_then(|run| run.tags.get(COMMIT).cloned()),
        exit: run.and_then(|run| run.exit),
        ended: ended(&store.processes(run_id)?),
        sightings: counts.into_iter().map(sighting).collect(),
        ..RunFacts::default()
    })
}

/// The processes with tests that are over. A process may have several agents, one for each thread: the one that saw it
/// end by itself counts.
fn ended(processes: &[Process]) -> BTreeMap<u32, bool> {
    let mut ended = BTreeMap::new();
    for process in processes.iter().filter(|process| process.runs_tests) {
        if let Some(how) = &process.ended {
            *ended.entry(process.pid).or_default() |= how == BY_ITSELF;
        }
    }
    ended
}
