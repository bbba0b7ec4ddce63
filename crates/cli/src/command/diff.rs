//! `flakescope diff`: what differs between two recordings of a test.

use model::AttemptId;
use server::document::{self, Against};
use store::{PrefixMatch, Store};

use super::{open_store, print, show};
use crate::args::DiffArgs;
use crate::exit::{self, Ending, Failure};
use crate::report::style::{ColorChoice, Sign};
use crate::talk::{self, Output};
use crate::view;

/// Prints a comparison on stdout. That recordings differ is no failure.
///
/// # Errors
/// When an attempt is not found, there is nothing to hold it against, or the store cannot be read.
pub(crate) fn run(args: &DiffArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let store: &dyn Store = &*open_store(&args.place)?;
    let here = attempt(store, &args.attempt)?;
    let against = match &args.other {
        Some(other) => Against::Attempt(attempt(store, other)?),
        None => Against::Baseline,
    };
    let Some(diff) = document::diff(store, here, against, args.all)? else {
        return Err(Failure::message(
            exit::FAILED,
            "there is no passing recording of this test to hold it against",
        )
        .hint("record one, or name another attempt: `flakescope diff ATTEMPT OTHER`"));
    };
    if !diff.same_test {
        let style = talk::style(Output::Stderr, color);
        let sign = style.sign_text(Sign::Warning);
        talk::say(
            &style,
            &format!("{sign} these are attempts of different tests"),
        );
    }
    let mut out = Vec::new();
    view::diff(
        &diff,
        args.json,
        &talk::style(Output::Stdout, color),
        &mut out,
    )?;
    print(&out)
}

fn attempt(store: &dyn Store, id: &str) -> Result<AttemptId, Failure> {
    match show::find(store, id)? {
        PrefixMatch::Attempt(id) => Ok(id),
        PrefixMatch::Run(_) => Err(Failure::message(
            exit::FAILED,
            format!("{id} is a run, and only attempts can be held against each other"),
        )
        .hint(format!("`flakescope show {id}` names its attempts"))),
    }
}
