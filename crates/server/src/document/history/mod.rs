//! What is known across runs: of a test, of the peers, of incidents, and of what people say of diagnoses.

mod dependencies;
mod dependency_types;
mod differences;
mod incident_types;
mod incidents;
mod outages;
mod reviews;
mod test;
mod test_types;
mod tests;
mod traffic;

use anyhow::Result;
use diagnosis::history::{Share, Standing};
use model::{Attempt, AttemptStatus, Run, RunState};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use crate::time::{javascript, millis};

pub use dependencies::dependencies;
pub use dependency_types::{
    AllowanceSeen, AnswerChange, CausedFailures, Dependency, DependencyList, Latency, OutcomeCount,
    Retries,
};
pub use incident_types::{Hit, Incident, IncidentKind, IncidentList, Refused, Seen};
pub use incidents::incidents;
pub(super) use incidents::seen;
pub use outages::outage_word;
pub(super) use outages::{main_cause, summary as outage_sentence};
pub(super) use reviews::withhold;
pub use reviews::{Dispute, ReviewEntry, ReviewList, reviews};
pub use test::test_history;
pub use test_types::{
    AttemptCounts, CallId, CauseShare, Differences, Distinction, DurationTrend, FlakeRates,
    NamedTest, Novelty, Past, Poll, Spread, TestHistory, Window,
};
pub use tests::test_list;

/// The tag that holds the commit.
const COMMIT: &str = "vcs.ref.head.revision";
/// The tag that holds the branch.
const BRANCH: &str = "vcs.ref.head.name";

/// A share that was counted, with its 95 % interval after Wilson. Shares are in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rate {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The lower bound, in thousandths; 0 when nothing was counted.
    pub low_permille: u64,
    /// The upper bound, in thousandths; 1000 when nothing was counted.
    pub high_permille: u64,
}

impl From<Share> for Rate {
    fn from(share: Share) -> Self {
        let (low, high) = share.interval();
        Self {
            count: javascript(share.count),
            of: javascript(share.of),
            // Outwards, so that the interval is never narrower than it is.
            low_permille: permille((low * 1000.0).floor() / 1000.0),
            high_permille: permille((high * 1000.0).ceil() / 1000.0),
        }
    }
}

/// A share in thousandths.
fn permille(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u64
}

/// Where claims stand by what people say of them.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn standing(store: &dyn Store) -> Result<Standing> {
    Ok(Standing::of(&store.reviews()?))
}

fn tag(run: Option<&Run>, key: &str) -> Option<String> {
    run.and_then(|run| run.tags.get(key).cloned())
}

fn is_failure(status: AttemptStatus) -> bool {
    matches!(status, AttemptStatus::Failed | AttemptStatus::Unfinished)
}

/// Whether an attempt goes on: its end is not known yet, and says nothing.
fn goes_on(attempt: &Attempt, run: Option<&Run>) -> bool {
    attempt.status == AttemptStatus::Unfinished
        && run.is_some_and(|run| run.state == RunState::Recording)
}

/// How long an attempt took; 0 for one that was never seen to end.
fn took_ms(attempt: &Attempt) -> u64 {
    attempt
        .end
        .map_or(0, |end| millis(end.since(attempt.start)))
}
