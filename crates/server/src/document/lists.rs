//! The types of `list --json`: runs and tests without their recordings.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::FlakeRates;
use super::types::{Counts, Kind, Run, Status};

/// Recorded runs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RunList {
    /// The version of this document: 1.
    pub schema: u32,
    /// The runs, newest first.
    pub runs: Vec<ListedRun>,
}

/// A run in a list; its fields mean what those of a run mean.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ListedRun {
    /// Its id.
    pub id: String,
    /// The shortest beginning of the id that `flakescope show` understands now.
    pub short_id: String,
    /// What the user calls it.
    pub name: Option<String>,
    /// The project whose tests it ran.
    pub project: String,
    /// The command and its arguments, masked.
    pub command: Vec<String>,
    /// When it began.
    pub started: String,
    /// How long it took; null while it runs.
    pub duration_ms: Option<u64>,
    /// `recording`, `sealed`, `interrupted` or `recovered`.
    pub state: String,
    /// The exit code as a shell shows it; null while the command runs.
    pub exit_code: Option<i32>,
    /// Who ran what where.
    pub tags: BTreeMap<String, String>,
    /// Tests by status.
    pub counts: Counts,
}

/// Recorded tests.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TestList {
    /// The version of this document: 1.
    pub schema: u32,
    /// The tests, those that failed in most runs first.
    pub tests: Vec<ListedTest>,
}

/// A test with its recent history.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ListedTest {
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
    /// The newest run that had it.
    pub run: String,
    /// Its attempt there to look at: the last one that failed, else the last one.
    pub attempt: String,
    /// The shortest beginning of that id that `flakescope show` understands now.
    pub short_id: String,
    /// How it went in the newest runs that had it, at most 20, newest first.
    pub history: Vec<Status>,
    /// How often it is flaky, by three published rules, over all attempts that were read: the newest 50,000 of all tests.
    pub rates: FlakeRates,
}

impl From<Run> for ListedRun {
    fn from(run: Run) -> Self {
        Self {
            id: run.id,
            short_id: run.short_id,
            name: run.name,
            project: run.project,
            command: run.command,
            started: run.started,
            duration_ms: run.duration_ms,
            state: run.state,
            exit_code: run.exit_code,
            tags: run.tags,
            counts: run.counts,
        }
    }
}
