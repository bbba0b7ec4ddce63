//! What comes in without a run: runs, tests, and what is said of tests that never ended.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as they do")]

use std::sync::Arc;

use model::{AttemptStatus, GapKind};
use otlp::{Encoding, Limits, Signal, decode};
use recorder::door::{Delivery, Loss};
use recorder::{Keeper, KeeperOptions, Key, MaskRules, Masker};
use store::{AttemptQuery, RunQuery, Store};

use crate::support::NOW;

pub(super) fn keeper(store: &Arc<dyn Store>) -> Keeper {
    // One key for all, so that pseudonyms compare.
    let key = Key::from_hex(&"0".repeat(64)).unwrap();
    Keeper::new(KeeperOptions {
        store: Arc::clone(store),
        masker: Arc::new(Masker::new(&MaskRules::default(), key).unwrap()),
        project: None,
        project_root: "/p".into(),
        peers: Vec::new(),
        clock: || NOW,
    })
}

/// Spans of one process: trace and id as digits, the rest of the fields.
fn delivery(pid: u32, spans: &[(u8, u8, &str)]) -> Delivery {
    delivery_of("checkout", pid, spans)
}

fn delivery_of(service: &str, pid: u32, spans: &[(u8, u8, &str)]) -> Delivery {
    let span = |(trace, id, rest): &(u8, u8, &str)| {
        let start = NOW.0 + i64::from(*id);
        format!(
            r#"{{"traceId":"{trace:032x}","spanId":"{id:016x}","startTimeUnixNano":"{start}","endTimeUnixNano":"{start}",{rest}}}"#
        )
    };
    let spans: Vec<String> = spans.iter().map(span).collect();
    let resource = format!(
        r#"{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{service}"}}}},{{"key":"process.pid","value":{{"intValue":{pid}}}}},{{"key":"vcs.change.id","value":{{"intValue":7}}}}]}}"#
    );
    let request = format!(
        r#"{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{{"spans":[{}]}}]}}]}}"#,
        spans.join(",")
    );
    let decoded = decode(
        Encoding::Json,
        Signal::Traces,
        request.as_bytes(),
        &Limits::default(),
    );
    assert!(decoded.problems.is_empty(), "{:?}", decoded.problems);
    Delivery {
        spans: decoded.spans,
        ..Delivery::default()
    }
}

const PASSED: &str = r#""name":"pays","kind":1"#;
const FAILED: &str = r#""name":"refunds","kind":1,"status":{"code":2,"message":"429 !== 200"},"attributes":[{"key":"lumigo.execution_tags.invoker","value":{"stringValue":"octocat"}}]"#;
const THREW: &str = r#""name":"ships","kind":1,"events":[{"name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"AssertionError"}}]},{"name":"no stock","attributes":[{"key":"lumigo.type","value":{"stringValue":"Stock"}}]}]"#;
const SERVER: &str = r#""name":"GET /","kind":2"#;
const CHILD: &str = r#""name":"GET","kind":3,"parentSpanId":"0000000000000001""#;
const ASKED: &str = r#""name":"GET","kind":2,"parentSpanId":"0000000000000001""#;

/// All tests of the store: run, name, status, message, tags.
fn tests(store: &Arc<dyn Store>) -> Vec<(String, AttemptStatus, String, Vec<String>)> {
    let attempts = store.attempts(&AttemptQuery::default()).unwrap();
    let mut tests: Vec<_> = attempts
        .into_iter()
        .map(|(attempt, test)| {
            let message = attempt.failure.map(|failure| failure.message);
            let tags = attempt.tags.into_values().collect();
            (test.name, attempt.status, message.unwrap_or_default(), tags)
        })
        .collect();
    tests.sort_by(|one, other| one.0.cmp(&other.0));
    tests
}

#[test]
fn internal_roots_are_tests() {
    let store: Arc<dyn Store> = store::open_in_memory().unwrap();
    let keeper = keeper(&store);
    let spans = [
        (1, 1, PASSED),
        (2, 1, FAILED),
        (3, 1, THREW),
        (4, 1, SERVER),
        (1, 2, CHILD),
    ];
    keeper.keep(delivery(1, &spans)).unwrap();
    let none = Vec::new;
    let expected = [
        (
            "pays".to_owned(),
            AttemptStatus::Passed,
            String::new(),
            none(),
        ),
        (
            "refunds".to_owned(),
            AttemptStatus::Failed,
            "429 !== 200".to_owned(),
            vec!["octocat".to_owned()],
        ),
        (
            "ships".to_owned(),
            AttemptStatus::Failed,
            String::new(),
            none(),
        ),
    ];
    assert_eq!(tests(&store), expected);
    let runs = store.runs(&RunQuery::default()).unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(
        (&*runs[0].project, runs[0].tags["vcs.change.id"].as_str()),
        ("checkout", "7")
    );
    let changed = keeper.take_changed();
    assert_eq!(changed, [runs[0].id]);
    assert!(keeper.take_changed().is_empty());
    let ships = store
        .chunks(format!("{:032x}", 3).parse().unwrap())
        .unwrap();
    let logs: Vec<_> = ships
        .iter()
        .flat_map(|chunk| &chunk.logs)
        .map(|log| log.body.as_str().unwrap())
        .collect();
    assert_eq!(logs, ["no stock"]);
}

#[test]
fn each_process_has_its_run() {
    let store: Arc<dyn Store> = store::open_in_memory().unwrap();
    let keeper = keeper(&store);
    for (pid, trace) in [(1, 1), (2, 2), (1, 3)] {
        keeper.keep(delivery(pid, &[(trace, 1, PASSED)])).unwrap();
    }
    let runs = store.runs(&RunQuery::default()).unwrap();
    let mut counts: Vec<usize> = runs
        .iter()
        .map(|run| {
            let query = AttemptQuery {
                run: Some(run.id),
                ..AttemptQuery::default()
            };
            store.attempts(&query).unwrap().len()
        })
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 2]);
}

