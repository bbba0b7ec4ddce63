//! The rows of names that a test chooses anew each time. They stand in `docs/concepts/causes.md` too.

use super::tables::Rows;
use super::{Call, Story, call, get};

const ROOMS: &str = "http://127.0.0.1:3000/rooms";

/// A room is made and looked at, by this name.
fn room(name: &str, status: i64) -> Vec<Call> {
    let body = format!(r#"{{"name":"{name}"}}"#);
    let url = format!("{ROOMS}/{name}");
    let answer = if status == 200 { &body } else { "" };
    vec![
        call("PUT", &url, 100).sends(&body).answers(201, &body),
        get(&url, 900).answers(status, answer),
    ]
}

/// A room that somebody else has made is looked at.
fn visit(name: &str, status: i64) -> Vec<Call> {
    vec![get(&format!("{ROOMS}/{name}"), 900).answers(status, r#"{"open":true}"#)]
}

pub(crate) fn names(rows: &Rows) {
    let failed = |story: Story| story.says("Error", "Request failed with status code 500");
    let product = "product product established";
    let many = Story::of(visit("kqzvbn", 500))
        .passing(visit("wpaxou", 200))
        .and_passing(visit("mlhhga", 200));
    rows.check(&failed(many), product);
    let chosen = Story::of(room("kqzvbn", 500)).passing(room("wpaxou", 200));
    rows.check(&failed(chosen), product);
    let asks = "test-code test likely";
    let once = Story::of(visit("kqzvbn", 200)).passing(visit("wpaxou", 200));
    rows.check(&once.compares("1", "2"), asks);
    // A name that passing recordings share is none.
    let shared = Story::of(visit("kqzvbn", 200))
        .passing(visit("wpaxou", 200))
        .and_passing(visit("wpaxou", 200));
    rows.check(&shared.compares("1", "2"), asks);
}
