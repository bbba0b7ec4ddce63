//! The list of runs: each with its counts and the causes of its failures, from rows alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use anyhow::Result;
use diagnosis::history::Standing;
use model::{Attempt, Cause, RunId, Test, TestId, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::{RunQuery, Store};

use super::build::{not_run, run_entry};
use super::types::{Counts, SCHEMA, Status, overall};
use super::{ListedRun, of_run};
use crate::time::{javascript, read_instant};

/// Failing attempts of one run whose diagnoses are read for its entry.
const DIAGNOSES: usize = 200;

/// Runs as the list page shows them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RunPage {
    /// Version of this layout.
    pub schema: u32,
    /// The runs, newest first.
    pub runs: Vec<RunRow>,
    /// Whether there are older ones.
    pub more: bool,
    /// Where they begin, to be given as `before`; null when there are none.
    pub next: Option<String>,
}

/// A run with the causes of its failures.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RunRow {
    /// The run.
    #[serde(flatten)]
    pub run: ListedRun,
    /// Why its attempts failed, those that hit most tests first.
    pub causes: Vec<CauseCount>,
}

/// A cause and how many tests it hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseCount {
    /// The cause.
    pub cause: String,
    /// Whom it is held against: the peer's name, or nothing when no call is to blame.
    pub peer: Option<String>,
    /// Failing attempts.
    pub count: u64,
}

/// A place in the list of runs: after the run with this start and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(Timestamp, RunId);

impl Place {
    /// What [`RunPage::next`] says, or an instant, before which no run has to have begun.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if let Some((nanos, run)) = text.split_once('.')
            && let (Ok(nanos), Ok(run)) = (nanos.parse(), run.parse())
        {
            return Some(Self(Timestamp(nanos), run));
        }
        // Of the runs that began right then, none has a greater id than this.
        read_instant(text).map(|before| Self(before, RunId([0xff; 16])))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.0, self.1)
    }
}

/// Runs, newest first, at most `limit`, from a place on.
///
/// # Errors
/// When the store cannot be read.
pub fn run_page(store: &dyn Store, limit: usize, after: Option<Place>) -> Result<RunPage> {
    let query = RunQuery {
        limit: Some(limit.saturating_add(1)),
        after: after.map(|Place(started, id)| (started, id)),
        ..RunQuery::default()
    };
    let mut runs = store.runs(&query)?;
    let more = runs.len() > limit;
    runs.truncate(limit);
    let last = runs.last().filter(|_| more);
    let next = last.map(|last| Place(last.started, last.id).to_string());
    let standing = Standing::of(&store.reviews()?);
    let rows = runs.into_iter().map(|run| row(store, &standing, run));
    Ok(RunPage {
        schema: SCHEMA,
        runs: rows.collect::<Result<_>>()?,
        more,
        next,
    })
}

fn row(store: &dyn Store, standing: &Standing, run: model::Run) -> Result<RunRow> {
    let attempts = of_run(store, run.id)?;
    let causes = causes(store, &attempts, standing)?;
    let mut run = ListedRun::from(run_entry(store, run)?);
    run.counts = counts(&attempts);
    Ok(RunRow { run, causes })
}

fn causes(
    store: &dyn Store,
    attempts: &[(Attempt, Test)],
    standing: &Standing,
) -> Result<Vec<CauseCount>> {
    let mut causes: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
    let failed = attempts
        .iter()
        .filter(|(attempt, _)| Status::from(attempt.status).is_bad());
    for (attempt, _) in failed.take(DIAGNOSES) {
        if let Some(stored) = store.diagnosis(attempt.id)? {
            let diagnosis = stored.diagnosis;
            let disputed = standing.dispute(attempt.id, &diagnosis.fingerprint);
            let (cause, culprit) = match disputed {
                Some(_) => (Cause::Undetermined, None),
                None => (diagnosis.cause, diagnosis.culprit),
            };
            let key = (
                cause.as_str().to_owned(),
                culprit.map(|culprit| culprit.peer),
            );
            *causes.entry(key).or_default() += 1;
        }
    }
    let mut causes: Vec<CauseCount> = causes
        .into_iter()
        .map(|((cause, peer), count)| CauseCount { cause, peer, count })
        .collect();
    causes.sort_by_key(|cause| Reverse(cause.count));
    Ok(causes)
}

/// Tests by status, from the rows of attempts alone.
#[must_use]
pub fn counts(attempts: &[(Attempt, Test)]) -> Counts {
    let mut tests: BTreeMap<TestId, Vec<&Attempt>> = BTreeMap::new();
    for (attempt, _) in attempts {
        tests.entry(attempt.test_id).or_default().push(attempt);
    }
    let mut counts = Counts::default();
    for mut attempts in tests.into_values() {
        attempts.sort_by_key(|attempt| (attempt.start, attempt.number, attempt.id));
        let statuses = attempts.iter().map(|attempt| attempt.status.into());
        counts.add(attempts[0].kind.into(), overall(statuses));
        let not_run = not_run(attempts.iter().copied());
        counts.not_run += not_run.map_or(0, |not_run| javascript(not_run.count));
    }
    counts
}
