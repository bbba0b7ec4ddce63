//! The list of tests: each with its recent history and how often it is flaky, those that fail most first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use model::{Attempt, AttemptStatus, PastAttempt, Run, RunId, Test, TestId};
use store::{AttemptQuery, PrefixMatch, RunQuery, Store};

use super::super::build::short_id;
use super::super::lists::{ListedTest, TestList};
use super::super::types::{Kind, SCHEMA, Status, overall};
use super::test::rates;
use super::{BRANCH, COMMIT, FlakeRates, goes_on, tag};

/// Attempts looked at, the newest ones. Bounds the work, not what is stored.
const ATTEMPTS: usize = 50_000;
/// Runs in the history of a test.
const RUNS: usize = 20;

/// Recorded tests, at most `limit`; of them only the flaky ones, if that is asked.
///
/// # Errors
/// When the store cannot be read.
pub fn test_list(store: &dyn Store, limit: usize, flaky_only: bool) -> Result<TestList> {
    let mut tests: Vec<Gathered> = gather(store)?.into_values().collect();
    if flaky_only {
        tests.retain(|gathered| gathered.rates().flaky);
    }
    tests.sort_by_key(|gathered| {
        let history = gathered.history();
        let failures = history.iter().filter(|status| is_failure(**status));
        (Reverse(failures.count()), gathered.place)
    });
    let tests = tests.into_iter().take(limit);
    let tests = tests.filter_map(|gathered| gathered.listed(store).transpose());
    Ok(TestList {
        schema: SCHEMA,
        tests: tests.collect::<Result<_>>()?,
    })
}

/// What is gathered of one test.
struct Gathered {
    /// Where it comes first among all attempts.
    place: usize,
    test: Test,
    /// Its attempts by run, runs newest first.
    runs: Vec<(RunId, Vec<Attempt>)>,
    /// The same attempts, and older ones.
    past: Vec<PastAttempt>,
}

fn gather(store: &dyn Store) -> Result<BTreeMap<TestId, Gathered>> {
    let runs = store.runs(&RunQuery::default())?.into_iter();
    let runs: HashMap<RunId, Run> = runs.map(|run| (run.id, run)).collect();
    let query = AttemptQuery {
        limit: Some(ATTEMPTS),
        ..AttemptQuery::default()
    };
    let mut gathered: BTreeMap<TestId, Gathered> = BTreeMap::new();
    for (place, (attempt, test)) in store.attempts(&query)?.into_iter().enumerate() {
        let entry = gathered.entry(attempt.test_id).or_insert_with(|| Gathered {
            place,
            test,
            runs: Vec::new(),
            past: Vec::new(),
        });
        entry.add(attempt, &runs);
    }
    Ok(gathered)
}

impl Gathered {
    fn add(&mut self, attempt: Attempt, runs: &HashMap<RunId, Run>) {
        let run = runs.get(&attempt.run_id);
        let past = PastAttempt {
            attempt_id: attempt.id,
            run_id: attempt.run_id,
            status: attempt.status,
            start: attempt.start,
            commit: tag(run, COMMIT),
            branch: tag(run, BRANCH),
            // The rates need no causes.
            said: None,
            fingerprint: None,
        };
        if !goes_on(&attempt, run) {
            self.past.push(past);
        }
        let full = self.runs.len() == RUNS;
        match self.runs.last_mut() {
            Some((run, attempts)) if *run == attempt.run_id => attempts.push(attempt),
            _ if full => {}
            _ => self.runs.push((attempt.run_id, vec![attempt])),
        }
    }

    fn rates(&self) -> FlakeRates {
        rates(&self.past)
    }

    fn history(&self) -> Vec<Status> {
        let status =
            |attempts: &Vec<Attempt>| overall(attempts.iter().map(|attempt| attempt.status.into()));
        self.runs
            .iter()
            .map(|(_, attempts)| status(attempts))
            .collect()
    }

    /// None when there is no attempt, which nothing makes.
    fn listed(self, store: &dyn Store) -> Result<Option<ListedTest>> {
        let (history, rates) = (self.history(), self.rates());
        let Some((run, attempts)) = self.runs.into_iter().next() else {
            return Ok(None);
        };
        let failed = |attempt: &&Attempt| attempt.status == AttemptStatus::Failed;
        let Some(attempt) = attempts.iter().rfind(failed).or(attempts.last()) else {
            return Ok(None);
        };
        let test = self.test;
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
            short_id: short_id(store, PrefixMatch::Attempt(attempt.id))?,
            history,
            rates,
        }))
    }
}

fn is_failure(status: Status) -> bool {
    status.is_bad() || status == Status::Flaky
}
