//! The fault proxy at its boundary: a plan, what a client sends, and what it gets; and what reaches the server.
#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests that cannot go on fails the test"
)]

mod support;

use std::io::ErrorKind;
use std::net::TcpStream;
use std::thread;

use fault_matrix::fault::{Call, Plan, Proxy, send, serve_admin};
use serde_json::{Value, json};
use support::{Client, Server, get, put};

/// A proxy in front of a server that keeps what is put there.
fn scene(plan: Value) -> (Server, Proxy) {
    let server = Server::start();
    let proxy = Proxy::start("127.0.0.1:0".parse().unwrap(), server.address()).unwrap();
    proxy.follow(plan_of(plan)).unwrap();
    (server, proxy)
}

fn plan_of(plan: Value) -> Plan {
    serde_json::from_value(plan).unwrap()
}

/// What a client gets for these requests over one connection, under a plan of rules.
fn check(rules: Value, requests: &[&str], expected: &[&str]) {
    let (_server, proxy) = scene(json!({"rules": rules}));
    let mut client = Client::connect(proxy.address());
    let got: Vec<String> = requests
        .iter()
        .map(|request| client.ask(request).unwrap_or_else(|error| error))
        .collect();
    assert_eq!(got, expected, "{rules}");
}

#[test]
fn what_no_rule_hits_goes_through() {
    check(
        json!([]),
        &[&put("/a", "1"), &get("/a"), &get("/b")],
        &["201 1", "200 1", "404 none"],
    );
}

#[test]
fn a_status_hits_the_call_that_is_meant() {
    let status = json!({"kind": "status", "status": 503, "body": "busy"});
    for (when, expected) in [
        (json!({}), ["503 busy", "503 busy", "503 busy"]),
        (json!({"method": "GET"}), ["201 1", "503 busy", "503 busy"]),
        (
            json!({"path": "^/a$", "nth": 2}),
            ["201 1", "503 busy", "404 none"],
        ),
        (json!({"from": 2}), ["201 1", "503 busy", "503 busy"]),
        (
            json!({"from": 2, "times": 1}),
            ["201 1", "503 busy", "404 none"],
        ),
        (json!({"body": "^1$"}), ["503 busy", "404 none", "404 none"]),
        (
            json!({"headers": {"X-Kind": "^read"}}),
            ["201 1", "503 busy", "503 busy"],
        ),
    ] {
        check(
            json!([{"when": when, "fault": status}]),
            &[&put("/a", "1"), &get("/a"), &get("/b")],
            &expected,
        );
    }
}

#[test]
fn a_write_may_be_applied_and_answered_with_an_error() {
    check(
        json!([{"when": {"nth": 1}, "fault": {"kind": "status-after", "status": 503}}]),
        &[&put("/a", "1"), &get("/a")],
        &["503 ", "200 1"],
    );
    check(
        json!([{"when": {"nth": 1}, "fault": {"kind": "status", "status": 503}}]),
        &[&put("/a", "1"), &get("/a")],
        &["503 ", "404 none"],
    );
}

