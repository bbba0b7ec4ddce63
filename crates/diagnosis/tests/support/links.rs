//! The rows of the tables about what links a failure with a call (`relevance`), about ports (`elsewhere`), about a busy
//! process (`busy`) and about tries that the client calls one. They stand in `docs/concepts/causes.md` too.

#![expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]

use model::{AttemptStatus, Role, attribute};

use super::tables::Rows;
use super::{Call, Story, declare, get, post};

const RATES: &str = "http://127.0.0.1:7000/rates";
const CHARGES: &str = "http://127.0.0.1:7000/charges";
const ORDER: &str = "http://127.0.0.1:3000/orders";
const LAMBDA: &str =
    "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/fn-71/invocations";

/// A call that fails here and is answered there, then a call that is answered in both.
fn then(failing: &Call, there: Call, here_after: Call, there_after: Call) -> Story {
    Story::of(vec![failing.clone(), here_after]).passing(vec![there, there_after])
}

fn order(body: &str) -> Call {
    get(ORDER, 2_000).answers(200, body)
}

/// What the failure speaks of, and what it does not.
pub(crate) fn linked_with_the_failure(rows: &Rows) {
    let read = || get(RATES, 1_000).answers(503, "{}");
    let rates = || get(RATES, 1_000).answers(200, r#"{"rate":7}"#);
    let write = || post(CHARGES, 1_000).answers(503, "{}");
    let charged = || post(CHARGES, 1_000).answers(201, r#"{"state":"paid"}"#);
    let (open, paid) = (r#"{"state":"open"}"#, r#"{"state":"paid"}"#);
    let likely = "dependency-error dependency likely";
    let established = "dependency-error dependency established";

    // A read was refused and swallowed; the test failed over what another peer answered.
    let other = then(&read(), rates(), order(open), order(paid));
    let other = other.compares(r#""paid""#, r#""open""#);
    rows.check(&other, "product product likely");
    let mut alone = other.clone();
    alone.passing = None;
    rows.check(&alone, "undetermined");
    let worded = other.says("AssertionError", "expected 'open' to equal 'paid'");
    rows.check(&worded, "product product likely");

    // The same, and what was compared is in no answer.
    let unrelated = then(&read(), rates(), order(paid), order(paid)).compares("3", "2");
    rows.check(&unrelated, likely);
    // A price is no status.
    let broken = get(RATES, 1_000).answers(500, "{}");
    rows.check(
        &then(&broken, rates(), order(paid), order(paid)).compares("490", "500"),
        likely,
    );
    // What was compared is in an answer that is as ever.
    rows.check(
        &then(&read(), rates(), order(paid), order(paid)).compares(r#""payd""#, r#""paid""#),
        likely,
    );

    // A write was refused, and a later answer lacks something, or comes from the same peer: it may be why.
    let none = then(&write(), charged(), order("[]"), order(r#"[{"id":3}]"#));
    rows.check(&none.compares("1", "0"), likely);
    let charge = |body: &str| get(CHARGES, 2_000).answers(200, body);
    let same_peer = then(&write(), charged(), charge(open), charge(paid));
    rows.check(&same_peer.compares(r#""paid""#, r#""open""#), established);
    let other_peer = then(&write(), charged(), order(open), order(paid));
    rows.check(
        &other_peer.compares(r#""paid""#, r#""open""#),
        "undetermined",
    );

    // The assertion compares something of the call.
    let alike = || then(&read(), rates(), order(paid), order(paid));
    rows.check(&alike().compares("200", "503"), established);
    rows.check(&alike().compares("7", "undefined"), likely);
    let told = get(RATES, 1_000).answers(503, r#"{"message":"Service Unavailable"}"#);
    let told = then(&told, rates(), order(paid), order(paid));
    rows.check(
        &told.compares(r#""fine""#, r#""Service Unavailable""#),
        established,
    );
    let wanted = post(CHARGES, 1_000).answers(503, "{}");
    let wanted = then(&wanted, charged(), order("[]"), order("[]"));
    rows.check(&wanted.compares(r#""paid""#, "undefined"), established);

    // Nothing was compared: an error was thrown right after the call, or later.
    rows.check(&Story::of(vec![read()]).passing(vec![rates()]), established);
    rows.check(&alike(), likely);
    // The time ran out, or the process ended, and nothing was awaited.
    rows.check(
        &Story::of(vec![read()]).passing(vec![rates()]).limit(4_000),
        likely,
    );
    let mut ended = Story::of(vec![read()]).passing(vec![rates()]);
    ended.status = AttemptStatus::Unfinished;
    rows.check(&ended, likely);

    // What follows in the passing recording was left out, because it needed what was not answered.
    let thing = "5f2b8c1e-9d3a-4c6b-8e7f-001122334455";
    let created = post(CHARGES, 1_000).answers(201, &format!(r#"{{"id":"{thing}"}}"#));
    let read_back = get(&format!("{CHARGES}/{thing}"), 1_500).answers(200, paid);
    let left_out =
        Story::of(vec![write(), order("[]")]).passing(vec![created, read_back, order("[]")]);
    rows.check(&left_out.clone().compares("1", "0"), established);
    rows.check(&left_out.says("Error", "nothing there"), established);

    // Two that the failure may speak of: the one that the test did not survive.
    let search = |status: i64| get("http://127.0.0.1:9200/metrics", 500).answers(status, "{}");
    let both = Story::of(vec![search(503), read()])
        .passing(vec![search(200), rates()])
        .says("Error", "Request failed with status code 503");
    rows.check(&both, likely);
}

/// A call to another port than its peer's.
pub(crate) fn at_another_port(rows: &Rows) {
    let story = |here: &str, there: Option<&str>, declared: &str| {
        let url = |address: &str| format!("http://{address}/charges");
        let mut story = Story::of(vec![
            post(&url(here), 1_000).fails("ECONNREFUSED", "connect ECONNREFUSED"),
        ]);
        story.passing = there.map(|address| vec![post(&url(address), 1_000).answers(201, "{}")]);
        story.peers = vec![declare("payments", declared, Role::Dependency)];
        story
    };
    let tests = "test-code test likely";
    let peers = "unreachable dependency established";
    rows.check(
        &story("10.0.0.7:7001", Some("10.0.0.7:7000"), "10.0.0.7"),
        tests,
    );
    rows.check(
        &story("127.0.0.1:7001", Some("127.0.0.1:7000"), "127.0.0.1"),
        tests,
    );
    rows.check(
        &story("10.0.0.7:7000", Some("10.0.0.7:7000"), "10.0.0.7"),
        peers,
    );
    rows.check(
        &story("10.0.0.7:40001", Some("10.0.0.7:52002"), "10.0.0.7"),
        peers,
    );
    rows.check(
        &story("10.0.0.7:40001", Some("10.0.0.7:7000"), "10.0.0.7"),
        tests,
    );
    rows.check(
        &story("10.0.0.7:7001", Some("10.0.0.7:7000"), "10.0.0.7:7000"),
        tests,
    );
    rows.check(&story("10.0.0.7:7001", None, "10.0.0.7:7000"), tests);
    rows.check(
        &story("10.0.0.7:7001", None, "10.0.0.7"),
        "unreachable dependency likely",
    );
    let mut answers_elsewhere = story("10.0.0.7:7001", None, "10.0.0.7");
    answers_elsewhere
        .calls
        .push(get("http://10.0.0.7:7000/rates", 500).answers(200, "{}"));
    rows.check(&answers_elsewhere, tests);
    let mut answered = story("10.0.0.7:7001", Some("10.0.0.7:7000"), "10.0.0.7");
    answered.calls = vec![post("http://10.0.0.7:7001/charges", 1_000).answers(500, "{}")];
    rows.check(&answered, "test-code test likely");
}

/// A wait during which the caller was busy, beside one of 300 ms that was not.
pub(crate) fn busy_while_waiting(rows: &Rows) {
    let story = |active: i64| {
        let cut = post(CHARGES, 1_000)
            .takes(500)
            .fails("ETIMEDOUT", "timeout of 500ms exceeded")
            .with(attribute::EVENT_LOOP_ACTIVE_MS, active);
        Story::of(vec![cut])
            .passing(vec![post(CHARGES, 1_000).takes(300).answers(201, "{}")])
            .says("Error", "timeout of 500ms exceeded")
    };
    let slow = "dependency-slow dependency established";
    rows.check(&story(500), "undetermined");
    rows.check(&story(250), "undetermined");
    rows.check(&story(210), "undetermined");
    rows.check(&story(150), slow);
    rows.check(&story(1), slow);
    let used_up = |active: i64| {
        let call = |millis: i64| post(CHARGES, 100).takes(millis).answers(201, "{}");
        Story::of(vec![
            call(1_800).with(attribute::EVENT_LOOP_ACTIVE_MS, active),
        ])
        .passing(vec![call(30)])
        .limit(2_000)
    };
    rows.check(&used_up(1_700), "undetermined");
    rows.check(&used_up(100), slow);
}

/// Tries that the client calls one: other calls in between do not part them.
pub(crate) fn tries_of_one_call(rows: &Rows) {
    let invoke = |start: i64, group: &str, status: i64| {
        post(LAMBDA, start)
            .answers(status, r#"{"message":"Rate Exceeded."}"#)
            .with(attribute::RETRY_GROUP, group)
    };
    let between = |start: i64| get(ORDER, start).answers(200, "[]");
    let accepted = post(LAMBDA, 1_000).answers(202, "{}");
    let passing = vec![accepted, between(1_100), between(1_300)];
    let tries = |last: i64| {
        Story::of(vec![
            invoke(1_000, "a", 429),
            between(1_100),
            invoke(1_200, "a", 429),
            between(1_300),
            invoke(1_400, "a", last),
        ])
        .passing(passing.clone())
        .says("TooManyRequestsException", "Rate Exceeded.")
    };
    rows.check(&tries(200), "undetermined");
    rows.check(&tries(429), "rate-limited dependency established");
    // The caller tried again what the client had given up: absorbed in the end.
    let again = Story::of(vec![
        invoke(1_000, "a", 429),
        invoke(1_100, "a", 429),
        invoke(1_200, "b", 429),
        between(1_300),
        invoke(1_400, "b", 200),
    ]);
    rows.check(&again.passing(passing.clone()), "undetermined");
}
