//! Reading rows.

use archive::{ArchiveError, row};
use model::{
    Attempt, AttemptId, Gap, GapKind, Listener, Run, RunId, SpanId, Test, TestId, Timestamp,
    TraceId,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params_from_iter};

use super::error::{READ, Trying as _, translate};
use super::write::{number, part_key};
use crate::prefix;
use crate::{
    AttemptQuery, Chunk, DerivedKind, DiagnosisQuery, Kept, Mark, Part, PrefixMatch, Process,
    RunQuery, StoreError, StoredDiagnosis,
};

pub(super) fn run(connection: &Connection, id: RunId) -> Result<Option<Run>, StoreError> {
    let found = all(
        connection,
        "SELECT document FROM run WHERE id = ?1",
        [id.0],
        |row| document(row, 0),
    )?;
    Ok(found.into_iter().next())
}

pub(super) fn runs(connection: &Connection, query: &RunQuery) -> Result<Vec<Run>, StoreError> {
    let mut filter = Filter::default();
    if let Some(project) = &query.project {
        filter.and("project = ?", project.clone());
    }
    if let Some((started, id)) = query.after {
        // The first condition follows from the other one, and is the one that an index answers.
        filter.and("started <= ?", started.0);
        filter.and("(started < ? OR id > ?)", started.0);
        filter.values.push(id.0.to_vec().into());
    }
    let sql = format!(
        "SELECT document FROM run {} ORDER BY started DESC, id {}",
        filter.sql(),
        limit(query.limit),
    );
    all(connection, &sql, params_from_iter(filter.values), |row| {
        document(row, 0)
    })
}

pub(super) fn attempts(
    connection: &Connection,
    query: &AttemptQuery,
) -> Result<Vec<(Attempt, Test)>, StoreError> {
    let mut filter = Filter::default();
    if let Some(run) = query.run {
        filter.and("attempt.run_id = ?", run.0.to_vec());
    }
    if let Some(test) = query.test {
        filter.and("attempt.test_id = ?", test.0.to_vec());
    }
    if let Some(attempt) = query.attempt {
        filter.and("attempt.id = ?", attempt.0.to_vec());
    }
    if query.passed_only {
        filter.and("attempt.status = ?", "passed".to_owned());
    }
    // Attempts whose run never arrived are listed last.
    let sql = format!(
        "SELECT attempt.document, test.document FROM attempt
         JOIN test ON test.id = attempt.test_id
         LEFT JOIN run ON run.id = attempt.run_id
         {} ORDER BY run.started DESC, attempt.run_id, attempt.start, attempt.id {}",
        filter.sql(),
        limit(query.limit),
    );
    all(connection, &sql, params_from_iter(filter.values), |row| {
        Ok((document(row, 0)?, document(row, 1)?))
    })
}

pub(super) fn chunks(connection: &Connection, trace: TraceId) -> Result<Vec<Chunk>, StoreError> {
    all(
        connection,
        "SELECT trace_id, data FROM chunk WHERE trace_id = ?1 ORDER BY id",
        [trace.0],
        chunk,
    )
}

pub(super) fn unattributed(connection: &Connection, run: RunId) -> Result<Vec<Chunk>, StoreError> {
    all(
        connection,
        "SELECT trace_id, data FROM chunk WHERE run_id = ?1
         AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.id = chunk.trace_id)
         ORDER BY id",
        [run.0],
        chunk,
    )
}

pub(super) fn derived(
    connection: &Connection,
    kind: DerivedKind,
    parts: &[Part],
) -> Result<Vec<Kept>, StoreError> {
    let one = |part: &Part| {
        let mark = mark(connection, *part)?;
        let found = all(
            connection,
            "SELECT data FROM derived WHERE part = ?1 AND kind = ?2 AND version = ?3
             AND chunks = ?4 AND newest = ?5",
            (
                part_key(*part),
                kind.name,
                kind.version,
                number(mark.chunks),
                number(mark.newest),
            ),
            |row| column(row, 0),
        )?;
        Ok(Kept {
            mark,
            data: found.into_iter().next(),
        })
    };
    parts.iter().map(one).collect()
}

fn mark(connection: &Connection, part: Part) -> Result<Mark, StoreError> {
    let (sql, id) = match part {
        Part::Trace(trace) => (
            "SELECT count(*), ifnull(max(id), 0) FROM chunk WHERE trace_id = ?1",
            trace.0,
        ),
        Part::Rest(run) => (
            "SELECT count(*), ifnull(max(id), 0) FROM chunk WHERE run_id = ?1
             AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.id = chunk.trace_id)",
            run.0,
        ),
    };
    let found = all(connection, sql, [id], |row| {
        Ok(Mark {
            chunks: u64::try_from(column::<i64>(row, 0)?).unwrap_or(0),
            newest: u64::try_from(column::<i64>(row, 1)?).unwrap_or(0),
        })
    })?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// We wrote every line of it, so one that cannot be read means that the file is damaged, and is not passed over.
