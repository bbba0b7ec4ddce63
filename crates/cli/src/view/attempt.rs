//! `flakescope show ATTEMPT`: why it failed, and everything that was captured of it.

use std::io::{self, Write};

use anyhow::Result;
use model::AttemptId;
use store::Store;

use super::call::{call_details, call_rows};
use super::table;
use crate::report::json;
use crate::report::neutral::Neutral;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::terminal::{
    Detail, Said, diagnosis_lines, error_lines, gap_lines, oddity_lines, sign, test_title,
};
use crate::report::text::Text;
use crate::report::units;
use server::document::{self, Attempt, Log, Recording, Step, Test};

/// Calls printed; the rest is counted, and in the JSON.
const CALLS: usize = 500;
/// Log records printed.
const LOGS: usize = 200;
/// Lines printed of one log record, and characters of a line.
const LOG_LINES: (usize, usize) = (5, 500);
/// A diagnosis is told whole.
const DETAIL: Detail = Detail {
    quoted_lines: 12,
    facts: 12,
    names: 0,
};

/// Prints an attempt for people.
///
/// # Errors
/// When the store cannot be read or does not know the attempt, or the output does not take it.
pub(super) fn print(
    store: &dyn Store,
    id: AttemptId,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    Ok(lines(&document::recording(store, id)?, style, out)?)
}

/// Prints an attempt as JSON.
///
/// # Errors
/// As [`print`].
pub(super) fn print_json(store: &dyn Store, id: AttemptId, out: &mut dyn Write) -> Result<()> {
    Ok(json::to_writer(&document::recording(store, id)?, out)?)
}

fn lines(recording: &Recording, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut screen = Screen::plain(out, style);
    let Some(attempt) = recording.test.attempts.first() else {
        return Ok(());
    };
    head(&mut screen, recording, attempt)?;
    why(&mut screen, attempt)?;
    if let Some(unlike) = &attempt.unlike {
        screen.blank()?;
        oddity_lines(&mut screen, attempt, unlike)?;
    }
    steps(&mut screen, &recording.steps)?;
    let culprit = attempt
        .diagnosis
        .as_ref()
        .and_then(|diagnosis| diagnosis.culprit.as_ref())
        .map(|culprit| culprit.span_id.as_str());
    calls(&mut screen, recording, culprit)?;
    logs(&mut screen, &recording.logs)?;
    if !attempt.gaps.is_empty() {
        screen.blank()?;
        gap_lines(&mut screen, &attempt.gaps)?;
    }
    Ok(())
}

fn head(screen: &mut Screen, recording: &Recording, attempt: &Attempt) -> io::Result<()> {
    let style = screen.style();
    let between = || {
        Text::new()
            .ours(" ")
            .neutral(Paint::Dim, style.sign(Sign::Between))
            .ours(" ")
    };
    let title = sign(attempt.status, style)
        .ours(" ")
        .painted(Paint::Strong, attempt.status.as_str())
        .ours("  ")
        .text(test_title(&recording.test, Paint::Strong, style));
    screen.line(0, 2, &title)?;
    let took = match attempt.duration_ms {
        Some(millis) => units::duration(millis),
        None => "never ended".to_owned(),
    };
    let mut facts = place(&recording.test)
        .text(between())
        .ours("attempt ")
        .captured(Paint::Plain, &attempt.number.to_string())
        .text(between())
        .captured(Paint::Plain, &took);
    if let Some(worker) = &attempt.worker {
        facts = facts
            .text(between())
            .ours("worker ")
            .captured(Paint::Plain, worker);
    }
    screen.line(2, 0, &facts)?;
    let ids = [("attempt", &attempt.id), ("run", &recording.run)];
    let reason = attempt.skip_reason.iter().map(|reason| ("skipped", reason));
    let tags = attempt
        .tags
        .iter()
        .map(|(key, value)| (key.as_str(), value));
    for (key, value) in ids.into_iter().chain(reason).chain(tags) {
        let line = Text::new()
            .captured(Paint::Dim, key)
            .ours(": ")
            .captured(Paint::Plain, value);
        screen.line(2, 2, &line)?;
    }
    Ok(())
}

fn place(test: &Test) -> Text {
    let place = Text::new().captured(Paint::Plain, &test.file);
    match test.line {
        Some(line) => place.ours(":").captured(Paint::Plain, &line.to_string()),
        None => place,
    }
}

fn why(screen: &mut Screen, attempt: &Attempt) -> io::Result<()> {
    if attempt.diagnosis.is_none() && attempt.error.is_none() {
        return Ok(());
    }
    heading(screen, "why")?;
    if let Some(diagnosis) = &attempt.diagnosis {
        diagnosis_lines(screen, diagnosis, DETAIL, &mut Said::default())?;
    }
    match &attempt.error {
        Some(error) => error_lines(screen, error, DETAIL),
        None => Ok(()),
    }
}

