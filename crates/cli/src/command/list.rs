//! `flakescope list`: what was recorded, and what is known across runs.

use server::document;
use store::Store;

use super::open_store;
use crate::args::{ListArgs, ListWhat};
use crate::exit::{self, Ending, Failure};
use crate::report::style::ColorChoice;
use crate::talk::{self, Output};
use crate::view;

/// Lists runs, tests, peers, incidents or reviews on stdout.
///
/// # Errors
/// When the settings are wrong, the store cannot be read, or stdout cannot be written to.
pub(crate) fn run(args: &ListArgs, color: ColorChoice) -> Result<Ending, Failure> {
    if args.flaky && args.what != ListWhat::Tests {
        return Err(Failure::message(exit::USAGE, "only tests can be flaky")
            .hint("`flakescope list tests --flaky` lists those that are"));
    }
    let store: &dyn Store = &*open_store(&args.place)?;
    let style = talk::style(Output::Stdout, color);
    let (limit, json) = (args.limit, args.json);
    let mut out = Vec::new();
    match args.what {
        ListWhat::Runs => view::list_runs(store, limit, json, &style, &mut out)?,
        ListWhat::Tests => {
            let tests = document::test_list(store, limit, args.flaky)?;
            view::list_tests(&tests, when_empty(args.flaky), json, &style, &mut out)?;
        }
        ListWhat::Dependencies => {
            let peers = document::dependencies(store, limit)?;
            view::list_dependencies(&peers, json, &style, &mut out)?;
        }
        ListWhat::Incidents => {
            let incidents = document::incidents(store, limit)?;
            view::list_incidents(&incidents, json, &style, &mut out)?;
        }
        ListWhat::Disputes => {
            let reviews = document::reviews(store)?;
            view::list_disputes(&reviews, json, &style, &mut out)?;
        }
    }
    super::print(&out)
}

fn when_empty(flaky: bool) -> &'static str {
    match flaky {
        true => "No test is known to have failed and passed with nothing changed.",
        false => "No tests are recorded here yet: flakescope run -- COMMAND records them.",
    }
}
