//! `flakescope list incidents`: failures of one cause, across runs.

use std::io::{self, Write};

use anyhow::Result;
use server::document::{Incident, IncidentKind, IncidentList, outage_word};

use crate::report::json;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::text::Text;
use crate::report::units;

/// Prints incidents.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn list(
    list: &IncidentList,
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

fn lines(list: &IncidentList, screen: &mut Screen) -> io::Result<()> {
    if list.incidents.is_empty() {
        let none = "No failure with a known cause is recorded here yet.";
        screen.line(0, 2, &Text::new().ours(none))?;
    }
    for incident in &list.incidents {
        one(incident, screen)?;
        screen.blank()?;
    }
    let line = Text::new()
        .painted(Paint::Dim, "from ")
        .captured(Paint::Dim, &diagnoses(list));
    screen.line(0, 2, &line)
}

fn diagnoses(list: &IncidentList) -> String {
    let all = match list.diagnoses {
        1 => "1 diagnosis".to_owned(),
        number => format!("{} diagnoses", units::grouped(number)),
    };
    let undetermined = match list.undetermined {
        0 => String::new(),
        number => format!(
            ", {} of them undetermined: these have no cause to share; `flakescope show RUN` puts those of a run together that \
             say the same",
            units::grouped(number)
        ),
    };
    let disputed = match list.disputed {
        0 => String::new(),
        number => format!(
            ", {} of them disputed: `flakescope list disputes`",
            units::grouped(number)
        ),
    };
    all + &disputed + &undetermined
}

fn one(incident: &Incident, screen: &mut Screen) -> io::Result<()> {
    let style = screen.style();
    let between = || {
        Text::new()
            .ours(" ")
            .neutral(Paint::Dim, style.sign(Sign::Between))
            .ours(" ")
    };
    let mut head = Text::new().captured(Paint::Strong, &incident.cause);
    if incident.kind == IncidentKind::Outage {
        head = Text::new().painted(Paint::Strong, outage_word(&incident.cause));
    }
    if let Some(peer) = &incident.peer {
        head = head.text(between()).captured(Paint::Strong, peer);
    }
    screen.line(0, 2, &head)?;
    let newest = Text::new()
        .captured(Paint::Plain, &incident.summary)
        .ours("  ")
        .text(
            Text::new()
                .painted(Paint::Command, "flakescope show ")
                .captured(Paint::Command, &incident.short_id)
                .glued(),
        );
    screen.line(2, 2, &newest)?;
    if let Some(dispute) = &incident.disputed {
        let line = Text::new()
            .ours("that tests failed by it is disputed: you said ")
            .captured(Paint::Strong, &dispute.cause);
        screen.line(2, 2, &line)?;
    }
    let hit = Text::new()
        .captured(Paint::Plain, &units::count(incident.failures, "failure"))
        .ours(" of ")
        .captured(Paint::Plain, &units::count(incident.tests, "test"))
        .ours(" in ")
        .captured(Paint::Plain, &units::count(incident.runs, "run"))
        .text(branches(&incident.branches))
        .text(between())
        .captured(Paint::Plain, &units::duration(incident.cost_ms))
        .ours(" of test time");
    screen.line(2, 2, &hit)?;
    let when = Text::new()
        .painted(Paint::Dim, "first ")
        .captured(Paint::Dim, &when(&incident.first_seen, style))
        .painted(Paint::Dim, ", last ")
        .captured(Paint::Dim, &when(&incident.last_seen, style));
    screen.line(2, 2, &when)
}

fn branches(branches: &[String]) -> Text {
    match branches {
        [] => Text::new(),
        [only] => Text::new().ours(" on ").captured(Paint::Plain, only),
        several => {
            let number = u64::try_from(several.len()).unwrap_or(u64::MAX);
            let text = units::grouped(number);
            Text::new()
                .ours(" on ")
                .captured(Paint::Plain, &text)
                .ours(" branches")
        }
    }
}

fn when(instant: &str, style: &Style) -> String {
    match units::read_instant(instant) {
        Some(then) => units::ago(then, style.now),
        None => instant.to_owned(),
    }
}
