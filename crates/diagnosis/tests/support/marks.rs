//! The rows of what somebody else changed, by the mark of the thing's last change or by what it says of itself; of things that
//! procedures in a path are about; and of what only looks like an old state.

use super::tables::Rows;
use super::{Call, Story, call, get, post};

const STORE: &str = "http://127.0.0.1:7000";
const SHOP: &str = "http://127.0.0.1:3000";

fn story(here: Vec<Call>, there: Vec<Call>) -> Story {
    Story::of(here).passing(there)
}

/// A hut that was changed and is read, with the mark of its last change.
fn hut(url: &str, beds: u32, changed: u32, read: u32, now: u32) -> Vec<Call> {
    let answer = |beds: u32, updated: u32| {
        format!(r#"{{"beds":{beds},"name":"Falken","updated":"2026-11-24 11:18:{updated}Z"}}"#)
    };
    vec![
        call("PATCH", url, 500)
            .sends(r#"{"name":"Falken"}"#)
            .answers(200, &answer(beds, changed)),
        get(url, 1_000).answers(200, &answer(now, read)),
    ]
}

pub(crate) fn marks_of_change(rows: &Rows) {
    let check = |url: &str, read: u32, expected: &str| {
        let here = hut(url, 22, 41, read, 40);
        let there = hut(url, 22, 17, 17, 22);
        let one = story(here, there.clone()).and_passing(there);
        rows.check(&one.compares("22", "40"), expected);
    };
    let store = format!("{STORE}/huts/7");
    check(&store, 43, "test-code test likely");
    // The same mark with another content is a wrong answer, and an older one is none of somebody else.
    check(&store, 41, "dependency-error dependency likely");
    check(&store, 39, "dependency-error dependency likely");
    // The product may change by itself what it keeps.
    check(&format!("{SHOP}/huts/7"), 43, "product product established");
}

pub(crate) fn what_says_that_it_was_deleted(rows: &Rows) {
    let url = format!("{STORE}/experiments/ledger");
    let look = |stage: &str, gone: bool| {
        let body = format!(r#"{{"deleted":{gone},"name":"ledger","stage":"{stage}"}}"#);
        get(&url, 1_000).answers(200, &body)
    };
    let gone = |stage: &str, flag: bool| {
        story(vec![look(stage, flag)], vec![look("active", false)]).compares("1", "0")
    };
    rows.check(&gone("deleted", false), "test-code test likely");
    rows.check(&gone("active", true), "test-code test likely");
    rows.check(&gone("halted", false), "contract-change dependency likely");
}

pub(crate) fn items_in_front(rows: &Rows) {
    let make = |name: &str, at: i64| {
        let body = format!(r#"{{"name":"{name}"}}"#);
        post(&format!("{STORE}/models"), at)
            .sends(&body)
            .answers(201, &body)
    };
    let page = |at: i64, number: u32, names: &[&str]| {
        let items: Vec<String> = names
            .iter()
            .map(|name| format!(r#"{{"name":"{name}"}}"#))
            .collect();
        let body = format!(r#"{{"models":[{}]}}"#, items.join(","));
        get(&format!("{STORE}/models?size=2&page={number}"), at).answers(200, &body)
    };
    let calls = |first: &[&str], second: &[&str]| {
        vec![
            make("roof", 100),
            make("wall", 200),
            make("yard", 300),
            page(1_000, 1, first),
            page(1_100, 2, second),
        ]
    };
    let there = || calls(&["roof", "wall"], &["yard"]);
    let left = story(calls(&["attic", "roof"], &["wall", "yard"]), there());
    rows.check(&left.compares("3", "4"), "test-code test likely");
    // What somebody had shown before is no news.
    let first = || get(&format!("{STORE}/first"), 400).answers(200, r#"{"name":"attic"}"#);
    let and = |mut calls: Vec<Call>| {
        calls.insert(3, first());
        calls
    };
    let known = story(
        and(calls(&["attic", "roof"], &["wall", "yard"])),
        and(there()),
    );
    rows.check(
        &known.compares("3", "4"),
        "dependency-error dependency likely",
    );
    // What was pushed away comes nowhere: a name is wrong.
    let wrong = story(calls(&["roof", "attic"], &["yard"]), there());
    rows.check(
        &wrong.compares("\"wall\"", "\"attic\""),
        "dependency-error dependency likely",
    );
}

/// The report is put right with the credential of its author, or with that of who may not.
pub(crate) fn credentials_of_others(rows: &Rows) {
    let report = format!("{STORE}/reports/9");
    let calls = |author: &str, other: &str, last: &str, status: i64| {
        let body = r#"{"level":"green"}"#;
        let change = |at: i64| call("PATCH", &report, at).sends(body);
        vec![
            post(&format!("{STORE}/reports"), 100)
                .sends(r#"{"text":"day one"}"#)
                .credential(author)
                .answers(200, "{}"),
            post(&format!("{STORE}/visits"), 300)
                .sends("{}")
                .credential(other)
                .answers(200, "{}"),
            change(1_000).credential(last).answers(status, "{}"),
        ]
    };
    let there = || calls("cccccccccccc", "dddddddddddd", "cccccccccccc", 200);
    let check = |last: &str, expected: &str| {
        let here = calls("aaaaaaaaaaaa", "bbbbbbbbbbbb", last, 400);
        rows.check(&story(here, there()), expected);
    };
    check("bbbbbbbbbbbb", "test-code test likely");
    check("aaaaaaaaaaaa", "dependency-error dependency likely");
    // One that nobody has presented is nobody else's.
    check("eeeeeeeeeeee", "dependency-error dependency likely");
    // The author has it, too, since.
    let read = |credential: &str| {
        get(&format!("{STORE}/reports"), 500)
            .credential(credential)
            .answers(200, "[]")
    };
    let and = |mut calls: Vec<Call>, one: Call| {
        calls.insert(2, one);
        calls
    };
    let here = calls("aaaaaaaaaaaa", "bbbbbbbbbbbb", "bbbbbbbbbbbb", 400);
    let renewed = story(
        and(here, read("bbbbbbbbbbbb")),
        and(there(), read("cccccccccccc")),
    );
    rows.check(&renewed, "dependency-error dependency likely");
}

fn api(what: &str) -> String {
    format!("{STORE}/api/{what}")
}

pub(crate) fn procedures_in_paths(rows: &Rows) {
    let create = || {
        post(&api("models/create"), 100)
            .sends(r#"{"name":"yield"}"#)
            .answers(200, r#"{"model":{"name":"yield"}}"#)
    };
    let read = || get(&api("models/get?name=yield"), 1_000);
    let found = read().answers(200, r#"{"model":{"name":"yield"}}"#);
    let missing = r#"{"error":"Model with name=yield not found"}"#;
    let early = |status: i64, body: &str| {
        story(
            vec![create(), read().answers(status, body)],
            vec![create(), found.clone()],
        )
    };
    rows.check(&early(404, missing), "race test likely");
    rows.check(&early(400, missing), "race test likely");
    rows.check(
        &early(400, r#"{"error":"no name was given"}"#),
        "dependency-error dependency likely",
    );

    // Renamed, and shown by its old name.
    let make = || {
        post(&api("experiments/create"), 100)
            .sends(r#"{"name":"park north"}"#)
            .answers(200, r#"{"experiment_id":"1"}"#)
    };
    let rename = || {
        post(&api("experiments/update"), 500)
            .sends(r#"{"experiment_id":"1","new_name":"park northwest"}"#)
            .answers(200, "{}")
    };
    let look = |id: u32, name: &str| {
        get(&api(&format!("experiments/get?experiment_id={id}")), 1_000).answers(
            200,
            &format!(r#"{{"experiment":{{"id":"{id}","name":"{name}"}}}}"#),
        )
    };
    let old = |id: u32| {
        story(
            vec![make(), rename(), look(id, "park north")],
            vec![make(), rename(), look(id, "park northwest")],
        )
        .compares("\"park northwest\"", "\"park north\"")
    };
    rows.check(&old(1), "race test likely");
}

/// What was deleted by its identifier, and is found all the same.
pub(crate) fn deletions_by_procedures(rows: &Rows) {
    let run = |id: &str, at: i64| {
        post(&api("runs/create"), at)
            .sends(r#"{"experiment":"7"}"#)
            .answers(200, &format!(r#"{{"run":{{"run_id":"{id}"}}}}"#))
    };
    let delete = |id: &str| {
        post(&api("runs/delete"), 500)
            .sends(&format!(r#"{{"run_id":"{id}"}}"#))
            .answers(200, "{}")
    };
    let search = |ids: &[&str]| {
        let items: Vec<String> = ids
            .iter()
            .map(|id| format!(r#"{{"run_id":"{id}"}}"#))
            .collect();
        let body = format!(r#"{{"runs":[{}]}}"#, items.join(","));
        post(&api("runs/search"), 1_000)
            .sends(r#"{"experiment":"7"}"#)
            .answers(200, &body)
    };
    let (one, other) = (
        "0f1b54b809db42f292115a9fba65ad26",
        "d4d9e56bba644fc5a03ecc27b266523c",
    );
    let (one_there, other_there) = (
        "4a72963cdcdd42a2bce5c861ffbb23c6",
        "7d0f56c396dc42ce9110f687b9d2f5c8",
    );
    let still = story(
        vec![
            run(one, 100),
            run(other, 200),
            delete(one),
            search(&[other, one]),
        ],
        vec![
            run(one_there, 100),
            run(other_there, 200),
            delete(one_there),
            search(&[other_there]),
        ],
    );
    rows.check(&still.compares("1", "2"), "race test likely");
}

/// What is shown after a write and had never been so before it.
pub(crate) fn what_it_never_was(rows: &Rows) {
    let url = format!("{STORE}/runs/7");
    let answer = |status: &str| format!(r#"{{"status":"{status}"}}"#);
    let calls = |seen: &str| {
        vec![
            get(&url, 100).answers(200, &answer("RUNNING")),
            call("PUT", &url, 500)
                .sends(&answer("FINISHED"))
                .answers(200, "{}"),
            get(&url, 1_000).answers(200, &answer(seen)),
        ]
    };
    let check = |seen: &str, expected: &str| {
        let one = story(calls(seen), calls("FINISHED"));
        rows.check(
            &one.compares("\"FINISHED\"", &format!("{seen:?}")),
            expected,
        );
    };
    check("RUNNING", "race test likely");
    check("COMPLETED", "contract-change dependency likely");
}

/// A look that does not find what is there.
pub(crate) fn what_was_not_taken_away(rows: &Rows) {
    let url = format!("{STORE}/bookings/31");
    let write = || {
        call("PUT", &url, 100)
            .sends(r#"{"night":"friday"}"#)
            .answers(200, "{}")
    };
    let seen = || get(&url, 300).answers(200, r#"{"night":"friday"}"#);
    let look = || get(&url, 1_000).answers(404, "{}");
    let patch = |at: i64| {
        call("PATCH", &url, at)
            .sends(r#"{"beds":2}"#)
            .answers(200, "{}")
    };
    let there = || {
        let shown = get(&url, 1_000).answers(200, r#"{"night":"friday"}"#);
        vec![write(), seen(), shown, patch(1_100)]
    };
    let gone = story(vec![write(), seen(), look()], there());
    rows.check(&gone, "test-code test likely");
    let there_after = story(vec![write(), seen(), look(), patch(1_100)], there());
    rows.check(&there_after, "race test likely");
}

/// Answers whose words stand at another place than most.
pub(crate) fn plain_words(rows: &Rows) {
    let account = || post(&format!("{STORE}/guests"), 1_000).sends(r#"{"email":"u@club.test"}"#);
    let refused = |body: &str| {
        story(
            vec![account().answers(400, body)],
            vec![account().answers(200, "{}")],
        )
    };
    let unique = r#"{"data":{"email":{"message":"Value must be unique."}},"message":"Failed."}"#;
    rows.check(&refused(unique), "test-code test likely");
    let short = r#"{"data":{"email":{"message":"Value is too short."}},"message":"Failed."}"#;
    rows.check(&refused(short), "dependency-error dependency likely");

    let file = || get(&format!("{STORE}/files/weights.bin"), 1_000);
    let binary = "application/octet-stream";
    let read = |body: &str| {
        story(
            vec![file().answers_as(200, binary, body)],
            vec![file().answers_as(200, binary, r#"{"base":2}"#)],
        )
    };
    let established = "dependency-error dependency established";
    rows.check(&read(r#"{"base":"#), established);

    let metric = || {
        post(&format!("{STORE}/metrics"), 1_000)
            .sends("{}")
            .credential("aaaaaaaaaaaa")
    };
    let denied = story(
        vec![metric().answers_as(403, "text/plain", "Permission denied")],
        vec![metric().answers(200, "{}")],
    );
    rows.check(&denied, "credentials dependency likely");

    let pool = r#"{"message":"QueuePool limit of size 5 overflow 10 reached"}"#;
    let exhausted = story(
        vec![metric().answers(500, pool)],
        vec![metric().answers(200, "{}")],
    );
    rows.check(&exhausted, established);
}

/// Marks that say nothing of somebody else.
pub(crate) fn marks_of_other_things(rows: &Rows) {
    let url = format!("{STORE}/huts/7");
    let check = |here: Vec<Call>, there: Vec<Call>, expected: &str| {
        let one = story(here, there.clone()).and_passing(there);
        rows.check(&one.compares("22", "40"), expected);
    };
    let wrong = "dependency-error dependency likely";
    // It goes on in the passing recording, too.
    check(hut(&url, 22, 41, 43, 40), hut(&url, 22, 17, 19, 22), wrong);
    // What is within it has a mark of its own.
    let notes = |updated: u32| {
        let body = format!(r#"{{"text":"path","updated":"2026-11-24 11:18:{updated}Z"}}"#);
        get(&format!("{url}/notes"), 700).answers(200, &body)
    };
    let and = |mut calls: Vec<Call>, one: Call| {
        calls.insert(1, one);
        calls
    };
    check(
        and(hut(&url, 22, 41, 41, 40), notes(40)),
        and(hut(&url, 22, 17, 17, 22), notes(17)),
        wrong,
    );
    // Nor is what a query names the same thing.
    let other = |updated: u32| {
        let body = format!(r#"{{"beds":9,"updated":"2026-11-24 11:18:{updated}Z"}}"#);
        get(&format!("{url}?of=north"), 700).answers(200, &body)
    };
    check(
        and(hut(&url, 22, 41, 41, 40), other(40)),
        and(hut(&url, 22, 17, 17, 22), other(17)),
        wrong,
    );
    // A write of this test was under way when it looked.
    let meanwhile = |updated: u32| {
        let body = format!(r#"{{"beds":22,"updated":"2026-11-24 11:18:{updated}Z"}}"#);
        call("PATCH", &url, 900)
            .sends(r#"{"open":true}"#)
            .takes(2_000)
            .answers(200, &body)
    };
    check(
        and(hut(&url, 22, 41, 43, 40), meanwhile(42)),
        and(hut(&url, 22, 17, 17, 22), meanwhile(17)),
        wrong,
    );
}

/// What says that it was deleted, by this test or of the product.
pub(crate) fn what_is_deleted_and_should_be(rows: &Rows) {
    let look = |url: &str, stage: &str| {
        let body = format!(r#"{{"name":"ledger","stage":"{stage}"}}"#);
        get(url, 1_000).answers(200, &body)
    };
    let url = format!("{STORE}/experiments/ledger");
    let delete = || call("DELETE", &url, 500).answers(204, "");
    let own = story(
        vec![delete(), look(&url, "deleted")],
        vec![delete(), look(&url, "purging")],
    );
    rows.check(
        &own.compares("\"purging\"", "\"deleted\""),
        "contract-change dependency likely",
    );
    let url = format!("{SHOP}/experiments/ledger");
    let product = story(vec![look(&url, "deleted")], vec![look(&url, "active")]);
    rows.check(
        &product.compares("\"active\"", "\"deleted\""),
        "product product established",
    );
}

/// Looks again and again that a service makes, or the test, beside a write.
pub(crate) fn looks_beside_a_write(rows: &Rows) {
    let url = format!("{STORE}/runs/7");
    let answer = |step: u32| format!(r#"{{"step":{step}}}"#);
    let look = |at: i64, step: u32| get(&url, at).answers(200, &answer(step));
    let write = |at: i64| {
        call("PATCH", &url, at)
            .sends(r#"{"step":3}"#)
            .takes(60)
            .answers(200, "{}")
    };
    let here = vec![look(100, 1), write(450), look(500, 1)];
    let there = vec![
        look(100, 1),
        write(150),
        look(200, 1),
        look(300, 1),
        look(400, 3),
    ];
    let one = story(here, there).compares("3", "1");
    rows.check(&one, "race test established");

    // The service asks its store for each look, and refuses the last one by itself.
    let outer = |at: i64| {
        get(&format!("{SHOP}/versions/1"), at)
            .takes(50)
            .credential("aaaaaaaaaaaa")
    };
    let inner = |at: i64, outer: u64, status: &str| {
        get(&url, at)
            .inside(outer)
            .answers(200, &format!(r#"{{"status":"{status}"}}"#))
    };
    let waiting = r#"{"status":"waiting"}"#;
    let set = || {
        post(&url, 50)
            .sends(r#"{"status":"ready"}"#)
            .answers(200, "{}")
    };
    let here = vec![
        set(),
        outer(100).answers(200, waiting),
        inner(110, 2, "waiting"),
        outer(300).answers(401, r#"{"error":"this pass has expired"}"#),
    ];
    let there = vec![
        set(),
        outer(100).answers(200, waiting),
        inner(110, 2, "waiting"),
        outer(300).answers(200, r#"{"status":"ready"}"#),
        inner(310, 4, "ready"),
    ];
    let one = story(here, there).says("Error", "401 this pass has expired");
    rows.check(&one, "credentials product established");
}

/// The same words and names at places where they say something else.
pub(crate) fn words_that_are_known(rows: &Rows) {
    let wrong = "dependency-error dependency likely";
    let url = format!("{STORE}/runs/7");
    let status = |word: &str| format!(r#"{{"status":"{word}"}}"#);
    let calls = |seen: &str| {
        vec![
            get(&format!("{STORE}/runs/6"), 50).answers(200, &status("HALTED")),
            get(&url, 100).answers(200, &status("RUNNING")),
            call("PUT", &url, 500)
                .sends(&status("FINISHED"))
                .answers(200, "{}"),
            get(&url, 1_000).answers(200, &status(seen)),
        ]
    };
    let one = story(calls("HALTED"), calls("FINISHED"));
    rows.check(&one.compares("\"FINISHED\"", "\"HALTED\""), wrong);

    // A retry meets what its first try had made; somebody else's is in the way at once.
    let make = |at: i64| post(&format!("{STORE}/models"), at).sends(r#"{"name":"yield"}"#);
    let exists = r#"{"message":"Model (name=yield) already exists"}"#;
    let retried = story(
        vec![
            make(500).answers(503, "no healthy upstream"),
            make(600).answers(400, exists),
        ],
        vec![make(500).answers(200, "{}")],
    );
    rows.check(
        &retried.says("Error", "Model (name=yield) already exists"),
        wrong,
    );

    // Several values one after the other are no broken JSON.
    let file = |body: &str| {
        get(&format!("{STORE}/files/log.bin"), 1_000).answers_as(
            200,
            "application/octet-stream",
            body,
        )
    };
    let longer = story(
        vec![file("{\"a\":1}\n{\"a\":2}\n")],
        vec![file("{\"a\":1}\n")],
    );
    rows.check(&longer, "undetermined");

    // A pool of the product, or of the test itself.
    let pool = r#"{"message":"QueuePool limit of size 5 overflow 10 reached"}"#;
    let charge = || post(&format!("{SHOP}/orders"), 1_000).sends("{}");
    let fine = || charge().answers(200, "{}");
    let product = story(vec![charge().answers(500, pool)], vec![fine()]);
    rows.check(&product, "environment environment established");
    let store = || post(&format!("{STORE}/charges"), 1_000).sends("{}");
    let own = story(
        vec![store().fails(
            "TimeoutError",
            "QueuePool limit of size 5 overflow 10 reached",
        )],
        vec![store().answers(200, "{}")],
    );
    rows.check(&own, "environment environment likely");
}

/// What was seen before it was gone, and what a 304 repeats.
pub(crate) fn answers_before(rows: &Rows) {
    let url = format!("{STORE}/bookings/31");
    let night = r#"{"night":"friday"}"#;
    let calls = |last: Call| {
        vec![
            call("PUT", &url, 100).sends(night).answers(200, "{}"),
            get(&url, 300).answers(200, night),
            post(&format!("{STORE}/visits"), 500).answers(200, "{}"),
            last,
        ]
    };
    let look = || get(&url, 1_000);
    let gone = story(
        calls(look().answers(404, "{}")),
        calls(look().answers(200, night)),
    );
    rows.check(&gone, "test-code test likely");

    let tariffs = |at: i64| get(&format!("{STORE}/tariffs"), at);
    let price = |cents: u32| format!(r#"{{"cents":{cents}}}"#);
    let asked = |cents: u32| {
        vec![
            tariffs(100).answers(200, &price(cents)),
            tariffs(200).answers(304, ""),
        ]
    };
    let other = story(asked(2_800), asked(2_600)).and_passing(asked(2_600));
    rows.check(
        &other.compares("2600", "2800"),
        "dependency-error dependency likely",
    );
}

/// A store lacks what the test, which left it out, had asked the product to put there.
pub(crate) fn what_was_left_out(rows: &Rows) {
    let keep = |start: i64, id: &str, item: &str| {
        let body = format!(r#"{{"item":"{item}"}}"#);
        post(&format!("{STORE}/stock"), start)
            .sends(&body)
            .answers(200, &format!(r#"{{"id":"{id}","item":"{item}"}}"#))
    };
    let (lentils, onions) = ("0f1b54b809db42f292115a9f", "d4d9e56bba644fc5a03ecc27");
    let cook = |status: i64| {
        post(&format!("{SHOP}/meals"), 1_000)
            .takes(100)
            .answers(status, r#"{"error":"there is no onions"}"#)
    };
    let look = |outer: u64, items: &str| {
        get(&format!("{STORE}/stock"), 1_020)
            .inside(outer)
            .answers(200, &format!("[{items}]"))
    };
    let item = |id: &str, item: &str| format!(r#"{{"id":"{id}","item":"{item}"}}"#);
    let both = format!("{},{}", item(lentils, "lentils"), item(onions, "onions"));
    let there = vec![
        keep(100, lentils, "lentils"),
        keep(300, onions, "onions"),
        cook(200),
        look(3, &both),
    ];
    let here = vec![
        keep(100, lentils, "lentils"),
        cook(422),
        look(2, &item(lentils, "lentils")),
    ];
    let one = story(here, there).says("Error", "422 there is no onions");
    rows.check(&one, "test-code test likely");
}
