//! Builds incidents: failures of one cause across runs, and outages of peers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use model::{Attempt, Run, RunId, Test, TestId};
use store::{AttemptQuery, DiagnosisQuery, PrefixMatch, Store, StoredDiagnosis};

use super::super::build::short_id;
use super::super::types::SCHEMA;
use super::incident_types::{Hit, Incident, IncidentKind, IncidentList, Seen};
use super::test::named;
use super::{BRANCH, outages, standing, tag, took_ms};
use crate::time::{instant, javascript, millis};

/// Diagnoses that are read, the newest ones.
const DIAGNOSES: usize = 5000;
/// Failures of other runs that are looked at for one fingerprint.
const SIGHTINGS: usize = 500;
/// Branches that are named.
const BRANCHES: usize = 20;
/// Failures of an incident that are named.
const HITS: usize = 20;

/// Incidents of the newest failures, at most `limit`.
///
/// # Errors
/// When the store cannot be read.
pub fn incidents(store: &dyn Store, limit: usize) -> Result<IncidentList> {
    let query = DiagnosisQuery {
        limit: Some(DIAGNOSES),
        ..DiagnosisQuery::default()
    };
    let all = store.diagnoses(&query)?;
    let diagnoses = all.len() as u64;
    let standing = standing(store)?;
    let mut failures: Vec<Failure> = Vec::new();
    let mut undetermined = 0;
    for (stored, run) in all {
        if stored.diagnosis.fingerprint.is_empty() {
            undetermined += 1;
            continue;
        }
        failures.extend(Failure::read(store, stored, run)?);
    }
    let mut incidents = outages::outages(store, &standing, &failures)?;
    let mut disputed = 0;
    let mut groups: BTreeMap<String, Vec<Failure>> = BTreeMap::new();
    for failure in failures {
        let fingerprint = failure.stored.diagnosis.fingerprint.clone();
        match standing.withheld_by(&fingerprint) {
            // Withheld, it is as undetermined as those that never had a cause.
            Some(_) => disputed += 1,
            None => groups.entry(fingerprint).or_default().push(failure),
        }
    }
    for mut group in groups.into_values() {
        group.sort_by_key(|failure| (Reverse(failure.attempt.start), failure.attempt.id));
        incidents.extend(incident(store, &group)?);
    }
    // Instants are written so that they sort as texts.
    incidents.sort_by(|left, right| right.last_seen.cmp(&left.last_seen));
    incidents.truncate(limit);
    Ok(IncidentList {
        schema: SCHEMA,
        diagnoses,
        undetermined,
        disputed,
        incidents,
    })
}

/// A failing attempt with its diagnosis.
pub(super) struct Failure {
    pub(super) stored: StoredDiagnosis,
    pub(super) run: Run,
    pub(super) attempt: Attempt,
    test: Test,
}

impl Failure {
    /// None when its attempt is gone.
    fn read(store: &dyn Store, stored: StoredDiagnosis, run: Run) -> Result<Option<Self>> {
        let query = AttemptQuery {
            attempt: Some(stored.attempt_id),
            ..AttemptQuery::default()
        };
        let row = store.attempts(&query)?.pop();
        Ok(row.map(|(attempt, test)| Self {
            stored,
            run,
            attempt,
            test,
        }))
    }

    fn hit(&self) -> Hit {
        let attempt = &self.attempt;
        let took = attempt.end.map(|end| millis(end.since(attempt.start)));
        Hit {
            attempt: attempt.id.to_string(),
            run: self.run.id.to_string(),
            test: named(attempt.test_id, attempt, &self.test),
            started: instant(attempt.start),
            duration_ms: took,
        }
    }
}

/// The newest of the failures of an incident.
pub(super) fn hits<'a>(failures: impl Iterator<Item = &'a Failure>) -> Vec<Hit> {
    let mut newest: Vec<&Failure> = failures.collect();
    newest.sort_by_key(|failure| (Reverse(failure.attempt.start), failure.attempt.id));
    let newest = newest.into_iter().take(HITS);
    newest.map(Failure::hit).collect()
}

/// `group` is newest first. None when it is empty, which nothing makes.
fn incident(store: &dyn Store, group: &[Failure]) -> Result<Option<Incident>> {
    let (Some(newest), Some(oldest)) = (group.first(), group.last()) else {
        return Ok(None);
    };
    let runs: BTreeSet<RunId> = group.iter().map(|failure| failure.run.id).collect();
    let tests: BTreeSet<TestId> = group.iter().map(|one| one.attempt.test_id).collect();
    let branches = group.iter().filter_map(|one| tag(Some(&one.run), BRANCH));
    let branches: BTreeSet<String> = branches.collect();
    let cost = group.iter().map(|failure| took_ms(&failure.attempt));
    let diagnosis = &newest.stored.diagnosis;
    let culprit = diagnosis.culprit.as_ref();
    Ok(Some(Incident {
        kind: IncidentKind::Cause,
        fingerprint: Some(diagnosis.fingerprint.clone()),
        cause: diagnosis.cause.as_str().to_owned(),
        peer: culprit.map(|culprit| culprit.peer.clone()),
        summary: diagnosis.summary.clone(),
        first_seen: instant(oldest.attempt.start),
        last_seen: instant(newest.attempt.start),
        runs: runs.len() as u64,
        branches: branches.into_iter().take(BRANCHES).collect(),
        tests: tests.len() as u64,
        failures: group.len() as u64,
        cost_ms: javascript(cost.fold(0, u64::saturating_add)),
        short_id: short_id(store, PrefixMatch::Attempt(newest.attempt.id))?,
        hits: hits(group.iter()),
        refused: None,
        disputed: None,
    }))
}

/// Where a cause with these fingerprints was seen: in `failures` attempts of this run, and in others.
///
/// # Errors
/// When the store cannot be read.
pub(in super::super) fn seen(
    store: &dyn Store,
    run: &Run,
    fingerprints: &[String],
    failures: u64,
) -> Result<Seen> {
    let mut elsewhere = Vec::new();
    for fingerprint in fingerprints {
        elsewhere.extend(store.sightings(fingerprint, run.id, SIGHTINGS)?);
    }
    let others = || elsewhere.iter().map(|(_, other)| other);
    let runs: BTreeSet<RunId> = others().map(|other| other.id).chain([run.id]).collect();
    let branches = others().chain([run]);
    let branches: BTreeSet<String> = branches.filter_map(|one| tag(Some(one), BRANCH)).collect();
    let first = others().map(|other| other.started).min();
    let first = first.map_or(run.started, |first| first.min(run.started));
    Ok(Seen {
        new: first == run.started,
        first: instant(first),
        runs: runs.len() as u64,
        branches: branches.len() as u64,
        failures: failures + elsewhere.len() as u64,
    })
}
