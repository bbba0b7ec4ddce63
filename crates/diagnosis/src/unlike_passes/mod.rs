//! Passed, but its recording is not like those of the other passes: a warning that changes no result.
//!
//! A test that passes on another error than it asks for may be checking nothing, and nobody looks at what passes. So the
//! recording is held against those of the other passes of the same test, and what none of them has is told: a call that came
//! out otherwise ([`outcome`]), one that was left out ([`missing`]), another credential ([`credential`]), an answer of another
//! shape ([`shape`]). Everything that may have an innocent explanation is silence; which those are stands in the table of
//! `docs/concepts/unlike-passes.md`, which is the table of the tests, and why in `docs/design/0013-unlike-passes.md`.

mod credential;
mod field;
mod missing;
mod outcome;
mod shape;
mod words;

use std::collections::HashSet;

use model::{AttemptStatus, Evidence, ODDITY_LIMIT, Oddity, OddityKind, Signature, Unlike};

use crate::signature::signature;
use field::{Field, Found};

/// Whether a passing recording may not be like the other passes, by what they looked like: whoever gets a yes reads them and
/// asks [`unlike_passes`]. A no with two of them is an answer: what one of these has is no oddity, whatever further ones have.
#[must_use]
pub fn may_be_unlike(own: &Signature, others: &[Signature]) -> bool {
    let others: Vec<&Signature> = others.iter().collect();
    let Some(field) = Field::new(own, &others) else {
        return false;
    };
    !outcome::odd(&field).is_empty()
        || !credential::suspects(&field).is_empty()
        || !missing::suspects(&field).is_empty()
        || !shape::suspects(&field).is_empty()
}

/// What of a passing attempt no other pass of its test has; none when it did not pass, when there are fewer than two others to
/// hold it against, and when nothing tells.
///
/// Fixtures are attempts of their own and not looked at again for each test that they serve.
#[must_use]
pub fn unlike_passes(evidence: &Evidence) -> Option<Unlike> {
    let attempt = &evidence.attempt;
    if attempt.status != AttemptStatus::Passed {
        return None;
    }
    let (recording, peers) = (&evidence.recording, &evidence.peers);
    let own = signature(attempt, recording, &[], peers, &evidence.listeners);
    let others: Vec<&Signature> = evidence
        .signatures
        .iter()
        .filter(|other| other.attempt_id != attempt.id)
        .collect();
    let field = Field::new(&own, &others)?;
    let mut found = outcome::odd(&field);
    if found.is_empty() {
        // What was left out behind an error is its consequence.
        found.extend(missing::odd(&field, evidence));
    }
    found.extend(credential::odd(&field, evidence));
    found.extend(shape::odd(&field, evidence));
    let nearest = evidence.baseline.as_ref().map(|pass| pass.attempt.id);
    let nearest = nearest.or(others.first().map(|other| other.attempt_id))?;
    let oddities = told(found, &field, nearest);
    let first = oddities.first()?;
    Some(Unlike {
        passes: others.len() as u64,
        nearest,
        summary: words::summary(others.len(), first, &oddities),
        left_out: oddities.len().saturating_sub(ODDITY_LIMIT) as u64,
        oddities: oddities
            .into_iter()
            .map(|told| told.oddity)
            .take(ODDITY_LIMIT)
            .collect(),
    })
}

/// An oddity with what is said of it after the facts.
struct Told {
    oddity: Oddity,
    moral: &'static str,
}

/// The oddities as they are told: those that weigh most first, then by time; each once, however many calls show it.
fn told(mut found: Vec<Found<'_>>, field: &Field<'_>, nearest: model::AttemptId) -> Vec<Told> {
    found.sort_by_key(|odd| (odd.kind, odd.weight, odd.here.map(|call| call.start)));
    let mut known: HashSet<(OddityKind, String, String)> = HashSet::new();
    let mut told = Vec::new();
    for odd in found {
        let Some(shown) = odd.here.or(odd.there) else {
            continue;
        };
        let call = words::call(shown);
        if !known.insert((odd.kind, call.clone(), odd.text.clone())) {
            continue;
        }
        let since = |at: model::Timestamp| at.0.checked_sub(field.own.start.0);
        told.push(Told {
            moral: odd.moral,
            oddity: Oddity {
                kind: odd.kind,
                call,
                at: odd
                    .here
                    .and_then(|call| u64::try_from(since(call.start)?).ok()),
                span_id: odd.here.map(|call| call.span_id),
                other_span_id: field.counterpart(shown, nearest).map(|call| call.span_id),
                text: odd.text,
            },
        });
    }
    told
}
