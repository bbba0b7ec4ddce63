//! The rows of servers that are asked by POST for everything, with keys and values as base64 in the bodies, as gateways of
//! gRPC are; and of what else a key-value store taught.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::tables::Rows;
use super::{Call, Story, call, get, post};

const SHOP: &str = "http://127.0.0.1:3000";
const STORE: &str = "http://127.0.0.1:7000/v3";

fn coded(text: &str) -> String {
    STANDARD.encode(text)
}

/// Keys are written and read in bodies.
fn put(key: &str, value: &str, at: i64) -> Call {
    let body = format!(r#"{{"key":"{}","value":"{}"}}"#, coded(key), coded(value));
    let acknowledged = r#"{"header":{"revision":"7"}}"#;
    post(&format!("{STORE}/kv/put"), at)
        .sends(&body)
        .answers(200, acknowledged)
}

fn asked(what: &str, key: &str, at: i64) -> Call {
    let body = format!(r#"{{"key":"{}"}}"#, coded(key));
    post(&format!("{STORE}/kv/{what}"), at).sends(&body)
}

/// What is under a key, if anything, by a server that has counted so many writes.
fn found(values: &[&str], writes: u32) -> String {
    let items: Vec<String> = values
        .iter()
        .map(|value| format!(r#"{{"value":"{}"}}"#, coded(value)))
        .collect();
    let header = format!(r#""header":{{"revision":"{writes}"}}"#);
    match items.len() {
        0 => format!("{{{header}}}"),
        count => format!(
            r#"{{"count":"{count}",{header},"kvs":[{}]}}"#,
            items.join(",")
        ),
    }
}

/// A write, and a look after it that shows something else than that of the passing recording.
fn look(write: fn(i64) -> Call, key: &str, here: &str, there: &str) -> Story {
    let range = |at: i64, body: &str| asked("range", key, at).answers(200, body);
    Story::of(vec![write(1_000), range(1_100, here)])
        .passing(vec![write(1_000), range(2_000, there)])
}

pub(crate) fn keys_in_bodies(rows: &Rows) {
    let race = "race test likely";
    let open = |at: i64| put("/berths/north", "open", at);
    let nothing = look(open, "/berths/north", &found(&[], 6), &found(&["open"], 7));
    rows.check(&nothing.compares("1", "0"), race);
    // The write is of a key below the one that is asked for.
    let below = look(open, "/berths/", &found(&[], 6), &found(&["open"], 7));
    rows.check(&below.compares("1", "0"), race);
    let other = look(open, "/cranes/", &found(&[], 6), &found(&["open"], 7));
    rows.check(
        &other.compares("1", "0"),
        "contract-change dependency likely",
    );
    // That the server has counted more writes says nothing.
    let range = |at: i64, writes: u32| {
        let body = found(&["open"], writes);
        asked("range", "/berths/north", at).answers(200, &body)
    };
    let counted = Story::of(vec![open(1_000), range(1_100, 9)])
        .passing(vec![open(1_000), range(2_000, 7)])
        .and_passing(vec![open(1_000), range(2_000, 7)]);
    rows.check(&counted, "undetermined");
    // One too many after it was deleted, in the list and in a count.
    let delete = |at: i64| asked("deleterange", "/berths/north", at).answers(200, "{}");
    let still = look(delete, "/berths/", r#"{"count":"3"}"#, r#"{"count":"2"}"#);
    rows.check(&still.compares("2", "3"), "race test established");
    let several = look(delete, "/berths/", r#"{"count":"5"}"#, r#"{"count":"2"}"#);
    rows.check(&several.compares("2", "5"), "test-code test likely");
}

/// A write that names what it replaces.
pub(crate) fn replacing_writes(rows: &Rows) {
    let replace = |at: i64| {
        let compared = format!(
            r#"{{"compare":[{{"key":"{key}","value":"{olav}"}}],"success":[{{"key":"{key}","value":"{marit}"}}]}}"#,
            key = coded("/berths/north"),
            olav = coded("olav"),
            marit = coded("marit"),
        );
        post(&format!("{STORE}/kv/txn"), at)
            .sends(&compared)
            .answers(200, "{}")
    };
    let story = |here: &str| {
        let range = |at: i64, body: &str| asked("range", "/berths/north", at).answers(200, body);
        let first = || put("/berths/north", "olav", 500);
        Story::of(vec![first(), replace(1_000), range(1_100, here)])
            .passing(vec![
                first(),
                replace(1_000),
                range(2_000, &found(&["marit"], 7)),
            ])
            .compares("'marit'", "'olav'")
    };
    rows.check(&story(&found(&["olav"], 6)), "race test established");

    // The retry of what was done already is answered with less; a key under another name is another contract all the same.
    let retried = |last: &str| {
        let first = replace(1_000).answers(503, "{}");
        Story::of(vec![first, replace(1_200).answers(200, last)])
            .passing(vec![replace(1_000).answers(200, r#"{"succeeded":true}"#)])
            .compares("true", "undefined")
    };
    rows.check(&retried("{}"), "dependency-error dependency likely");
    rows.check(
        &retried(r#"{"success":true}"#),
        "contract-change dependency likely",
    );
}

/// Words and headers.
pub(crate) fn spellings_and_headers(rows: &Rows) {
    // Another spelling is no older value.
    let grant = || {
        post(&format!("{STORE}/grant"), 500)
            .sends(r#"{"may":"READWRITE"}"#)
            .answers(200, "{}")
    };
    let role = |body: &str| {
        post(&format!("{STORE}/grant/list"), 1_000)
            .sends("{}")
            .answers(200, body)
    };
    let spelt = Story::of(vec![grant(), role(r#"{"may":"READ_WRITE"}"#)])
        .passing(vec![grant(), role(r#"{"may":"READWRITE"}"#)])
        .compares(r#""READWRITE""#, r#""READ_WRITE""#);
    rows.check(&spelt, "contract-change dependency likely");

    // A header too many, of which the failure speaks.
    let copy = || get(&format!("{STORE}/copy"), 1_000).answers(200, "{}");
    let scanned = || copy().header("x-meta-malwarescan", "clean");
    let added = Story::of(vec![scanned()]).passing(vec![copy()]);
    let told = added.clone().compares(
        r#"{"film":"portra"}"#,
        r#"{"film":"portra","malwarescan":"clean"}"#,
    );
    rows.check(&told, "contract-change dependency likely");
    rows.check(&added.compares("1", "2"), "test-code test likely");
    // It may name the header, and speak of something else.
    let elsewhere = Story::of(vec![copy().header("x-request-status", "warm")])
        .passing(vec![copy()])
        .compares(r#"{"status":"open"}"#, r#"{"status":"paid"}"#);
    rows.check(&elsewhere, "test-code test likely");
}

/// Credentials and clocks.
pub(crate) fn passwords_and_clocks(rows: &Rows) {
    let copy = || get(&format!("{STORE}/copy"), 1_000).answers(200, "{}");
    // A password that is no longer good, answered by 400.
    let login = |status: i64, body: &str| {
        post(&format!("{STORE}/login"), 500)
            .sends("{}")
            .answers(status, body)
    };
    let changed = login(
        400,
        r#"{"error":"authentication failed, invalid user ID or password"}"#,
    );
    let changed = Story::of(vec![changed])
        .passing(vec![login(200, "{}")])
        .says(
            "Error",
            "authentication failed, invalid user ID or password",
        );
    rows.check(&changed, "credentials dependency likely");

    // A token that has run out by a clock that has moved.
    let me = |at: i64| get(&format!("{STORE}/me"), at).credential("0123456789ab");
    let expired = || me(1_000).answers(401, r#"{"error":"token has expired"}"#);
    let story = |last: Call| {
        let known = || me(500).answers(200, "{}");
        Story::of(vec![known(), last]).passing(vec![known(), me(1_000).answers(200, "{}")])
    };
    rows.check(&story(expired()), "credentials dependency established");
    let moved = expired().header("date", "Sun, 22 Nov 2026 20:42:46 GMT");
    rows.check(&story(moved), "environment environment established");

    // A certificate that has expired since the passing recording of two months ago: or is it the clock?
    let late = Story::of(vec![
        copy()
            .without_answer()
            .fails("CERT_HAS_EXPIRED", "certificate has expired"),
    ])
    .passing(vec![copy()])
    .says("Error", "certificate has expired");
    rows.check(&late, "unreachable dependency established");
    let mut months_ago = late;
    months_ago.shift = 60 * 86_400 * 1_000_000_000;
    rows.check(&months_ago, "unreachable dependency likely");
}

/// What an error says is not there, another test may have taken away.
pub(crate) fn swept_away(rows: &Rows) {
    let leader = |status: i64, body: &str| {
        call("POST", &format!("{STORE}/leader"), 1_000)
            .sends("{}")
            .answers(status, body)
    };
    let gone = || {
        Story::of(vec![leader(500, r#"{"error":"no leader"}"#)]).passing(vec![leader(200, "{}")])
    };
    rows.check(&gone(), "dependency-error dependency established");
    let swept = gone().touched("POST", "/v3/kv/deleterange", 800, &[]);
    rows.check(&swept.others_at(7000), "dependency-error dependency likely");
    let before = gone().touched("POST", "/v3/kv/put", 800, &[]);
    rows.check(
        &before.others_at(7000),
        "dependency-error dependency established",
    );
}

/// What a service does by itself, some time after it was asked to: in the passing recording the test looks after that.
pub(crate) fn done_by_itself(rows: &Rows) {
    let order = || {
        post(&format!("{SHOP}/arrivals"), 100)
            .sends("{}")
            .answers(202, "{}")
    };
    let moor = |at: i64| {
        put("/ships/7", r#"{"status":"moored"}"#, at)
            .inside(1)
            .in_process(2)
    };
    let look = |at: i64, status: &str| {
        let body = format!(r#"{{"ship":"Troll","status":"{status}"}}"#);
        get(&format!("{SHOP}/arrivals/7"), at).answers(200, &body)
    };
    let story = |at: i64| {
        Story::of(vec![order(), look(at, "expected")])
            .passing(vec![order(), moor(900), look(1_500, "moored")])
            .compares(r#""moored""#, r#""expected""#)
    };
    rows.check(&story(300), "race test established");
    // On this commit it never does it.
    let never = story(300).failed_here(3);
    rows.check(&never, "product product established");
    // It had as long as there: the service has not done it.
    rows.check(&story(1_500), "product product established");
}

/// A service that did not wait for whom it asked, and answered 500.
pub(crate) fn given_up_by_a_service(rows: &Rows) {
    let order = |status: i64| {
        post(&format!("{SHOP}/orders"), 100)
            .sends("{}")
            .answers(status, "{}")
            .takes(900)
    };
    let inner = || get("http://127.0.0.1:7000/rates", 150).inside(1);
    let story = |inner_here: Call| {
        Story::of(vec![order(500), inner_here])
            .passing(vec![order(201), inner().answers(200, "{}")])
            .says("Error", "Request failed with status code 500")
    };
    let cut = inner()
        .takes(800)
        .fails("AbortError", "This operation was aborted")
        .aborted_by("client");
    rows.check(&story(cut), "product product likely");
    rows.check(
        &story(inner().answers(200, "{}")),
        "product product established",
    );
}