#[test]
fn a_test_that_never_ended_says_so_until_it_ends() {
    let store: Arc<dyn Store> = store::open_in_memory().unwrap();
    let keeper = keeper(&store);
    keeper
        .keep(delivery(1, &[(1, 2, CHILD), (2, 2, ASKED)]))
        .unwrap();
    keeper.settle(false).unwrap();
    assert_eq!(tests(&store), []);
    keeper.settle(true).unwrap();
    let found = tests(&store);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, AttemptStatus::Unfinished);
    assert!(found[0].2.contains("was span.end() called?"), "{found:?}");
    keeper.keep(delivery(1, &[(1, 1, PASSED)])).unwrap();
    assert_eq!(
        tests(&store),
        [(
            "pays".to_owned(),
            AttemptStatus::Passed,
            String::new(),
            Vec::new()
        )]
    );
}

#[test]
fn a_root_that_comes_later_is_waited_for() {
    let store: Arc<dyn Store> = store::open_in_memory().unwrap();
    let keeper = keeper(&store);
    keeper.keep(delivery(1, &[(1, 2, CHILD)])).unwrap();
    keeper.keep(delivery(1, &[(1, 1, PASSED)])).unwrap();
    keeper.settle(true).unwrap();
    assert_eq!(tests(&store).len(), 1);
    assert_eq!(tests(&store)[0].1, AttemptStatus::Passed);
}

/// A span that links to trace 1.
const LINKED: &str = r#""name":"works","kind":5,"links":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001"}]"#;

/// Ids of the spans that are stored with trace 1.
fn of_the_first(store: &Arc<dyn Store>) -> Vec<u8> {
    let chunks = store
        .chunks(format!("{:032x}", 1).parse().unwrap())
        .unwrap();
    let spans = chunks.iter().flat_map(|chunk| &chunk.spans);
    let mut ids: Vec<u8> = spans.map(|span| span.span_id.0[7]).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_link_leads_to_the_test_of_another_process_whatever_comes_first() {
    let test = || delivery_of("tests", 1, &[(1, 1, PASSED)]);
    let worker = || delivery_of("worker", 2, &[(9, 2, ASKED), (9, 3, LINKED)]);
    let more = || delivery_of("worker", 2, &[(9, 4, CHILD)]);
    for order in [
        [test(), worker(), more()],
        [worker(), test(), more()],
        [worker(), more(), test()],
    ] {
        let store: Arc<dyn Store> = store::open_in_memory().unwrap();
        let keeper = keeper(&store);
        for delivery in order {
            keeper.keep(delivery).unwrap();
        }
        keeper.settle(true).unwrap();
        assert_eq!(of_the_first(&store), [1, 2, 3, 4]);
        assert_eq!(tests(&store).len(), 1);
    }
}

#[test]
fn a_service_that_dies_in_the_middle_is_no_test() {
    // Each test without a root, by its service.
    let check = |deliveries: Vec<Delivery>, expected: &[&str]| {
        let store: Arc<dyn Store> = store::open_in_memory().unwrap();
        let keeper = keeper(&store);
        for delivery in deliveries {
            keeper.keep(delivery).unwrap();
        }
        keeper.settle(true).unwrap();
        let attempts = store.attempts(&AttemptQuery::default()).unwrap();
        let nameless = attempts
            .iter()
            .filter(|(_, test)| test.name == "a test without a root span");
        let projects: Vec<&str> = nameless.map(|(_, test)| test.project.as_str()).collect();
        assert_eq!(projects, expected);
    };
    let asked_by_lost = r#""name":"GET","kind":3,"parentSpanId":"0000000000000009""#;
    let lost = || delivery_of("api", 2, &[(5, 3, asked_by_lost)]);
    check(vec![lost()], &["api"]);
    // The tests are another service, or another process of this one.
    check(
        vec![delivery_of("tests", 1, &[(1, 1, PASSED)]), lost()],
        &[],
    );
    check(
        vec![lost(), delivery_of("tests", 1, &[(1, 1, PASSED)])],
        &[],
    );
    check(
        vec![delivery_of("api", 1, &[(1, 1, PASSED)]), lost()],
        &["api"],
    );
    // No test has shown its root; the call that was made first is of the test.
    let asks = || delivery_of("tests", 1, &[(5, 2, CHILD)]);
    check(vec![asks(), lost()], &["tests"]);
    check(vec![lost(), asks()], &["tests"]);
}

#[test]
fn metrics_are_counted_in_the_run_of_their_sender() {
    let store: Arc<dyn Store> = store::open_in_memory().unwrap();
    let keeper = keeper(&store);
    let test = delivery(1, &[(1, 1, PASSED)]);
    let resource = Arc::clone(&test.spans[0].resource);
    keeper.keep(test).unwrap();
    let loss = Loss {
        kind: GapKind::OtlpIgnored,
        trace_id: None,
        span_id: None,
        count: 7,
        detail: Some("metrics"),
    };
    let metrics = Delivery {
        measured: vec![resource],
        losses: vec![loss],
        ..Delivery::default()
    };
    keeper.keep(metrics).unwrap();
    let runs = store.runs(&RunQuery::default()).unwrap();
    let gaps = store.gaps(runs[0].id).unwrap();
    let gaps: Vec<_> = gaps.iter().map(|gap| (gap.kind, gap.count)).collect();
    assert_eq!(gaps, [(GapKind::OtlpIgnored, 7)]);
}
