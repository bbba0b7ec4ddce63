//! The rows of what the machine did: what ran out, clocks that are apart, everything slow.

use super::tables::{PAYMENTS, Rows};
use super::{Call, Story, call, get, post};

const ORDERS: &str = "http://127.0.0.1:3000/orders";
const RATES: &str = "http://127.0.0.1:7000/rates";

pub(crate) fn environment(rows: &Rows) {
    let skewed = call("PUT", RATES, 1_000)
        .sends("{}")
        .answers(403, r#"{"code":"RequestTimeTooSkewed"}"#);
    let skewed = Story::of(vec![skewed])
        .passing(vec![
            call("PUT", RATES, 1_000).sends("{}").answers(200, "{}"),
        ])
        .says("Error", "RequestTimeTooSkewed");
    rows.check(&skewed, "environment environment established");
    let order = |status: i64, body: &str| post(ORDERS, 1_000).sends("{}").answers(status, body);
    let story = |here: Call| Story::of(vec![here]).passing(vec![order(201, "{}")]);
    let established = "environment environment established";
    let full = order(500, r#"{"error":"ENOSPC: no space left on device"}"#);
    rows.check(&story(full), established);
    rows.check(&story(order(507, "{}")), established);
    let date = |date: &str| order(400, "{}").header("date", date);
    let skewed = story(date("Mon, 30 Nov 2026 18:42:45 GMT"));
    rows.check(&skewed, established);
    // By this machine's clock, and no other, the certificate is out of date.
    let secure = || get(PAYMENTS, 1_000);
    let health = || get(RATES, 900).answers(200, "{}");
    let dated = |health: Call| {
        let expired = secure().fails("CERT_HAS_EXPIRED", "certificate has expired");
        let calls = vec![health, expired];
        let passing = vec![
            get(RATES, 900).answers(200, "{}"),
            secure().answers(200, "{}"),
        ];
        Story::of(calls)
            .passing(passing)
            .says("Error", "certificate has expired")
    };
    let behind = health().header("date", "Tue, 30 Nov 2027 18:42:45 GMT");
    rows.check(&dated(behind), established);
    rows.check(&dated(health()), "unreachable dependency established");
    // Everything took five times as long, and the time ran out.
    let steps = |takes: i64| -> Vec<Call> {
        (0..6)
            .map(|n| {
                get(
                    &format!("{ORDERS}/{}", ["a", "b", "c", "d", "e", "f"][n as usize]),
                    n * 600,
                )
                .takes(takes)
                .answers(200, "{}")
            })
            .collect()
    };
    let slow = Story::of(steps(500)).passing(steps(100)).limit(3_500);
    rows.check(&slow, "environment environment likely");
}
