//! Evidence in, diagnosis out.
//!
//! [`diagnose`] is a pure function: no clock, no query, no network. It reads the failing recording as *logical calls*
//! (`calls`, `retry`, `repeats`), lays the passing recording beside it (`align`, `compare`), asks every rule which calls could
//! have done it (`rules`), weighs what they say (`rank`, `relevance`) and states the result (`conclude`, `sentence`).
//! Decisions and thresholds: `docs/design/0004-diagnosis-first-rules.md`; truth tables for readers:
//! `docs/concepts/causes.md`.

mod align;
mod answer;
mod busy;
mod calls;
mod canonical;
mod compare;
mod conclude;
mod context;
mod elsewhere;
mod ending;
mod failure;
mod fingerprint;
mod innocence;
mod normal;
mod normalize;
mod not_run;
mod places;
mod rank;
mod relevance;
mod repeats;
mod retry;
mod rules;
mod scan;
mod sentence;
mod side_by_side;
mod text;
mod trouble;
mod unlike;
mod values;
mod volatile;

use model::{Diagnosis, Evidence, SpanId};

pub use side_by_side::{Pair, Side, side_by_side};
pub use values::{ChangeKind, Part, ValueChange};

/// Why the attempt failed, as far as the evidence carries.
///
/// Deterministic: equal evidence gives an equal diagnosis. An attempt that did not fail is `undetermined`, with
/// nothing blamed.
#[must_use]
pub fn diagnose(evidence: &Evidence) -> Diagnosis {
    let context = context::Context::new(evidence);
    if !context.failure.failed {
        return conclude::nothing_failed();
    }
    let suspects = rules::consider(&context);
    let ranking = rank::rank(&context, suspects);
    let mut diagnosis = match ranking.blamed {
        Some(_) => conclude::blame(&context, &ranking),
        None => conclude::undetermined(&context, &ranking),
    };
    if let Some(not_run) = &evidence.attempt.not_run {
        // Before the calls that were never made: it is more that never happened.
        diagnosis.therefore.insert(0, not_run::sentence(not_run));
    }
    diagnosis
}

/// The exchange of the passing recording that is the same call as this one of the failing recording: its last try,
/// which decided how the call came out there. Nothing without a passing recording, or where it has no such call; a call at
/// another port is none, unless the run's own servers listen there, or both ports are such as systems hand out.
///
/// It is the pairing on which [`diagnose`] rests, so a report that shows both sides shows what was compared.
#[must_use]
pub fn counterpart(evidence: &Evidence, exchange: SpanId) -> Option<SpanId> {
    let context = context::Context::new(evidence);
    let call = context.calls.iter().position(|call| {
        call.tries
            .iter()
            .any(|one| one.exchange.span_id == exchange)
    })?;
    if elsewhere::moved(&context, call) {
        return None;
    }
    let other = context.counterpart(call)?;
    Some(other.last().exchange.span_id)
}
