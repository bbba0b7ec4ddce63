//! What the passing recording got for the call that failed.

use model::{BaselineBasis, Evidence, Exchange, SpanId};

use super::types::{Baseline, BaselineCall};
use crate::time::{instant, millis};

const BRANCH: &str = "vcs.ref.head.name";
const COMMIT: &str = "vcs.ref.head.revision";

/// The baseline of the evidence, if it has one, with what the culprit's call got there.
pub(super) fn entry(
    evidence: &Evidence,
    culprit: Option<SpanId>,
    short_id: String,
) -> Option<Baseline> {
    let baseline = evidence.baseline.as_ref()?;
    let call = culprit
        .and_then(|culprit| ::diagnosis::counterpart(evidence, culprit))
        .and_then(|same| exchange(baseline, same));
    Some(Baseline {
        run: baseline.attempt.run_id.to_string(),
        attempt: baseline.attempt.id.to_string(),
        short_id,
        basis: basis(baseline.basis).to_owned(),
        started: instant(baseline.run_started),
        branch: baseline.tags.get(BRANCH).cloned(),
        commit: baseline.tags.get(COMMIT).cloned(),
        call: call.map(|call| BaselineCall {
            span_id: call.span_id.to_string(),
            status: call.status(),
            error: call.error.as_ref().map(|error| error.error_type.clone()),
            duration_ms: call.duration().map(millis),
        }),
    })
}

/// The name of why a baseline was chosen.
pub(super) fn basis(basis: BaselineBasis) -> &'static str {
    match basis {
        BaselineBasis::SameRun => "same-run",
        BaselineBasis::SameCommit => "same-commit",
        BaselineBasis::BaseBranch => "base-branch",
        BaselineBasis::Newest => "newest",
    }
}

/// The exchange of the passing recording with this span.
fn exchange(baseline: &model::Baseline, id: SpanId) -> Option<Exchange> {
    baseline
        .fixtures
        .iter()
        .chain([&baseline.recording])
        .find_map(|recording| recording.span(id))
        .and_then(Exchange::from_span)
}
