//! `flakescope list tests`: every recorded test with its recent history, those that fail most first.

use std::io::Write;

use anyhow::Result;
use server::document::{ListedTest, Status, TestList};

use super::table;
use crate::report::json;
use crate::report::style::{Paint, Style};
use crate::report::terminal::{of_kind, sign, title};
use crate::report::text::Text;

/// Prints recorded tests. `when_empty` says what to do where there are none.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn list(
    list: &TestList,
    when_empty: &'static str,
    as_json: bool,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    if as_json {
        return Ok(json::to_writer(&list, out)?);
    }
    let rows = list.tests.iter().map(|test| row(test, style)).collect();
    Ok(table::print(rows, when_empty, style, out)?)
}

fn is_failure(status: Status) -> bool {
    status.is_bad() || status == Status::Flaky
}

fn row(test: &ListedTest, style: &Style) -> Vec<Text> {
    let failures = test
        .history
        .iter()
        .filter(|status| is_failure(**status))
        .count();
    let newest = test.history.first().copied().unwrap_or(Status::Unfinished);
    // The oldest first, as one reads.
    let strip = test
        .history
        .iter()
        .rev()
        .fold(Text::new(), |strip, status| {
            strip.text(sign(*status, style))
        });
    let variants = [test.parameters.as_str(), &test.configuration];
    let name = title(&test.suite, &test.name, variants, Paint::Plain, style);
    let rate = format!("{failures} of {} failed", test.history.len());
    vec![
        sign(newest, style)
            .ours(" ")
            .painted(Paint::Plain, newest.as_str()),
        Text::new().captured(Paint::Command, &test.short_id),
        Text::new().captured(Paint::Plain, &rate),
        strip,
        of_kind(test.kind, name),
    ]
}
