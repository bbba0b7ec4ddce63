//! What can go wrong with an archive as a whole, and with single lines of it.

/// So many problems are told one by one; one more stands for all that follow.
pub const PROBLEM_LIMIT: usize = 100;

/// Why an archive could not be read or written at all.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Something else.
    #[error("read the archive: not a flakescope archive")]
    NotAnArchive,
    /// Written by a newer Flakescope.
    #[error(
        "read the archive: it has format {found}, this version reads up to {supported}; use a newer flakescope"
    )]
    TooNew {
        /// The format found.
        found: u32,
        /// The newest that is understood.
        supported: u32,
    },
    /// An archive of ours, but not of what was wanted.
    #[error("read the archive: it holds {found}, {expected} was wanted")]
    WrongKind {
        /// What was wanted.
        expected: &'static str,
        /// What it says that it holds.
        found: String,
    },
    /// Larger than the limit, or meant to unpack to it.
    #[error("the archive is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Something without which the rest means nothing is missing.
    #[error("read the archive: {0} is missing")]
    Missing(&'static str),
    /// A single record that cannot be read.
    #[error("read the record: {0}")]
    Record(String),
    /// The bytes could not be made.
    #[error("write the archive: {0}")]
    Write(String),
}

/// A line of an archive that could not be read. The others were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, 1-based; the header is line 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// Collects problems up to [`PROBLEM_LIMIT`] and counts the rest.
#[derive(Default)]
pub(crate) struct Problems {
    told: Vec<Problem>,
    untold: u64,
}

impl Problems {
    pub(crate) fn add(&mut self, line: u64, reason: &str) {
        if self.told.len() >= PROBLEM_LIMIT {
            self.untold += 1;
            return;
        }
        let reason = reason.chars().take(200).collect();
        self.told.push(Problem { line, reason });
    }

    pub(crate) fn into_vec(mut self, last_line: u64) -> Vec<Problem> {
        if self.untold > 0 {
            self.told.push(Problem {
                line: last_line,
                reason: format!("{} more lines that cannot be read", self.untold),
            });
        }
        self.told
    }
}
