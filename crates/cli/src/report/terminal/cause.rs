//! One cause in the report: the sentence, the call that did it, what the passing run got, what the test said.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io;

use super::super::causes::{Case, Cause};
use super::super::neutral::Neutral;
use super::super::screen::Screen;
use super::super::style::{Paint, Sign, Style};
use super::super::text::Text;
use super::super::units;
use super::words::{show, sign, tag, test_title};
use crate::project::CONFIG_FILE;
use server::document::{Attempt, Baseline, Culprit, Diagnosis, Error, Kind, Status, Test};

/// Characters of one line of a quotation.
const QUOTE_CHARACTERS: usize = 400;
/// Columns that the shortest useful URL takes.
const SHORTEST_URL: usize = 24;

/// The statuses of gRPC that are no success. The status of HTTP beside one says only that an answer came.
const GRPC_FAILURES: [&str; 16] = [
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// How much of each part to tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detail {
    /// Lines of the answer's body, and of the test's message.
    pub(crate) quoted_lines: usize,
    /// Findings, and each of the other kinds of facts.
    pub(crate) facts: usize,
    /// Names of other tests with the same cause.
    pub(crate) names: usize,
}

impl Detail {
    /// As much as so many causes leave room for.
    pub(crate) fn for_causes(causes: usize) -> Self {
        match causes {
            0..=2 => Self {
                quoted_lines: 3,
                facts: 3,
                names: 5,
            },
            _ => Self {
                quoted_lines: 1,
                facts: 1,
                names: 2,
            },
        }
    }
}

/// What is missing from the settings, as far as a report has told it: many diagnoses lack the same.
pub(crate) type Said = HashSet<String>;

/// Prints a cause.
pub(crate) fn cause_lines(
    screen: &mut Screen,
    cause: &Cause,
    detail: Detail,
    said: &mut Said,
) -> io::Result<()> {
    let Case { test, attempt } = cause.lead;
    let style = screen.style();
    let head = sign(test.status, style)
        .ours(" ")
        .text(test_title(test, Paint::Strong, style));
    screen.line_with_edge(0, 2, &head, &took(attempt))?;
    match &attempt.diagnosis {
        Some(diagnosis) => diagnosis_lines(screen, diagnosis, detail, said)?,
        None => {
            screen.line(2, 0, &undiagnosed(attempt.status))?;
            // A diagnosis says so among what therefore never happened.
            not_run_line(screen, test)?;
        }
    }
    if let Some(error) = &attempt.error {
        error_lines(screen, error, detail)?;
    }
    screen.line(4, 2, &show(&attempt.short_id))?;
    seen_line(screen, cause)?;
    other_lines(screen, cause, detail)
}

/// Says of a cause that earlier runs had it, too. Of a new one there is nothing to say.
fn seen_line(screen: &mut Screen, cause: &Cause) -> io::Result<()> {
    let Some(seen) = cause.seen.filter(|seen| !seen.new) else {
        return Ok(());
    };
    let first = match units::read_instant(&seen.first) {
        Some(then) => units::ago(then, screen.style().now),
        None => seen.first.clone(),
    };
    let mut line = Text::new()
        .painted(Paint::Dim, "seen before: first ")
        .captured(Paint::Dim, &first)
        .painted(Paint::Dim, ", in ")
        .captured(Paint::Dim, &units::count(seen.runs, "run"));
    if seen.branches > 1 {
        line = line
            .painted(Paint::Dim, " on ")
            .captured(Paint::Dim, &units::grouped(seen.branches))
            .painted(Paint::Dim, " branches");
    }
    screen.line(4, 2, &line)
}

fn not_run_line(screen: &mut Screen, test: &Test) -> io::Result<()> {
    let Some(not_run) = &test.not_run else {
        return Ok(());
    };
    let line = Text::new()
        .captured(Paint::Strong, &units::count(not_run.count, "test"))
        .ours(" did not run because of it");
    screen.line(4, 2, &line)
}

fn undiagnosed(status: Status) -> Text {
    Text::new().ours(match status {
        Status::Unfinished => "It started and was never seen to end.",
        _ => "Why is not known: there is no diagnosis of it.",
    })
}

