//! The type of `why TEST --json`: what the recordings of a test say together.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::types::{Kind, Status};
use super::{Dispute, Rate};

/// What the recordings of a test say together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TestHistory {
    /// The version of this document: 1.
    pub schema: u32,
    /// The test.
    pub test: NamedTest,
    /// Its attempts that were read, by how they went: the newest 1000.
    pub counts: AttemptCounts,
    /// The newest of them, at most 50, newest first.
    pub outcomes: Vec<Past>,
    /// How often it is flaky, by three published rules.
    pub rates: FlakeRates,
    /// Whether the newest failure was seen before; null when it never failed.
    pub novelty: Option<Novelty>,
    /// Why it failed: the kept diagnoses of its failures by cause, those of most failures first.
    pub causes: Vec<CauseShare>,
    /// What differs between recordings of failures and of successes.
    pub differences: Differences,
    /// How its duration changed.
    pub duration: DurationTrend,
    /// Calls that it makes again and again until it sees something.
    pub polls: Vec<Poll>,
}

/// A test or fixture, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NamedTest {
    /// Its id, the same in every run.
    pub id: String,
    /// Whether it is a test or a fixture.
    pub kind: Kind,
    /// Titles of the enclosing suites, outermost first.
    pub suite: Vec<String>,
    /// Its own title.
    pub name: String,
    /// Path of its file, relative to the project's root.
    pub file: String,
    /// The line where it was last defined.
    pub line: Option<u32>,
    /// Parameters, when the runner has them, else empty.
    pub parameters: String,
    /// Browser or project of the runner, when it has them, else empty.
    pub configuration: String,
}

/// Attempts by how they went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AttemptCounts {
    /// Runs that they are of.
    pub runs: u64,
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// Left out.
    pub skipped: u64,
    /// Started and never seen to end.
    pub unfinished: u64,
}

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Past {
    /// Its id.
    pub attempt: String,
    /// The shortest beginning of it that `flakescope show` understands now.
    pub short_id: String,
    /// Its run.
    pub run: String,
    /// The branch on which it ran, if known.
    pub branch: Option<String>,
    /// The commit on which it ran, if known.
    pub commit: Option<String>,
    /// When it began.
    pub started: String,
    /// How long it took; null when it was never seen to end.
    pub duration_ms: Option<u64>,
    /// 1 for the first try in its run.
    pub number: u32,
    /// How it went; never `flaky`.
    pub status: Status,
    /// The fingerprint of its cause; null when none is named.
    pub fingerprint: Option<String>,
}

/// How often a test is flaky, by three rules. Unfinished attempts count as failed, skipped ones not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlakeRates {
    /// Commits on which it passed and failed, of those on which it was tried more than once.
    pub both_outcomes_on_one_commit: Rate,
    /// Runs in which it passed after it had failed, of those in which it was tried.
    pub passed_on_retry: Rate,
    /// Runs that came out otherwise than the run before them on the same branch, of those that have one.
    pub flip_rate: Rate,
    /// By the first or the second rule it failed and passed with nothing changed.
    pub flaky: bool,
}

/// Whether a failure was seen before: with the same cause, or where none is named, with the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Novelty {
    /// It was not.
    pub new: bool,
    /// Earlier failures like it, of all earlier failures of this test.
    pub like_it: Rate,
    /// How many seconds before it the first of them began; null when it is new.
    pub known_for_s: Option<u64>,
}

/// A cause of failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseShare {
    /// The fingerprint that their diagnoses share; null for those that are undetermined.
    pub fingerprint: Option<String>,
    /// The cause; `undetermined` also where the claim is disputed.
    pub cause: String,
    /// The newest of their sentences.
    pub summary: String,
    /// Whom it is held against, if anybody.
    pub peer: Option<String>,
    /// Failures with it, of those that were diagnosed.
    pub failures: Rate,
    /// The shortest beginning of the id of the newest of them.
    pub short_id: String,
    /// Why the claim is withheld; null when it is not.
    pub disputed: Option<Dispute>,
}

/// What differs between recordings of failures and of successes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Differences {
    /// Recordings of failures that were held against the others: the newest 25.
    pub failing: u64,
    /// Recordings of successes: the newest 50.
    pub passing: u64,
    /// What holds in failing ones more than in passing ones, the most telling first; at most 50.
    pub found: Vec<Distinction>,
}

/// Something that holds in recordings of failures more than in those of successes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Distinction {
    /// As a predicate: `outcome(GET stock /items/*) = 503`.
    pub text: String,
    /// `refused`, `slow`, `other-request`, `other-answer`, `repeated`, `answered` or `missing`.
    pub kind: String,
    /// How the call came out, where that is what is said.
    pub outcome: Option<String>,
    /// The call.
    pub call: CallId,
    /// Failing recordings in which it holds.
    pub failing: Rate,
    /// Passing recordings in which it holds.
    pub passing: Rate,
    /// How much likelier a failure is where it holds, in thousandths.
    pub increase_permille: u64,
    /// How well it tells failing from passing recordings (Ochiai), in thousandths.
    pub ochiai_permille: u64,
    /// The same of the lower bounds of both shares; what they are ordered by.
    pub ochiai_low_permille: u64,
}

/// What makes calls of several recordings the same call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallId {
    /// Whom it goes to: as declared, `local` for this machine, else the host.
    pub peer: String,
    /// The method.
    pub method: String,
    /// The path with identifiers as `*`.
    pub template: String,
    /// The operation, where one path serves many.
    pub operation: Option<String>,
}

/// How the duration of a test changed, by its passing attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DurationTrend {
    /// `too-few` to say, `steady`, `slower` or `faster`.
    pub trend: String,
    /// Passing attempts there are, of those that were read.
    pub attempts: u64,
    /// The newest; null when there are too few.
    pub now: Option<Window>,
    /// As many before them; null when there are too few.
    pub before: Option<Window>,
}

/// Passing attempts that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Window {
    /// How many.
    pub attempts: u64,
    /// The median of their durations.
    pub median_ms: u64,
}

/// A call that is made again and again until something is seen: how long that took when the test passed, and how long it
/// looked when it failed. From the first look to the end of the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Poll {
    /// The call.
    pub call: CallId,
    /// Passing recordings.
    pub needed: Spread,
    /// Failing recordings; null when none of them polled.
    pub waited: Option<Spread>,
    /// A passing recording needed at least 80 % of what failing ones waited.
    pub tight: bool,
}

/// Times that were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spread {
    /// How many.
    pub recordings: u64,
    /// The shortest.
    pub shortest_ms: u64,
    /// The longest.
    pub longest_ms: u64,
}
