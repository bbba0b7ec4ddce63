//! How the program ends: the documented exit codes, and the one type for "it did not work".
//!
//! `flakescope run` ends exactly as its command ended, so its own codes must not be mistaken for the command's. They
//! are those of `env`, `nohup` and `docker run`. The list for users stands in `docs/reference/exit-codes.md`.

use std::fmt;
use std::io::Write as _;

use crate::report::neutral::Neutral;

/// `run`: Flakescope itself could not start the command (bad usage, no such folder).
pub(crate) const NOT_STARTED: u8 = 125;
/// `run`: the command was found and cannot be executed.
pub(crate) const NOT_EXECUTABLE: u8 = 126;
/// `run`: there is no such command.
pub(crate) const NOT_FOUND: u8 = 127;
/// The other commands: they could not do what was asked.
pub(crate) const FAILED: u8 = 1;
/// The other commands: wrong usage.
pub(crate) const USAGE: u8 = 2;

/// How the program ends when all went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Success.
    Done,
    /// As the command of a run ended.
    As(model::Exit),
}

/// Why a command could not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    error: anyhow::Error,
    hints: Vec<String>,
    code: u8,
}

impl Failure {
    /// A failure that ends the program with `code`.
    pub(crate) fn new(code: u8, error: impl Into<anyhow::Error>) -> Self {
        Self {
            error: error.into(),
            hints: Vec::new(),
            code,
        }
    }

    /// A failure with these words.
    pub(crate) fn message(code: u8, text: impl fmt::Display) -> Self {
        Self::new(code, anyhow::Error::msg(text.to_string()))
    }

    /// Adds what the reader can do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The code to end with.
    pub(crate) fn code(&self) -> u8 {
        self.code
    }

    /// Says on stderr what went wrong. Texts of others in it cannot act, and a closed stderr is no reason to fail
    /// differently.
    pub(crate) fn print(&self) {
        let text: String = self
            .to_string()
            .lines()
            .map(|line| format!("{}\n", Neutral::captured(line).as_str()))
            .collect();
        let _closed = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {:#}", self.error)?;
        self.hints
            .iter()
            .try_for_each(|hint| write!(f, "\nhint: {hint}"))
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(FAILED, error)
    }
}
