//! The part of the document that says why an attempt failed.

use model::{Evidence, Exchange, Timestamp};

use super::baseline;
use super::types::{Culprit, Diagnosis, Finding, Rival};
use crate::time::millis;

/// Lines kept of an answer's body.
const EXCERPT_LINES: usize = 5;
/// Characters kept of an answer's body.
const EXCERPT_CHARACTERS: usize = 600;

/// The entry of a diagnosis, with what the recordings say of its culprit. `baseline_short_id` is the short id of the
/// attempt that the evidence has as its baseline.
pub(super) fn entry(
    diagnosis: model::Diagnosis,
    evidence: &Evidence,
    baseline_short_id: String,
) -> Diagnosis {
    let culprit_span = diagnosis.culprit.as_ref().map(|culprit| culprit.span_id);
    Diagnosis {
        cause: diagnosis.cause.as_str().to_owned(),
        owner: diagnosis.owner.as_str().to_owned(),
        confidence: diagnosis.confidence.as_str().to_owned(),
        not_your_code: diagnosis.not_your_code,
        summary: diagnosis.summary,
        culprit: diagnosis.culprit.map(|found| culprit(found, evidence)),
        baseline: baseline::entry(evidence, culprit_span, baseline_short_id),
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

fn culprit(found: model::Culprit, evidence: &Evidence) -> Culprit {
    let exchange = [&evidence.recording]
        .into_iter()
        .chain(&evidence.fixtures)
        .find_map(|recording| recording.span(found.span_id))
        .and_then(Exchange::from_span);
    // A call of a fixture may have been made before the attempt began.
    let offset = |start: Timestamp| {
        (start >= evidence.attempt.start).then(|| millis(start.since(evidence.attempt.start)))
    };
    let response = exchange
        .as_ref()
        .and_then(|exchange| exchange.response.as_ref());
    let body = response
        .and_then(|response| response.body.text())
        .filter(|body| !body.is_empty());
    let excerpt = body.map(excerpt);
    Culprit {
        span_id: found.span_id.to_string(),
        at_ms: exchange
            .as_ref()
            .and_then(|exchange| offset(exchange.start)),
        duration_ms: exchange.as_ref().and_then(Exchange::duration).map(millis),
        method: found.method,
        url: found.url,
        status: found.status,
        error: found.error,
        peer: found.peer,
        role: found.role.as_str().to_owned(),
        retry_after: response
            .and_then(|response| response.header("retry-after"))
            .map(str::to_owned),
        response_excerpt_cut: excerpt != body
            || response.is_some_and(|response| response.body.truncated),
        response_excerpt: excerpt.map(str::to_owned),
    }
}

/// The beginning of a body.
fn excerpt(body: &str) -> &str {
    let lines = body
        .match_indices('\n')
        .nth(EXCERPT_LINES - 1)
        .map_or(body.len(), |(at, _)| at);
    let characters = body
        .char_indices()
        .nth(EXCERPT_CHARACTERS)
        .map_or(body.len(), |(at, _)| at);
    &body[..lines.min(characters)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_bounded() {
        let check = |body: &str, expected: usize| assert_eq!(excerpt(body).len(), expected);
        check("", 0);
        check("short", 5);
        check("1\n2\n3\n4\n5\n6\n", 9);
        check(&"é".repeat(700), 1200);
    }
}
