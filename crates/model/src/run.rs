//! A run: one execution of a test command.

use std::collections::BTreeMap;

use crate::{PeerDeclaration, RunId, Timestamp};

/// One execution of a test command.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// What the user calls it, if anything.
    pub name: Option<String>,
    /// The project whose tests it runs.
    pub project: String,
    /// The command and its arguments, masked.
    pub command: Vec<String>,
    /// When it began.
    pub started: Timestamp,
    /// When it was over: the command had exited and everything was drained.
    pub ended: Option<Timestamp>,
    /// How the command ended.
    pub exit: Option<Exit>,
    /// How far it got.
    pub state: RunState,
    /// Who ran what where: keys of the semantic conventions (`vcs.*`, `cicd.*`, `user.*`) and the user's own.
    pub tags: BTreeMap<String, String>,
    /// The peers that the project declares, as they were at this run, so that a diagnosis can be computed again.
    pub peers: Vec<PeerDeclaration>,
    /// The run inside which this one was started.
    pub parent: Option<RunId>,
    /// The version of Flakescope that recorded it.
    pub recorder_version: String,
}

/// How the command of a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl Exit {
    /// The code that a shell shows: a signal counts as 128 and its number.
    #[must_use]
    pub fn shell_code(self) -> i32 {
        match self {
            Self::Code(code) => code,
            Self::Signal(signal) => 128 + signal,
        }
    }
}

/// How far a run got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunState {
    /// Being recorded now, or its recorder died and nobody has looked since.
    Recording,
    /// Over, everything drained.
    Sealed,
    /// Its recorder died; what was spooled was taken in later.
    Recovered,
}

impl RunState {
    /// The name in files and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recording => "recording",
            Self::Sealed => "sealed",
            Self::Recovered => "recovered",
        }
    }
}
