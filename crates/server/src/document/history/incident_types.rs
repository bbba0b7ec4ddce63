//! The types of incidents: what the failures of one cause have in common, across runs.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Dispute, NamedTest};

/// Incidents of the newest failures that have a diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IncidentList {
    /// The version of this document: 1.
    pub schema: u32,
    /// Diagnoses that were read: the newest 5000.
    pub diagnoses: u64,
    /// Of these, undetermined ones, which are in no incident of a cause.
    pub undetermined: u64,
    /// Of these, disputed ones, whose claims are withheld: they are in no incident of a cause either.
    pub disputed: u64,
    /// The incidents, the last seen first.
    pub incidents: Vec<Incident>,
}

/// Failures that have one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Incident {
    /// What holds it together.
    pub kind: IncidentKind,
    /// The fingerprint that the diagnoses share; null of an outage with several.
    pub fingerprint: Option<String>,
    /// The cause; of an outage that of most of its failures.
    pub cause: String,
    /// Whom it is held against, if anybody.
    pub peer: Option<String>,
    /// A sentence for people: that of the newest failure.
    pub summary: String,
    /// When the first failure began; of an outage, the first refusal.
    pub first_seen: String,
    /// When the last failure began; of an outage, the end of the last refusal.
    pub last_seen: String,
    /// Runs with such a failure.
    pub runs: u64,
    /// Branches with such a failure, as far as they are known.
    pub branches: Vec<String>,
    /// Tests and fixtures that failed.
    pub tests: u64,
    /// Attempts that failed.
    pub failures: u64,
    /// How long these attempts took together.
    pub cost_ms: u64,
    /// The shortest beginning of the id of the newest of them.
    pub short_id: String,
    /// The newest of these attempts, at most 20, newest first.
    pub hits: Vec<Hit>,
    /// Of an outage: calls from the first refusal to the last, and how many were refused.
    pub refused: Option<Refused>,
    /// Of an outage: why the claims are withheld that tests failed by it; null when one of them stands.
    pub disputed: Option<Dispute>,
}

/// An attempt that failed in an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hit {
    /// Its id.
    pub attempt: String,
    /// Its run.
    pub run: String,
    /// The test or fixture.
    pub test: NamedTest,
    /// When it began.
    pub started: String,
    /// How long it took; null when it was never seen to end.
    pub duration_ms: Option<u64>,
}

/// What holds an incident together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IncidentKind {
    /// The same cause, whenever.
    Cause,
    /// A stretch of a run in which a peer refused most of what it was asked.
    Outage,
}

/// Calls of an outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refused {
    /// Calls that were refused or got no answer.
    pub count: u64,
    /// All calls in between.
    pub of: u64,
}

/// Where the cause of a group of failures was seen, this run among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seen {
    /// It was seen in no run that began before this one.
    pub new: bool,
    /// When the first run began in which it was seen.
    pub first: String,
    /// Runs in which it was seen, at most 500 failures of other runs being looked at for each fingerprint.
    pub runs: u64,
    /// Branches on which it was seen, as far as they are known.
    pub branches: u64,
    /// Attempts that failed by it.
    pub failures: u64,
}
