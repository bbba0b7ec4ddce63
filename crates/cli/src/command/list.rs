//! `flakescope list`: what was recorded.

use store::Store;

use super::open_store;
use crate::args::{ListArgs, ListWhat};
use crate::exit::{Ending, Failure};
use crate::report::style::ColorChoice;
use crate::talk::{self, Output};
use crate::view;

/// Lists runs or tests on stdout.
///
/// # Errors
/// When the settings are wrong, the store cannot be read, or stdout cannot be written to.
pub(crate) fn run(args: &ListArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let store: &dyn Store = &*open_store(&args.place)?;
    let style = talk::style(Output::Stdout, color);
    let mut out = Vec::new();
    match args.what {
        ListWhat::Runs => view::list_runs(store, args.limit, args.json, &style, &mut out)?,
        ListWhat::Tests => view::list_tests(store, args.limit, args.json, &style, &mut out)?,
    }
    super::print(&out)
}
