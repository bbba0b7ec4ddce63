//! From a ranking to a diagnosis: the confidence word, the owner, "not your code", and what is said for and against.

use model::{
    Candidate, Cause, Confidence, Culprit, Diagnosis, Finding, Owner, Peer, RULES_VERSION, Role,
    RoleBasis,
};

use crate::calls::{self, Call};
use crate::compare::{Comparison, Difference};
use crate::context::Context;
use crate::rank::{Ranked, Ranking};
use crate::sentence;
use crate::text;

mod missing;

/// At most so many calls that never happened are named.
const NEVER_MADE: usize = 3;

/// The diagnosis of an attempt that did not fail.
pub(crate) fn nothing_failed() -> Diagnosis {
    Diagnosis {
        summary: "The attempt did not fail.".to_owned(),
        ..empty()
    }
}

/// The diagnosis when nobody can be blamed.
pub(crate) fn undetermined(context: &Context, ranking: &Ranking) -> Diagnosis {
    let order = context.counting();
    let last = order.last().map(|call| &context.calls[*call]);
    let summary = match last {
        None => "We can't tell why; the test made no captured call before it failed.".to_owned(),
        Some(call) => format!(
            "We can't tell why; the last call before the failure was {}, {} at {}.",
            sentence::call(call),
            sentence::came_out(call.last()),
            sentence::offset(context, call, call.last().exchange.start),
        ),
    };
    Diagnosis {
        summary,
        findings: missing::facts(context),
        missing: missing::when_undetermined(context),
        rivals: ranking
            .rivals
            .iter()
            .map(|rival| candidate(context, rival))
            .collect(),
        ..empty()
    }
}

fn empty() -> Diagnosis {
    Diagnosis {
        cause: Cause::Undetermined,
        owner: Owner::Unknown,
        confidence: Confidence::Undetermined,
        not_your_code: false,
        summary: String::new(),
        culprit: None,
        findings: Vec::new(),
        counter: Vec::new(),
        therefore: Vec::new(),
        missing: Vec::new(),
        rivals: Vec::new(),
        fingerprint: String::new(),
        rules_version: RULES_VERSION,
    }
}

/// The diagnosis when somebody is to blame; [`undetermined`] when nobody is after all.
pub(crate) fn blame(context: &Context, ranking: &Ranking) -> Diagnosis {
    let Some(ranked) = &ranking.blamed else {
        return undetermined(context, ranking);
    };
    let suspect = &ranked.suspect;
    let call = &context.calls[suspect.call];
    let confidence = confidence(context, ranking, ranked);
    let owner = suspect.owner.unwrap_or(owner_by_role(call.peer.role));
    let unchanged = confidence == Confidence::Established
        && owner == Owner::Dependency
        && context
            .comparison
            .as_ref()
            .is_some_and(|comparison| code_is_unchanged(context, comparison, ranked));
    let mut diagnosis = Diagnosis {
        cause: suspect.cause,
        owner,
        confidence,
        not_your_code: unchanged && seen_on_another_commit(context, &ranked.fingerprint),
        summary: sentence::blame(context, suspect, confidence),
        culprit: Some(culprit(context, ranked)),
        findings: findings(context, ranked),
        counter: counter(context, ranked),
        therefore: never_made(context, ranked),
        missing: missing::when_blamed(context, ranked, confidence),
        rivals: ranking
            .rivals
            .iter()
            .map(|rival| candidate(context, rival))
            .collect(),
        fingerprint: ranked.fingerprint.clone(),
        rules_version: RULES_VERSION,
    };
    if unchanged && !diagnosis.not_your_code {
        diagnosis.findings.push(finding(
            "No difference in your code's calls before this point.",
            ranked,
            context,
        ));
    }
    diagnosis
}

/// The fixed conditions of the word *established*; everything else that is blamed is *likely*.
fn confidence(context: &Context, ranking: &Ranking, ranked: &Ranked) -> Confidence {
    let role_known = context.calls[ranked.suspect.call].peer.role != Role::Unknown;
    let established = context.comparison.is_some()
        && ranked.earliest
        && role_known
        && !ranking.near_rival
        && ranked.suspect.doubt.is_none()
        && !(ranked.suspect.cause == Cause::RateLimited && makes_more_calls(context, ranked));
    if established {
        Confidence::Established
    } else {
        Confidence::Likely
    }
}

