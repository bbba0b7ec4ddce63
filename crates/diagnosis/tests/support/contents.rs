//! The rows of the rules about what an answer says: races, stale reads, shared state, the product, the test's
//! own requests, and the machine. They stand in `docs/concepts/causes.md` too.

#![expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]

use super::tables::{PAYMENTS, Rows};
use super::{Call, Story, call, get, post};

const ORDERS: &str = "http://127.0.0.1:3000/orders";
const ORDER: &str = "http://127.0.0.1:3000/orders/lamp";
pub(super) const RATES: &str = "http://127.0.0.1:7000/rates";
const HERE: &str = "5f2b8c1e-9d3a-4c6b-8e7f-001122334455";
const THERE: &str = "a81bc81b-dead-4e5d-abff-90865d1e13b1";
const STRANGE: &str = "0e984725-c51c-4bf4-9960-e1c80e27aba0";

fn put(body: &str, start: i64) -> Call {
    call("PUT", ORDER, start).sends(body).answers(200, body)
}

pub(super) fn read(body: &str, start: i64) -> Call {
    get(ORDER, start).answers(200, body)
}

fn not_there(start: i64) -> Call {
    get(ORDER, start).answers(404, r#"{"error":"not found"}"#)
}

pub(super) const OPEN: &str = r#"{"state":"open"}"#;
const PAID: &str = r#"{"state":"paid"}"#;

/// A write that was acknowledged, and a read that shows what was there before, soon after; the passing recording waits
/// longer and sees the write.
fn too_soon(shown: Call) -> Story {
    Story::of(vec![put(PAID, 1_000), shown])
        .passing(vec![put(PAID, 1_000), read(PAID, 2_000)])
        .compares(r#""paid""#, r#""open""#)
}

/// An order that is created under an identifier, and the list of all.
fn created(id: &str, listed: &[&str], at: i64) -> Vec<Call> {
    let made = format!(r#"{{"id":"{id}"}}"#);
    let items: Vec<String> = listed
        .iter()
        .map(|id| format!(r#"{{"id":"{id}"}}"#))
        .collect();
    vec![
        post(ORDERS, 1_000).sends("{}").answers(201, &made),
        get(ORDERS, at).answers(200, &format!("[{}]", items.join(","))),
    ]
}

/// What of this is kept as fixtures.
pub(crate) fn stories() -> Vec<(&'static str, Story)> {
    let cached = too_soon(read(OPEN, 1_100).header("x-cache", "HIT"));
    let reset = Story::of(created(HERE, &[], 2_000))
        .passing(created(THERE, &[THERE], 2_000))
        .compares("1", "0")
        .touched("POST", "/admin/reset", 1_500, &[]);
    let rates = |body: &str| get(RATES, 1_000).answers(200, body);
    let renamed = Story::of(vec![rates(r#"{"cost":12}"#)])
        .passing(vec![rates(r#"{"price":12}"#)])
        .says(
            "TypeError",
            "Cannot read properties of undefined (reading 'price')",
        );
    let count = |n: u32| get(ORDERS, 1_000).answers(200, &format!(r#"{{"count":{n}}}"#));
    let counted = Story::of(vec![count(3)])
        .passing(vec![count(2)])
        .and_passing(vec![count(2)])
        .compares("2", "3");
    let asks = |body: &str| post(ORDERS, 1_000).sends(body).answers(201, body);
    let typo = Story::of(vec![asks(r#"{"state":"opne"}"#)])
        .passing(vec![asks(OPEN)])
        .compares(r#""open""#, r#""opne""#);
    let full = post(ORDERS, 1_000)
        .sends("{}")
        .answers(500, r#"{"error":"ENOSPC: no space left on device"}"#);
    let full = Story::of(vec![full])
        .passing(vec![post(ORDERS, 1_000).sends("{}").answers(201, "{}")])
        .says("Error", "Request failed with status code 500");
    vec![
        ("looked-too-soon", too_soon(read(OPEN, 1_100))),
        ("cached-before-the-write", cached),
        ("reset-by-another-test", reset),
        ("renamed-key", renamed),
        ("another-count", counted),
        ("misspelt-request", typo),
        ("disk-full", full),
    ]
}

pub(crate) fn race(rows: &Rows) {
    let established = "race test established";
    let likely = "race test likely";
    // Not there yet, an old value, a list without it, still there.
    rows.check(
        &too_soon(not_there(1_100)).compares("200", "404"),
        established,
    );
    rows.check(&too_soon(read(OPEN, 1_100)), established);
    let list = Story::of(created(HERE, &[], 1_100)).passing(created(THERE, &[THERE], 2_000));
    rows.check(&list.clone().compares("1", "0"), established);
    let delete = || call("DELETE", ORDER, 1_000).answers(204, "");
    let still = Story::of(vec![delete(), read(OPEN, 1_100)])
        .passing(vec![delete(), not_there(2_000)])
        .compares("404", "200");
    rows.check(&still, established);
    // The passing recording waited no longer: the product contradicts itself.
    let no_longer = Story::of(vec![put(PAID, 1_000), read(OPEN, 2_000)])
        .passing(vec![put(PAID, 1_000), read(PAID, 2_000)])
        .compares(r#""paid""#, r#""open""#);
    rows.check(&no_longer, "product product likely");
    // Nothing to compare with.
    let alone = Story::of(vec![put(PAID, 1_000), not_there(1_100)])
        .says("AssertionError", "expected 404 to equal 200");
    rows.check(&alone, likely);
    // A cache gave it.
    let cached = too_soon(read(OPEN, 1_100).header("x-cache", "HIT"));
    rows.check(&cached, "stale-read product established");
    // Another test was at it.
    let touched = too_soon(not_there(1_100)).compares("200", "404");
    let touched = touched.touched("DELETE", "/orders/lamp", 1_050, &[]);
    rows.check(&touched, "test-code test established");
    // What another test adds beside it is nothing to it.
    let beside = too_soon(not_there(1_100)).compares("200", "404");
    rows.check(
        &beside.touched("POST", "/orders", 1_050, &[STRANGE]),
        established,
    );
    // It had been seen, and then it was gone.
    let seen = Story::of(vec![put(PAID, 1_000), read(PAID, 1_500), not_there(2_000)])
        .passing(vec![put(PAID, 1_000), read(PAID, 1_500), read(PAID, 2_000)])
        .compares("200", "404");
    rows.check(&seen, "test-code test likely");
    // The acknowledgement lacks it, too.
    let lost = Story::of(vec![
        call("PUT", ORDER, 1_000).sends(PAID).answers(200, OPEN),
        read(OPEN, 1_100),
    ])
    .passing(vec![put(PAID, 1_000), read(PAID, 2_000)])
    .compares(r#""paid""#, r#""open""#);
    rows.check(&lost, "product product established");
    // It fails whenever it runs on this commit.
    rows.check(
        &too_soon(read(OPEN, 1_100)).failed_here(3),
        "product product established",
    );
    // What the read lacks is written later.
    let late = |at: i64| post(ORDERS, at).sends("{}").answers(201, "{}");
    let before = |at: i64| get(ORDERS, at).answers(200, "[]");
    let found = |at: i64| get(ORDERS, at).answers(200, r#"[{"state":"open"}]"#);
    let job = || post(RATES, 100).sends("{}").answers(202, "{}");
    let swapped = Story::of(vec![job(), before(1_000), late(1_500).inside(1)])
        .passing(vec![job(), late(500).inside(1), found(1_000)])
        .compares("1", "0");
    rows.check(&swapped, established);
    // It is the test's own write, for which it did not wait.
    let hasty = Story::of(vec![before(1_000), late(1_500)])
        .passing(vec![late(500), found(1_000)])
        .compares("1", "0");
    rows.check(&hasty, "test-code test established");
    // A later look shows that it arrived, or something else.
    let later = |seen: &str| {
        let look = |body: &str, at: i64| get(RATES, at).answers(200, body);
        let write = call("PUT", RATES, 1_000).sends(PAID).answers(200, PAID);
        let between = || post(ORDERS, 2_500).sends("{}").answers(201, "{}");
        let here = vec![
            write.clone(),
            look(OPEN, 2_000),
            between(),
            look(seen, 3_000),
        ];
        Story::of(here)
            .passing(vec![write, look(PAID, 2_000), between(), look(PAID, 3_000)])
            .compares(r#""paid""#, r#""open""#)
    };
    rows.check(&later(PAID), established);
    rows.check(&later(r#"{"state":"lost"}"#), likely);
    // A poll that gave up.
    let polls = |count: i64, last: &str| -> Vec<Call> {
        let look = |n: i64| {
            let body = if n + 1 == count { last } else { "[]" };
            get(ORDERS, 1_000 + n * 400).answers(200, body)
        };
        (0..count).map(look).collect()
    };
    let gave_up = Story::of(polls(4, "[]"))
        .passing(polls(7, r#"[{"state":"open"}]"#))
        .says("Error", "the order did not appear");
    rows.check(&gave_up, established);
    // What was to arrive had been refused.
    let tell = |status: i64| post(ORDERS, 500).sends("{}").answers(status, "{}");
    let mut refused = vec![tell(401)];
    refused.extend(polls(4, "[]"));
    let mut told = vec![tell(201)];
    told.extend(polls(7, r#"[{"state":"open"}]"#));
    let refused = Story::of(refused)
        .passing(told)
        .says("Error", "the order did not appear");
    rows.check(&refused, "credentials product established");
    let mut down = polls(4, "[]");
    down.push(get(ORDERS, 3_000).answers(503, "{}"));
    let down = Story::of(down)
        .passing(polls(7, r#"[{"state":"open"}]"#))
        .says("Error", "Request failed with status code 503");
    rows.check(&down, "product product established");
    // Nothing was written.
    let unwritten = Story::of(vec![read(OPEN, 1_100)])
        .passing(vec![read(PAID, 1_100)])
        .compares(r#""paid""#, r#""open""#);
    rows.check(&unwritten, "product product established");
}

pub(crate) fn stale_read(rows: &Rows) {
    let old = || too_soon(read(OPEN, 1_100));
    let by = |name: &str, value: &str| {
        let mut story = old();
        story.calls[1] = story.calls[1].clone().header(name, value);
        story
    };
    rows.check(&by("age", "12"), "stale-read product established");
    rows.check(
        &by("cf-cache-status", "HIT"),
        "stale-read product established",
    );
    rows.check(&by("age", "0"), "race test established");
    let rates = |body: &str| get(RATES, 1_000).answers(200, body);
    let unwritten = Story::of(vec![rates(OPEN).header("x-cache", "HIT")])
        .passing(vec![rates(PAID)])
        .compares(r#""paid""#, r#""open""#);
    rows.check(&unwritten, "stale-read test likely");
}

pub(crate) fn shared_state(rows: &Rows) {
    let established = "test-code test established";
    let likely = "test-code test likely";
    let list = |listed: &[&str]| {
        Story::of(created(HERE, listed, 2_000))
            .passing(created(THERE, &[THERE], 2_000))
            .compares("1", "2")
    };
    // Items that another test made, or nobody knows who.
    let of_another = list(&[HERE, STRANGE]).touched("POST", "/orders", 500, &[STRANGE]);
    rows.check(&of_another, established);
    rows.check(&list(&[HERE, STRANGE]), likely);
    // One whose name was drawn, beside that which this recording had named.
    let tables = |names: &[&str]| {
        let named = |name: &&str| format!(r#"{{"TableName":"{name}"}}"#);
        let all: Vec<String> = names.iter().map(named).collect();
        let body = format!(r#"{{"value":[{}]}}"#, all.join(","));
        let made = post(PAYMENTS, 500).sends(&named(&names[0]));
        vec![
            made.answers(201, ""),
            get(PAYMENTS, 900).answers(200, &body),
        ]
    };
    let drawn = Story::of(tables(&["stockb218e821", STRANGE])).passing(tables(&["stockdf620fb6"]));
    rows.check(&drawn.compares("1", "2"), likely);
    // Appended to twice, and then it is not there.
    let again = |method: &str, last: i64| {
        let one = |at: i64, status: i64| call(method, PAYMENTS, at).answers(status, "");
        vec![one(500, 201), one(1_000, 201), one(1_500, last)]
    };
    let gone = |method: &str| {
        let story = Story::of(again(method, 404)).passing(again(method, 201));
        story.says("Error", "Request failed with status code 404")
    };
    rows.check(&gone("PUT"), likely);
    // What a POST makes is in what it names.
    rows.check(&gone("POST"), "dependency-error dependency likely");
    // Everything was reset in between.
    let reset = Story::of(created(HERE, &[], 2_000))
        .passing(created(THERE, &[THERE], 2_000))
        .compares("1", "0")
        .touched("POST", "/admin/reset", 1_500, &[]);
    rows.check(&reset, established);
    // … before it had written: that explains nothing.
    let earlier = Story::of(created(HERE, &[], 2_000))
        .passing(created(THERE, &[THERE], 2_000))
        .compares("1", "0")
        .touched("POST", "/admin/reset", 500, &[]);
    rows.check(&earlier, "product product likely");
    // Something is in its way.
    let conflict = Story::of(vec![
        post(ORDERS, 1_000)
            .sends("{}")
            .answers(409, r#"{"error":"exists"}"#),
    ])
    .passing(vec![post(ORDERS, 1_000).sends("{}").answers(201, "{}")])
    .says("Error", "Request failed with status code 409");
    rows.check(&conflict, likely);
    rows.check(&conflict.touched("POST", "/orders", 500, &[]), established);
}

pub(crate) fn product(rows: &Rows) {
    let order = |status: i64| get(ORDERS, 1_000).answers(status, "{}");
    let story = |here: Call, there: Call| Story::of(vec![here]).passing(vec![there]);
    rows.check(
        &story(order(403), order(200)).says("Error", "Request failed with status code 403"),
        "product product established",
    );
    rows.check(
        &story(order(500), order(200)).says("Error", "Request failed with status code 500"),
        "product product established",
    );
    let rates = |status: i64| get(RATES, 1_000).answers(status, "{}");
    rows.check(
        &story(rates(403), rates(200)).says("Error", "Request failed with status code 403"),
        "dependency-error dependency likely",
    );
    // An answer in place of a refusal.
    rows.check(
        &story(order(200), order(401)).compares("401", "200"),
        "product product established",
    );
    // The same items in another order, which all passing recordings agree on.
    let names = |body: &str| get(ORDERS, 1_000).answers(200, body);
    let sorted = story(names(r#"["b","a"]"#), names(r#"["a","b"]"#))
        .and_passing(vec![names(r#"["a","b"]"#)])
        .compares("true", "false");
    rows.check(&sorted, "product product likely");
    // A calendar, line by line.
    let calendar = |day: &str| {
        let body = format!("BEGIN:VEVENT\r\nSUMMARY:lunch\r\nDTSTART:{day}\r\nEND:VEVENT\r\n");
        get(ORDERS, 1_000).answers_as(200, "text/calendar", &body)
    };
    let moved = story(calendar("noon"), calendar("tomorrow")).compares("tomorrow", "noon");
    rows.check(&moved, "product product established");
    // A number that may be another one in each run, and one that is not.
    let count = |n: u32| get(ORDERS, 1_000).answers(200, &format!(r#"{{"count":{n}}}"#));
    let counted = story(count(3), count(2)).compares("2", "3");
    rows.check(&counted, "product product likely");
    let stable = counted.clone().and_passing(vec![count(2)]);
    rows.check(&stable, "product product established");
    let varies = counted.and_passing(vec![count(7)]);
    rows.check(&varies, "test-code test likely");
    // A server of unknown role: both readings.
    let stranger = |state: &str| {
        let body = format!(r#"{{"state":"{state}"}}"#);
        get("http://127.0.0.1:4000/things", 1_000).answers(200, &body)
    };
    rows.check(
        &story(stranger("open"), stranger("paid")).compares(r#""paid""#, r#""open""#),
        "product unknown likely",
    );
    // Items that the query leaves out: the filter is not heeded. More of those that it asks for may be left over.
    let filtered = |query: &str, states: &[&str]| {
        let items: Vec<String> = states
            .iter()
            .enumerate()
            .map(|(at, state)| format!(r#"{{"name":"order-{at}","state":"{state}"}}"#))
            .collect();
        get(&format!("{ORDERS}?{query}"), 1_000).answers(200, &format!("[{}]", items.join(",")))
    };
    let one = |query: &str, here: &[&str], there: &[&str]| {
        story(filtered(query, here), filtered(query, there))
            .and_passing(vec![filtered(query, there)])
            .compares("1", "2")
    };
    for query in ["state=open", "filter%5Bstate%5D=open"] {
        let unheeded = one(query, &["open", "paid"], &["open"]);
        rows.check(&unheeded, "product product likely");
        let more = one(query, &["open", "open"], &["open"]);
        rows.check(&more, "test-code test likely");
    }
    let no_filter = one("state=all", &["open", "paid"], &["open"]);
    rows.check(&no_filter, "test-code test likely");

    // The product asks somebody for something else.
    let asked = |currency: &str| {
        vec![
            get(ORDERS, 1_000).takes(100).answers(500, "{}"),
            get(&format!("{RATES}?currency={currency}"), 1_010)
                .inside(1)
                .answers(200, "{}"),
        ]
    };
    let mut there = asked("eur");
    there[0] = get(ORDERS, 1_000).takes(100).answers(200, "{}");
    let asks = Story::of(asked("usd"))
        .passing(there.clone())
        .and_passing(there);
    rows.check(
        &asks.says("Error", "Request failed with status code 500"),
        "product product established",
    );
}

pub(crate) fn test_code(rows: &Rows) {
    let order = |body: &str| post(ORDERS, 1_000).sends(body).answers(201, body);
    let list = |body: &str| get(ORDERS, 2_000).answers(200, body);
    let wrong = Story::of(vec![
        order(r#"{"state":"opne"}"#),
        list(r#"[{"state":"opne"}]"#),
    ])
    .passing(vec![order(OPEN), list(r#"[{"state":"open"}]"#)])
    .compares(r#""open""#, r#""opne""#);
    rows.check(&wrong, "test-code test established");
    // A number that varies among passing recordings is none.
    let priced = |price: u32| order(&format!(r#"{{"price":{price}}}"#));
    let varies = Story::of(vec![priced(1)])
        .passing(vec![priced(2)])
        .and_passing(vec![priced(3)])
        .says("Error", "no");
    rows.check(&varies, "undetermined");
    // A call that was left out.
    let left_out = Story::of(vec![list("[]")])
        .passing(vec![order(OPEN), list(r#"[{"state":"open"}]"#)])
        .compares("1", "0");
    rows.check(&left_out, "test-code test likely");
    // A look too many changes nothing that is read later.
    let looked = Story::of(vec![get(RATES, 500).answers(200, "{}"), list("[]")])
        .passing(vec![list(r#"[{"state":"open"}]"#)])
        .compares("1", "0");
    rows.check(&looked, "product product likely");
    // A value that was not set.
    let unset = Story::of(vec![
        get("http://127.0.0.1:3000/orders/undefined", 1_000).answers(404, "{}"),
    ])
    .says("Error", "Request failed with status code 404");
    rows.check(&unset, "test-code test likely");
    // Nothing differs.
    let same = || vec![order(OPEN), list(r#"[{"state":"open"}]"#)];
    let expectation = Story::of(same())
        .passing(same())
        .compares(r#""opne""#, r#""open""#);
    rows.check(&expectation, "test-code test established");
    let other = Story::of(same()).passing(same()).compares("7", "11");
    rows.check(&other, "test-code test likely");
    let thrown = Story::of(same()).passing(same()).says("Error", "no");
    rows.check(&thrown, "undetermined");
    let out_of_time = Story::of(same()).passing(same()).limit(4_000);
    rows.check(&out_of_time, "undetermined");
}

/// Tests that rely on each other: another one makes the order before this one reads it, in every run.
pub(crate) fn in_order(rows: &Rows) {
    let story = || {
        Story::of(vec![not_there(1_000)])
            .passing(vec![read(OPEN, 1_000)])
            .compares("200", "404")
    };
    let makes = |story: Story| story.touched_by("makes", "PUT", "/orders/lamp", -500, &[]);
    let made = |story: Story| story.touched_there_by("makes", "PUT", "/orders/lamp", -500, &[]);
    let product = "product product likely";
    rows.check(&made(makes(story())), product);
    // The other test did not run, or did not do it.
    rows.check(&made(story()), "test-code test likely");
    // Somebody new took it away before this test began, among others who are there in every run.
    let taken = made(makes(story())).touched_by("cleans", "DELETE", "/orders/lamp", -100, &[]);
    rows.check(&taken, "test-code test established");
    let usual = taken
        .clone()
        .touched_there_by("cleans", "DELETE", "/orders/lamp", -700, &[]);
    rows.check(&usual, product);
    // Where as many writes are known as are kept there may have been others: whoever cleans may be usual, too.
    let beside = (0..model::TOUCH_LIMIT).fold(taken, |story, _| {
        story.touched_there_by("others", "POST", "/rates", -900, &[])
    });
    rows.check(&beside, "test-code test likely");
}

/// What a request says beside its path and its body.
pub(crate) fn headers(rows: &Rows) {
    let asks = |name: &str| {
        let asked = post(ORDERS, 1_000).sends("{}");
        asked
            .request_header("content-type", "application/json")
            .request_header(name, "on")
    };
    let failed = |story: Story| story.says("Error", "Request failed with status code 403");
    let story = |name: &str, there: &str| {
        failed(
            Story::of(vec![asks(name).answers(403, "{}")])
                .passing(vec![asks(there).answers(200, "{}")]),
        )
    };
    rows.check(&story("x-gaet", "x-gate"), "test-code test established");
    // What tracing adds is nothing to anybody.
    rows.check(
        &story("x-datadog-trace", "x-b3-traceid"),
        "product product established",
    );
    let typed = |kind: &str| get(ORDERS, 1_000).answers_as(200, kind, "x");
    let other = Story::of(vec![typed("text/plain")]).passing(vec![typed("image/png")]);
    rows.check(
        &other.compares(r#""image/png""#, r#""text/plain""#),
        "product product likely",
    );
}
