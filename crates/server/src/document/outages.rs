//! The part of a run's document that says which peers were out of order, where failures are held against them.

use anyhow::Result;
use model::{Outage, RunId, peer};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use super::Refused;
use super::history::outage_sentence;
use super::types::{Culprit, Test};
use crate::time::{instant, javascript};

/// The name of peers on this machine that nobody declared.
const LOCAL: &str = "local";

/// A stretch of a run in which a peer refused most of what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunOutage {
    /// The peer, as the failures name it.
    pub peer: String,
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

/// The outages of a run that were found when its failures were explained, each with the failures among these tests that are
/// held against its peer. One without any is no news: a suite may ask for refusals.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn outages(store: &dyn Store, run: RunId, tests: &[Test]) -> Result<Vec<RunOutage>> {
    let kept = store::kept_outages(store, run)?.into_iter();
    Ok(kept.filter_map(|outage| entry(&outage, tests)).collect())
}

fn entry(outage: &Outage, tests: &[Test]) -> Option<RunOutage> {
    let culprits = tests.iter().filter_map(|test| {
        let culprit = test.decisive()?.diagnosis.as_ref()?.culprit.as_ref()?;
        is_held_against(culprit, outage).then_some((test, culprit))
    });
    let hit: Vec<(&Test, &Culprit)> = culprits.collect();
    let (_, culprit) = hit.first()?;
    Some(RunOutage {
        summary: outage_sentence(outage, &culprit.peer),
        peer: culprit.peer.clone(),
        from: instant(outage.from),
        to: instant(outage.to),
        refused: Refused {
            count: javascript(outage.refused),
            of: javascript(outage.calls),
        },
        attempts: javascript(outage.attempts),
        tests: hit.iter().map(|(test, _)| test.id.clone()).collect(),
    })
}

fn is_held_against(culprit: &Culprit, outage: &Outage) -> bool {
    culprit.peer == outage.peer || outage.peer == LOCAL && peer::is_local_url(&culprit.url)
}
