//! `flakescope list dependencies`: whom the tests call, and what that costs.

use std::io::{self, Write};

use anyhow::Result;
use server::document::{AnswerChange, Dependency, DependencyList, OutcomeCount};

use super::figures;
use crate::report::json;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::text::Text;
use crate::report::units;

/// Kinds of outcomes that are told; the rest is in the JSON.
const KINDS: usize = 6;

/// Prints peers.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn list(
    list: &DependencyList,
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

fn lines(list: &DependencyList, screen: &mut Screen) -> io::Result<()> {
    if list.dependencies.is_empty() {
        let nobody = "No calls are recorded here yet: flakescope run -- COMMAND records them.";
        return screen.line(0, 2, &Text::new().ours(nobody));
    }
    for dependency in &list.dependencies {
        peer(dependency, screen)?;
    }
    let mut line = Text::new()
        .painted(Paint::Dim, "from ")
        .captured(Paint::Dim, &units::count(list.recordings, "recording"))
        .painted(Paint::Dim, " of the newest ")
        .captured(Paint::Dim, &units::count(list.runs, "run"));
    if list.left_out > 0 {
        line = line
            .painted(Paint::Dim, "; ")
            .captured(Paint::Dim, &units::count(list.left_out, "recording"))
            .painted(Paint::Dim, " of them left out");
    }
    screen.line(0, 2, &line)
}

fn peer(dependency: &Dependency, screen: &mut Screen) -> io::Result<()> {
    let style = screen.style();
    let caused = &dependency.caused;
    let head = Text::new()
        .captured(Paint::Strong, &dependency.name)
        .ours("  ")
        .captured(Paint::Dim, &dependency.role);
    screen.line(0, 2, &head)?;
    if caused.failures.count > 0 {
        let mut line = Text::new()
            .painted(Paint::Bad, "caused ")
            .captured(Paint::Bad, &figures::counted(&caused.failures))
            .ours(" diagnosed failures (")
            .captured(Paint::Plain, &units::count(caused.tests, "test"))
            .ours(", ")
            .captured(Paint::Plain, &units::duration(caused.cost_ms))
            .ours(" of test time): ")
            .captured(Paint::Plain, &mix(&caused.causes, style));
        if let Some(newest) = &caused.newest {
            let show = Text::new()
                .painted(Paint::Command, "flakescope show ")
                .captured(Paint::Command, newest);
            line = line.ours("  ").text(show.glued());
        }
        screen.line(2, 2, &line)?;
    }
    traffic(dependency, screen)?;
    retries(dependency, screen)?;
    for seen in &dependency.allowances {
        let line = Text::new()
            .captured(Paint::Plain, &seen.header)
            .ours(" in ")
            .captured(Paint::Plain, &units::count(seen.answers, "answer"));
        let line = match (seen.lowest, seen.highest) {
            (Some(lowest), Some(highest)) => line
                .ours(", ")
                .captured(Paint::Plain, &range(lowest, highest)),
            _ => line,
        };
        screen.line(2, 2, &line)?;
    }
    for change in dependency.changes.iter().take(KINDS) {
        screen.line(2, 2, &changed(change))?;
    }
    screen.blank()
}

/// `answers of GET stock /items/* changed: price is text, was number (5 answers before, 2 now)`.
fn changed(change: &AnswerChange) -> Text {
    let what = match (change.kind.as_str(), &change.from, &change.to) {
        ("retyped", Some(from), Some(to)) => format!("{} is {to}, was {from}", change.path),
        ("gone", ..) => format!("{} is gone", change.path),
        _ => format!("{} is new", change.path),
    };
    let before = units::count(change.before, "answer");
    let numbers = format!(" ({before} before, {} now)", units::grouped(change.now));
    Text::new()
        .painted(Paint::Warn, "answers of ")
        .captured(Paint::Warn, &figures::call(&change.call))
        .painted(Paint::Warn, " changed: ")
        .captured(Paint::Plain, &what)
        .captured(Paint::Dim, &numbers)
}

fn range(lowest: u64, highest: u64) -> String {
    match lowest == highest {
        true => format!("always {}", units::grouped(lowest)),
        false => format!("{} to {}", units::grouped(lowest), units::grouped(highest)),
    }
}

/// Calls, errors and how long answers took.
fn traffic(dependency: &Dependency, screen: &mut Screen) -> io::Result<()> {
    let style = screen.style();
    let mut line = Text::new().captured(Paint::Plain, &units::count(dependency.calls, "call"));
    if dependency.tries > dependency.calls {
        line = line
            .ours(" in ")
            .captured(Paint::Plain, &units::grouped(dependency.tries))
            .ours(" tries");
    }
    if let Some(latency) = &dependency.latency {
        line = line
            .ours(", half of ")
            .captured(Paint::Plain, &units::count(latency.answers, "answer"))
            .ours(" within ")
            .captured(Paint::Plain, &units::duration(latency.p50_ms))
            .ours(", 95 % within ")
            .captured(Paint::Plain, &units::duration(latency.p95_ms));
    }
    screen.line(2, 2, &line)?;
    if dependency.errors.is_empty() {
        return Ok(());
    }
    let line = Text::new()
        .ours("errors: ")
        .captured(Paint::Plain, &mix(&dependency.errors, style));
    screen.line(2, 2, &line)
}

fn retries(dependency: &Dependency, screen: &mut Screen) -> io::Result<()> {
    let retries = &dependency.retries;
    if retries.helped.of > 0 {
        let mut line = Text::new()
            .ours("the next try helped in ")
            .captured(Paint::Plain, &figures::counted(&retries.helped))
            .ours(" refusals that were tried again");
        if let Some(interval) = figures::interval(&retries.helped) {
            line = line.ours(" (").captured(Paint::Dim, &interval).ours(")");
        }
        screen.line(2, 2, &line)?;
    }
    if retries.given_up > 0 {
        let mut line = Text::new()
            .captured(Paint::Plain, &units::count(retries.given_up, "refusal"))
            .ours(" without another try");
        if retries.might_have_helped > 0 {
            line = line
                .ours(", ")
                .captured(Paint::Warn, &units::grouped(retries.might_have_helped))
                .ours(" of them where one helped elsewhere");
        }
        screen.line(2, 2, &line)?;
    }
    Ok(())
}

/// `429 × 12, timeout × 3`.
fn mix(counts: &[OutcomeCount], style: &Style) -> String {
    let times = style.sign_text(Sign::Times);
    let told = counts.iter().take(KINDS);
    let mut told: Vec<String> = told
        .map(|one| format!("{} {times} {}", one.what, units::grouped(one.count)))
        .collect();
    if counts.len() > KINDS {
        told.push(style.sign_text(Sign::Cut).to_owned());
    }
    told.join(", ")
}
