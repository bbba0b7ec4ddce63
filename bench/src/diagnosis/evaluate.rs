//! Asks the diagnosis about everything that was recorded.

use std::time::Duration;

use anyhow::{Context as _, Result};
use diagnosis::diagnose;
use model::{Cause, Confidence, Diagnosis, Evidence, PeerDeclaration};
use rustix::time::{ClockId, clock_gettime};

use super::case::{Case, Cases, Expectation};
use super::check::Truth;
use super::evidence::{VARIANTS, Wanted, declaration, of_newest_run, with_sighting};
use super::heuristics::{first_red_span, message_only};
use super::insights;
use super::natural;
use super::record::{Recorded, Selection};
use super::report;
use super::suite::Suite;
use super::workshop::Workshop;

/// A recorded case and what was said about it.
pub(super) struct Judged {
    pub(super) suite: String,
    pub(super) name: String,
    pub(super) template: String,
    pub(super) about: String,
    pub(super) expected: Expectation,
    /// One for each of [`VARIANTS`].
    pub(super) verdicts: Vec<Verdict>,
    /// What the heuristics say: the message alone, the first red span.
    pub(super) heuristics: [Cause; 2],
}

/// What a diagnosis says.
pub(super) struct Verdict {
    pub(super) said: Cause,
    pub(super) second: Option<Cause>,
    pub(super) confidence: Confidence,
    pub(super) not_your_code: bool,
    /// Whether something is blamed.
    pub(super) blames: bool,
    /// Whether the right exchange is named; none where there is no right one.
    pub(super) names_culprit: Option<bool>,
    pub(super) summary: String,
    pub(super) fingerprint: String,
    pub(super) took: Duration,
}

/// The cases that were asked about, and those that cannot be.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) judged: Vec<Judged>,
    /// The test passed in spite of its fault, or failed as a control.
    pub(super) did_not_take: Vec<String>,
    pub(super) not_recorded: Vec<String>,
    /// What is said of failures that nobody injected, as Markdown.
    pub(super) natural: String,
}

/// Reads all recordings again, asks, and writes the report into the workshop's folder.
///
/// # Errors
/// When a store cannot be read or a report not written.
pub fn evaluate(workshop: &Workshop, selection: &Selection) -> Result<()> {
    let Cases(cases) = Cases::read(&workshop.cases())?;
    let mut outcome = Outcome::default();
    for case in cases.iter().filter(|case| selection.has(case)) {
        judge_case(workshop, case, &mut outcome).with_context(|| format!("case {}", case.id()))?;
    }
    let has_insights = selection
        .suite
        .as_ref()
        .is_none_or(|suite| suite == insights::NAME);
    if has_insights && selection.only.is_none() {
        judge_insights(workshop, &mut outcome)?;
    }
    let has_natural = selection
        .suite
        .as_ref()
        .is_none_or(|suite| suite == natural::NAME);
    if has_natural && selection.only.is_none() {
        outcome.natural = natural::report(workshop)?;
    }
    report::write(workshop, &outcome)?;
    if selection.publish {
        report::publish(workshop, &outcome)?;
    }
    Ok(())
}

fn judge_case(workshop: &Workshop, case: &Case, outcome: &mut Outcome) -> Result<()> {
    let folder = workshop.case(&case.suite, &case.name);
    let Some(recorded) = Recorded::read(&folder) else {
        outcome.not_recorded.push(case.id());
        return Ok(());
    };
    let test = case.test.rsplit("::").next().unwrap_or_default();
    let test = test.split('[').next().unwrap_or_default();
    let Some(whole) = of_newest_run(&folder.join("store"), test, wanted(case.expected))? else {
        outcome.did_not_take.push(case.id());
        return Ok(());
    };
    let peer = Suite::named(workshop, &case.suite)?.peer;
    // What the suite's settings declare is what its tests start themselves.
    let peers = [&whole.peers[..], &[declaration(&peer, case.role)]].concat();
    let truth = Truth::of(case, &recorded);
    outcome.judged.push(Judged {
        suite: case.suite.clone(),
        name: case.name.clone(),
        template: case.template.clone(),
        about: case.about.clone(),
        expected: case.expected,
        verdicts: verdicts(&whole, &peers, &truth),
        heuristics: [message_only(&whole), first_red_span(&whole)],
    });
    Ok(())
}

fn judge_insights(workshop: &Workshop, outcome: &mut Outcome) -> Result<()> {
    let store = workshop.of(insights::NAME).join("store");
    if !store.exists() {
        outcome.not_recorded.push(insights::NAME.to_owned());
        return Ok(());
    }
    for labelled in insights::labels(workshop)? {
        let id = format!("{}/{}", insights::NAME, labelled.test);
        let Some(whole) = of_newest_run(&store, &labelled.test, wanted(labelled.expected))? else {
            outcome.did_not_take.push(id);
            continue;
        };
        let truth = labelled.pattern().map_or(Truth::None, Truth::Pattern);
        let peers = whole.peers.clone();
        outcome.judged.push(Judged {
            suite: insights::NAME.to_owned(),
            name: labelled.test.clone(),
            template: "bad day".to_owned(),
            about: "as its expected.json says".to_owned(),
            expected: labelled.expected,
            verdicts: verdicts(&whole, &peers, &truth),
            heuristics: [message_only(&whole), first_red_span(&whole)],
        });
    }
    Ok(())
}

fn wanted(expected: Expectation) -> Wanted {
    match expected {
        Expectation::Cause(_) => Wanted::Failed,
        Expectation::Silence => Wanted::Passed,
    }
}

/// One verdict for each variant of the evidence.
fn verdicts(whole: &Evidence, peers: &[PeerDeclaration], truth: &Truth) -> Vec<Verdict> {
    let variants = VARIANTS.iter();
    variants
        .map(|variant| verdict(&variant.of(whole, peers), truth))
        .collect()
}

fn verdict(evidence: &Evidence, truth: &Truth) -> Verdict {
    let begin = processor_time();
    let diagnosis = diagnose(evidence);
    let took = processor_time().saturating_sub(begin);
    // A change can only be innocent of what was seen without it: assume the best for the claim, to see whether anything
    // else holds it back where it would be wrong.
    let seen_before = diagnose(&with_sighting(evidence, &diagnosis.fingerprint));
    said(diagnosis, seen_before.not_your_code, evidence, truth, took)
}

/// What this thread has had of the processor: other work on the machine does not count.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

fn said(
    diagnosis: Diagnosis,
    not_your_code: bool,
    evidence: &Evidence,
    truth: &Truth,
    took: Duration,
) -> Verdict {
    Verdict {
        said: diagnosis.cause,
        second: diagnosis.rivals.first().map(|rival| rival.cause),
        confidence: diagnosis.confidence,
        not_your_code,
        blames: diagnosis.culprit.is_some(),
        names_culprit: truth.is_named(evidence, &diagnosis),
        summary: diagnosis.summary,
        fingerprint: diagnosis.fingerprint,
        took,
    }
}
