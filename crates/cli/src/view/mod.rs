//! What `list`, `show`, `why` and `diff` print: data on stdout, for people or as JSON.
//!
//! A line here begins with a sign, an id or an indent of ours. What was captured is [`Neutral`] here too, so it gives no
//! command even where it begins a line.
//!
//! [`Neutral`]: crate::report::neutral::Neutral

mod attempt;
mod call;
mod diff;
mod doctor;
mod history;
mod run;
mod runs;
mod table;
mod tests;

use std::io::Write;

use anyhow::Result;
use store::{PrefixMatch, Store};

use crate::report::style::Style;

pub(crate) use diff::diff;
pub(crate) use doctor::print as doctor;
pub(crate) use history::{list_dependencies, list_disputes, list_incidents, precision, why};
pub(crate) use runs::list as list_runs;
pub(crate) use tests::list as list_tests;

/// Prints a run or an attempt.
///
/// # Errors
/// When the store cannot be read or does not know it, or the output does not take it.
pub(crate) fn show(
    store: &dyn Store,
    target: PrefixMatch,
    json: bool,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    match (target, json) {
        (PrefixMatch::Run(id), false) => run::print(store, id, style, out),
        (PrefixMatch::Run(id), true) => run::print_json(store, id, out),
        (PrefixMatch::Attempt(id), false) => attempt::print(store, id, style, out),
        (PrefixMatch::Attempt(id), true) => attempt::print_json(store, id, out),
    }
}

#[cfg(test)]
mod lists;
// The same store as that of the documents' own tests.
#[cfg(test)]
#[path = "../../../server/tests/support/sample.rs"]
mod sample;
