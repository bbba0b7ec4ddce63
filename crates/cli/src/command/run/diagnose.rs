//! Step of a run: says of each attempt that did not pass why, as far as the evidence carries.

use anyhow::{Context as _, Result};
use model::{Attempt, AttemptId, AttemptStatus, Evidence, Exit, Outage, RunId};
use server::SIGNER;
use signal_hook::consts::SIGINT;
use store::{AttemptQuery, Elsewhere, PrefixMatch, RunContext, Store, StoreError, StoredDiagnosis};

use super::notes::Notes;

/// Diagnoses all attempts of the run that failed or never ended, those that were tried again included. What cannot be
/// diagnosed is noted, and the others go on. Passing recordings may come from elsewhere, too.
pub(crate) fn all(store: &dyn Store, run: RunId, elsewhere: &Elsewhere, notes: &mut Notes) {
    let nothing = |error: StoreError| format!("nothing is diagnosed: {error}");
    let attempts = match attempts_of(store, run) {
        Ok(attempts) if attempts.is_empty() => return,
        Ok(attempts) => attempts,
        Err(error) => return notes.lose(nothing(error)),
    };
    let Found {
        known,
        reasons,
        outages,
    } = match each(store, run, &attempts, elsewhere) {
        Ok(found) => found,
        Err(error) => return notes.lose(nothing(error)),
    };
    // Together, because each commit of the store costs a write to the disk.
    if let Err(error) = store.put_diagnoses(&known) {
        notes.lose(format!("diagnoses are not kept: {error}"));
    }
    // Like everything computed they may be lost.
    let _unkept = store::keep_outages(store, run, &outages);
    if let Some(first) = reasons.first() {
        notes.lose(format!(
            "{} failed attempts are not diagnosed: {first:#}",
            reasons.len()
        ));
    }
}

/// What is concluded of a run or an attempt with passing recordings from elsewhere, too. Nothing of it is kept.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn again(
    store: &dyn Store,
    target: PrefixMatch,
    elsewhere: &Elsewhere,
) -> Result<Vec<StoredDiagnosis>> {
    let (run, attempts) = match target {
        PrefixMatch::Run(run) => (run, attempts_of(store, run)?),
        PrefixMatch::Attempt(id) => {
            let query = AttemptQuery {
                attempt: Some(id),
                ..AttemptQuery::default()
            };
            let rows = store.attempts(&query)?.into_iter();
            let attempt = rows.map(|(attempt, _)| attempt).next();
            let attempt = attempt.context("the store does not know the attempt")?;
            (attempt.run_id, vec![attempt])
        }
    };
    let Found { known, reasons, .. } = each(store, run, &attempts, elsewhere)?;
    reasons.into_iter().next().map_or(Ok(known), Err)
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

/// What was concluded, why some could not be diagnosed, and which peers were out of order.
struct Found {
    known: Vec<StoredDiagnosis>,
    reasons: Vec<anyhow::Error>,
    outages: Vec<Outage>,
}

fn each(
    store: &dyn Store,
    run: RunId,
    attempts: &[Attempt],
    elsewhere: &Elsewhere,
) -> Result<Found, StoreError> {
    let context = RunContext::new(store, run, SIGNER)?.with(elsewhere);
    let ids: Vec<AttemptId> = attempts.iter().map(|attempt| attempt.id).collect();
    let (mut known, mut reasons) = (Vec::with_capacity(attempts.len()), Vec::new());
    for diagnosis in context.each(&ids, one) {
        match unwrapped(diagnosis) {
            Ok(diagnosis) => known.push(diagnosis),
            Err(reason) => reasons.push(reason),
        }
    }
    Ok(Found {
        outages: context.outages()?,
        known,
        reasons,
    })
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