fn took(attempt: &Attempt) -> Text {
    match attempt.duration_ms {
        Some(millis) => Text::new().captured(Paint::Dim, &units::duration(millis)),
        None => Text::new().painted(Paint::Dim, "unfinished"),
    }
}

/// Prints what a diagnosis says.
pub(crate) fn diagnosis_lines(
    screen: &mut Screen,
    diagnosis: &Diagnosis,
    detail: Detail,
    said: &mut Said,
) -> io::Result<()> {
    let style = screen.style();
    let sentence = Text::new()
        .captured(Paint::Plain, &diagnosis.summary)
        .ours("  ")
        .text(tag(diagnosis, style));
    screen.line(2, 0, &sentence)?;
    if let Some(culprit) = &diagnosis.culprit {
        culprit_lines(screen, culprit, detail)?;
    }
    if let Some(baseline) = &diagnosis.baseline {
        let otherwise = match diagnosis.culprit {
            Some(_) => "no call like it",
            None => "compared with this failure",
        };
        screen.line(4, 2, &baseline_line(baseline, otherwise, style))?;
    }
    fact_lines(screen, diagnosis, detail, said)
}

/// Prints what speaks for a diagnosis, against it, and what is missing.
fn fact_lines(
    screen: &mut Screen,
    diagnosis: &Diagnosis,
    detail: Detail,
    said: &mut Said,
) -> io::Result<()> {
    let texts = |findings: &[server::document::Finding]| -> Vec<String> {
        findings
            .iter()
            .map(|finding| finding.text.clone())
            .collect()
    };
    let beyond = diagnosis.findings.get(shown_already(diagnosis)..);
    let rivals: Vec<String> = diagnosis
        .rivals
        .iter()
        .map(|rival| rival.summary.clone())
        .collect();
    let missing: Vec<String> = diagnosis
        .missing
        .iter()
        .filter(|text| !said.contains(*text))
        .take(detail.facts)
        .cloned()
        .collect();
    said.extend(
        missing
            .iter()
            .filter(|text| text.contains(CONFIG_FILE))
            .cloned(),
    );
    let note = diagnosis.disputed.as_ref();
    let note = note.and_then(|disputed| disputed.note.clone());
    let facts = [
        ("- ", texts(beyond.unwrap_or_default())),
        ("but: ", texts(&diagnosis.counter)),
        ("therefore: ", diagnosis.therefore.clone()),
        ("or else: ", rivals),
        ("missing: ", missing),
        ("note: ", note.into_iter().collect()),
    ];
    for (label, texts) in facts {
        for text in texts.iter().take(detail.facts) {
            let line = Text::new().painted(Paint::Dim, label);
            screen.line(4, 2, &line.captured(Paint::Plain, text))?;
        }
    }
    Ok(())
}

/// How many of the first findings only say in words what the lines of the culprit and of the passing attempt show.
/// `protocol/report.md` fixes their order.
fn shown_already(diagnosis: &Diagnosis) -> usize {
    let compared = diagnosis
        .baseline
        .as_ref()
        .is_some_and(|baseline| baseline.call.is_some());
    match (&diagnosis.culprit, compared) {
        (None, _) => 0,
        (Some(_), false) => 1,
        (Some(_), true) => 2,
    }
}

fn culprit_lines(screen: &mut Screen, culprit: &Culprit, detail: Detail) -> io::Result<()> {
    let style = screen.style();
    let at = culprit.at_ms.map(units::offset).unwrap_or_default();
    let mut start = Text::new().captured(Paint::Dim, &at);
    if !at.is_empty() {
        start = start.ours("  ");
    }
    let start = start.captured(Paint::Strong, &culprit.method).ours(" ");
    let result = result(
        culprit.status,
        culprit.error.as_deref(),
        culprit.duration_ms,
        style,
    );
    let url = Neutral::captured(&culprit.url);
    let room = screen.room(4);
    let cut = style.sign_text(Sign::Cut);
    let left = room.saturating_sub(start.width() + 2 + result.width());
    if left >= SHORTEST_URL.min(url.width()) {
        let url = url.shortened(left, cut);
        let line = start.neutral(Paint::Plain, url).ours("  ").text(result);
        screen.line(4, 2, &line)?;
    } else {
        let url = url.shortened(room.saturating_sub(start.width()).max(SHORTEST_URL), cut);
        screen.line(4, 2, &start.neutral(Paint::Plain, url))?;
        screen.line(6, 2, &result)?;
    }
    quotation(screen, culprit, detail)
}

