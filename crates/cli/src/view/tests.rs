//! `flakescope list tests`: every recorded test with its recent history, those that fail most first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use model::{AttemptId, AttemptStatus, RunId, TestId};
use store::{AttemptQuery, PrefixMatch, Store};

use super::table;
use crate::report::json;
use crate::report::style::{Paint, Style};
use crate::report::terminal::{of_kind, sign, title};
use crate::report::text::Text;
use server::document::{Kind, ListedTest, SCHEMA, Status, TestList, overall, short_id};

/// Attempts looked at, the newest ones. Bounds the work, not what is stored.
const ATTEMPTS: usize = 50_000;
/// Runs in the history of a test.
const RUNS: usize = 20;

/// Prints recorded tests, at most `limit`.
///
/// # Errors
/// When the store cannot be read or the output does not take it.
pub(crate) fn list(
    store: &dyn Store,
    limit: usize,
    as_json: bool,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    let list = collect(store, limit)?;
    if as_json {
        return Ok(json::to_writer(&list, out)?);
    }
    let rows = list.tests.iter().map(|test| row(test, style)).collect();
    let when_empty = "No tests are recorded here yet: flakescope run -- COMMAND records them.";
    Ok(table::print(rows, when_empty, style, out)?)
}

/// What is gathered of one test: its attempts by run, runs newest first.
#[derive(Default)]
struct Gathered {
    test: model::Test,
    runs: Vec<(RunId, Vec<model::Attempt>)>,
}

fn collect(store: &dyn Store, limit: usize) -> Result<TestList> {
    let query = AttemptQuery {
        limit: Some(ATTEMPTS),
        ..AttemptQuery::default()
    };
    let mut gathered: BTreeMap<TestId, (usize, Gathered)> = BTreeMap::new();
    for (index, (attempt, test)) in store.attempts(&query)?.into_iter().enumerate() {
        let (_, entry) = gathered.entry(attempt.test_id).or_insert_with(|| {
            let new = Gathered {
                test,
                ..Gathered::default()
            };
            (index, new)
        });
        let full = entry.runs.len() == RUNS;
        match entry.runs.last_mut() {
            Some((run, attempts)) if *run == attempt.run_id => attempts.push(attempt),
            _ if full => {}
            _ => entry.runs.push((attempt.run_id, vec![attempt])),
        }
    }
    let mut tests: Vec<(usize, Vec<Status>, Gathered)> = gathered
        .into_values()
        .map(|(index, gathered)| (index, history(&gathered), gathered))
        .collect();
    tests.sort_by_key(|(index, history, _)| {
        let failures = history.iter().filter(|status| is_failure(**status));
        (Reverse(failures.count()), *index)
    });
    let tests = tests
        .into_iter()
        .take(limit)
        .filter_map(|(_, history, gathered)| listed(store, history, gathered).transpose())
        .collect::<Result<Vec<ListedTest>>>()?;
    Ok(TestList {
        schema: SCHEMA,
        tests,
    })
}

fn is_failure(status: Status) -> bool {
    status.is_bad() || status == Status::Flaky
}

fn history(gathered: &Gathered) -> Vec<Status> {
    let statuses = |attempts: &Vec<model::Attempt>| {
        overall(attempts.iter().map(|attempt| attempt.status.into()))
    };
    gathered
        .runs
        .iter()
        .map(|(_, attempts)| statuses(attempts))
        .collect()
}

/// None when there is no attempt, which nothing makes.
fn listed(
    store: &dyn Store,
    history: Vec<Status>,
    gathered: Gathered,
) -> Result<Option<ListedTest>> {
    let Some((run, attempts)) = gathered.runs.into_iter().next() else {
        return Ok(None);
    };
    let failed = |attempt: &&model::Attempt| attempt.status == AttemptStatus::Failed;
    let Some(attempt) = attempts.iter().rfind(failed).or(attempts.last()) else {
        return Ok(None);
    };
    let test = gathered.test;
    Ok(Some(ListedTest {
        id: attempt.test_id.to_string(),
        kind: Kind::from(attempt.kind),
        suite: test.suite,
        name: test.name,
        file: test.file,
        line: attempt.line,
        parameters: test.parameters,
        configuration: test.configuration,
        run: run.to_string(),
        attempt: attempt.id.to_string(),
        short_id: short_id(store, PrefixMatch::Attempt(AttemptId(attempt.id.0)))?,
        history,
    }))
}

fn row(test: &ListedTest, style: &Style) -> Vec<Text> {
    let failures = test
        .history
        .iter()
        .filter(|status| is_failure(**status))
        .count();
    let newest = test.history.first().copied().unwrap_or(Status::Unfinished);
    // The oldest first, as one reads.
    let strip = test
        .history
        .iter()
        .rev()
        .fold(Text::new(), |strip, status| {
            strip.text(sign(*status, style))
        });
    let variants = [test.parameters.as_str(), &test.configuration];
    let name = title(&test.suite, &test.name, variants, Paint::Plain, style);
    let rate = format!("{failures} of {} failed", test.history.len());
    vec![
        sign(newest, style)
            .ours(" ")
            .painted(Paint::Plain, newest.as_str()),
        Text::new().captured(Paint::Command, &test.short_id),
        Text::new().captured(Paint::Plain, &rate),
        strip,
        of_kind(test.kind, name),
    ]
}
