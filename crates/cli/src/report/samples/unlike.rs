//! Samples of tests that passed, but not like their other passes.

use server::document::{Document, Oddity, Recording, Status, Test, Unlike};

use super::documents::three_failures;
use super::parts::{document, hex, passing, test};
use super::recording::recording;

/// Five odd passes, two of them in the same way.
pub(crate) fn unlike_passes() -> Document {
    let mut tests: Vec<Test> = passing(0..20).collect();
    let odd = [
        (3, "DELETE /v1/buckets/*", "answered 500, 404 in the others"),
        (5, "DELETE /v1/buckets/*", "answered 500, 404 in the others"),
        (
            7,
            "POST /v1/orders",
            "was not made, as every other pass does",
        ),
        (
            9,
            "GET /v1/orders",
            "answered without `items[].total`, unlike the others",
        ),
        (
            11,
            "POST / (ReceiveMessage)",
            "answered HTML, JSON in the others",
        ),
    ];
    for (at, call, text) in odd {
        be_odd(&mut tests[at], call, text);
    }
    document(tests)
}

/// An odd pass among failures.
pub(crate) fn failures_and_an_odd_pass() -> Document {
    let mut tests = three_failures().tests;
    let passed = tests.iter_mut().rfind(|test| test.status == Status::Passed);
    if let Some(last) = passed {
        be_odd(last, "GET /v1/orders", "answered 500, 200 in the others");
    }
    document(tests)
}

/// The recording of an odd pass.
pub(crate) fn odd_recording() -> Recording {
    let mut test = test(3, "are deleted", Status::Passed);
    be_odd(
        &mut test,
        "DELETE /v1/buckets/*",
        "answered 500, 404 in the others",
    );
    if let Some(unlike) = &mut test.attempts[0].unlike {
        let missing = Oddity {
            kind: "missing".into(),
            at_ms: None,
            span_id: None,
            ..unlike.oddities[0].clone()
        };
        unlike.oddities.push(missing);
        unlike.left_out = 2;
    }
    Recording {
        test,
        ..recording()
    }
}

/// Makes a passing test odd: the text stands wherever text is captured.
pub(super) fn be_odd(test: &mut Test, call: &str, text: &str) {
    test.attempts[0].unlike = Some(Unlike {
        summary: format!(
            "Passed, but not like its 3 other passes: {call} at 812 ms {text}. A test that passes on another error may be checking nothing."
        ),
        passes: 3,
        attempt: hex(77, 32),
        short_id: hex(77, 32)[24..30].to_owned(),
        oddities: vec![Oddity {
            kind: "outcome".into(),
            call: call.into(),
            text: text.into(),
            at_ms: (!text.contains("not made")).then_some(812),
            span_id: Some(hex(7, 16)),
            other_span_id: Some(hex(8, 16)),
        }],
        left_out: 0,
    });
}
