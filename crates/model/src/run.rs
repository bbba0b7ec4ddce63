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
            Self::Signal(signal) => signal.saturating_add(128),
        }
    }

    /// Whether somebody ended the command before it was done: by a hang-up, Ctrl-C, Ctrl-\ or SIGTERM. Runners that take
    /// the signal and clean up say so with the code that a shell shows. SIGKILL is none: it is also what a machine without
    /// memory sends.
    #[must_use]
    pub fn is_interruption(self) -> bool {
        /// SIGHUP, SIGINT, SIGQUIT, SIGTERM: the same numbers on every system.
        const ASKED_TO_END: [i32; 4] = [1, 2, 3, 15];
        ASKED_TO_END
            .iter()
            .any(|signal| self.shell_code() == Self::Signal(*signal).shell_code())
    }
}

/// How far a run got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunState {
    /// Being recorded now, or its recorder died and nobody has looked since.
    Recording,
    /// Over, everything drained.
    Sealed,
    /// Ended before the command was done, by Ctrl-C or another signal that asks to end; everything drained.
    Interrupted,
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
            Self::Interrupted => "interrupted",
            Self::Recovered => "recovered",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_a_command_to_end_interrupts_it() {
        let check = |exit: Exit, expected| assert_eq!(exit.is_interruption(), expected, "{exit:?}");
        for signal in [1, 2, 3, 15] {
            check(Exit::Signal(signal), true);
            check(Exit::Code(128 + signal), true);
            check(Exit::Code(signal), false);
        }
        check(Exit::Code(0), false);
        check(Exit::Code(1), false);
        check(Exit::Signal(9), false);
        check(Exit::Code(137), false);
        check(Exit::Signal(i32::MAX), false);
    }
}
