//! The rows of what one recording says by itself. They stand in `docs/concepts/causes.md` too.

use super::tables::Rows;
use super::{Call, Story, call, get, post};

/// Of the product, and of a dependency.
const ORDERS: &str = "http://127.0.0.1:3000/orders";
const RATES: &str = "http://127.0.0.1:7000/rates";
const STRANGE: &str = "0e984725-c51c-4bf4-9960-e1c80e27aba0";

fn put(url: &str, body: &str, start: i64) -> Call {
    call("PUT", url, start).sends(body).answers(200, body)
}

fn fine(url: &str, start: i64, body: &str) -> Call {
    get(url, start).answers(200, body)
}

/// A rate is set to 12, and what is read afterwards is this.
fn after_setting(read: Call) -> Story {
    Story::of(vec![put(&one(), r#"{"price":12}"#, 500), read]).compares("12", "7")
}

fn one() -> String {
    format!("{RATES}/eur")
}

/// Two rates are made, and a list shows so many.
fn after_making_two(listed: usize) -> Story {
    let made = |name: &str, start| {
        call("PUT", &format!("{RATES}/{name}"), start)
            .sends("{}")
            .answers(201, "{}")
    };
    let items = vec![r#"{"price":1}"#; listed].join(",");
    Story::of(vec![
        made("eur", 100),
        made("usd", 200),
        fine(RATES, 900, &format!("[{items}]")),
    ])
}

pub(crate) fn one_recording(rows: &Rows) {
    let old = r#"{"price":7}"#;
    // What was written is not shown: as a value, as an item, as a deletion.
    rows.check(&after_setting(fine(&one(), 900, old)), "race test likely");
    rows.check(&after_making_two(1).compares("2", "1"), "race test likely");
    let gone = call("DELETE", &one(), 500).answers(204, "");
    let still = Story::of(vec![gone, fine(&one(), 900, old)]);
    rows.check(&still.compares("404", "200"), "race test likely");
    let order = format!("{ORDERS}/lamp");
    let product = Story::of(vec![
        put(&order, r#"{"price":12}"#, 500),
        fine(&order, 900, old),
    ]);
    let product = product.compares("12", "7");
    rows.check(&product, "product product likely");
    let cached = fine(&one(), 900, old).header("age", "31");
    rows.check(&after_setting(cached), "stale-read test likely");
    let touched = product.touched("PUT", "/orders/lamp", 700, &[]);
    rows.check(&touched, "test-code test likely");
    lacking(rows);
    of_another_shape(rows);
    counted(rows);
    own(rows);
    // A call that failed may explain everything.
    let refused = post(ORDERS, 100).answers(500, r#"{"error":"oops"}"#);
    let beside = Story::of(vec![
        refused,
        put(&one(), r#"{"price":12}"#, 500),
        fine(&one(), 900, old),
    ]);
    rows.check(&beside.compares("12", "7"), "undetermined");
}

/// The key that was sent when the thing was made is not in it.
fn lacking(rows: &Rows) {
    let made = |url: &str| {
        Story::of(vec![
            post(url, 100)
                .sends(r#"{"price":12,"name":"x"}"#)
                .answers(201, r#"{"name":"x"}"#),
        ])
        .says("KeyError", "'price'")
    };
    rows.check(&made(ORDERS), "product product likely");
    rows.check(&made(RATES), "contract-change dependency likely");
    let nobody = Story::of(vec![fine(RATES, 900, r#"{"name":"x"}"#)]).says("KeyError", "'price'");
    rows.check(&nobody, "contract-change dependency likely");
    let variable = Story::of(vec![fine(RATES, 900, r#"{"name":"x"}"#)]);
    let variable = variable.says("KeyError", "environ 'API_URL'");
    rows.check(&variable, "undetermined");
}

fn of_another_shape(rows: &Rows) {
    let contract = "contract-change dependency likely";
    let reads_price =
        |body: &str| Story::of(vec![fine(RATES, 900, body)]).says("KeyError", "'price'");
    rows.check(&reads_price(r#"{"unitPrice":12}"#), contract);
    rows.check(&reads_price(r#"{"data":{"price":12}}"#), contract);
    let elsewhere = Story::of(vec![fine(RATES, 900, r#"{"total":12}"#)]);
    rows.check(&elsewhere.compares("12", "undefined"), contract);
    let text = Story::of(vec![fine(RATES, 900, r#"{"open":"true"}"#)]);
    rows.check(&text.compares("True", r#""true""#), contract);
    let list = Story::of(vec![fine(RATES, 900, r#"{"eur":[1]}"#)]).says(
        "TypeError",
        "list indices must be integers or slices, not str",
    );
    rows.check(&list, contract);
    let more = Story::of(vec![fine(RATES, 900, r#"{"price":12,"currency":"EUR"}"#)]);
    let more = more.compares(r#"{"price":12}"#, r#"{"price":12,"currency":"EUR"}"#);
    rows.check(&more, contract);
    let page = get(RATES, 900).answers_as(200, "text/html", "<html>down for maintenance</html>");
    let page = Story::of(vec![page]).says("JSONDecodeError", "Expecting value: line 1 column 1");
    rows.check(&page, "dependency-error dependency likely");
}

fn counted(rows: &Rows) {
    let test = "test-code test likely";
    rows.check(&after_making_two(3).compares("2", "3"), test);
    let strange = Story::of(vec![fine(RATES, 900, &format!(r#"["{STRANGE}"]"#))]);
    let strange = strange.compares("[]", &format!(r#"["{STRANGE}"]"#));
    rows.check(&strange, test);
    let tried = post(RATES, 300).sends("{}");
    let twice = Story::of(vec![
        tried.clone().answers(503, ""),
        post(RATES, 400).sends("{}").answers(201, "{}"),
        fine(RATES, 900, "[{},{}]"),
    ]);
    rows.check(
        &twice.compares("1", "2"),
        "dependency-error dependency likely",
    );
}

fn own(rows: &Rows) {
    let test = "test-code test likely";
    // It wants what nobody ever sent, a number that it has not made, or reads what it wrote under another name.
    let as_written = after_setting(fine(&one(), 900, r#"{"price":12}"#)).compares("13", "12");
    rows.check(&as_written, test);
    rows.check(&after_making_two(2).compares("3", "2"), test);
    let typo = Story::of(vec![
        put(&one(), r#"{"pirce":12}"#, 500),
        fine(&one(), 900, r#"{"pirce":12}"#),
    ]);
    rows.check(&typo.says("KeyError", "'price'"), test);
}