fn owner_by_role(role: Role) -> Owner {
    match role {
        Role::Product => Owner::Product,
        Role::Dependency => Owner::Dependency,
        Role::Infrastructure => Owner::Environment,
        Role::Unknown => Owner::Unknown,
    }
}

/// The same requests, the same retry policy, and no more calls to that peer than the passing recording makes.
fn code_is_unchanged(context: &Context, comparison: &Comparison, ranked: &Ranked) -> bool {
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
fn calls_to_peer(context: &Context, comparison: &Comparison, culprit: usize) -> (usize, usize) {
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
fn makes_more_calls(context: &Context, ranked: &Ranked) -> bool {
    context.comparison.as_ref().is_some_and(|comparison| {
        let (here, there) = calls_to_peer(context, comparison, ranked.suspect.call);
        here > there
    })
}

fn seen_on_another_commit(context: &Context, fingerprint: &str) -> bool {
    let facts = &context.evidence.facts;
    let Some(commit) = &facts.commit else {
        return false;
    };
    facts.sightings.iter().any(|seen| {
        seen.fingerprint == fingerprint && seen.commit.as_ref().is_some_and(|other| other != commit)
    })
}

fn culprit(context: &Context, ranked: &Ranked) -> Culprit {
    let call = &context.calls[ranked.suspect.call];
    let exchange = &context
        .try_at(ranked.suspect.call, ranked.suspect.at)
        .exchange;
    Culprit {
        span_id: exchange.span_id,
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        status: exchange.status(),
        error: exchange
            .error
            .as_ref()
            .map(|error| error.error_type.clone()),
        peer: call.peer.name.clone(),
        role: call.peer.role,
    }
}

fn candidate(context: &Context, ranked: &Ranked) -> Candidate {
    Candidate {
        cause: ranked.suspect.cause,
        summary: format!("{}.", sentence::clause(context, &ranked.suspect)),
        span_id: Some(
            context
                .try_at(ranked.suspect.call, ranked.suspect.at)
                .exchange
                .span_id,
        ),
    }
}

fn finding(text: impl Into<String>, ranked: &Ranked, context: &Context) -> Finding {
    Finding {
        text: text.into(),
        span_id: Some(
            context
                .try_at(ranked.suspect.call, ranked.suspect.at)
                .exchange
                .span_id,
        ),
    }
}

fn findings(context: &Context, ranked: &Ranked) -> Vec<Finding> {
    let suspect = &ranked.suspect;
    let call = &context.calls[suspect.call];
    let one = context.try_at(suspect.call, suspect.at);
    let mut texts = vec![what_came_back(context, ranked)];
    texts.extend(there(context, ranked));
    texts.extend(suspect.findings.iter().cloned());
    if call.tries.len() > 1 {
        texts.push(format!(
            "It was made {} times in a row; the last time it {}.",
            call.tries.len(),
            sentence::came_out(call.last())
        ));
    }
    if let Some(words) = &ranked.repeated {
        texts.push(format!(
            "The test's error repeats it: “{}”.",
            text::one_line(words, text::QUOTE_CHARS)
        ));
    }
    if let Some(interceptor) = &one.exchange.mocked {
        texts.push(format!("{interceptor} answered in place of the network."));
    }
    texts.extend(sightings(context, &ranked.fingerprint));
    texts
        .into_iter()
        .map(|text| finding(text, ranked, context))
        .collect()
}

fn what_came_back(context: &Context, ranked: &Ranked) -> String {
    let one = context.try_at(ranked.suspect.call, ranked.suspect.at);
    let request = sentence::call(&context.calls[ranked.suspect.call]);
    let took = one
        .exchange
        .duration()
        .map(|took| format!(" after {}", sentence::duration(took)))
        .unwrap_or_default();
    let came_out = sentence::came_out(one);
    match sentence::quote(one) {
        Some(body) => format!("{request}: {came_out}{took}: {body}"),
        None => format!("{request}: {came_out}{took}."),
    }
}

/// What the passing recording has in this place.
fn there(context: &Context, ranked: &Ranked) -> Vec<String> {
    let (Some(baseline), Some(comparison)) = (&context.evidence.baseline, &context.comparison)
    else {
        return Vec::new();
    };
    let label = calls::short_id(baseline.attempt.id);
    let Some(other) = comparison.counterpart(ranked.suspect.call) else {
        return vec![format!(
            "The passing recording {label} does not make this call."
        )];
    };
    let took = other
        .last()
        .exchange
        .duration()
        .map(|took| format!(" after {}", sentence::duration(took)))
        .unwrap_or_default();
    let mut texts = vec![format!(
        "In the passing recording {label} the same call {}{took}.",
        sentence::came_out(other.last())
    )];
    let before = (0..context.calls.len())
        .filter(|call| context.precedes(*call, ranked.suspect.call))
        .count();
    if ranked.earliest && before > 0 {
        let calls = if before == 1 {
            "The one call before it is like that one's".to_owned()
        } else {
            format!("The {before} calls before it are like that one's")
        };
        texts.push(format!("{calls}."));
    }
    texts
}

fn sightings(context: &Context, fingerprint: &str) -> Option<String> {
    let seen: Vec<_> = context
        .evidence
        .facts
        .sightings
        .iter()
        .filter(|seen| seen.fingerprint == fingerprint)
        .collect();
    let attempts: u32 = seen.iter().map(|seen| seen.attempts).sum();
    let mut commits: Vec<_> = seen
        .iter()
        .filter_map(|seen| seen.commit.as_deref())
        .filter(|commit| Some(*commit) != context.evidence.facts.commit.as_deref())
        .collect();
    commits.sort_unstable();
    commits.dedup();
    let times = if attempts == 1 {
        "once".to_owned()
    } else {
        format!("{attempts} times")
    };
    match (attempts, commits.len()) {
        (0, _) => None,
        (_, 0) => Some(format!("The same cause was seen {times} before.")),
        (_, 1) => Some(format!(
            "The same cause was seen {times} before, on another commit too."
        )),
        (_, others) => Some(format!(
            "The same cause was seen {times} before, on {others} other commits too."
        )),
    }
}

fn counter(context: &Context, ranked: &Ranked) -> Vec<Finding> {
    let mut texts = ranked.suspect.counter.clone();
    if let Some(comparison) = &context.comparison {
        let (here, there) = calls_to_peer(context, comparison, ranked.suspect.call);
        if here > there {
            let peer = text::one_line(
                &context.calls[ranked.suspect.call].peer.name,
                text::QUOTE_CHARS,
            );
            texts.push(format!("Up to this point the recording makes {here} calls to {peer}, the passing one {there}."));
        }
        if let Some(earlier) = earlier_difference(context, comparison, ranked.suspect.call) {
            texts.push(earlier);
        }
    }
    texts
        .into_iter()
        .map(|text| finding(text, ranked, context))
        .collect()
}

/// The first thing before the call that is not as in the passing recording.
fn earlier_difference(
    context: &Context,
    comparison: &Comparison,
    culprit: usize,
) -> Option<String> {
    let (call, difference) = context
        .counting()
        .into_iter()
        .filter(|call| context.precedes(*call, culprit))
        .find_map(|call| {
            let difference = comparison.differences[call];
            (difference != Difference::None).then_some((call, difference))
        })?;
    let request = sentence::call(&context.calls[call]);
    let how = match difference {
        Difference::None => return None,
        Difference::Extra => "is not made by the passing recording",
        Difference::Request => "asks for something else than in the passing recording",
        Difference::Outcome => "came out otherwise than in the passing recording",
        Difference::Content => "was answered with another content than in the passing recording",
    };
    Some(format!("Before it, {request} {how}."))
}

/// What the passing recording does after this point and this one never did.
fn never_made(context: &Context, ranked: &Ranked) -> Vec<String> {
    let Some(comparison) = &context.comparison else {
        return Vec::new();
    };
    let Some(counterpart) = comparison.counterpart(ranked.suspect.call) else {
        return Vec::new();
    };
    let after: Vec<&Call> = comparison
        .missing
        .iter()
        .map(|at| &comparison.calls[*at])
        .filter(|call| {
            call.start() > counterpart.start() && call.signature.phase < model::Phase::Teardown
        })
        .collect();
    let mut texts: Vec<String> = after
        .iter()
        .take(NEVER_MADE)
        .map(|call| format!("{} was never made.", sentence::call(call)))
        .collect();
    if after.len() > NEVER_MADE {
        texts.push(format!(
            "{} more calls of the passing recording were never made.",
            after.len() - NEVER_MADE
        ));
    }
    texts
}

/// Whether a peer's role is only missing because nobody declared it.
fn undeclared(peer: &Peer) -> bool {
    peer.role == Role::Unknown && peer.basis != RoleBasis::Declared
}
