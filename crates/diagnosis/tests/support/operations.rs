//! The rows of servers where one path serves many: GraphQL above all; and of who asks, and in which order.

use super::tables::{PAYMENTS, Rows, SHOP};
use super::{Call, Story, get, post};

const GRAPHQL: &str = "http://127.0.0.1:7000/graphql";

fn beside(here: Vec<Call>, there: Vec<Call>) -> Story {
    Story::of(here).passing(there)
}

fn graphql(at: i64, document: &str, variables: &str, body: &str) -> Call {
    let sent = format!(r#"{{"query":"{document}","variables":{variables}}}"#);
    post(GRAPHQL, at).sends(&sent).answers(200, body)
}

/// What is written and read by one path is known by its operation and what it names.
pub(crate) fn graphql_calls(rows: &Rows) {
    let accept = |at: i64| {
        let document = "mutation Accept($talk: Int!) { accept(talk: $talk) { id } }";
        graphql(
            at,
            document,
            r#"{"talk":17}"#,
            r#"{"data":{"accept":{"id":17}}}"#,
        )
    };
    let talk = |at: i64, state: &str| {
        let body = format!(r#"{{"data":{{"talk":{state}}}}}"#);
        graphql(
            at,
            "query Talk($id: Int!) { talk(id: $id) { state } }",
            r#"{"id":17}"#,
            &body,
        )
    };
    let accepted = r#"{"state":"ACCEPTED"}"#;
    let late = beside(
        vec![accept(100), talk(200, "null")],
        vec![accept(100), talk(200, accepted)],
    );
    rows.check(&late.compares("\"ACCEPTED\"", "null"), "race test likely");

    // An error of a constraint is nobody's fault but of what was there before.
    let room = |body: &str| {
        let document = "mutation Room($name: String!) { room(name: $name) { id } }";
        vec![graphql(100, document, r#"{"name":"Studio A"}"#, body)]
    };
    let made = r#"{"data":{"room":{"id":3}}}"#;
    let error = |message: &str| {
        let body = format!(r#"{{"errors":[{{"message":"{message}"}}],"data":null}}"#);
        beside(room(&body), room(made)).says("Error", message)
    };
    let taken = error("duplicate key value violates unique constraint");
    rows.check(&taken, "test-code test likely");
    let renamed = error("Cannot query field id on type Room");
    rows.check(&renamed, "contract-change dependency established");
    let failed = error("Internal server error");
    rows.check(&failed, "dependency-error dependency established");

    // What never got as far as to send its document is the call of its place.
    let unknown = post(GRAPHQL, 100).fails("ENOTFOUND", "getaddrinfo ENOTFOUND api.test");
    let gone = beside(vec![unknown], room(made)).says("Error", "getaddrinfo ENOTFOUND api.test");
    rows.check(&gone, "unreachable dependency established");
}

/// A log-in that gives nothing, and what it leads to.
pub(crate) fn withheld_tokens(rows: &Rows) {
    let token = r#""[masked:1a2b:aaaaaaaaaaaa]""#;
    let story = |token: &str, status: i64| {
        let login = post(&format!("{PAYMENTS}/login"), 100);
        let body = format!(r#"{{"token":{token}}}"#);
        let read = get(PAYMENTS, 500);
        let read = if status == 200 {
            read.credential("aaaaaaaaaaaa")
        } else {
            read
        };
        vec![
            login.sends("{}").answers(200, &body),
            read.answers(status, r#"{"error":"who are you"}"#),
        ]
    };
    let failed = beside(story("null", 401), story(token, 200)).says("Error", "who are you");
    rows.check(&failed, "credentials dependency likely");
    let moved = r#"{"value":"[masked:1a2b:aaaaaaaaaaaa]"}"#;
    let failed = beside(story(moved, 401), story(token, 200)).says("Error", "who are you");
    rows.check(&failed, "contract-change dependency established");
}

/// What a test presents that the log-in has not given it is no credential that was revoked.
pub(crate) fn tokens_made_of_nothing(rows: &Rows) {
    let calls = |body: &str, presented: &str, status: i64| {
        let login = post(&format!("{PAYMENTS}/login"), 100).sends("{}");
        let read = get(PAYMENTS, 500).credential(presented);
        let denied = r#"{"error":"malformed token"}"#;
        vec![login.answers(200, body), read.answers(status, denied)]
    };
    let good = r#"{"token":"[masked:1a2b:aaaaaaaaaaaa]"}"#;
    let moved = r#"{"value":"[masked:1a2b:aaaaaaaaaaaa]"}"#;
    let here = calls(moved, "bbbbbbbbbbbb", 401);
    let failed = beside(here, calls(good, "aaaaaaaaaaaa", 200)).says("Error", "malformed token");
    rows.check(&failed, "contract-change dependency established");
}

/// What the product does with what it is told, and when it refuses by itself.
pub(crate) fn products_and_whom_they_ask(rows: &Rows) {
    // The bill is made of the price, which another call had been told before.
    let calls = |price: u32, bill: u32| {
        let job = post("http://127.0.0.1:3000/jobs", 100).takes(200);
        let asked = get(&format!("{PAYMENTS}/price"), 150).inside(1).takes(10);
        let read = get("http://127.0.0.1:3000/bills", 600);
        vec![
            job.sends("{}").answers(202, "{}"),
            asked.answers(200, &format!(r#"{{"price":{price}}}"#)),
            read.answers(200, &format!(r#"{{"bill":{bill}}}"#)),
        ]
    };
    let failed = beside(calls(240, 58_800), calls(300, 73_500));
    // Several passing recordings agree on the price: it does not vary by itself.
    let failed = failed
        .and_passing(calls(300, 73_500))
        .compares("73500", "58800");
    rows.check(&failed, "dependency-error dependency likely");

    // It refuses although whom it asks answers as ever; and without anybody to ask it may have been in the way.
    let order = |status: i64, asks: bool| {
        let outer = post(SHOP, 100).sends("{}").takes(200);
        let asked = get(&format!("{PAYMENTS}/seats"), 150).inside(1).takes(10);
        let mut calls = vec![outer.answers(status, r#"{"error":"no seats left"}"#)];
        if status == 201 {
            calls[0] = post(SHOP, 100).sends("{}").takes(200).answers(201, "{}");
        }
        calls.extend(asks.then(|| asked.answers(200, r#"{"full":[7]}"#)));
        calls
    };
    let story =
        |asks: bool| beside(order(409, asks), order(201, asks)).says("Error", "no seats left");
    rows.check(&story(true), "product product established");
    rows.check(&story(false), "test-code test likely");
}

/// What a server does in the background that a hook has started, the test waits for.
pub(crate) fn work_of_hooks(rows: &Rows) {
    let mail = |status: i64, body: &str| {
        let mail = post(&format!("{PAYMENTS}/messages"), 200).sends(r#"{"to":"ada"}"#);
        vec![mail.answers(status, body).phase("after")]
    };
    let look = |at: i64, found: &str| {
        let body = format!(r#"{{"messages":[{found}]}}"#);
        get(&format!("{PAYMENTS}/messages"), at).answers(200, &body)
    };
    let here = vec![look(500, ""), look(1_000, ""), look(1_500, "")];
    let there = vec![look(500, ""), look(1_000, r#"{"to":"ada"}"#)];
    let story = Story {
        fixture: mail(429, r#"{"error":"too_many_mails"}"#),
        passing_fixture: mail(201, "{}"),
        ..beside(here, there)
    };
    let failed = story.says("Error", "waited in vain for the mail");
    rows.check(&failed, "rate-limited dependency established");
}

/// The same request of somebody else is another call, and what the test does in another order is its own.
pub(crate) fn who_asks_and_when(rows: &Rows) {
    let read = |who: &str, at: i64, status: i64, body: &str| {
        let read = get(&format!("{SHOP}/7"), at).request_header("x-user", who);
        read.answers(status, body)
    };
    let open = r#"{"state":"open"}"#;
    let hidden = r#"{"error":"not yours"}"#;
    let passing = || vec![read("ada", 100, 200, open), read("grey", 200, 403, hidden)];
    let seen = beside(
        vec![read("ada", 100, 200, open), read("grey", 200, 200, open)],
        passing(),
    );
    rows.check(&seen.compares("403", "200"), "product product established");

    let give_back = |at: i64| {
        let back = post(&format!("{PAYMENTS}/return"), at).sends(r#"{"lease":"a-7"}"#);
        back.answers(200, "{}")
    };
    let renew = |at: i64, status: i64| {
        let renew = post(&format!("{PAYMENTS}/renew"), at).sends(r#"{"lease":"a-7"}"#);
        let body = if status == 200 {
            "{}"
        } else {
            r#"{"error":"no such lease"}"#
        };
        renew.answers(status, body)
    };
    let early = beside(
        vec![give_back(100), renew(200, 404)],
        vec![renew(100, 200), give_back(200)],
    );
    rows.check(
        &early.says("Error", "no such lease"),
        "test-code test likely",
    );
}

/// What is found by another path than it was written.
pub(crate) fn found_elsewhere(rows: &Rows) {
    const ID: &str = "5f2b8c1e-9d3a-4c6b-8e7f-001122334455";
    let order = || {
        let body = format!(r#"{{"id":"{ID}"}}"#);
        post(SHOP, 100)
            .sends(r#"{"item":"lamp"}"#)
            .answers(201, &body)
    };
    let search = |at: i64, hits: &str| {
        let url = "http://127.0.0.1:3000/search?q=lamp";
        get(url, at).answers(200, &format!(r#"{{"hits":[{hits}]}}"#))
    };
    let story = |at: i64, there: i64| {
        let found = search(there, &format!("\"{ID}\""));
        beside(vec![order(), search(at, "")], vec![order(), found]).compares("1", "0")
    };
    // It waited far less than in the passing recording, or as long.
    rows.check(&story(130, 900), "race test likely");
    rows.check(&story(900, 900), "product product likely");
}

/// An answer that is no more than a number, and one that is an error by its only members.
pub(crate) fn bare_answers(rows: &Rows) {
    let count = |body: &str| {
        vec![
            post(&format!("{PAYMENTS}/count"), 500)
                .sends("{}")
                .answers(200, body),
        ]
    };
    let more = beside(count("3"), count("2")).compares("2", "3");
    rows.check(&more, "test-code test likely");
    let list = |body: &str| vec![get(PAYMENTS, 500).answers(200, body)];
    let wrapped = r#"{"error":"upstream_timeout","message":"nobody answered"}"#;
    let failed = beside(list(wrapped), list("[]")).says("TypeError", "list is not iterable");
    rows.check(&failed, "dependency-error dependency established");
}
