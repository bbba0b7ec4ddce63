//! Facts about the rest of a run and about history.

use std::collections::BTreeMap;

use model::{Run, RunFacts, RunId, Sighting};

use crate::{Store, StoreError};

/// So many diagnoses of other runs, the newest ones, are looked at.
pub const SIGHTING_LIMIT: usize = 200;

const COMMIT: &str = "vcs.ref.head.revision";
const BRANCH: &str = "vcs.ref.head.name";

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
        sightings: counts.into_iter().map(sighting).collect(),
    })
}
