//! One difference: the call, how it came out in both recordings, and the values that differ.

use std::io;

use server::document::{DiffCall, DiffKind, DiffValue, Difference};

use super::counted;
use crate::report::neutral::Neutral;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::terminal::result;
use crate::report::text::Text;
use crate::report::units;

/// Values of a call that are shown.
const VALUES: usize = 6;
/// Columns of a peer's name.
const PEER: usize = 40;
/// Columns that a path has even on a narrow screen, and at most.
const PATH: (usize, usize) = (16, 80);
/// Columns that a value has even on a narrow screen, and at most.
const VALUE: (usize, usize) = (28, 70);

/// Prints a difference.
///
/// # Errors
/// When the output does not take it.
pub(super) fn lines(screen: &mut Screen, entry: &Difference) -> io::Result<()> {
    let style = screen.style();
    let front = front(entry, style);
    let outcome = outcome(entry, style);
    let edge = match entry.first_divergence {
        true => Text::new().painted(Paint::Strong, "first divergence"),
        false => Text::new(),
    };
    let taken = front.width() + outcome.width() + edge.width() + 5;
    let (least, most) = PATH;
    let room = screen.room(0).saturating_sub(taken).clamp(least, most);
    let path = Neutral::captured(&entry.path).shortened(room, style.sign_text(Sign::Cut));
    let line = front
        .ours(" ")
        .neutral(Paint::Plain, path)
        .ours("  ")
        .text(outcome);
    screen.line_with_edge(0, 4, &line, &edge)?;
    for value in entry.values.iter().take(VALUES) {
        value_line(screen, value)?;
    }
    let more = entry.values.len().saturating_sub(VALUES)
        + usize::try_from(entry.values_left_out).unwrap_or(usize::MAX);
    if more > 0 {
        let line = Text::new()
            .painted(Paint::Dim, "and ")
            .captured(Paint::Dim, &counted(more, "more value"))
            .painted(Paint::Dim, ": --json has the first hundred");
        screen.line(4, 2, &line)?;
    }
    Ok(())
}

/// Sign, offset, method and peer. What both have stands at its offset here.
fn front(entry: &Difference, style: &Style) -> Text {
    let (paint, sign) = match entry.kind {
        DiffKind::Changed => (Paint::Strong, Sign::Changed),
        DiffKind::OnlyHere => (Paint::Here, Sign::OnlyHere),
        DiffKind::OnlyThere => (Paint::There, Sign::OnlyThere),
    };
    let call = entry.here.as_ref().or(entry.there.as_ref());
    let at = call.map_or(0, |call| call.at_ms);
    let peer = Neutral::captured(&entry.peer).shortened(PEER, style.sign_text(Sign::Cut));
    Text::new()
        .neutral(paint, style.sign(sign))
        .ours(" ")
        .captured(Paint::Dim, &units::offset(at))
        .ours(" ")
        .captured(Paint::Strong, &entry.method)
        .ours(" ")
        .neutral(Paint::Plain, peer)
}

fn outcome(entry: &Difference, style: &Style) -> Text {
    let only = |words: &'static str, paint: Paint, call: &DiffCall| {
        Text::new().painted(paint, words).text(single(call, style))
    };
    match (&entry.here, &entry.there) {
        (Some(here), Some(there)) => changed(entry, here, there, style),
        (Some(here), None) => only("only here ", Paint::Here, here),
        (None, Some(there)) => only("only there ", Paint::There, there),
        (None, None) => Text::new(),
    }
}

fn single(call: &DiffCall, style: &Style) -> Text {
    let text = result(call.status, call.error.as_deref(), call.duration_ms, style);
    match call.tries {
        0 | 1 => text,
        tries => text
            .ours(", ")
            .neutral(Paint::Plain, style.sign(Sign::Times))
            .captured(Paint::Plain, &tries.to_string()),
    }
}

fn changed(entry: &Difference, here: &DiffCall, there: &DiffCall, style: &Style) -> Text {
    let mut parts: Vec<Text> = Vec::new();
    let (left, right) = (said(here), said(there));
    if left != right {
        parts.push(change(&right, &left, style));
    }
    if here.tries != there.tries {
        let noun = match here.polled || there.polled {
            true => "polls ",
            false => "tries ",
        };
        let numbers = (there.tries.to_string(), here.tries.to_string());
        parts.push(
            Text::new()
                .ours(noun)
                .text(change(&numbers.0, &numbers.1, style)),
        );
    }
    if entry.slower {
        let took = |call: &DiffCall| call.duration_ms.map(units::duration).unwrap_or_default();
        parts.push(change(&took(there), &took(here), style));
    }
    if parts.is_empty() {
        parts.push(Text::new().captured(Paint::Dim, &left));
    }
    let mut text = Text::new();
    for (index, part) in parts.into_iter().enumerate() {
        let gap = if index > 0 { ", " } else { "" };
        text = text.ours(gap).text(part);
    }
    text
}

/// What came back, in a word or two.
fn said(call: &DiffCall) -> String {
    match (call.status, &call.error, call.duration_ms) {
        (Some(status), None, _) => status.to_string(),
        (Some(status), Some(error), _) => format!("{status} {error}"),
        (None, Some(error), _) => error.clone(),
        (None, None, Some(_)) => "no answer".to_owned(),
        (None, None, None) => "never ended".to_owned(),
    }
}

/// `there → here`.
pub(super) fn change(there: &str, here: &str, style: &Style) -> Text {
    Text::new()
        .captured(Paint::There, there)
        .ours(" ")
        .neutral(Paint::Dim, style.sign(Sign::Arrow))
        .ours(" ")
        .captured(Paint::Here, here)
}

fn value_line(screen: &mut Screen, value: &DiffValue) -> io::Result<()> {
    let style = screen.style();
    let mut name = Text::new().captured(Paint::Dim, &value.part);
    if !value.path.is_empty() {
        name = name.ours(" ").captured(Paint::Plain, &value.path);
    }
    let name = name.ours(": ");
    let (least, most) = VALUE;
    let room = screen.room(4).saturating_sub(name.width() + 3) / 2;
    let room = room.clamp(least, most);
    let short = |text: &str| {
        let neutral = Neutral::captured(text);
        neutral.shortened(room, style.sign_text(Sign::Cut))
    };
    let line = match (&value.here, &value.there) {
        (Some(here), Some(there)) => name
            .neutral(Paint::There, short(there))
            .ours(" ")
            .neutral(Paint::Dim, style.sign(Sign::Arrow))
            .ours(" ")
            .neutral(Paint::Here, short(here)),
        (Some(here), None) => name.ours("only here ").neutral(Paint::Here, short(here)),
        (None, Some(there)) => name.ours("only there ").neutral(Paint::There, short(there)),
        (None, None) => name,
    };
    screen.line(4, 2, &line)
}
