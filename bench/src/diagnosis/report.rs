//! The report: figures as Markdown, and a line of JSON for each case.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use model::{Cause, Confidence, RULES_VERSION};
use serde_json::json;

use super::case::Expectation;
use super::evaluate::{Judged, Outcome, Verdict};
use super::evidence::VARIANTS;
use super::tally::{Confusion, Share};
use super::workshop::Workshop;

/// The figures.
const FIGURES: &str = "report.md";
/// The cases.
const LINES: &str = "report.jsonl";

/// A failing case with its cause.
type Faulty<'a> = (&'a Judged, Cause);

/// Writes both files and prints the figures.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write(workshop: &Workshop, outcome: &Outcome) -> Result<()> {
    let text = markdown(outcome);
    print!("{text}");
    let lines: String = outcome.judged.iter().map(line).collect();
    fs::create_dir_all(&workshop.folder)?;
    for (name, text) in [(FIGURES, text), (LINES, lines)] {
        let path = workshop.folder.join(name);
        fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))?;
        eprintln!("{}", path.display());
    }
    Ok(())
}

/// Keeps the figures in the repository, with the day, the commit and the machine.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn publish(workshop: &Workshop, outcome: &Outcome) -> Result<()> {
    let day = said(workshop, &["date", "-u", "+%F"]);
    let path = workshop
        .repository
        .join(format!("bench/results/{day}-fault-matrix.md"));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let text = format!(
        "# The labelled fault matrix\n\n{}, rules of commit {} and version {RULES_VERSION}; {cores} cores, {}. \
         What is in it and what it does not show: [bench/diagnosis/README.md](../diagnosis/README.md).\n\n{}",
        said(workshop, &["date", "-u", "+%F %H:%M UTC"]),
        said(workshop, &["git", "rev-parse", "--short", "HEAD"]),
        said(workshop, &["uname", "-srm"]),
        markdown(outcome)
    );
    fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))
}

/// What a small command prints; nothing if it cannot.
fn said(workshop: &Workshop, command: &[&str]) -> String {
    let Some((program, arguments)) = command.split_first() else {
        return String::new();
    };
    let output = Command::new(program)
        .args(arguments)
        .current_dir(&workshop.repository)
        .output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

fn line(case: &Judged) -> String {
    let expected = match case.expected {
        Expectation::Cause(cause) => cause.as_str(),
        Expectation::Silence => "control",
    };
    let first = case.verdicts.first();
    let variants: BTreeMap<String, String> = VARIANTS
        .iter()
        .zip(&case.verdicts)
        .map(|(variant, verdict)| (variant.name(), short(verdict)))
        .collect();
    let value = json!({
        "suite": case.suite,
        "case": case.name,
        "template": case.template,
        "about": case.about,
        "label": expected,
        "said": first.map(|verdict| verdict.said.as_str()),
        "rival": first.and_then(|verdict| verdict.second).map(Cause::as_str),
        "confidence": first.map(|verdict| verdict.confidence.as_str()),
        "culprit_right": first.and_then(|verdict| verdict.names_culprit),
        "not_your_code": first.map(|verdict| verdict.not_your_code),
        "summary": first.map(|verdict| verdict.summary.as_str()),
        "fingerprint": first.map(|verdict| verdict.fingerprint.as_str()),
        "variants": variants,
        "message_only": case.heuristics[0].as_str(),
        "first_red_span": case.heuristics[1].as_str(),
    });
    format!("{value}\n")
}

fn short(verdict: &Verdict) -> String {
    format!("{} {}", verdict.said.as_str(), verdict.confidence.as_str())
}

fn markdown(outcome: &Outcome) -> String {
    let faulty: Vec<Faulty> = outcome.judged.iter().filter_map(cause).collect();
    let controls: Vec<&Judged> = outcome
        .judged
        .iter()
        .filter(|case| case.expected == Expectation::Silence)
        .collect();
    let mut text = format!(
        "{} cases and {} controls; {} more did not take, {} are not recorded. \
         Intervals are those of Wilson, 95 %.\n\n",
        faulty.len(),
        controls.len(),
        outcome.did_not_take.len(),
        outcome.not_recorded.len()
    );
    text.push_str(&methods(&faulty, &controls));
    text.push_str(&calibration(&faulty));
    text.push_str(&groups(&faulty, "suite", |case| case.suite.clone()));
    text.push_str(&groups(&faulty, "template", |case| case.template.clone()));
    text.push_str("### Confusion: 3 passing, roles declared\n\n");
    text.push_str(&Confusion::of(faulty.iter().filter_map(pair)).markdown());
    text.push_str(&outcome.natural);
    text.push_str(&wrong(&faulty, &controls));
    for (title, ids) in [
        ("Did not take", &outcome.did_not_take),
        ("Not recorded", &outcome.not_recorded),
    ] {
        if !ids.is_empty() {
            let _infallible = write!(text, "\n### {title}\n\n{}\n", ids.join(", "));
        }
    }
    text
}

fn cause(case: &Judged) -> Option<Faulty<'_>> {
    match case.expected {
        Expectation::Cause(cause) => Some((case, cause)),
        Expectation::Silence => None,
    }
}

