//! What the passing recording got for the call that failed.

use std::collections::BTreeMap;

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
    let failing = calls(&evidence.recording, &evidence.fixtures);
    let passing = calls(&baseline.recording, &baseline.fixtures);
    let call = culprit.and_then(|culprit| counterpart(&failing, culprit, &passing));
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

fn basis(basis: BaselineBasis) -> &'static str {
    match basis {
        BaselineBasis::SameRun => "same-run",
        BaselineBasis::SameCommit => "same-commit",
        BaselineBasis::BaseBranch => "base-branch",
        BaselineBasis::Newest => "newest",
    }
}

fn calls(recording: &model::Recording, fixtures: &[model::Recording]) -> Vec<Exchange> {
    let mut calls: Vec<Exchange> = fixtures
        .iter()
        .chain([recording])
        .flat_map(model::Recording::exchanges)
        .collect();
    calls.sort_by_key(|call| call.start);
    calls
}

/// The call of the passing recording that is the same as the culprit: same method, host and path, and as many such
/// calls before it. After retries and polls, of which a failing test has more, it is the last such call.
fn counterpart<'a>(
    failing: &[Exchange],
    culprit: SpanId,
    passing: &'a [Exchange],
) -> Option<&'a Exchange> {
    let culprit = failing.iter().find(|call| call.span_id == culprit)?;
    let (failing_ports, passing_ports) = (ports(failing), ports(passing));
    let wanted = key(culprit, &failing_ports);
    let before = failing
        .iter()
        .filter(|call| key(call, &failing_ports) == wanted)
        .position(|call| call.span_id == culprit.span_id)?;
    let same: Vec<&Exchange> = passing
        .iter()
        .filter(|call| key(call, &passing_ports) == wanted)
        .collect();
    same.get(before).or(same.last()).copied()
}

type Ports = BTreeMap<(String, Option<u16>), usize>;

/// The ports of each host, numbered by first use: a server of the test environment has another port in each run.
fn ports(calls: &[Exchange]) -> Ports {
    let mut ports = Ports::new();
    for call in calls {
        let of_host = ports.keys().filter(|(host, _)| *host == call.host).count();
        ports
            .entry((call.host.clone(), call.port))
            .or_insert(of_host);
    }
    ports
}

fn key(call: &Exchange, ports: &Ports) -> (String, String, usize, String) {
    let port = ports.get(&(call.host.clone(), call.port)).copied();
    (
        call.method.clone(),
        call.host.clone(),
        port.unwrap_or_default(),
        stable_path(call.path()),
    )
}

/// The path with `#` for what is likely to be an identifier: a segment with a digit in it that is not a version.
fn stable_path(path: &str) -> String {
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|number| {
            number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let segments = path.split('/').map(|segment| {
        let varies = segment.bytes().any(|byte| byte.is_ascii_digit()) && !is_version(segment);
        if varies { "#" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use model::{Attributes, Span, SpanKind, SpanStatus, Timestamp, TraceId, Value};

    use super::*;

    fn call(id: u8, method_and_url: &str) -> Exchange {
        let (method, url) = method_and_url.split_once(' ').unwrap();
        let attributes: Attributes = [
            ("http.request.method", Value::from(method)),
            ("url.full", Value::from(url)),
        ]
        .into_iter()
        .collect();
        let span = Span {
            trace_id: TraceId([1; 16]),
            span_id: SpanId([id; 8]),
            parent_span_id: None,
            name: method.to_owned(),
            kind: SpanKind::Client,
            start: Timestamp(i64::from(id)),
            end: None,
            attributes,
            events: vec![],
            links: vec![],
            status: SpanStatus::default(),
            resource: Default::default(),
        };
        Exchange::from_span(&span).unwrap()
    }

    /// The failing calls, of which the last is the culprit; the passing calls; which of them is the same.
    fn check(failing: &[&str], passing: &[&str], expected: Option<usize>) {
        let calls = |urls: &[&str]| -> Vec<Exchange> {
            (1u8..).zip(urls).map(|(id, url)| call(id, url)).collect()
        };
        let failing = calls(failing);
        let passing = calls(passing);
        let found = counterpart(&failing, failing.last().unwrap().span_id, &passing);
        let found = found.map(|found| usize::from(found.span_id.0[0]) - 1);
        assert_eq!(found, expected, "{failing:?}");
    }

    #[test]
    fn the_same_call_is_found() {
        check(&["GET http://a/x"], &["GET http://a/x"], Some(0));
        check(
            &["GET http://a/x"],
            &["POST http://a/x", "GET http://a/x?q=1"],
            Some(1),
        );
        check(
            &["GET http://a/x"],
            &["GET http://b/x", "GET http://a/y"],
            None,
        );
        // Identifiers and ports differ from run to run.
        check(
            &["GET http://a:4001/i/it-93"],
            &["GET http://a:5002/i/it-12"],
            Some(0),
        );
        check(&["GET http://a/v1/x"], &["GET http://a/v2/x"], None);
        // As many before it, and after retries the last.
        check(
            &["GET http://a/x", "GET http://a/x"],
            &["GET http://a/x", "GET http://a/x"],
            Some(1),
        );
        check(
            &["GET http://a/x"; 4],
            &["GET http://a/x", "GET http://a/x"],
            Some(1),
        );
        // Two servers on one host are told apart.
        check(
            &["GET http://a:1/x", "GET http://a:2/x"],
            &["GET http://a:8/x", "GET http://a:9/x"],
            Some(1),
        );
        check(&["GET http://a/x"], &[], None);
    }
}
