//! Phrases that several parts of the report use.

use super::super::neutral::Neutral;
use super::super::style::{Paint, Sign, Style};
use super::super::text::Text;
use super::super::units;
use server::document::{Counts, Diagnosis, Kind, Status, Test};

/// Columns of one title in a suite path. Whole titles are in `show`.
const TITLE_COLUMNS: usize = 120;

/// Suite path and title of a test, with its parameters and configuration.
pub(crate) fn test_title(test: &Test, paint: Paint, style: &Style) -> Text {
    let variants = [test.parameters.as_str(), &test.configuration];
    of_kind(
        test.kind,
        title(&test.suite, &test.name, variants, paint, style),
    )
}

/// A title that says so when it is of a fixture.
pub(crate) fn of_kind(kind: Kind, title: Text) -> Text {
    match kind {
        Kind::Test => title,
        Kind::Fixture => Text::new().painted(Paint::Dim, "fixture ").text(title),
    }
}

/// A title within its suites, with the variants of the test that are not empty.
pub(crate) fn title(
    suite: &[String],
    name: &str,
    variants: [&str; 2],
    paint: Paint,
    style: &Style,
) -> Text {
    let short =
        |text: &str| Neutral::captured(text).shortened(TITLE_COLUMNS, style.sign_text(Sign::Cut));
    let mut title = Text::new();
    for suite in suite {
        title = title
            .neutral(paint, short(suite))
            .ours(" ")
            .neutral(paint, style.sign(Sign::Within))
            .ours(" ");
    }
    title = title.neutral(paint, short(name));
    for variant in variants.into_iter().filter(|variant| !variant.is_empty()) {
        title = title
            .ours(" [")
            .neutral(Paint::Dim, short(variant))
            .ours("]");
    }
    title
}

/// The sign of a status, in its colour.
pub(crate) fn sign(status: Status, style: &Style) -> Text {
    let (paint, sign) = match status {
        Status::Passed => (Paint::Good, Sign::Passed),
        Status::Failed => (Paint::Bad, Sign::Failed),
        Status::Flaky => (Paint::Warn, Sign::Flaky),
        Status::Skipped => (Paint::Dim, Sign::Skipped),
        Status::Unfinished => (Paint::Bad, Sign::Unfinished),
    };
    Text::new().neutral(paint, style.sign(sign))
}

/// `3 failed, 1 flaky, 212 passed`: what there is of each status, the worst first. Tests that never began are told too,
/// because no other number has them.
pub(crate) fn counted(counts: &Counts) -> Text {
    let parts = [
        (counts.failed, Status::Failed.as_str(), Paint::Bad),
        (counts.unfinished, Status::Unfinished.as_str(), Paint::Bad),
        (counts.not_run, "not run", Paint::Warn),
        (counts.flaky, Status::Flaky.as_str(), Paint::Warn),
        (counts.passed, Status::Passed.as_str(), Paint::Good),
        (counts.skipped, Status::Skipped.as_str(), Paint::Dim),
    ];
    let mut text = Text::new();
    if counts.failed_fixtures > 0 {
        let fixtures = units::count(counts.failed_fixtures, "fixture");
        text = text
            .captured(Paint::Bad, &fixtures)
            .painted(Paint::Bad, " failed");
    }
    for (number, what, paint) in parts.into_iter().filter(|part| part.0 > 0) {
        if !text.is_empty() {
            text = text.ours(", ");
        }
        text = text
            .captured(paint, &units::grouped(number))
            .painted(paint, " ")
            .painted(paint, what);
    }
    text
}

/// `[rate-limited · established · owner: dependency]`: the cause in the word that `why`, `list` and `dispute --cause` use, how
/// sure it is, and whose. Where nothing is claimed there is one word.
pub(super) fn tag(diagnosis: &Diagnosis, style: &Style) -> Text {
    let between = || {
        Text::new()
            .ours(" ")
            .neutral(Paint::Dim, style.sign(Sign::Between))
            .ours(" ")
    };
    let mut tag = Text::new().painted(Paint::Dim, "[");
    if diagnosis.confidence != "undetermined" {
        tag = tag
            .captured(Paint::Strong, &diagnosis.cause)
            .text(between());
    }
    tag = tag.captured(Paint::Strong, &diagnosis.confidence);
    if diagnosis.confidence != "undetermined" {
        tag = tag.text(between()).text(owner(&diagnosis.owner));
    }
    if diagnosis.not_your_code {
        tag = tag.text(between()).painted(Paint::Strong, "not your code");
    }
    tag.painted(Paint::Dim, "]").glued()
}

/// Named as the owner: `product` alone would read as a cause.
fn owner(owner: &str) -> Text {
    match owner {
        "unknown" => Text::new().ours("owner unknown"),
        other => Text::new().ours("owner: ").captured(Paint::Plain, other),
    }
}

/// What to say of a run that did not come to its end, or has not yet; nothing of one that did.
pub(crate) fn unended(state: &str) -> Option<&'static str> {
    match state {
        "interrupted" => Some("interrupted"),
        "recovered" => Some("interrupted: its recorder was killed"),
        "recording" => Some("still running"),
        _ => None,
    }
}

/// The command that shows more, and what of.
pub(super) fn show(short_id: &str) -> Text {
    Text::new()
        .painted(Paint::Command, "flakescope show ")
        .captured(Paint::Command, short_id)
        .glued()
}
