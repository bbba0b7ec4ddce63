//! What is said for and against a diagnosis, and what therefore never happened.

use model::Finding;

use super::{certainty, finding};
use crate::calls::{self, Call};
use crate::compare::{Comparison, Difference};
use crate::context::Context;
use crate::ending;
use crate::rank::{self, Ranked};
use crate::relevance::{self, Link};
use crate::sentence;
use crate::text;

/// At most so many calls that never happened are named.
const NEVER_MADE: usize = 3;
/// Longest value of an assertion within a sentence, in characters.
const VALUE_CHARS: usize = 60;

pub(super) fn findings(context: &Context, ranked: &Ranked) -> Vec<Finding> {
    let suspect = &ranked.suspect;
    let call = &context.calls[suspect.call];
    let one = context.try_at(suspect.call, suspect.at);
    let mut texts = vec![what_came_back(context, ranked)];
    texts.extend(there(context, ranked));
    texts.extend(suspect.findings.iter().cloned());
    if call.tries.len() > 1 {
        texts.push(format!(
            "It was made {} times; the last time it {}.",
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
    if let Some(look) = relevance::never_arrived(context, suspect.call) {
        texts.push(format!(
            "What it was to write is not in the last answer to {}; in the passing recording it is.",
            sentence::call(&context.calls[look])
        ));
    }
    let outer = (0..context.calls.len())
        .rev()
        .find(|outer| context.is_inside(suspect.call, *outer));
    if let Some(outer) = outer.map(|outer| &context.calls[outer]) {
        texts.push(format!(
            "It was made for {}, which {}.",
            sentence::call(outer),
            sentence::came_out(outer.last())
        ));
    }
    if let Some(interceptor) = &one.exchange.mocked {
        texts.push(format!("{interceptor} answered in place of the network."));
    }
    texts.extend(ending::clause(context).map(|clause| format!("The test never ended: {clause}.")));
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
    let came_out = sentence::came_out(other.last());
    let mut texts = vec![match other.tries[0].exchange.port {
        Some(port) if ranked.suspect.elsewhere => format!(
            "In the passing recording {label} the call goes to port {port} and {came_out}{took}."
        ),
        _ => format!("In the passing recording {label} the same call {came_out}{took}."),
    }];
    texts.extend(alike_before(context, ranked));
    texts
}

/// How many calls before the culprit came out alike. Those of a shared set-up are not the test's own, so they stand apart.
fn alike_before(context: &Context, ranked: &Ranked) -> Option<String> {
    let culprit = ranked.suspect.call;
    let before = context.counting().into_iter();
    let before: Vec<usize> = before
        .filter(|call| context.precedes(*call, culprit))
        .collect();
    let is_own = |call: &&usize| {
        context.calls[**call].fixture.is_none() || context.calls[culprit].fixture.is_some()
    };
    let own = before.iter().filter(is_own).count();
    let calls = alike(own, before.len() - own)?;
    let say = format!("{calls} came out as in the passing recording.");
    ranked.earliest.then_some(say)
}

/// `The 3 calls before it, and 2 of a shared set-up,`; none where there are none.
fn alike(own: usize, shared: usize) -> Option<String> {
    let shared_calls = match shared {
        1 => "one call".to_owned(),
        _ => format!("{shared} calls"),
    };
    let own_calls = match own {
        1 => "The one call before it".to_owned(),
        _ => format!("The {own} calls before it"),
    };
    match (own, shared) {
        (0, 0) => None,
        (_, 0) => Some(own_calls),
        (0, 1) => Some("The one call of a shared set-up before it".to_owned()),
        (0, _) => Some(format!("The {shared} calls of a shared set-up before it")),
        _ => Some(format!(
            "{own_calls}, and {shared_calls} of a shared set-up,"
        )),
    }
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

pub(super) fn counter(context: &Context, ranked: &Ranked) -> Vec<Finding> {
    let mut texts = ranked.suspect.counter.clone();
    texts.extend(compares_something_else(context, ranked));
    if let Some(comparison) = &context.comparison {
        let (here, there) = certainty::calls_to_peer(context, comparison, ranked.suspect.call);
        if here > there {
            let peer = text::one_line(
                &context.calls[ranked.suspect.call].peer.name,
                text::QUOTE_CHARS,
            );
            texts.push(format!("Up to this point the recording makes {here} calls to {peer}, the passing one {there}."));
        }
        texts.extend(earlier_difference(context, comparison, ranked.suspect.call));
        if comparison.differences[ranked.suspect.call] == Difference::Request {
            texts.push("It asks for something else than in the passing recording.".to_owned());
        }
    }
    texts
        .into_iter()
        .map(|text| finding(text, ranked, context))
        .collect()
}

/// Whether an answer has a text of what was met, such as an item of a list, that was not wanted.
fn holds_a_part(body: &str, actual: &str, expected: &str) -> bool {
    const CHARS: usize = 4;
    let mut quoted = actual.split(['"', '\'']).skip(1).step_by(2);
    quoted.any(|part| part.len() >= CHARS && body.contains(part) && !expected.contains(part))
}

/// What an assertion compares, where that says nothing of the call.
fn compares_something_else(context: &Context, ranked: &Ranked) -> Option<String> {
    if ranked.link > Link::None || !context.failure.is_assertion() {
        return None;
    }
    let (expected, actual) = context.failure.compared()?;
    // An empty list is too short to link them, and may well be the call's all the same.
    let call = context.calls[ranked.suspect.call].last();
    let body = call
        .exchange
        .response
        .as_ref()
        .and_then(|response| response.body.text());
    if body.is_some_and(|body| body.contains(actual) || holds_a_part(body, actual, expected)) {
        return None;
    }
    let short = |value: &str| text::one_line(value, VALUE_CHARS);
    Some(format!(
        "The assertion wanted {} and got {}, which says nothing of this call.",
        short(expected),
        short(actual)
    ))
}

/// The first thing before the call that is not as in the passing recording.
fn earlier_difference(
    context: &Context,
    comparison: &Comparison,
    culprit: usize,
) -> Option<String> {
    let before = context.counting().into_iter();
    let first = before
        .filter(|call| context.precedes(*call, culprit))
        .find_map(|call| {
            let difference = comparison.differences[call];
            (difference != Difference::None).then_some((call, difference))
        });
    let Some((call, difference)) = first else {
        let missing = rank::missing_before(context, culprit)?;
        return Some(format!(
            "Before it, the passing recording makes {}; this one never did.",
            sentence::call(missing)
        ));
    };
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
pub(super) fn never_made(context: &Context, ranked: &Ranked) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_a_shared_set_up_are_counted_apart() {
        let check = |own: usize, shared: usize, expected: Option<&str>| {
            assert_eq!(alike(own, shared).as_deref(), expected);
        };
        check(0, 0, None);
        check(1, 0, Some("The one call before it"));
        check(3, 0, Some("The 3 calls before it"));
        check(0, 1, Some("The one call of a shared set-up before it"));
        check(0, 2, Some("The 2 calls of a shared set-up before it"));
        check(
            3,
            1,
            Some("The 3 calls before it, and one call of a shared set-up,"),
        );
        check(
            1,
            2,
            Some("The one call before it, and 2 calls of a shared set-up,"),
        );
    }

    #[test]
    fn an_answer_may_hold_a_part_of_what_was_met() {
        let check = |actual: &str, expected: &str, found: bool| {
            let body = r#"{"tables":["orders","rests"]}"#;
            assert_eq!(holds_a_part(body, actual, expected), found, "{actual}");
        };
        check("[ 'orders', 'rests' ]", "[ 'orders' ]", true);
        check(r#"["orders"]"#, r#"["orders","rests"]"#, false);
        check("['elsewhere']", "[]", false);
        check("3", "2", false);
    }
}
