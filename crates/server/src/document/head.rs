//! The head of a recording: what its page shows before anything else. Small on purpose.

use anyhow::Result;
use model::AttemptId;
use schemars::JsonSchema;
use serde::Serialize;
use store::{Part, PrefixMatch, Store};

use super::build::{Builder, attempt_row, run_entry, short_id};
use super::runs::counts;
use super::types::{Kind, SCHEMA, Status, Test};
use super::{ListedRun, of_run};
use crate::time::javascript;

/// What is known of an attempt without its recording.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Head {
    /// Version of this layout.
    pub schema: u32,
    /// The run; its counts are those of the whole run.
    pub run: ListedRun,
    /// The test, with this attempt only.
    pub test: Test,
    /// All attempts of this test in this run, in order.
    pub tries: Vec<Try>,
    /// The attempt shown before this one: failures when this one failed, else all tests.
    pub previous: Option<String>,
    /// The attempt shown after this one.
    pub next: Option<String>,
    /// Log records.
    pub logs: u64,
    /// Log records that are warnings or worse.
    pub warnings: u64,
}

/// One attempt of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Try {
    /// The attempt.
    pub attempt: String,
    /// The shortest beginning of its id.
    pub short_id: String,
    /// 1 for the first.
    pub number: u32,
    /// How it went.
    pub status: Status,
}

/// The head of a recording.
///
/// # Errors
/// When the store cannot be read, or does not know the attempt.
pub fn head(store: &dyn Store, id: AttemptId) -> Result<Head> {
    let row = attempt_row(store, id)?;
    let run_id = row.0.run_id;
    let of_run = of_run(store, run_id)?;
    let run = store
        .run(run_id)?
        .ok_or_else(|| anyhow::anyhow!("read run {run_id}: the store does not know it"))?;
    let (previous, next) = neighbours(&of_run, &row.0);
    let tries = tries(store, &of_run, &row.0)?;
    let part = Part::Trace(id.into());
    let builder = Builder::new(store, &run, &[part])?;
    let tally = builder.tally(part);
    let test = builder.test(vec![row])?;
    let test = test.ok_or_else(|| anyhow::anyhow!("read attempt {id}: it is empty"))?;
    let mut run = ListedRun::from(run_entry(store, run)?);
    run.counts = counts(&of_run);
    Ok(Head {
        schema: SCHEMA,
        run,
        test,
        tries,
        previous,
        next,
        logs: javascript(tally.logs),
        warnings: javascript(tally.warnings),
    })
}

type Row = (model::Attempt, model::Test);

fn tries(store: &dyn Store, of_run: &[Row], shown: &model::Attempt) -> Result<Vec<Try>> {
    let mut rows: Vec<&model::Attempt> = of_run
        .iter()
        .map(|(attempt, _)| attempt)
        .filter(|attempt| attempt.test_id == shown.test_id)
        .collect();
    rows.sort_by_key(|attempt| (attempt.start, attempt.number, attempt.id));
    rows.into_iter()
        .map(|attempt| {
            Ok(Try {
                attempt: attempt.id.to_string(),
                short_id: short_id(store, PrefixMatch::Attempt(attempt.id))?,
                number: attempt.number,
                status: attempt.status.into(),
            })
        })
        .collect()
}

/// The attempts before and after one, among those that somebody who looks at it goes through.
fn neighbours(of_run: &[Row], shown: &model::Attempt) -> (Option<String>, Option<String>) {
    let bad = Status::from(shown.status).is_bad();
    let mut rows: Vec<&model::Attempt> = of_run
        .iter()
        .map(|(attempt, _)| attempt)
        .filter(|attempt| !bad || Status::from(attempt.status).is_bad())
        .collect();
    rows.sort_by_key(|attempt| (Kind::from(attempt.kind), attempt.start, attempt.id));
    let at = rows.iter().position(|attempt| attempt.id == shown.id);
    let id = |at: Option<usize>| {
        let row = at.and_then(|at| rows.get(at));
        row.map(|attempt| attempt.id.to_string())
    };
    (
        id(at.and_then(|at| at.checked_sub(1))),
        id(at.map(|at| at + 1)),
    )
}
