//! An attempt: one try of a test in a run, as a row. What it did is its [`crate::Recording`].

use std::collections::BTreeMap;

use crate::{AttemptId, RunId, SpanId, TestId, Timestamp, TraceId};

/// One try of a test (or of a fixture) in a run. It is a trace, whose root span is the test.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Its id: the bytes of its trace id.
    pub id: AttemptId,
    /// The run that it is part of.
    pub run_id: RunId,
    /// The test that it tries.
    pub test_id: TestId,
    /// Whether it is a test or a fixture.
    pub kind: AttemptKind,
    /// 1 for the first try in the run.
    pub number: u32,
    /// How it went.
    pub status: AttemptStatus,
    /// The runner tries again after this one.
    pub retried: bool,
    /// The root span.
    pub root_span_id: SpanId,
    /// When it began.
    pub start: Timestamp,
    /// When it ended, if it did.
    pub end: Option<Timestamp>,
    /// Where the test is defined, if the runner says so; 1-based.
    pub line: Option<u32>,
    /// The runner's worker, when it has several.
    pub worker: Option<String>,
    /// The runner's limit for it, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// Why it failed, in the runner's words.
    pub failure: Option<Failure>,
    /// Why it was skipped, in the runner's words.
    pub skip_reason: Option<String>,
    /// The tests that did not run because of it: a hook failed, and the runner left out what needs it.
    pub not_run: Option<NotRun>,
    /// Traces of the fixtures that it uses.
    pub fixtures: Vec<TraceId>,
    /// Tags that were set from inside it.
    pub tags: BTreeMap<String, String>,
}

/// Tests that did not run because a hook failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// How many; above 0.
    pub count: u64,
    /// The names of the first: suite path and title.
    pub tests: Vec<String>,
}

/// Whether an attempt is of a test or of a fixture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttemptKind {
    /// A test.
    Test,
    /// A hook or set-up that several tests share.
    Fixture,
}

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttemptStatus {
    /// It did what it should.
    Passed,
    /// It did not.
    Failed,
    /// It was left out.
    Skipped,
    /// It started and was never seen to end.
    Unfinished,
}

impl AttemptStatus {
    /// The name in files and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Unfinished => "unfinished",
        }
    }
}

/// Why an attempt failed, in the runner's words; all texts masked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// Class of the error, such as `AssertionError`.
    pub error_type: String,
    /// Its message.
    pub message: String,
    /// Its stack, as the runtime prints it.
    pub stack: Option<String>,
    /// The phase in which it happened.
    pub phase: Option<Phase>,
    /// What the assertion wanted, as JSON where it can be.
    pub expected: Option<String>,
    /// What it got.
    pub actual: Option<String>,
}

/// A part of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Hooks before the test.
    Setup,
    /// The test itself.
    Body,
    /// Hooks after the test.
    Teardown,
    /// Work that went on when the attempt had ended.
    After,
}

impl Phase {
    /// The name in files and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Body => "body",
            Self::Teardown => "teardown",
            Self::After => "after",
        }
    }

    /// The phase with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Setup, Self::Body, Self::Teardown, Self::After]
            .into_iter()
            .find(|phase| phase.as_str() == name)
    }
}
