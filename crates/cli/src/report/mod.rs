//! What a run came to: the ways to print its document.
//!
//! [`server::document`] holds the types of the JSON report, which are also what `show --json`, `list --json` and the
//! HTTP API answer. [`terminal`] prints the same document for people. Everything captured passes through
//! [`neutral`] on its way to a screen, and every line goes out through [`screen`].

pub(crate) mod causes;
pub(crate) mod declaration;
pub(crate) mod json;
pub(crate) mod neutral;
pub(crate) mod screen;
pub(crate) mod style;
pub(crate) mod terminal;
pub(crate) mod text;
pub(crate) mod units;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
pub(crate) mod schema;
