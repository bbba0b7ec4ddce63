//! Failures that nobody injected: the SQS suite in four workers on one server, where each test empties what the others
//! have made. Every one of them has one cause, state that tests share; the serial run before it passes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use diagnosis::diagnose;
use model::{AttemptKind, AttemptStatus, Role};
use store::{AttemptQuery, RunContext, RunQuery};

use super::evidence::{SIGNER, declaration};
use super::suite::Suite;
use super::workshop::Workshop;

/// Its name among the suites.
pub(super) const NAME: &str = "natural";
/// The suite.
pub(super) const SUITE: &str = "moto";
/// Its tests.
pub(super) const TESTS: &str = "tests/test_sqs/test_sqs.py";
/// So many workers.
pub(super) const WORKERS: &str = "4";

/// Where it is recorded.
pub(super) fn folder(workshop: &Workshop) -> PathBuf {
    workshop.of(NAME)
}

/// Whether it is.
pub(super) fn is_recorded(workshop: &Workshop) -> bool {
    folder(workshop).join("done").exists()
}

/// What is said of the failures, as Markdown; nothing if they were not recorded.
pub(super) fn report(workshop: &Workshop) -> Result<String> {
    let folder = folder(workshop);
    if !is_recorded(workshop) {
        return Ok(String::new());
    }
    let store = store::open_existing(&folder.join("store"))?;
    let newest = RunQuery {
        limit: Some(1),
        ..RunQuery::default()
    };
    let runs = store.runs(&newest)?;
    let run = runs.first().context("there is no natural run")?;
    let of_run = AttemptQuery {
        run: Some(run.id),
        ..AttemptQuery::default()
    };
    let context = RunContext::new(&*store, run.id, SIGNER)?;
    let peers = vec![declaration(
        &Suite::named(workshop, SUITE)?.peer,
        Role::Dependency,
    )];
    let mut said: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut failures = 0;
    for (attempt, _) in store.attempts(&of_run)? {
        let failed = attempt.status == AttemptStatus::Failed && attempt.kind == AttemptKind::Test;
        let evidence = if failed {
            context.evidence(attempt.id)?
        } else {
            None
        };
        let Some(mut evidence) = evidence else {
            continue;
        };
        evidence.peers.clone_from(&peers);
        let diagnosis = diagnose(&evidence);
        let words = format!(
            "{} {}",
            diagnosis.cause.as_str(),
            diagnosis.confidence.as_str()
        );
        *said.entry((words, diagnosis.fingerprint)).or_default() += 1;
        failures += 1;
    }
    let mut text = format!(
        "\n### Natural failures: the SQS suite in {WORKERS} workers on one server\n\n\
         {failures} tests fail, all for state that they share (`test-code`), and pass one after the other. \
         They come out as {} fingerprints.\n\n| said | fingerprint | tests |\n|---|---|--:|\n",
        said.len()
    );
    for ((words, fingerprint), count) in said {
        let _infallible = writeln!(text, "| {words} | `{fingerprint}` | {count} |");
    }
    Ok(text)
}

/// Notes that it is recorded.
pub(super) fn done(workshop: &Workshop) -> Result<()> {
    fs::write(folder(workshop).join("done"), "").context("failed to note the natural failures")
}
