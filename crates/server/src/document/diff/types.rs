//! The types of a comparison, as `diff --json` prints them.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::types::Status;

/// What differs between two recordings of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Diff {
    /// Version of this layout.
    pub schema: u32,
    /// The attempt that was asked for.
    pub here: DiffSide,
    /// The attempt that it is held against.
    pub there: DiffSide,
    /// Why this one: `same-run`, `same-commit`, `base-branch`, `newest`, or `given`.
    pub basis: String,
    /// Whether both are attempts of one test.
    pub same_test: bool,
    /// What differs, in order.
    pub differences: Vec<Difference>,
    /// Calls that are alike; tries and polls of one call count once.
    pub same_calls: u64,
    /// What differs in any two recordings, and is not in `differences`.
    pub hidden: Hidden,
}

/// One of the two attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffSide {
    /// Its id.
    pub attempt: String,
    /// The shortest beginning of it that is unique.
    pub short_id: String,
    /// Its run.
    pub run: String,
    /// Titles of the suites around the test.
    pub suite: Vec<String>,
    /// Title of the test.
    pub name: String,
    /// The file of the test.
    pub file: String,
    /// 1 for the first try in its run.
    pub number: u32,
    /// How it went.
    pub status: Status,
    /// When it began.
    pub started: String,
    /// `null` when it never ended.
    pub duration_ms: Option<u64>,
    /// What the failure said.
    pub error: Option<String>,
}

/// Values that differ by themselves, each counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hidden {
    /// Identifiers.
    pub identifiers: u64,
    /// Instants.
    pub times: u64,
    /// Ports.
    pub ports: u64,
}

/// Which recordings have a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DiffKind {
    /// Both, and they differ.
    Changed,
    /// The attempt that was asked for.
    OnlyHere,
    /// The attempt that it is held against.
    OnlyThere,
}

/// A call that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Which recordings have it.
    pub kind: DiffKind,
    /// The earliest difference that can have made the others; of at most one entry.
    pub first_divergence: bool,
    /// Whether a diagnosis looks at it: it is in one recording only, asks for something else, comes out otherwise, or
    /// answers in another shape or other words.
    pub counts: bool,
    /// Whether the call took much longer here.
    pub slower: bool,
    /// The part of the attempt: `setup`, `body`, `teardown`, `after`.
    pub phase: String,
    /// Whom it goes to.
    pub peer: String,
    /// The peer's role: `product`, `dependency`, `infrastructure`, `unknown`.
    pub role: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The call here.
    pub here: Option<DiffCall>,
    /// The call there.
    pub there: Option<DiffCall>,
    /// Values that differ, of the first request and of the last answer.
    pub values: Vec<DiffValue>,
    /// So many more differ.
    pub values_left_out: u64,
}

/// The call in one recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffCall {
    /// The span of its last try.
    pub span_id: String,
    /// The whole URL of it, masked.
    pub url: String,
    /// When its first try began, from the start of its attempt; 0 when before.
    pub at_ms: u64,
    /// How long its last try took; `null` when it never ended.
    pub duration_ms: Option<u64>,
    /// The status code of its last answer; `null` when none came.
    pub status: Option<u16>,
    /// What went wrong with the last try on the network or in the client.
    pub error: Option<String>,
    /// How often it was made.
    pub tries: u64,
    /// Whether it was made again although an earlier try had an answer that is no error.
    pub polled: bool,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffValue {
    /// The part of the call: `port`, `path`, `query`, `request`, `response`.
    pub part: String,
    /// Where in the part, such as `hits.total` or `items[3]`; empty for the whole.
    pub path: String,
    /// The value here as JSON, cut when it is long; `null` where only the other has it.
    pub here: Option<String>,
    /// The value there.
    pub there: Option<String>,
    /// `value`; or what differs in any two recordings: `identifier`, `time`, `port`.
    pub kind: String,
}
