//! The end of the report: what is known to be missing, and what it means.

use std::io;
use std::str::FromStr;

use model::GapKind;

use super::super::screen::Screen;
use super::super::style::{Paint, Sign};
use super::super::text::Text;
use super::super::units;
use server::document::Gap;

/// Kinds of gaps told with their meaning; the rest is counted.
const KINDS: usize = 6;

/// Prints what is missing from a run or a recording, if anything is.
pub(crate) fn gap_lines(screen: &mut Screen, gaps: &[Gap]) -> io::Result<()> {
    let gaps: Vec<&Gap> = gaps.iter().filter(|gap| is_told_here(gap)).collect();
    if gaps.is_empty() {
        return Ok(());
    }
    let style = screen.style();
    let head = Text::new()
        .neutral(Paint::Warn, style.sign(Sign::Warning))
        .ours(" ")
        .painted(Paint::Warn, "not everything was recorded:");
    screen.line(0, 2, &head)?;
    for gap in gaps.iter().take(KINDS) {
        screen.line(4, 2, &gap_line(gap, screen))?;
    }
    if gaps.len() > KINDS {
        let rest = u64::try_from(gaps.len() - KINDS).unwrap_or(u64::MAX);
        let line = Text::new()
            .painted(Paint::Dim, "and gaps of ")
            .captured(Paint::Dim, &units::count(rest, "more kind"));
        screen.line(4, 2, &line)?;
    }
    Ok(())
}

/// Whether [`gap_lines`] has anything to print.
pub(super) fn has_gaps_to_tell(gaps: &[Gap]) -> bool {
    gaps.iter().any(is_told_here)
}

/// An unfinished test stands in the report itself, and a run without an agent at its top.
fn is_told_here(gap: &Gap) -> bool {
    !matches!(gap.kind.as_str(), "attempt-unfinished" | "no-agent")
}

fn gap_line(gap: &Gap, screen: &Screen) -> Text {
    let style = screen.style();
    let mut line = Text::new().captured(Paint::Strong, &gap.kind);
    if gap.count > 1 {
        line = line
            .ours(" ")
            .neutral(Paint::Plain, style.sign(Sign::Times))
            .captured(Paint::Plain, &units::grouped(gap.count));
    }
    if let Ok(kind) = GapKind::from_str(&gap.kind) {
        line = line.ours("  ").ours(meaning(kind));
    }
    match gap.details.first() {
        Some(detail) => line.ours(" (").captured(Paint::Dim, detail).ours(")"),
        None => line,
    }
}

/// What a gap means to whoever reads the report; `protocol/attributes.md` in fewer words.
fn meaning(kind: GapKind) -> &'static str {
    match kind {
        GapKind::BodyCut => "a body was longer than the limit; its beginning is kept",
        GapKind::AttemptBudget => {
            "the bodies of a test were over the limit; later ones are left out"
        }
        GapKind::BodyUndecodable => "a body's content coding could not be undone",
        GapKind::HeaderCut => "header values were cut",
        GapKind::AttributeCut => "a value was cut",
        GapKind::LogCut => "console output over the limit was left out",
        GapKind::SpoolFull => "records were lost: the spool was full",
        GapKind::SpoolWriteFailed => "records were lost: the spool could not be written",
        GapKind::SpoolGone => "records were lost: the spool was removed during the run",
        GapKind::RecordTorn => "a record was cut short by the death of its process",
        GapKind::RecordInvalid => "a record could not be read",
        GapKind::RecordUnknown => "a record is of a type that this version does not know",
        GapKind::RecordTooLong => "a record was longer than the limit",
        GapKind::OtlpRejected => "what a service sent by OTLP could not be kept",
        GapKind::OtlpDropped => "a service dropped parts of its spans before sending them",
        GapKind::OtlpIgnored => "what a service sent by OTLP is of a kind that is not kept",
        GapKind::StoreWriteFailed => "records were lost: the store could not be written",
        GapKind::ProcessKilled => {
            "a process was killed while a test was under way; what it was doing has no end"
        }
        GapKind::AttemptUnfinished => "a test started and was never seen to end",
        GapKind::ParentMissing => "a call's place in the test is not known",
        GapKind::AgentError => "a hook of the agent failed and was switched off",
        GapKind::ClientUnseen => "a client was used that cannot be recorded",
        GapKind::NoAgent => "nothing loaded the agent",
        GapKind::MaskingFailed => "a value could not be masked and was left out",
    }
}
