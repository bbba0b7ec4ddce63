//! Evidence in, diagnosis out.
//!
//! [`diagnose`] is a pure function: no clock, no query, no network. It reads the failing recording as *logical calls*
//! (`calls`, `retry`, `repeats`), lays the passing recording beside it (`align`, `compare`) and holds what differs leaf by
//! leaf (`changes`) against what varies among further passing ones, asks every rule which calls could have done it
//! (`rules`; `state` knows what an answer shows of earlier writes, `neighbours` which writes of other tests are usual,
//! `alone` what one recording says with no passing one), weighs what they say (`rank`, `relevance`) and states
//! the result (`conclude`, `sentence`). Decisions and thresholds: `docs/design/0004-diagnosis-first-rules.md` and
//! `0012-every-cause.md`; truth tables for readers: `docs/concepts/causes.md`.

mod align;
mod alone;
mod answer;
mod busy;
mod calls;
mod canonical;
mod changes;
mod coded;
mod compare;
mod conclude;
mod context;
mod elsewhere;
mod ending;
mod entities;
mod exhibits;
mod failure;
mod filters;
mod fingerprint;
mod graphql;
mod headers;
pub mod history;
mod horizon;
mod how_many;
mod innocence;
mod issued;
mod methods;
mod neighbours;
mod normal;
mod normalize;
mod not_run;
mod operations;
mod packed;
mod places;
mod polls;
mod rank;
mod refusals;
mod relations;
mod relevance;
mod repeats;
mod retry;
mod rules;
mod scan;
mod seen;
mod sentence;
mod side_by_side;
mod signature;
mod state;
mod strangers;
mod text;
mod things;
mod track_record;
mod trouble;
mod unlike;
mod unlike_passes;
mod unmoved;
mod values;
mod varying;
mod volatile;
mod writes;
mod xml;

use model::{Diagnosis, Evidence, Exhibits, SpanId};

pub use side_by_side::{Pair, Side, side_by_side};
pub use signature::{SIGNATURE_VERSION, signature};
pub use unlike_passes::{may_be_unlike, unlike_passes};
pub use values::{ChangeKind, Part, ValueChange};

/// Why the attempt failed, as far as the evidence carries.
///
/// Deterministic: equal evidence gives an equal diagnosis. An attempt that did not fail is `undetermined`, with
/// nothing blamed.
#[must_use]
pub fn diagnose(evidence: &Evidence) -> Diagnosis {
    let context = context::Context::new(evidence);
    if !context.failure.failed {
        return Diagnosis {
            exhibits: Some(exhibits::exhibits(&context, None)),
            ..conclude::nothing_failed()
        };
    }
    let suspects = rules::consider(&context);
    let ranking = rank::rank(&context, suspects);
    let mut diagnosis = match ranking.blamed {
        Some(_) => conclude::blame(&context, &ranking),
        None => conclude::nobody(&context, &ranking),
    };
    if let Some(not_run) = &evidence.attempt.not_run {
        // Before the calls that were never made: it is more that never happened.
        diagnosis.therefore.insert(0, not_run::sentence(not_run));
    }
    let culprit = diagnosis.culprit.as_ref().map(|culprit| culprit.span_id);
    diagnosis.exhibits = Some(exhibits::exhibits(&context, culprit));
    diagnosis
}

/// What of the evidence is shown beside a diagnosis with this culprit: for diagnoses that were kept without. Those of
/// [`diagnose`] have it.
#[must_use]
pub fn exhibits(evidence: &Evidence, culprit: Option<SpanId>) -> Exhibits {
    exhibits::exhibits(&context::Context::new(evidence), culprit)
}
