//! What `flakescope doctor` finds out, as it is printed with `--json`. Texts are as found, not made fit for a terminal.

use serde::Serialize;
use server::document::UndeclaredPeer;

use super::support::Extent;

/// The version of this document.
pub(super) const SCHEMA: u32 = 1;

/// Everything that was found out about a project.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Checkup {
    /// The version of this document: 1.
    pub(crate) schema: u32,
    /// Where everything is.
    #[serde(rename = "project")]
    pub(crate) place: Place,
    /// Test runners that the project names.
    pub(crate) runners: Vec<Runner>,
    /// The agents, each tried out with this project's own interpreter.
    pub(crate) agents: Vec<Agent>,
    /// Clients that the project names and that no agent records.
    #[serde(rename = "unrecorded_clients")]
    pub(crate) clients: Vec<Client>,
    /// What the newest run holds; null when there is none.
    pub(crate) last_run: Option<LastRun>,
    /// Why the store could not be read, or cannot be written to.
    pub(crate) store_problem: Option<String>,
    /// What to do, what stands in the way first.
    pub(crate) advice: Vec<Advice>,
}

/// Where everything is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Place {
    /// The project's root.
    pub(crate) root: String,
    /// The settings; null when there are none, which is fine.
    pub(crate) settings: Option<String>,
    /// What is wrong with the settings.
    pub(crate) mistakes: Option<String>,
    /// The folder of the store, whether it is there or not.
    pub(crate) store: String,
}

/// A test runner that the project names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Runner {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The version that is installed, else the one that is asked for.
    pub(crate) version: Option<String>,
    /// The file that names it, from the project's root.
    pub(crate) manifest: String,
    /// How much of its tests is recorded.
    pub(crate) recorded: Extent,
    /// More about it, for people.
    pub(crate) note: Option<String>,
}

/// An agent, tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Agent {
    /// Its language: `node` or `python`.
    pub(crate) language: &'static str,
    /// The interpreter's own words for its version; null when it is not there.
    pub(crate) interpreter: Option<String>,
    /// Whether it loaded and reported when a program was run under `flakescope run`.
    pub(crate) reports: bool,
    /// A part of it that failed then; the rest records all the same.
    pub(crate) failed_part: Option<String>,
}

/// A client that no agent records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Client {
    /// The package.
    pub(crate) name: String,
    /// What it speaks to.
    pub(crate) speaks: &'static str,
    /// The file that names it, from the project's root.
    pub(crate) manifest: String,
}

/// What the newest run holds.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct LastRun {
    /// The beginning of its id.
    pub(crate) short_id: String,
    /// When it began, RFC 3339.
    pub(crate) started: String,
    /// The command, masked.
    pub(crate) command: Vec<String>,
    /// Attempts of tests that were recorded.
    pub(crate) tests: u64,
    /// Calls that were recorded, by their client.
    pub(crate) calls: Vec<Counted>,
    /// Processes that reported, by their agent.
    pub(crate) processes: Vec<Counted>,
    /// Clients that were seen and not recorded, with the tests they were seen in.
    pub(crate) unseen: Vec<Counted>,
    /// What else is known to be missing.
    pub(crate) gaps: Vec<Counted>,
    /// Hosts whose role nobody declared, so that a diagnosis stays likely at most.
    pub(crate) undeclared: Vec<Counted>,
    /// Peers that its diagnoses would like to have declared.
    pub(crate) peers: Vec<UndeclaredPeer>,
    /// Recordings beyond the first thousand were not read for this.
    pub(crate) cut: bool,
}

/// Something and how many of it there were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Counted {
    /// What.
    pub(crate) name: String,
    /// How many.
    pub(crate) count: u64,
}

/// How much a piece of advice weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Weight {
    /// Something will not be recorded at all.
    Obstacle,
    /// Something will be missing from recordings, or a diagnosis could say more.
    Advice,
}

/// What to do about something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Advice {
    /// How much it weighs.
    pub(crate) weight: Weight,
    /// What is the matter.
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
}
