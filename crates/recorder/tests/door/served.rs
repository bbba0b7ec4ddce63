//! What comes in without a run: runs, tests, and what is said of tests that never ended.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as they do")]

use std::sync::Arc;

use model::AttemptStatus;
use otlp::{Encoding, Limits, Signal, decode};
use recorder::door::Delivery;
use recorder::{Keeper, KeeperOptions, Key, MaskRules, Masker};
use store::{AttemptQuery, RunQuery, Store};

use crate::support::NOW;

fn keeper(store: &Arc<dyn Store>) -> Keeper {
    Keeper::new(KeeperOptions {
        store: Arc::clone(store),
        masker: Arc::new(Masker::new(&MaskRules::default(), Key::generate().unwrap()).unwrap()),
        project: None,
        project_root: "/p".into(),
        peers: Vec::new(),
        clock: || NOW,
    })
}

/// Spans of one process: trace and id as digits, the rest of the fields.
fn delivery(pid: u32, spans: &[(u8, u8, &str)]) -> Delivery {
    let span = |(trace, id, rest): &(u8, u8, &str)| {
        let start = NOW.0 + i64::from(*id);
        format!(
            r#"{{"traceId":"{trace:032x}","spanId":"{id:016x}","startTimeUnixNano":"{start}","endTimeUnixNano":"{start}",{rest}}}"#
        )
    };
    let spans: Vec<String> = spans.iter().map(span).collect();
    let resource = format!(
        r#"{{"attributes":[{{"key":"service.name","value":{{"stringValue":"checkout"}}}},{{"key":"process.pid","value":{{"intValue":{pid}}}}},{{"key":"vcs.change.id","value":{{"intValue":7}}}}]}}"#
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
