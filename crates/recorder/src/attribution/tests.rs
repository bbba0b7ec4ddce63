//! Attribution against its truth tables and against merging everything first.

use std::sync::Arc;

use model::{Attributes, Event, Link, SpanStatus, Timestamp, Value};
use proptest::prelude::*;

use super::*;

fn attribution() -> Attribution {
    Attribution::new(RunId([1; 16]), "shop".into(), "/p/api".into())
}

fn span(trace: u8, id: u8, parent: Option<u8>, attributes: &[(&str, Value)]) -> Span {
    Span {
        trace_id: TraceId([trace; 16]),
        span_id: SpanId([id; 8]),
        parent_span_id: parent.map(|parent| SpanId([parent; 8])),
        name: "x".into(),
        kind: SpanKind::Internal,
        start: Timestamp(i64::from(id)),
        end: None,
        attributes: attributes
            .iter()
            .map(|(key, value)| (*key, value.clone()))
            .collect(),
        events: Vec::new(),
        links: Vec::new(),
        status: SpanStatus::default(),
        resource: Arc::default(),
    }
}

fn root(attributes: &[(&str, Value)]) -> Span {
    let mut root = span(1, 1, None, attributes);
    root.attributes.set(attribute::SPAN_TYPE, "attempt");
    root
}

fn attempt_of(root: Span) -> (Attempt, Test) {
    let mut attribution = attribution();
    assert!(attribution.span(&root));
    attribution.take_changed().remove(0)
}

#[test]
fn the_runner_says_how_an_attempt_went() {
    let check = |ended: bool, result: Option<&str>, code: StatusCode, expected: AttemptStatus| {
        let mut root = root(&[]);
        root.end = ended.then_some(Timestamp(9));
        root.status.code = code;
        if let Some(result) = result {
            root.attributes.set(attribute::TEST_RESULT, result);
        }
        assert_eq!(
            attempt_of(root).0.status,
            expected,
            "{ended} {result:?} {code:?}"
        );
    };
    check(false, None, StatusCode::Unset, AttemptStatus::Unfinished);
    check(
        false,
        Some("pass"),
        StatusCode::Ok,
        AttemptStatus::Unfinished,
    );
    check(true, Some("pass"), StatusCode::Unset, AttemptStatus::Passed);
    check(true, Some("fail"), StatusCode::Error, AttemptStatus::Failed);
    check(
        true,
        Some("skip"),
        StatusCode::Unset,
        AttemptStatus::Skipped,
    );
    check(true, None, StatusCode::Ok, AttemptStatus::Passed);
    check(true, None, StatusCode::Error, AttemptStatus::Failed);
    check(true, None, StatusCode::Unset, AttemptStatus::Unfinished);
    check(
        true,
        Some("maybe"),
        StatusCode::Ok,
        AttemptStatus::Unfinished,
    );
}

#[test]
fn files_are_named_from_the_root() {
    let check = |file: &str, expected: &str| {
        assert_eq!(relative(Path::new("/p/api"), file), expected);
    };
    check("/p/api/test/a.js", "test/a.js");
    check("file:///p/api/test/a.js", "test/a.js");
    check("/p/shared/a.js", "../shared/a.js");
    check("/p/api/../shared/./a.js", "../shared/a.js");
    check("/elsewhere/a.js", "../../elsewhere/a.js");
    check("test/a.js", "test/a.js");
    check("", "");
}

#[test]
fn a_failure_is_the_last_exception() {
    let mut failing = root(&[(attribute::TEST_RESULT, "fail".into())]);
    failing.end = Some(Timestamp(5));
    failing.status.message = "status".into();
    assert_eq!(
        attempt_of(failing.clone()).0.failure.unwrap().message,
        "status"
    );
    for (message, phase) in [("first", "setup"), ("last", "body")] {
        let attributes: Attributes = [
            (attribute::EXCEPTION_MESSAGE, message),
            (attribute::FAILURE_PHASE, phase),
        ]
        .into_iter()
        .collect();
        let (name, time) = ("exception".to_owned(), Timestamp(2));
        failing.events.push(Event {
            name,
            time,
            attributes,
        });
    }
    let failure = attempt_of(failing).0.failure.unwrap();
    assert_eq!(
        (failure.message.as_str(), failure.phase),
        ("last", Some(Phase::Body))
    );
}

#[test]
fn links_to_fixtures_count_once_and_others_not() {
    let mut linked = root(&[]);
    for (trace, kind) in [(2, "fixture"), (3, "other"), (2, "fixture"), (4, "fixture")] {
        linked.links.push(Link {
            trace_id: TraceId([trace; 16]),
            span_id: SpanId([1; 8]),
            attributes: [(attribute::LINK_TYPE, kind)].into_iter().collect(),
        });
    }
    let fixtures = attempt_of(linked).0.fixtures;
    assert_eq!(fixtures, [TraceId([2; 16]), TraceId([4; 16])]);
}

