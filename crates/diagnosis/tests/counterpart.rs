//! Which call of the passing recording a call of the failing one is held against.

mod support;

use diagnosis::exhibits;
use model::{Evidence, Listener, SpanId, Timestamp};
use support::{Call, Story, call};

/// The span of the passing recording that is shown beside this one.
fn counterpart(evidence: &Evidence, span: SpanId) -> Option<SpanId> {
    let baseline = exhibits(evidence, Some(span)).baseline?;
    baseline.call.map(|call| call.span_id)
}

/// The failing calls, of which the last is asked for; the passing calls; which of them is the same, counted from 0.
/// Calls follow one another.
fn check(failing: &[&str], passing: &[&str], expected: Option<usize>) {
    let calls = |texts: &[&str]| -> Vec<Call> {
        texts
            .iter()
            .zip(0_i64..)
            .map(|(text, at)| {
                let (method, url) = text.split_once(' ').unwrap_or_default();
                call(method, url, at * 100).answers(200, "{}")
            })
            .collect()
    };
    let evidence = Story::of(calls(failing)).passing(calls(passing)).evidence();
    let asked = evidence.recording.exchanges().pop();
    let found = asked.and_then(|exchange| counterpart(&evidence, exchange.span_id));
    let there = evidence
        .baseline
        .iter()
        .flat_map(|baseline| baseline.recording.exchanges());
    let place = found.and_then(|found| {
        let mut spans = there.map(|exchange| exchange.span_id);
        spans.position(|span| span == found)
    });
    assert_eq!(place, expected, "{failing:?} {passing:?}");
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
    check(&["GET http://a/v1/x"], &["GET http://a/v2/x"], None);
    check(&["GET http://a/x"], &[], None);
}

#[test]
fn identifiers_and_ports_that_were_handed_out_may_differ() {
    check(
        &["GET http://127.0.0.1:44001/i/it-93"],
        &["GET http://127.0.0.1:52002/i/it-12"],
        Some(0),
    );
    check(
        &["GET http://127.0.0.1:4001/i/it-93"],
        &["GET http://127.0.0.1:5002/i/it-12"],
        None,
    );
}

/// Whether the same path at ports where these programs listen is the same call.
fn check_programs(here: &str, there: &str, expected: bool) {
    let listener = |service: &str, port: u16| Listener {
        host: "127.0.0.1".to_owned(),
        port,
        time: Timestamp(0),
        open: true,
        pid: 7,
        service: service.to_owned(),
        program: format!("/app/{service}"),
        runs_tests: false,
    };
    let health = |port: u16| vec![call("GET", &format!("http://127.0.0.1:{port}/health"), 0)];
    let mut evidence = Story::of(health(44_001)).passing(health(52_002)).evidence();
    evidence.listeners = vec![listener(here, 44_001)];
    if let Some(baseline) = &mut evidence.baseline {
        baseline.listeners = vec![listener(there, 52_002)];
    }
    let span = evidence.recording.exchanges()[0].span_id;
    let found = counterpart(&evidence, span).is_some();
    assert_eq!(found, expected, "{here} {there}");
}

#[test]
fn servers_of_the_run_are_told_apart_by_their_programs() {
    check_programs("api.js", "api.js", true);
    check_programs("api.js", "search.js", false);
}

#[test]
fn among_like_calls_the_one_in_its_place_is_found() {
    check(
        &["POST http://a/x", "POST http://a/x"],
        &["POST http://a/x", "POST http://a/x"],
        Some(1),
    );
    check(
        &["POST http://a/x?n=1", "POST http://a/x?n=2"],
        &["POST http://a/x?n=2", "POST http://a/x?n=1"],
        Some(0),
    );
}

#[test]
fn polls_are_held_against_the_last_poll() {
    check(&["GET http://a/x"; 4], &["GET http://a/x"; 2], Some(1));
    check(&["GET http://a/x"; 2], &["GET http://a/x"; 4], Some(3));
}

#[test]
fn without_a_passing_recording_there_is_none() {
    let mut evidence = Story::of(vec![call("GET", "http://a/x", 0)]).evidence();
    evidence.baseline = None;
    let span = evidence.recording.exchanges()[0].span_id;
    assert_eq!(counterpart(&evidence, span), None);
}
