//! The rows of what particular servers and clients do: methods that stand in bodies, names that look like words, objects
//! that are lists of things, looks of a poll, refusals that a test wants, and what a service says of those behind it.

use super::tables::{PAYMENTS, Rows, SHOP};
use super::{Call, Story, call, get, post};

fn beside(here: Vec<Call>, there: Vec<Call>) -> Story {
    Story::of(here).passing(there)
}

/// What everything is sent as `POST` for is known by its body or a header.
pub(crate) fn methods_in_bodies(rows: &Rows) {
    let url = format!("{PAYMENTS}/classes/Order");
    let made = |id: &str| {
        let answer = format!(r#"{{"objectId":"{id}"}}"#);
        post(&url, 100)
            .sends(r#"{"total":5}"#)
            .answers(201, &answer)
    };
    let ways: [fn(Call) -> Call; 2] = [
        |asks| asks.sends(r#"{"where":{},"_method":"GET"}"#),
        |asks| asks.request_header("x-http-method-override", "GET"),
    ];
    for way in ways {
        let asked = |body: &str| way(post(&url, 500)).answers(200, body);
        let one = r#"{"results":[{"objectId":"VbDqpgFXVs","total":5}]}"#;
        let here = vec![made("SeNmxL963c"), asked(r#"{"results":[]}"#)];
        let late = beside(here, vec![made("VbDqpgFXVs"), asked(one)]);
        rows.check(&late.compares("1", "0"), "race test likely");
    }
}

/// What a server has named by chance differs in each recording.
pub(crate) fn given_names(rows: &Rows) {
    let story = |here: &str, there: &str, status: i64| {
        let calls = |id: &str, status: i64| {
            let body = format!(r#"{{"objectId":"{id}","access":{{"{id}":{{"read":true}}}}}}"#);
            let read = get(&format!("{PAYMENTS}/{id}"), 900);
            vec![
                post(PAYMENTS, 100)
                    .sends(r#"{"amount":5}"#)
                    .answers(201, &body),
                read.answers(status, &body),
            ]
        };
        let failed = beside(calls(here, status), calls(there, 200));
        failed.says("Error", "Request failed with status code 500")
    };
    let error = "dependency-error dependency established";
    rows.check(&story("AmEINEDRDE", "bWrWiRTSBC", 500), error);
    rows.check(&story("SeNmxL963c", "VbDqpgFXVs", 500), error);
    // In the alphabet of URLs; and where what looks random begins like a word by chance.
    let ids = [
        "FkVqqfaNzcpQ6qWDqcG3TRsDkNVns-vZR6WPT6rrD44",
        "lihu_aNzcpQ6qWDqcG3TRsDkNVns-vZR6WPT6rrD4x",
    ];
    rows.check(&story(ids[0], ids[1], 500), error);
    rows.check(&story(ids[1], ids[0], 500), error);
}

/// Objects whose keys name things are lists of these.
pub(crate) fn objects_of_things(rows: &Rows) {
    let members = |body: &str| vec![get(&format!("{PAYMENTS}/members"), 500).answers(200, body)];
    let both = r#"{"joined":{"@ada:example.org":{"n":1},"@grey:example.org":{"n":2}}}"#;
    let one = r#"{"joined":{"@ada:example.org":{"n":1}}}"#;
    let still = beside(members(both), members(one)).compares("1", "2");
    rows.check(&still, "dependency-error dependency likely");
    let fields = |body: &str| vec![get(&format!("{PAYMENTS}/members"), 500).answers(200, body)];
    let changed = beside(
        fields(r#"{"names":{"sum":1}}"#),
        fields(r#"{"names":{"sum":1,"of":2}}"#),
    );
    rows.check(
        &changed.says("KeyError", "'of'"),
        "contract-change dependency established",
    );
}

/// What the last look has shown: not yet, or something else for good.
pub(crate) fn last_looks(rows: &Rows) {
    let job = |states: &[&str]| -> Vec<Call> {
        let look = |(nth, state): (i64, &&str)| {
            let body = format!(r#"{{"state":"{state}"}}"#);
            get(&format!("{PAYMENTS}/job"), 100 + 100 * nth).answers(200, &body)
        };
        (0..).zip(states).map(look).collect()
    };
    let story = |here: &[&str]| {
        let there = job(&["running", "running", "running", "running", "succeeded"]);
        beside(job(here), there).compares("\"succeeded\"", &format!("{:?}", here[here.len() - 1]))
    };
    rows.check(&story(&["running"]), "race test established");
    rows.check(
        &story(&["running", "running", "running"]),
        "race test established",
    );
    let renamed = story(&["running", "completed"]);
    rows.check(&renamed, "contract-change dependency likely");
    let told = |body: &str| {
        let list = get(&format!("{PAYMENTS}/sessions"), 900).answers(200, body);
        vec![
            post(&format!("{PAYMENTS}/sessions"), 100).answers(201, "{}"),
            list,
        ]
    };
    let less = beside(
        told(r#"[{"user":"ada"}]"#),
        told(r#"[{"user":"ada","by":{"action":"login"}}]"#),
    );
    let less = less.says("TypeError", "cannot read 'action' of undefined");
    rows.check(&less, "contract-change dependency likely");
}

/// What something else has done to a thing does not show yet.
pub(crate) fn what_has_not_moved(rows: &Rows) {
    let member = |at: i64, body: &str| get(&format!("{PAYMENTS}/7/members"), at).answers(200, body);
    let both = r#"{"joined":["ada","grey"]}"#;
    let leave = || post(&format!("{PAYMENTS}/7/leave"), 300).answers(200, "{}");
    let here = vec![member(100, both), leave(), member(500, both)];
    let there = vec![
        member(100, both),
        leave(),
        member(500, r#"{"joined":["ada"]}"#),
    ];
    let still = beside(here, there).compares("1", "2");
    rows.check(&still, "race test likely");
    let coupon = |at: i64, left: u8| {
        let body = format!(r#"{{"code":"spring","left":{left}}}"#);
        get(&format!("{PAYMENTS}/coupons/spring"), at).answers(200, &body)
    };
    let made = || {
        let made = call("PUT", &format!("{PAYMENTS}/coupons/spring"), 100);
        made.sends(r#"{"code":"spring","left":1}"#)
            .answers(200, "{}")
    };
    let order = || {
        post(&format!("{PAYMENTS}/orders"), 300)
            .sends("{}")
            .answers(200, "{}")
    };
    let counted = beside(
        vec![made(), order(), coupon(500, 1)],
        vec![made(), order(), coupon(500, 0)],
    );
    rows.check(&counted.compares("0", "1"), "race test likely");
    // Nothing was done in between.
    let alone = beside(vec![made(), coupon(500, 3)], vec![made(), coupon(500, 0)]);
    rows.check(
        &alone.compares("0", "3"),
        "dependency-error dependency likely",
    );
}

/// A refusal that the test wants, and the same request that is answered afterwards, are no retry.
pub(crate) fn wanted_refusals(rows: &Rows) {
    let close = |at: i64, status: i64| {
        let answer = if status == 200 {
            r#"{"state":"closed"}"#
        } else {
            r#"{"error":"not yours"}"#
        };
        post(&format!("{SHOP}/tickets/1/close"), at).answers(status, answer)
    };
    let there = || vec![close(100, 403), close(200, 200)];
    let accepted = beside(vec![close(100, 200)], there()).compares("403", "200");
    rows.check(&accepted, "product product established");
    let other = beside(
        vec![post(SHOP, 100).answers(400, r#"{"code":142,"error":"no"}"#)],
        vec![post(SHOP, 100).answers(400, r#"{"code":119,"error":"no"}"#)],
    );
    rows.check(&other.compares("119", "142"), "product product likely");
}

/// What a refusal repeats of somebody else, and of what this test had made.
pub(crate) fn relayed(rows: &Rows) {
    let place = |status: i64, body: &str| post(PAYMENTS, 500).sends("{}").answers(status, body);
    let story = |status: i64, message: &str| {
        let body = format!(r#"{{"code":142,"error":"{message}"}}"#);
        let failed = beside(vec![place(status, &body)], vec![place(200, "{}")]);
        failed.says("Error", message)
    };
    let refused = story(400, "rates: ECONNREFUSED");
    rows.check(&refused, "unreachable dependency likely");
    let slow = story(400, "rates: TimeoutError");
    rows.check(&slow, "dependency-slow dependency likely");
    let own = story(500, "rates: ECONNREFUSED");
    rows.check(&own, "dependency-error dependency established");
    let coupon = || {
        let made = post(&format!("{PAYMENTS}/coupons"), 100);
        made.sends(r#"{"code":"SPRING-00ed6"}"#).answers(201, "{}")
    };
    let gone = |message: &str| {
        let body = format!(r#"{{"error":"{message}"}}"#);
        let failed = beside(
            vec![coupon(), place(404, &body)],
            vec![coupon(), place(200, "{}")],
        );
        failed.says("Error", message)
    };
    rows.check(&gone("no coupon SPRING-00ed6"), "test-code test likely");
    rows.check(&gone("no coupon"), "dependency-error dependency likely");
    let taken = |status: i64| {
        let body = r#"{"error":"User ID already taken"}"#;
        beside(vec![place(status, body)], vec![place(200, "{}")]).says("Error", "already taken")
    };
    rows.check(&taken(400), "test-code test likely");
}

/// Words of a refusal about a credential, and who took it.
pub(crate) fn sessions(rows: &Rows) {
    let asked = |status: i64, body: &str| {
        post(PAYMENTS, 500)
            .credential("aaaaaaaaaaaa")
            .sends("{}")
            .answers(status, body)
    };
    let story = |status: i64, body: &str| {
        beside(vec![asked(status, body)], vec![asked(200, "{}")]).says("Error", "refused")
    };
    let session = story(400, r#"{"code":209,"error":"Invalid session token"}"#);
    rows.check(&session, "credentials dependency likely");
    let role = story(400, r#"{"error":"User does not match the required roles"}"#);
    rows.check(&role, "credentials dependency likely");
    let part = story(
        200,
        r#"[{"success":{}},{"error":{"code":119,"error":"unauthorized"}}]"#,
    );
    rows.check(&part, "credentials dependency likely");
    let quota = story(
        200,
        r#"[{"error":{"code":155,"error":"too many requests"}}]"#,
    );
    rows.check(&quota, "rate-limited dependency established");
    // Another test has the account deactivated.
    let login = || {
        let answer = r#"{"user":"@grey:example.org","token":"[masked:1a2b:aaaaaaaaaaaa]"}"#;
        let login = post(&format!("{SHOP}/login"), 100);
        login.sends("{}").answers(200, answer)
    };
    let read = |status: i64| {
        let read = get(&format!("{SHOP}/1"), 500).credential("aaaaaaaaaaaa");
        read.answers(status, r#"{"error":"unknown token"}"#)
    };
    let revoked = || {
        let failed = beside(vec![login(), read(401)], vec![login(), read(200)]);
        failed.says("Error", "unknown token")
    };
    rows.check(&revoked(), "credentials product likely");
    let taken = revoked().touched("POST", "/orders/deactivate/@grey:example.org", 300, &[]);
    rows.check(&taken, "test-code test established");
}

/// What a service keeps documents in says in its own words.
pub(crate) fn documents(rows: &Rows) {
    let bulk = |line: &str| {
        let body = format!(r#"[{{"ok":true,"id":"a"}},{line}]"#);
        let calls =
            |body: &str| vec![post(&format!("{PAYMENTS}/_bulk_docs"), 100).answers(201, body)];
        beside(
            calls(&body),
            calls(r#"[{"ok":true,"id":"a"},{"ok":true,"id":"b"}]"#),
        )
        .compares("2", "1")
    };
    let many = r#"{"id":"b","error":"too_many_requests","reason":"slow down"}"#;
    rows.check(&bulk(many), "rate-limited dependency likely");
    let conflict = r#"{"id":"b","error":"conflict","reason":"Document update conflict."}"#;
    rows.check(&bulk(conflict), "test-code test likely");
    // The sentence beside a word that is a code.
    let refused = |reason: &str| {
        let body = format!(r#"{{"error":"forbidden","reason":"{reason}"}}"#);
        let calls =
            |status: i64, body: &str| vec![post(PAYMENTS, 100).sends("{}").answers(status, body)];
        beside(calls(403, &body), calls(201, "{}")).says("Error", reason)
    };
    let rights = refused("_replicator access is required for this request");
    rows.check(&rights, "credentials dependency likely");
    let quota = refused("storage quota exceeded");
    rows.check(&quota, "rate-limited dependency established");
    // A question about a collection is about what was put into it.
    let put = || {
        let made = call("PUT", &format!("{PAYMENTS}/bell"), 100);
        made.sends(r#"{"name":"brass bell"}"#).answers(201, "{}")
    };
    let find = |body: &str| {
        post(&format!("{PAYMENTS}/_find"), 500)
            .sends("{}")
            .answers(200, body)
    };
    let found = r#"{"docs":[{"name":"brass bell"}]}"#;
    let late = beside(
        vec![put(), find(r#"{"docs":[]}"#)],
        vec![put(), find(found)],
    );
    rows.check(&late.compares("1", "0"), "race test likely");
}

/// Two clients that ask for the same say so otherwise.
pub(crate) fn other_clients(rows: &Rows) {
    let asked = |agent: &str, kind: &str| {
        let asked = get(SHOP, 100).request_header("user-agent", agent);
        asked.request_header("accept", kind).answers(200, "[]")
    };
    let charge = |status: i64| post(PAYMENTS, 500).sends("{}").answers(status, "{}");
    let failed = |agent: &str| {
        let here = vec![asked(agent, "application/json"), charge(500)];
        let failed = beside(here, vec![asked("nano/11", "text/plain"), charge(200)]);
        failed.says("Error", "Request failed with status code 500")
    };
    rows.check(&failed("node"), "dependency-error dependency established");
    rows.check(&failed("nano/12"), "dependency-error dependency likely");
}
