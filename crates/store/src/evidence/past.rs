//! How other attempts of the same test came out.

use std::cmp::Reverse;
use std::collections::HashMap;

use model::{Attempt, AttemptId, Failure, PAST_LIMIT, PastAttempt};

use super::facts::{BRANCH, COMMIT};
use super::history::History;
use crate::{AttemptQuery, DiagnosisQuery, StoreError};

/// The most bytes of what a failure said.
pub const SAID_BYTES: usize = 500;

/// The newest other attempts of the test, newest first.
pub(super) fn gather(
    history: &History<'_>,
    attempt: &Attempt,
) -> Result<Vec<PastAttempt>, StoreError> {
    let query = AttemptQuery {
        test: Some(attempt.test_id),
        // The attempt itself may be among them.
        limit: Some(PAST_LIMIT + 1),
        ..AttemptQuery::default()
    };
    let mut attempts = history.store.attempts(&query)?;
    attempts.retain(|(other, _)| other.id != attempt.id);
    attempts.sort_by_key(|(other, _)| (Reverse(other.start), other.id));
    attempts.truncate(PAST_LIMIT);
    let causes = causes(history, attempt)?;
    attempts
        .into_iter()
        .map(|(other, _)| {
            let run = history.run(other.run_id)?;
            let tag = |key: &str| run.as_ref().and_then(|run| run.tags.get(key).cloned());
            Ok(PastAttempt {
                attempt_id: other.id,
                run_id: other.run_id,
                status: other.status,
                start: other.start,
                commit: tag(COMMIT),
                branch: tag(BRANCH),
                said: other.failure.as_ref().map(said),
                fingerprint: causes.get(&other.id).cloned(),
            })
        })
        .collect()
}

/// The causes that were named of attempts of the test, by attempt.
fn causes(
    history: &History<'_>,
    attempt: &Attempt,
) -> Result<HashMap<AttemptId, String>, StoreError> {
    let query = DiagnosisQuery {
        test: Some(attempt.test_id),
        limit: Some(PAST_LIMIT + 1),
        ..DiagnosisQuery::default()
    };
    let kept = history.store.diagnoses(&query)?.into_iter();
    Ok(kept
        .map(|(kept, _)| (kept.attempt_id, kept.diagnosis.fingerprint))
        .filter(|(_, fingerprint)| !fingerprint.is_empty())
        .collect())
}

fn said(failure: &Failure) -> String {
    let mut text = match failure.error_type.is_empty() {
        true => failure.message.clone(),
        false => format!("{}: {}", failure.error_type, failure.message),
    };
    text.truncate(text.floor_char_boundary(SAID_BYTES));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_failure_said_is_short() {
        let check = |error_type: &str, message: &str, expected: &str| {
            let failure = Failure {
                error_type: error_type.into(),
                message: message.into(),
                ..Failure::default()
            };
            assert_eq!(said(&failure), expected);
        };
        check("Error", "no", "Error: no");
        check("", "no", "no");
        check("", &"é".repeat(SAID_BYTES), &"é".repeat(SAID_BYTES / 2));
    }
}
