//! The part of a run's document that says which peers were out of order, where failures are held against them.

use anyhow::Result;
use model::{Outage, RunId, peer};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use super::Refused;
use super::history::{main_cause, outage_sentence};
use super::types::Test;
use crate::time::{instant, javascript};

/// The name of peers on this machine that nobody declared.
const LOCAL: &str = "local";

/// A stretch of a run in which a peer refused most of what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunOutage {
    /// The peer, as the failures name it.
    pub peer: String,
    /// What these failures are held for, most of them: `rate-limited` where the peer refused for quota.
    pub cause: String,
    /// A sentence for people.
    pub summary: String,
    /// The first refusal.
    pub from: String,
    /// The end of the last refusal.
    pub to: String,
    /// Calls in between, and how many of them were refused or got no answer.
    pub refused: Refused,
    /// Attempts that met a refusal, those among them that passed.
    pub attempts: u64,
    /// Tests and fixtures whose failures are held against this peer, by their ids in `tests`.
    pub tests: Vec<String>,
}

/// A failure and the call that it is held against.
struct Hit {
    test: String,
    cause: String,
    peer: String,
    url: String,
}

/// The outages of a run that were found when its failures were explained, each with the failures among these tests that are
/// held against its peer. One without any is no news: a suite may ask for refusals.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn outages(store: &dyn Store, run: RunId, tests: &[Test]) -> Result<Vec<RunOutage>> {
    let kept = store::kept_outages(store, run)?;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let mut hits = Vec::new();
    for test in tests {
        hits.extend(hit(store, test)?);
    }
    let entries = kept.iter().filter_map(|outage| entry(outage, &hits));
    Ok(entries.collect())
}

/// That a peer refused is a fact, also where the claim is withheld that a test failed by it.
fn hit(store: &dyn Store, test: &Test) -> Result<Option<Hit>> {
    let Some((attempt, diagnosis)) = test
        .decisive()
        .and_then(|attempt| Some((attempt, attempt.diagnosis.as_ref()?)))
    else {
        return Ok(None);
    };
    let hit = |cause: &str, peer: &str, url: &str| Hit {
        test: test.id.clone(),
        cause: cause.to_owned(),
        peer: peer.to_owned(),
        url: url.to_owned(),
    };
    if diagnosis.disputed.is_none() {
        let culprit = diagnosis.culprit.as_ref();
        return Ok(culprit.map(|culprit| hit(&diagnosis.cause, &culprit.peer, &culprit.url)));
    }
    let Ok(id) = attempt.id.parse() else {
        return Ok(None);
    };
    let kept = store.diagnosis(id)?.map(|kept| kept.diagnosis);
    Ok(kept.and_then(|kept| {
        let culprit = kept.culprit?;
        Some(hit(kept.cause.as_str(), &culprit.peer, &culprit.url))
    }))
}

fn entry(outage: &Outage, hits: &[Hit]) -> Option<RunOutage> {
    let hits = hits.iter().filter(|hit| is_held_against(hit, outage));
    let hits: Vec<&Hit> = hits.collect();
    let peer = hits.first()?.peer.clone();
    let cause = main_cause(hits.iter().map(|hit| hit.cause.as_str()))?;
    Some(RunOutage {
        summary: outage_sentence(outage, &peer, cause),
        peer,
        cause: cause.to_owned(),
        from: instant(outage.from),
        to: instant(outage.to),
        refused: Refused {
            count: javascript(outage.refused),
            of: javascript(outage.calls),
        },
        attempts: javascript(outage.attempts),
        tests: hits.iter().map(|hit| hit.test.clone()).collect(),
    })
}

fn is_held_against(hit: &Hit, outage: &Outage) -> bool {
    hit.peer == outage.peer || outage.peer == LOCAL && peer::is_local_url(&hit.url)
}
