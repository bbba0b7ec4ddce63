//! `flakescope list disputes`: what people say of diagnoses, and how often those were right.

use std::io::{self, Write};

use anyhow::Result;
use server::document::{ReviewEntry, ReviewList};

use super::figures;
use crate::report::json;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Style};
use crate::report::text::Text;
use crate::report::units;

/// Prints reviews.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn list(
    list: &ReviewList,
    as_json: bool,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    match as_json {
        true => json::to_writer(list, out)?,
        false => lines(list, &mut Screen::plain(out, style))?,
    }
    Ok(())
}

fn lines(list: &ReviewList, screen: &mut Screen) -> io::Result<()> {
    let precision = figures::precision(&list.precision);
    screen.line(0, 2, &Text::new().captured(Paint::Strong, &precision))?;
    if list.reviews.is_empty() {
        let how = "`flakescope dispute ATTEMPT --cause CAUSE` says that a diagnosis is wrong, `--agree` that it is right.";
        return screen.line(0, 2, &Text::new().ours(how));
    }
    for review in &list.reviews {
        one(review, screen)?;
    }
    Ok(())
}

fn one(review: &ReviewEntry, screen: &mut Screen) -> io::Result<()> {
    let style = screen.style();
    let when = match units::read_instant(&review.at) {
        Some(then) => units::ago(then, style.now),
        None => review.at.clone(),
    };
    let line = Text::new()
        .captured(Paint::Command, &review.short_id)
        .ours("  ")
        .captured(Paint::Strong, &review.test)
        .ours("  ")
        .captured(Paint::Dim, &when);
    screen.line(0, 2, &line)?;
    let said = match (review.verdict.as_str(), &review.cause) {
        ("disputed", Some(cause)) => Text::new()
            .ours("it said ")
            .captured(Paint::Plain, &review.claimed)
            .ours(", you said ")
            .captured(Paint::Bad, cause),
        ("agreed", _) => Text::new()
            .ours("it said ")
            .captured(Paint::Plain, &review.claimed)
            .ours(", you ")
            .painted(Paint::Good, "agreed"),
        _ => Text::new().ours("withdrawn"),
    };
    let said = match review.withheld {
        true => said.ours("; claims of this cause are withheld"),
        false => said,
    };
    screen.line(2, 2, &said)?;
    match &review.note {
        Some(note) => {
            let line = Text::new()
                .painted(Paint::Dim, "note: ")
                .captured(Paint::Plain, note);
            screen.line(2, 2, &line)
        }
        None => Ok(()),
    }
}
