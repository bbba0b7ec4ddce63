//! The report from top to bottom.

use std::io::{self, Write};
use std::path::Path;

use model::GapKind;

use super::super::causes::{Case, Cause, causes};
use super::super::declaration;
use super::super::neutral::Neutral;
use super::super::screen::Screen;
use super::super::style::{Paint, Sign, Style};
use super::super::text::Text;
use super::super::units;
use super::cause::{Detail, Said, cause_lines, on_one_line};
use super::closing::{gap_lines, has_gaps_to_tell};
use super::unlike::unlike_lines;
use super::unloaded;
use super::words::{counted, show, sign, tag, test_title, unended};
use server::document::{Document, Gap, Run, Status, Test, outage_word};

/// How much of a run is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Causes in detail.
    causes: usize,
    /// Ways in which passing tests are not like their other passes.
    unlike: usize,
}

impl Extent {
    /// At the end of a run.
    const REPORT: Self = Self {
        causes: 5,
        unlike: 3,
    };
    /// To somebody who asks for the run.
    pub(crate) const ALL: Self = Self {
        causes: usize::MAX,
        unlike: usize::MAX,
    };
}

/// Of the causes beyond those told in detail so many more by one of their tests and a sentence; the rest is counted.
const NAMED_CAUSES: usize = 15;
/// Outages told; they are in the JSON all.
const OUTAGES: usize = 3;
/// Flaky tests told; the rest is counted.
const FLAKY: usize = 3;
/// Undeclared peers for which there is a declaration to paste; `doctor` has all of them.
const UNDECLARED: usize = 3;

/// Prints the report of a run among the lines of the command. `settings` is the file that declares peers, or would.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn print(
    document: &Document,
    settings: &Path,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut screen = Screen::with_gutter(out, style);
    if outcome(&mut screen, document, Extent::REPORT)? == 0 {
        return Ok(());
    }
    undeclared_lines(&mut screen, document, settings)?;
    if !has_gaps_to_tell(&gaps_of(&document.run)) {
        screen.blank()?;
    }
    let hint = Text::new()
        .ours("whole run: ")
        .text(show(&document.run.short_id));
    screen.line(0, 2, &hint)
}

/// Prints what a run came to, and gives the number of causes.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn outcome(screen: &mut Screen, document: &Document, told: Extent) -> io::Result<usize> {
    let style = screen.style();
    if document.tests.is_empty() {
        nothing_recorded(screen, &document.run)?;
        gap_lines(screen, &gaps_of(&document.run))?;
        return Ok(0);
    }
    let causes = causes(document);
    let edge = match causes.is_empty() {
        true => show(&document.run.short_id),
        false => Text::new(),
    };
    screen.line_with_edge(0, 2, &headline(document, &causes, style), &edge)?;
    if causes.is_empty() {
        unexplained_exit(screen, &document.run)?;
    }
    outage_lines(screen, document)?;
    let detail = Detail::for_causes(causes.len());
    let mut said = Said::default();
    for cause in causes.iter().take(told.causes) {
        screen.blank()?;
        cause_lines(screen, cause, detail, &mut said)?;
        exit_line(screen, cause, &document.run)?;
    }
    if causes.len() > told.causes {
        more_causes(screen, &causes[told.causes..])?;
    }
    flaky_lines(screen, document)?;
    let told_of_tests = !causes.is_empty() || document.run.counts.flaky > 0;
    if told_of_tests && !document.unlike.is_empty() {
        screen.blank()?;
    }
    unlike_lines(screen, document, told.unlike)?;
    if told_of_tests && has_gaps_to_tell(&gaps_of(&document.run)) {
        screen.blank()?;
    }
    gap_lines(screen, &gaps_of(&document.run))?;
    Ok(causes.len())
}

/// `! outage: 38 of 40 calls to stock failed over 12.4 s; 9 attempts met it.`
fn outage_lines(screen: &mut Screen, document: &Document) -> io::Result<()> {
    let style = screen.style();
    for outage in document.outages.iter().take(OUTAGES) {
        let line = Text::new()
            .neutral(Paint::Warn, style.sign(Sign::Warning))
            .ours(" ")
            .painted(Paint::Warn, outage_word(&outage.cause))
            .painted(Paint::Warn, ": ")
            .captured(Paint::Plain, &outage.summary);
        screen.line(0, 2, &line)?;
    }
    Ok(())
}

/// What to write about peers that nobody declared, once for all diagnoses that lack it.
fn undeclared_lines(screen: &mut Screen, document: &Document, settings: &Path) -> io::Result<()> {
    let peers = &document.undeclared;
    if peers.is_empty() {
        return Ok(());
    }
    let head = Text::new()
        .ours("To name owners, and to be surer, put what is true of this into ")
        .captured(Paint::Strong, &settings.display().to_string())
        .ours(" (")
        .painted(Paint::Command, "flakescope doctor")
        .ours(" prints it without the bar):");
    screen.blank()?;
    screen.line(0, 2, &head)?;
    for line in declaration::lines(&peers[..peers.len().min(UNDECLARED)]) {
        screen.line(4, 2, &Text::new().captured(Paint::Plain, &line))?;
    }
    if has_gaps_to_tell(&gaps_of(&document.run)) {
        screen.blank()?;
    }
    Ok(())
}

