//! What remains to be said when nothing explains the failure: the facts, each true by itself and beside the others.

use model::{Finding, Phase};

use crate::busy;
use crate::calls::{self, Call};
use crate::compare::{self, Comparison, Difference};
use crate::context::Context;
use crate::relevance;
use crate::rules::dependency_slow;
use crate::sentence;
use crate::text::{self, QUOTE_CHARS};
use crate::unlike;

/// At most so many differing values are named …
const VALUES: usize = 3;
/// … and looked at in one answer.
const VALUES_PER_CALL: usize = 20;
/// Longest value that is quoted, in characters.
const VALUE_CHARS: usize = 60;

/// The first difference from the passing recording, or that there is none; values that differ; how busy the process
/// was; and what the test itself said.
pub(super) fn facts(context: &Context) -> Vec<Finding> {
    let mut facts = beside_the_passing_recording(context);
    facts.extend(values(context));
    if let Some((_, call)) = dependency_slow::busy_instead(context) {
        let place = (call, context.calls[call].deciding_try());
        facts.extend(busy::fact(context, place).map(|text| at_call(context, call, text)));
    }
    let message = text::one_line(context.failure.message(), QUOTE_CHARS);
    if !message.is_empty() {
        facts.push(Finding {
            text: format!("The test said: {message}"),
            span_id: Some(context.evidence.attempt.root_span_id),
        });
    }
    facts
}

/// Whether the passing recording has the same calls with the same answers, as far as they count.
pub(super) fn all_the_same(context: &Context) -> bool {
    let Some(comparison) = &context.comparison else {
        return false;
    };
    let same = |call: usize| {
        let status = |call: &Call| call.last().exchange.status();
        comparison.differences[call] == Difference::None
            && comparison.same_reply[call]
            && comparison
                .counterpart(call)
                .is_some_and(|other| status(other) == status(&context.calls[call]))
    };
    context.counting().into_iter().all(same) && left_out_before(context, comparison).is_none()
}

/// Whether nothing that says something differs from the passing recording, as far as further ones tell what does.
pub(super) fn nothing_differs(context: &Context) -> bool {
    all_the_same(context)
        || context.comparison.as_ref().is_some_and(|comparison| {
            let as_ever = |call: usize| comparison.differences[call] == Difference::None;
            comparison.further > 0
                && context.counting().into_iter().all(as_ever)
                && left_out_before(context, comparison).is_none()
        })
}

/// A call that was left out although the test went on: what comes after the failure is not made because of it.
fn left_out_before<'c>(context: &Context, comparison: &'c Comparison) -> Option<&'c Call> {
    let counting = context.counting().into_iter();
    let until = counting
        .filter_map(|call| comparison.counterpart(call))
        .map(Call::start)
        .max()?;
    left_out(comparison).find(|missing| missing.start() < until)
}

fn left_out(comparison: &Comparison) -> impl Iterator<Item = &Call> {
    let missing = comparison.missing.iter().map(|at| &comparison.calls[*at]);
    missing.filter(|call| call.signature.phase < Phase::Teardown)
}

/// What comes first of what differs from the passing recording, as a clause: `GET /x to shop answered 200, there it
/// answered 404`.
pub(super) fn first_difference(context: &Context) -> Option<(usize, String)> {
    let comparison = context.comparison.as_ref()?;
    let mut counting = context.counting().into_iter();
    let call = counting.find(|call| comparison.differences[*call] != Difference::None)?;
    let how = difference(context, call, comparison.differences[call]);
    Some((call, how))
}

fn beside_the_passing_recording(context: &Context) -> Vec<Finding> {
    let (Some(comparison), Some(baseline)) = (&context.comparison, &context.evidence.baseline)
    else {
        return Vec::new();
    };
    let label = calls::short_id(baseline.attempt.id);
    let left_out = left_out_before(context, comparison);
    let mut findings = Vec::new();
    if let Some((call, how)) = first_difference(context) {
        let which = if left_out.is_none() {
            "The first difference"
        } else {
            "A difference"
        };
        let text = format!("{which} from the passing recording {label}: {how}.");
        findings.push(at_call(context, call, text));
    }
    if let Some(missing) = left_out {
        findings.push(never_did(context, missing, &label));
    }
    if !findings.is_empty() {
        return findings;
    }
    let text = if all_the_same(context) {
        format!(
            "No call before the failure came out otherwise than in the passing recording {label}."
        )
    } else {
        format!(
            "No call before the failure got another status or error than in the passing recording {label}; some bodies differ."
        )
    };
    findings.push(Finding {
        text,
        span_id: None,
    });
    findings
}

