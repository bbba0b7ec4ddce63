//! Recordings as files: runs, attempts and what they recorded. `.flakescope` files and fixtures are this.

use model::{Attempt, AttemptId, Diagnosis, Gap, Listener, Log, Recording, Run, RunId, Span, Test};
use model::{TestId, TraceId, merge};
use serde::{Deserialize, Serialize};

use crate::lines::{self, Place, Record, Resources, Writer};
use crate::scalar::{As, one};
use crate::{ArchiveError, Kind, Problem};

/// What a file holds: as many runs and attempts as belong together, such as a failing attempt and its baseline.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bundle {
    /// The runs.
    pub runs: Vec<Run>,
    /// Attempts and fixtures, each with its test.
    pub attempts: Vec<(Attempt, Test)>,
    /// Records of spans; not merged.
    pub spans: Vec<(Home, Span)>,
    /// Log records.
    pub logs: Vec<(Home, Log)>,
    /// What is known to be missing.
    pub gaps: Vec<Gap>,
    /// Server sockets, each with its run.
    pub listeners: Vec<(RunId, Listener)>,
    /// What was concluded, by attempt. May always be computed again.
    pub diagnoses: Vec<(AttemptId, Diagnosis)>,
}

/// Where a record belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    /// Its run.
    pub run: RunId,
    /// The recording that it is part of, by the trace of its attempt. None: the one of its own trace. Services may have
    /// traces of their own, which links make part of a recording.
    pub recording: Option<TraceId>,
}

impl Home {
    /// In the recording of its own trace.
    #[must_use]
    pub fn own(run: RunId) -> Self {
        Self {
            run,
            recording: None,
        }
    }

    fn is_in(self, recording: TraceId, own: Option<TraceId>) -> bool {
        self.recording.or(own) == Some(recording)
    }
}

impl Bundle {
    /// The recording of an attempt, by its trace: merged, with what belongs to it of other traces.
    #[must_use]
    pub fn recording(&self, trace: TraceId) -> Recording {
        let spans = self.spans.iter();
        let spans = spans.filter(|(home, span)| home.is_in(trace, Some(span.trace_id)));
        let logs = self.logs.iter();
        let logs = logs.filter(|(home, log)| home.is_in(trace, log.trace_id));
        let gaps = self.gaps.iter();
        Recording {
            spans: merge::spans(spans.map(|(_, span)| span.clone())),
            logs: merge::logs(logs.map(|(_, log)| log.clone())),
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
    for (home, span) in &bundle.spans {
        writer.span(&place(home), span)?;
    }
    for (home, log) in &bundle.logs {
        writer.log(&place(home), log)?;
    }
    writer.lines("gap", None, &bundle.gaps)?;
    for (attempt, diagnosis) in &bundle.diagnoses {
        writer.line("diagnosis", Some(&attempt.to_string()), diagnosis)?;
    }
    Ok(writer)
}

fn place(home: &Home) -> Place {
    Place {
        part: Some(home.run.to_string()),
        of: home.recording.map(|recording| recording.to_string()),
    }
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
            let home = home_of(bundle, record)?;
            bundle.spans.push((home, resources.span(record)?));
        }
        "log" => {
            let home = home_of(bundle, record)?;
            bundle.logs.push((home, resources.log(record)?));
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

fn home_of(bundle: &Bundle, record: &Record<'_>) -> Result<Home, String> {
    let recording = record.of.as_deref().map(str::parse).transpose();
    Ok(Home {
        run: run_of(bundle, record)?,
        recording: recording.map_err(|_| "the recording that it is of has no trace id")?,
    })
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
