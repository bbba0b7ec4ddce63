//! The rows about polls: how often somebody looked is no difference, and what the last look saw may be one.

use model::Role;

use super::tables::Rows;
use super::{Call, Story, call, declare, get, post};

const API: &str = "http://127.0.0.1:3000/insights?function=f";
const SEARCH: &str = "http://127.0.0.1:9200/insights/_search";
const RATES: &str = "http://127.0.0.1:7000/rates";
const CHARGES: &str = "http://127.0.0.1:7000/charges";
const FOUND: &str = r#"{"hits":{"total":{"value":1}}}"#;
const NOTHING: &str = r#"{"hits":{"total":{"value":0}}}"#;

/// Looks at the API, for each of which it asks its search cluster; the last one sees `last`.
fn looks(count: u64, last: &str) -> Vec<Call> {
    let look = |nth: u64| {
        let start = 100 + 100 * i64::try_from(nth).unwrap_or(0);
        let body = if nth + 1 == count { last } else { NOTHING };
        let outer = 2 * nth + 1;
        [
            get(API, start).takes(20).answers(200, body),
            post(SEARCH, start + 5)
                .sends(r#"{"function":"f"}"#)
                .takes(5)
                .inside(outer)
                .answers(200, body),
        ]
    };
    (0..count).flat_map(look).collect()
}

fn story(here: Vec<Call>, there: Vec<Call>) -> Story {
    let mut story = Story::of(here).passing(there);
    story.peers = vec![
        declare("api", "127.0.0.1:3000", Role::Product),
        declare("search", "127.0.0.1:9200", Role::Dependency),
        declare("payments", "127.0.0.1:7000", Role::Dependency),
    ];
    story
}

fn and(mut calls: Vec<Call>, more: impl IntoIterator<Item = Call>) -> Vec<Call> {
    calls.extend(more);
    calls
}

/// Two reads, each again and again, beside each other or in one loop.
fn two_reads(rounds: i64) -> Vec<Call> {
    let round = |nth: i64| {
        let read = |url: &str, at: i64| {
            get(url, 100 * nth + at)
                .takes(5)
                .answers(200, r#"{"state":"open"}"#)
        };
        [
            read("http://127.0.0.1:3000/a", 0),
            read("http://127.0.0.1:3000/b", 10),
        ]
    };
    (1..=rounds).flat_map(round).collect()
}

/// What of this is kept as fixtures.
pub(crate) fn stories() -> Vec<(&'static str, Story)> {
    let count = |total: &str| {
        let body = format!(r#"{{"hits":{{"total":{total}}}}}"#);
        post(SEARCH, 4_000)
            .sends(r#"{"size":0}"#)
            .answers(200, &body)
    };
    let shape = story(
        and(looks(4, FOUND), [count("1")]),
        and(looks(2, FOUND), [count(r#"{"value":1}"#)]),
    );
    let shape = shape
        .says("AssertionError", "undefined !== 1")
        .compares("1", "undefined");
    vec![
        ("polled-then-another-shape", shape),
        ("message-that-never-came", lost_message(503, "")),
    ]
}

pub(crate) fn polls(rows: &Rows) {
    let refused = || get(RATES, 4_000).answers(503, "{}");
    let rates = || get(RATES, 4_000).answers(200, r#"{"rate":7}"#);
    let established = "dependency-error dependency established";

    // One look more or less, also of the service that looks for the test, says nothing.
    for (here, there) in [(1, 3), (3, 1), (2, 2), (9, 2)] {
        let here = and(looks(here, FOUND), [refused()]);
        let there = and(looks(there, FOUND), [rates()]);
        rows.check(&story(here, there), established);
    }
    // What the last look saw is what differs first.
    let other = r#"{"hits":{"total":1}}"#;
    let here = and(looks(3, other), [refused()]);
    let there = and(looks(1, FOUND), [rates()]);
    rows.check(&story(here, there), "dependency-error dependency likely");

    // Two reads in one loop, or beside each other.
    for (here, there) in [(2, 4), (4, 2)] {
        let here = and(two_reads(here), [refused()]);
        let there = and(two_reads(there), [rates()]);
        rows.check(&story(here, there), established);
    }
    // A read before and one after a write are two calls: the passing recording reads once more.
    let read = |start: i64| get("http://127.0.0.1:3000/a", start).answers(200, "{}");
    let write = |start: i64| call("PUT", "http://127.0.0.1:3000/a", start).answers(200, "{}");
    let here = vec![read(100), write(200), refused()];
    let there = vec![read(100), write(200), read(300), rates()];
    rows.check(&story(here, there), "dependency-error dependency likely");
}

/// A message that was answered so, and the looks for it that followed, of which the last saw this.
fn lost_message(status: i64, seen: &str) -> Story {
    let tell = |order: u32| {
        let text = format!(r#"{{"text":"order {order}"}}"#);
        post("http://127.0.0.1:7000/messages", 1_000).sends(&text)
    };
    let look = |start: i64, text: &str| {
        let body = format!(r#"{{"messages":[{text}]}}"#);
        post("http://127.0.0.1:7000/conversations.history", start).answers(200, &body)
    };
    let here = vec![
        tell(482_913).answers(status, "{}"),
        look(2_000, ""),
        look(2_500, ""),
        look(3_000, seen),
    ];
    let there = vec![
        tell(739_105).answers(200, "{}"),
        look(2_000, r#"{"text":"order 739105"}"#),
    ];
    story(here, there).says("Error", "the message did not appear within 3 looks")
}

pub(crate) fn what_never_arrived(rows: &Rows) {
    let established = "dependency-error dependency established";
    rows.check(&lost_message(503, ""), established);
    // Another message is not this one; and this one arrived in spite of the answer.
    let another = lost_message(503, r#"{"text":"order 555555"}"#);
    rows.check(&another, established);
    let arrived = lost_message(503, r#"{"text":"order 482913"}"#);
    rows.check(&arrived, "dependency-error dependency likely");
}

/// A service that was too busy to read an answer, and passed that on.
pub(crate) fn passed_on_by_a_busy_service(rows: &Rows) {
    let outer = || get("http://127.0.0.1:3000/functions", 1_000).takes(200);
    let inner = || get(RATES, 1_010).takes(100).inside(1);
    let cut = |active: i64| {
        inner()
            .fails("ETIMEDOUT", "timed out")
            .with(model::attribute::EVENT_LOOP_ACTIVE_MS, active)
    };
    let failed = |active: i64| {
        let here = vec![
            outer().answers(502, r#"{"error":"timed out"}"#),
            cut(active),
        ];
        let there = vec![
            outer().answers(200, "{}"),
            inner().takes(5).answers(200, "{}"),
        ];
        story(here, there).says("Error", "GET functions was answered 502: timed out")
    };
    rows.check(&failed(2), "dependency-slow dependency established");
    rows.check(&failed(95), "product product likely");
}

/// What is read after a write, and shows something else than the state before it.
pub(crate) fn what_is_no_race(rows: &Rows) {
    let capture = || {
        post(&format!("{CHARGES}/tea"), 500)
            .sends(r#"{"amount":30}"#)
            .answers(200, "{}")
    };
    let look = |body: &str| get(&format!("{CHARGES}/tea"), 1_000).answers(200, body);
    let there = r#"{"amount":30,"currency":"eur","paid":true,"status":"done"}"#;
    let story = |here: &str| {
        Story::of(vec![capture(), look(here)])
            .passing(vec![capture(), look(there)])
            .compares("30", "undefined")
    };
    // The state before has the same keys, or fewer.
    rows.check(&story("{}"), "race test likely");
    // Of another kind: an error, or something else that was asked for.
    let error = story(r#"{"data":[],"message":"upstream did not answer","status":"error"}"#);
    rows.check(&error, "dependency-error dependency likely");

    // The product had written something else.
    let add = || {
        post("http://127.0.0.1:3000/seats", 400)
            .sends("{}")
            .answers(200, "{}")
            .takes(400)
    };
    let inner = |seats: u32| {
        let body = format!(r#"{{"seats":{seats}}}"#);
        post("http://127.0.0.1:7000/plans/tea", 500)
            .sends(&body)
            .answers(200, "{}")
            .inside(1)
    };
    let plan = |seats: u32| {
        get("http://127.0.0.1:7000/plans/tea", 1_000)
            .answers(200, &format!(r#"{{"seats":{seats}}}"#))
    };
    let wrong = Story::of(vec![add(), inner(2), plan(2)])
        .passing(vec![add(), inner(4), plan(4)])
        .and_passing(vec![add(), inner(4), plan(4)])
        .compares("4", "2");
    rows.check(&wrong, "product product likely");
}

/// What is asked again and again, and is no poll: it was there from the first time.
pub(crate) fn what_is_no_poll(rows: &Rows) {
    // Asked several times there, and answered in another form here.
    let tariffs = |at: i64, body: &str| get(&format!("{CHARGES}/tariffs"), at).answers(200, body);
    let usual = r#"{"guest":2600,"member":1300}"#;
    let deeper = Story::of(vec![tariffs(100, &format!(r#"{{"tariffs":{usual}}}"#))])
        .passing(vec![
            tariffs(100, usual),
            tariffs(200, usual),
            tariffs(300, usual),
        ])
        .says(
            "TypeError",
            "Cannot read properties of undefined (reading 'guest')",
        );
    rows.check(&deeper, "contract-change dependency established");
    // The passing recording asks again whether it has changed: what it has is what it was given at first.
    let unchanged = |at: i64| get(&format!("{CHARGES}/tariffs"), at).answers(304, "");
    let deeper = Story::of(vec![tariffs(100, &format!(r#"{{"tariffs":{usual}}}"#))])
        .passing(vec![tariffs(100, usual), unchanged(200), unchanged(300)])
        .says(
            "TypeError",
            "Cannot read properties of undefined (reading 'guest')",
        );
    rows.check(&deeper, "contract-change dependency established");

    let failed = get(&format!("{CHARGES}/tariffs"), 200).answers(503, "{}");
    let same = Story::of(vec![tariffs(100, usual)])
        .passing(vec![tariffs(100, usual), failed, unchanged(300)])
        .says(
            "TypeError",
            "Cannot read properties of undefined (reading 'guest')",
        );
    rows.check(&same, "undetermined");
}

/// Names that the servers draw, of which one looks random and the other does not.
pub(crate) fn names_that_are_told_by_chance(rows: &Rows) {
    // Whether a random name looks random goes by chance: of two answers with as many of them each stands for another.
    let charge = |entry: &str, id: &str| {
        let body = format!(r#"{{"a_entry":"{entry}","id":"{id}"}}"#);
        [
            post(CHARGES, 500).sends("{}").answers(200, &body),
            get(&format!("{CHARGES}/last"), 900)
                .answers(200, &format!(r#"{{"a_entry":"{entry}","sum":1}}"#)),
            post(&format!("{CHARGES}/last/refunds"), 1_000).sends("{}"),
        ]
    };
    let [made, seen, refund] = charge("txn_foBLApxyDEVBzt", "ch_XGcff1nlZ7g7m8");
    let [made_there, seen_there, refund_there] = charge("txn_QORU1z5kuu1TBc", "ch_oRAPeJqzfDdv0j");
    let refused = refund.answers(401, r#"{"error":"Unauthorized"}"#);
    let rolled = Story::of(vec![made, seen, refused])
        .passing(vec![
            made_there,
            seen_there,
            refund_there.answers(200, "{}"),
        ])
        .says("AuthenticationError", "Unauthorized");
    rows.check(&rolled, "credentials dependency likely");
}
