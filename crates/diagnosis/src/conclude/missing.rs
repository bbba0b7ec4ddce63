//! What is missing: what would settle a likely diagnosis, what kept us from having one, and the facts that remain.

use model::{AttemptKind, Cause, Confidence, Finding, Gap, GapKind, Peer, Role, RoleBasis};

use super::certainty;
use crate::calls;
use crate::compare::{self, Difference};
use crate::context::Context;
use crate::rank::Ranked;
use crate::sentence;
use crate::text;

/// Gaps that may hide a cause.
const HIDING: &[GapKind] = &[
    GapKind::AttemptBudget,
    GapKind::SpoolFull,
    GapKind::SpoolWriteFailed,
    GapKind::SpoolGone,
    GapKind::RecordTorn,
    GapKind::RecordInvalid,
    GapKind::RecordTooLong,
    GapKind::StoreWriteFailed,
    GapKind::ProcessKilled,
    GapKind::AgentError,
    GapKind::ClientUnseen,
    GapKind::NoAgent,
];

/// At most so many differing values are named …
const VALUES: usize = 3;
/// … and looked at in one answer.
const VALUES_PER_CALL: usize = 20;
/// Longest value that is quoted, in characters.
const VALUE_CHARS: usize = 60;

/// What would turn *likely* into *established*. Nothing is missing from an established diagnosis.
pub(super) fn when_blamed(
    context: &Context,
    ranked: &Ranked,
    confidence: Confidence,
) -> Vec<String> {
    if confidence == Confidence::Established {
        return Vec::new();
    }
    let call = &context.calls[ranked.suspect.call];
    let mut missing = Vec::new();
    if context.comparison.is_none() {
        missing.push("No passing recording of this test to compare with.".to_owned());
    }
    if undeclared(&call.peer) {
        missing.push(both_readings(context, ranked));
    }
    if certainty::gave_up_sooner(context, ranked) {
        missing.push(
            "It is not known whether the peer was slow: the client gave up sooner than in the passing recording."
                .to_owned(),
        );
    }
    if let Some(doubt) = &ranked.suspect.doubt {
        missing.push(format!("It is not known {doubt}."));
    }
    if ranked.suspect.cause == Cause::RateLimited && certainty::makes_more_calls(context, ranked) {
        missing.push(
            "It is not known whether the quota would have sufficed without the additional calls."
                .to_owned(),
        );
    }
    missing.extend(gaps(context));
    missing
}

/// A role that is unknown, or only taken for granted, read both ways.
fn both_readings(context: &Context, ranked: &Ranked) -> String {
    let exchange = &context
        .try_at(ranked.suspect.call, ranked.suspect.at)
        .exchange;
    let port = exchange
        .port
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let address = format!(
        "{}{port}",
        text::one_line(&exchange.host, text::QUOTE_CHARS)
    );
    let why = match context.calls[ranked.suspect.call].peer.basis {
        RoleBasis::InTestProcess => {
            "listens in the test's own process: it may be the product, or stand in for a dependency"
        }
        RoleBasis::StartedByCommand => {
            "was started by the test command: it is taken for the product, and may be a stand-in for a dependency"
        }
        _ => {
            "is not declared: it may be the product, whose fault this then is, or a dependency, whose fault it then is"
        }
    };
    format!("{address} {why}. Declare it in flakescope.toml.")
}

/// What kept us from a diagnosis.
pub(super) fn when_undetermined(context: &Context) -> Vec<String> {
    let mut missing = Vec::new();
    if context.calls.is_empty() {
        missing.push(match context.evidence.attempt.kind {
            AttemptKind::Test => "The test made no captured call.".to_owned(),
            AttemptKind::Fixture => {
                "No captured call is the hook's own; the calls of a hook for each test are in the recording of that test."
                    .to_owned()
            }
        });
    }
    match (&context.evidence.baseline, &context.comparison) {
        (Some(baseline), Some(comparison)) => {
            let label = calls::short_id(baseline.attempt.id);
            let counting = context.counting();
            let same = counting.iter().all(|call| {
                comparison.differences[*call] == Difference::None && comparison.same_reply[*call]
            });
            if same && !counting.is_empty() {
                missing.push(format!("Every call got the same answer as in the passing recording {label}; what differs was not captured."));
            }
        }
        _ => missing.push("No passing recording of this test to compare with.".to_owned()),
    }
    missing.extend(gaps(context));
    missing
}

fn gaps(context: &Context) -> Vec<String> {
    let recording = &context.evidence.recording;
    let mut kinds: Vec<(GapKind, u64)> = Vec::new();
    for Gap { kind, count, .. } in recording
        .gaps
        .iter()
        .filter(|gap| HIDING.contains(&gap.kind))
    {
        match kinds.iter_mut().find(|(known, _)| known == kind) {
            Some((_, sum)) => *sum = sum.saturating_add(*count),
            None => kinds.push((*kind, *count)),
        }
    }
    kinds.sort_unstable();
    kinds
        .into_iter()
        .map(|(kind, count)| format!("The recording has gaps: {kind} ({count})."))
        .collect()
}

/// What remains to be said when nothing explains the failure: the first difference from the passing recording, or that
/// there is none, and what the test itself said.
pub(super) fn facts(context: &Context) -> Vec<Finding> {
    let mut facts = Vec::new();
    if let (Some(comparison), Some(baseline)) = (&context.comparison, &context.evidence.baseline) {
        let label = calls::short_id(baseline.attempt.id);
        let counting = context.counting();
        let first = counting
            .iter()
            .find(|call| comparison.differences[**call] != Difference::None);
        facts.push(match first {
            Some(call) => Finding {
                text: format!(
                    "The first difference from the passing recording {label}: {}.",
                    difference(context, *call, comparison.differences[*call])
                ),
                span_id: Some(context.calls[*call].last().exchange.span_id),
            },
            None => Finding {
                text: format!("No call of the passing recording {label} came out otherwise."),
                span_id: None,
            },
        });
    }
    facts.extend(values(context));
    let message = text::one_line(context.failure.message(), text::QUOTE_CHARS);
    if !message.is_empty() {
        facts.push(Finding {
            text: format!("The test said: {message}"),
            span_id: Some(context.evidence.attempt.root_span_id),
        });
    }
    facts
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
            let (left, right) = (
                text::one_line(&left, VALUE_CHARS),
                text::one_line(&right, VALUE_CHARS),
            );
            let path = if path.is_empty() {
                String::new()
            } else {
                format!("{} = ", text::one_line(&path, VALUE_CHARS))
            };
            let text = format!(
                "{} answered {path}{left}; in the passing recording {right}.",
                sentence::call(here)
            );
            found.push((
                !spoken_of,
                Finding {
                    text,
                    span_id: Some(here.last().exchange.span_id),
                },
            ));
        }
    }
    found.sort_by_key(|(unspoken, _)| *unspoken);
    found
        .into_iter()
        .take(VALUES)
        .map(|(_, finding)| finding)
        .collect()
}

/// Whether a peer's role is only missing because nobody declared it.
fn undeclared(peer: &Peer) -> bool {
    (peer.role == Role::Unknown && peer.basis != RoleBasis::Declared)
        || peer.basis == RoleBasis::StartedByCommand
}