#[test]
fn bodies_are_changed() {
    for (fault, expected) in [
        (
            json!({"kind": "json", "edits": [{"op": "rename", "at": "/id", "to": "key"}]}),
            r#"200 {"key":7}"#,
        ),
        (json!({"kind": "shorten", "keep": 3}), r#"200 {"i"#),
        (
            json!({"kind": "truncate", "keep": 3}),
            "the body ends early",
        ),
        (
            json!({"kind": "headers", "headers": {"Age": "9"}}),
            r#"200 {"id":7}"#,
        ),
    ] {
        check(
            json!([{"when": {"method": "GET"}, "fault": fault}]),
            &[&put("/a", r#"{"id":7}"#), &get("/a")],
            &[r#"201 {"id":7}"#, expected],
        );
    }
}

#[test]
fn a_read_may_show_what_was_there_before_the_write() {
    let rules = json!([
        {"when": {"method": "PUT", "nth": 2}, "fault": {"kind": "snap", "read": {"method": "GET", "path": "{path}"}}},
        {"when": {"method": "GET"}, "fault": {"kind": "lag-read", "reads": 1, "headers": {"Age": "3"}}},
    ]);
    check(
        rules,
        &[
            &put("/a", "1"),
            &get("/a"),
            &put("/a", "2"),
            &get("/a"),
            &get("/a"),
        ],
        &["201 1", "200 1", "201 2", "200 1", "200 2"],
    );
}

#[test]
fn somebody_else_writes_just_before_a_call() {
    let call = json!({"method": "PUT", "path": "{parent}/other", "body": {"by": "{name}"}});
    check(
        json!([{"when": {"path": "^/l/a$"}, "fault": {"kind": "intruder", "call": call}}]),
        &[&put("/l/a", r#"{"name":"me"}"#), &get("/l/other")],
        &[r#"201 {"name":"me"}"#, r#"200 {"by":"me"}"#],
    );
}

#[test]
fn the_server_gets_other_credentials() {
    let (server, proxy) = scene(json!({"rules": [
        {"when": {"from": 2}, "fault": {"kind": "bad-auth", "authorization": "Basic revoked"}},
    ]}));
    let mut client = Client::connect(proxy.address());
    client.ask(&get("/a")).unwrap();
    client.ask(&get("/a")).unwrap();
    assert_eq!(server.credentials(), ["Basic mine", "Basic revoked"]);
}

#[test]
fn more_calls_than_a_window_allows_are_refused() {
    let answer = json!({"status": 429});
    check(
        json!([{"fault": {"kind": "limit", "calls": 2, "window_ms": 600_000, "answer": answer}}]),
        &[&get("/a"), &get("/a"), &get("/a")],
        &["404 none", "404 none", "429 "],
    );
}

#[test]
fn a_reset_is_one_and_may_come_after_the_write() {
    for (applied, expected) in [(false, "404 none"), (true, "200 1")] {
        let (_server, proxy) = scene(json!({"rules": [
            {"when": {"method": "PUT"}, "fault": {"kind": "reset", "applied": applied}},
        ]}));
        let mut client = Client::connect(proxy.address());
        assert_eq!(
            client.ask(&put("/a", "1")),
            Err("ConnectionReset".to_owned())
        );
        let mut client = Client::connect(proxy.address());
        assert_eq!(client.ask(&get("/a")).unwrap(), expected);
    }
}

#[test]
fn a_hung_call_ends_with_the_plan() {
    let (_server, proxy) = scene(json!({"rules": [{"fault": {"kind": "hang"}}]}));
    let mut client = Client::connect(proxy.address());
    client.send(&get("/a"));
    while proxy.passed().is_empty() {
        thread::yield_now();
    }
    assert_eq!(proxy.passed()[0].status, None);
    assert_eq!(proxy.passed()[0].rules, [0]);
    proxy.follow(Plan::default()).unwrap();
    assert_eq!(client.answer(), Err("the connection is closed".to_owned()));
}

#[test]
fn a_held_call_waits_for_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let signal = folder.path().join("signal");
    let (_server, proxy) = scene(json!({"rules": [{
        "when": {"method": "GET"},
        "fault": {"kind": "hold", "signal": signal, "until": {"method": "PUT"}, "ms": 60_000},
    }]}));
    let mut held = Client::connect(proxy.address());
    held.ask(&put("/a", "too early")).unwrap();
    held.send(&get("/a"));
    while !signal.exists() {
        thread::yield_now();
    }
    let mut other = Client::connect(proxy.address());
    other.ask(&put("/a", "by another")).unwrap();
    assert_eq!(held.answer().unwrap(), "200 by another");
}

#[test]
fn a_closed_listener_refuses_until_the_next_plan() {
    let (_server, proxy) = scene(json!({"rules": [
        {"when": {"method": "PUT"}, "fault": {"kind": "close-listener"}},
    ]}));
    let mut client = Client::connect(proxy.address());
    assert_eq!(client.ask(&put("/a", "1")).unwrap(), "201 1");
    let refused = TcpStream::connect(proxy.address()).map_err(|error| error.kind());
    assert_eq!(refused.err(), Some(ErrorKind::ConnectionRefused));
    proxy.follow(Plan::default()).unwrap();
    let mut client = Client::connect(proxy.address());
    assert_eq!(client.ask(&get("/a")).unwrap(), "200 1");
}

#[test]
fn connections_break_after_so_many_bytes() {
    let (server, proxy) = scene(json!({"wire": {"reset_after": 20}}));
    let mut client = Client::connect(proxy.address());
    assert_eq!(client.ask(&get("/a")), Err("ConnectionReset".to_owned()));
    let tcp = Proxy::start_tcp("127.0.0.1:0".parse().unwrap(), server.address()).unwrap();
    let mut client = Client::connect(tcp.address());
    assert_eq!(client.ask(&put("/a", "1")).unwrap(), "201 1");
    tcp.follow(plan_of(json!({"wire": {"reset_after": 20}})))
        .unwrap();
    let mut client = Client::connect(tcp.address());
    assert_eq!(client.ask(&get("/a")), Err("ConnectionReset".to_owned()));
}

#[test]
fn whoever_does_not_speak_http_is_told_so() {
    let (_server, proxy) = scene(json!({}));
    let mut client = Client::connect(proxy.address());
    // The beginning of a TLS handshake, and a line end.
    client.send("\u{16}\u{3}\u{1}\u{2}\r\n");
    assert_eq!(client.answer().unwrap(), "400 this is not HTTP");
}

#[test]
fn a_plan_comes_by_the_admins_port_too() {
    let server = Server::start();
    let proxy = Proxy::start("127.0.0.1:0".parse().unwrap(), server.address()).unwrap();
    let admin = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, at) = (proxy.address(), admin.local_addr().unwrap());
    thread::spawn(move || serve_admin(&proxy, &admin));
    let plan = |plan: Value| Call {
        method: "PUT".to_owned(),
        path: "/plan".to_owned(),
        body: Some(plan),
        ..Call::default()
    };
    assert_eq!(
        send(
            at,
            &plan(json!({"rules": [{"when": {"path": "("}, "fault": {"kind": "hang"}}]}))
        )
        .unwrap(),
        400
    );
    assert_eq!(
        send(
            at,
            &plan(json!({"rules": [{"fault": {"kind": "status", "status": 418}}]}))
        )
        .unwrap(),
        200
    );
    assert_eq!(Client::connect(address).ask(&get("/a")).unwrap(), "418 ");
    // What a call came to is noted once its client has the answer.
    while !Client::connect(at)
        .ask(&get("/passed"))
        .unwrap()
        .contains(r#""status":418"#)
    {
        thread::yield_now();
    }
}

#[test]
fn texts_are_replaced_in_any_body() {
    let edits = json!([{"find": "<(/?)a>", "replace": "<${1}b>"}]);
    check(
        json!([{"when": {"method": "GET"}, "fault": {"kind": "text", "edits": edits}}]),
        &[&put("/a", "<a>1</a>"), &get("/a")],
        &["201 <a>1</a>", "200 <b>1</b>"],
    );
}

#[test]
fn a_request_may_reach_the_server_twice_or_somewhere_else() {
    check(
        json!([{"when": {"method": "PUT"}, "fault": {"kind": "route", "find": "^/a$", "replace": "/b"}}]),
        &[&put("/a", "1"), &get("/a"), &get("/b")],
        &["201 1", "404 none", "200 1"],
    );
    let (server, proxy) = scene(json!({"rules": [{"fault": {"kind": "twice"}}]}));
    Client::connect(proxy.address()).ask(&get("/a")).unwrap();
    assert_eq!(server.credentials(), ["Basic mine", "Basic mine"]);
}

#[test]
fn the_server_gets_other_headers() {
    let headers = json!({"Authorization": "Bearer revoked"});
    let (server, proxy) =
        scene(json!({"rules": [{"fault": {"kind": "present", "headers": headers}}]}));
    Client::connect(proxy.address()).ask(&get("/a")).unwrap();
    assert_eq!(server.credentials(), ["Bearer revoked"]);
}

#[test]
fn a_body_may_come_in_pieces() {
    check(
        json!([{"fault": {"kind": "drip", "bytes": 3, "ms": 1}}]),
        &[&put("/a", "12345678"), &get("/a")],
        &["201 12345678", "200 12345678"],
    );
}

#[test]
fn a_connection_may_end_in_good_order() {
    check(
        json!([{"when": {"nth": 1}, "fault": {"kind": "close"}}]),
        &[&put("/a", "1"), &get("/a")],
        &["201 1", "the connection is closed"],
    );
}

#[test]
fn commands_run_before_the_server_is_asked_or_once_it_has_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("order");
    let note = |word: &str| format!("echo {word} >> '{}'", file.display());
    check(
        json!([
            {"fault": {"kind": "run-after", "command": note("after")}},
            {"fault": {"kind": "run", "command": note("before")}},
            {"fault": {"kind": "run", "command": "false"}},
        ]),
        &[&get("/a")],
        &["404 none"],
    );
    assert_eq!(std::fs::read_to_string(file).unwrap(), "before\nafter\n");
}