/// The gaps that a reader should know of. Suites end their servers by signals, and each record is on its way before the
/// process goes on: a killed process matters when a test was left unfinished.
fn gaps_of(run: &Run) -> Vec<Gap> {
    let harmless = |gap: &&Gap| gap.kind == GapKind::ProcessKilled.as_str();
    let gaps = run.gaps.iter();
    gaps.filter(|gap| run.counts.unfinished > 0 || !harmless(gap))
        .cloned()
        .collect()
}

/// `✗ 3 failed, 1 flaky, 212 passed in 6m41s · 2 causes`.
fn headline(document: &Document, causes: &[Cause], style: &Style) -> Text {
    let run = &document.run;
    let worst = match run.counts.worst() {
        // A fixture failed, although no test did.
        Some(Status::Passed | Status::Skipped) | None if !causes.is_empty() => Status::Failed,
        worst => worst.unwrap_or(Status::Unfinished),
    };
    let between = || {
        Text::new()
            .ours(" ")
            .neutral(Paint::Dim, style.sign(Sign::Between))
            .ours(" ")
    };
    let mut line = sign(worst, style).ours(" ").text(counted(&run.counts));
    if run.counts == Default::default() {
        line = line.painted(Paint::Bad, "no test ran to its end");
    }
    if let Some(millis) = run.duration_ms {
        line = line
            .ours(" in ")
            .captured(Paint::Plain, &units::duration(millis));
    }
    if let Some(unended) = unended(&run.state) {
        line = line.text(between()).painted(Paint::Warn, unended);
    }
    if causes.is_empty() {
        return line
            .text(between())
            .captured(Paint::Plain, &units::count(run.exchanges, "call"))
            .ours(" recorded");
    }
    let told = causes.iter().filter(|cause| cause.determined).count();
    let untold = causes.len() - told;
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    if told > 0 {
        let causes = units::count(number(told), "cause");
        line = line.text(between()).captured(Paint::Plain, &causes);
    }
    if untold > 0 {
        let undetermined = format!("{} undetermined", units::grouped(number(untold)));
        line = line.text(between()).captured(Paint::Plain, &undetermined);
    }
    line
}

/// A command that failed although no test did: the runner itself, a lint, a coverage limit.
fn unexplained_exit(screen: &mut Screen, run: &Run) -> io::Result<()> {
    let Some(exit) = run.exit_code.filter(|code| *code != 0) else {
        return Ok(());
    };
    let style = screen.style();
    let line = Text::new()
        .neutral(Paint::Warn, style.sign(Sign::Warning))
        .ours(" ")
        .text(ended(run, exit))
        .ours(", but no recorded test failed");
    screen.line(0, 2, &line)
}

/// A test that never ended may have ended its process: then the command's exit code says more than the test does.
fn exit_line(screen: &mut Screen, cause: &Cause, run: &Run) -> io::Result<()> {
    let code = run.exit.as_ref().and_then(|exit| exit.code);
    match code.filter(|_| cause.lead.attempt.status == Status::Unfinished) {
        Some(code) => {
            let line = Text::new()
                .ours("the command exited with code ")
                .captured(Paint::Strong, &code.to_string())
                .ours(" before it ended");
            screen.line(4, 2, &line)
        }
        None => Ok(()),
    }
}

fn ended(run: &Run, exit_code: i32) -> Text {
    let signal = run.exit.as_ref().and_then(|exit| exit.signal);
    match signal {
        Some(signal) => Text::new()
            .ours("the command was ended by signal ")
            .captured(Paint::Plain, &signal.to_string()),
        None => Text::new()
            .ours("the command exited with ")
            .captured(Paint::Plain, &exit_code.to_string()),
    }
}

/// Said first and plainly, because nothing else would tell the user that nothing is being recorded.
fn nothing_recorded(screen: &mut Screen, run: &Run) -> io::Result<()> {
    let style = screen.style();
    let unloaded = run.gaps.iter().find(|gap| gap.kind == "no-agent");
    let warning = || {
        Text::new()
            .neutral(Paint::Warn, style.sign(Sign::Warning))
            .ours(" ")
            .painted(Paint::Warn, "no test was seen: ")
    };
    if let Some(reason) = unloaded.and_then(|gap| gap.details.first()) {
        // Ours to say, so there is nothing to guess.
        let line = warning().captured(Paint::Plain, reason);
        screen.line(0, 2, &line)?;
    } else if unloaded.is_some() {
        let command = run.command.join(" ");
        let line = warning()
            .ours("nothing loaded the agent in ")
            .captured(Paint::Strong, &command);
        screen.line(0, 2, &line)?;
        let hint = Text::new().ours(unloaded::why(&run.command));
        screen.line(2, 0, &hint)?;
    } else {
        let line = warning().ours("the agent was loaded, but no runner that it knows ran a test");
        screen.line(0, 2, &line)?;
        let calls = Text::new()
            .captured(Paint::Plain, &units::count(run.exchanges, "call"))
            .ours(" recorded outside of tests: ")
            .text(show(&run.short_id));
        screen.line(2, 0, &calls)?;
    }
    match run.exit_code.filter(|code| *code != 0) {
        Some(exit) => screen.line(2, 0, &ended(run, exit).ours(".")),
        None => Ok(()),
    }
}