/// What is so and what the first variant says.
fn pair((case, cause): &Faulty) -> Option<(Cause, Cause)> {
    Some((*cause, case.verdicts.first()?.said))
}

/// One row for each variant and each heuristic.
fn methods(faulty: &[Faulty], controls: &[&Judged]) -> String {
    let mut text = "### All methods on the same recordings\n\n\
        | | cause named | cause or first rival | macro-F1 | right exchange | says it does not know | \
        wrong *established* | wrong \"not your code\" | claims about controls | CPU ms p50 / p95 / most |\n\
        |---|---|---|--:|---|---|---|---|---|---|\n"
        .to_owned();
    for (place, variant) in VARIANTS.iter().enumerate() {
        let verdicts: Vec<(&Verdict, Cause)> = faulty
            .iter()
            .filter_map(|(case, cause)| Some((case.verdicts.get(place)?, *cause)))
            .collect();
        let quiet: Vec<&Verdict> = controls
            .iter()
            .filter_map(|case| case.verdicts.get(place))
            .collect();
        let exchanges = verdicts
            .iter()
            .filter_map(|(verdict, _)| verdict.names_culprit);
        let _infallible = writeln!(
            text,
            "| {} | {} | {} | {:.3} | {} | {} | {} | {} | {} | {} |",
            variant.name(),
            Share::count(&verdicts, |(verdict, cause)| verdict.said == *cause),
            Share::count(&verdicts, |(verdict, cause)| {
                verdict.said == *cause || verdict.second == Some(*cause)
            }),
            Confusion::of(
                verdicts
                    .iter()
                    .map(|(verdict, cause)| (*cause, verdict.said))
            )
            .macro_f1(),
            Share::count(exchanges, |is_right| *is_right),
            Share::count(&verdicts, |(verdict, _)| verdict.said
                == Cause::Undetermined),
            Share::count(&verdicts, |(verdict, cause)| is_wrong_and_sure(
                verdict, *cause
            )),
            Share::count(&verdicts, |(verdict, cause)| is_wrongly_innocent(
                verdict, *cause
            )),
            Share::count(&quiet, |verdict| claims(verdict)),
            times(verdicts.iter().map(|(verdict, _)| verdict.took)),
        );
    }
    for (place, name) in ["message only", "first red span"].iter().enumerate() {
        let said = |case: &Judged| case.heuristics[place];
        let _infallible = writeln!(
            text,
            "| {name} | {} | | {:.3} | | {} | | | {} | |",
            Share::count(faulty, |(case, cause)| said(case) == *cause),
            Confusion::of(faulty.iter().map(|(case, cause)| (*cause, said(case)))).macro_f1(),
            Share::count(faulty, |(case, _)| said(case) == Cause::Undetermined),
            Share::count(controls, |case| said(case) != Cause::Undetermined),
        );
    }
    text
}

