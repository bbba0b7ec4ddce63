//! `flakescope doctor`, for people.

use std::io::{self, Write};

use super::table;
use crate::command::doctor::{Advice, Agent, Checkup, Counted, Extent, LastRun, Runner, Weight};
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::text::Text;
use crate::report::units;

/// The most counted things on a line.
const NAMED: usize = 5;

/// Prints a checkup.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn print(checkup: &Checkup, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut screen = Screen::plain(out, style);
    let place = &checkup.place;
    let settings = match &place.settings {
        Some(file) => plain(file),
        None => Text::new().painted(Paint::Dim, "no flakescope.toml; everything has its default"),
    };
    section(
        &mut screen,
        "Project",
        vec![vec![plain(&place.root)], vec![settings]],
    )?;
    let runners = checkup.runners.iter().map(|it| runner(it, style)).collect();
    section(&mut screen, "Test runners", or_none(runners))?;
    let agents = checkup.agents.iter().map(|it| agent(it, style)).collect();
    section(&mut screen, "Agents, tried just now", or_none(agents))?;
    if let Some(last) = &checkup.last_run {
        section(&mut screen, "Last run", last_run(last, style))?;
    }
    advice(&mut screen, &checkup.advice)
}

fn plain(text: &str) -> Text {
    Text::new().captured(Paint::Plain, text)
}

fn or_none(rows: Vec<Vec<Text>>) -> Vec<Vec<Text>> {
    match rows.is_empty() {
        true => vec![vec![Text::new().painted(Paint::Dim, "none")]],
        false => rows,
    }
}

fn section(screen: &mut Screen<'_>, title: &'static str, rows: Vec<Vec<Text>>) -> io::Result<()> {
    screen.line(0, 0, &Text::new().painted(Paint::Strong, title))?;
    for line in table::lines(rows) {
        screen.line(2, 2, &line)?;
    }
    screen.blank()
}

fn runner(runner: &Runner, style: &Style) -> Vec<Text> {
    let (paint, sign, words) = match runner.recorded {
        Extent::Tests => (Paint::Good, Sign::Passed, "each test with its calls"),
        Extent::Calls => (Paint::Warn, Sign::Warning, "calls, as the run's"),
        Extent::Otlp => (
            Paint::Warn,
            Sign::Warning,
            "only what is sent by OpenTelemetry",
        ),
    };
    let note = match &runner.note {
        Some(note) => Text::new().ours("(").captured(Paint::Warn, note).ours(")"),
        None => Text::new(),
    };
    vec![
        Text::new()
            .neutral(paint, style.sign(sign))
            .ours(" ")
            .captured(Paint::Plain, runner.name),
        plain(runner.version.as_deref().unwrap_or("")),
        Text::new().captured(Paint::Dim, &runner.manifest),
        Text::new().ours(words).ours(" ").text(note),
    ]
}

fn agent(agent: &Agent, style: &Style) -> Vec<Text> {
    let (paint, sign, words) = match (&agent.interpreter, agent.reports) {
        (Some(_), true) if agent.failed_part.is_some() => (
            Paint::Warn,
            Sign::Warning,
            "loads and reports; a part of it failed",
        ),
        (None, _) => (Paint::Dim, Sign::Skipped, "not installed here"),
        (Some(_), true) => (Paint::Good, Sign::Passed, "loads and reports"),
        (Some(_), false) => (Paint::Bad, Sign::Failed, "did not report"),
    };
    vec![
        Text::new()
            .neutral(paint, style.sign(sign))
            .ours(" ")
            .captured(Paint::Plain, agent.language),
        plain(agent.interpreter.as_deref().unwrap_or("")),
        Text::new().ours(words),
    ]
}

fn last_run(last: &LastRun, style: &Style) -> Vec<Vec<Text>> {
    let when = match units::read_instant(&last.started) {
        Some(then) => units::ago(then, style.now),
        None => last.started.clone(),
    };
    let head = Text::new()
        .captured(Paint::Command, &last.short_id)
        .ours("  ")
        .captured(Paint::Plain, &when)
        .ours("  ")
        .captured(Paint::Dim, &last.command.join(" "));
    let row = |name: &'static str, what: &[Counted]| {
        vec![Text::new().painted(Paint::Dim, name), counted(what, style)]
    };
    let mut rows = vec![
        vec![Text::new().painted(Paint::Dim, "run"), head],
        vec![
            Text::new().painted(Paint::Dim, "tests"),
            plain(&last.tests.to_string()),
        ],
        row("calls", &last.calls),
        row("processes", &last.processes),
    ];
    let others = [
        ("not recorded", &last.unseen),
        ("gaps", &last.gaps),
        ("no role", &last.undeclared),
    ];
    let others = others.into_iter().filter(|(_, what)| !what.is_empty());
    rows.extend(others.map(|(name, what)| row(name, what)));
    if last.cut {
        let note = "only the first thousand recordings were read";
        rows.push(vec![
            Text::new().painted(Paint::Dim, "cut"),
            Text::new().ours(note),
        ]);
    }
    rows
}

