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

/// Columns of a name and a branch together, at least; twice as many where there is room.
const WORDS: usize = 24;
/// What stands between them.
const BETWEEN: &str = "  ";
/// Columns of a command, however little room is left.
const SHORTEST_COMMAND: usize = 12;
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
    let when_empty = "No runs are recorded here yet: flakescope run -- COMMAND records one.";
    Ok(table::print(
        rows(&list.runs, style),
        when_empty,
        style,
        out,
    )?)
}

/// The command comes last, in the room that is left: it is the longest, and the same in most rows.
fn rows(runs: &[ListedRun], style: &Style) -> Vec<Vec<Text>> {
    let mut rows: Vec<Vec<Text>> = runs.iter().map(|run| row(run, style)).collect();
    let left = |rows: &[Vec<Text>]| style.width.saturating_sub(table::width(rows));
    let room = left(&rows).saturating_sub(SHORTEST_COMMAND + BETWEEN.len());
    for (row, run) in rows.iter_mut().zip(runs) {
        row.push(names(run, room.clamp(WORDS, 2 * WORDS), style));
    }
    let room = left(&rows).max(SHORTEST_COMMAND);
    for (row, run) in rows.iter_mut().zip(runs) {
        let command = run.command.join(" ");
        row.push(Text::new().neutral(Paint::Plain, words(&command, room, style)));
    }
    rows
}

/// What the user calls a run, and its branch.
fn names(run: &ListedRun, room: usize, style: &Style) -> Text {
    let dim = |text: &str, room| Text::new().neutral(Paint::Dim, words(text, room, style));
    match (&run.name, run.tags.get(BRANCH)) {
        (Some(name), Some(branch)) => {
            let room = room.saturating_sub(BETWEEN.len()) / 2;
            dim(name, room).ours(BETWEEN).text(dim(branch, room))
        }
        (Some(only), None) | (None, Some(only)) => dim(only, room),
        (None, None) => Text::new(),
    }
}

fn words(text: &str, columns: usize, style: &Style) -> Neutral {
    Neutral::captured(text).shortened(columns, style.sign_text(Sign::Cut))
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
    let when = match units::read_instant(&run.started) {
        Some(then) => units::ago(then, style.now),
        None => run.started.clone(),
    };
    let took = match (run.duration_ms.map(units::duration), unended(&run.state)) {
        (Some(took), None) => took,
        (Some(took), Some(why)) => format!("{took}, {why}"),
        (None, why) => why.unwrap_or_default().to_owned(),
    };
    vec![
        Text::new().captured(Paint::Command, &run.short_id),
        Text::new().captured(Paint::Plain, &when),
        outcome(run, style),
        Text::new().captured(Paint::Dim, &took),
    ]
}

fn outcome(run: &ListedRun, style: &Style) -> Text {
    match run.counts.worst() {
        Some(worst) => sign(worst, style).ours(" ").text(counted(&run.counts)),
        None => sign(Status::Unfinished, style).ours(" no test seen"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::Timestamp;
    use server::document::Counts;

    use super::*;

    fn run(id: &str, name: Option<&str>, branch: Option<&str>, command: &str) -> ListedRun {
        let tags = branch.map(|branch| (BRANCH.to_owned(), branch.to_owned()));
        ListedRun {
            id: id.repeat(32),
            short_id: id.repeat(6),
            name: name.map(str::to_owned),
            project: "shop".into(),
            command: command.split(' ').map(str::to_owned).collect(),
            started: "2026-11-23T10:00:00.000Z".into(),
            duration_ms: Some(60_000),
            state: "sealed".into(),
            exit_code: Some(1),
            tags: tags.into_iter().collect::<BTreeMap<_, _>>(),
            counts: Counts {
                failed: 12,
                flaky: 3,
                passed: 230,
                ..Counts::default()
            },
        }
    }

    #[test]
    fn a_run_takes_one_line() {
        let long = "npx mocha --recursive --timeout 20000 --reporter dot test/integration/orders test/integration/stock";
        let runs = [
            run("a", Some("nightly"), Some("main"), long),
            run(
                "b",
                None,
                Some("feature/an-uncommonly-long-name-of-a-branch"),
                "npx mocha",
            ),
            run("c", Some("by hand"), None, long),
        ];
        let style = Style {
            width: 100,
            color: false,
            ascii: false,
            now: Timestamp(1_795_435_200_000_000_000),
        };
        let mut out = Vec::new();
        table::print(rows(&runs, &style), "", &style, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert_eq!(shown.lines().count(), runs.len(), "{shown}");
        insta::assert_snapshot!("runs_with_names", shown);
    }
}
