//! Builds the history of a test: its attempts, the diagnoses of its failures, and what differs when it fails.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use anyhow::{Context, Result};
use diagnosis::history::{self, Novelty as Known, Share, Standing, Trend};
use model::{Attempt, AttemptId, AttemptStatus, PastAttempt, Run, RunId, Test, TestId};
use store::{AttemptQuery, DiagnosisQuery, PrefixMatch, Store, StoredDiagnosis};

use super::super::build::short_id;
use super::super::types::SCHEMA;
use super::test_types::{
    AttemptCounts, CauseShare, DurationTrend, FlakeRates, NamedTest, Novelty, Past, TestHistory,
    Window,
};
use super::{BRANCH, COMMIT, Rate, differences, goes_on, is_failure, reviews, standing, tag};
use crate::time::{instant, javascript, millis};

/// Attempts of a test that are read, the newest ones.
const ATTEMPTS: usize = 1000;
/// Attempts that are listed.
const LISTED: usize = 50;
/// Characters of a failure's words by which two failures are held against each other.
const SAID: usize = 200;

/// What the recordings of a test say together.
///
/// # Errors
/// When the store cannot be read, or does not know the test.
pub fn test_history(store: &dyn Store, id: TestId) -> Result<TestHistory> {
    let rows = Rows::read(store, id)?;
    let (newest, test) = rows
        .attempts
        .first()
        .with_context(|| format!("read test {id}: the store does not know it"))?;
    let past = rows.past();
    let (differences, polls) = differences::read(store, &rows.attempts, &rows.runs)?;
    let outcomes = rows.attempts.iter().take(LISTED);
    let outcomes = outcomes.zip(&past);
    Ok(TestHistory {
        schema: SCHEMA,
        test: named(id, newest, test),
        counts: counts(&rows.attempts),
        outcomes: outcomes
            .map(|((attempt, _), past)| outcome(store, attempt, past))
            .collect::<Result<_>>()?,
        rates: rates(&past),
        novelty: novelty(&past),
        causes: causes(store, &rows)?,
        differences,
        duration: duration(&rows.attempts),
        polls,
    })
}

/// What the store has of a test.
struct Rows {
    /// Newest first.
    attempts: Vec<(Attempt, Test)>,
    runs: HashMap<RunId, Run>,
    diagnoses: HashMap<AttemptId, StoredDiagnosis>,
}

impl Rows {
    fn read(store: &dyn Store, id: TestId) -> Result<Self> {
        let query = AttemptQuery {
            test: Some(id),
            limit: Some(ATTEMPTS),
            ..AttemptQuery::default()
        };
        let mut attempts = store.attempts(&query)?;
        attempts.sort_by_key(|(attempt, _)| (Reverse(attempt.start), attempt.id));
        let query = DiagnosisQuery {
            test: Some(id),
            limit: Some(ATTEMPTS),
            ..DiagnosisQuery::default()
        };
        let diagnoses = store.diagnoses(&query)?.into_iter();
        let diagnoses = diagnoses.map(|(stored, _)| (stored.attempt_id, stored));
        let ids: BTreeSet<RunId> = attempts.iter().map(|(attempt, _)| attempt.run_id).collect();
        let mut runs = HashMap::new();
        for id in ids {
            runs.extend(store.run(id)?.map(|run| (id, run)));
        }
        let over = |attempt: &Attempt| !goes_on(attempt, runs.get(&attempt.run_id));
        // A test that runs for the first time has nothing else to tell of.
        if attempts.iter().any(|(attempt, _)| over(attempt)) {
            attempts.retain(|(attempt, _)| over(attempt));
        }
        Ok(Self {
            diagnoses: diagnoses.collect(),
            attempts,
            runs,
        })
    }

    fn past(&self) -> Vec<PastAttempt> {
        let attempts = self.attempts.iter();
        attempts
            .map(|(attempt, _)| self.past_attempt(attempt))
            .collect()
    }

    fn past_attempt(&self, attempt: &Attempt) -> PastAttempt {
        let run = self.runs.get(&attempt.run_id);
        let failure = attempt.failure.as_ref();
        let said = failure.map(|failure| {
            let said = format!("{}: {}", failure.error_type, failure.message);
            said.chars().take(SAID).collect()
        });
        let stored = self.diagnoses.get(&attempt.id);
        let fingerprint = stored.map(|stored| stored.diagnosis.fingerprint.clone());
        PastAttempt {
            attempt_id: attempt.id,
            run_id: attempt.run_id,
            status: attempt.status,
            start: attempt.start,
            commit: tag(run, COMMIT),
            branch: tag(run, BRANCH),
            said,
            fingerprint: fingerprint.filter(|fingerprint| !fingerprint.is_empty()),
        }
    }
}

pub(super) fn named(id: TestId, newest: &Attempt, test: &Test) -> NamedTest {
    NamedTest {
        id: id.to_string(),
        kind: newest.kind.into(),
        suite: test.suite.clone(),
        name: test.name.clone(),
        file: test.file.clone(),
        line: newest.line,
        parameters: test.parameters.clone(),
        configuration: test.configuration.clone(),
    }
}

