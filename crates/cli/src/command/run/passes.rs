//! Step of a run: says of tests that passed in what they are not like their other passes. Nothing of it changes a result.

use diagnosis::{may_be_unlike, unlike_passes};
use model::{Attempt, AttemptId, AttemptStatus, RunId, RunState, Unlike};
use server::SIGNER;
use store::{AttemptQuery, Elsewhere, Part, RUN_LIMIT, RunContext, Store, StoreError};

use super::notes::Notes;

/// The most attempts whose recordings are read: where more may be odd, something happened to the whole run.
const READ_LIMIT: usize = 100;

/// Compares all attempts of the run that passed with the other passes of their tests, at most the first 5,000. What cannot be
/// compared is noted. A run that goes on is left alone: it would be looked at again and again.
pub(crate) fn all(store: &dyn Store, run: RunId, elsewhere: &Elsewhere, notes: &mut Notes) {
    if let Err(error) = compare(store, run, elsewhere, notes) {
        notes.lose(format!("passing tests are not compared: {error}"));
    }
}

fn compare(
    store: &dyn Store,
    run: RunId,
    elsewhere: &Elsewhere,
    notes: &mut Notes,
) -> Result<(), StoreError> {
    let is_over = store
        .run(run)?
        .is_some_and(|run| run.state != RunState::Recording);
    let mut attempts = passed(store, run)?;
    if !is_over || attempts.is_empty() {
        return Ok(());
    }
    let context = RunContext::new(store, run, SIGNER)?.with(elsewhere);
    let mut unasked = attempts.len().saturating_sub(RUN_LIMIT);
    attempts.truncate(RUN_LIMIT);
    let mut odd: Vec<AttemptId> = Vec::new();
    let asked = context.may_differ(&attempts, may_be_unlike);
    for (attempt, may_differ) in attempts.iter().zip(asked) {
        match may_differ? {
            Some(true) => odd.push(attempt.id),
            Some(false) => {}
            None => unasked += 1,
        }
    }
    let unread = odd.len().saturating_sub(READ_LIMIT);
    odd.truncate(READ_LIMIT);
    let mut found: Vec<(AttemptId, Option<Unlike>)> = Vec::with_capacity(odd.len());
    for (attempt, unlike) in odd
        .iter()
        .zip(context.each_pass(&odd, |of| unlike_passes(&of)))
    {
        found.push((*attempt, unlike?.flatten()));
    }
    withdraw(store, &attempts, &mut found)?;
    store::keep_unlike(store, &found)?;
    if unread + unasked > 0 {
        notes.lose(format!(
            "{} passing tests are not compared with their other passes: there is too much of them",
            unread + unasked
        ));
    }
    Ok(())
}

fn passed(store: &dyn Store, run: RunId) -> Result<Vec<Attempt>, StoreError> {
    let query = AttemptQuery {
        run: Some(run),
        ..AttemptQuery::default()
    };
    let attempts = store.attempts(&query)?.into_iter();
    let passed = attempts.map(|(attempt, _)| attempt);
    let passed = passed.filter(|attempt| attempt.status == AttemptStatus::Passed);
    Ok(passed.collect())
}

/// Takes back what was found out earlier of attempts that are like the others now.
fn withdraw(
    store: &dyn Store,
    attempts: &[Attempt],
    found: &mut Vec<(AttemptId, Option<Unlike>)>,
) -> Result<(), StoreError> {
    let parts: Vec<Part> = attempts
        .iter()
        .map(|attempt| Part::Trace(attempt.id.into()))
        .collect();
    let kept = store::kept_unlike(store, &parts)?;
    for (attempt, _) in attempts.iter().zip(kept).filter(|(_, kept)| kept.is_some()) {
        if found.iter().all(|(known, _)| *known != attempt.id) {
            found.push((attempt.id, None));
        }
    }
    Ok(())
}
