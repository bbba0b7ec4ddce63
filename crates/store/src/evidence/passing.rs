//! Passing recordings of the same test: the one to compare with, further ones whole, and what many of them looked like.
//!
//! The best basis decides ([`super::baseline`]); among candidates of equal basis, which of them is most like the failing
//! attempt: by how many calls they share, in whole percent, so that a little more likeness is not preferred to a newer
//! recording.

use std::cmp::Reverse;
use std::collections::HashMap;

use model::{Baseline, BaselineBasis, Recording, SIGNATURE_LIMIT, Signature, VARIANT_LIMIT};

use super::RunContext;
use super::baseline::{Candidate, Source};
use super::signing::Found;
use crate::StoreError;
use crate::signature_block::Ids;

/// The most signatures that are made for one run's failures where none are kept, shared between them; each failure has at
/// least as many as it reads recordings. To make one, a recording is read; it is kept then.
const MADE_LIMIT: usize = 600;

/// The most passing recordings that are read whole for one run's failures, shared between them; each failure has at least
/// its baseline. Reading one, and reading its calls, is most of what a diagnosis costs; and many failures at once have
/// few causes, seldom one that a variant is needed for.
const WHOLE_LIMIT: usize = 300;

/// How many recordings each of so many failures may read whole: its baseline and variants.
fn whole_each(failures: usize) -> usize {
    (WHOLE_LIMIT / failures.max(1)).clamp(1, 1 + VARIANT_LIMIT)
}

/// Passing recordings of the test of an attempt.
#[derive(Default)]
pub(super) struct Passing {
    pub(super) baseline: Option<Baseline>,
    pub(super) variants: Vec<Baseline>,
    /// Of these and of more, best first: that of the baseline is the first. Without identifiers.
    pub(super) signatures: Vec<Signature>,
    /// That of the baseline with its identifiers, if it was made just now.
    pub(super) named: Option<Signature>,
}

/// A candidate that was looked at.
struct Known<'c> {
    candidate: Candidate<'c>,
    signature: Signature,
    /// What its signature was made of just now.
    recording: Option<Recording>,
    rank: (BaselineBasis, Reverse<u32>, usize),
}

