//! The types of the JSON report. Their names are a promise (`protocol/report.schema.json`); a change that a reader could
//! not survive raises [`SCHEMA`].
//!
//! Every number is a whole number that a double holds exactly, and every instant is RFC 3339 in UTC, so that JavaScript
//! reads what was written. Texts are as captured, masked but not made fit for a terminal.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Dispute;
use super::causes::CauseGroup;
use super::outages::RunOutage;
use super::undeclared::UndeclaredPeer;
use super::unlike::{Unlike, UnlikeGroup};
use crate::time::javascript;

/// The version of this document.
pub const SCHEMA: u32 = 1;

/// The report of one run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Flakescope report")]
pub struct Document {
    /// The version of this document: 1.
    pub schema: u32,
    /// The run.
    pub run: Run,
    /// Its failures by cause, those of flaky tests included: first the causes that a diagnosis names, those of most tests
    /// first, then undetermined failures that say the same.
    pub causes: Vec<CauseGroup>,
    /// Stretches in which a peer refused most of what it was asked, where failures are held against it, by peer and start.
    pub outages: Vec<RunOutage>,
    /// Peers that nobody declared and that a diagnosis which is only likely holds a failure against, by name.
    pub undeclared: Vec<UndeclaredPeer>,
    /// Its tests that passed, but not like their other passes, by what is odd about them. They count as passed.
    pub unlike: Vec<UnlikeGroup>,
    /// Its tests, then its fixtures, each in the order in which they first started.
    pub tests: Vec<Test>,
}

/// One execution of a test command.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Run {
    /// Its id, 32 hex digits.
    pub id: String,
    /// The shortest beginning of the id that `flakescope show` understood when this was written.
    pub short_id: String,
    /// What the user calls it (`--name`).
    pub name: Option<String>,
    /// The project whose tests it ran.
    pub project: String,
    /// The command and its arguments, masked.
    pub command: Vec<String>,
    /// When it began.
    pub started: String,
    /// When the command had exited and everything was taken in; null while it runs.
    pub ended: Option<String>,
    /// From `started` to `ended`.
    pub duration_ms: Option<u64>,
    /// `recording`, `sealed`, `interrupted` (somebody asked the command to end before it was done), or `recovered` (its
    /// recorder was killed, so it is an interrupted run too).
    pub state: String,
    /// The exit code as a shell shows it: 128 and its number for a signal. Null while the command runs, and when the
    /// recorder was killed before it ended.
    pub exit_code: Option<i32>,
    /// How the command ended; null when `exit_code` is.
    pub exit: Option<Exit>,
    /// The run inside which this one was started.
    pub parent: Option<String>,
    /// Who ran what where.
    pub tags: BTreeMap<String, String>,
    /// The version of Flakescope that recorded it.
    pub recorder_version: String,
    /// Tests by status; fixtures are not counted.
    pub counts: Counts,
    /// Spans recorded, those of no test included.
    pub spans: u64,
    /// Outgoing calls recorded, those of no test included.
    pub exchanges: u64,
    /// What is known to be missing, in the whole run.
    pub gaps: Vec<Gap>,
}

/// How a command ended: one of the two is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exit {
    /// It exited with this code.
    pub code: Option<i32>,
    /// This signal ended it.
    pub signal: Option<i32>,
}

/// Tests by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Passed at the first try.
    pub passed: u64,
    /// Failed in the end.
    pub failed: u64,
    /// Passed after a failed attempt in the same run.
    pub flaky: u64,
    /// Left out.
    pub skipped: u64,
    /// Started and never seen to end.
    pub unfinished: u64,
    /// Never begun, because a hook failed that they need; in no other count, and not in `tests`.
    pub not_run: u64,
    /// Hooks and set-ups that failed. Runners count them as failures, although no test of theirs did.
    pub failed_fixtures: u64,
}

/// Something that is known to be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// Which thing: the names of `protocol/attributes.md`.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// More about it, at most five different texts.
    pub details: Vec<String>,
}

/// Whether something is a test or a fixture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A test.
    Test,
    /// A hook or set-up that several tests share.
    Fixture,
}

/// How a test or an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It did what it should.
    Passed,
    /// It did not.
    Failed,
    /// It passed after a failed attempt in the same run. Never said of an attempt.
    Flaky,
    /// It was left out.
    Skipped,
    /// It started and was never seen to end.
    Unfinished,
}

/// A test (or a fixture) with what became of it in this run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Test {
    /// Its id, the same in every run, 32 hex digits.
    pub id: String,
    /// Whether it is a test or a fixture.
    pub kind: Kind,
    /// Titles of the enclosing suites, outermost first.
    pub suite: Vec<String>,
    /// Its own title.
    pub name: String,
    /// Path of its file, relative to the project's root.
    pub file: String,
    /// The line where it is defined.
    pub line: Option<u32>,
    /// Parameters, when the runner has them, else empty.
    pub parameters: String,
    /// Browser or project of the runner, when it has them, else empty.
    pub configuration: String,
    /// How it went in the end.
    pub status: Status,
    /// The tests that did not run because of it: it is a hook that failed, or the hook before it did.
    pub not_run: Option<NotRun>,
    /// Each try in this run, in order.
    pub attempts: Vec<Attempt>,
}

