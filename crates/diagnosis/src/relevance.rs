//! What connects a call with the failure, and what connects something else with it.
//!
//! To come first is not enough: a test may swallow a failed call and fail over something else. So a culprit is
//! *established* only when something links the failure with it, and nothing links the failure with another answer.
//!
//! | the failure | link |
//! |---|---|
//! | its text, its `cause` or what it met repeats the call's status, error code, message or body | strong |
//! | it repeats those of the answer that was given on the strength of the call | strong |
//! | the test was waiting for the call when its time ran out, or the call had used the time up | strong |
//! | it complains of JSON, and the answer was none | strong |
//! | it met a value of the call's answer, or compares it with that of the passing recording | strong |
//! | it compares the lengths that a list has in the two answers, or names a key that came or went | strong |
//! | it wanted a value that only the passing recording was answered | weak |
//! | calls that follow in the passing recording were left out although the test went on, or ask for something else | weak |
//! | a call that carries an identifier of the passing answer was never made | weak |
//! | the last answer lacks an identifier that the call was to write, and that of the passing recording has it | weak |
//! | an error was thrown, no assertion and no time limit, in the call's phase, and no call came in between | weak |
//! | an assertion compares other things, the time ran out otherwise, or the process ended | none |
//! | it is near in time | none: clients sleep between tries, and tests wait |

use crate::answer::Content;
use crate::calls::Call;
use crate::compare::{self, Difference};
use crate::context::Context;
use crate::normal::Normal;
use crate::rules::Suspect;
use crate::sentence;
use crate::text;

/// So many differing values of one answer are held against the failure.
const VALUES: usize = 50;
/// Longest value within a sentence, in characters.
const VALUE_CHARS: usize = 60;

/// How firmly something connects a call with the failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Link {
    /// Nothing does.
    None,
    /// The course of the test does.
    Weak,
    /// What the failure says does.
    Strong,
}

/// An answer of which the failure speaks, and which is not the culprit's.
#[derive(Debug, Clone)]
pub(crate) struct Other {
    /// The call.
    pub(crate) call: usize,
    /// What it answered, for people: `GET /orders/17 to shop answered state = "open"`.
    pub(crate) text: String,
    /// What the failure met is its answer, and what the failure wanted is the passing recording's.
    pub(crate) both_sides: bool,
    /// It may well be a consequence of the culprit: a write was refused, and this answer lacks something or comes from
    /// the same peer.
    pub(crate) may_follow: bool,
}

impl Other {
    /// Whether it explains the failure better than a call that nothing but its course connects with it.
    pub(crate) fn outweighs(&self, link: Link, compared: bool) -> bool {
        link < Link::Strong && !self.may_follow && (self.both_sides || !compared)
    }
}

/// What connects a suspect with the failure.
pub(crate) fn link(context: &Context, suspect: &Suspect) -> Link {
    let calls = family(context, suspect.call);
    let spoken_of = |call: usize| {
        let one = if call == suspect.call {
            context.try_at(call, suspect.at)
        } else {
            context.calls[call].last()
        };
        context.failure.repeats(one).is_some()
            || compares_answer(context, call)
            || cannot_be_read(context, call)
    };
    let met = suspect.awaited || suspect.used_up || suspect.spoken_of;
    if met || calls.iter().copied().any(spoken_of) {
        return Link::Strong;
    }
    if !context.failure.killed
        && (suspect.is_of_request()
            || misses_answer(context, suspect.call)
            || never_arrived(context, suspect.call).is_some()
            || parted_there(context, suspect.call)
            || was_thrown(context, &calls))
    {
        return Link::Weak;
    }
    Link::None
}

/// The answer, other than the culprit's, of which the failure speaks most clearly.
///
/// Not one of those that the culprit explains.
pub(crate) fn other(context: &Context, suspect: &Suspect, explained: &[usize]) -> Option<Other> {
    let family = family(context, suspect.call);
    let inside = |call: usize| context.is_inside(call, suspect.call);
    let others = context
        .counting()
        .into_iter()
        .filter(|call| !family.contains(call) && !inside(*call) && !explained.contains(call));
    let mut found: Vec<Other> = others
        .filter_map(|call| other_at(context, suspect.call, call))
        .collect();
    found.sort_by_key(|other| (!other.both_sides, other.may_follow));
    found.into_iter().next()
}

/// A suspect as an answer of which the failure speaks, beside another one that it may follow from.
pub(crate) fn as_other(context: &Context, suspect: &Suspect) -> Other {
    Other {
        call: suspect.call,
        text: sentence::clause(context, suspect),
        both_sides: true,
        may_follow: true,
    }
}

