//! Recordings for other tools: OTLP as JSON, and HAR.
//!
//! Both are written while the store is read, one recording at a time, so that a run of any size costs the memory of its
//! largest recording. What was masked stays masked: nothing here has ever seen another value.

mod har;
mod otlp;

use std::io::Write;

use anyhow::{Context as _, Result};
use model::{Attempt, Recording, RunId, Test};
use store::{PrefixMatch, Store};

use crate::document;
pub use otlp::Records;

/// A format that recordings can be handed out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Spans and log records as one line of OTLP's JSON: a document that is a `TracesData` and a `LogsData`.
    Otlp,
    /// The calls as HAR 1.2, a page for each attempt.
    Har,
}

impl Format {
    /// The names in addresses, which are also the extensions of files.
    pub const NAMES: [&'static str; 2] = ["otlp.json", "har"];

    /// The format with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "otlp.json" => Some(Self::Otlp),
            "har" => Some(Self::Har),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Otlp => Self::NAMES[0],
            Self::Har => Self::NAMES[1],
        }
    }
}

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Recordings that there was something of: those of attempts and fixtures, and one of what belongs to neither.
    pub recordings: u64,
    /// What they consist of: spans in OTLP, calls in HAR.
    pub records: u64,
    /// Log records.
    pub logs: u64,
}

/// Writes the recording of an attempt, or all of a run, with what belongs to no attempt of it.
///
/// `version` is that of the program, which HAR names.
///
/// # Errors
/// When the store cannot be read or does not know it, or the output does not take it.
pub fn write(
    store: &dyn Store,
    what: PrefixMatch,
    format: Format,
    version: &str,
    out: &mut dyn Write,
) -> Result<Written> {
    let source = Source::new(store, what)?;
    match format {
        Format::Otlp => otlp::write(&source, Records::All, out),
        Format::Har => har::write(&source, version, out),
    }
}

/// Writes only the spans, or only the log records, of an attempt or a run as one line of OTLP's JSON: for readers of one
/// kind that do not pass over the other.
///
/// # Errors
/// As [`write`].
pub fn write_otlp(
    store: &dyn Store,
    what: PrefixMatch,
    records: Records,
    out: &mut dyn Write,
) -> Result<Written> {
    otlp::write(&Source::new(store, what)?, records, out)
}

/// What is handed out.
struct Source<'a> {
    store: &'a dyn Store,
    run: RunId,
    /// In the order of their start.
    attempts: Vec<(Attempt, Test)>,
    /// Whether what belongs to no attempt is a part of it.
    whole_run: bool,
}

impl<'a> Source<'a> {
    fn new(store: &'a dyn Store, what: PrefixMatch) -> Result<Self> {
        match what {
            PrefixMatch::Attempt(id) => {
                let row = document::attempt_row(store, id)?;
                Ok(Self {
                    store,
                    run: row.0.run_id,
                    attempts: vec![row],
                    whole_run: false,
                })
            }
            PrefixMatch::Run(run) => {
                store
                    .run(run)?
                    .with_context(|| format!("read run {run}: the store does not know it"))?;
                let mut attempts = document::of_run(store, run)?;
                attempts.sort_by_key(|(attempt, _)| (attempt.start, attempt.id));
                Ok(Self {
                    store,
                    run,
                    attempts,
                    whole_run: true,
                })
            }
        }
    }

    fn recording(&self, attempt: &Attempt) -> Result<Recording> {
        Ok(store::recording(self.store, attempt.id.into())?)
    }

    /// What belongs to no attempt. Empty unless a whole run is handed out.
    fn unattributed(&self) -> Result<Recording> {
        let mut rest = Recording::default();
        if self.whole_run {
            let mut spans = Vec::new();
            for chunk in self.store.unattributed(self.run)? {
                spans.extend(chunk.spans);
                rest.logs.extend(chunk.logs);
            }
            rest.spans = model::merge::spans(spans);
            model::relate(&mut rest.spans);
            rest.logs = model::merge::logs(rest.logs);
        }
        Ok(rest)
    }
}