/// Tests that did not run because a hook failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotRun {
    /// How many.
    pub count: u64,
    /// Their names, suite path and title; at most 100.
    pub tests: Vec<String>,
}

/// One try of a test.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Attempt {
    /// Its id, 32 hex digits.
    pub id: String,
    /// The shortest beginning of the id that `flakescope show` understood when this was written.
    pub short_id: String,
    /// Its trace.
    pub trace_id: String,
    /// 1 for the first try.
    pub number: u32,
    /// How it went; never `flaky`.
    pub status: Status,
    /// The runner tried again after it.
    pub retried: bool,
    /// When it began.
    pub started: String,
    /// How long it took; null when it was never seen to end.
    pub duration_ms: Option<u64>,
    /// The runner's worker, when it has several.
    pub worker: Option<String>,
    /// The runner's limit for it.
    pub timeout_ms: Option<u64>,
    /// What the runner says went wrong.
    pub error: Option<Error>,
    /// Why it was left out.
    pub skip_reason: Option<String>,
    /// Traces of the fixtures that it uses.
    pub fixtures: Vec<String>,
    /// Tags that were set from inside it.
    pub tags: BTreeMap<String, String>,
    /// Spans recorded.
    pub spans: u64,
    /// Outgoing calls recorded.
    pub exchanges: u64,
    /// What is known to be missing from it.
    pub gaps: Vec<Gap>,
    /// Why it failed; null when nothing was diagnosed.
    pub diagnosis: Option<Diagnosis>,
    /// In what it is not like the other passes of its test; null when it did not pass, and when nothing tells.
    pub unlike: Option<Unlike>,
}

/// What the runner says went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Error {
    /// The class of the error.
    #[serde(rename = "type")]
    pub error_type: String,
    /// Its message.
    pub message: String,
    /// The part of the test that failed: `setup`, `body`, `teardown` or `after`.
    pub phase: Option<String>,
    /// The file of the first line of the stack that is the project's own.
    pub file: Option<String>,
    /// That line.
    pub line: Option<u32>,
    /// What the assertion wanted.
    pub expected: Option<String>,
    /// What it got.
    pub actual: Option<String>,
}

/// Why an attempt failed, as far as the evidence carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Diagnosis {
    /// The kind of cause: `rate-limited`, `dependency-error`, `dependency-slow`, `unreachable`, `credentials`, `race`,
    /// `stale-read`, `contract-change`, `test-code`, `product`, `environment` or `undetermined`. More may come.
    pub cause: String,
    /// Whose it is: `product`, `test`, `dependency`, `environment` or `unknown`.
    pub owner: String,
    /// `established`, `likely` or `undetermined`.
    pub confidence: String,
    /// The change under test cannot have caused it.
    pub not_your_code: bool,
    /// One sentence for people.
    pub summary: String,
    /// The call that did it.
    pub culprit: Option<Culprit>,
    /// The passing recording it was compared with.
    pub baseline: Option<Baseline>,
    /// Facts that speak for it, the most telling first.
    pub findings: Vec<Finding>,
    /// Facts that speak against it.
    pub counter: Vec<Finding>,
    /// What therefore never happened.
    pub therefore: Vec<String>,
    /// What is missing, or would change the conclusion.
    pub missing: Vec<String>,
    /// Other causes that the evidence does not rule out, the best first.
    pub rivals: Vec<Rival>,
    /// The identity of the cause across tests, runs and branches; empty when undetermined.
    pub fingerprint: String,
    /// The version of the rules that concluded it.
    pub rules_version: u32,
    /// Somebody said that this claim is wrong, so it is withheld: what is left are the facts. Null when it is not.
    pub disputed: Option<Dispute>,
}

/// The call that did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Culprit {
    /// Its span.
    pub span_id: String,
    /// When it began, from the beginning of the attempt.
    pub at_ms: Option<u64>,
    /// How long it took; null when it was never seen to end.
    pub duration_ms: Option<u64>,
    /// The method of the request.
    pub method: String,
    /// The URL of the request, masked.
    pub url: String,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The error on the network or in the client, if there was one.
    pub error: Option<String>,
    /// Whom it went to.
    pub peer: String,
    /// In what role: `product`, `dependency`, `infrastructure` or `unknown`.
    pub role: String,
    /// `retry-after` of the answer.
    pub retry_after: Option<String>,
    /// The beginning of the answer's body: at most 5 lines and 600 characters.
    pub response_excerpt: Option<String>,
    /// There is more of the body than the excerpt.
    pub response_excerpt_cut: bool,
}

