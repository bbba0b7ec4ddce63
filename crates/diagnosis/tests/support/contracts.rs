//! The rows of the rule about changed contracts: keys, types, wrappers, XML. They stand in `docs/concepts/causes.md` too.

use super::contents::{OPEN, RATES, read};
use super::tables::Rows;
use super::{Story, get, post};

pub(crate) fn contract_change(rows: &Rows) {
    let rates = |body: &str| get(RATES, 1_000).answers(200, body);
    let story = |here: &str, there: &str| {
        Story::of(vec![rates(here)])
            .passing(vec![rates(there)])
            .says(
                "TypeError",
                "Cannot read properties of undefined (reading 'price')",
            )
    };
    let established = "contract-change dependency established";
    rows.check(&story(r#"{"cost":12}"#, r#"{"price":12}"#), established);
    rows.check(
        &story(
            r#"{"data":{"price":12,"unit":"eur"}}"#,
            r#"{"price":12,"unit":"eur"}"#,
        ),
        established,
    );
    rows.check(&story(r#"{"price":"12"}"#, r#"{"price":12}"#), established);
    rows.check(&story("[]", "{}"), established);
    rows.check(&story("{}", r#"{"price":12}"#), established);
    let strict = story(r#"{"price":12,"tax":2}"#, r#"{"price":12}"#);
    rows.check(
        &strict
            .clone()
            .says("AssertionError", "unexpected key 'tax'"),
        established,
    );
    rows.check(&strict.says("Error", "no"), "undetermined");
    let word = story(r#"{"state":"done"}"#, r#"{"state":"paid"}"#);
    rows.check(
        &word.compares(r#""paid""#, r#""done""#),
        "contract-change dependency likely",
    );
    // Of the product a key too few is the product's.
    let own = Story::of(vec![read("{}", 1_000)])
        .passing(vec![read(OPEN, 1_000)])
        .says(
            "TypeError",
            "Cannot read properties of undefined (reading 'state')",
        );
    rows.check(&own, "product product established");
    xml(rows);
    // The same request is no longer understood.
    let refused = post(RATES, 1_000)
        .sends("{}")
        .answers(400, r#"{"error":"unknown field price"}"#);
    let refused = Story::of(vec![refused])
        .passing(vec![post(RATES, 1_000).sends("{}").answers(200, "{}")])
        .says("Error", "Request failed with status code 400");
    rows.check(&refused, established);
    // Another number is no contract.
    let number = story(r#"{"price":13}"#, r#"{"price":12}"#).compares("12", "13");
    rows.check(&number, "dependency-error dependency likely");
}

/// XML is compared element by element; that it has no empty lists is no change of its shape.
fn xml(rows: &Rows) {
    let rates = |body: &str| get(RATES, 1_000).answers_as(200, "application/xml", body);
    let story = |here: &str, there: &str| Story::of(vec![rates(here)]).passing(vec![rates(there)]);
    let renamed = story(
        "<rates><cost>12</cost><day>1</day></rates>",
        "<rates><price>12</price><day>1</day></rates>",
    );
    rows.check(
        &renamed.says(
            "AttributeError",
            "'NoneType' object has no attribute 'price'",
        ),
        "contract-change dependency established",
    );
    let item = "<rate><price>12</price></rate>";
    let fewer = story("<rates/>", &format!("<rates>{item}</rates>"));
    rows.check(
        &fewer.compares("1", "0"),
        "dependency-error dependency likely",
    );
    let broken = story(
        "<rates><price>12</rates>",
        "<rates><price>12</price></rates>",
    );
    rows.check(
        &broken.says("ParseError", "mismatched tag: line 1, column 20"),
        "dependency-error dependency established",
    );
}