/// `+ 7 more causes in 31 tests:`, and the first of them in short.
fn more_causes(screen: &mut Screen, causes: &[Cause]) -> io::Result<()> {
    let style = screen.style();
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let tests = causes.iter().map(Cause::tests).sum();
    let head = sign(Status::Failed, style)
        .ours(" + ")
        .captured(
            Paint::Strong,
            &units::count(number(causes.len()), "more cause"),
        )
        .ours(" in ")
        .captured(Paint::Plain, &units::count(number(tests), "test"))
        .ours(":");
    screen.blank()?;
    screen.line(0, 2, &head)?;
    for cause in causes.iter().take(NAMED_CAUSES) {
        let name = test_title(cause.lead.test, Paint::Plain, style);
        let id = Text::new().captured(Paint::Dim, &cause.lead.attempt.short_id);
        screen.line_with_edge(4, 2, &name, &id)?;
        screen.line(6, 2, &in_short(screen, cause))?;
    }
    let left = causes.len().saturating_sub(NAMED_CAUSES);
    if left == 0 {
        return Ok(());
    }
    let left = Text::new()
        .painted(Paint::Dim, "and ")
        .captured(Paint::Dim, &units::grouped(number(left)))
        .painted(Paint::Dim, " more");
    screen.line(4, 2, &left)
}

/// One sentence about a cause; of an undetermined one what the test said.
fn in_short(screen: &Screen, cause: &Cause) -> Text {
    let style = screen.style();
    let Case { attempt, .. } = cause.lead;
    let text = match (&attempt.diagnosis, &attempt.error) {
        (Some(diagnosis), _) if cause.determined => Text::new()
            .captured(Paint::Plain, &diagnosis.summary)
            .ours("  ")
            .text(tag(diagnosis, style)),
        (_, Some(error)) => {
            let said = Neutral::captured(&on_one_line(&error.message));
            let label = "undetermined: ";
            let room = screen.room(6 + label.len());
            let said = said.shortened(room, style.sign_text(Sign::Cut));
            Text::new()
                .painted(Paint::Dim, label)
                .neutral(Paint::Plain, said)
        }
        (Some(diagnosis), None) => Text::new().captured(Paint::Plain, &diagnosis.summary),
        (None, None) => Text::new().ours("never seen to end"),
    };
    match u64::try_from(cause.others.len()) {
        Ok(others) if others > 0 => text
            .painted(Paint::Dim, "  + ")
            .captured(Paint::Dim, &units::grouped(others))
            .painted(Paint::Dim, " more"),
        _ => text,
    }
}

/// Tests that failed and then passed, each with what its failure came to.
fn flaky_lines(screen: &mut Screen, document: &Document) -> io::Result<()> {
    let style = screen.style();
    let flaky = || {
        document
            .tests
            .iter()
            .filter(|test| test.status == Status::Flaky)
    };
    for test in flaky().take(FLAKY) {
        screen.blank()?;
        flaky_test(screen, test, style)?;
    }
    let left = flaky().count().saturating_sub(FLAKY);
    if left > 0 {
        let left = units::count(u64::try_from(left).unwrap_or(u64::MAX), "more flaky test");
        let line = sign(Status::Flaky, style)
            .ours(" + ")
            .captured(Paint::Plain, &left);
        screen.line(0, 2, &line)?;
    }
    Ok(())
}

fn flaky_test(screen: &mut Screen, test: &Test, style: &Style) -> io::Result<()> {
    let passed = test.attempts.last().map_or(0, |attempt| attempt.number);
    let head = sign(Status::Flaky, style)
        .ours(" ")
        .painted(Paint::Warn, "flaky ")
        .text(test_title(test, Paint::Strong, style));
    let edge = Text::new()
        .painted(Paint::Dim, "passed on attempt ")
        .captured(Paint::Dim, &passed.to_string());
    screen.line_with_edge(0, 2, &head, &edge)?;
    let Some(attempt) = test.decisive() else {
        return Ok(());
    };
    let mut line = Text::new()
        .painted(Paint::Dim, "attempt ")
        .captured(Paint::Dim, &attempt.number.to_string())
        .ours(": ");
    line = match (&attempt.diagnosis, &attempt.error) {
        (Some(diagnosis), _) => line
            .captured(Paint::Plain, &diagnosis.summary)
            .ours("  ")
            .text(tag(diagnosis, style)),
        (None, Some(error)) => line
            .captured(Paint::Plain, &error.error_type)
            .ours(": ")
            .captured(
                Paint::Plain,
                error.message.lines().next().unwrap_or_default(),
            ),
        (None, None) => line.ours("never seen to end"),
    };
    screen.line(2, 2, &line)?;
    screen.line(4, 2, &show(&attempt.short_id))
}