/// A passing recording of the same test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Baseline {
    /// Its run.
    pub run: String,
    /// The attempt that passed.
    pub attempt: String,
    /// The shortest beginning of that id that `flakescope show` understood when this was written.
    pub short_id: String,
    /// Why this one: `same-run`, `same-commit`, `base-branch` or `newest`.
    pub basis: String,
    /// When its run began.
    pub started: String,
    /// The branch it was recorded on.
    pub branch: Option<String>,
    /// The commit it was recorded on.
    pub commit: Option<String>,
    /// What the same call got there, if it was made there.
    pub call: Option<BaselineCall>,
}

/// The culprit's counterpart in the passing recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BaselineCall {
    /// Its span.
    pub span_id: String,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The error on the network or in the client, if there was one.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: Option<u64>,
}

/// A fact, and the span that it stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// The fact, for people.
    pub text: String,
    /// Where to see it.
    pub span_id: Option<String>,
}

/// A cause that the evidence does not rule out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rival {
    /// The kind of cause.
    pub cause: String,
    /// One sentence for people.
    pub summary: String,
    /// The call or span that it stands on.
    pub span_id: Option<String>,
}

impl Test {
    /// The attempt that decides: the last one, of a flaky test the last one that failed.
    pub fn decisive(&self) -> Option<&Attempt> {
        let bad = |attempt: &&Attempt| attempt.status.is_bad();
        match self.status {
            Status::Flaky | Status::Failed => self.attempts.iter().rfind(bad),
            _ => self.attempts.last(),
        }
    }
}

impl Counts {
    /// Counts a test or a fixture with this status; of fixtures only those that did not pass.
    pub fn add(&mut self, kind: Kind, status: Status) {
        if kind == Kind::Fixture {
            let bad = matches!(status, Status::Failed | Status::Unfinished);
            self.failed_fixtures += u64::from(bad);
            return;
        }
        let count = match status {
            Status::Passed => &mut self.passed,
            Status::Failed => &mut self.failed,
            Status::Flaky => &mut self.flaky,
            Status::Skipped => &mut self.skipped,
            Status::Unfinished => &mut self.unfinished,
        };
        *count += 1;
    }

    /// The worst status that there is; none when there are no tests.
    pub fn worst(&self) -> Option<Status> {
        let counts = [
            (self.failed + self.failed_fixtures, Status::Failed),
            (self.unfinished, Status::Unfinished),
            (self.flaky, Status::Flaky),
            (self.passed, Status::Passed),
            (self.skipped, Status::Skipped),
        ];
        let found = counts.into_iter().find(|(count, _)| *count > 0);
        found.map(|(_, status)| status)
    }
}

impl From<model::AttemptStatus> for Status {
    fn from(status: model::AttemptStatus) -> Self {
        match status {
            model::AttemptStatus::Passed => Self::Passed,
            model::AttemptStatus::Failed => Self::Failed,
            model::AttemptStatus::Skipped => Self::Skipped,
            model::AttemptStatus::Unfinished => Self::Unfinished,
        }
    }
}

impl From<model::NotRun> for NotRun {
    fn from(not_run: model::NotRun) -> Self {
        Self {
            count: javascript(not_run.count),
            tests: not_run.tests,
        }
    }
}

impl From<model::AttemptKind> for Kind {
    fn from(kind: model::AttemptKind) -> Self {
        match kind {
            model::AttemptKind::Test => Self::Test,
            model::AttemptKind::Fixture => Self::Fixture,
        }
    }
}

/// How a test went in the end, from its attempts in order: as the last one did, except that passing after a failure is
/// flaky.
pub fn overall(attempts: impl IntoIterator<Item = Status>) -> Status {
    let mut last = Status::Unfinished;
    let mut failed_before = false;
    for status in attempts {
        last = status;
        failed_before |= status.is_bad();
    }
    match last {
        Status::Passed if failed_before => Status::Flaky,
        other => other,
    }
}

impl Status {
    /// The name in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Flaky => "flaky",
            Self::Skipped => "skipped",
            Self::Unfinished => "unfinished",
        }
    }

    /// Whether it failed, or was never seen to end.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::Unfinished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passing_after_a_failure_is_flaky() {
        use Status::{Failed, Flaky, Passed, Skipped, Unfinished};
        let check = |attempts: &[Status], expected: Status| {
            assert_eq!(overall(attempts.iter().copied()), expected, "{attempts:?}");
        };
        check(&[Passed], Passed);
        check(&[Failed, Passed], Flaky);
        check(&[Unfinished, Passed], Flaky);
        check(&[Failed, Failed], Failed);
        check(&[Passed, Failed], Failed);
        check(&[Failed, Unfinished], Unfinished);
        check(&[Skipped], Skipped);
        check(&[], Unfinished);
    }
}