fn chunk(row: &Row<'_>) -> Result<Chunk, StoreError> {
    let trace_id: Option<[u8; 16]> = column(row, 0)?;
    let data = row.get_ref(1).trying(READ)?;
    let bytes = data
        .as_blob()
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let (records, problems) = archive::chunk::decode(bytes).map_err(unreadable)?;
    match problems.first() {
        Some(problem) => Err(StoreError::Corrupt(format!(
            "a chunk, line {}: {}",
            problem.line, problem.reason
        ))),
        None => Ok(Chunk {
            trace_id: trace_id.map(TraceId),
            spans: records.spans,
            logs: records.logs,
        }),
    }
}

pub(super) fn gaps(connection: &Connection, run: RunId) -> Result<Vec<Gap>, StoreError> {
    all(
        connection,
        "SELECT trace_id, span_id, kind, detail, count FROM gap WHERE run_id = ?1
         ORDER BY trace_id, span_id, kind, detail",
        [run.0],
        |row| {
            let kind: String = column(row, 2)?;
            let detail: String = column(row, 3)?;
            let count: i64 = column(row, 4)?;
            Ok(Gap {
                run_id: run,
                trace_id: column::<Vec<u8>>(row, 0)?.try_into().ok().map(TraceId),
                span_id: column::<Vec<u8>>(row, 1)?.try_into().ok().map(SpanId),
                kind: kind.parse::<GapKind>().map_err(|()| {
                    StoreError::Corrupt(format!("a gap of the unknown kind `{kind}`"))
                })?,
                count: u64::try_from(count).unwrap_or(0),
                detail: (!detail.is_empty()).then_some(detail),
            })
        },
    )
}

pub(super) fn processes(connection: &Connection, run: RunId) -> Result<Vec<Process>, StoreError> {
    all(
        connection,
        "SELECT instance, pid, parent_pid, agent, command, runs_tests, ended FROM process
         WHERE run_id = ?1 ORDER BY pid, instance",
        [run.0],
        |row| {
            Ok(Process {
                run_id: run,
                instance: column(row, 0)?,
                pid: column(row, 1)?,
                parent_pid: column(row, 2)?,
                agent: column(row, 3)?,
                command: row::decode_texts(&column::<String>(row, 4)?).map_err(unreadable)?,
                runs_tests: column(row, 5)?,
                ended: column(row, 6)?,
            })
        },
    )
}

pub(super) fn listeners(connection: &Connection, run: RunId) -> Result<Vec<Listener>, StoreError> {
    all(
        connection,
        "SELECT time, host, port, open, pid, service, program, runs_tests FROM listener
         WHERE run_id = ?1 ORDER BY time, id",
        [run.0],
        |row| {
            Ok(Listener {
                time: Timestamp(column(row, 0)?),
                host: column(row, 1)?,
                port: column(row, 2)?,
                open: column(row, 3)?,
                pid: column(row, 4)?,
                service: column(row, 5)?,
                program: column(row, 6)?,
                runs_tests: column(row, 7)?,
            })
        },
    )
}

/// Columns of [`stored_diagnosis`], from the first.
const DIAGNOSIS: &str = "diagnosis.attempt_id, diagnosis.run_id, diagnosis.test_id, diagnosis.evidence_hash, diagnosis.document";

fn stored_diagnosis(row: &Row<'_>) -> Result<StoredDiagnosis, StoreError> {
    Ok(StoredDiagnosis {
        attempt_id: AttemptId(column(row, 0)?),
        run_id: RunId(column(row, 1)?),
        test_id: TestId(column(row, 2)?),
        evidence_hash: column(row, 3)?,
        diagnosis: document(row, 4)?,
    })
}

pub(super) fn diagnosis(
    connection: &Connection,
    attempt: AttemptId,
) -> Result<Option<StoredDiagnosis>, StoreError> {
    let sql = format!("SELECT {DIAGNOSIS} FROM diagnosis WHERE attempt_id = ?1");
    let found = all(connection, &sql, [attempt.0], stored_diagnosis)?;
    Ok(found.into_iter().next())
}

pub(super) fn sightings(
    connection: &Connection,
    fingerprint: &str,
    except: RunId,
    at_most: usize,
) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
    let sql = format!(
        "SELECT {DIAGNOSIS}, run.document FROM diagnosis JOIN run ON run.id = diagnosis.run_id
         WHERE fingerprint = ?1 AND run_id <> ?2
         ORDER BY run.started DESC, attempt_id {}",
        limit(Some(at_most)),
    );
    all(connection, &sql, (fingerprint, except.0), |row| {
        Ok((stored_diagnosis(row)?, document(row, 5)?))
    })
}

