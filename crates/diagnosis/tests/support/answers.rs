//! The rows of what answers say in other words and formats: errors inside a 200, quotas, rights, routes that went, lists
//! that are left out, statements of databases, MessagePack; and of requests that name something else than before.

use super::tables::{NOBODY, PAYMENTS, Rows, SHOP};
use super::{Call, Story, call, declare, get, post};
use model::Role;

const READINGS: &str = "http://127.0.0.1:7000/readings";

/// A call that the passing recording has answered with `there`, and this one otherwise.
fn beside(here: Call, there: Call) -> Story {
    Story::of(vec![here]).passing(vec![there])
}

fn charge() -> Call {
    post(PAYMENTS, 1_000).sends(r#"{"amount":5}"#)
}

/// A refusal of what is accepted otherwise.
fn refused(status: i64, body: &str) -> Story {
    let said = format!("Request failed with status code {status}");
    beside(charge().answers(status, body), charge().answers(201, "{}")).says("Error", &said)
}

/// Errors in an envelope that says success, and what they are about.
pub(crate) fn inside_a_success(rows: &Rows) {
    let failed = |body: &str| {
        let readings = |body: &str| get(READINGS, 1_000).answers(200, body);
        let there = r#"{"results":[{"series":[{"name":"n"}]}]}"#;
        beside(readings(body), readings(there)).says("KeyError", "'series'")
    };
    let error = failed(r#"{"results":[{"error":"shard is offline"}]}"#);
    rows.check(&error, "dependency-error dependency established");
    rows.check(
        &failed(r#"{"error":"shard is offline"}"#),
        "dependency-error dependency established",
    );
    let quota = failed(r#"{"results":[{"error":"max-queries limit exceeded(1, 1)"}]}"#);
    rows.check(&quota, "rate-limited dependency likely");
    // What is not there may be nobody's error.
    let gone = failed(r#"{"results":[{"error":"database not found: shop"}]}"#);
    rows.check(&gone, "dependency-error dependency likely");
}

/// Quotas and rights, by the words of a refusal.
pub(crate) fn quotas_and_rights(rows: &Rows) {
    let quota = "rate-limited dependency likely";
    rows.check(
        &refused(400, r#"{"error":"limit of series exceeded: (1)"}"#),
        quota,
    );
    let plan = r#"{"message":"You can't create more than the established limit of 3 flags"}"#;
    rows.check(&refused(400, plan), quota);
    let length = r#"{"message":"name exceeds the limit of 100 characters"}"#;
    rows.check(&refused(400, length), "dependency-error dependency likely");
    let right = r#"{"error":"reader not authorized to execute statement"}"#;
    rows.check(&refused(403, right), "credentials dependency likely");
    rows.check(
        &refused(403, r#"{"error":"no"}"#),
        "dependency-error dependency likely",
    );
    // A token made for each test: each passing recording has one of its own.
    let asked = |who: &str, status: i64| charge().credential(who).answers(status, "{}");
    let token = |other: &str| {
        beside(asked("aaaaaaaaaaaa", 401), asked("bbbbbbbbbbbb", 201))
            .and_passing(vec![asked(other, 201)])
            .says("Error", "Request failed with status code 401")
            .signed()
    };
    rows.check(&token("bbbbbbbbbbbb"), "test-code test likely");
    rows.check(&token("cccccccccccc"), "credentials dependency likely");
}

/// Calls that are no longer there, and answers that the client has already.
pub(crate) fn what_went(rows: &Rows) {
    let removed = r#"{"error":"/charges was removed, use /v2/charges"}"#;
    rows.check(
        &refused(410, removed),
        "contract-change dependency established",
    );
    rows.check(
        &refused(410, r#"{"error":"gone"}"#),
        "dependency-error dependency likely",
    );
    let rates = |status: i64, body: &str| get(READINGS, 1_000).answers(status, body);
    let cached = beside(rates(304, ""), rates(200, r#"{"state":"paid"}"#));
    rows.check(
        &cached.compares(r#""paid""#, r#""open""#),
        "stale-read test likely",
    );
    // Refused here and there, and not in the same way.
    let conflict = |status: i64| post(SHOP, 1_000).sends("{}").answers(status, "{}");
    rows.check(
        &beside(conflict(400), conflict(409)).compares("409", "400"),
        "product product likely",
    );
}

/// Lists that many servers leave out when there is nothing in them, and rows without names.
pub(crate) fn lists(rows: &Rows) {
    let readings = |body: &str| get(READINGS, 1_000).answers(200, body);
    let series = r#"{"series":[{"name":"n"}],"took":"short"}"#;
    let empty = beside(readings(r#"{"took":"short"}"#), readings(series));
    rows.check(
        &empty.clone().says("KeyError", "'series'"),
        "contract-change dependency likely",
    );
    // What this recording had written before: the empty list is that from before the write.
    let written = |body: &str| {
        vec![
            post(READINGS, 500).sends("n value=4").answers(204, ""),
            readings(body),
        ]
    };
    let early = Story::of(written(r#"{"took":"short"}"#)).passing(written(series));
    rows.check(&early.says("KeyError", "'series'"), "race test likely");
    // A list that has pages now.
    let paged = |body: &str| written(body).into_iter();
    let first = r#"{"items":[{"name":"lamp"}],"next":"2"}"#;
    let all = r#"{"items":[{"name":"lamp"},{"name":"desk"}]}"#;
    let pages = Story::of(paged(first).collect()).passing(paged(all).collect());
    rows.check(
        &pages.compares("2", "1"),
        "contract-change dependency established",
    );
    let table = |values: &str| readings(&format!(r#"{{"values":[{values}]}}"#));
    let north = r#"["station","north"]"#;
    let both = format!(r#"["station","harbour"],{north}"#);
    let more = beside(table(&both), table(north)).compares("1", "2");
    rows.check(&more, "test-code test likely");
}

/// Statements that are sent as parameters, and values in formats of their own.
pub(crate) fn statements(rows: &Rows) {
    let write = |start: i64, value: &str| {
        let url = "http://127.0.0.1:7000/write?db=shop";
        let line = format!("weather,station=north temperature={value} 17000");
        post(url, start).sends(&line).answers(204, "")
    };
    let read = |value: &str| {
        let body = format!(r#"{{"values":[[{value}]]}}"#);
        get(
            "http://127.0.0.1:7000/query?db=shop&q=SELECT+temperature",
            2_000,
        )
        .answers(200, &body)
    };
    let calls = |value: &str| vec![write(1_000, "3.25"), write(1_500, "4.75"), read(value)];
    let old = Story::of(calls("3.25"))
        .passing(calls("4.75"))
        .and_passing(calls("4.75"))
        .compares("4.75", "3.25");
    rows.check(&old, "race test likely");
    // A form, whose values are too short to be looked for anywhere.
    let note = |start: i64, milk: &str| {
        post("http://127.0.0.1:7000/notes/ada", start)
            .request_header("content-type", "application/x-www-form-urlencoded")
            .sends(&format!("metadata[milk]={milk}"))
            .answers(200, "{}")
    };
    let noted = |milk: &str| {
        let body = format!(r#"{{"metadata":{{"milk":"{milk}"}}}}"#);
        let read = get("http://127.0.0.1:7000/notes/ada", 2_000).answers(200, &body);
        vec![note(1_000, "no"), note(1_500, "oat"), read]
    };
    let earlier = Story::of(noted("no")).passing(noted("oat"));
    rows.check(&earlier.compares(r#""oat""#, r#""no""#), "race test likely");
    // Another test's statement takes the table away, and the last one of this recording is a question.
    let asks = |body: &str| {
        let url = "http://127.0.0.1:3000/query?db=shop&q=SELECT+1";
        post(url, 2_000).answers(200, body)
    };
    let dropped = beside(
        asks(r#"{"error":"table not found"}"#),
        asks(r#"{"rows":[[1]]}"#),
    )
    .says("KeyError", "'rows'")
    .touched_statement("/query", "DROP", 1_500);
    rows.check(&dropped, "test-code test likely");
}

/// What another test did that is not of the same path, and what only a word says.
pub(crate) fn of_others(rows: &Rows) {
    let page =
        |status: i64| get("http://127.0.0.1:3000/ada/simple/lamp", 1_000).answers(status, "{}");
    let gone = beside(page(404), page(200)).says("Error", "Request failed with status code 404");
    let deleted = |path: &str| gone.clone().touched("DELETE", path, 900, &[]);
    rows.check(&deleted("/ada/lamp"), "test-code test likely");
    // Neither another name, nor the same one elsewhere.
    rows.check(&deleted("/ada/desk"), "product product established");
    rows.check(&deleted("/adam/lamp"), "product product established");
    let order = |status: i64| {
        let body = r#"{"message":"the shop is in maintenance mode"}"#;
        post(SHOP, 1_000).sends("{}").answers(status, body)
    };
    let closed = |status: i64| {
        beside(order(status), order(201))
            .says(
                "Error",
                &format!("Request failed with status code {status}"),
            )
            .touched("POST", "/admin/maintenance", 900, &[])
    };
    rows.check(&closed(503), "test-code test likely");
    rows.check(&closed(500), "product product established");
    // What could not be kept, and was no JSON for who read it.
    let kept = |call: Call| {
        let there = get(READINGS, 1_000).answers(200, r#"{"state":"paid"}"#);
        beside(call, there).says("JSONDecodeError", "Expecting ',' delimiter")
    };
    let json = vec!["application/json".to_owned()];
    let unread = get(READINGS, 1_000)
        .with("http.response.status_code", 200)
        .with("http.response.header.content-type", json);
    rows.check(&kept(unread), "dependency-error dependency likely");
}

/// Requests that name another thing than the earlier call that they are about.
pub(crate) fn relations(rows: &Rows) {
    const ONE: &str = "5f2b8c1e-9d3a-4c6b-8e7f-001122334455";
    const TWO: &str = "a81bc81b-dead-4e5d-abff-90865d1e13b1";
    let made = |id: &str, start: i64| {
        let body = format!(r#"{{"id":"{id}"}}"#);
        post(SHOP, start).sends("{}").answers(201, &body)
    };
    let changed = |id: &str, place: i64| {
        call("PUT", &format!("{SHOP}/{id}"), 1_500)
            .sends(r#"{"first":true}"#)
            .answers(200, &format!(r#"{{"place":{place}}}"#))
    };
    let story = |id: &str, place: i64| vec![made(ONE, 500), made(TWO, 700), changed(id, place)];
    let other = Story::of(story(TWO, 3)).passing(story(ONE, 7));
    rows.check(&other.compares("7", "3"), "test-code test likely");
    let same = Story::of(story(ONE, 3)).passing(story(ONE, 7));
    rows.check(&same.compares("7", "3"), "product product likely");
    let password = |pseudonym: &str, status: i64| {
        let body = |hash: &str| format!(r#"{{"user":"ada","password":"[masked:1a2b:{hash}]"}}"#);
        vec![
            post(SHOP, 500)
                .sends(&body("0123456789ab"))
                .answers(201, "{}"),
            post("http://127.0.0.1:3000/login", 1_000)
                .sends(&body(pseudonym))
                .answers(status, r#"{"message":"wrong password"}"#),
        ]
    };
    let mistyped = Story::of(password("cdef01234567", 401)).passing(password("0123456789ab", 200));
    rows.check(
        &mistyped.says("Error", "Request failed with status code 401"),
        "test-code test likely",
    );
}

/// A product that was there, and went.
pub(crate) fn products_that_end(rows: &Rows) {
    let story = |url: &str| {
        let calls = |second: Call| vec![get(url, 500).answers(200, "[]"), second];
        let ends = post(url, 1_000).fails("ECONNRESET", "socket hang up");
        Story::of(calls(ends))
            .passing(calls(post(url, 1_000).answers(201, "{}")))
            .says("Error", "socket hang up")
    };
    rows.check(&story(SHOP), "product product likely");
    rows.check(&story(PAYMENTS), "unreachable dependency established");
}

/// A peer with several ports, and names that begin a UUID.
pub(crate) fn several_ports(rows: &Rows) {
    let edge = |status: i64| {
        vec![
            get("http://flags.test:4242/flags", 500).answers(200, "[]"),
            get("http://flags.test:4443/flags", 1_000).answers(status, "{}"),
        ]
    };
    let story = |here: Vec<Call>| {
        let mut story = Story::of(here).says("Error", "Request failed with status code 429");
        story.peers = vec![declare("flags", "flags.test", Role::Dependency)];
        story
    };
    let limited = story(edge(429)).passing(edge(200));
    rows.check(&limited, "rate-limited dependency established");
    rows.check(&story(edge(429)), "rate-limited dependency likely");
    // A port that is refused is another one only where the passing recording does not call it.
    let refused = || {
        let mut calls = edge(200);
        let last = get("http://flags.test:4443/flags", 1_000);
        calls[1] = last.fails("ECONNREFUSED", "connect ECONNREFUSED");
        story(calls).says("Error", "connect ECONNREFUSED")
    };
    let down = refused().passing(edge(200));
    rows.check(&down, "unreachable dependency established");
    rows.check(&refused(), "test-code test likely");
    let named = |name: &str, status: i64| {
        post(NOBODY, 1_000)
            .sends(&format!(r#"{{"name":"flag-{name}"}}"#))
            .answers(status, "{}")
    };
    let failed = beside(named("04632f61", 500), named("95283d5a", 201));
    rows.check(
        &failed.says("Error", "Request failed with status code 500"),
        "dependency-error unknown likely",
    );
}

/// What only the failure says of an answer, and calls that are slow together.
pub(crate) fn told_by_the_failure(rows: &Rows) {
    let packed = |bytes: Vec<u8>| {
        get(READINGS, 1_000)
            .answers_as(200, "application/x-msgpack", "")
            .with("http.response.body.content", model::Value::Bytes(bytes))
    };
    let whole = packed(b"\x81\xa5state\xa4paid".to_vec());
    let half = beside(packed(b"\x81\xa5state".to_vec()), whole.clone());
    rows.check(
        &half.says("ValueError", "Unpack failed: incomplete input"),
        "dependency-error dependency established",
    );
    let other = beside(packed(b"\x81\xa5state\xa4open".to_vec()), whole);
    rows.check(
        &other.compares(r#""paid""#, r#""open""#),
        "contract-change dependency likely",
    );
    let one = |start: i64, millis: i64| post(READINGS, start).takes(millis).answers(200, "{}");
    let many = |millis: i64| {
        let mut calls = vec![get(SHOP, 10).takes(40).answers(200, "[]")];
        calls.extend((0..6).map(|at| one(100 + at * (millis + 10), millis)));
        calls
    };
    let slow = Story::of(many(900)).passing(many(20)).limit(5_600);
    rows.check(&slow.fails_at(5_600), "dependency-slow dependency likely");
}
