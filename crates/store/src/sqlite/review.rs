//! Rows of what people say of diagnoses.

use model::{AttemptId, Cause, Review, ReviewVerdict, RunId, TestId, Timestamp};
use rusqlite::{Connection, Row};

use super::Outcome;
use super::read::{self, column};
use super::write::execute;
use crate::StoreError;

const AGREED: &str = "agreed";
const DISPUTED: &str = "disputed";
const WITHDRAWN: &str = "withdrawn";

pub(super) fn put(connection: &Connection, review: &Review) -> Result<Outcome, StoreError> {
    let (verdict, cause) = match review.verdict {
        ReviewVerdict::Agreed => (AGREED, ""),
        ReviewVerdict::Disputed(cause) => (DISPUTED, cause.as_str()),
        ReviewVerdict::Withdrawn => (WITHDRAWN, ""),
    };
    execute(
        connection,
        "INSERT OR REPLACE INTO review
         (attempt_id, run_id, test_id, fingerprint, claimed, verdict, cause, note, time, rules_version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        (
            review.attempt_id.0,
            review.run_id.0,
            review.test_id.0,
            &review.fingerprint,
            review.claimed.as_str(),
            verdict,
            cause,
            &review.note,
            review.time.0,
            review.rules_version,
        ),
    )?;
    Ok(Outcome::Keep)
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Review>, StoreError> {
    let sql = "SELECT attempt_id, run_id, test_id, fingerprint, claimed, verdict, cause, note, time, rules_version
         FROM review ORDER BY time DESC, attempt_id";
    read::all(connection, sql, [], review)
}

fn review(row: &Row<'_>) -> Result<Review, StoreError> {
    let verdict: String = column(row, 5)?;
    Ok(Review {
        attempt_id: AttemptId(column(row, 0)?),
        run_id: RunId(column(row, 1)?),
        test_id: TestId(column(row, 2)?),
        fingerprint: column(row, 3)?,
        claimed: cause(row, 4)?,
        verdict: match verdict.as_str() {
            AGREED => ReviewVerdict::Agreed,
            DISPUTED => ReviewVerdict::Disputed(cause(row, 6)?),
            WITHDRAWN => ReviewVerdict::Withdrawn,
            other => {
                return Err(StoreError::Corrupt(format!(
                    "a review with the unknown verdict `{other}`"
                )));
            }
        },
        note: column(row, 7)?,
        time: Timestamp(column(row, 8)?),
        rules_version: column(row, 9)?,
    })
}

fn cause(row: &Row<'_>, index: usize) -> Result<Cause, StoreError> {
    let name: String = column(row, index)?;
    let unknown = || StoreError::Corrupt(format!("a review with the unknown cause `{name}`"));
    Cause::from_name(&name).ok_or_else(unknown)
}