#[test]
fn a_parent_is_missing_until_it_comes() {
    let mut attribution = attribution();
    attribution.span(&root(&[]));
    attribution.span(&span(1, 3, Some(2), &[]));
    attribution.span(&span(1, 4, Some(2), &[]));
    // A trace of no attempt: its parent may well lie outside of the run.
    attribution.span(&span(9, 4, Some(2), &[]));
    let missing = attribution.missing_parents();
    assert_eq!(
        missing.into_iter().collect::<Vec<_>>(),
        [(TraceId([1; 16]), vec![(SpanId([2; 8]), 2)])]
    );
    attribution.span(&span(1, 2, Some(1), &[]));
    assert!(attribution.missing_parents().is_empty());
}

/// Records of a few traces: roots with and without an end, two roots in one trace, children, orphans.
fn records() -> impl Strategy<Value = Vec<Span>> {
    let record = (
        0..3_u8,
        0..5_u8,
        proptest::option::of(0..6_u8),
        any::<bool>(),
        0..3_u8,
    );
    let build = |(trace, id, parent, ended, what): (u8, u8, Option<u8>, bool, u8)| {
        // What a span is and where it hangs does not change from record to record.
        let is_root = id < 2;
        let parent = parent.filter(|_| !is_root).map(|_| id / 2);
        let mut record = span(trace, id, parent, &[]);
        record.end = ended.then_some(Timestamp(50));
        if is_root {
            record.attributes.set(attribute::SPAN_TYPE, "attempt");
        }
        if ended {
            record.attributes.set(
                attribute::TEST_RESULT,
                ["pass", "fail", "skip"][usize::from(what)],
            );
        }
        record
    };
    proptest::collection::vec(record.prop_map(build), 0..16)
}

/// All that is concluded from records, computed the slow way: merge everything, then look.
fn oracle(records: &[Span]) -> Vec<(Attempt, Test)> {
    let merged = merge::spans(records.iter().cloned());
    let mut traces: Vec<TraceId> = merged.iter().map(|span| span.trace_id).collect();
    traces.sort_unstable();
    traces.dedup();
    let first_root = |trace: &TraceId| {
        let mut roots: Vec<&Span> = merged
            .iter()
            .filter(|span| span.trace_id == *trace && span.flakescope_type() == Some("attempt"))
            .collect();
        roots.sort_by_key(|root| (root.start, root.span_id));
        roots.first().map(|root| (*root).clone())
    };
    traces
        .iter()
        .filter_map(first_root)
        .map(attempt_of)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_does_not_matter(records in records(), turn in any::<prop::sample::Index>()) {
        let mut attribution = attribution();
        let mut turned = records.clone();
        if !turned.is_empty() {
            turned.rotate_left(turn.index(records.len()));
        }
        for record in &turned {
            attribution.span(record);
        }
        prop_assert_eq!(attribution.attempts().collect::<Vec<_>>(), oracle(&records));
    }
}

#[test]
fn a_record_belongs_to_the_test_of_its_trace_or_of_its_links() {
    let mut attribution = attribution();
    attribution.span(&root(&[]));
    let check = |attribution: &mut Attribution, trace: u8, links: &[u8], expected: Home| {
        let mut span = span(trace, 7, None, &[]);
        span.links = links
            .iter()
            .map(|trace| Link {
                trace_id: TraceId([*trace; 16]),
                span_id: SpanId([1; 8]),
                attributes: Attributes::new(),
            })
            .collect();
        attribution.link(&span);
        assert_eq!(attribution.home(&span), expected, "{trace} {links:?}");
    };
    let (test, run) = (TraceId([1; 16]), |trace: u8| {
        Home::Run(TraceId([trace; 16]))
    });
    check(&mut attribution, 1, &[], Home::Trace(test));
    // Its own trace beats a link.
    check(&mut attribution, 1, &[2], Home::Trace(test));
    check(&mut attribution, 2, &[], run(2));
    check(&mut attribution, 2, &[3], run(2));
    check(&mut attribution, 2, &[3, 1], Home::Link(test));
    // From then on the whole trace is part of the test, and what links to it.
    check(&mut attribution, 2, &[], Home::Link(test));
    check(&mut attribution, 4, &[2], Home::Link(test));
    check(&mut attribution, 5, &[], run(5));
}

#[test]
fn a_trace_that_a_call_of_a_test_is_told_to_be_of_belongs_to_the_test() {
    let mut attribution = attribution();
    let home = |attribution: &Attribution| attribution.home_of(TraceId([9; 16]), &[]);
    let call = |trace: u8| {
        let header = format!("00-{}-{}-01", TraceId([9; 16]), SpanId([3; 8]));
        let header = Value::Array(vec![header.into()]);
        let facts = [
            (attribute::CLIENT, "fetch".into()),
            ("http.request.header.traceparent", header),
        ];
        span(trace, 5, None, &facts)
    };
    attribution.span(&call(1));
    assert_eq!(home(&attribution), Home::Run(TraceId([9; 16])));
    attribution.span(&root(&[]));
    attribution.span(&call(1));
    attribution.span(&call(1));
    assert_eq!(home(&attribution), Home::Link(TraceId([1; 16])));
    let mut other = root(&[]);
    other.trace_id = TraceId([2; 16]);
    attribution.span(&other);
    attribution.span(&call(2));
    attribution.span(&call(1));
    assert_eq!(home(&attribution), Home::Run(TraceId([9; 16])));
}