/// The call and those that it was made for: what they answered was given on the strength of it.
fn family(context: &Context, call: usize) -> Vec<usize> {
    let outer = (0..context.calls.len()).filter(|outer| context.is_inside(call, *outer));
    outer.chain([call]).collect()
}

/// Whether the failure met a value of this answer, or compares it with that of the passing recording.
fn compares_answer(context: &Context, call: usize) -> bool {
    let failure = &context.failure;
    let own = body(&context.calls[call]);
    if failure
        .met_value()
        .is_some_and(|met| text::has_token(own, met))
    {
        return true;
    }
    context.counterpart(call).is_some_and(|other| {
        differing(context, call, other)
            .iter()
            .any(|(_, left, right)| failure.sets_against(left, right))
    }) || names_its_change(context, call)
}

/// Whether the failure names a key that came or went with this answer, or compares the lengths of a list that has other
/// ones.
fn names_its_change(context: &Context, call: usize) -> bool {
    let failure = &context.failure;
    let changes = context
        .comparison
        .as_ref()
        .map_or(&[][..], |comparison| &comparison.answered[call]);
    changes.iter().any(|change| match change.lengths {
        Some((here, there)) => failure.sets_against(&here.to_string(), &there.to_string()),
        None => change.kind.is_of_shape() && failure.mentions(change.key()),
    })
}

/// Whether the failure wanted what only the passing recording was answered here.
fn misses_answer(context: &Context, call: usize) -> bool {
    let wanted = context.failure.wanted_value();
    let has = |call: &Call| wanted.is_some_and(|wanted| text::has_token(body(call), wanted));
    let here = &context.calls[call];
    !here.last().is_fine() && !has(here) && context.counterpart(call).is_some_and(has)
}

/// The last call that the test itself made before it failed, if its answer lacks what this call was to write: an
/// identifier that the passing recording sends here and is answered there.
pub(crate) fn never_arrived(context: &Context, call: usize) -> Option<usize> {
    let here = &context.calls[call];
    let there = context.counterpart(call)?;
    let own = |call: &usize| context.is_own(*call);
    let last = context.counting().into_iter().rev().find(own)?;
    let (look, look_there) = (&context.calls[last], context.counterpart(last)?);
    let written = here.request.ids.iter().zip(there.request.ids.iter());
    let holds = |answer: &Normal, wanted: &str| answer.ids.iter().any(|id| id == wanted);
    let is_lacking =
        |(id, other): (&str, &str)| holds(&look_there.reply, other) && !holds(&look.reply, id);
    let looked_after = context.known_at(call) <= look.last().exchange.start;
    let same_ids = here.request.text == there.request.text;
    (last != call && !here.last().is_fine() && looked_after && same_ids)
        .then(|| written.into_iter().any(is_lacking))?
        .then_some(last)
}

/// Whether the failure is that of a parser, and the answer was nothing to parse.
fn cannot_be_read(context: &Context, call: usize) -> bool {
    let one = context.calls[call].last();
    let odd = matches!(
        one.answer.content,
        Content::BrokenJson | Content::BrokenXml | Content::Html | Content::Empty
    );
    let cut = one
        .exchange
        .response
        .as_ref()
        .is_some_and(|response| response.complete == Some(false));
    let response = one.exchange.response.as_ref();
    let encoded = response.is_some_and(|response| response.header("content-encoding").is_some());
    (odd || cut) && context.failure.speaks_of_parsing()
        || encoded && context.failure.speaks_of_decoding()
}

/// Whether the course of the test parted from the passing recording at this call.
fn parted_there(context: &Context, call: usize) -> bool {
    let Some(comparison) = &context.comparison else {
        return false;
    };
    let Some(counterpart) = comparison.counterpart(call) else {
        return false;
    };
    let after: Vec<usize> = context
        .counting()
        .into_iter()
        .filter(|other| context.precedes(call, *other))
        .collect();
    let next_there = after
        .iter()
        .filter_map(|other| comparison.counterpart(*other))
        .map(Call::start)
        .min();
    let missing = comparison
        .missing
        .iter()
        .map(|at| &comparison.calls[*at])
        .filter(|missing| {
            missing.start() > counterpart.start()
                && missing.signature.phase < model::Phase::Teardown
        });
    let left_out = missing
        .clone()
        .any(|missing| next_there.is_some_and(|next| missing.start() < next));
    let depended = missing.clone().any(|missing| {
        missing
            .request
            .ids
            .iter()
            .any(|id| counterpart.reply.ids.iter().any(|known| known == id))
    });
    let differs = |other: &usize| {
        matches!(
            comparison.differences[*other],
            Difference::Request | Difference::Extra
        )
    };
    left_out || depended || !after.is_empty() && after.iter().all(differs)
}

