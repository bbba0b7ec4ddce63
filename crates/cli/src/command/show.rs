//! `flakescope show`: a run or an attempt, found by the beginning of its id.

use model::{AttemptId, RunId};
use store::{PrefixMatch, RunQuery, Store};

use super::open_store;
use crate::args::ShowArgs;
use crate::exit::{self, Ending, Failure};
use crate::report::style::ColorChoice;
use crate::talk::{self, Output};
use crate::view;

/// The most ids that are listed when a beginning means several.
const SHOWN: usize = 5;
/// The digits of an id in such a list.
const DIGITS: usize = 12;

/// Prints a run or an attempt on stdout.
///
/// # Errors
/// When there is none or several with this id, or the store cannot be read.
pub(crate) fn run(args: &ShowArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let store: &dyn Store = &*open_store(&args.place)?;
    let target = find(store, &args.id)?;
    let style = talk::style(Output::Stdout, color);
    let mut out = Vec::new();
    view::show(store, target, args.json, &style, &mut out)?;
    super::print(&out)
}

/// What the user means by an id: `last`, or the beginning of one.
fn find(store: &dyn Store, id: &str) -> Result<PrefixMatch, Failure> {
    if id == "last" {
        let query = RunQuery {
            limit: Some(1),
            ..RunQuery::default()
        };
        return match store.runs(&query)?.first() {
            Some(run) => Ok(PrefixMatch::Run(run.id)),
            None => Err(Failure::message(exit::FAILED, "there are no runs yet")
                .hint("record one with `flakescope run -- COMMAND`")),
        };
    }
    let prefix = id.to_ascii_lowercase();
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Failure::message(exit::FAILED, format!("not an id: {id}"))
            .hint("an id has the digits 0-9 and a-f; `flakescope list` shows those of runs"));
    }
    let mut matches = store.find(&prefix, SHOWN + 1)?;
    matches.sort();
    match *matches {
        [only] => Ok(only),
        [] => Err(Failure::message(
            exit::FAILED,
            format!("nothing has an id that begins with {prefix}"),
        )
        .hint("`flakescope list` shows the runs, `flakescope show last` the newest")),
        [..] => Err(ambiguous(&prefix, &matches)),
    }
}

fn ambiguous(prefix: &str, matches: &[PrefixMatch]) -> Failure {
    let more = if matches.len() > SHOWN { ", …" } else { "" };
    let names: Vec<String> = matches.iter().take(SHOWN).map(name).collect();
    let text = format!(
        "several ids begin with {prefix}: {}{more}",
        names.join(", ")
    );
    Failure::message(exit::FAILED, text).hint("give more digits")
}

fn name(found: &PrefixMatch) -> String {
    let short = |id: String| id[..DIGITS].to_owned();
    match found {
        PrefixMatch::Run(RunId(bytes)) => format!("run {}", short(RunId(*bytes).to_string())),
        PrefixMatch::Attempt(AttemptId(bytes)) => {
            format!("attempt {}", short(AttemptId(*bytes).to_string()))
        }
    }
}
