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

/// At most so many differing values are named …
const VALUES: usize = 3;
/// … and looked at in one answer.
const VALUES_PER_CALL: usize = 20;
/// Longest value that is quoted, in characters.
const VALUE_CHARS: usize = 60;

/// The first difference from the passing recording, or that there is none; values that differ; how busy the process
/// was; and what the test itself said.
pub(super) fn facts(context: &Context) -> Vec<Finding> {
    let mut facts: Vec<Finding> = beside_the_passing_recording(context).into_iter().collect();
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
    context.counting().into_iter().all(same) && left_out(comparison).next().is_none()
}

fn left_out(comparison: &Comparison) -> impl Iterator<Item = &Call> {
    let missing = comparison.missing.iter().map(|at| &comparison.calls[*at]);
    missing.filter(|call| call.signature.phase < Phase::Teardown)
}

fn beside_the_passing_recording(context: &Context) -> Option<Finding> {
    let comparison = context.comparison.as_ref()?;
    let label = calls::short_id(context.evidence.baseline.as_ref()?.attempt.id);
    let first = context
        .counting()
        .into_iter()
        .find(|call| comparison.differences[*call] != Difference::None);
    if let Some(call) = first {
        let how = difference(context, call, comparison.differences[call]);
        let which = if left_out(comparison).next().is_none() {
            "The first difference"
        } else {
            "A difference"
        };
        let text = format!("{which} from the passing recording {label}: {how}.");
        return Some(at_call(context, call, text));
    }
    let text = if let Some(missing) = left_out(comparison).next() {
        format!(
            "The passing recording {label} makes {}; this one never did.",
            sentence::call(missing)
        )
    } else if all_the_same(context) {
        format!(
            "No call before the failure came out otherwise than in the passing recording {label}."
        )
    } else {
        format!(
            "Each call before the failure came out much as in the passing recording {label}; not all was answered the same."
        )
    };
    Some(Finding {
        text,
        span_id: None,
    })
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
    let came_out = sentence::came_out(here.last());
    match (difference, context.counterpart(call)) {
        (Difference::Extra, _) => format!("{request} is not made there"),
        (Difference::Request, _) => format!("{request} asks for something else there"),
        (Difference::Content, _) => format!("{request} was answered with another content there"),
        (_, Some(other)) => format!(
            "{request} {came_out}, there it {}",
            sentence::came_out(other.last())
        ),
        (_, None) => request,
    }
}

/// Values of answers that are not those of the passing recording, the ones that the failure speaks of first. Whether
/// they vary from run to run by themselves cannot be told from one recording.
fn values(context: &Context) -> Vec<Finding> {
    let Some(comparison) = &context.comparison else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for call in context.counting() {
        let Some(other) = comparison
            .counterpart(call)
            .filter(|_| !comparison.same_reply[call])
        else {
            continue;
        };
        let here = &context.calls[call];
        for (path, left, right) in
            compare::differing_values(&here.reply, &other.reply, VALUES_PER_CALL)
        {
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
