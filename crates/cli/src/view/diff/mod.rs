//! What `diff` prints: both attempts, what differs in order, and what was left out.
//!
//! Which recording has what is told by signs and words; blue is here and amber is there, because red and green would
//! say which is the better one.

mod entry;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use anyhow::Result;
use server::document::{Diff, DiffSide, Hidden, Status};

use crate::report::json;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::terminal::{sign, title};
use crate::report::text::Text;
use crate::report::units;

/// Entries that are shown; `--json` has them all.
const ENTRIES: usize = 100;

/// Prints a comparison for people, or as JSON.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn diff(diff: &Diff, as_json: bool, style: &Style, out: &mut dyn Write) -> Result<()> {
    match as_json {
        true => json::to_writer(diff, out)?,
        false => lines(diff, style, out)?,
    }
    Ok(())
}

fn lines(diff: &Diff, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut screen = Screen::plain(out, style);
    head(&mut screen, diff)?;
    screen.blank()?;
    for entry in diff.differences.iter().take(ENTRIES) {
        entry::lines(&mut screen, entry)?;
    }
    let more = diff.differences.len().saturating_sub(ENTRIES);
    if more > 0 {
        let line = Text::new()
            .painted(Paint::Dim, "and ")
            .captured(Paint::Dim, &counted(more, "more difference"))
            .painted(Paint::Dim, ": --json has them all");
        screen.line(2, 2, &line)?;
    }
    if diff.differences.is_empty() {
        screen.line(0, 2, &Text::new().ours("no call differs"))?;
    }
    durations(&mut screen, diff)?;
    screen.blank()?;
    closing(&mut screen, diff)
}

fn head(screen: &mut Screen, diff: &Diff) -> io::Result<()> {
    let style = screen.style();
    let first = name(&diff.here, style);
    screen.line(0, 2, &first)?;
    let here = Text::new()
        .painted(Paint::Here, "here  ")
        .ours("  ")
        .text(side(&diff.here, style));
    screen.line(2, 8, &here)?;
    let why = match diff.basis.as_str() {
        "same-run" => "passed in the same run",
        "same-commit" => "the newest that passed on the same commit",
        "base-branch" => "the newest that passed on the base branch",
        "newest" => "the newest that passed",
        _ => "as asked",
    };
    let there = Text::new()
        .painted(Paint::There, "there ")
        .ours("  ")
        .text(side(&diff.there, style))
        .ours(": ")
        .ours(why);
    screen.line(2, 8, &there)?;
    if diff.same_test {
        return Ok(());
    }
    let other = Text::new()
        .neutral(Paint::Warn, style.sign(Sign::Warning))
        .painted(Paint::Warn, " another test: ")
        .text(name(&diff.there, style));
    screen.line(2, 8, &other)
}

fn name(side: &DiffSide, style: &Style) -> Text {
    sign(side.status, style).ours(" ").text(title(
        &side.suite,
        &side.name,
        ["", ""],
        Paint::Strong,
        style,
    ))
}

/// `8f2c1a  failed after 13.4s, 2 hours ago`.
fn side(side: &DiffSide, style: &Style) -> Text {
    let took = match side.duration_ms {
        Some(millis) => units::duration(millis),
        None => "never ended".to_owned(),
    };
    let between = match (side.status, side.duration_ms) {
        (_, None) => ", ",
        (Status::Failed, _) => " after ",
        _ => " in ",
    };
    let when = match units::read_instant(&side.started) {
        Some(then) => units::ago(then, style.now),
        None => side.started.clone(),
    };
    Text::new()
        .captured(Paint::Strong, &side.short_id)
        .ours("  ")
        .captured(Paint::Plain, side.status.as_str())
        .ours(between)
        .captured(Paint::Plain, &took)
        .ours(", ")
        .captured(Paint::Plain, &when)
}

fn durations(screen: &mut Screen, diff: &Diff) -> io::Result<()> {
    let style = screen.style();
    let took = |side: &DiffSide| match side.duration_ms {
        Some(millis) => units::duration(millis),
        None => "never ended".to_owned(),
    };
    let (here, there) = (took(&diff.here), took(&diff.there));
    if here == there {
        return Ok(());
    }
    let line = Text::new()
        .neutral(Paint::Strong, style.sign(Sign::Changed))
        .ours(" the whole attempt  ")
        .text(entry::change(&there, &here, style));
    screen.line(0, 2, &line)
}

fn closing(screen: &mut Screen, diff: &Diff) -> io::Result<()> {
    let calls = units::count(diff.same_calls, "call");
    let alike = match diff.same_calls {
        1 => " is alike",
        _ => " are alike",
    };
    let line = Text::new()
        .captured(Paint::Dim, &calls)
        .painted(Paint::Dim, alike);
    screen.line(0, 2, &line)?;
    match hidden(diff.hidden) {
        Some(text) => {
            let line = Text::new()
                .captured(Paint::Dim, &text)
                .painted(Paint::Dim, " hidden; --all shows them");
            screen.line(0, 2, &line)
        }
        None => Ok(()),
    }
}

/// `9 differing identifiers, 2 times`; nothing when nothing is hidden.
fn hidden(hidden: Hidden) -> Option<String> {
    let kinds = [
        (hidden.identifiers, "identifier"),
        (hidden.times, "time"),
        (hidden.ports, "port"),
    ];
    let mut parts: Vec<String> = Vec::new();
    for (number, noun) in kinds.into_iter().filter(|(number, _)| *number > 0) {
        let noun = match parts.is_empty() {
            true => format!("differing {noun}"),
            false => noun.to_owned(),
        };
        parts.push(units::count(number, &noun));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn counted(number: usize, noun: &str) -> String {
    units::count(u64::try_from(number).unwrap_or(u64::MAX), noun)
}
