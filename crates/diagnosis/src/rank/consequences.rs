//! Which suspects are only what another one led to, and which are readings of the same call.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use model::Cause;

use super::Ranked;
use crate::calls::{Call, Outcome};
use crate::compare::Difference;
use crate::context::Context;
use crate::issued;
use crate::relevance::{self, Link};
use crate::rules::{Stands, Suspect};
use crate::state;

/// Without the answers to what was itself another request than in the passing recording.
pub(super) fn without_echoes(context: &Context, ranked: &[Ranked]) -> Vec<Ranked> {
    let asked: Vec<&Ranked> = ranked
        .iter()
        .filter(|one| one.suspect.is_of_request())
        .collect();
    let is_echo = |one: &Ranked| {
        !one.suspect.is_of_request()
            && asked.iter().any(|asked| {
                asked.suspect.call == one.suspect.call
                    && (one.suspect.is_of_content() || is_for_want_of(context, asked, one))
            })
    };
    let links: Vec<Ranked> = ranked.iter().filter(|one| is_echo(one)).cloned().collect();
    let link = |one: &Ranked| {
        let echoes = links
            .iter()
            .filter(|echo| echo.suspect.call == one.suspect.call);
        echoes
            .map(|echo| echo.link)
            .max()
            .map_or(one.link, |link| one.link.max(link))
    };
    ranked
        .iter()
        .filter(|one| !is_echo(one))
        .map(|one| Ranked {
            link: if one.suspect.is_of_request() {
                link(one)
            } else {
                one.link
            },
            ..one.clone()
        })
        .collect()
}

/// Without those that merely pass on what happened to a call inside them: a service that answers 500 because it was
/// itself answered 503.
pub(super) fn deepest(context: &Context, ranked: Vec<Ranked>) -> Vec<Ranked> {
    let calls: Vec<usize> = ranked.iter().map(|one| one.suspect.call).collect();
    let passes_on = |one: &Ranked| {
        calls
            .iter()
            .any(|inner| context.is_inside(*inner, one.suspect.call))
    };
    ranked.into_iter().filter(|one| !passes_on(one)).collect()
}

/// Without those that an earlier one explains: the same fault of the same peer once more, or a call that asked for
/// something else because the recordings had parted before. A call that sent what it always sends and got another
/// answer is a fault of its own, however many went before. What links the failure with a consequence links it with the
/// one that explains it.
pub(super) fn without_consequences(context: &Context, ranked: &[Ranked]) -> Vec<Ranked> {
    let explains = |one: &Ranked, other: &Ranked| explains(context, one, other);
    let is_explained = |other: &Ranked| ranked.iter().any(|one| explains(one, other));
    let with_links = |one: &Ranked| {
        let consequences = ranked.iter().filter(|other| explains(one, other));
        let link = consequences.map(|other| other.link).max();
        let mut one = Ranked {
            link: one.link.max(link.unwrap_or(Link::None)),
            ..one.clone()
        };
        if ranked.iter().any(|other| is_made_of(context, &one, other)) {
            one.suspect.stands = Stands::Never;
        }
        one
    };
    let mut left: Vec<Ranked> = ranked
        .iter()
        .filter(|one| !is_explained(one))
        .map(with_links)
        .collect();
    left.sort_by_key(|one| Reverse(one.link == Link::Strong));
    left
}

/// Whether an earlier suspect explains a later one.
pub(super) fn explains(context: &Context, one: &Ranked, other: &Ranked) -> bool {
    let (first, call) = (one.suspect.call, other.suspect.call);
    if one.differs && cannot_arrive(context, one, other) {
        return true;
    }
    if !one.differs || !context.precedes(first, call) {
        return false;
    }
    if one.suspect.is_of_request() && !other.suspect.is_of_content() {
        return is_for_want_of(context, one, other);
    }
    let refused = !context.calls[call].last().is_fine() && context.calls[first].last().is_fine();
    if refused && issued::is_withheld(context, first, call) {
        return true;
    }
    let (here, there) = (&context.calls[first], &context.calls[call]);
    if is_made_of(context, one, other) {
        return true;
    }
    let same_peer = here.peer == there.peer;
    let same_fault =
        one.suspect.cause == other.suspect.cause && one.suspect.class == other.suspect.class;
    // An answer to something else, or about what came out otherwise before, is another one by that.
    let follows = other.suspect.is_of_content()
        && (may_change_later(context, &one.suspect)
            || is_absorbed(context, &one.suspect)
            || state::is_about_the_same(here, there));
    same_peer && same_fault || follows || !sends_the_same(context, call)
}

