//! How the test came out before: whether it fails whenever it runs on this commit.

use model::AttemptStatus;

use crate::context::Context;

/// So many other attempts make a habit.
const ATTEMPTS: usize = 2;

/// Whether all other attempts on this commit failed as well, and there were enough of them. Chance that comes and goes,
/// such as a race, does not explain that.
pub(crate) fn always_fails_here(context: &Context) -> bool {
    let facts = &context.evidence.facts;
    let Some(commit) = &facts.commit else {
        return false;
    };
    let here = || {
        facts
            .past
            .iter()
            .filter(|past| past.commit.as_ref() == Some(commit))
    };
    let failed =
        |status: AttemptStatus| matches!(status, AttemptStatus::Failed | AttemptStatus::Unfinished);
    let ran = here().filter(|past| past.status != AttemptStatus::Skipped);
    here().filter(|past| failed(past.status)).count() >= ATTEMPTS
        && ran.into_iter().all(|past| failed(past.status))
}
