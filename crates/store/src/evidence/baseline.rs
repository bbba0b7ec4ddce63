//! Which passing attempt to compare a failure with. Pure but for the reads at its top.
//!
//! | basis | the candidate's run |
//! |---|---|
//! | same run | is this run |
//! | same commit | has the same `vcs.ref.head.revision` |
//! | base branch | has this run's `vcs.ref.base.name` as its `vcs.ref.head.name`; without one, `main` or `master` |
//! | newest | is any other |
//!
//! Among equals the newest run decides, then the latest start.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use model::{Attempt, BaselineBasis, Run, RunId, Timestamp};

use crate::{AttemptQuery, Store, StoreError};

/// So many passing attempts of a test, the newest ones, are looked at.
pub const HISTORY_LIMIT: usize = 500;

const COMMIT: &str = "vcs.ref.head.revision";
const BRANCH: &str = "vcs.ref.head.name";
const BASE_BRANCH: &str = "vcs.ref.base.name";

/// A passing attempt of the same test.
pub(super) struct Candidate {
    pub(super) attempt: Attempt,
    pub(super) basis: BaselineBasis,
    pub(super) run_started: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
}

/// The passing attempts of the same test, best first.
pub(super) fn candidates(
    store: &dyn Store,
    attempt: &Attempt,
    run: Option<&Run>,
) -> Result<Vec<Candidate>, StoreError> {
    let query = AttemptQuery {
        test: Some(attempt.test_id),
        passed_only: true,
        limit: Some(HISTORY_LIMIT),
        ..AttemptQuery::default()
    };
    let mut runs: HashMap<RunId, Option<Run>> = HashMap::new();
    let mut found = Vec::new();
    for (other, _) in store.attempts(&query)? {
        if other.id == attempt.id || other.kind != attempt.kind {
            continue;
        }
        let other_run = match runs.get(&other.run_id) {
            Some(known) => known.clone(),
            None => {
                let read = store.run(other.run_id)?;
                runs.insert(other.run_id, read.clone());
                read
            }
        };
        let (run_started, tags) =
            other_run.map_or_else(Default::default, |run| (run.started, run.tags));
        let basis = if other.run_id == attempt.run_id {
            BaselineBasis::SameRun
        } else {
            basis(run.map(|run| &run.tags), &tags)
        };
        found.push(Candidate {
            attempt: other,
            basis,
            run_started,
            tags,
        });
    }
    found.sort_by_key(|candidate| {
        (
            candidate.basis,
            Reverse(candidate.run_started),
            Reverse(candidate.attempt.start),
            candidate.attempt.id,
        )
    });
    Ok(found)
}

/// Why a recording of another run would be chosen, by the tags of both runs.
fn basis(
    ours: Option<&BTreeMap<String, String>>,
    theirs: &BTreeMap<String, String>,
) -> BaselineBasis {
    let our = |key: &str| ours.and_then(|tags| tags.get(key));
    let commit = theirs.get(COMMIT);
    if commit.is_some() && commit == our(COMMIT) {
        return BaselineBasis::SameCommit;
    }
    let is_base = match (theirs.get(BRANCH), our(BASE_BRANCH)) {
        (Some(branch), Some(base)) => branch == base,
        (Some(branch), None) => branch == "main" || branch == "master",
        (None, _) => false,
    };
    if is_base {
        BaselineBasis::BaseBranch
    } else {
        BaselineBasis::Newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ours: &[(&str, &str)], theirs: &[(&str, &str)], expected: BaselineBasis) {
        let tags = |pairs: &[(&str, &str)]| {
            let owned = pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
            owned.collect::<BTreeMap<_, _>>()
        };
        assert_eq!(
            basis(Some(&tags(ours)), &tags(theirs)),
            expected,
            "{ours:?} {theirs:?}"
        );
    }

    #[test]
    fn tags_decide_why_a_recording_is_chosen() {
        use BaselineBasis::{BaseBranch, Newest, SameCommit};
        check(
            &[(COMMIT, "a")],
            &[(COMMIT, "a"), (BRANCH, "main")],
            SameCommit,
        );
        check(
            &[(COMMIT, "a")],
            &[(COMMIT, "b"), (BRANCH, "main")],
            BaseBranch,
        );
        check(
            &[(COMMIT, "a")],
            &[(COMMIT, "b"), (BRANCH, "topic")],
            Newest,
        );
        check(&[(BASE_BRANCH, "dev")], &[(BRANCH, "dev")], BaseBranch);
        check(&[(BASE_BRANCH, "dev")], &[(BRANCH, "main")], Newest);
        check(&[], &[(BRANCH, "master")], BaseBranch);
        check(&[], &[], Newest);
    }
}
