//! The log records of a recording, with the process that wrote each.

use anyhow::Result;
use model::AttemptId;
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use super::build::attempt_row;
use super::recording::{Log, log};
use super::types::SCHEMA;
use crate::service::Peers;

/// The log records of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LogList {
    /// Version of this layout.
    pub schema: u32,
    /// The records, by time.
    pub logs: Vec<Record>,
}

/// A log record and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Record {
    /// The record.
    #[serde(flatten)]
    pub log: Log,
    /// The service that wrote it.
    pub service: String,
}

/// The log records of a recording.
///
/// # Errors
/// When the store cannot be read, or does not know the attempt.
pub fn logs(store: &dyn Store, id: AttemptId) -> Result<LogList> {
    let (attempt, _) = attempt_row(store, id)?;
    let peers = Peers::of_run(store, attempt.run_id)?;
    let records = store::recording(store, id.into())?.logs;
    let logs = records.into_iter().map(|record| Record {
        service: peers.service(&record.resource.attributes),
        log: log(record, attempt.start),
    });
    Ok(LogList {
        schema: SCHEMA,
        logs: logs.collect(),
    })
}
