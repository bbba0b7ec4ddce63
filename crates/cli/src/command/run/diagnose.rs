//! Step of a run: says of each attempt that did not pass why, as far as the evidence carries.

use anyhow::{Context as _, Result};
use model::{Attempt, AttemptId, AttemptStatus, Evidence, Exit, RunId};
use server::SIGNER;
use signal_hook::consts::SIGINT;
use store::{AttemptQuery, RunContext, Store, StoreError, StoredDiagnosis};

use super::notes::Notes;

/// Diagnoses all attempts of the run that failed or never ended, those that were tried again included. What cannot be
/// diagnosed is noted, and the others go on.
pub(crate) fn all(store: &dyn Store, run: RunId, notes: &mut Notes) {
    match attempts_of(store, run) {
        Ok(attempts) if attempts.is_empty() => {}
        Ok(attempts) => each(store, run, &attempts, notes),
        Err(error) => notes.lose(format!("nothing is diagnosed: {error}")),
    }
}

/// The attempts that did not end well. What Ctrl-C cut short needs no explanation; what anything else killed does, because
/// CI systems end what hangs.
fn attempts_of(store: &dyn Store, run: RunId) -> Result<Vec<Attempt>, StoreError> {
    let query = AttemptQuery {
        run: Some(run),
        ..AttemptQuery::default()
    };
    let exit = store.run(run)?.and_then(|run| run.exit);
    let interrupted =
        exit.is_some_and(|exit| exit.shell_code() == Exit::Signal(SIGINT).shell_code());
    let unwell = |attempt: &Attempt| match attempt.status {
        AttemptStatus::Failed => true,
        AttemptStatus::Unfinished => !interrupted,
        AttemptStatus::Passed | AttemptStatus::Skipped => false,
    };
    let attempts = store.attempts(&query)?.into_iter();
    Ok(attempts
        .map(|(attempt, _)| attempt)
        .filter(unwell)
        .collect())
}

fn each(store: &dyn Store, run: RunId, attempts: &[Attempt], notes: &mut Notes) {
    let context = match RunContext::new(store, run, SIGNER) {
        Ok(context) => context,
        Err(error) => return notes.lose(format!("nothing is diagnosed: {error}")),
    };
    let ids: Vec<AttemptId> = attempts.iter().map(|attempt| attempt.id).collect();
    let mut known = Vec::with_capacity(attempts.len());
    let mut reasons = Vec::new();
    for diagnosis in context.each(&ids, one) {
        match unwrapped(diagnosis) {
            Ok(diagnosis) => known.push(diagnosis),
            Err(reason) => reasons.push(reason),
        }
    }
    // Together, because each commit of the store costs a write to the disk.
    if let Err(error) = store.put_diagnoses(&known) {
        notes.lose(format!("diagnoses are not kept: {error}"));
    }
    if let Some(first) = reasons.first() {
        notes.lose(format!(
            "{} failed attempts are not diagnosed: {first:#}",
            reasons.len()
        ));
    }
}

fn one(evidence: Evidence) -> Result<StoredDiagnosis> {
    Ok(StoredDiagnosis {
        attempt_id: evidence.attempt.id,
        run_id: evidence.attempt.run_id,
        test_id: evidence.attempt.test_id,
        evidence_hash: archive::evidence::hash(&evidence)?,
        diagnosis: diagnosis::diagnose(&evidence),
    })
}

fn unwrapped(
    diagnosis: Result<Option<Result<StoredDiagnosis>>, StoreError>,
) -> Result<StoredDiagnosis> {
    diagnosis?.context("the store does not know the attempt")?
}