fn counts(attempts: &[(Attempt, Test)]) -> AttemptCounts {
    let runs: BTreeSet<RunId> = attempts.iter().map(|(attempt, _)| attempt.run_id).collect();
    let mut counts = AttemptCounts {
        runs: runs.len() as u64,
        ..AttemptCounts::default()
    };
    for (attempt, _) in attempts {
        match attempt.status {
            AttemptStatus::Passed => counts.passed += 1,
            AttemptStatus::Failed => counts.failed += 1,
            AttemptStatus::Skipped => counts.skipped += 1,
            AttemptStatus::Unfinished => counts.unfinished += 1,
        }
    }
    counts
}

fn outcome(store: &dyn Store, attempt: &Attempt, past: &PastAttempt) -> Result<Past> {
    Ok(Past {
        attempt: attempt.id.to_string(),
        short_id: short_id(store, PrefixMatch::Attempt(attempt.id))?,
        run: attempt.run_id.to_string(),
        branch: past.branch.clone(),
        commit: past.commit.clone(),
        started: instant(attempt.start),
        duration_ms: attempt.end.map(|end| millis(end.since(attempt.start))),
        number: attempt.number,
        status: attempt.status.into(),
        fingerprint: past.fingerprint.clone(),
    })
}

pub(super) fn rates(past: &[PastAttempt]) -> FlakeRates {
    let rates = history::rates(past);
    FlakeRates {
        both_outcomes_on_one_commit: rates.mixed_commits.into(),
        passed_on_retry: rates.passed_on_retry.into(),
        flip_rate: rates.flips.into(),
        flaky: rates.is_flaky(),
    }
}

fn novelty(past: &[PastAttempt]) -> Option<Novelty> {
    let newest = past.iter().find(|attempt| is_failure(attempt.status))?;
    Some(match history::novelty(past)? {
        Known::New { earlier_failures } => Novelty {
            new: true,
            like_it: Share::new(0, earlier_failures).into(),
            known_for_s: None,
        },
        Known::Known { like_it, since } => Novelty {
            new: false,
            like_it: like_it.into(),
            known_for_s: Some(javascript(newest.start.since(since).as_secs())),
        },
    })
}

/// The diagnoses of failures by cause. What people dispute is undetermined, and says why.
fn causes(store: &dyn Store, rows: &Rows) -> Result<Vec<CauseShare>> {
    let standing = standing(store)?;
    let mut groups: BTreeMap<&str, Vec<&StoredDiagnosis>> = BTreeMap::new();
    for (attempt, _) in &rows.attempts {
        let failed = is_failure(attempt.status);
        if let Some(stored) = rows.diagnoses.get(&attempt.id).filter(|_| failed) {
            let group = groups.entry(stored.diagnosis.fingerprint.as_str());
            group.or_default().push(stored);
        }
    }
    let all = groups.values().map(|group| group.len() as u64).sum();
    let shares = groups.into_iter();
    let mut shares = shares
        .map(|(fingerprint, group)| share(store, &standing, fingerprint, &group, all))
        .collect::<Result<Vec<CauseShare>>>()?;
    shares.sort_by_key(|share| (share.fingerprint.is_none(), Reverse(share.failures.count)));
    Ok(shares)
}

/// `group` is newest first, and never empty.
fn share(
    store: &dyn Store,
    standing: &Standing,
    fingerprint: &str,
    group: &[&StoredDiagnosis],
    all: u64,
) -> Result<CauseShare> {
    let newest = group[0];
    let short_id = short_id(store, PrefixMatch::Attempt(newest.attempt_id))?;
    let failures = Rate::from(Share::new(group.len() as u64, all));
    let diagnosis = &newest.diagnosis;
    if let Some(dispute) = standing.withheld_by(fingerprint) {
        return Ok(CauseShare {
            fingerprint: Some(fingerprint.to_owned()),
            cause: model::Cause::Undetermined.as_str().to_owned(),
            summary: reviews::withheld_sentence(dispute),
            peer: None,
            failures,
            short_id,
            disputed: Some(reviews::dispute(dispute)),
        });
    }
    let peer = diagnosis
        .culprit
        .as_ref()
        .map(|culprit| culprit.peer.clone());
    Ok(CauseShare {
        fingerprint: (!fingerprint.is_empty()).then(|| fingerprint.to_owned()),
        cause: diagnosis.cause.as_str().to_owned(),
        summary: diagnosis.summary.clone(),
        peer,
        failures,
        short_id,
        disputed: None,
    })
}

fn duration(attempts: &[(Attempt, Test)]) -> DurationTrend {
    let passed = attempts
        .iter()
        .filter(|(attempt, _)| attempt.status == AttemptStatus::Passed);
    let durations: Vec<Duration> = passed
        .filter_map(|(attempt, _)| Some(attempt.end?.since(attempt.start)))
        .collect();
    let window = |window: history::Window| Window {
        attempts: window.attempts as u64,
        median_ms: millis(window.median),
    };
    let told = |trend: &str, windows: Option<(history::Window, history::Window)>| DurationTrend {
        trend: trend.to_owned(),
        attempts: durations.len() as u64,
        before: windows.map(|(before, _)| window(before)),
        now: windows.map(|(_, now)| window(now)),
    };
    match history::trend(&durations) {
        Trend::TooFew { .. } => told("too-few", None),
        Trend::Steady { before, now } => told("steady", Some((before, now))),
        Trend::Changed { before, now } if now.median > before.median => {
            told("slower", Some((before, now)))
        }
        Trend::Changed { before, now } => told("faster", Some((before, now))),
    }
}
