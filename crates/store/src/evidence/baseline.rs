//! Which passing attempt to compare a failure with.
//!
//! | basis | the candidate's run |
//! |---|---|
//! | same run | is this run |
//! | same commit | has the same `vcs.ref.head.revision` |
//! | base branch | has this run's `vcs.ref.base.name` as its `vcs.ref.head.name`; without one, `main` or `master` |
//! | newest | is any other |
//!
//! Among equals the newest run decides, then the latest start; what they are like is looked at later
//! ([`super::passing`]). An attempt that is in several places counts once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use model::{Attempt, AttemptId, Baseline, BaselineBasis, Run, Timestamp};

use super::facts::{BRANCH, COMMIT};
use super::history::History;
use crate::{AttemptQuery, StoreError};

/// So many passing attempts of a test, the newest ones, are looked at.
pub const HISTORY_LIMIT: usize = 200;

const BASE_BRANCH: &str = "vcs.ref.base.name";

/// A passing attempt of the same test.
pub(super) struct Candidate<'a> {
    pub(super) attempt: Attempt,
    pub(super) basis: BaselineBasis,
    pub(super) source: Source<'a>,
}

/// Where the recording of a candidate is.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// In a store.
    Store(&'a History<'a>),
    /// Here.
    Given(&'a Baseline),
}

type Rank = (
    BaselineBasis,
    Reverse<Option<Timestamp>>,
    Reverse<Timestamp>,
    AttemptId,
);

/// Collects candidates for one attempt.
pub(super) struct Candidates<'a> {
    attempt: &'a Attempt,
    our_tags: BTreeMap<String, String>,
    known: HashSet<AttemptId>,
    found: Vec<(Rank, Candidate<'a>)>,
}

impl<'a> Candidates<'a> {
    /// For an attempt of this run.
    pub(super) fn new(attempt: &'a Attempt, run: Option<&Run>) -> Self {
        Self {
            attempt,
            our_tags: run.map(|run| run.tags.clone()).unwrap_or_default(),
            known: [attempt.id].into(),
            found: Vec::new(),
        }
    }

    /// Adds the newest passing attempts of the same test in a store, at most `limit`.
    pub(super) fn add_store(
        &mut self,
        history: &'a History<'a>,
        limit: usize,
    ) -> Result<(), StoreError> {
        let query = AttemptQuery {
            test: Some(self.attempt.test_id),
            passed_only: true,
            limit: Some(limit),
            ..AttemptQuery::default()
        };
        let no_tags = BTreeMap::new();
        for (other, _) in history.store.attempts(&query)? {
            let run = history.run(other.run_id)?;
            let tags = run.as_ref().map_or(&no_tags, |run| &run.tags);
            let started = run.as_ref().map(|run| run.started);
            self.add(other, tags, started, Source::Store(history));
        }
        Ok(())
    }

    /// Adds recordings of the same test.
    pub(super) fn add_given(&mut self, recordings: &'a [Baseline]) {
        for given in recordings {
            let attempt = given.attempt.clone();
            if attempt.test_id == self.attempt.test_id {
                let started = Some(given.run_started);
                self.add(attempt, &given.tags, started, Source::Given(given));
            }
        }
    }

    fn add(
        &mut self,
        other: Attempt,
        tags: &BTreeMap<String, String>,
        run_started: Option<Timestamp>,
        source: Source<'a>,
    ) {
        if other.kind != self.attempt.kind || !self.known.insert(other.id) {
            return;
        }
        let basis = if other.run_id == self.attempt.run_id {
            BaselineBasis::SameRun
        } else {
            basis(&self.our_tags, tags)
        };
        let rank = (basis, Reverse(run_started), Reverse(other.start), other.id);
        self.found.push((
            rank,
            Candidate {
                attempt: other,
                basis,
                source,
            },
        ));
    }

    /// What was found, best first.
    pub(super) fn sorted(mut self) -> Vec<Candidate<'a>> {
        self.found.sort_by_key(|(rank, _)| *rank);
        self.found
            .into_iter()
            .map(|(_, candidate)| candidate)
            .collect()
    }
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
