//! The door from outside: what a request is answered, and where in the recording its records are.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as they do")]

mod captured;
mod served;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use model::{GapKind, SpanId, TraceId};
use recorder::door::{Delivery, Inbox, NotKept, Taker, router};
use store::AttemptQuery;
use tower::ServiceExt as _;

use crate::support::{RUN, Recording, Run, segments};

/// The trace of the test in `tests/data/console`.
const TEST: &str = "7c2f1ec3d2afa53175e9b6a56768e130";
const OTHER: &str = "0000000000000000000000000000000a";
const THIRD: &str = "0000000000000000000000000000000b";

fn send(app: &Router, request: Request<Body>) -> (StatusCode, String, Vec<u8>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(async {
        let answer = app.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let content_type = answer.headers().get("content-type");
        let content_type = content_type.map(|value| value.to_str().unwrap().to_owned());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, content_type.unwrap_or_default(), body.to_vec())
    })
}

fn post(path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

/// A request of one span each: trace, id, the rest of its fields.
fn traces(spans: &[(&str, u8, &str)]) -> String {
    let span = |(trace, id, rest): &(&str, u8, &str)| {
        format!(
            r#"{{"traceId":"{trace}","spanId":"{id:016x}","name":"s{id}","startTimeUnixNano":"1795374962954851419","endTimeUnixNano":"1795374962954851420"{rest}}}"#
        )
    };
    let spans: Vec<String> = spans.iter().map(span).collect();
    let resource = r#"{"attributes":[{"key":"service.name","value":{"stringValue":"api"}},{"key":"db.password","value":{"stringValue":"hunter2hunter2"}}]}"#;
    let spans = spans.join(",");
    format!(
        r#"{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{{"spans":[{spans}]}}]}}]}}"#
    )
}

fn taker(inbox: &Arc<Inbox>, token: Option<&str>) -> Taker {
    Taker::Run {
        inbox: Arc::clone(inbox),
        token: token.map(str::to_owned),
    }
}

fn deliver(inbox: &Arc<Inbox>, spans: &[(&str, u8, &str)]) {
    let app = router(taker(inbox, None), Router::new());
    let headers = [("content-type", "application/json")];
    let (status, _, body) = send(&app, post("/v1/traces", &headers, traces(spans)));
    assert_eq!((status, &*body), (StatusCode::OK, &b"{}"[..]));
}

/// Ids of the spans that are stored with a trace, each as often as it is stored.
fn stored(recording: &Recording, trace: &str) -> Vec<u64> {
    let chunks = recording.store.chunks(trace.parse().unwrap()).unwrap();
    let spans = chunks.iter().flat_map(|chunk| &chunk.spans);
    let mut ids: Vec<u64> = spans
        .filter(|span| span.resource.attributes.str("service.name") == Some("api"))
        .map(|span| u64::from_be_bytes(span.span_id.0))
        .collect();
    ids.sort_unstable();
    ids
}

/// Starts a run, hands over `early` before its tests are known and `late` after they have ended.
fn record(early: &[(&str, u8, &str)], late: &[(&str, u8, &str)]) -> Recording {
    let run = Run::start();
    if !early.is_empty() {
        deliver(&run.inbox, early);
        run.wait_for_spans(early.len() as u64);
    }
    for (segment, text) in segments("console") {
        run.write(&segment, &text);
    }
    run.wait_for_spans(early.len() as u64 + 1);
    if !late.is_empty() {
        deliver(&run.inbox, late);
    }
    run.finish()
}

#[test]
fn spans_join_their_test_whenever_they_come() {
    let recording = record(&[(TEST, 1, ""), (OTHER, 2, "")], &[(TEST, 3, "")]);
    assert_eq!(stored(&recording, TEST), [1, 3]);
    assert_eq!(stored(&recording, OTHER), [2]);
    let unattributed = recording.store.unattributed(RUN).unwrap();
    let traces: Vec<_> = unattributed
        .iter()
        .filter_map(|chunk| chunk.trace_id)
        .collect();
    assert_eq!(traces, [OTHER.parse().unwrap()]);
}

#[test]
fn a_link_that_comes_late_brings_what_came_before() {
    let link = format!(r#","links":[{{"traceId":"{TEST}","spanId":"0000000000000001"}}]"#);
    let through = format!(r#","links":[{{"traceId":"{OTHER}","spanId":"0000000000000003"}}]"#);
    // The test is not known yet, nor who is part of it; the last to come ties them all together.
    let early = [(OTHER, 2, ""), (THIRD, 4, &*through)];
    let check = |early: &[(&str, u8, &str)], late: &[(&str, u8, &str)]| {
        let recording = record(early, late);
        assert_eq!(stored(&recording, TEST), [2, 3, 4]);
        let left = recording.store.unattributed(RUN).unwrap();
        assert!(
            left.iter().all(|chunk| chunk.trace_id.is_none()),
            "{left:?}"
        );
    };
    check(&early, &[(OTHER, 3, &link)]);
    check(&[early[0], early[1], (OTHER, 3, &link)], &[]);
    check(&[(OTHER, 3, &link)], &early);
}

#[test]
fn what_nothing_ties_to_a_test_is_of_the_only_one_that_was_running() {
    let check = |process: &str, kind: u8, expected: bool| {
        let tag =
            r#""attributes":[{"key":"lumigo.execution_tags.team","value":{"stringValue":"x"}}]"#;
        let rest = format!(r#","kind":{kind},{tag}"#);
        let pid =
            format!(r#""attributes":[{{"key":"process.pid","value":{{"intValue":{process}}}}},"#);
        let body = traces(&[(OTHER, 1, &rest)]).replacen(r#""attributes":["#, &pid, 1);
        let run = Run::start();
        let app = router(taker(&run.inbox, None), Router::new());
        let json = [("content-type", "application/json")];
        assert_eq!(send(&app, post("/v1/traces", &json, body)).2, b"{}");
        for (segment, text) in segments("console") {
            run.write(&segment, &text);
        }
        run.wait_for_spans(2);
        let recording = run.finish();
        let found = stored(&recording, TEST);
        assert_eq!(found == [1], expected, "{process} {kind}: {found:?}");
        let attempts = recording.store.attempts(&AttemptQuery::default()).unwrap();
        let tag = attempts[0].0.tags.get("team").map(String::as_str);
        assert_eq!(tag, expected.then_some("x"), "{process} {kind}");
    };
    check("99000001", 1, true);
    check("99000001", 2, false);
    check("1", 1, false);
}

#[test]
fn metrics_are_counted_as_not_kept() {
    let run = Run::start();
    let app = router(taker(&run.inbox, None), Router::new());
    let metrics =
        r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a"},{"name":"b"}]}]}]}"#;
    let json = [("content-type", "application/json")];
    // Told of a partial success, exporters would print it into the tests' output.
    let (status, _, body) = send(&app, post("/v1/metrics", &json, metrics));
    assert_eq!((status, &*body), (StatusCode::OK, &b"{}"[..]));
    let gaps = run.finish().summary.gaps;
    let ignored = gaps.iter().find(|gap| gap.kind == GapKind::OtlpIgnored);
    let ignored = ignored.map(|gap| (gap.count, gap.detail.as_deref()));
    assert_eq!(ignored, Some((2, Some("metrics"))));
}

#[test]
fn a_trace_that_links_to_a_test_is_part_of_it() {
    let link = format!(r#","links":[{{"traceId":"{TEST}","spanId":"0000000000000001"}}]"#);
    let through = format!(r#","links":[{{"traceId":"{OTHER}","spanId":"0000000000000003"}}]"#);
    // Children are sent before what links them.
    let late = [(OTHER, 2, ""), (OTHER, 3, &*link), (THIRD, 4, &*through)];
    let recording = record(&[], &late);
    assert_eq!(stored(&recording, TEST), [2, 3, 4]);
    assert_eq!(stored(&recording, OTHER), [0; 0]);
}

#[test]
fn what_is_sent_again_is_stored_once() {
    let recording = record(&[(TEST, 1, "")], &[(TEST, 1, ""), (TEST, 2, "")]);
    assert_eq!(stored(&recording, TEST), [1, 2]);
}

#[test]
fn a_parent_that_came_is_not_missing() {
    let child = r#","parentSpanId":"0000000000000001""#;
    let missing = |recording: &Recording| {
        let gaps = recording.summary.gaps.iter();
        gaps.filter(|gap| gap.kind == GapKind::ParentMissing)
            .map(|gap| gap.count)
            .sum::<u64>()
    };
    assert_eq!(missing(&record(&[(TEST, 2, child)], &[])), 1);
    assert_eq!(missing(&record(&[(TEST, 2, child)], &[(TEST, 1, "")])), 0);
}

#[test]
fn secrets_do_not_come_in() {
    let secret = r#","attributes":[{"key":"url.full","value":{"stringValue":"http://a/?api_key=s3cr3tv4lue"}},{"key":"http.request.header.authorization","value":{"stringValue":"Bearer t0k3nt0k3nt0k3n"}}]"#;
    let recording = record(&[], &[(TEST, 1, secret)]);
    let chunks = recording.store.chunks(TEST.parse().unwrap()).unwrap();
    let text = format!("{chunks:?}");
    for value in ["hunter2hunter2", "s3cr3tv4lue", "t0k3nt0k3nt0k3n"] {
        assert!(!text.contains(value), "{value}: {text}");
    }
    assert!(text.contains("http://a/?api_key="), "{text}");
}

#[test]
fn a_run_takes_everything_and_counts_what_it_cannot_keep() {
    let run = Run::start();
    let app = router(taker(&run.inbox, None), Router::new());
    let json = ("content-type", "application/json");
    let check = |request: Request<Body>| {
        let (status, _, body) = send(&app, request);
        assert_eq!(status, StatusCode::OK);
        assert!(String::from_utf8_lossy(&body).contains("partialSuccess"));
    };
    check(post("/v1/traces", &[json], "nonsense"));
    check(post("/v1/traces", &[], "{}"));
    check(post(
        "/v1/traces",
        &[json, ("content-encoding", "br")],
        "{}",
    ));
    check(post(
        "/v1/logs",
        &[json, ("content-encoding", "gzip")],
        "{}",
    ));
    // Nor does somebody who is not known: an exporter's error turns a suite red.
    let app = router(taker(&run.inbox, Some("t0ken")), Router::new());
    let one = traces(&[(TEST, 1, "")]);
    let (status, _, body) = send(&app, post("/v1/traces", &[json], one.clone()));
    assert_eq!(status, StatusCode::OK);
    let told = String::from_utf8_lossy(&body).into_owned();
    assert!(told.contains("did not show the token"), "{told}");
    let shown = ("x-flakescope-token", "t0ken");
    let (_, _, body) = send(&app, post("/v1/traces", &[json, shown], one));
    assert_eq!(body, b"{}");
    let recording = run.finish();
    assert_eq!(stored(&recording, TEST), [1]);
    let gaps = recording.summary.gaps.iter();
    let lost: Vec<_> = gaps
        .filter(|gap| gap.kind == GapKind::OtlpRejected)
        .map(|gap| (gap.count, gap.detail.clone().unwrap_or_default()))
        .collect();
    let expected = [
        (1, "a request did not show the token"),
        (1, "a request had a content coding that is not understood"),
        (1, "a request was malformed"),
        (1, "a request was neither protobuf nor JSON"),
        (1, "a request was not of its content coding"),
    ];
    assert_eq!(
        lost,
        expected.map(|(count, detail)| (count, detail.to_owned()))
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of it is a table")]
fn a_server_says_what_became_of_a_request() {
    let kept: Arc<Mutex<Vec<(TraceId, SpanId)>>> = Arc::default();
    let app = |outcome: Result<(), NotKept>| {
        let kept = Arc::clone(&kept);
        let keep = move |delivery: Delivery| {
            let ids = delivery
                .spans
                .iter()
                .map(|span| (span.trace_id, span.span_id));
            kept.lock().unwrap().extend(ids);
            outcome
        };
        let taker = Taker::Server {
            keep: Arc::new(keep),
            token: Some("t0ken".to_owned()),
        };
        router(taker, Router::new().fallback(|| async { "a page" }))
    };
    let check =
        |outcome, path: &str, headers: &[(&str, &str)], body: &str, expected: (u16, &str, &str)| {
            let mut all = vec![("authorization", "LumigoToken t0ken")];
            all.extend(headers);
            let (status, content_type, body) =
                send(&app(outcome), post(path, &all, body.to_owned()));
            let found = (
                status.as_u16(),
                &*content_type,
                &*String::from_utf8_lossy(&body),
            );
            assert_eq!(found, expected, "{path} {headers:?}");
        };
    let json = ("content-type", "application/json; charset=utf-8");
    let protobuf = ("content-type", "application/x-protobuf");
    let (as_json, as_protobuf) = ("application/json", "application/x-protobuf");
    let one = traces(&[(TEST, 1, "")]);
    for path in ["/v1/traces", "/"] {
        check(Ok(()), path, &[json], &one, (200, as_json, "{}"));
    }
    check(
        Ok(()),
        "/v1/traces",
        &[protobuf],
        "",
        (200, as_protobuf, ""),
    );
    check(
        Ok(()),
        "/v1/metrics",
        &[json],
        r#"{"resourceMetrics":[]}"#,
        (200, as_json, "{}"),
    );
    let refused = |code, message| format!(r#"{{"code":{code},"message":"{message}"}}"#);
    let store = refused(14, "the store cannot be written; send it again");
    check(
        Err(NotKept::Store),
        "/v1/traces",
        &[json],
        &one,
        (503, as_json, &store),
    );
    let busy = refused(8, "too much at once; send it again");
    check(
        Err(NotKept::Busy),
        "/v1/traces",
        &[json],
        &one,
        (429, as_json, &busy),
    );
    let malformed = refused(3, "the request cannot be read");
    check(
        Ok(()),
        "/v1/traces",
        &[json],
        "no",
        (400, as_json, &malformed),
    );
    let unknown = refused(
        3,
        "send application/x-protobuf or application/json, plain or as gzip, deflate or zstd",
    );
    check(Ok(()), "/v1/traces", &[], &one, (415, as_json, &unknown));
    assert_eq!(kept.lock().unwrap().len(), 4);

    let (status, _, _) = send(&app(Ok(())), post("/v1/traces", &[json], one));
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let page = Request::get("/").body(Body::empty()).unwrap();
    assert_eq!(send(&app(Ok(())), page).2, b"a page");
}
