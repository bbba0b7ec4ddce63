//! The rows of what other tests did while a test was under way, of which the passing run knows nothing.

use super::tables::Rows;
use super::{Call, Story, call, get, post};

/// A server beside the product.
const STORE: &str = "http://127.0.0.1:7000/v1";

fn beside(here: Vec<Call>, there: Vec<Call>) -> Story {
    Story::of(here).passing(there)
}

/// By what both name: what was taken away, what lies beside it, what the test had connected.
pub(crate) fn named_by_both(rows: &Rows) {
    let subscribe = |status: i64, body: &str| {
        let asks = post(&format!("{STORE}/subscriptions"), 500);
        vec![
            asks.sends(r#"{"plan":"tea-monthly"}"#)
                .answers(status, body),
        ]
    };
    let gone = || {
        let gone = subscribe(404, r#"{"error":"no such plan"}"#);
        beside(gone, subscribe(201, "{}")).says("Error", "no such plan")
    };
    rows.check(
        &gone().others_at(7000),
        "dependency-error dependency likely",
    );
    let taken = gone().touched("DELETE", "/v1/plans/tea-monthly", 300, &[]);
    rows.check(&taken.others_at(7000), "test-code test likely");
    // Every run does it, or it is another thing.
    let usual = taken.touched_there("DELETE", "/v1/plans/tea-monthly", 300, &[]);
    rows.check(&usual.others_at(7000), "dependency-error dependency likely");
    let other = gone().touched("DELETE", "/v1/plans/coffee-monthly", 300, &[]);
    rows.check(&other.others_at(7000), "dependency-error dependency likely");

    let queue = |body: &str| {
        vec![
            call("PUT", &format!("{STORE}/display"), 100).answers(201, "{}"),
            post(&format!("{STORE}/display/get"), 500)
                .sends("{}")
                .answers(200, body),
        ]
    };
    let one = r#"[{"payload":"spelt"}]"#;
    let emptied = || beside(queue("[]"), queue(one)).compares("1", "0");
    let by_another = emptied().touched("DELETE", "/v1/display/contents", 300, &[]);
    rows.check(&by_another.others_at(7000), "test-code test likely");

    let bound = |body: &str| {
        vec![
            post(&format!("{STORE}/bindings/signs/window"), 100).answers(201, "{}"),
            post(&format!("{STORE}/queues/window/get"), 500)
                .sends("{}")
                .answers(200, body),
        ]
    };
    let two = r#"[{"payload":"spelt"},{"payload":"back soon"}]"#;
    let more = beside(bound(two), bound(one)).compares("1", "2");
    let published = more.touched("POST", "/v1/exchanges/signs/publish", 300, &[]);
    rows.check(&published.others_at(7000), "test-code test likely");
}

/// At the product, too, where the time alone says nothing.
pub(crate) fn named_at_the_product(rows: &Rows) {
    let bound = |body: &str| {
        let get = post("http://127.0.0.1:3000/queues/window/get", 500);
        vec![
            post("http://127.0.0.1:3000/bindings/signs/window", 100).answers(201, "{}"),
            get.sends("{}").answers(200, body),
        ]
    };
    let one = r#"[{"payload":"spelt"}]"#;
    let two = r#"[{"payload":"spelt"},{"payload":"back soon"}]"#;
    let more = || beside(bound(two), bound(one)).compares("1", "2");
    let published = more().touched("POST", "/exchanges/signs/publish", 300, &[]);
    rows.check(&published, "test-code test likely");
    let elsewhere = more().touched("POST", "/exchanges/bills/publish", 300, &[]);
    rows.check(&elsewhere, "product product established");
}

/// By the time alone: of values at somebody who is not the product.
pub(crate) fn by_the_time_alone(rows: &Rows) {
    let price = |body: &str| vec![get(&format!("{STORE}/price"), 500).answers(200, body)];
    let free = || beside(price(r#"{"shipping":0}"#), price(r#"{"shipping":690}"#));
    let free = || free().compares("690", "0");
    rows.check(
        &free().others_at(7000),
        "dependency-error dependency likely",
    );
    let meanwhile = free().touched("PUT", "/v1/config", 300, &[]);
    rows.check(&meanwhile.others_at(7000), "test-code test likely");
    let after = free().touched("PUT", "/v1/config", 900, &[]);
    rows.check(&after.others_at(7000), "dependency-error dependency likely");
    let shape = beside(price(r#"{"postage":690}"#), price(r#"{"shipping":690}"#));
    let shape = shape.says("KeyError", "'shipping'");
    let shape = shape.touched("PUT", "/v1/config", 300, &[]);
    rows.check(
        &shape.others_at(7000),
        "contract-change dependency established",
    );
}