pub(super) fn recent_diagnoses(
    connection: &Connection,
    except: RunId,
    at_most: usize,
) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
    // CROSS JOIN fixes the order of the loops: runs from the newest on, so that the limit ends the search early.
    let sql = format!(
        "SELECT {DIAGNOSIS}, run.document FROM run CROSS JOIN diagnosis ON diagnosis.run_id = run.id
         WHERE run.id <> ?1 AND fingerprint <> ''
         ORDER BY run.started DESC, run.id, attempt_id {}",
        limit(Some(at_most)),
    );
    all(connection, &sql, [except.0], |row| {
        Ok((stored_diagnosis(row)?, document(row, 5)?))
    })
}

pub(super) fn diagnoses(
    connection: &Connection,
    query: &DiagnosisQuery,
) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
    let mut filter = Filter::default();
    if let Some(run) = query.run {
        filter.and("diagnosis.run_id = ?", run.0.to_vec());
    }
    if let Some(test) = query.test {
        filter.and("diagnosis.test_id = ?", test.0.to_vec());
    }
    let sql = format!(
        "SELECT {DIAGNOSIS}, run.document FROM diagnosis JOIN run ON run.id = diagnosis.run_id
         {} ORDER BY run.started DESC, run.id, attempt_id {}",
        filter.sql(),
        limit(query.limit),
    );
    all(connection, &sql, params_from_iter(filter.values), |row| {
        Ok((stored_diagnosis(row)?, document(row, 5)?))
    })
}

pub(super) fn tests(connection: &Connection) -> Result<Vec<(TestId, Test)>, StoreError> {
    let sql = "SELECT id, document FROM test ORDER BY id";
    all(connection, sql, [], |row| {
        Ok((TestId(column(row, 0)?), document(row, 1)?))
    })
}

pub(super) fn find(
    connection: &Connection,
    digits: &str,
    at_most: usize,
) -> Result<Vec<PrefixMatch>, StoreError> {
    let Some((low, high)) = prefix::range(digits) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT 0, id FROM run WHERE id BETWEEN ?1 AND ?2
         UNION ALL SELECT 1, id FROM attempt WHERE id BETWEEN ?1 AND ?2
         ORDER BY 1, 2 {}",
        limit(Some(at_most)),
    );
    all(connection, &sql, (low, high), |row| {
        let id = column(row, 1)?;
        Ok(match column::<i64>(row, 0)? {
            0 => PrefixMatch::Run(RunId(id)),
            _ => PrefixMatch::Attempt(AttemptId(id)),
        })
    })
}

/// Of all ids of a kind, those right before and right after one have the most digits in common with it.
pub(super) fn unique_prefix(
    connection: &Connection,
    id: PrefixMatch,
    minimum: usize,
) -> Result<usize, StoreError> {
    let (table, bytes) = match id {
        PrefixMatch::Run(id) => ("run", id.0),
        PrefixMatch::Attempt(id) => ("attempt", id.0),
    };
    let neighbour = |sql: String| -> Result<Option<[u8; 16]>, StoreError> {
        connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_row([bytes], |row| row.get(0)).optional())
            .trying(READ)
    };
    let before = neighbour(format!(
        "SELECT id FROM {table} WHERE id < ?1 ORDER BY id DESC LIMIT 1"
    ))?;
    let after = neighbour(format!(
        "SELECT id FROM {table} WHERE id > ?1 ORDER BY id LIMIT 1"
    ))?;
    let needed = [before, after]
        .into_iter()
        .flatten()
        .map(|other| prefix::common_digits(&bytes, &other) + 1)
        .max();
    Ok(needed.unwrap_or(0).max(minimum).min(32))
}

/// Conditions, and the values of their parameters in order.
#[derive(Default)]
struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }

    fn sql(&self) -> String {
        match self.conditions.as_slice() {
            [] => String::new(),
            conditions => format!("WHERE {}", conditions.join(" AND ")),
        }
    }
}

fn limit(at_most: Option<usize>) -> String {
    match at_most.and_then(|at_most| i64::try_from(at_most).ok()) {
        Some(at_most) => format!("LIMIT {at_most}"),
        None => String::new(),
    }
}

pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).trying(READ)?;
    let mut rows = statement.query(params).trying(READ)?;
    let mut values = Vec::new();
    while let Some(row) = rows.next().trying(READ)? {
        values.push(read(row)?);
    }
    Ok(values)
}

/// A column. One of another type than was written means that the file is damaged.
pub(super) fn column<T: rusqlite::types::FromSql>(
    row: &Row<'_>,
    index: usize,
) -> Result<T, StoreError> {
    row.get(index).map_err(|error| match error.sqlite_error() {
        Some(_) => translate(READ, &error),
        None => StoreError::Corrupt(error.to_string()),
    })
}

fn document<T: row::Row>(row: &Row<'_>, index: usize) -> Result<T, StoreError> {
    row::decode(&column::<String>(row, index)?).map_err(unreadable)
}

fn unreadable(error: ArchiveError) -> StoreError {
    match error {
        newer @ ArchiveError::TooNew { .. } => StoreError::Engine {
            operation: READ,
            reason: newer.to_string(),
        },
        other => StoreError::Corrupt(other.to_string()),
    }
}
