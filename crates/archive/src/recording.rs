//! Recordings as files: runs, attempts and what they recorded. `.flakescope` files and fixtures are this.

use model::{Attempt, AttemptId, Diagnosis, Gap, Listener, Log, Recording, Run, RunId, Span, Test};
use model::{TestId, TraceId, merge};
use serde::{Deserialize, Serialize};

use crate::lines::{self, Record, Resources, Writer};
use crate::scalar::{As, one};
use crate::{ArchiveError, Kind, Problem};

/// What a file holds: as many runs and attempts as belong together, such as a failing attempt and its baseline.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bundle {
    /// The runs.
    pub runs: Vec<Run>,
    /// Attempts and fixtures, each with its test.
    pub attempts: Vec<(Attempt, Test)>,
    /// Records of spans, each with its run; not merged.
    pub spans: Vec<(RunId, Span)>,
    /// Log records, each with its run.
    pub logs: Vec<(RunId, Log)>,
    /// What is known to be missing.
    pub gaps: Vec<Gap>,
    /// Server sockets, each with its run.
    pub listeners: Vec<(RunId, Listener)>,
    /// What was concluded, by attempt. May always be computed again.
    pub diagnoses: Vec<(AttemptId, Diagnosis)>,
}

impl Bundle {
    /// Everything captured of a trace, merged.
    #[must_use]
    pub fn recording(&self, trace: TraceId) -> Recording {
        let spans = self.spans.iter().map(|(_, span)| span);
        let logs = self.logs.iter().map(|(_, log)| log);
        let gaps = self.gaps.iter();
        Recording {
            spans: merge::spans(spans.filter(|span| span.trace_id == trace).cloned()),
            logs: merge::logs(logs.filter(|log| log.trace_id == Some(trace)).cloned()),
            gaps: gaps
                .filter(|gap| gap.trace_id == Some(trace))
                .cloned()
                .collect(),
        }
    }
}

/// Files are written once and kept: small rather than fast.
const ZSTD_LEVEL: i32 = 9;

#[derive(Serialize)]
struct AttemptLine<'a> {
    #[serde(flatten)]
    attempt: As<&'a Attempt>,
    test: As<&'a Test>,
}

#[derive(Deserialize)]
struct TestOfAttempt {
    #[serde(with = "one")]
    test: Test,
}

/// The bundle as a `.flakescope` file: compressed.
///
/// # Errors
/// When it would be larger than [`crate::SIZE_LIMIT`].
pub fn encode(bundle: &Bundle) -> Result<Vec<u8>, ArchiveError> {
    write(bundle)?.compress(ZSTD_LEVEL)
}

/// The bundle as a `.jsonl` file: text.
///
/// # Errors
/// When it would be larger than [`crate::SIZE_LIMIT`].
pub fn encode_text(bundle: &Bundle) -> Result<Vec<u8>, ArchiveError> {
    Ok(write(bundle)?.into_text())
}

fn write(bundle: &Bundle) -> Result<Writer, ArchiveError> {
    let mut writer = Writer::new(Kind::Recording)?;
    writer.lines("run", None, &bundle.runs)?;
    for (attempt, test) in &bundle.attempts {
        let attempt = As(attempt);
        let test = As(test);
        writer.plain("attempt", AttemptLine { attempt, test })?;
    }
    for (run, listener) in &bundle.listeners {
        writer.line("listener", Some(&run.to_string()), listener)?;
    }
    for (run, span) in &bundle.spans {
        writer.span(Some(&run.to_string()), span)?;
    }
    for (run, log) in &bundle.logs {
        writer.log(Some(&run.to_string()), log)?;
    }
    writer.lines("gap", None, &bundle.gaps)?;
    for (attempt, diagnosis) in &bundle.diagnoses {
        writer.line("diagnosis", Some(&attempt.to_string()), diagnosis)?;
    }
    Ok(writer)
}

/// The bundle of a file, compressed or not, and what could not be read of it.
///
/// # Errors
/// When it is not an archive of recordings, of a newer format, or larger than [`crate::SIZE_LIMIT`].
pub fn decode(bytes: &[u8]) -> Result<(Bundle, Vec<Problem>), ArchiveError> {
    let mut bundle = Bundle::default();
    let mut resources = Resources::default();
    let problems = lines::read(bytes, Kind::Recording, |record| {
        read_line(&mut bundle, &mut resources, record)
    })?;
    Ok((bundle, problems))
}

fn read_line(
    bundle: &mut Bundle,
    resources: &mut Resources,
    record: &Record<'_>,
) -> Result<(), String> {
    match record.t.as_ref() {
        "run" => bundle.runs.push(record.content()?),
        "attempt" => {
            let mut attempt: Attempt = record.content()?;
            let TestOfAttempt { test } = record.plain()?;
            if attempt.test_id == TestId([0; TestId::BYTES]) {
                attempt.test_id = test.id();
            }
            bundle.attempts.push((attempt, test));
        }
        "listener" => {
            let run = run_of(bundle, record)?;
            bundle.listeners.push((run, record.content()?));
        }
        "resource" => resources.read(record)?,
        "span" => {
            let run = run_of(bundle, record)?;
            bundle.spans.push((run, resources.span(record)?));
        }
        "log" => {
            let run = run_of(bundle, record)?;
            bundle.logs.push((run, resources.log(record)?));
        }
        "gap" => bundle.gaps.push(record.content()?),
        "diagnosis" => {
            let part = record.part.as_deref().unwrap_or_default();
            let attempt = part
                .parse()
                .map_err(|_| "a diagnosis without its attempt")?;
            bundle.diagnoses.push((attempt, record.content()?));
        }
        other => return Err(format!("unknown type `{other}`")),
    }
    Ok(())
}

/// The run that a line says it is of, else the first one: a file of one run, written by hand, need not repeat it.
fn run_of(bundle: &Bundle, record: &Record<'_>) -> Result<RunId, String> {
    match &record.part {
        Some(part) => part.parse().map_err(|_| format!("`{part}` is not a run")),
        None => match bundle.runs.first() {
            Some(run) => Ok(run.id),
            None => Err("no run stands before it".to_owned()),
        },
    }
}
