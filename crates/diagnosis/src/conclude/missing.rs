//! What is missing: what would settle a likely diagnosis, and what kept us from having one.

use model::{AttemptKind, Cause, Confidence, Gap, GapKind, Peer, Role, RoleBasis};

use super::{certainty, facts};
use crate::calls;
use crate::context::Context;
use crate::rank::{Ranked, Ranking};
use crate::rules::Stands;
use crate::text;

/// Said where there is none, with the way to one.
const NOTHING_TO_COMPARE_WITH: &str = "No passing recording of this test to compare with: get it green once under `flakescope run`, or name another store or bundle with `--baseline`.";

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

/// What would turn *likely* into *established*. Nothing is missing from an established diagnosis.
pub(super) fn when_blamed(
    context: &Context,
    ranking: &Ranking,
    ranked: &Ranked,
    confidence: Confidence,
) -> Vec<String> {
    if confidence == Confidence::Established {
        return Vec::new();
    }
    let call = &context.calls[ranked.suspect.call];
    let mut missing = Vec::new();
    if context.comparison.is_none() {
        missing.push(NOTHING_TO_COMPARE_WITH.to_owned());
    }
    if undeclared(&call.peer) {
        missing.push(both_readings(context, ranked));
    }
    if certainty::is_in_doubt(ranking, ranked) {
        missing.push(
            "It is not known whether the test would have passed without this: the failure may have another reason."
                .to_owned(),
        );
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
    if missing.is_empty() && context.comparison.is_some() && !ranked.earliest {
        missing
            .push("It is not the first thing that differs from the passing recording.".to_owned());
    }
    if missing.is_empty() && ranked.suspect.stands == Stands::Never {
        missing.push("What was compared does not settle it.".to_owned());
    }
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
            "is not declared: if it is the product, the fault is the product's; if it is a dependency, the dependency's"
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
    match &context.evidence.baseline {
        Some(baseline) if !context.counting().is_empty() && facts::all_the_same(context) => {
            let label = calls::short_id(baseline.attempt.id);
            missing.push(format!("Every call got the same answer as in the passing recording {label}; what differs was not captured: the test itself, or what it does without a call."));
        }
        Some(_) => {}
        None => missing.push(NOTHING_TO_COMPARE_WITH.to_owned()),
    }
    missing.extend(gaps(context));
    missing
}

/// Whether a call may have been missed.
pub(super) fn may_hide(context: &Context) -> bool {
    !gaps(context).is_empty()
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

/// Whether a peer's role is only missing because nobody declared it.
fn undeclared(peer: &Peer) -> bool {
    (peer.role == Role::Unknown && peer.basis != RoleBasis::Declared)
        || peer.basis == RoleBasis::StartedByCommand
}
