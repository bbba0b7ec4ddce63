//! `flakescope list runs`.

use std::io::Write;

use anyhow::Result;
use store::{AttemptQuery, RunQuery, Store};

use super::table;
use crate::report::json;
use crate::report::neutral::Neutral;
use crate::report::style::{Paint, Sign, Style};
use crate::report::terminal::{counted, sign, unended};
use crate::report::text::Text;
use crate::report::units;
use server::document::{ListedRun, RunList, SCHEMA, Status, counts, run_entry};

/// Columns of a command and of a branch.
const WORDS: usize = 48;
/// The tag that holds the branch.
const BRANCH: &str = "vcs.ref.head.name";

/// Prints the newest runs, at most `limit`.
///
/// # Errors
/// When the store cannot be read or the output does not take it.
pub(crate) fn list(
    store: &dyn Store,
    limit: usize,
    as_json: bool,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    let query = RunQuery {
        limit: Some(limit),
        ..RunQuery::default()
    };
    let runs = store
        .runs(&query)?
        .into_iter()
        .map(|run| listed(store, run))
        .collect::<Result<Vec<ListedRun>>>()?;
    let list = RunList {
        schema: SCHEMA,
        runs,
    };
    if as_json {
        return Ok(json::to_writer(&list, out)?);
    }
    let rows = list.runs.iter().map(|run| row(run, style)).collect();
    let when_empty = "No runs are recorded here yet: flakescope run -- COMMAND records one.";
    Ok(table::print(rows, when_empty, style, out)?)
}

fn listed(store: &dyn Store, run: model::Run) -> Result<ListedRun> {
    let query = AttemptQuery {
        run: Some(run.id),
        ..AttemptQuery::default()
    };
    let counts = counts(&store.attempts(&query)?);
    let mut run = ListedRun::from(run_entry(store, run)?);
    run.counts = counts;
    Ok(run)
}

fn row(run: &ListedRun, style: &Style) -> Vec<Text> {
    let words = |text: &str| Neutral::captured(text).shortened(WORDS, style.sign_text(Sign::Cut));
    let when = match units::read_instant(&run.started) {
        Some(then) => units::ago(then, style.now),
        None => run.started.clone(),
    };
    let took = match (run.duration_ms.map(units::duration), unended(&run.state)) {
        (Some(took), None) => took,
        (Some(took), Some(why)) => format!("{took}, {why}"),
        (None, why) => why.unwrap_or_default().to_owned(),
    };
    let mut what = Text::new().neutral(Paint::Plain, words(&run.command.join(" ")));
    let called = run.name.as_ref().or(run.tags.get(BRANCH));
    if let Some(name) = called {
        what = what.ours("  ").neutral(Paint::Dim, words(name));
    }
    vec![
        Text::new().captured(Paint::Command, &run.short_id),
        Text::new().captured(Paint::Plain, &when),
        outcome(run, style),
        Text::new().captured(Paint::Dim, &took),
        what,
    ]
}

fn outcome(run: &ListedRun, style: &Style) -> Text {
    match run.counts.worst() {
        Some(worst) => sign(worst, style).ours(" ").text(counted(&run.counts)),
        None => sign(Status::Unfinished, style).ours(" no test seen"),
    }
}
