//! Writing rows. Every function runs inside a transaction of its caller.

use archive::{ArchiveError, row};
use model::{Attempt, AttemptId, Gap, Listener, Run, RunId, Test, TraceId};
use rusqlite::{Connection, Params};

use super::Outcome;
use super::error::{Trying as _, WRITE};
use crate::{Batch, Derived, Part, Process, StoreError, StoredDiagnosis};

/// What of a batch is compressed before it is written.
pub(super) struct Prepared {
    chunks: Vec<Vec<u8>>,
}

impl Prepared {
    pub(super) fn new(batch: &Batch) -> Result<Self, StoreError> {
        let encode = |chunk: &crate::Chunk| {
            archive::chunk::encode(&chunk.spans, &chunk.logs).map_err(unwritable)
        };
        Ok(Self {
            chunks: batch.chunks.iter().map(encode).collect::<Result<_, _>>()?,
        })
    }
}

pub(super) fn run(connection: &Connection, run: &Run) -> Result<Outcome, StoreError> {
    execute(
        connection,
        "INSERT INTO run (id, project, started, document) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET project = ?2, started = ?3, document = ?4",
        (run.id.0, &run.project, run.started.0, document(run)?),
    )?;
    Ok(Outcome::Keep)
}

pub(super) fn batch(
    connection: &Connection,
    batch: &Batch,
    prepared: &Prepared,
) -> Result<Outcome, StoreError> {
    let is_new = execute(
        connection,
        "INSERT OR IGNORE INTO batch_seen (id, run_id) VALUES (?1, ?2)",
        (batch.id.0, batch.run_id.0),
    )? > 0;
    if !is_new {
        return Ok(Outcome::Discard);
    }
    for (chunk, data) in batch.chunks.iter().zip(&prepared.chunks) {
        execute(
            connection,
            "INSERT INTO chunk (run_id, trace_id, data) VALUES (?1, ?2, ?3)",
            (batch.run_id.0, chunk.trace_id.map(|id| id.0), data),
        )?;
    }
    for (attempt, test) in &batch.attempts {
        put_attempt(connection, attempt, test)?;
    }
    for gap in &batch.gaps {
        add_gap(connection, gap)?;
    }
    for process in &batch.processes {
        put_process(connection, process)?;
    }
    for listener in &batch.listeners {
        add_listener(connection, batch.run_id, listener)?;
    }
    Ok(Outcome::Keep)
}

pub(super) fn adopt(
    connection: &Connection,
    run: RunId,
    trace: TraceId,
    test: AttemptId,
) -> Result<Outcome, StoreError> {
    execute(
        connection,
        "UPDATE chunk SET trace_id = ?3 WHERE run_id = ?1 AND trace_id = ?2",
        (run.0, trace.0, test.0),
    )?;
    Ok(Outcome::Keep)
}

pub(super) fn diagnoses(
    connection: &Connection,
    diagnoses: &[StoredDiagnosis],
) -> Result<Outcome, StoreError> {
    for stored in diagnoses {
        execute(
            connection,
            "INSERT OR REPLACE INTO diagnosis
             (attempt_id, run_id, test_id, fingerprint, evidence_hash, document)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                stored.attempt_id.0,
                stored.run_id.0,
                stored.test_id.0,
                &stored.diagnosis.fingerprint,
                &stored.evidence_hash,
                document(&stored.diagnosis)?,
            ),
        )?;
    }
    Ok(Outcome::Keep)
}

pub(super) fn derived(connection: &Connection, all: &[Derived]) -> Result<Outcome, StoreError> {
    for derived in all {
        execute(
            connection,
            "INSERT OR REPLACE INTO derived (part, kind, version, chunks, newest, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                part_key(derived.part),
                derived.kind.name,
                derived.kind.version,
                number(derived.mark.chunks),
                number(derived.mark.newest),
                &derived.data,
            ),
        )?;
    }
    Ok(Outcome::Keep)
}

/// A number as SQLite has them.
pub(super) fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How a part is named in the table of what was derived.
pub(super) fn part_key(part: Part) -> [u8; 17] {
    let (letter, id) = match part {
        Part::Trace(trace) => (b't', trace.0),
        Part::Rest(run) => (b'r', run.0),
    };
    let mut key = [letter; 17];
    key[1..].copy_from_slice(&id);
    key
}

fn put_attempt(connection: &Connection, attempt: &Attempt, test: &Test) -> Result<(), StoreError> {
    execute(
        connection,
        "INSERT INTO test (id, document) VALUES (?1, ?2)
         ON CONFLICT (id) DO UPDATE SET document = ?2 WHERE document <> ?2",
        (attempt.test_id.0, document(test)?),
    )?;
    execute(
        connection,
        "INSERT OR REPLACE INTO attempt (id, run_id, test_id, status, start, document)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            attempt.id.0,
            attempt.run_id.0,
            attempt.test_id.0,
            attempt.status.as_str(),
            attempt.start.0,
            document(attempt)?,
        ),
    )?;
    Ok(())
}

fn add_gap(connection: &Connection, gap: &Gap) -> Result<(), StoreError> {
    // A sum beyond 2^63 stays there; SQLite would make a double of it.
    execute(
        connection,
        "INSERT INTO gap (run_id, trace_id, span_id, kind, detail, count)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET count = CASE
             WHEN count > 9223372036854775807 - excluded.count THEN 9223372036854775807
             ELSE count + excluded.count END",
        (
            gap.run_id.0,
            gap.trace_id.map_or(vec![], |id| id.0.to_vec()),
            gap.span_id.map_or(vec![], |id| id.0.to_vec()),
            gap.kind.as_str(),
            gap.detail.as_deref().unwrap_or_default(),
            i64::try_from(gap.count).unwrap_or(i64::MAX),
        ),
    )?;
    Ok(())
}

fn put_process(connection: &Connection, process: &Process) -> Result<(), StoreError> {
    execute(
        connection,
        "INSERT OR REPLACE INTO process
         (run_id, instance, pid, parent_pid, agent, command, runs_tests, ended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            process.run_id.0,
            &process.instance,
            process.pid,
            process.parent_pid,
            &process.agent,
            row::encode_texts(&process.command).map_err(unwritable)?,
            process.runs_tests,
            &process.ended,
        ),
    )?;
    Ok(())
}

fn add_listener(
    connection: &Connection,
    run_id: RunId,
    listener: &Listener,
) -> Result<(), StoreError> {
    execute(
        connection,
        "INSERT INTO listener (run_id, time, host, port, open, pid, service, program, runs_tests)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            run_id.0,
            listener.time.0,
            &listener.host,
            listener.port,
            listener.open,
            listener.pid,
            &listener.service,
            &listener.program,
            listener.runs_tests,
        ),
    )?;
    Ok(())
}

pub(super) fn execute(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<usize, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .trying(WRITE)
}

fn document(row: &impl row::Row) -> Result<String, StoreError> {
    row::encode(row).map_err(unwritable)
}

fn unwritable(error: ArchiveError) -> StoreError {
    StoreError::Engine {
        operation: WRITE,
        reason: error.to_string(),
    }
}
