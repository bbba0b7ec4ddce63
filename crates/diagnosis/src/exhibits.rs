//! What of the evidence is shown beside a diagnosis: the culprit's exchange, and what the same call got in the passing
//! recording. Kept with the diagnosis, so that a report of it reads no recording.

use std::collections::BTreeMap;

use model::{Baseline, BaselineCall, BaselineExhibit, CulpritExhibit, Exhibits, SpanId};

use crate::calls::Call;
use crate::context::Context;
use crate::elsewhere;

/// Lines kept of an answer's body.
const EXCERPT_LINES: usize = 5;
/// Characters kept of an answer's body.
const EXCERPT_CHARACTERS: usize = 600;

const BRANCH: &str = "vcs.ref.head.name";
const COMMIT: &str = "vcs.ref.head.revision";

/// What is shown beside a diagnosis with this culprit.
pub(crate) fn exhibits(context: &Context, culprit: Option<SpanId>) -> Exhibits {
    let baseline = context.evidence.baseline.as_ref();
    Exhibits {
        culprit: culprit.and_then(|culprit| culprit_exhibit(context, culprit)),
        baseline: baseline.map(|baseline| baseline_exhibit(context, baseline, culprit)),
    }
}

fn culprit_exhibit(context: &Context, culprit: SpanId) -> Option<CulpritExhibit> {
    let tries = context.calls.iter().flat_map(|call| &call.tries);
    let exchange = tries
        .map(|one| &one.exchange)
        .find(|exchange| exchange.span_id == culprit)?;
    let response = exchange.response.as_ref();
    let body = response
        .and_then(|response| response.body.text())
        .filter(|body| !body.is_empty());
    let excerpt = body.map(excerpt);
    Some(CulpritExhibit {
        start: exchange.start,
        end: exchange.end,
        retry_after: response
            .and_then(|response| response.header("retry-after"))
            .map(str::to_owned),
        excerpt_cut: excerpt != body || response.is_some_and(|response| response.body.truncated),
        excerpt: excerpt.map(str::to_owned),
    })
}

fn baseline_exhibit(
    context: &Context,
    baseline: &Baseline,
    culprit: Option<SpanId>,
) -> BaselineExhibit {
    let call = culprit
        .and_then(|culprit| counterpart(context, culprit))
        .map(|call| &call.last().exchange);
    let tag = |tags: &BTreeMap<String, String>, key| tags.get(key).cloned();
    BaselineExhibit {
        run_id: baseline.attempt.run_id,
        attempt_id: baseline.attempt.id,
        basis: baseline.basis,
        run_started: baseline.run_started,
        branch: tag(&baseline.tags, BRANCH),
        commit: tag(&baseline.tags, COMMIT),
        call: call.map(|call| BaselineCall {
            span_id: call.span_id,
            status: call.status(),
            error: call.failure().map(str::to_owned),
            start: call.start,
            end: call.end,
        }),
    }
}

/// The call of the passing recording that is the same as the one of this exchange: its last try decided how it came out
/// there. A call at another port is none, unless the run's own servers listen there, or both ports are such as systems
/// hand out.
fn counterpart<'c>(context: &'c Context, exchange: SpanId) -> Option<&'c Call> {
    let call = context.calls.iter().position(|call| {
        call.tries
            .iter()
            .any(|one| one.exchange.span_id == exchange)
    })?;
    if elsewhere::moved(context, call) {
        return None;
    }
    context.counterpart(call)
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
