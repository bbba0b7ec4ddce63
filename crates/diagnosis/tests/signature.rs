//! What a recording looked like: the same calls as a diagnosis reads, in small.

mod support;

use diagnosis::signature;
use model::{CallSignature, Phase, Signature, attribute};
use support::{Call, Story, call, get, post};

fn of(story: &Story) -> Signature {
    let evidence = story.evidence();
    signature(
        &evidence.attempt,
        &evidence.recording,
        &evidence.fixtures,
        &evidence.peers,
        &evidence.listeners,
    )
}

fn only(call: Call) -> CallSignature {
    let mut calls = of(&Story::of(vec![call])).calls;
    assert_eq!(calls.len(), 1);
    calls.remove(0)
}

#[test]
fn a_call_is_told_whole() {
    let made = "5f2b8c1e-9d3a-4c6b-8e7f-001122334455";
    let sent = post("http://127.0.0.1:7000/users/17/charges?key=123456", 10)
        .takes(30)
        .sends(r#"{"amount":5,"userId":17}"#)
        .credential("0a1b2c3d4e5f")
        .answers(201, &format!(r#"{{"id":"{made}","userId":17}}"#));
    let call = only(sent);
    assert_eq!(
        (
            call.peer.as_str(),
            call.host.as_str(),
            call.port,
            call.method.as_str(),
            call.path.as_str(),
            call.template.as_str(),
            call.phase,
        ),
        (
            "payments",
            "127.0.0.1",
            Some(7000),
            "POST",
            "/users/17/charges",
            "/users/*/charges",
            Phase::Body
        )
    );
    assert_eq!(call.ids, ["17", "123456"]);
    assert_eq!(call.made, [made]);
    assert_eq!(call.credential.as_deref(), Some("0a1b2c3d4e5f"));
    assert_eq!(
        (call.outcome.as_str(), call.fine, call.tries, call.writes),
        ("201", true, 1, true)
    );
    let took = call.end.unwrap().since(call.start);
    assert_eq!(took.as_millis(), 30);
}

#[test]
fn outcomes_have_one_name() {
    let check = |call: Call, expected: &str, fine: bool| {
        let call = only(call);
        assert_eq!((call.outcome.as_str(), call.fine), (expected, fine));
    };
    let url = "http://127.0.0.1:7000/charges";
    check(get(url, 0).answers(204, ""), "204", true);
    check(get(url, 0).answers(500, "{}"), "500", false);
    check(
        get(url, 0).answers(400, r#"{"__type":"x#ThrottlingException"}"#),
        "400 ThrottlingException",
        false,
    );
    let grpc = post(url, 0)
        .with(attribute::RPC_SYSTEM, "grpc")
        .with(attribute::RPC_METHOD, "shop.Orders/Place")
        .with(attribute::RPC_STATUS, "RESOURCE_EXHAUSTED")
        .answers_as(200, "application/grpc", "")
        .header("grpc-status", "8");
    check(grpc, "200 RESOURCE_EXHAUSTED", false);
    check(get(url, 0).fails("ETIMEDOUT", ""), "timeout", false);
    check(
        get(url, 0).fails("Error", "socket hang up"),
        "ECONNRESET",
        false,
    );
    check(get(url, 0).fails("OddError", "odd"), "OddError", false);
    check(get(url, 0).stays_open(), "open", false);
}

/// Identifiers, instants and the order of members do not show; what is asked for does.
#[test]
fn equal_requests_have_equal_hashes() {
    let hashes = |path: &str, body: &str| {
        let call = only(
            post(&format!("http://127.0.0.1:7000{path}"), 0)
                .sends(body)
                .answers(200, body),
        );
        (call.request, call.reply)
    };
    let one = hashes("/a/1?b=1&a=2", r#"{"id":1,"n":2}"#);
    assert_eq!(one, hashes("/a/2?a=2&b=1", r#"{"n":2,"id":7}"#));
    let other = hashes("/a/1?b=1&a=2", r#"{"id":1,"n":3}"#);
    assert!(one.0 != other.0 && one.1 != other.1);
    assert_ne!(one.0, hashes("/b/1?b=1&a=2", r#"{"id":1,"n":2}"#).0);
}

#[test]
fn refusals_are_the_peers() {
    let check = |call: Call, expected: bool| assert_eq!(only(call).refused, expected);
    let url = "http://127.0.0.1:7000/charges";
    check(get(url, 0).answers(200, "{}"), false);
    check(get(url, 0).answers(404, "{}"), false);
    check(get(url, 0).answers(429, "{}"), true);
    check(get(url, 0).answers(503, "{}"), true);
    check(
        get(url, 0).answers(400, r#"{"__type":"ThrottlingException"}"#),
        true,
    );
    check(get(url, 0).fails("ECONNREFUSED", ""), true);
    check(get(url, 0).fails("AbortError", "aborted"), false);
    check(get(url, 0).stays_open(), true);
    check(
        get(url, 0)
            .answers(503, "{}")
            .with(attribute::MOCKED, "nock"),
        false,
    );
}

#[test]
fn tries_are_one_call() {
    let url = "http://127.0.0.1:7000/charges";
    let calls = vec![
        post(url, 0).answers(503, "{}"),
        post(url, 100).answers(200, "{}"),
    ];
    let found = of(&Story::of(calls)).calls;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].outcome.as_str(), found[0].tries), ("200", 2));
}

#[test]
fn what_nobody_was_asked_is_no_write() {
    let url = "http://127.0.0.1:7000/charges";
    let mocked = only(post(url, 0).with(attribute::MOCKED, "nock"));
    assert!(mocked.mocked && !mocked.writes);
    assert!(only(post(url, 0)).writes);
    let receive = only(
        post(url, 0)
            .request_header("x-amz-target", "AmazonSQS.ReceiveMessage")
            .answers(200, r#"{"Messages":[{"MessageId":"a1b2c3d4e5f60718"}]}"#),
    );
    assert!(receive.writes);
    assert_eq!(receive.made, ["a1b2c3d4e5f60718"]);
    assert_eq!(only(get(url, 0).answers(200, r#"{"id":7}"#)).made, [""; 0]);
}

#[test]
fn fixtures_come_first() {
    let mut story = Story::of(vec![get("http://127.0.0.1:3000/a", 0)]);
    story.fixture = vec![call("DELETE", "http://127.0.0.1:3000/all", 50)];
    let found = of(&story).calls;
    let told: Vec<_> = found
        .iter()
        .map(|call| (call.in_fixture, call.method.as_str()))
        .collect();
    assert_eq!(told, [(true, "DELETE"), (false, "GET")]);
}