impl RunContext<'_> {
    /// Chooses among the candidates, which are sorted, and says where the baseline is from. `failures` is how many of the run
    /// want to be compared.
    pub(super) fn choose<'c>(
        &self,
        candidates: Vec<Candidate<'c>>,
        ours: &Signature,
        failures: usize,
    ) -> Result<(Passing, Option<Source<'c>>), StoreError> {
        let mut known = self.look_at(candidates, ours, failures)?;
        known.sort_by_key(|known| known.rank);
        let mut passing = Passing::default();
        let mut whole = Vec::new();
        let mut from = None;
        for known in known {
            if whole.len() < whole_each(failures) {
                let source = known.candidate.source;
                let is_made = known.recording.is_some();
                match self.read(known.candidate, known.recording)? {
                    Some(baseline) => {
                        if whole.is_empty() && is_made {
                            passing.named = Some(known.signature.clone());
                        }
                        from.get_or_insert(source);
                        whole.push(baseline);
                    }
                    // Its recording has gone since its signature was made.
                    None => continue,
                }
            }
            passing.signatures.push(without_ids(known.signature));
        }
        let mut whole = whole.into_iter();
        passing.baseline = whole.next();
        passing.variants = whole.collect();
        Ok((passing, from))
    }

    fn look_at<'c>(
        &self,
        candidates: Vec<Candidate<'c>>,
        ours: &Signature,
        failures: usize,
    ) -> Result<Vec<Known<'c>>, StoreError> {
        let share = Share::of(ours);
        let whole = whole_each(failures);
        let mut allowed = (MADE_LIMIT / failures.max(1)).clamp(whole, SIGNATURE_LIMIT);
        let mut known: Vec<Known<'_>> = Vec::new();
        for candidate in candidates {
            if known.len() >= SIGNATURE_LIMIT {
                break;
            }
            let Some((signature, recording)) = self.sign(&candidate, &mut allowed)? else {
                continue;
            };
            let alike = share.percent(&signature);
            let rank = (candidate.basis, Reverse(alike), known.len());
            // No more than may be needed are held.
            let recording = recording.filter(|_| known.len() < whole);
            known.push(Known {
                candidate,
                signature,
                recording,
                rank,
            });
        }
        Ok(known)
    }

    /// The signature of a candidate, and the recording if it had to be read for it. None when nothing is left of it, or when
    /// no more signatures are to be made.
    pub(super) fn sign(
        &self,
        candidate: &Candidate<'_>,
        allowed: &mut usize,
    ) -> Result<Option<(Signature, Option<Recording>)>, StoreError> {
        let attempt = &candidate.attempt;
        let history = match candidate.source {
            Source::Store(history) => history,
            Source::Given(given) => {
                if given.recording.spans.is_empty() {
                    return Ok(None);
                }
                let signature = (self.signer.sign)(
                    attempt,
                    &given.recording,
                    &given.fixtures,
                    self.peers(),
                    &given.listeners,
                );
                return Ok(Some((signature, None)));
            }
        };
        let mark = match history.kept_signature(attempt, self.peers(), Ids::LeftOut)? {
            Found::Kept(signature) => return Ok(Some((signature, None))),
            Found::Nothing(mark) => mark,
        };
        if *allowed == 0 {
            return Ok(None);
        }
        let recording = history.recording(attempt.run_id, attempt.id.into())?;
        if recording.spans.is_empty() {
            return Ok(None);
        }
        *allowed -= 1;
        let signature = history.make_signature(attempt, (&recording, mark), self.peers())?;
        Ok(Some((signature, Some(recording))))
    }

    /// The whole of a candidate; none when nothing is left of its recording.
    fn read(
        &self,
        candidate: Candidate<'_>,
        recording: Option<Recording>,
    ) -> Result<Option<Baseline>, StoreError> {
        let Candidate {
            attempt,
            basis,
            source,
        } = candidate;
        let history = match source {
            Source::Store(history) => history,
            Source::Given(given) => {
                return Ok(Some(Baseline {
                    basis,
                    ..given.clone()
                }));
            }
        };
        let run_id = attempt.run_id;
        let recording = match recording {
            Some(recording) => recording,
            None => history.recording(run_id, attempt.id.into())?,
        };
        if recording.spans.is_empty() {
            return Ok(None);
        }
        let run = history.run(run_id)?;
        let (run_started, tags) =
            run.map_or_else(Default::default, |run| (run.started, run.tags.clone()));
        Ok(Some(Baseline {
            recording,
            fixtures: history.fixtures(&attempt)?,
            listeners: history.listeners(run_id)?.to_vec(),
            basis,
            run_started,
            tags,
            touches: Vec::new(),
            attempt,
        }))
    }
}

/// Only those of the attempt itself are asked for: who else wrote to the same things.
fn without_ids(mut signature: Signature) -> Signature {
    for call in &mut signature.calls {
        call.ids = Vec::new();
        call.made = Vec::new();
    }
    signature
}

/// What makes two calls the same: peer, method, template, operation and the hash of the request.
type Key<'a> = (&'a str, &'a str, &'a str, Option<&'a str>, u64);

/// How much of a signature others share.
struct Share<'a> {
    calls: HashMap<Key<'a>, usize>,
    count: usize,
}

impl<'a> Share<'a> {
    fn of(signature: &'a Signature) -> Self {
        Self {
            calls: counted(signature),
            count: signature.calls.len(),
        }
    }

    /// Calls that both have, of all of both.
    fn percent(&self, other: &Signature) -> u32 {
        let both: usize = counted(other)
            .iter()
            .map(|(key, count)| self.calls.get(key).map_or(0, |ours| *ours.min(count)))
            .sum();
        let all = self.count + other.calls.len();
        match all {
            0 => 100,
            _ => u32::try_from(200 * both / all).unwrap_or_default(),
        }
    }
}

fn counted(signature: &Signature) -> HashMap<Key<'_>, usize> {
    let mut counted = HashMap::with_capacity(signature.calls.len());
    for call in &signature.calls {
        let key = (
            call.peer.as_str(),
            call.method.as_str(),
            call.template.as_str(),
            call.operation.as_deref(),
            call.request,
        );
        *counted.entry(key).or_insert(0) += 1;
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_failures_share() {
        let check = |failures: usize, expected: usize| {
            assert_eq!(whole_each(failures), expected, "{failures}");
        };
        check(0, 3);
        check(100, 3);
        check(101, 2);
        check(151, 1);
        check(10_000, 1);
    }
}
