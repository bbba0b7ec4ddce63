//! The list of runs: each with its counts and the causes of its failures, from rows alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anyhow::Result;
use model::{Attempt, Test, TestId, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::{RunQuery, Store};

use super::build::{not_run, run_entry};
use super::types::{Counts, SCHEMA, Status, overall};
use super::{ListedRun, of_run};
use crate::time::javascript;

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

/// The newest runs, at most `limit`, that began before `before`.
///
/// # Errors
/// When the store cannot be read.
pub fn run_page(store: &dyn Store, limit: usize, before: Option<Timestamp>) -> Result<RunPage> {
    let query = RunQuery {
        limit: before.is_none().then_some(limit.saturating_add(1)),
        ..RunQuery::default()
    };
    let mut runs = store.runs(&query)?;
    runs.retain(|run| before.is_none_or(|before| run.started < before));
    let more = runs.len() > limit;
    runs.truncate(limit);
    let rows = runs.into_iter().map(|run| row(store, run));
    Ok(RunPage {
        schema: SCHEMA,
        runs: rows.collect::<Result<_>>()?,
        more,
    })
}

fn row(store: &dyn Store, run: model::Run) -> Result<RunRow> {
    let attempts = of_run(store, run.id)?;
    let causes = causes(store, &attempts)?;
    let mut run = ListedRun::from(run_entry(store, run)?);
    run.counts = counts(&attempts);
    Ok(RunRow { run, causes })
}

fn causes(store: &dyn Store, attempts: &[(Attempt, Test)]) -> Result<Vec<CauseCount>> {
    let mut causes: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
    let failed = attempts
        .iter()
        .filter(|(attempt, _)| Status::from(attempt.status).is_bad());
    for (attempt, _) in failed.take(DIAGNOSES) {
        if let Some(stored) = store.diagnosis(attempt.id)? {
            let diagnosis = stored.diagnosis;
            let peer = diagnosis.culprit.map(|culprit| culprit.peer);
            let key = (diagnosis.cause.as_str().to_owned(), peer);
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
