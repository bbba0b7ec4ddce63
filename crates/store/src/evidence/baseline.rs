//! Which passing attempt to compare a failure with.
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
use std::collections::BTreeMap;

use model::{Attempt, BaselineBasis, Run};

use super::history::History;
use crate::{AttemptQuery, StoreError};

/// So many passing attempts of a test, the newest ones, are looked at.
pub const HISTORY_LIMIT: usize = 200;

const COMMIT: &str = "vcs.ref.head.revision";
const BRANCH: &str = "vcs.ref.head.name";
const BASE_BRANCH: &str = "vcs.ref.base.name";

/// A passing attempt of the same test.
pub(super) struct Candidate {
    pub(super) attempt: Attempt,
    pub(super) basis: BaselineBasis,
}

/// The passing attempts of the same test, best first.
pub(super) fn candidates(
    history: &History<'_>,
    attempt: &Attempt,
    run: Option<&Run>,
) -> Result<Vec<Candidate>, StoreError> {
    let query = AttemptQuery {
        test: Some(attempt.test_id),
        passed_only: true,
        limit: Some(HISTORY_LIMIT),
        ..AttemptQuery::default()
    };
    let no_tags = BTreeMap::new();
    let our_tags = run.map_or(&no_tags, |run| &run.tags);
    let mut found = Vec::new();
    for (other, _) in history.store.attempts(&query)? {
        if other.id == attempt.id || other.kind != attempt.kind {
            continue;
        }
        let other_run = history.run(other.run_id)?;
        let other_tags = other_run.as_ref().map_or(&no_tags, |run| &run.tags);
        let basis = if other.run_id == attempt.run_id {
            BaselineBasis::SameRun
        } else {
            basis(our_tags, other_tags)
        };
        let rank = (
            basis,
            Reverse(other_run.map(|run| run.started)),
            Reverse(other.start),
            other.id,
        );
        let attempt = other;
        found.push((rank, Candidate { attempt, basis }));
    }
    found.sort_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|(_, candidate)| candidate).collect())
}

/// Why a recording of another run would be chosen, by the tags of both runs.
fn basis(ours: &BTreeMap<String, String>, theirs: &BTreeMap<String, String>) -> BaselineBasis {
    let commit = theirs.get(COMMIT);
    if commit.is_some() && commit == ours.get(COMMIT) {
        return BaselineBasis::SameCommit;
    }
    let is_base = match (theirs.get(BRANCH), ours.get(BASE_BRANCH)) {
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
            basis(&tags(ours), &tags(theirs)),
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
