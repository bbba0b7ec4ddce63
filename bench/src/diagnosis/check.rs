//! Whether a diagnosis names the right exchange.

use model::{Culprit, Diagnosis, Evidence, Exchange, SpanId};
use regex::Regex;

use super::case::{Case, CulpritPattern};
use super::record::Recorded;
use crate::fault::Passed;

/// Which exchanges are the culprit.
pub(super) enum Truth {
    /// There is none, or nobody knows which.
    None,
    /// Those that look so.
    Pattern(CulpritPattern),
    /// These, of all that came by at the proxy.
    Hits { all: Vec<Passed>, hit: Vec<usize> },
}

impl Truth {
    /// As the case says, else what its rules have hit.
    pub(super) fn of(case: &Case, recorded: &Recorded) -> Self {
        if !case.has_culprit {
            return Self::None;
        }
        if let Some(pattern) = &case.culprit {
            return Self::Pattern(pattern.clone());
        }
        let is_hit = |passed: &Passed| passed.rules.iter().any(|rule| case.blames(*rule));
        let hits = recorded.passed.iter().enumerate();
        let hit: Vec<usize> = hits
            .filter(|(_, passed)| is_hit(passed))
            .map(|(place, _)| place)
            .collect();
        if hit.is_empty() {
            return Self::None;
        }
        Self::Hits {
            all: recorded.passed.clone(),
            hit,
        }
    }

    /// Whether the diagnosis names one of them. None: there is nothing to name.
    pub(super) fn is_named(&self, evidence: &Evidence, diagnosis: &Diagnosis) -> Option<bool> {
        let named = diagnosis.culprit.as_ref();
        match self {
            Self::None => None,
            Self::Pattern(pattern) => {
                Some(named.is_some_and(|culprit| looks_so(evidence, culprit, pattern)))
            }
            Self::Hits { all, hit } => {
                Some(named.is_some_and(|culprit| is_hit(evidence, culprit.span_id, all, hit)))
            }
        }
    }
}

fn looks_so(evidence: &Evidence, culprit: &Culprit, pattern: &CulpritPattern) -> bool {
    let fits = |pattern: &str, text: &str| {
        let pattern = Regex::new(pattern);
        pattern.is_ok_and(|pattern| pattern.is_match(text))
    };
    let operation = exchanges(evidence)
        .iter()
        .find(|exchange| exchange.span_id == culprit.span_id)
        .and_then(operation);
    pattern
        .method
        .split('|')
        .any(|method| method == culprit.method)
        && fits(&pattern.path, target(&culprit.url))
        && pattern.peer.as_ref().is_none_or(|peer| {
            // Undeclared, it has another name.
            evidence.peers.is_empty() || *peer == culprit.peer
        })
        && pattern
            .operation
            .as_ref()
            .is_none_or(|pattern| operation.is_some_and(|operation| fits(pattern, &operation)))
}

/// All exchanges of the test and its fixtures, by start.
fn exchanges(evidence: &Evidence) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = evidence
        .fixtures
        .iter()
        .flat_map(|fixture| fixture.exchanges())
        .chain(evidence.recording.exchanges())
        .collect();
    exchanges.sort_by_key(|exchange| exchange.start);
    exchanges
}

/// Whether the exchange is one that was hit: the same call, and the same one among calls that look alike.
fn is_hit(evidence: &Evidence, span: SpanId, all: &[Passed], hit: &[usize]) -> bool {
    let exchanges = exchanges(evidence);
    let Some(named) = exchanges.iter().find(|exchange| exchange.span_id == span) else {
        return false;
    };
    let alike: Vec<SpanId> = exchanges
        .iter()
        .filter(|exchange| key(exchange) == key(named))
        .map(|exchange| exchange.span_id)
        .collect();
    let passed: Vec<usize> = (0..all.len())
        .filter(|place| {
            all.get(*place)
                .is_some_and(|passed| passed_key(passed) == key(named))
        })
        .collect();
    if alike.len() != passed.len() {
        // Something came by that is in no recording: which of them it was cannot be told.
        return passed.iter().any(|place| hit.contains(place));
    }
    let place = alike.iter().position(|known| *known == span);
    place
        .and_then(|place| passed.get(place))
        .is_some_and(|place| hit.contains(place))
}

/// What makes two calls look alike. Not the query: what is secret in it is masked in a recording.
fn key(exchange: &Exchange) -> (String, String, Option<String>) {
    (
        exchange.method.clone(),
        path(target(&exchange.url)),
        operation(exchange),
    )
}

fn operation(exchange: &Exchange) -> Option<String> {
    let mut headers = exchange.request_headers.iter();
    headers
        .find(|header| header.name.eq_ignore_ascii_case("x-amz-target"))
        .map(|header| header.value.clone())
}

fn passed_key(passed: &Passed) -> (String, String, Option<String>) {
    (
        passed.method.clone(),
        path(&passed.target),
        passed.operation.clone(),
    )
}

/// A path without its query.
fn path(target: &str) -> String {
    target.split('?').next().unwrap_or_default().to_owned()
}

/// Path and query of a URL.
fn target(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    after_scheme
        .find('/')
        .and_then(|slash| after_scheme.get(slash..))
        .unwrap_or("/")
}
