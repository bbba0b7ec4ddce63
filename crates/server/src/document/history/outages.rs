//! Outages as incidents: a stretch of a run in which a peer refused most of what it was asked, with the failures in it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use diagnosis::history::Standing;
use model::{Culprit, Outage, RunId, TestId, peer};
use store::{PrefixMatch, RunContext, Store};

use super::super::build::short_id;
use super::incident_types::{Incident, IncidentKind, Refused};
use super::incidents::{Failure, hits};
use super::{BRANCH, reviews, tag, took_ms};
use crate::signer::SIGNER;
use crate::time::{instant, javascript, millis};

/// Runs with failures of which outages are looked for, the newest ones.
const RUNS: usize = 20;
/// The name of peers on this machine that nobody declared.
const LOCAL: &str = "local";
/// [`model::Cause::RateLimited`] in documents.
const RATE_LIMITED: &str = "rate-limited";

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
                .filter(|failure| is_hit(failure, &outage))
                .collect();
            incidents.extend(incident(store, standing, &outage, &hit)?);
        }
    }
    Ok(incidents)
}

/// Whether a failure is held against the peer, and its attempt was under way during the outage. That the peer refused is a
/// fact, also where somebody says that the test failed by something else.
fn is_hit(failure: &Failure, outage: &Outage) -> bool {
    let culprit = failure.stored.diagnosis.culprit.as_ref();
    let attempt = &failure.attempt;
    culprit.is_some_and(|culprit| is_same_peer(culprit, &outage.peer))
        && attempt.start <= outage.to
        && attempt.end.is_none_or(|end| end >= outage.from)
}

fn is_same_peer(culprit: &Culprit, name: &str) -> bool {
    culprit.peer == name || name == LOCAL && peer::is_local_url(&culprit.url)
}

/// None when no failure is held against it.
fn incident(
    store: &dyn Store,
    standing: &Standing,
    outage: &Outage,
    hit: &[&Failure],
) -> Result<Option<Incident>> {
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
    let causes = diagnoses().map(|diagnosis| diagnosis.cause.as_str());
    let cause = main_cause(causes).unwrap_or_default();
    let mut disputes = fingerprints.iter().map(|one| standing.withheld_by(one));
    let disputed = match disputes.clone().all(|dispute| dispute.is_some()) {
        true => disputes.next().flatten().map(reviews::dispute),
        false => None,
    };
    Ok(Some(Incident {
        kind: IncidentKind::Outage,
        fingerprint: match fingerprints.len() {
            1 => Some(diagnosis.fingerprint.clone()),
            _ => None,
        },
        cause: cause.to_owned(),
        summary: summary(outage, name.as_deref().unwrap_or(&outage.peer), cause),
        peer: name,
        first_seen: instant(outage.from),
        last_seen: instant(outage.to),
        runs: 1,
        branches: tag(Some(&newest.run), BRANCH).into_iter().collect(),
        tests: tests.len() as u64,
        failures: hit.len() as u64,
        cost_ms: javascript(cost.fold(0, u64::saturating_add)),
        short_id: short_id(store, PrefixMatch::Attempt(newest.attempt.id))?,
        hits: hits(hit.iter().copied()),
        refused: Some(Refused {
            count: javascript(outage.refused),
            of: javascript(outage.calls),
        }),
        disputed,
    }))
}

/// What an outage is called: being refused for quota is none, in the eyes of most.
#[must_use]
pub fn outage_word(cause: &str) -> &'static str {
    match cause {
        RATE_LIMITED => "rate limit hit",
        _ => "outage",
    }
}

/// The cause of most of these, which are what its failures are held for; of as many the first by name.
pub(in super::super) fn main_cause<'a>(causes: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for cause in causes {
        *counts.entry(cause).or_default() += 1;
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map(|(cause, _)| cause)
}

/// `38 of 40 calls to stock failed over 12.4 s, from the run's first call to it on; 9 attempts met it.`; where the calls were
/// refused for quota, `stock refused all 4 calls; 4 attempts met it.`
pub(in super::super) fn summary(outage: &Outage, name: &str, cause: &str) -> String {
    let calls = match outage.refused == outage.calls {
        true => format!("all {} calls", outage.calls),
        false => format!("{} of {} calls", outage.refused, outage.calls),
    };
    let happened = match cause {
        RATE_LIMITED => format!("{name} refused {calls}"),
        _ => format!("{calls} to {name} failed"),
    };
    let took = millis(outage.to.since(outage.from));
    // What is over at once has no length that says anything.
    let over = match took >= 1000 {
        true => format!(" over {}.{} s", took / 1000, took % 1000 / 100),
        false => String::new(),
    };
    let since = match outage.from_the_start {
        true => ", from the run's first call to it on",
        false => "",
    };
    let attempts = match outage.attempts {
        1 => "1 attempt".to_owned(),
        number => format!("{number} attempts"),
    };
    format!("{happened}{over}{since}; {attempts} met it.")
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;

    #[test]
    fn outages_are_told_in_words() {
        let check = |cause: &str, refused: u64, took_ms: i64, from_the_start, expected: &str| {
            let outage = Outage {
                peer: "local".into(),
                from: Timestamp(0),
                to: Timestamp(took_ms * 1_000_000),
                refused,
                calls: 4,
                attempts: refused - 2,
                from_the_start,
            };
            let told = format!(
                "{}: {}",
                outage_word(cause),
                summary(&outage, "Paynow", cause)
            );
            assert_eq!(told, expected);
        };
        check(
            "rate-limited",
            4,
            30,
            false,
            "rate limit hit: Paynow refused all 4 calls; 2 attempts met it.",
        );
        check(
            "unreachable",
            4,
            999,
            true,
            "outage: all 4 calls to Paynow failed, from the run's first call to it on; 2 attempts met it.",
        );
        check(
            "dependency-error",
            3,
            12_449,
            false,
            "outage: 3 of 4 calls to Paynow failed over 12.4 s; 1 attempt met it.",
        );
    }

    #[test]
    fn most_failures_name_the_cause() {
        let check = |causes: &[&str], expected| {
            assert_eq!(main_cause(causes.iter().copied()), expected, "{causes:?}");
        };
        check(
            &["unreachable", "rate-limited", "unreachable"],
            Some("unreachable"),
        );
        check(&["unreachable", "rate-limited"], Some("rate-limited"));
        check(&[], None);
    }
}
