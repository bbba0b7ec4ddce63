//! `flakescope show RUN`: what was run, what it came to, and every test.

use std::io::Write;

use anyhow::Result;
use model::RunId;
use store::Store;

use super::table;
use crate::report::json;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::terminal::{Extent, outcome, sign, test_title, unended};
use crate::report::text::Text;
use crate::report::units;
use server::document::{self, Document, Run, Test};

/// Prints a run for people.
///
/// # Errors
/// When the store cannot be read or does not know the run, or the output does not take it.
pub(super) fn print(
    store: &dyn Store,
    id: RunId,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    Ok(lines(&document::build(store, id)?, style, out)?)
}

/// Prints a run as the JSON report.
///
/// # Errors
/// As [`print`].
pub(super) fn print_json(store: &dyn Store, id: RunId, out: &mut dyn Write) -> Result<()> {
    Ok(json::to_writer(&document::build(store, id)?, out)?)
}

fn lines(document: &Document, style: &Style, out: &mut dyn Write) -> std::io::Result<()> {
    let mut screen = Screen::plain(out, style);
    head(&mut screen, &document.run)?;
    screen.blank()?;
    outcome(&mut screen, document, Extent::ALL)?;
    if document.tests.is_empty() {
        return Ok(());
    }
    screen.blank()?;
    let rows = document.tests.iter().map(|test| row(test, style)).collect();
    for line in table::lines(rows) {
        screen.line(0, 2, &line)?;
    }
    Ok(())
}

fn head(screen: &mut Screen, run: &Run) -> std::io::Result<()> {
    let style = screen.style();
    let between = || {
        Text::new()
            .ours(" ")
            .neutral(Paint::Dim, style.sign(Sign::Between))
            .ours(" ")
    };
    let title = Text::new()
        .painted(Paint::Dim, "run ")
        .captured(Paint::Strong, &run.id)
        .ours("  ")
        .captured(Paint::Plain, &run.command.join(" "));
    screen.line(0, 2, &title)?;
    let mut facts = Text::new().captured(Paint::Plain, &run.started);
    if let Some(then) = units::read_instant(&run.started) {
        facts = facts
            .ours(" (")
            .captured(Paint::Plain, &units::ago(then, style.now))
            .ours(")");
    }
    if let Some(code) = run.exit_code {
        let code = code.to_string();
        facts = facts
            .text(between())
            .ours("exit code ")
            .captured(Paint::Plain, &code);
    }
    facts = facts
        .text(between())
        .captured(Paint::Plain, &units::count(run.exchanges, "call"))
        .text(between())
        .captured(Paint::Plain, &units::count(run.spans, "span"));
    if let Some(unended) = unended(&run.state) {
        facts = facts.text(between()).painted(Paint::Warn, unended);
    }
    screen.line(2, 0, &facts)?;
    let names = run.name.iter().map(|name| ("name", name));
    let tags = run.tags.iter().map(|(key, value)| (key.as_str(), value));
    for (key, value) in names.chain(tags) {
        let tag = Text::new()
            .captured(Paint::Dim, key)
            .ours(": ")
            .captured(Paint::Plain, value);
        screen.line(2, 2, &tag)?;
    }
    Ok(())
}

fn row(test: &Test, style: &Style) -> Vec<Text> {
    let decisive = test.decisive();
    let took = decisive
        .and_then(|attempt| attempt.duration_ms)
        .map(units::duration);
    let id = decisive.map(|attempt| attempt.short_id.as_str());
    let status = Text::new().painted(Paint::Plain, test.status.as_str());
    vec![
        sign(test.status, style).ours(" ").text(status),
        Text::new().captured(Paint::Command, id.unwrap_or_default()),
        Text::new().captured(Paint::Dim, took.as_deref().unwrap_or_default()),
        test_title(test, Paint::Plain, style),
    ]
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;
    use crate::report::samples;

    #[test]
    fn a_run_is_shown_with_its_tests() {
        for (name, document) in [
            ("three_failures", samples::three_failures_only()),
            ("nothing_recorded", samples::nothing_recorded()),
            ("hostile", samples::hostile("\u{1b}[2J\n::error::x")),
        ] {
            let style = Style {
                width: 100,
                color: false,
                ascii: false,
                now: Timestamp(1_795_342_800_000_000_000),
            };
            let mut out = Vec::new();
            lines(&document, &style, &mut out).unwrap();
            insta::assert_snapshot!(name, String::from_utf8(out).unwrap());
        }
    }
}
