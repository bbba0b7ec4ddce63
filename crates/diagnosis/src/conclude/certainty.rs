//! How sure a diagnosis is, and when "not your code" may be said: fixed conditions, whatever the score.

use model::{Cause, Confidence, Role, RoleBasis};

use crate::calls::Call;
use crate::compare::Comparison;
use crate::context::Context;
use crate::rank::{Ranked, Ranking, is_absorbed};
use crate::relevance::Link;
use crate::rules::Stands;

/// The fixed conditions of the word *established*; everything else that is blamed is *likely*.
pub(super) fn of(context: &Context, ranking: &Ranking, ranked: &Ranked) -> Confidence {
    let peer = &context.calls[ranked.suspect.call].peer;
    // A server that the command started is the product by habit, not by evidence: stand-ins are started the same way.
    let role_known = peer.role != Role::Unknown && peer.basis != RoleBasis::StartedByCommand;
    let stands = match ranked.suspect.stands {
        Stands::WithRole => role_known,
        Stands::Alone => true,
        Stands::Never => false,
    };
    let established = context.comparison.is_some()
        && ranked.earliest
        && stands
        && !ranking.near_rival
        && !is_in_doubt(ranking, ranked)
        && ranked.suspect.doubt.is_none()
        // It was asked again and all was well: that something of the first try stayed is a guess.
        && !is_absorbed(context, &ranked.suspect)
        && !gave_up_sooner(context, ranked)
        && !(ranked.suspect.cause == Cause::RateLimited && makes_more_calls(context, ranked));
    if established {
        Confidence::Established
    } else {
        Confidence::Likely
    }
}

/// Whether nothing links the failure with the culprit, or something links it with another answer too. What the failure
/// itself says of the culprit is doubted only by what it says of both sides of another answer.
pub(super) fn is_in_doubt(ranking: &Ranking, ranked: &Ranked) -> bool {
    match (ranked.link, &ranking.other) {
        (Link::None, _) => true,
        (Link::Weak, other) => other.is_some(),
        (Link::Strong, other) => other.as_ref().is_some_and(|other| other.both_sides),
    }
}

/// Whether the client waited no longer than the same call took in the passing recording, or had another limit there:
/// then the peer may have been as fast as ever.
pub(super) fn gave_up_sooner(context: &Context, ranked: &Ranked) -> bool {
    if ranked.suspect.cause != Cause::DependencySlow {
        return false;
    }
    let Some(other) = context.counterpart(ranked.suspect.call) else {
        return false;
    };
    let here = &context
        .try_at(ranked.suspect.call, ranked.suspect.at)
        .exchange;
    let there = &other.last().exchange;
    let waited_less = here
        .duration()
        .is_some_and(|waited| there.duration().is_some_and(|took| waited <= took));
    let shorter_limit = here
        .timeout
        .is_some_and(|limit| there.timeout.is_some_and(|before| limit < before));
    waited_less || shorter_limit
}

/// The same requests, the same retry policy, and no more calls to that peer than the passing recording makes.
pub(super) fn code_is_unchanged(
    context: &Context,
    comparison: &Comparison,
    ranked: &Ranked,
) -> bool {
    let culprit = ranked.suspect.call;
    let before = (0..context.calls.len())
        .filter(|call| *call == culprit || context.precedes(*call, culprit));
    let same_requests = before.into_iter().all(|call| comparison.same_request[call]);
    let Some(other) = comparison.counterpart(culprit) else {
        return false;
    };
    // A refused call is tried again and an accepted one is not, so fewer tries there are no other policy. More tries
    // there are one: here a retry was taken away.
    let same_policy = context.calls[culprit].tries.len() >= other.tries.len();
    let (here, there) = calls_to_peer(context, comparison, culprit);
    same_requests && same_policy && here <= there
}

/// Calls to the culprit's peer up to the culprit, here and in the passing recording.
pub(super) fn calls_to_peer(
    context: &Context,
    comparison: &Comparison,
    culprit: usize,
) -> (usize, usize) {
    let peer = &context.calls[culprit].signature.peer;
    let count = |calls: &[Call], last: Option<&Call>| -> usize {
        let until = last.map(|last| (last.fixture.is_none(), last.start()));
        let counted = calls.iter().filter(|call| call.signature.peer == *peer);
        counted
            .filter(|call| {
                until.is_none_or(|until| (call.fixture.is_none(), call.start()) <= until)
            })
            .map(Call::unprompted_tries)
            .sum()
    };
    let here = count(&context.calls, Some(&context.calls[culprit]));
    (
        here,
        count(&comparison.calls, comparison.counterpart(culprit)),
    )
}

/// Whether more calls to the culprit's peer were made up to it than in the passing recording.
pub(super) fn makes_more_calls(context: &Context, ranked: &Ranked) -> bool {
    context.comparison.as_ref().is_some_and(|comparison| {
        let (here, there) = calls_to_peer(context, comparison, ranked.suspect.call);
        here > there
    })
}

pub(super) fn seen_on_another_commit(context: &Context, fingerprint: &str) -> bool {
    let facts = &context.evidence.facts;
    let Some(commit) = &facts.commit else {
        return false;
    };
    facts.sightings.iter().any(|seen| {
        seen.fingerprint == fingerprint && seen.commit.as_ref().is_some_and(|other| other != commit)
    })
}
