//! The part of the document that says why an attempt failed.

use model::{CulpritExhibit, Exhibits, Timestamp};

use super::baseline;
use super::types::{Culprit, Diagnosis, Finding, Rival};
use crate::time::millis;

/// The entry of a diagnosis of an attempt that began at `start`, with what is shown beside it. `baseline_short_id` is the
/// short id of the attempt that it was compared with.
pub(super) fn entry(
    diagnosis: model::Diagnosis,
    exhibits: Exhibits,
    start: Timestamp,
    baseline_short_id: String,
) -> Diagnosis {
    let shown = exhibits.culprit;
    Diagnosis {
        cause: diagnosis.cause.as_str().to_owned(),
        owner: diagnosis.owner.as_str().to_owned(),
        confidence: diagnosis.confidence.as_str().to_owned(),
        not_your_code: diagnosis.not_your_code,
        summary: diagnosis.summary,
        culprit: diagnosis.culprit.map(|found| culprit(found, shown, start)),
        baseline: exhibits
            .baseline
            .map(|baseline| baseline::entry(baseline, baseline_short_id)),
        findings: findings(diagnosis.findings),
        counter: findings(diagnosis.counter),
        therefore: diagnosis.therefore,
        missing: diagnosis.missing,
        rivals: diagnosis
            .rivals
            .into_iter()
            .map(|rival| Rival {
                cause: rival.cause.as_str().to_owned(),
                summary: rival.summary,
                span_id: rival.span_id.map(|id| id.to_string()),
            })
            .collect(),
        fingerprint: diagnosis.fingerprint,
        rules_version: diagnosis.rules_version,
        disputed: None,
    }
}

fn findings(findings: Vec<model::Finding>) -> Vec<Finding> {
    findings
        .into_iter()
        .map(|finding| Finding {
            text: finding.text,
            span_id: finding.span_id.map(|id| id.to_string()),
        })
        .collect()
}

fn culprit(found: model::Culprit, shown: Option<CulpritExhibit>, start: Timestamp) -> Culprit {
    // A call of a fixture may have been made before the attempt began.
    let at = shown.as_ref().map(|shown| shown.start);
    let at = at.filter(|at| *at >= start);
    let took = |shown: &CulpritExhibit| Some(shown.end?.since(shown.start));
    Culprit {
        span_id: found.span_id.to_string(),
        at_ms: at.map(|at| millis(at.since(start))),
        duration_ms: shown.as_ref().and_then(took).map(millis),
        method: found.method,
        url: found.url,
        status: found.status,
        error: found.error,
        peer: found.peer,
        role: found.role.as_str().to_owned(),
        response_excerpt_cut: shown.as_ref().is_some_and(|shown| shown.excerpt_cut),
        retry_after: shown.as_ref().and_then(|shown| shown.retry_after.clone()),
        response_excerpt: shown.and_then(|shown| shown.excerpt),
    }
}
