//! Step of a run: prints what it came to on stderr, and writes it as JSON where the user wants it.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use model::{GapKind, RunId};
use store::Store;

use super::notes::Notes;
use super::prepare::Prepared;
use crate::args::RunArgs;
use crate::os;
use crate::report::style::Sign;
use crate::report::{json, terminal};
use crate::talk;
use server::document::{self, Document};

/// Says on a terminal that recording begins, and where the recording will be. Elsewhere the tests' output stays alone.
pub(super) fn announce(args: &RunArgs, prepared: &Prepared, notes: &Notes) {
    if args.no_report || args.quiet || !std::io::stderr().is_terminal() {
        return;
    }
    let version = env!("CARGO_PKG_VERSION");
    let arrow = notes.style.sign_text(Sign::Arrow);
    let store = prepared.store_dir.display();
    talk::say(
        &notes.style,
        &format!("flakescope {version}  recording {arrow} {store}"),
    );
}

/// Reports the run: as JSON if a file is named, and on stderr unless nothing is wanted there.
pub(super) fn all(
    args: &RunArgs,
    store: &dyn Store,
    run: RunId,
    settings: &Path,
    notes: &mut Notes,
) {
    let document = document::build(store, run);
    let written = match (&document, &args.report_json) {
        (Ok(document), Some(file)) => write_json(document, file),
        _ => Ok(()),
    };
    if let Err(error) = written {
        notes.lose(format!("the JSON report is not written: {error:#}"));
    }
    let mut told = Vec::new();
    match document {
        Ok(document) if is_wanted(args, &document, notes) => {
            print(&document, settings, notes);
            told = reasons(document);
        }
        Ok(_) => {}
        Err(error) => notes.lose(format!("there is no report: {error:#}")),
    }
    if !args.no_report {
        let untold = |loss: &&String| !told.iter().any(|reason| reason.contains(*loss));
        for loss in notes.losses().iter().filter(untold) {
            talk::say(&notes.style, &format!("! lost: {loss}"));
        }
    }
}

/// Why nothing was recorded, which the report has said already.
fn reasons(document: Document) -> Vec<String> {
    let gaps = document.run.gaps.into_iter();
    gaps.filter(|gap| gap.kind == GapKind::NoAgent.as_str())
        .flat_map(|gap| gap.details)
        .collect()
}

fn is_wanted(args: &RunArgs, document: &Document, notes: &Notes) -> bool {
    let counts = &document.run.counts;
    let calm = counts.failed == 0 && counts.flaky == 0 && counts.unfinished == 0;
    let nothing_to_say = calm && notes.losses().is_empty();
    !args.no_report && (!args.quiet || !nothing_to_say)
}

/// The report is put together before it is written, so that the lines of a daemon that still runs do not come between.
fn print(document: &Document, settings: &Path, notes: &Notes) {
    let mut report = Vec::new();
    let printed = terminal::print(document, settings, &notes.style, &mut report);
    // A closed stderr is no reason to do anything else.
    let _closed = printed.and_then(|()| std::io::stderr().lock().write_all(&report));
}

fn write_json(document: &Document, file: &Path) -> Result<()> {
    let mut text = Vec::new();
    json::to_writer(document, &mut text)?;
    os::replace_file(file, &text, None).with_context(|| file.display().to_string())
}