/// Whether an error, rather than a comparison or a time limit, followed with nothing in between.
fn was_thrown(context: &Context, family: &[usize]) -> bool {
    let failure = &context.failure;
    // What services do meanwhile comes at any time and says nothing about what the test did next.
    let is_it = |call: &usize| context.is_own(*call) || family.contains(call);
    let last = context.counting().into_iter().rev().find(is_it);
    let same_phase = |call: usize| {
        failure
            .phase
            .is_none_or(|phase| phase == context.calls[call].signature.phase)
    };
    !failure.is_assertion()
        && !failure.out_of_time
        && last.is_some_and(|last| family.contains(&last) && same_phase(last))
}

fn other_at(context: &Context, culprit: usize, call: usize) -> Option<Other> {
    let failure = &context.failure;
    let here = &context.calls[call];
    let Some(there) = context.counterpart(call) else {
        let met = failure.met_value()?;
        let found = text::has_token(body(here), met);
        return found.then(|| as_it_stands(context, culprit, call, met));
    };
    if context.difference(call) == Some(Difference::Request) {
        return None;
    }
    let values = differing(context, call, there);
    let both = values
        .iter()
        .find(|(_, left, right)| failure.sets_against(left, right));
    let one = || {
        values
            .iter()
            .find(|(_, left, _)| failure.met_value() == Some(bare(left)))
    };
    if let Some((path, left, right)) = both.or_else(one) {
        return Some(Other {
            call,
            text: format!(
                "{} where the passing recording has {}",
                answered(here, path, left),
                text::one_line(right, VALUE_CHARS)
            ),
            both_sides: both.is_some(),
            may_follow: may_follow(context, culprit, call, Some(left)),
        });
    }
    let met = failure.met_value()?;
    text::has_token(body(here), met).then(|| as_it_stands(context, culprit, call, met))
}

/// An answer that holds what the failure met, with no other one to compare it with, or the same there.
fn as_it_stands(context: &Context, culprit: usize, call: usize, met: &str) -> Other {
    let here = &context.calls[call];
    Other {
        call,
        text: format!(
            "“{}” is what {} was answered",
            text::one_line(met, VALUE_CHARS),
            sentence::call(here)
        ),
        both_sides: false,
        may_follow: may_follow(context, culprit, call, None),
    }
}

/// `GET /orders/17 to shop answered state = "open"`.
pub(crate) fn answered(call: &Call, path: &str, value: &str) -> String {
    let path = if path.is_empty() {
        String::new()
    } else {
        format!("{} = ", text::one_line(path, VALUE_CHARS))
    };
    format!(
        "{} answered {path}{}",
        sentence::call(call),
        text::one_line(value, VALUE_CHARS)
    )
}

/// What two answers to one call differ in: the status, then values of the body.
fn differing(context: &Context, call: usize, there: &Call) -> Vec<(String, String, String)> {
    let here = &context.calls[call];
    let status = (
        here.last().exchange.status(),
        there.last().exchange.status(),
    );
    let mut values = match status {
        (Some(left), Some(right)) if left != right => {
            vec![(String::new(), left.to_string(), right.to_string())]
        }
        _ => Vec::new(),
    };
    let same = context
        .comparison
        .as_ref()
        .is_some_and(|comparison| comparison.same_reply[call]);
    if !same {
        values.extend(compare::differing_values(&here.reply, &there.reply, VALUES));
    }
    values
}

/// Whether an answer may be what it is because the culprit was not carried out. A call that only reads changes nothing
/// for others.
fn may_follow(context: &Context, culprit: usize, call: usize, value: Option<&str>) -> bool {
    let writes = !matches!(
        context.calls[culprit].signature.method.as_str(),
        "GET" | "HEAD" | "OPTIONS"
    );
    let same_peer = family(context, culprit)
        .iter()
        .any(|one| context.calls[*one].signature.peer == context.calls[call].signature.peer);
    let compared = context.counterpart(call).is_some();
    let lacks = value.is_some_and(|value| matches!(bare(value), "" | "0" | "null" | "404" | "410"));
    writes && context.precedes(culprit, call) && (same_peer || lacks || !compared)
}

fn body(call: &Call) -> &str {
    let response = call.last().exchange.response.as_ref();
    response
        .and_then(|response| response.body.text())
        .unwrap_or_default()
}

fn bare(value: &str) -> &str {
    value.trim_matches('"')
}
