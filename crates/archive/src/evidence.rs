//! Evidence as an archive: what a diagnosis was computed from, to compute it again or to report a bug with it.

use std::collections::BTreeMap;

use model::{
    Attempt, Baseline, BaselineBasis, Evidence, Exit, Recording, RunFacts, RunId, Test, Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::lines::{self, Place, Record, Resources, Writer};
use crate::scalar::{one, option};
use crate::{ArchiveError, Kind, Problem};

/// The most fixtures of one attempt.
const FIXTURE_LIMIT: usize = 10_000;

const ZSTD_LEVEL: i32 = 3;

/// How many fixtures there are: the recording of one may be empty and have no line of its own.
#[derive(Serialize, Deserialize)]
struct Parts {
    fixtures: usize,
    baseline_fixtures: usize,
}

#[derive(Serialize, Deserialize)]
struct BaselineLine {
    #[serde(with = "one")]
    basis: BaselineBasis,
    #[serde(with = "one")]
    run_started: Timestamp,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct FactsLine {
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    run: Option<RunId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    exit: Option<Exit>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ended: BTreeMap<u32, bool>,
}

/// The archive of this evidence, compressed.
///
/// # Errors
/// When it would be larger than [`crate::SIZE_LIMIT`].
pub fn encode(evidence: &Evidence) -> Result<Vec<u8>, ArchiveError> {
    write(evidence)?.compress(ZSTD_LEVEL)
}

/// The archive of this evidence as text. The same evidence always gives the same text.
///
/// # Errors
/// When it would be larger than [`crate::SIZE_LIMIT`].
pub fn encode_text(evidence: &Evidence) -> Result<Vec<u8>, ArchiveError> {
    Ok(write(evidence)?.into_text())
}

/// SHA-256 of the text, as hex: two diagnoses with the same hash were computed from the same evidence.
///
/// # Errors
/// When the text would be larger than [`crate::SIZE_LIMIT`].
pub fn hash(evidence: &Evidence) -> Result<String, ArchiveError> {
    let digest = Sha256::digest(encode_text(evidence)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn write(evidence: &Evidence) -> Result<Writer, ArchiveError> {
    let mut writer = Writer::new(Kind::Evidence)?;
    let baseline = evidence.baseline.as_ref();
    writer.plain(
        "parts",
        Parts {
            fixtures: evidence.fixtures.len(),
            baseline_fixtures: baseline.map_or(0, |baseline| baseline.fixtures.len()),
        },
    )?;
    writer.line("test", None, &evidence.test)?;
    writer.line("attempt", Some(RECORDING), &evidence.attempt)?;
    write_recording(&mut writer, RECORDING, &evidence.recording)?;
    for (at, fixture) in evidence.fixtures.iter().enumerate() {
        write_recording(&mut writer, &format!("{FIXTURE}{at}"), fixture)?;
    }
    if let Some(baseline) = baseline {
        writer.plain(
            "baseline",
            BaselineLine {
                basis: baseline.basis,
                run_started: baseline.run_started,
                tags: baseline.tags.clone(),
            },
        )?;
        writer.line("attempt", Some(BASELINE), &baseline.attempt)?;
        write_recording(&mut writer, BASELINE, &baseline.recording)?;
        for (at, fixture) in baseline.fixtures.iter().enumerate() {
            write_recording(&mut writer, &format!("{BASELINE_FIXTURE}{at}"), fixture)?;
        }
        writer.lines("listener", Some(BASELINE), &baseline.listeners)?;
    }
    writer.lines("peer", None, &evidence.peers)?;
    writer.lines("listener", None, &evidence.listeners)?;
    writer.plain(
        "facts",
        FactsLine {
            run: evidence.facts.run_id,
            commit: evidence.facts.commit.clone(),
            exit: evidence.facts.exit,
            ended: evidence.facts.ended.clone(),
        },
    )?;
    writer.lines("sighting", None, &evidence.facts.sightings)?;
    Ok(writer)
}

fn write_recording(
    writer: &mut Writer,
    part: &str,
    recording: &Recording,
) -> Result<(), ArchiveError> {
    let place = Place {
        part: Some(part.to_owned()),
        of: None,
    };
    for span in &recording.spans {
        writer.span(&place, span)?;
    }
    for log in &recording.logs {
        writer.log(&place, log)?;
    }
    writer.lines("gap", Some(part), &recording.gaps)
}

/// The evidence of an archive, and what could not be read of it. A baseline whose own line is lost is left out.
///
/// # Errors
/// When it is not an archive of evidence, of a newer format, larger than [`crate::SIZE_LIMIT`], or without its test or
/// attempt.
pub fn decode(bytes: &[u8]) -> Result<(Evidence, Vec<Problem>), ArchiveError> {
    let mut draft = Draft::default();
    let problems = lines::read(bytes, Kind::Evidence, |record| draft.take(record))?;
    Ok((draft.finish()?, problems))
}

/// Evidence while it is read.
#[derive(Default)]
struct Draft {
    resources: Resources,
    test: Option<Test>,
    attempt: Option<Attempt>,
    recording: Recording,
    fixtures: Vec<Recording>,
    baseline: Option<BaselineLine>,
    baseline_attempt: Option<Attempt>,
    baseline_recording: Recording,
    baseline_fixtures: Vec<Recording>,
    baseline_listeners: Vec<model::Listener>,
    peers: Vec<model::PeerDeclaration>,
    listeners: Vec<model::Listener>,
    facts: RunFacts,
}

const RECORDING: &str = "recording";
const FIXTURE: &str = "fixture:";
const BASELINE: &str = "baseline";
const BASELINE_FIXTURE: &str = "baseline-fixture:";

impl Draft {
    fn take(&mut self, record: &Record<'_>) -> Result<(), String> {
        match record.t.as_ref() {
            "parts" => {
                let parts: Parts = record.plain()?;
                grow(&mut self.fixtures, parts.fixtures)?;
                grow(&mut self.baseline_fixtures, parts.baseline_fixtures)?;
            }
            "test" => self.test = Some(record.content()?),
            "attempt" => match record.part.as_deref() {
                Some(BASELINE) => self.baseline_attempt = Some(record.content()?),
                _ => self.attempt = Some(record.content()?),
            },
            "baseline" => self.baseline = Some(record.plain()?),
            "resource" => self.resources.read(record)?,
            "span" => {
                let span = self.resources.span(record)?;
                self.part(record)?.spans.push(span);
            }
            "log" => {
                let log = self.resources.log(record)?;
                self.part(record)?.logs.push(log);
            }
            "gap" => {
                let gap = record.content()?;
                self.part(record)?.gaps.push(gap);
            }
            "peer" => self.peers.push(record.content()?),
            "listener" => match record.part.as_deref() {
                Some(BASELINE) => self.baseline_listeners.push(record.content()?),
                _ => self.listeners.push(record.content()?),
            },
            "facts" => {
                let facts: FactsLine = record.plain()?;
                self.facts.run_id = facts.run;
                self.facts.commit = facts.commit;
                self.facts.exit = facts.exit;
                self.facts.ended = facts.ended;
            }
            "sighting" => self.facts.sightings.push(record.content()?),
            other => return Err(format!("unknown type `{other}`")),
        }
        Ok(())
    }

    /// The recording that a line belongs to; the attempt's own when it does not say.
    fn part(&mut self, record: &Record<'_>) -> Result<&mut Recording, String> {
        let part = record.part.as_deref().unwrap_or(RECORDING);
        let (fixtures, number) = match part {
            RECORDING => return Ok(&mut self.recording),
            BASELINE => return Ok(&mut self.baseline_recording),
            _ => match (
                part.strip_prefix(FIXTURE),
                part.strip_prefix(BASELINE_FIXTURE),
            ) {
                (Some(number), _) => (&mut self.fixtures, number),
                (_, Some(number)) => (&mut self.baseline_fixtures, number),
                (None, None) => return Err(format!("unknown part `{part}`")),
            },
        };
        let at: usize = number
            .parse()
            .map_err(|_| format!("unknown part `{part}`"))?;
        grow(fixtures, at.saturating_add(1))?;
        Ok(&mut fixtures[at])
    }

    fn finish(self) -> Result<Evidence, ArchiveError> {
        let baseline = self.baseline.zip(self.baseline_attempt);
        Ok(Evidence {
            test: self.test.ok_or(ArchiveError::Missing("the test"))?,
            attempt: self.attempt.ok_or(ArchiveError::Missing("the attempt"))?,
            recording: self.recording,
            fixtures: self.fixtures,
            baseline: baseline.map(|(line, attempt)| Baseline {
                attempt,
                recording: self.baseline_recording,
                fixtures: self.baseline_fixtures,
                listeners: self.baseline_listeners,
                basis: line.basis,
                run_started: line.run_started,
                tags: line.tags,
            }),
            variants: Vec::new(),
            signatures: Vec::new(),
            peers: self.peers,
            listeners: self.listeners,
            facts: self.facts,
        })
    }
}

/// Makes room for `count` recordings, unless that is more than any attempt has.
fn grow(recordings: &mut Vec<Recording>, count: usize) -> Result<(), String> {
    if count > FIXTURE_LIMIT {
        return Err(format!("more than {FIXTURE_LIMIT} fixtures"));
    }
    if recordings.len() < count {
        recordings.resize_with(count, Recording::default);
    }
    Ok(())
}
