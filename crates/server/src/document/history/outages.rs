//! Outages as incidents: a stretch of a run in which a peer refused most of what it was asked, with the failures in it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use diagnosis::history::Standing;
use model::{Culprit, Outage, RunId, TestId, peer};
use store::{PrefixMatch, RunContext, Store};

use super::super::build::short_id;
use super::incident_types::{Incident, IncidentKind, Refused};
use super::incidents::Failure;
use super::{BRANCH, tag, took_ms};
use crate::signer::SIGNER;
use crate::time::{instant, javascript, millis};

/// Runs with failures of which outages are looked for, the newest ones.
const RUNS: usize = 20;
/// The name of peers on this machine that nobody declared.
const LOCAL: &str = "local";

/// The outages of the newest runs of these failures, which come newest run first, that made a test fail.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn outages(
    store: &dyn Store,
    standing: &Standing,
    failures: &[Failure],
) -> Result<Vec<Incident>> {
    let mut runs: Vec<RunId> = Vec::new();
    let mut by_run: BTreeMap<RunId, Vec<&Failure>> = BTreeMap::new();
    for failure in failures {
        let run = failure.run.id;
        if !by_run.contains_key(&run) {
            runs.push(run);
        }
        by_run.entry(run).or_default().push(failure);
    }
    let mut incidents = Vec::new();
    for run in runs.into_iter().take(RUNS) {
        let of_run = by_run.remove(&run).unwrap_or_default();
        for outage in RunContext::new(store, run, SIGNER)?.outages()? {
            let hit: Vec<&Failure> = of_run
                .iter()
                .copied()
                .filter(|failure| is_hit(failure, &outage, standing))
                .collect();
            incidents.extend(incident(store, &outage, &hit)?);
        }
    }
    Ok(incidents)
}

/// Whether a failure is held against the peer, and its attempt was under way during the outage.
fn is_hit(failure: &Failure, outage: &Outage, standing: &Standing) -> bool {
    let diagnosis = &failure.stored.diagnosis;
    let disputed = standing.withheld_by(&diagnosis.fingerprint).is_some();
    let culprit = diagnosis.culprit.as_ref().filter(|_| !disputed);
    let attempt = &failure.attempt;
    culprit.is_some_and(|culprit| is_same_peer(culprit, &outage.peer))
        && attempt.start <= outage.to
        && attempt.end.is_none_or(|end| end >= outage.from)
}

fn is_same_peer(culprit: &Culprit, name: &str) -> bool {
    culprit.peer == name || name == LOCAL && peer::is_local_url(&culprit.url)
}

/// None when no failure is held against it.
fn incident(store: &dyn Store, outage: &Outage, hit: &[&Failure]) -> Result<Option<Incident>> {
    let Some(newest) = hit.iter().max_by_key(|failure| failure.attempt.start) else {
        return Ok(None);
    };
    let tests: BTreeSet<TestId> = hit.iter().map(|failure| failure.attempt.test_id).collect();
    let diagnoses = || hit.iter().map(|failure| &failure.stored.diagnosis);
    let fingerprints: BTreeSet<&str> = diagnoses()
        .map(|diagnosis| diagnosis.fingerprint.as_str())
        .collect();
    let cost = hit.iter().map(|failure| took_ms(&failure.attempt));
    let diagnosis = &newest.stored.diagnosis;
    let name = diagnosis
        .culprit
        .as_ref()
        .map(|culprit| culprit.peer.clone());
    Ok(Some(Incident {
        kind: IncidentKind::Outage,
        fingerprint: match fingerprints.len() {
            1 => Some(diagnosis.fingerprint.clone()),
            _ => None,
        },
        cause: diagnosis.cause.as_str().to_owned(),
        summary: summary(outage, name.as_deref().unwrap_or(&outage.peer)),
        peer: name,
        first_seen: instant(outage.from),
        last_seen: instant(outage.to),
        runs: 1,
        branches: tag(Some(&newest.run), BRANCH).into_iter().collect(),
        tests: tests.len() as u64,
        failures: hit.len() as u64,
        cost_ms: javascript(cost.fold(0, u64::saturating_add)),
        short_id: short_id(store, PrefixMatch::Attempt(newest.attempt.id))?,
        refused: Some(Refused {
            count: javascript(outage.refused),
            of: javascript(outage.calls),
        }),
        disputed: None,
    }))
}

/// `stock refused 38 of 40 calls within 12.4 s, from the run's first call to it on; 9 attempts met it.`
pub(in super::super) fn summary(outage: &Outage, name: &str) -> String {
    let since = match outage.from_the_start {
        true => ", from the run's first call to it on",
        false => "",
    };
    let took = millis(outage.to.since(outage.from));
    let attempts = match outage.attempts {
        1 => "1 attempt".to_owned(),
        number => format!("{number} attempts"),
    };
    format!(
        "{name} refused {} of {} calls within {}.{} s{since}; {attempts} met it.",
        outage.refused,
        outage.calls,
        took / 1000,
        took % 1000 / 100,
    )
}
