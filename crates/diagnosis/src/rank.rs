//! Weighs the suspects: who it was, who else it could have been.
//!
//! What the failure speaks of goes before what merely came early; of equals the score decides. A score is the strength of the pattern and, on top, what connects the call with the failure. The numbers order
//! suspects and nothing else; the words that people see have fixed conditions (`conclude`).
//! Why these numbers: `docs/design/0004-diagnosis-first-rules.md`.

use std::cmp::Reverse;

use model::Phase;

use crate::calls::Call;
use crate::compare::Difference;
use crate::context::Context;
use crate::fingerprint;
use crate::relevance::{self, Link, Other};
use crate::rules::Suspect;
use crate::state;

mod consequences;

pub(crate) use consequences::is_absorbed;
use consequences::{
    deepest, explains, first_of_each_call, first_of_each_fingerprint, may_be_behind,
    other_readings, without_consequences, without_echoes,
};

/// The passing recording has the same call, and it came out otherwise.
const DIFFERS: u32 = 40;
/// Nothing that differs came before it.
const EARLIEST: u32 = 35;
/// The failure's text repeats something of it.
const REPEATED: u32 = 30;
/// The test was waiting for it when its time ran out.
const AWAITED: u32 = 25;
/// It was the last call before the failure.
const LAST: u32 = 15;
/// It was the last but one.
const LAST_BUT_ONE: u32 = 5;
/// It was in the phase that failed.
const SAME_PHASE: u32 = 5;
/// A rival within this distance is near.
const NEAR: u32 = 15;
/// At most so many rivals are named.
const RIVALS: usize = 3;

/// A suspect with its weight.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    pub(crate) suspect: Suspect,
    pub(crate) score: u32,
    pub(crate) fingerprint: String,
    /// What of it the failure's text repeats.
    pub(crate) repeated: Option<String>,
    /// Whether it is the earliest thing that differs from the passing recording.
    pub(crate) earliest: bool,
    /// Whether the passing recording has the same call, and it came out otherwise.
    differs: bool,
    /// How firmly the failure is linked with it.
    pub(crate) link: Link,
    /// Whether no call came after it.
    last: bool,
    /// Whether anything connects it with the failure.
    related: bool,
}

/// Who it was, if anybody, and who else it could have been.
#[derive(Debug, Default)]
pub(crate) struct Ranking {
    pub(crate) blamed: Option<Ranked>,
    pub(crate) rivals: Vec<Ranked>,
    /// Whether one of the rivals is near.
    pub(crate) near_rival: bool,
    /// An answer that no rule holds against anybody, and of which the failure speaks.
    pub(crate) other: Option<Other>,
}

/// Weighs the suspects.
pub(crate) fn rank(context: &Context, suspects: Vec<Suspect>) -> Ranking {
    let all = weighed(context, suspects);
    let first = first_of_each_call(without_echoes(context, &all));
    let before = deepest(context, first);
    let mut ranked = without_consequences(context, &before);
    let Some(at) = ranked.iter().position(|one| one.related) else {
        ranked.truncate(RIVALS);
        return Ranking {
            rivals: ranked,
            ..Ranking::default()
        };
    };
    let blamed = ranked.remove(at);
    ranked.retain(|other| other.fingerprint != blamed.fingerprint);
    let mut rivals = first_of_each_fingerprint(ranked);
    let explained: Vec<usize> = before
        .iter()
        .filter(|other| explains(context, &blamed, other))
        .map(|other| other.suspect.call)
        .collect();
    let other = relevance::other(context, &blamed.suspect, &explained);
    let outweighed = other
        .as_ref()
        .is_some_and(|other| other.outweighs(blamed.link, context.comparison.is_some()));
    if outweighed {
        rivals.insert(0, blamed);
        rivals.truncate(RIVALS);
        return Ranking {
            rivals,
            other,
            ..Ranking::default()
        };
    }
    let behind = rivals
        .iter()
        .position(|rival| may_be_behind(context, rival, &blamed));
    match behind {
        Some(at) => {
            let refused = rivals.remove(at);
            behind_a_refusal(context, refused, blamed, rivals)
        }
        None => beside_its_rivals(&all, blamed, rivals, other),
    }
}

/// The suspects with their weight, best first.
fn weighed(context: &Context, suspects: Vec<Suspect>) -> Vec<Ranked> {
    let order = context.counting();
    let mut ranked: Vec<Ranked> = suspects
        .into_iter()
        .map(|suspect| weigh(context, &order, suspect))
        .collect();
    // Of equals the one that the test met first; then the name, so that the order of concurrent calls says nothing.
    ranked.sort_by_key(|one| {
        (
            Reverse(one.link == Link::Strong),
            // An error says more than an answer that differs, and that more than a request: tests change, and pass all
            // the same.
            one.link < Link::Strong && one.suspect.is_of_content(),
            one.link < Link::Strong && one.suspect.is_of_request(),
            // What the test survived is less likely what it failed over.
            Reverse(one.link == Link::Strong && one.last),
            Reverse(one.score),
            context.known_at(one.suspect.call),
            one.fingerprint.clone(),
        )
    });
    ranked
}