fn is_wrong_and_sure(verdict: &Verdict, cause: Cause) -> bool {
    verdict.said != cause && verdict.confidence == Confidence::Established
}

/// Said although the change may well have done it.
fn is_wrongly_innocent(verdict: &Verdict, cause: Cause) -> bool {
    let may_be_mine = [
        Cause::TestCode,
        Cause::Product,
        Cause::Race,
        Cause::StaleRead,
    ];
    verdict.not_your_code && may_be_mine.contains(&cause)
}

/// Whether something is claimed about a test that passed.
fn claims(verdict: &Verdict) -> bool {
    verdict.said != Cause::Undetermined || verdict.blames
}

fn times(times: impl Iterator<Item = Duration>) -> String {
    let mut millis: Vec<f64> = times.map(|time| time.as_secs_f64() * 1000.0).collect();
    millis.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        let place = (millis.len() * percent / 100).min(millis.len().saturating_sub(1));
        millis.get(place).copied().unwrap_or_default()
    };
    format!("{:.1} / {:.1} / {:.1}", at(50), at(95), at(100))
}

fn calibration(faulty: &[Faulty]) -> String {
    let mut text = "\n### What the confidence words are worth (right of all that were said)\n\n\
        | | established | likely |\n|---|---|---|\n"
        .to_owned();
    for (place, variant) in VARIANTS.iter().enumerate() {
        let of = |confidence: Confidence| {
            let said = faulty.iter().filter_map(|(case, cause)| {
                let verdict = case.verdicts.get(place)?;
                (verdict.confidence == confidence).then_some(verdict.said == *cause)
            });
            Share::count(said, |is_right| *is_right)
        };
        let _infallible = writeln!(
            text,
            "| {} | {} | {} |",
            variant.name(),
            of(Confidence::Established),
            of(Confidence::Likely)
        );
    }
    text
}

fn groups(faulty: &[Faulty], title: &str, key: fn(&Judged) -> String) -> String {
    let mut groups: BTreeMap<String, Vec<Faulty>> = BTreeMap::new();
    for (case, cause) in faulty {
        groups.entry(key(case)).or_default().push((*case, *cause));
    }
    let mut text = format!(
        "\n### By {title}: 3 passing, roles declared\n\n| | cause named | right exchange |\n|---|---|---|\n"
    );
    for (name, cases) in groups {
        let exchanges = cases
            .iter()
            .filter_map(|(case, _)| case.verdicts.first()?.names_culprit);
        let _infallible = writeln!(
            text,
            "| {name} | {} | {} |",
            Share::count(cases.iter().filter_map(pair), |(truth, said)| truth == said),
            Share::count(exchanges, |is_right| *is_right)
        );
    }
    text.push('\n');
    text
}

/// Every verdict that is not right, in words.
fn wrong(faulty: &[Faulty], controls: &[&Judged]) -> String {
    let mut text = "\n### What is wrong: 3 passing, roles declared\n\n".to_owned();
    for (case, cause) in faulty {
        let Some(verdict) = case.verdicts.first() else {
            continue;
        };
        let mut faults = Vec::new();
        if verdict.said != *cause {
            faults.push(format!("is {}, said {}", cause.as_str(), short(verdict)));
        } else if verdict.names_culprit == Some(false) {
            faults.push("another exchange is named".to_owned());
        }
        if is_wrongly_innocent(verdict, *cause) {
            faults.push("\"not your code\"".to_owned());
        }
        if !faults.is_empty() {
            let _infallible = writeln!(
                text,
                "- `{}/{}` ({}): {}. {}",
                case.suite,
                case.name,
                case.template,
                faults.join("; "),
                verdict.summary
            );
        }
    }
    for case in controls {
        for verdict in case
            .verdicts
            .iter()
            .take(1)
            .filter(|verdict| claims(verdict))
        {
            let _infallible = writeln!(
                text,
                "- control `{}/{}`: {}",
                case.suite, case.name, verdict.summary
            );
        }
    }
    text
}
