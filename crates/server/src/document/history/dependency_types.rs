//! The type of `list dependencies --json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{CallId, Rate};

/// Whom the tests call, and what that costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DependencyList {
    /// The version of this document: 1.
    pub schema: u32,
    /// Runs that were read: the newest 20.
    pub runs: u64,
    /// Recordings of these runs that were read: the newest 2000.
    pub recordings: u64,
    /// Recordings of these runs that were left out.
    pub left_out: u64,
    /// Failing attempts of these runs that have a diagnosis.
    pub diagnosed: u64,
    /// The peers, those that caused most failures first, then those that were asked most.
    pub dependencies: Vec<Dependency>,
}

/// A peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dependency {
    /// As diagnoses name it.
    pub name: String,
    /// `product`, `dependency`, `infrastructure` or `unknown`.
    pub role: String,
    /// Failing attempts whose diagnosis holds it against a call to this peer.
    pub caused: CausedFailures,
    /// Logical calls: the tries of one request count once.
    pub calls: u64,
    /// Network attempts.
    pub tries: u64,
    /// Of these, the ones that were refused or broken, by how, most first. Expected errors are among them.
    pub errors: Vec<OutcomeCount>,
    /// How long answers took; null when none came.
    pub latency: Option<Latency>,
    /// Headers that tell of an allowance.
    pub allowances: Vec<AllowanceSeen>,
    /// What became of refusals that may pass: 408, 425, 429, 5xx, broken connections, time-outs.
    pub retries: Retries,
    /// Answers that look otherwise in the newest run that asked for them than in those before, in passing attempts.
    pub changes: Vec<AnswerChange>,
}

/// Failures that a peer caused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CausedFailures {
    /// Failing attempts, of those that were diagnosed. Disputed claims count as diagnosed only.
    pub failures: Rate,
    /// Tests that they are of.
    pub tests: u64,
    /// By cause, most first.
    pub causes: Vec<OutcomeCount>,
    /// How long these attempts took together.
    pub cost_ms: u64,
    /// The shortest beginning of the id of the newest of them.
    pub newest: Option<String>,
}

/// How often something came out so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OutcomeCount {
    /// How.
    pub what: String,
    /// How often.
    pub count: u64,
}

/// How long answers took, by network attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Latency {
    /// Attempts that were answered.
    pub answers: u64,
    /// Half of them took at most so long.
    pub p50_ms: u64,
    /// 95 of 100 took at most so long.
    pub p95_ms: u64,
}

/// A header that tells of an allowance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllowanceSeen {
    /// Its name in lower case.
    pub header: String,
    /// Answers that had it.
    pub answers: u64,
    /// The lowest value, where it is a whole number.
    pub lowest: Option<u64>,
    /// The highest value, where it is a whole number.
    pub highest: Option<u64>,
}

/// A change of what an endpoint's answers look like, that no test failed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnswerChange {
    /// The call.
    pub call: CallId,
    /// The key: `items[].price`.
    pub path: String,
    /// `new`, `gone` or `retyped`.
    pub kind: String,
    /// Of which kind its values were, where that changed.
    pub from: Option<String>,
    /// Of which kind its values are, where that changed.
    pub to: Option<String>,
    /// Answers before that have the object in which it is or was.
    pub before: u64,
    /// Answers of the newest run that have it.
    pub now: u64,
    /// The newest run.
    pub run: String,
}

/// What became of refusals that may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Retries {
    /// The next try succeeded, of those that were tried again.
    pub helped: Rate,
    /// Not tried again.
    pub given_up: u64,
    /// Of these, at endpoints where another refusal was tried again with success.
    pub might_have_helped: u64,
}
