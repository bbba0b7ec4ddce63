//! `flakescope why TEST`: what the recordings of a test say together.

use std::io::{self, Write};

use anyhow::Result;
use server::document::{
    CauseShare, Differences, Distinction, FlakeRates, Kind, Novelty, Poll, Rate, Status,
    TestHistory,
};

use super::super::table;
use super::figures;
use crate::report::json;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::terminal::{of_kind, sign, title};
use crate::report::text::Text;
use crate::report::units;

/// Causes that are told; the rest is in the JSON.
const CAUSES: usize = 8;
/// Differences that are told; the rest is in the JSON.
const DIFFERENCES: usize = 10;
/// Polls that are told; the rest is in the JSON.
const POLLS: usize = 5;

/// Prints the history of a test.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn print(
    history: &TestHistory,
    as_json: bool,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    match as_json {
        true => json::to_writer(history, out)?,
        false => lines(history, &mut Screen::plain(out, style))?,
    }
    Ok(())
}

fn lines(history: &TestHistory, screen: &mut Screen) -> io::Result<()> {
    head(history, screen)?;
    strip(history, screen)?;
    rates(&history.rates, screen)?;
    causes(history, screen)?;
    differences(&history.differences, screen)?;
    polls(&history.polls, screen)?;
    duration(history, screen)
}

fn head(history: &TestHistory, screen: &mut Screen) -> io::Result<()> {
    let style = screen.style();
    let test = &history.test;
    let counts = &history.counts;
    let worst = match (counts.failed + counts.unfinished, counts.passed) {
        (0, 0) => Status::Skipped,
        (0, _) => Status::Passed,
        (_, 0) => Status::Failed,
        _ => Status::Flaky,
    };
    let variants = [test.parameters.as_str(), &test.configuration];
    let name = title(&test.suite, &test.name, variants, Paint::Strong, style);
    let line = sign(worst, style).ours(" ").text(of_kind(test.kind, name));
    screen.line(0, 2, &line)?;
    let place = match test.line {
        Some(line) => format!("{}:{line}", test.file),
        None => test.file.clone(),
    };
    let attempts = counts.passed + counts.failed + counts.skipped + counts.unfinished;
    let facts = Text::new()
        .captured(Paint::Plain, &place)
        .text(between(style))
        .captured(Paint::Plain, &units::count(attempts, "attempt"))
        .ours(" in ")
        .captured(Paint::Plain, &units::count(counts.runs, "run"));
    screen.line(2, 0, &facts)?;
    let parts = [
        (counts.passed, "passed", Paint::Good),
        (counts.failed, "failed", Paint::Bad),
        (counts.unfinished, "never ended", Paint::Bad),
        (counts.skipped, "skipped", Paint::Dim),
    ];
    let mut line = Text::new();
    for (number, what, paint) in parts.into_iter().filter(|part| part.0 > 0) {
        let gap = if line.is_empty() { "" } else { ", " };
        line = line
            .ours(gap)
            .captured(paint, &units::grouped(number))
            .ours(" ")
            .painted(paint, what);
    }
    screen.line(2, 0, &line)
}

fn between(style: &Style) -> Text {
    Text::new()
        .ours(" ")
        .neutral(Paint::Dim, style.sign(Sign::Between))
        .ours(" ")
}

/// The outcomes as one reads: the oldest first.
fn strip(history: &TestHistory, screen: &mut Screen) -> io::Result<()> {
    let style = screen.style();
    let newest = history.outcomes.iter().rev();
    let signs = newest.fold(Text::new(), |signs, past| {
        signs.text(sign(past.status, style))
    });
    let line = Text::new()
        .text(signs)
        .ours("  ")
        .painted(Paint::Dim, "oldest first");
    screen.line(2, 0, &line)
}

fn heading(screen: &mut Screen, text: Text) -> io::Result<()> {
    screen.blank()?;
    screen.line(0, 2, &text)
}