/// A call of the passing recording that this one does not have, or has too late.
fn never_did(context: &Context, missing: &Call, label: &str) -> Finding {
    let request = sentence::call(missing);
    let is_same = |call: &&Call| {
        let (here, there) = (&call.signature, &missing.signature);
        (&here.peer, &here.method, &here.template) == (&there.peer, &there.method, &there.template)
            && call.start() >= context.failure.end()
    };
    let late = context.calls.iter().find(is_same);
    let text = match late {
        Some(late) => format!(
            "The passing recording {label} makes {request}; this one made it only after the failure, at {}.",
            sentence::offset(context, late, late.start())
        ),
        None => format!("The passing recording {label} makes {request}; this one never did."),
    };
    Finding {
        text,
        span_id: late.map(|late| late.last().exchange.span_id),
    }
}

fn at_call(context: &Context, call: usize, text: String) -> Finding {
    Finding {
        text,
        span_id: Some(context.calls[call].last().exchange.span_id),
    }
}

fn difference(context: &Context, call: usize, difference: Difference) -> String {
    let here = &context.calls[call];
    let request = sentence::call(here);
    let Some(other) = context.counterpart(call) else {
        return format!("{request} is not made there");
    };
    match difference {
        Difference::Request => match unlike::first(&here.request, &other.request) {
            Some(found) => format!(
                "{request} sends {}, there {}",
                within(part_of_request(&found.path), &found.here),
                found.there
            ),
            None => format!("{request} asks for something else there"),
        },
        Difference::Content => match unlike::first(&here.reply, &other.reply) {
            Some(found) => format!(
                "{request} was answered{} {}, there {}",
                times(here),
                within(&found.path, &found.here),
                found.there
            ),
            None => format!("{request} was answered with another content there"),
        },
        _ => format!(
            "{request} {}, there it {}",
            sentence::came_out(here.last()),
            sentence::came_out(other.last())
        ),
    }
}

/// `state = "open"`, or the value alone where it is the whole.
fn within(path: &str, value: &str) -> String {
    if path.is_empty() {
        value.to_owned()
    } else {
        format!("{} = {value}", text::one_line(path, VALUE_CHARS))
    }
}

/// A request in its normal form is a list of path, query and body.
fn part_of_request(path: &str) -> &str {
    path.strip_prefix("[2]")
        .map_or("the query", |body| body.trim_start_matches('.'))
}

/// `, the last of 30 times,`, where it was made several times.
fn times(call: &Call) -> String {
    match call.tries.len() {
        0 | 1 => String::new(),
        tries => format!(", the last of {tries} times,"),
    }
}

/// Values of answers that are not those of the passing recording, the ones that the failure speaks of first. Whether
/// they vary from run to run by themselves cannot be told from one recording.
fn values(context: &Context) -> Vec<Finding> {
    let Some(comparison) = &context.comparison else {
        return Vec::new();
    };
    let first = first_difference(context).map(|(call, _)| call);
    let mut found = Vec::new();
    for call in context.counting() {
        let Some(other) = comparison
            .counterpart(call)
            .filter(|_| !comparison.same_reply[call])
        else {
            continue;
        };
        let here = &context.calls[call];
        let told = (comparison.differences[call] == Difference::Content)
            .then(|| unlike::first(&here.reply, &other.reply))
            .flatten();
        for (path, left, right) in
            compare::differing_values(&here.reply, &other.reply, VALUES_PER_CALL)
        {
            if first == Some(call) && told.as_ref().is_some_and(|told| told.path == path) {
                continue;
            }
            let spoken_of = context.failure.speaks_of(&left) && context.failure.speaks_of(&right);
            let text = format!(
                "{}; in the passing recording {}.",
                relevance::answered(here, &path, &left),
                text::one_line(&right, VALUE_CHARS)
            );
            found.push((!spoken_of, at_call(context, call, text)));
        }
    }
    found.sort_by_key(|(unspoken, _)| *unspoken);
    found
        .into_iter()
        .take(VALUES)
        .map(|(_, finding)| finding)
        .collect()
}