/// `→ 429 in 118ms`, `→ RESOURCE_EXHAUSTED in 3ms`: what a call came to.
pub(crate) fn result(
    status: Option<u16>,
    error: Option<&str>,
    duration_ms: Option<u64>,
    style: &Style,
) -> Text {
    let mut result = Text::new()
        .neutral(Paint::Plain, style.sign(Sign::Arrow))
        .ours(" ");
    let says_nothing = error.is_some_and(|error| GRPC_FAILURES.contains(&error));
    let status = status.filter(|status| *status != 200 || !says_nothing);
    if let Some(status) = status {
        let paint = if status >= 400 {
            Paint::Bad
        } else {
            Paint::Good
        };
        result = result.captured(paint, &status.to_string());
    }
    if let Some(error) = error {
        let gap = if status.is_some() { " " } else { "" };
        result = result.ours(gap).captured(Paint::Bad, error);
    }
    if status.is_none() && error.is_none() {
        result = result.painted(Paint::Bad, "no answer");
    }
    match duration_ms {
        Some(millis) => result
            .ours(" in ")
            .captured(Paint::Plain, &units::duration(millis)),
        None => result.ours(", never ended"),
    }
}

/// The first lines of the answer, and when it says to come back.
fn quotation(screen: &mut Screen, culprit: &Culprit, detail: Detail) -> io::Result<()> {
    let style = screen.style();
    if let Some(excerpt) = &culprit.response_excerpt {
        let width = QUOTE_CHARACTERS.min(2 * screen.room(6));
        let (lines, more) = Neutral::excerpt(excerpt, detail.quoted_lines, width);
        let last = lines.len().saturating_sub(1);
        for (index, line) in lines.into_iter().enumerate() {
            let mut line = Text::new().neutral(Paint::Plain, line);
            if index == last && (more || culprit.response_excerpt_cut) {
                line = line.ours(" ").neutral(Paint::Dim, style.sign(Sign::Cut));
            }
            screen.line(6, 0, &line)?;
        }
    }
    if let Some(retry_after) = &culprit.retry_after {
        let line = Text::new()
            .painted(Paint::Dim, "retry-after: ")
            .captured(Paint::Plain, retry_after);
        screen.line(6, 2, &line)?;
    }
    Ok(())
}

/// What the passing recording got for the same call.
fn baseline_line(baseline: &Baseline, otherwise: &'static str, style: &Style) -> Text {
    let mut where_when = Text::new();
    if let Some(branch) = &baseline.branch {
        where_when = where_when.captured(Paint::Plain, branch).ours(", ");
    }
    let where_when = match units::read_instant(&baseline.started) {
        _ if baseline.basis == "same-run" => where_when.ours("this run"),
        Some(then) => where_when.captured(Paint::Plain, &units::ago(then, style.now)),
        None => where_when.captured(Paint::Plain, &baseline.started),
    };
    let line = Text::new()
        .painted(Paint::Dim, "passing attempt ")
        .captured(Paint::Plain, &baseline.short_id)
        .ours(" (")
        .text(where_when)
        .ours("): ");
    match &baseline.call {
        Some(call) => line.ours("same call ").text(result(
            call.status,
            call.error.as_deref(),
            call.duration_ms,
            style,
        )),
        None => line.ours(otherwise),
    }
}

