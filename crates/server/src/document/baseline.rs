//! What the passing recording got for the call that failed.

use model::{BaselineBasis, BaselineExhibit};

use super::types::{Baseline, BaselineCall};
use crate::time::{instant, millis};

/// The entry of a passing recording. `short_id` is that of its attempt.
pub(super) fn entry(baseline: BaselineExhibit, short_id: String) -> Baseline {
    Baseline {
        run: baseline.run_id.to_string(),
        attempt: baseline.attempt_id.to_string(),
        short_id,
        basis: basis(baseline.basis).to_owned(),
        started: instant(baseline.run_started),
        branch: baseline.branch,
        commit: baseline.commit,
        call: baseline.call.map(|call| BaselineCall {
            span_id: call.span_id.to_string(),
            status: call.status,
            error: call.error,
            duration_ms: call.end.map(|end| millis(end.since(call.start))),
        }),
    }
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
