//! Masking: secrets out, stable keyed pseudonyms in. The contract is `protocol/masking.md`.
//!
//! Facts that diagnosis needs are taken from a credential before it is masked (`credential`). What is a secret is known
//! from its name (`names`, `sign_in`), from its shape (`shapes`, `cards`), from its place in a text (`text`, `json`,
//! `form`, `url`, `header`, `sql`), because it is the value of an environment variable whose name says so (`values`,
//! `environment`), or because it stood in such a place before (`learned`, `sighted`, `worth`, `again`).
//!
//! Equal secrets give equal pseudonyms wherever they stand, encoded or not. Masking what is masked changes nothing. All
//! of it takes time linear in the length of the text.

mod again;
mod assign;
mod cards;
mod contract;
mod credential;
mod environment;
mod form;
mod header;
mod json;
mod learned;
mod names;
mod record;
mod replace;
mod said;
mod shapes;
mod sighted;
mod sign_in;
mod signer;
mod sql;
mod text;
mod unescape;
mod url;
mod values;
mod worth;

#[cfg(test)]
mod proof;

pub use environment::secret_environment;

use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

use crate::key::Key;
use learned::Learned;
use names::Names;
use shapes::Shapes;
use sighted::Sighted;
use sql::Sql;
use values::Values;

/// What is masked beyond what the names and shapes that are built in say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskRules {
    /// Off: nothing is changed, credentials included.
    pub enabled: bool,
    /// Names of further headers; case does not matter.
    pub header_names: Vec<String>,
    /// Names of further keys in JSON, form and multipart bodies; case and separators do not matter.
    pub body_keys: Vec<String>,
    /// Names of further keys in queries of URLs.
    pub query_keys: Vec<String>,
    /// Regular expressions; what they match is masked in any text, or their first group if they have one.
    pub patterns: Vec<String>,
    /// Values that are secret wherever they appear. See [`secret_environment`].
    pub secret_values: Vec<String>,
    /// Names of headers and keys that are never masked by their name.
    pub keep: Vec<String>,
}

impl Default for MaskRules {
    fn default() -> Self {
        Self {
            enabled: true,
            header_names: Vec::new(),
            body_keys: Vec::new(),
            query_keys: Vec::new(),
            patterns: Vec::new(),
            secret_values: Vec::new(),
            keep: Vec::new(),
        }
    }
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MaskError {
    /// Not a regular expression, or too large a one.
    #[error("masking pattern {pattern:?}: {reason}")]
    Pattern {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The secret values cannot be searched for.
    #[error("masking values: {0}")]
    Values(String),
}

/// Masks everything that goes to the store. Made once for a run; safe to share between threads. Learns: a value that was
/// masked by its place is masked everywhere from then on.
#[derive(Clone)]
pub struct Masker {
    key: Key,
    enabled: bool,
    /// Texts without one of which there is nothing to find but known values and what the project's own patterns match.
    hints: AhoCorasick,
    names: Arc<Names>,
    shapes: Arc<Shapes>,
    sql: Arc<Sql>,
    values: Arc<Values>,
    learned: Learned,
    sighted: Sighted,
}

impl Masker {
    /// Prepares the rules.
    ///
    /// # Errors
    /// When a pattern is not a regular expression.
    pub fn new(rules: &MaskRules, key: Key) -> Result<Self, MaskError> {
        Ok(Self {
            enabled: rules.enabled,
            hints: hints().map_err(|error| MaskError::Values(error.to_string()))?,
            names: Names::new(rules)
                .map_err(|error| MaskError::Values(error.to_string()))?
                .into(),
            shapes: Shapes::new(&rules.patterns)?.into(),
            sql: Sql::new()?.into(),
            values: Values::new(&rules.secret_values, &key)?.into(),
            learned: Learned::default(),
            sighted: Sighted::default(),
            key,
        })
    }

    /// A masker of the same rules for one run: it knows what this one has learned (from the command line), and learns for
    /// itself. Costs no preparation.
    #[must_use]
    pub fn for_run(&self) -> Self {
        self.clone()
    }

    /// Masks any text: a message, a title, a detail.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        if self.enabled {
            self.any_text(text).into_owned()
        } else {
            text.to_owned()
        }
    }

    /// Masks a command line: also what follows an option whose name says secret (`--password x`).
    #[must_use]
    pub fn command(&self, command: &[String]) -> Vec<String> {
        if !self.enabled {
            return command.to_vec();
        }
        let mut after_option = None;
        let mask = |argument: &String| {
            let is_option = argument.starts_with('-');
            let masked = if let Some(place) = after_option.filter(|_| !is_option) {
                self.secret_at(argument, place)
            } else {
                self.any_text(argument).into_owned()
            };
            let name = argument.trim_start_matches('-');
            let is_secret = is_option && !name.contains('=') && self.names.is_secret_key(name);
            after_option = is_secret.then(|| names::place_of(name));
            masked
        };
        command.iter().map(mask).collect()
    }
}

fn hints() -> Result<AhoCorasick, BuildError> {
    let hints = Shapes::hints().chain(sql::HINTS.iter().copied());
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(hints.chain(names::all_stems()).chain(["://"]))
}