/// What the test said itself, and where.
pub(crate) fn error_lines(screen: &mut Screen, error: &Error, detail: Detail) -> io::Result<()> {
    let style = screen.style();
    let width = QUOTE_CHARACTERS.min(3 * screen.room(6));
    // What was compared often stands below the first line; where there is room for one, it is to say that too.
    let message = match detail.quoted_lines {
        1 => Cow::Owned(on_one_line(&error.message)),
        _ => Cow::Borrowed(error.message.as_str()),
    };
    let (mut lines, more) = Neutral::excerpt(&message, detail.quoted_lines, width);
    if lines.is_empty() {
        lines.push(Neutral::ours("(no message)"));
    }
    let last = lines.len().saturating_sub(1);
    for (index, line) in lines.into_iter().enumerate() {
        let mut text = Text::new();
        if index == 0 {
            text = text.painted(Paint::Dim, "test said: ");
            if !error.error_type.is_empty() {
                text = text.captured(Paint::Plain, &error.error_type).ours(": ");
            }
        }
        text = text.neutral(Paint::Plain, line);
        if index == last && more {
            text = text.ours(" ").neutral(Paint::Dim, style.sign(Sign::Cut));
        }
        let (indent, hang) = if index == 0 { (4, 2) } else { (6, 0) };
        match (&error.file, index == last) {
            (Some(file), true) => {
                screen.line_with_edge(indent, hang, &text, &place(file, error.line))?
            }
            _ => screen.line(indent, hang, &text)?,
        }
    }
    Ok(())
}

/// The lines of a message one behind the other.
pub(super) fn on_one_line(message: &str) -> String {
    let lines = message.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

fn place(file: &str, line: Option<u32>) -> Text {
    let place = Text::new().captured(Paint::Dim, file);
    match line {
        Some(line) => place
            .painted(Paint::Dim, ":")
            .captured(Paint::Dim, &line.to_string()),
        None => place,
    }
}

/// The other tests with this cause, by name as far as there is room.
fn other_lines(screen: &mut Screen, cause: &Cause, detail: Detail) -> io::Result<()> {
    if cause.others.is_empty() {
        return Ok(());
    }
    let style = screen.style();
    let fixtures = cause
        .others
        .iter()
        .filter(|case| case.test.kind == Kind::Fixture);
    let fixtures = u64::try_from(fixtures.count()).unwrap_or(u64::MAX);
    let all = u64::try_from(cause.others.len()).unwrap_or(u64::MAX);
    let mut what = Vec::new();
    if all > fixtures {
        what.push(units::count(all - fixtures, "more test"));
    }
    if fixtures > 0 {
        what.push(units::count(fixtures, "more fixture"));
    }
    let head = Text::new()
        .ours("+ ")
        .captured(Paint::Strong, &what.join(" and "))
        .captured(Paint::Plain, &in_common(cause));
    screen.line(2, 2, &head)?;
    for case in cause.others.iter().take(detail.names) {
        let line = test_title(case.test, Paint::Plain, style);
        let id = Text::new().captured(Paint::Dim, &case.attempt.short_id);
        screen.line_with_edge(4, 2, &line, &id)?;
    }
    let left = all.saturating_sub(u64::try_from(detail.names).unwrap_or(u64::MAX));
    if left > 0 {
        let line = Text::new()
            .painted(Paint::Dim, "and ")
            .captured(Paint::Dim, &units::grouped(left))
            .painted(Paint::Dim, " more");
        screen.line(4, 2, &line)?;
    }
    Ok(())
}

fn in_common(cause: &Cause) -> String {
    match (cause.determined, u64::try_from(cause.requests)) {
        (true, Ok(requests)) if requests > 1 => {
            format!(", same cause in {}:", units::count(requests, "request"))
        }
        (true, _) => ", same cause:".to_owned(),
        (false, _) => ", same message:".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_comes_to_what_its_protocol_says() {
        let style = Style {
            width: 100,
            color: false,
            ascii: true,
            now: model::Timestamp(0),
        };
        let check = |status, error, expected: &str| {
            let text = result(status, error, Some(3), &style);
            assert_eq!(text.width(), expected.len(), "{expected}");
            let mut out = Vec::new();
            Screen::plain(&mut out, &style).line(0, 0, &text).unwrap();
            assert_eq!(String::from_utf8(out).unwrap().trim_end(), expected);
        };
        check(Some(429), None, "-> 429 in 3ms");
        check(None, None, "-> no answer in 3ms");
        check(None, Some("ECONNREFUSED"), "-> ECONNREFUSED in 3ms");
        check(Some(200), Some("ECONNRESET"), "-> 200 ECONNRESET in 3ms");
        check(
            Some(200),
            Some("RESOURCE_EXHAUSTED"),
            "-> RESOURCE_EXHAUSTED in 3ms",
        );
        check(Some(503), Some("UNAVAILABLE"), "-> 503 UNAVAILABLE in 3ms");
    }
}