fn rates(rates: &FlakeRates, screen: &mut Screen) -> io::Result<()> {
    let words = match rates.flaky {
        true => "Flaky: it failed and passed with nothing changed",
        false => "Not known to be flaky",
    };
    let words = Text::new()
        .painted(Paint::Strong, words)
        .painted(Paint::Dim, ", shares with their 95 % intervals");
    heading(screen, words)?;
    let rows = [
        (
            "both outcomes on one commit",
            &rates.both_outcomes_on_one_commit,
            "commit tried more than once",
        ),
        ("passed on retry", &rates.passed_on_retry, "run"),
        (
            "other outcome than the run before",
            &rates.flip_rate,
            "run after another on its branch",
        ),
    ];
    let rows = rows
        .into_iter()
        .map(|(rule, rate, of)| rate_row(rule, rate, of));
    for line in table::lines(rows.collect()) {
        screen.line(2, 2, &line)?;
    }
    Ok(())
}

fn rate_row(rule: &'static str, rate: &Rate, of: &'static str) -> Vec<Text> {
    let counted = format!("{} of {}", rate.count, nouns(rate.of, of));
    let share = match (figures::percent(rate), figures::bounds(rate)) {
        (Some(percent), Some(bounds)) => format!("{percent} ({bounds})"),
        _ => "nothing to count".to_owned(),
    };
    vec![
        Text::new().ours(rule),
        Text::new().captured(Paint::Plain, &counted),
        Text::new().captured(Paint::Dim, &share),
    ]
}

/// A count with what is counted, whose first word is the noun.
fn nouns(number: u64, of: &str) -> String {
    match of.split_once(' ') {
        Some((noun, rest)) => format!("{} {rest}", units::count(number, noun)),
        None => units::count(number, of),
    }
}

fn causes(history: &TestHistory, screen: &mut Screen) -> io::Result<()> {
    let Some(first) = history.causes.first() else {
        return Ok(());
    };
    let diagnosed = units::count(first.failures.of, "diagnosed failure");
    let text = Text::new()
        .painted(Paint::Strong, "Why it failed")
        .painted(Paint::Dim, ", of ")
        .captured(Paint::Dim, &diagnosed);
    heading(screen, text)?;
    for cause in history.causes.iter().take(CAUSES) {
        cause_lines(cause, screen)?;
    }
    if let Some(novelty) = &history.novelty {
        screen.line(2, 2, &novelty_line(novelty))?;
    }
    Ok(())
}

fn cause_lines(cause: &CauseShare, screen: &mut Screen) -> io::Result<()> {
    let counted = figures::counted(&cause.failures);
    let line = Text::new()
        .captured(Paint::Plain, &counted)
        .ours("  ")
        .captured(Paint::Strong, &cause.cause);
    let line = match &cause.peer {
        Some(peer) => line
            .text(between(screen.style()))
            .captured(Paint::Plain, peer),
        None => line,
    };
    screen.line(2, 2, &line)?;
    let newest = Text::new()
        .captured(Paint::Plain, &cause.summary)
        .ours("  ")
        .text(show(&cause.short_id));
    screen.line(4, 2, &newest)
}

fn show(short_id: &str) -> Text {
    Text::new()
        .painted(Paint::Command, "flakescope show ")
        .captured(Paint::Command, short_id)
        .glued()
}

fn novelty_line(novelty: &Novelty) -> Text {
    let line = Text::new().painted(Paint::Dim, "newest failure: ");
    match novelty.known_for_s {
        Some(seconds) => line
            .ours("known, like ")
            .captured(Paint::Plain, &figures::counted(&novelty.like_it))
            .ours(" earlier ones; the first was ")
            .captured(Paint::Plain, &units::duration(seconds.saturating_mul(1000)))
            .ours(" before it"),
        None if novelty.like_it.of == 0 => line.ours("the first that was recorded"),
        None => line.ours("new, unlike each of ").captured(
            Paint::Plain,
            &units::count(novelty.like_it.of, "earlier failure"),
        ),
    }
}

