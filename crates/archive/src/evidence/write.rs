//! Writes evidence, line by line.

use model::{Baseline, Evidence, Recording, RunFacts};

use super::{
    BASELINE, BASELINE_FIXTURE, BaselineLine, FIXTURE, FactsLine, Parts, RECORDING, VARIANT,
    VARIANT_FIXTURE, VariantLine,
};
use crate::lines::{Place, Writer};
use crate::{ArchiveError, Kind};

const ZSTD_LEVEL: i32 = 3;

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
    recording(&mut writer, RECORDING, &evidence.recording)?;
    fixtures(&mut writer, FIXTURE, &evidence.fixtures)?;
    if let Some(baseline) = baseline {
        writer.plain("baseline", baseline_line(baseline))?;
        writer.line("attempt", Some(BASELINE), &baseline.attempt)?;
        recording(&mut writer, BASELINE, &baseline.recording)?;
        fixtures(&mut writer, BASELINE_FIXTURE, &baseline.fixtures)?;
        writer.lines("listener", Some(BASELINE), &baseline.listeners)?;
    }
    for (at, other) in evidence.variants.iter().enumerate() {
        variant(&mut writer, at, other)?;
    }
    writer.lines("signature", None, &evidence.signatures)?;
    writer.lines("peer", None, &evidence.peers)?;
    writer.lines("listener", None, &evidence.listeners)?;
    facts(&mut writer, &evidence.facts)?;
    Ok(writer)
}

fn baseline_line(baseline: &Baseline) -> BaselineLine {
    BaselineLine {
        basis: baseline.basis,
        run_started: baseline.run_started,
        tags: baseline.tags.clone(),
        touches: baseline.touches.clone(),
    }
}

fn variant(writer: &mut Writer, at: usize, other: &Baseline) -> Result<(), ArchiveError> {
    writer.plain(
        "variant",
        VariantLine {
            variant: at,
            baseline: baseline_line(other),
            attempt: other.attempt.clone(),
            fixtures: other.fixtures.len(),
            listeners: other.listeners.clone(),
        },
    )?;
    recording(writer, &format!("{VARIANT}{at}"), &other.recording)?;
    fixtures(writer, &format!("{VARIANT_FIXTURE}{at}:"), &other.fixtures)
}

fn facts(writer: &mut Writer, facts: &RunFacts) -> Result<(), ArchiveError> {
    writer.plain(
        "facts",
        FactsLine {
            run: facts.run_id,
            commit: facts.commit.clone(),
            exit: facts.exit,
            ended: facts.ended.clone(),
        },
    )?;
    writer.lines("sighting", None, &facts.sightings)?;
    writer.lines("past", None, &facts.past)?;
    writer.lines("touch", None, &facts.touches)?;
    writer.lines("outage", None, &facts.outages)
}

fn fixtures(writer: &mut Writer, part: &str, all: &[Recording]) -> Result<(), ArchiveError> {
    for (at, fixture) in all.iter().enumerate() {
        recording(writer, &format!("{part}{at}"), fixture)?;
    }
    Ok(())
}

fn recording(writer: &mut Writer, part: &str, recording: &Recording) -> Result<(), ArchiveError> {
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