fn counted(what: &[Counted], style: &Style) -> Text {
    if what.is_empty() {
        return Text::new().ours("none");
    }
    let mut line = Text::new();
    for (index, Counted { name, count }) in what.iter().take(NAMED).enumerate() {
        let gap = if index == 0 { "" } else { ", " };
        line = line.ours(gap).captured(Paint::Plain, name).ours(" ");
        line = line
            .neutral(Paint::Dim, style.sign(Sign::Times))
            .captured(Paint::Dim, &count.to_string());
    }
    match what.len() > NAMED {
        true => line.ours(" ").neutral(Paint::Dim, style.sign(Sign::Cut)),
        false => line,
    }
}

fn advice(screen: &mut Screen<'_>, advice: &[Advice]) -> io::Result<()> {
    let style = screen.style();
    if advice.is_empty() {
        let sign = Text::new().neutral(Paint::Good, style.sign(Sign::Passed));
        return screen.line(0, 2, &sign.ours(" Nothing to do."));
    }
    screen.line(0, 0, &Text::new().painted(Paint::Strong, "What to do"))?;
    for Advice { weight, text, hint } in advice {
        let (paint, sign) = match weight {
            Weight::Obstacle => (Paint::Bad, Sign::Failed),
            Weight::Advice => (Paint::Warn, Sign::Warning),
        };
        let sign = Text::new().neutral(paint, style.sign(sign)).ours(" ");
        for (index, line) in text.lines().enumerate() {
            match index {
                0 => screen.line(2, 2, &sign.clone().captured(Paint::Plain, line))?,
                _ => screen.line(4, 0, &plain(line))?,
            }
        }
        if let Some(hint) = hint {
            screen.line(4, 0, &Text::new().captured(Paint::Dim, hint))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::Place;
    use model::Timestamp;

    fn counted(name: &str, count: u64) -> Counted {
        Counted {
            name: name.into(),
            count,
        }
    }

    fn runner(name: &'static str, recorded: Extent, note: Option<&str>) -> Runner {
        Runner {
            name,
            version: Some("12.0.3".into()),
            manifest: "packages/\u{1b}[31mapi/package.json".into(),
            recorded,
            note: note.map(str::to_owned),
        }
    }

    fn agent(language: &'static str, interpreter: Option<&str>, reports: bool) -> Agent {
        Agent {
            language,
            interpreter: interpreter.map(str::to_owned),
            reports,
            failed_part: (language == "ruby").then(|| "http".into()),
        }
    }

    fn full() -> Checkup {
        let advice = |weight, text: &str, hint: Option<&str>| Advice {
            weight,
            text: text.into(),
            hint: hint.map(str::to_owned),
        };
        Checkup {
            schema: 1,
            place: Place {
                root: "/p\n::error::".into(),
                settings: None,
                mistakes: None,
                store: "/p/.flakescope".into(),
            },
            runners: vec![
                runner(
                    "mocha",
                    Extent::Tests,
                    Some("tried with versions 6 to 12 only"),
                ),
                runner("ava", Extent::Calls, None),
                runner("cypress", Extent::Otlp, None),
            ],
            agents: vec![
                agent("node", Some("v24.1.0"), true),
                agent("python", Some("Python 3.11"), false),
                agent("python", None, false),
                agent("ruby", Some("4.0"), true),
            ],
            clients: Vec::new(),
            last_run: Some(LastRun {
                short_id: "f16264".into(),
                started: "2026-11-22T10:00:00.000Z".into(),
                command: vec!["npx".into(), "mo\u{202e}cha".into()],
                tests: 11,
                calls: (1..8).map(|n| counted(&format!("client-{n}"), n)).collect(),
                processes: Vec::new(),
                unseen: vec![counted("nock", 2)],
                gaps: vec![counted("body-cut", 1)],
                undeclared: vec![counted("localhost:4566", 3)],
                peers: vec![],
                cut: true,
            }),
            store_problem: None,
            advice: vec![
                advice(
                    Weight::Obstacle,
                    "It is wrong:\n  | line 2",
                    Some("repair it"),
                ),
                advice(Weight::Advice, "Look here.", None),
            ],
        }
    }

    #[test]
    fn a_checkup_is_one_screen() {
        let style = Style {
            width: 90,
            color: false,
            ascii: false,
            now: Timestamp(1_795_341_600_000_000_000),
        };
        let mut out = Vec::new();
        print(&full(), &style, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}