fn differences(differences: &Differences, screen: &mut Screen) -> io::Result<()> {
    if differences.failing == 0 {
        return Ok(());
    }
    let text = Text::new()
        .painted(Paint::Strong, "What differs when it fails")
        .painted(Paint::Dim, ", of ")
        .captured(Paint::Dim, &units::grouped(differences.failing))
        .painted(Paint::Dim, " failing and ")
        .captured(
            Paint::Dim,
            &units::count(differences.passing, "passing recording"),
        );
    heading(screen, text)?;
    if differences.found.is_empty() {
        let nothing = match differences.passing {
            0 => "There is no passing recording to hold it against.",
            _ => "Nothing in its calls that passing recordings do not have as often.",
        };
        return screen.line(2, 2, &Text::new().ours(nothing));
    }
    let told = differences.found.iter().take(DIFFERENCES);
    for line in table::lines(told.map(difference_row).collect()) {
        screen.line(2, 2, &line)?;
    }
    left_out(differences.found.len(), DIFFERENCES, screen)
}

fn difference_row(found: &Distinction) -> Vec<Text> {
    let failing = format!("{} failing", figures::counted(&found.failing));
    let passing = format!("{} passing", figures::counted(&found.passing));
    vec![
        Text::new().captured(Paint::Bad, &failing),
        Text::new().captured(Paint::Good, &passing),
        Text::new().captured(Paint::Plain, &found.text),
    ]
}

fn left_out(all: usize, told: usize, screen: &mut Screen) -> io::Result<()> {
    let rest = u64::try_from(all.saturating_sub(told)).unwrap_or(u64::MAX);
    match rest {
        0 => Ok(()),
        _ => {
            let line = Text::new()
                .painted(Paint::Dim, "and ")
                .captured(Paint::Dim, &units::grouped(rest))
                .painted(Paint::Dim, " more in --json");
            screen.line(2, 2, &line)
        }
    }
}

fn polls(polls: &[Poll], screen: &mut Screen) -> io::Result<()> {
    if polls.is_empty() {
        return Ok(());
    }
    heading(
        screen,
        Text::new().painted(Paint::Strong, "How long it looks until it sees"),
    )?;
    for poll in polls.iter().take(POLLS) {
        let mut line = Text::new()
            .captured(Paint::Plain, &figures::call(&poll.call))
            .ours(": passing recordings needed ")
            .captured(Paint::Plain, &figures::spread(&poll.needed));
        if let Some(waited) = &poll.waited {
            line = line
                .ours(", failing ones waited ")
                .captured(Paint::Plain, &figures::spread(waited));
        }
        if poll.tight {
            line = line.painted(Paint::Warn, "; that is hardly longer");
        }
        screen.line(2, 2, &line)?;
    }
    left_out(polls.len(), POLLS, screen)
}

fn duration(history: &TestHistory, screen: &mut Screen) -> io::Result<()> {
    if history.test.kind == Kind::Fixture && history.duration.attempts == 0 {
        return Ok(());
    }
    let trend = &history.duration;
    let line = Text::new().painted(Paint::Strong, "Duration");
    let (Some(now), Some(before)) = (trend.now, trend.before) else {
        let line = line.ours(": too few passing attempts to say how it changes (n = ");
        let number = units::grouped(trend.attempts);
        return heading(screen, line.captured(Paint::Plain, &number).ours(")"));
    };
    let verdict = match trend.trend.as_str() {
        "slower" => ": slower",
        "faster" => ": faster",
        _ => ": steady",
    };
    let median = |window: server::document::Window| {
        format!(
            "{} (median, n = {})",
            units::duration(window.median_ms),
            window.attempts
        )
    };
    let line = line
        .ours(verdict)
        .ours(", ")
        .captured(Paint::Plain, &median(now))
        .ours(" after ")
        .captured(Paint::Plain, &median(before));
    heading(screen, line)
}