/// An answer that speaks for itself, and a write to somebody else that was refused before it: where something is not
/// there, it may well be what was refused, else nothing decides.
fn behind_a_refusal(
    context: &Context,
    refused: Ranked,
    answer: Ranked,
    mut rivals: Vec<Ranked>,
) -> Ranking {
    let other = Some(relevance::as_other(context, &answer.suspect));
    let lacks = state::lacks(context, answer.suspect.call);
    let (blamed, rival) = if lacks {
        (Some(refused), answer)
    } else {
        (None, refused)
    };
    rivals.insert(0, rival);
    rivals.truncate(RIVALS);
    Ranking {
        blamed,
        near_rival: true,
        other,
        rivals,
    }
}

/// The blamed one with what else it could have been.
fn beside_its_rivals(
    all: &[Ranked],
    blamed: Ranked,
    mut rivals: Vec<Ranked>,
    other: Option<Other>,
) -> Ranking {
    rivals.truncate(RIVALS);
    let close = |rival: &Ranked| rival.score + NEAR >= blamed.score;
    let near = |rival: &Ranked| close(rival) || rival.link == Link::Strong && rival.differs;
    let readings = other_readings(all, &blamed);
    let rivals_it = |reading: &Ranked| close(reading) && !reading.suspect.is_general();
    let near_rival = rivals.iter().any(near) || readings.iter().any(rivals_it);
    rivals.extend(readings);
    rivals.truncate(RIVALS);
    Ranking {
        near_rival,
        blamed: Some(blamed),
        rivals,
        other,
    }
}

fn weigh(context: &Context, order: &[usize], suspect: Suspect) -> Ranked {
    let call = suspect.call;
    let compared = context.comparison.is_some();
    let differs = compared && differs_there(context, &suspect);
    let outer: Vec<usize> = order
        .iter()
        .copied()
        .filter(|other| context.is_inside(call, *other))
        .collect();
    let repeated = context.failure.repeats(context.try_at(call, suspect.at));
    // What the service made of it is as good as the call itself.
    let passed_on = outer.iter().any(|outer| {
        context
            .failure
            .repeats(context.calls[*outer].last())
            .is_some()
    });
    let is_it = |other: &usize| *other == call || outer.contains(other);
    let own = |other: &&usize| context.is_own(**other) || is_it(other);
    let from_end = order.iter().filter(own).rev().position(is_it);
    let phase = context.calls[call].signature.phase;
    let earliest = differs && !suspect.elsewhere && is_earliest(context, order, call);
    let link = relevance::link(context, &suspect);
    let mut score = suspect.strength;
    score += if differs { DIFFERS } else { 0 };
    score += if earliest { EARLIEST } else { 0 };
    score += if repeated.is_some() || passed_on {
        REPEATED
    } else {
        0
    };
    score += if suspect.awaited { AWAITED } else { 0 };
    score += match from_end {
        Some(0) => LAST,
        Some(1) => LAST_BUT_ONE,
        _ => 0,
    };
    score += if context.failure.phase == Some(phase) {
        SAME_PHASE
    } else {
        0
    };
    let set_up_failed = context.failure.phase == Some(Phase::Setup);
    let near_the_end = from_end.is_some_and(|from_end| from_end < 2);
    Ranked {
        link,
        last: from_end == Some(0),
        related: differs
            || link == Link::Strong
            || repeated.is_some()
            || passed_on
            || suspect.awaited
            || near_the_end
            || set_up_failed,
        fingerprint: fingerprint::of(context, &suspect),
        suspect,
        score,
        repeated,
        differs,
        earliest,
    }
}

/// Whether the passing recording has the same call, and it came out otherwise. The time that a call took counts too:
/// the rule that names it has compared it.
fn differs_there(context: &Context, suspect: &Suspect) -> bool {
    // What a rule tells in words of its own it has compared itself.
    if suspect.clause.is_some() || suspect.detail.is_some() && is_absorbed(context, suspect) {
        return true;
    }
    let Some(other) = context.counterpart(suspect.call) else {
        return false;
    };
    let either_is_fine = other.last().is_fine() || context.calls[suspect.call].last().is_fine();
    either_is_fine
        && (context.difference(suspect.call) == Some(Difference::Outcome)
            || suspect.cause == model::Cause::DependencySlow)
        || context.difference(suspect.call) == Some(Difference::Content)
}

/// Whether nothing that differs came before the call: no other request, outcome or content, no call too many, none
/// missing.
fn is_earliest(context: &Context, order: &[usize], call: usize) -> bool {
    let Some(comparison) = &context.comparison else {
        return false;
    };
    let differs_before = order
        .iter()
        .any(|other| match comparison.differences[*other] {
            Difference::None => false,
            // A call that this one was made for has asked before it, whenever it was answered.
            Difference::Request | Difference::Extra if context.is_inside(call, *other) => true,
            _ => context.precedes(*other, call),
        });
    comparison.counterpart(call).is_some()
        && !differs_before
        && missing_before(context, call).is_none()
}

/// A call that the passing recording has before the counterpart of this one, and that was not made here.
pub(crate) fn missing_before<'a>(context: &'a Context, call: usize) -> Option<&'a Call> {
    let comparison = context.comparison.as_ref()?;
    let counterpart = comparison.counterpart(call)?;
    let mut missing = context.missing_of_the_test();
    missing.find(|missing| {
        let over = missing.last().known_at();
        missing.fixture.is_some() && counterpart.fixture.is_none()
            || over.is_some_and(|over| over <= counterpart.start())
    })
}
