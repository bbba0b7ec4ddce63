//! Requests that Lumigo's distribution for JavaScript sent, through the door of a server, as they came.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use model::Exchange;
use recorder::door::{Delivery, Taker, router};
use store::{AttemptQuery, Store};

use super::served::keeper;
use super::{post, send};

/// Sends a body so many times, and gives the tests that came of it, each with its calls.
fn tests(fixture: &str, coding: &str, times: usize) -> Vec<(String, Vec<Exchange>)> {
    let store: Arc<dyn Store> = store::open_in_memory().unwrap();
    let keeper = keeper(&store);
    let taker = Taker::Server {
        keep: Arc::new(move |delivery: Delivery| keeper.keep(delivery)),
        token: None,
    };
    let app = router(taker, Router::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../otlp/tests/fixtures");
    let body = std::fs::read(folder.join(fixture)).unwrap();
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", coding),
        ("authorization", "LumigoToken t_0123456789abcdef"),
    ];
    for _ in 0..times {
        let answer = send(&app, post("/v1/traces", &headers, body.clone()));
        assert_eq!(answer.0, StatusCode::OK);
    }
    let attempts = store.attempts(&AttemptQuery::default()).unwrap();
    let mut tests: Vec<_> = attempts
        .into_iter()
        .map(|(attempt, test)| {
            let recording = store::recording(&*store, attempt.id.into()).unwrap();
            let calls = recording.spans.iter().filter_map(Exchange::from_span);
            (test.name, calls.collect::<Vec<_>>())
        })
        .collect();
    tests.sort_by(|one, other| one.0.cmp(&other.0));
    tests
}

fn stories(tests: &[(String, Vec<Exchange>)]) -> Vec<String> {
    let story = |(name, calls): &(String, Vec<Exchange>)| {
        let calls = calls.iter().map(|call| {
            let body = call
                .response
                .as_ref()
                .map(|response| &response.body.content);
            format!(
                "{} {} {:?} {body:?}",
                call.method,
                call.path(),
                call.status()
            )
        });
        format!("{name}: {}", calls.collect::<Vec<_>>().join(", "))
    };
    tests.iter().map(story).collect()
}

#[test]
fn a_content_coding_changes_nothing() {
    let plain = tests("js-http.traces.json", "identity", 1);
    let calls: usize = plain.iter().map(|(_, calls)| calls.len()).sum();
    // One call is of a hook, and so of no test.
    assert_eq!((plain.len(), calls), (34, 33));
    let packed = tests("js-http.traces.json.gzip", "gzip", 1);
    assert_eq!(stories(&packed), stories(&plain));
}

#[test]
fn what_was_sent_five_times_is_there_once() {
    let found = tests("js-sent-again.traces.json", "identity", 5);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1.len(), 1, "{found:?}");
}