/// Whether the product may have built its answer of another one that it was given: nothing says that it did.
fn is_made_of(context: &Context, one: &Ranked, other: &Ranked) -> bool {
    let first = one.suspect.call;
    !context.is_own(first)
        && one.suspect.is_of_content()
        && !one.suspect.is_of_request()
        && context.difference(first) == Some(Difference::Content)
        && context.precedes(first, other.suspect.call)
        && other.suspect.cause == Cause::Product
        && other.suspect.is_of_content()
}

/// Whether something was refused by the server to which the test itself had left out a write, or made one too many.
fn is_for_want_of(context: &Context, one: &Ranked, other: &Ranked) -> bool {
    let (first, call) = (one.suspect.call, other.suspect.call);
    let (here, there) = (&context.calls[first], &context.calls[call]);
    let write = match one.suspect.class.as_str() {
        "left-out" => super::missing_before(context, first),
        "extra" => Some(here),
        _ => None,
    };
    let refused = match there.last().outcome() {
        Outcome::Refused { status, .. } => {
            matches!(status, 200..=299) && !there.last().invites_retry()
                || matches!(status, 400 | 404 | 409 | 410 | 412 | 422)
        }
        _ => false,
    };
    let is_it = |write: &Call| {
        let related = state::is_graphql(there) || state::is_about_the_same(write, there);
        state::writes(write)
            && write.last().is_fine()
            && write.signature.peer == there.signature.peer
            && related
    };
    one.suspect.cause == Cause::TestCode && refused && write.is_some_and(is_it)
}

/// Whether what was awaited is what a refused write was to bring. Those who look often began to before it was refused:
/// their last look counts.
fn cannot_arrive(context: &Context, refused: &Ranked, awaited: &Ranked) -> bool {
    let (write, look) = (refused.suspect.call, awaited.suspect.call);
    let (here, there) = (&context.calls[write], &context.calls[look]);
    write != look
        && awaited.suspect.cause == Cause::Race
        && !refused.suspect.is_of_content()
        && state::writes(here)
        && context.known_at(write) <= there.last().exchange.start
        && (here.peer == there.peer || relevance::never_arrived(context, write) == Some(look))
}

/// Whether a request that differs, or that was or was not made, may change what is read later: it asks for a change.
fn may_change_later(context: &Context, suspect: &Suspect) -> bool {
    let left_out = || super::missing_before(context, suspect.call);
    suspect.is_of_request()
        && match suspect.class.as_str() {
            "left-out" => left_out().is_some_and(state::writes),
            _ => state::writes(&context.calls[suspect.call]),
        }
}

/// Whether a later try of the call came out well.
pub(crate) fn is_absorbed(context: &Context, suspect: &Suspect) -> bool {
    let call = &context.calls[suspect.call];
    suspect.at + 1 < call.tries.len() && call.last().is_fine()
}

/// Whether the call sends what it sends in the passing recording, and a credential if that one does.
fn sends_the_same(context: &Context, call: usize) -> bool {
    let Some(comparison) = &context.comparison else {
        return false;
    };
    let presents = |call: &Call| call.tries[0].exchange.credential.is_some();
    comparison.same_request[call]
        && comparison
            .counterpart(call)
            .is_some_and(|other| presents(other) == presents(&context.calls[call]))
}

pub(super) fn first_of_each_call(ranked: Vec<Ranked>) -> Vec<Ranked> {
    let mut seen = BTreeMap::new();
    ranked
        .into_iter()
        .filter(|one| seen.insert(one.suspect.call, ()).is_none())
        .collect()
}

pub(super) fn first_of_each_fingerprint(ranked: Vec<Ranked>) -> Vec<Ranked> {
    let mut seen = BTreeMap::new();
    ranked
        .into_iter()
        .filter(|one| seen.insert(one.fingerprint.clone(), ()).is_none())
        .collect()
}

/// Whether an answer may be what it is because a write to somebody else was refused before: whom the peer itself asks
/// is not known.
pub(super) fn may_be_behind(context: &Context, refused: &Ranked, answer: &Ranked) -> bool {
    answer.suspect.is_of_content()
        && !answer.suspect.is_of_request()
        && answer.suspect.clause.is_none()
        && !refused.suspect.is_of_content()
        && refused.differs
        && state::writes(&context.calls[refused.suspect.call])
        && context.precedes(refused.suspect.call, answer.suspect.call)
}

/// What else the blamed call may have been, in the order of their weight.
pub(super) fn other_readings(all: &[Ranked], blamed: &Ranked) -> Vec<Ranked> {
    let mut readings: Vec<Ranked> = Vec::new();
    for one in all {
        let is_other = one.suspect.call == blamed.suspect.call
            && one.suspect.cause != blamed.suspect.cause
            && readings
                .iter()
                .all(|known| known.suspect.cause != one.suspect.cause);
        if is_other {
            readings.push(one.clone());
        }
    }
    readings
}
