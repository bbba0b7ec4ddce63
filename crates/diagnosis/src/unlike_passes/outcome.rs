//! Calls that came out as in no other pass: refused, failed, or not refused although they always were.

use std::collections::BTreeSet;

use model::{CallSignature, OddityKind, Phase};

use super::field::{Field, Found, Pool};
use super::words;

/// How a call came out, as far as it can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Came<'a> {
    /// An answer that is no error.
    Fine,
    /// A refusal that says what is wrong with the request: `404`, `400 QueueDoesNotExist`.
    Refused(&'a str),
    /// A refusal for another reason, or no whole answer: `500`, `429`, `ECONNRESET`, `timeout`.
    Failed(&'a str),
    /// Nothing that says anything of the peer: still open, or given up by the client itself.
    Unknown,
}

impl<'a> Came<'a> {
    pub(super) fn of(call: &'a CallSignature) -> Self {
        let outcome = call.outcome.as_str();
        let has_status = outcome.starts_with(|first: char| first.is_ascii_digit());
        match outcome {
            _ if call.fine => Self::Fine,
            "open" | "cancelled" => Self::Unknown,
            _ if call.refused || outcome == "garbled" => Self::Failed(outcome),
            _ if has_status => Self::Refused(outcome),
            _ => Self::Unknown,
        }
    }
}

/// The calls that came out otherwise than in all other passes, and those that failed without any like them there.
pub(super) fn odd<'a>(field: &Field<'a>) -> Vec<Found<'a>> {
    let found = field.calls().filter_map(|call| one(field, call));
    found.collect()
}

fn one<'a>(field: &Field<'a>, call: &'a CallSignature) -> Option<Found<'a>> {
    let came = Came::of(call);
    let pool = field.pool(call)?;
    let elsewhere = |calls: &Vec<&CallSignature>| calls.iter().any(|other| Came::of(other) == came);
    if came == Came::Unknown || pool.there.iter().any(elsewhere) {
        return None;
    }
    match expected(&pool) {
        Some(other) => {
            let weight = weight(Came::of(other), came, call.phase, field.had_turned(call))?;
            Some(Found {
                kind: OddityKind::Outcome,
                weight,
                here: Some(call),
                there: None,
                text: words::came_out_otherwise(call, other),
                moral: words::of_outcome(Came::of(other), came),
            })
        }
        None => {
            let is_failure = matches!(came, Came::Failed(_));
            (is_failure && has_settled(&pool) && !is_absorbed(&pool, call)).then(|| Found {
                kind: OddityKind::Error,
                weight: 0,
                here: Some(call),
                there: None,
                text: words::failed_besides(call),
                moral: words::OF_ERROR,
            })
        }
    }
}

/// How telling a turn is, less being more; none for one that has an innocent explanation.
fn weight(there: Came<'_>, here: Came<'_>, phase: Phase, had_turned: bool) -> Option<u8> {
    match (there, here) {
        // A peer that failed did so whatever the test does, and wherever.
        (Came::Refused(_), Came::Failed(_)) => Some(0),
        (Came::Fine, Came::Failed(_)) => Some(1),
        _ if had_turned => None,
        // Who asks does not depend on what was left there; all else that a set-up or a tear-down finds does.
        (Came::Fine, Came::Refused(said)) if is_about_who_asks(said) => Some(1),
        _ if phase != Phase::Body => None,
        (Came::Refused(_), Came::Refused(_)) => Some(2),
        (Came::Fine, Came::Refused(_)) => Some(3),
        (Came::Refused(_), Came::Fine) => Some(4),
        // Whoever failed in all other passes may work now.
        _ => None,
    }
}

/// Whether a refusal is about who asks, not about what is asked for.
fn is_about_who_asks(outcome: &str) -> bool {
    outcome.starts_with("401") || outcome.starts_with("403")
}

/// A call of another pass that came out in a way that every other pass has, and this one has too seldom.
fn expected<'a>(pool: &Pool<'a>) -> Option<&'a CallSignature> {
    let count = |calls: &[&CallSignature], came: Came<'_>| {
        let alike = calls.iter().filter(|call| Came::of(call) == came);
        alike.count()
    };
    let first = pool.there.first()?;
    let is_too_seldom = |call: &&&CallSignature| {
        let came = Came::of(call);
        let there = pool.there.iter().map(|calls| count(calls, came)).min();
        came != Came::Unknown && there.is_some_and(|there| count(&pool.here, came) < there)
    };
    first.iter().find(is_too_seldom).copied()
}

/// Whether all other passes agree on how these calls come out.
fn has_settled(pool: &Pool<'_>) -> bool {
    let ways = |calls: &Vec<&CallSignature>| -> BTreeSet<String> {
        calls
            .iter()
            .map(|call| format!("{:?}", Came::of(call)))
            .collect()
    };
    let mut ways = pool.there.iter().map(ways);
    let first = ways.next();
    ways.all(|other| Some(other) == first)
}

/// Whether the same was asked again later, and came out as in the other passes.
fn is_absorbed(pool: &Pool<'_>, call: &CallSignature) -> bool {
    let as_ever = |other: &CallSignature| {
        let came = Came::of(other);
        pool.there
            .iter()
            .flatten()
            .any(|there| Came::of(there) == came)
    };
    let later = pool.here.iter().filter(|other| other.start > call.start);
    later.into_iter().any(|other| as_ever(other))
}
