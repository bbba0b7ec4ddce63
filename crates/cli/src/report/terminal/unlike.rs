//! Tests that passed, but not like their other passes: a few lines at the end of the report, and a part of what is shown of an
//! attempt.

use std::io;

use super::super::screen::Screen;
use super::super::style::{Paint, Sign};
use super::super::text::Text;
use super::super::units;
use super::words::{show, test_title};
use server::document::{Attempt, Document, Test, Unlike, UnlikeGroup};

/// Prints in what passing tests of a run are not like their other passes, if any are: at most `told` ways, one line each.
pub(super) fn unlike_lines(
    screen: &mut Screen,
    document: &Document,
    told: usize,
) -> io::Result<()> {
    if document.unlike.is_empty() {
        return Ok(());
    }
    let style = screen.style();
    let head = Text::new()
        .neutral(Paint::Warn, style.sign(Sign::Warning))
        .ours(" ")
        .painted(Paint::Warn, "passed, but not like their other passes:");
    screen.line(0, 2, &head)?;
    for group in document.unlike.iter().take(told) {
        if let Some((test, attempt)) = first_of(document, group) {
            let text = in_short(test, attempt, group, screen);
            let edge = Text::new().captured(Paint::Dim, &attempt.short_id);
            screen.line_with_edge(4, 2, &text, &edge)?;
        }
    }
    let left = document.unlike.len().saturating_sub(told);
    if left == 0 {
        return Ok(());
    }
    let left = Text::new()
        .painted(Paint::Dim, "and ")
        .captured(Paint::Dim, &units::grouped(number(left)))
        .painted(Paint::Dim, " more: ")
        .text(show(&document.run.short_id));
    screen.line(4, 2, &left)
}

/// `buckets › are deleted: DELETE /v1/buckets/* answered 500, 404 in the others  + 3 more tests`.
fn in_short(test: &Test, attempt: &Attempt, group: &UnlikeGroup, screen: &Screen) -> Text {
    let style = screen.style();
    let at = attempt
        .unlike
        .as_ref()
        .and_then(|unlike| unlike.oddities.first());
    let at = at.and_then(|oddity| oddity.at_ms);
    let mut text = test_title(test, Paint::Strong, style)
        .ours(": ")
        .captured(Paint::Plain, &group.text);
    if let Some(at) = at {
        text = text
            .painted(Paint::Dim, ", at ")
            .captured(Paint::Dim, &units::duration(at));
    }
    match group.passes.len().saturating_sub(1) {
        0 => text,
        more => text
            .painted(Paint::Dim, "  + ")
            .captured(Paint::Dim, &units::count(number(more), "more test")),
    }
}

/// The test and the attempt of it that stand for a group.
fn first_of<'a>(document: &'a Document, group: &UnlikeGroup) -> Option<(&'a Test, &'a Attempt)> {
    let shown = group.passes.first()?;
    let test = document.tests.iter().find(|test| test.id == shown.test)?;
    let attempt = test
        .attempts
        .iter()
        .find(|attempt| attempt.id == shown.attempt)?;
    Some((test, attempt))
}

/// Prints in what an attempt is not like the other passes, and what lays them beside each other.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn oddity_lines(
    screen: &mut Screen,
    attempt: &Attempt,
    unlike: &Unlike,
) -> io::Result<()> {
    let style = screen.style();
    let head = Text::new()
        .neutral(Paint::Warn, style.sign(Sign::Warning))
        .ours(" ")
        .captured(Paint::Plain, &unlike.summary);
    screen.line(0, 2, &head)?;
    if unlike.oddities.len() > 1 {
        for oddity in &unlike.oddities {
            let at = oddity.at_ms.map(units::offset).unwrap_or_default();
            let line = Text::new()
                .captured(Paint::Dim, &at)
                .ours("  ")
                .captured(Paint::Strong, &oddity.call)
                .ours(" ")
                .captured(Paint::Plain, &oddity.text);
            screen.line(4, 4, &line)?;
        }
    }
    if unlike.left_out > 0 {
        let left = Text::new()
            .painted(Paint::Dim, "and ")
            .captured(Paint::Dim, &units::grouped(unlike.left_out))
            .painted(Paint::Dim, " more");
        screen.line(4, 4, &left)?;
    }
    let side_by_side = Text::new()
        .painted(Paint::Command, "flakescope diff ")
        .captured(Paint::Command, &attempt.short_id)
        .painted(Paint::Command, " ")
        .captured(Paint::Command, &unlike.short_id)
        .glued();
    let hint = Text::new().ours("beside another pass: ").text(side_by_side);
    screen.line(2, 2, &hint)
}

fn number(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