fn heading(screen: &mut Screen, words: &'static str) -> io::Result<()> {
    screen.blank()?;
    screen.line(0, 0, &Text::new().painted(Paint::Strong, words))
}

fn steps(screen: &mut Screen, steps: &[Step]) -> io::Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    heading(screen, "steps")?;
    let rows = steps.iter().map(|step| {
        let took = step.duration_ms.map(units::duration);
        vec![
            Text::new().captured(Paint::Dim, &units::offset(step.at_ms)),
            Text::new().captured(Paint::Dim, &step.phase),
            Text::new().captured(Paint::Plain, took.as_deref().unwrap_or("never ended")),
            Text::new().captured(Paint::Plain, &step.name),
        ]
    });
    for line in table::lines(rows.collect()) {
        screen.line(2, 2, &line)?;
    }
    Ok(())
}

fn calls(screen: &mut Screen, recording: &Recording, culprit: Option<&str>) -> io::Result<()> {
    let calls = &recording.exchanges;
    if calls.is_empty() {
        return Ok(());
    }
    heading(screen, "calls")?;
    let shown = &calls[..calls.len().min(CALLS)];
    let room = screen.room(2);
    for line in call_rows(shown, culprit, room, screen.style()) {
        screen.line(2, 4, &line)?;
    }
    left_out(screen, calls.len() - shown.len(), "more call")?;
    let culprit = calls
        .iter()
        .find(|call| culprit == Some(call.span_id.as_str()));
    match culprit {
        Some(culprit) => {
            heading(screen, "culprit")?;
            call_details(screen, culprit)
        }
        None => Ok(()),
    }
}

fn left_out(screen: &mut Screen, number: usize, noun: &str) -> io::Result<()> {
    if number == 0 {
        return Ok(());
    }
    let number = units::count(u64::try_from(number).unwrap_or(u64::MAX), noun);
    let line = Text::new()
        .painted(Paint::Dim, "and ")
        .captured(Paint::Dim, &number)
        .painted(Paint::Dim, ": --json has them all");
    screen.line(2, 2, &line)
}

fn logs(screen: &mut Screen, logs: &[Log]) -> io::Result<()> {
    if logs.is_empty() {
        return Ok(());
    }
    heading(screen, "logs")?;
    for log in logs.iter().take(LOGS) {
        let (lines, more) = Neutral::excerpt(&log.body, LOG_LINES.0, LOG_LINES.1);
        let mut text = Text::new()
            .captured(Paint::Dim, &units::offset(log.at_ms))
            .ours("  ")
            .captured(severity_paint(log.severity), &log.severity_text)
            .ours(" ");
        for (index, line) in lines.into_iter().enumerate() {
            if index > 0 {
                screen.line(2, 4, &text)?;
                text = Text::new().ours("           ");
            }
            text = text.neutral(Paint::Plain, line);
        }
        if more {
            text = text
                .ours(" ")
                .neutral(Paint::Dim, screen.style().sign(Sign::Cut));
        }
        screen.line(2, 4, &text)?;
    }
    left_out(screen, logs.len().saturating_sub(LOGS), "more log record")
}

/// Colours of OpenTelemetry's severities: 17 is ERROR, 13 is WARN.
fn severity_paint(severity: u8) -> Paint {
    match severity {
        17.. => Paint::Bad,
        13..=16 => Paint::Warn,
        _ => Paint::Dim,
    }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;
    use crate::report::neutral;
    use crate::report::samples;

    fn screen(recording: &Recording, width: usize) -> String {
        let style = Style {
            width,
            color: false,
            ascii: false,
            now: Timestamp(1_795_342_800_000_000_000),
        };
        let mut out = Vec::new();
        lines(recording, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_attempt_is_shown_whole() {
        for width in [60, 100, 200] {
            let shown = screen(&samples::recording(), width);
            insta::assert_snapshot!(format!("recording_at_{width}"), shown);
        }
    }

    #[test]
    fn an_odd_pass_is_shown_with_what_is_odd() {
        insta::assert_snapshot!("odd_pass", screen(&samples::odd_recording(), 100));
    }

    #[test]
    fn captured_text_does_not_act() {
        let text = "a\u{1b}[2J\r\n::error::x\n##[group]\u{202e}";
        for width in [40, 100] {
            let shown = screen(&samples::hostile_recording(text), width);
            for line in shown.lines() {
                assert!(!line.trim_start().starts_with("::"), "{line}");
                assert!(!line.contains("##["), "{line}");
                assert!(!line.chars().any(neutral::acts), "{line}");
            }
        }
    }
}
