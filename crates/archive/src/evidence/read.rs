//! Reads evidence back. A line that cannot be read costs only itself.

use model::{
    Attempt, Baseline, Evidence, Listener, PeerDeclaration, Recording, RunFacts, Signature, Test,
};

use super::{
    BASELINE, BASELINE_FIXTURE, BaselineLine, FIXTURE, FactsLine, Parts, RECORDING, VARIANT,
    VARIANT_FIXTURE, VariantLine,
};
use crate::lines::{self, Record, Resources};
use crate::{ArchiveError, Kind, Problem};

/// The most fixtures of one attempt.
const FIXTURE_LIMIT: usize = 10_000;

/// The most variants that are read; far more than are written.
const VARIANT_LIMIT: usize = 100;

/// The evidence of an archive, and what could not be read of it. A baseline or variant whose own line is lost is left out.
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
    records: Records,
    baseline: Option<BaselineLine>,
    baseline_attempt: Option<Attempt>,
    baseline_records: Records,
    baseline_listeners: Vec<Listener>,
    variants: Vec<(Option<VariantLine>, Records)>,
    signatures: Vec<Signature>,
    peers: Vec<PeerDeclaration>,
    listeners: Vec<Listener>,
    facts: RunFacts,
}

/// A recording and those of its fixtures.
#[derive(Default)]
struct Records {
    recording: Recording,
    fixtures: Vec<Recording>,
}

impl Draft {
    fn take(&mut self, record: &Record<'_>) -> Result<(), String> {
        match record.t.as_ref() {
            "parts" => {
                let parts: Parts = record.plain()?;
                grow(&mut self.records.fixtures, parts.fixtures)?;
                grow(&mut self.baseline_records.fixtures, parts.baseline_fixtures)?;
            }
            "test" => self.test = Some(record.content()?),
            "attempt" => match record.part.as_deref() {
                Some(BASELINE) => self.baseline_attempt = Some(record.content()?),
                _ => self.attempt = Some(record.content()?),
            },
            "baseline" => self.baseline = Some(record.plain()?),
            "variant" => self.variant(record.plain()?)?,
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
            "signature" => self.signatures.push(record.content()?),
            "peer" => self.peers.push(record.content()?),
            "listener" => match record.part.as_deref() {
                Some(BASELINE) => self.baseline_listeners.push(record.content()?),
                _ => self.listeners.push(record.content()?),
            },
            _ => self.fact(record)?,
        }
        Ok(())
    }

    fn fact(&mut self, record: &Record<'_>) -> Result<(), String> {
        let facts = &mut self.facts;
        match record.t.as_ref() {
            "facts" => {
                let line: FactsLine = record.plain()?;
                facts.run_id = line.run;
                facts.commit = line.commit;
                facts.exit = line.exit;
                facts.ended = line.ended;
            }
            "sighting" => facts.sightings.push(record.content()?),
            "past" => facts.past.push(record.content()?),
            "touch" => facts.touches.push(record.content()?),
            "outage" => facts.outages.push(record.content()?),
            other => return Err(format!("unknown type `{other}`")),
        }
        Ok(())
    }

    fn variant(&mut self, line: VariantLine) -> Result<(), String> {
        let (known, records) = self.variant_at(line.variant)?;
        grow(&mut records.fixtures, line.fixtures)?;
        *known = Some(line);
        Ok(())
    }

    fn variant_at(&mut self, at: usize) -> Result<&mut (Option<VariantLine>, Records), String> {
        if at >= VARIANT_LIMIT {
            return Err(format!("more than {VARIANT_LIMIT} variants"));
        }
        if self.variants.len() <= at {
            self.variants.resize_with(at + 1, Default::default);
        }
        Ok(&mut self.variants[at])
    }

    /// The recording that a line belongs to; the attempt's own when it does not say.
    fn part(&mut self, record: &Record<'_>) -> Result<&mut Recording, String> {
        let part = record.part.as_deref().unwrap_or(RECORDING);
        let unknown = || format!("unknown part `{part}`");
        let number = |text: &str| text.parse::<usize>().map_err(|_| unknown());
        if part == RECORDING {
            Ok(&mut self.records.recording)
        } else if part == BASELINE {
            Ok(&mut self.baseline_records.recording)
        } else if let Some(at) = part.strip_prefix(FIXTURE) {
            self.records.fixture(number(at)?)
        } else if let Some(at) = part.strip_prefix(BASELINE_FIXTURE) {
            self.baseline_records.fixture(number(at)?)
        } else if let Some(at) = part.strip_prefix(VARIANT) {
            Ok(&mut self.variant_at(number(at)?)?.1.recording)
        } else if let Some((variant, at)) = part
            .strip_prefix(VARIANT_FIXTURE)
            .and_then(|numbers| numbers.split_once(':'))
        {
            let at = number(at)?;
            self.variant_at(number(variant)?)?.1.fixture(at)
        } else {
            Err(unknown())
        }
    }

    fn finish(self) -> Result<Evidence, ArchiveError> {
        let baseline = self.baseline.zip(self.baseline_attempt);
        let variants = self.variants.into_iter();
        Ok(Evidence {
            test: self.test.ok_or(ArchiveError::Missing("the test"))?,
            attempt: self.attempt.ok_or(ArchiveError::Missing("the attempt"))?,
            recording: self.records.recording,
            fixtures: self.records.fixtures,
            baseline: baseline.map(|(line, attempt)| {
                let listeners = self.baseline_listeners;
                passing(line, attempt, listeners, self.baseline_records)
            }),
            variants: variants
                .filter_map(|(line, records)| {
                    let line = line?;
                    Some(passing(
                        line.baseline,
                        line.attempt,
                        line.listeners,
                        records,
                    ))
                })
                .collect(),
            signatures: self.signatures,
            peers: self.peers,
            listeners: self.listeners,
            facts: self.facts,
        })
    }
}

fn passing(
    line: BaselineLine,
    attempt: Attempt,
    listeners: Vec<Listener>,
    records: Records,
) -> Baseline {
    Baseline {
        attempt,
        recording: records.recording,
        fixtures: records.fixtures,
        listeners,
        basis: line.basis,
        run_started: line.run_started,
        tags: line.tags,
        touches: line.touches,
    }
}

impl Records {
    fn fixture(&mut self, at: usize) -> Result<&mut Recording, String> {
        grow(&mut self.fixtures, at.saturating_add(1))?;
        Ok(&mut self.fixtures[at])
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
