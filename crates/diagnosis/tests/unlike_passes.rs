//! In what a passing recording is not like the other passes: the rows of `docs/concepts/unlike-passes.md`, and what must never
//! be told.

#![expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]

mod support;

use diagnosis::{may_be_unlike, signature, unlike_passes};
use model::{AttemptId, AttemptStatus, Evidence, RunId, Signature, Touch};
use proptest::prelude::*;
use support::{Call, Story, get, post};

const SHOP: &str = "http://127.0.0.1:3000";

/// A passing attempt with these calls, and other passes.
fn passed(own: &[Call], others: &[Vec<Call>]) -> Evidence {
    let mut story = Story::of(own.to_vec());
    story.status = AttemptStatus::Passed;
    let mut others = others.iter().cloned();
    story.passing = others.next();
    story.further = others.collect();
    let mut evidence = story.evidence();
    let passes = evidence.baseline.iter_mut().chain(&mut evidence.variants);
    for (number, pass) in (10..).zip(passes) {
        pass.attempt.id = AttemptId([number; 16]);
        pass.attempt.run_id = RunId([number; 16]);
        evidence.signatures.push(signature(
            &pass.attempt,
            &pass.recording,
            &[],
            &evidence.peers,
            &pass.listeners,
        ));
    }
    evidence
}

fn own_signature(evidence: &Evidence) -> Signature {
    let (attempt, recording) = (&evidence.attempt, &evidence.recording);
    signature(
        attempt,
        recording,
        &[],
        &evidence.peers,
        &evidence.listeners,
    )
}

/// What is told, one line for each oddity; and the cheap question is never answered with no where something is.
fn told(evidence: &Evidence) -> String {
    let unlike = unlike_passes(evidence);
    if unlike.is_some() {
        assert!(may_be_unlike(
            &own_signature(evidence),
            &evidence.signatures
        ));
    }
    let oddities = unlike.into_iter().flat_map(|unlike| unlike.oddities);
    let lines = oddities.map(|odd| format!("{}: {} {}", odd.kind.as_str(), odd.call, odd.text));
    lines.collect::<Vec<_>>().join("\n")
}

/// A test that makes an order, looks at it, and is refused another one.
fn order() -> Vec<Call> {
    vec![
        post(&format!("{SHOP}/login"), 10)
            .phase("setup")
            .answers(200, "{}"),
        post(&format!("{SHOP}/orders"), 100)
            .sends(r#"{"item":"book"}"#)
            .answers(
                201,
                r#"{"id":"a1b2c3d4e5f60718","state":"open","total":12}"#,
            ),
        get(&format!("{SHOP}/orders"), 200)
            .answers(200, r#"{"items":[{"state":"open"}],"next":null}"#),
        get(&format!("{SHOP}/orders/none"), 300).answers(404, r#"{"error":"unknown"}"#),
        post(&format!("{SHOP}/logout"), 400)
            .phase("teardown")
            .answers(200, "{}"),
    ]
}

const LOGIN: usize = 0;
const CREATE: usize = 1;
const LIST: usize = 2;
const NONE: usize = 3;
const LOGOUT: usize = 4;

/// The order with one of its calls made otherwise.
fn with(at: usize, change: impl FnOnce(Call) -> Call) -> Vec<Call> {
    let mut calls = order();
    let call = calls.remove(at);
    calls.insert(at, change(call));
    calls
}

fn without(at: usize) -> Vec<Call> {
    let mut calls = order();
    calls.remove(at);
    calls
}

fn and(mut calls: Vec<Call>, more: Call) -> Vec<Call> {
    calls.push(more);
    calls
}

fn answered(call: Call, status: i64, body: &str) -> Call {
    call.without_answer().answers(status, body)
}

/// The page that has a row for each of the tables.
const PAGE: &str = include_str!("../../../docs/concepts/unlike-passes.md");

/// Checks rows: the words of the page, the calls of the attempt, and what is told.
#[track_caller]
fn check(rows: &[(&str, Vec<Call>, &str)]) {
    check_beside(&[order(), order()], rows);
}

#[track_caller]
fn check_beside(others: &[Vec<Call>], rows: &[(&str, Vec<Call>, &str)]) {
    for (row, own, expected) in rows {
        assert_eq!(told(&passed(own, others)), *expected, "{row}");
        assert!(
            PAGE.contains(&format!("| {row} |")),
            "not on the page: {row}"
        );
    }
}

#[test]
fn what_came_out_otherwise() {
    let answers = |at: usize, status: i64| with(at, |call| answered(call, status, "{}"));
    let breaks =
        |code: &'static str| with(LIST, |call| call.without_answer().fails(code, "broken"));
    check(&[
        (
            "404 in all others, 500 here",
            answers(NONE, 500),
            "outcome: GET /orders/none answered 500, 404 in the others",
        ),
        (
            "404 in all others, 429 here",
            answers(NONE, 429),
            "outcome: GET /orders/none answered 429, 404 in the others",
        ),
        (
            "200 in all others, 500 here",
            answers(LIST, 500),
            "outcome: GET /orders answered 500, 200 in the others",
        ),
        (
            "200 in all others, 500 here, in a set-up or a tear-down",
            answers(LOGOUT, 500),
            "outcome: POST /logout answered 500, 200 in the others",
        ),
        (
            "200 in all others, a connection that broke here",
            breaks("ECONNRESET"),
            "outcome: GET /orders ended with ECONNRESET, answered 200 in the others",
        ),
        (
            "200 in all others, no answer in time here",
            breaks("ETIMEDOUT"),
            "outcome: GET /orders was not answered in time, answered 200 in the others",
        ),
        (
            "404 in all others, 403 here",
            answers(NONE, 403),
            "outcome: GET /orders/none answered 403, 404 in the others",
        ),
        (
            "404 in all others, 200 here",
            answers(NONE, 200),
            "outcome: GET /orders/none answered 200, 404 in the others",
        ),
        (
            "200 in all others, 404 here",
            answers(LIST, 404),
            "outcome: GET /orders answered 404, 200 in the others",
        ),
        (
            "200 in all others, 409 here, in a set-up or a tear-down",
            answers(LOGIN, 409),
            "",
        ),
        (
            "200 in all others, 401 or 403 here, in a set-up or a tear-down",
            answers(LOGOUT, 401),
            "outcome: POST /logout answered 401, 200 in the others",
        ),
        ("200 in all others, 302 here", answers(LIST, 302), ""),
        (
            "200 in all others, here still open when the test ended",
            with(LIST, |call| call.without_answer().stays_open()),
            "",
        ),
        (
            "200 in all others, given up by the client itself here",
            with(LIST, |call| {
                call.without_answer()
                    .fails("AbortError", "aborted")
                    .aborted_by("client")
            }),
            "",
        ),
        (
            "200 in all others, 200 after 2 s here",
            with(LIST, |call| call.takes(2_000)),
            "",
        ),
    ]);
}

#[test]
fn what_failed_besides() {
    let list = |at: i64, status: i64| get(&format!("{SHOP}/orders"), at).answers(status, "{}");
    check(&[
        (
            "one more call, answered 500",
            and(order(), list(350, 500)),
            "error: GET /orders answered 500, as in no other pass",
        ),
        (
            "one more call, answered 404",
            and(order(), list(350, 404)),
            "",
        ),
        (
            "500, then 200 on the retry",
            and(order(), list(150, 500)),
            "",
        ),
    ]);
    let polls = |count: i64| -> Vec<Call> {
        let looks = (0..count)
            .map(|nth| list(500 + 10 * nth, if nth + 1 == count { 200 } else { 404 }).takes(5));
        order().into_iter().chain(looks).collect()
    };
    check_beside(
        &[polls(3), polls(4)],
        &[("it looked 9 times, the others 3 and 4 times", polls(9), "")],
    );
    let server_error = |status: i64| with(NONE, |call| answered(call, status, "{}"));
    check_beside(
        &[server_error(500), server_error(500)],
        &[
            ("500 in all others, 503 here", server_error(503), ""),
            ("500 in all others, 200 here", server_error(200), ""),
        ],
    );
}

#[test]
fn what_the_other_passes_do_not_agree_on() {
    let status = |status: i64| with(NONE, |call| answered(call, status, "{}"));
    check_beside(
        &[status(404), status(500), status(404)],
        &[("one of the others has it too", status(500), "")],
    );
    check_beside(
        &[status(404), status(410)],
        &[("the others differ among themselves", status(403), "")],
    );
    check_beside(
        &[order()],
        &[("there is one other pass only", status(500), "")],
    );
}

#[test]
fn what_was_left_out() {
    let discover = |at: i64| get(&format!("{SHOP}/.well-known"), at).answers(200, "{}");
    check(&[
        (
            "a write of the test that all others make is missing",
            without(CREATE),
            "missing: POST /orders was not made, as every other pass does",
        ),
        (
            "a look behind a write that all others take is missing",
            without(LIST),
            "missing: GET /orders was not made, as every other pass does",
        ),
        (
            "a call of a set-up or a tear-down is missing",
            without(LOGIN),
            "",
        ),
        (
            "a write is missing, and there is a call that no other pass has",
            and(without(CREATE), discover(150)),
            "",
        ),
    ]);
    let discovered = || and(order(), discover(50));
    check_beside(
        &[discovered(), discovered()],
        &[(
            "a look is missing that the others take before they write",
            order(),
            "",
        )],
    );
    let empty = || {
        vec![
            discover(50),
            get(&format!("{SHOP}/orders"), 60).answers(200, "[]"),
        ]
    };
    check(&[("half of the test is another one", empty(), "")]);
}

#[test]
fn what_somebody_else_has_written_need_not_be_written_again() {
    let row = "a write is missing that another test of the run has made";
    let mut evidence = passed(&without(CREATE), &[order(), order()]);
    assert_ne!(told(&evidence), "");
    let call = evidence.signatures[0].calls[CREATE].clone();
    evidence.facts.touches.push(Touch {
        attempt_id: AttemptId([99; 16]),
        test: "orders › are made".into(),
        worker: None,
        call,
    });
    assert_eq!(told(&evidence), "");
    assert!(PAGE.contains(&format!("| {row} |")));
}

#[test]
fn what_another_request_explains() {
    let other_item = || with(CREATE, |call| call.sends(r#"{"item":"pen"}"#));
    let then = |status: i64| {
        let mut calls = other_item();
        let none = calls.remove(NONE);
        calls.push(answered(none, status, "{}"));
        calls
    };
    check(&[
        (
            "the test asked for something else before, and was then refused otherwise",
            then(403),
            "",
        ),
        (
            "the test asked for something else before, and was then answered 500",
            then(500),
            "outcome: GET /orders/none answered 500, 404 in the others",
        ),
        (
            "an interceptor answered 500",
            with(NONE, |call| {
                answered(call, 500, "{}").with(model::attribute::MOCKED, "nock")
            }),
            "",
        ),
    ]);
}

#[test]
fn who_it_was() {
    let by = |name: &'static str| {
        move || -> Vec<Call> {
            order()
                .into_iter()
                .map(|call| call.credential(name))
                .collect()
        }
    };
    let (anna, berta) = (by("anna"), by("berta"));
    let mut mixed = anna();
    mixed[LIST] = berta()[LIST].clone();
    let mut nobody = anna();
    nobody[LIST] = order()[LIST].clone();
    check_beside(
        &[anna(), anna()],
        &[
            (
                "one call with another credential, the old one still in use",
                mixed,
                "credential: GET /orders presented another credential than in the others",
            ),
            (
                "one call without the credential",
                nobody,
                "credential: GET /orders presented no credential, as it does in the others",
            ),
            ("all calls with another credential", berta(), ""),
        ],
    );
}

#[test]
fn of_another_shape() {
    let says = |body: &'static str| with(CREATE, |call| answered(call, 201, body));
    let as_page = with(LIST, |call| {
        call.without_answer()
            .answers_as(200, "text/html", "<html>login</html>")
    });
    let empty = with(LIST, |call| {
        call.without_answer()
            .answers_as(200, "application/json", "")
    });
    check(&[
        (
            "an answer without a key that all others have",
            says(r#"{"id":"a1b2c3d4e5f60718","state":"open"}"#),
            "shape: POST /orders answered without `total`, unlike the others",
        ),
        (
            "an answer with a key under another name",
            says(r#"{"id":"a1b2c3d4e5f60718","state":"open","sum":12}"#),
            "shape: POST /orders answered without `total`, unlike the others",
        ),
        (
            "a value of another type",
            says(r#"{"id":"a1b2c3d4e5f60718","state":"open","total":"12"}"#),
            "shape: POST /orders answered with another type of `total` than in the others",
        ),
        (
            "an answer without a body",
            empty,
            "shape: GET /orders answered without a body, JSON in the others",
        ),
        (
            "HTML in place of JSON",
            as_page,
            "shape: GET /orders answered HTML, JSON in the others",
        ),
        (
            "an answer with a key more",
            says(r#"{"id":"a1b2c3d4e5f60718","state":"open","total":12,"tax":2}"#),
            "",
        ),
        (
            "another number, another word, a longer list",
            says(r#"{"id":"a1b2c3d4e5f60718","state":"paid","total":13}"#),
            "",
        ),
        (
            "other identifiers and instants",
            says(r#"{"id":"ffffffffffff0001","state":"open","total":12}"#),
            "",
        ),
    ]);
    let total = |number: i64| {
        let body = format!(r#"{{"id":"a1b2c3d4e5f60718","state":"open","total":{number}}}"#);
        with(CREATE, |call| answered(call, 201, &body))
    };
    check_beside(
        &[total(1), total(2)],
        &[(
            "an answer without a key, which differs from pass to pass anyway",
            says("{}"),
            "",
        )],
    );
}

#[test]
fn the_sentence_for_people() {
    let check = |own: &[Call], expected: &str| {
        let evidence = passed(own, &[order(), order(), order()]);
        assert_eq!(unlike_passes(&evidence).unwrap().summary, expected);
    };
    check(
        &with(NONE, |call| answered(call, 500, "{}")),
        "Passed, but not like its 3 other passes: GET /orders/none at 300 ms answered 500, 404 in the others. A test that passes on another error may be checking nothing.",
    );
    check(
        &without(CREATE),
        "Passed, but not like its 3 other passes: POST /orders was not made, as every other pass does. A test that leaves out a call may be checking nothing.",
    );
    let mut twice = with(NONE, |call| answered(call, 200, "{}"));
    twice[LIST] = answered(twice[LIST].clone(), 500, "{}");
    check(
        &twice,
        "Passed, but not like its 3 other passes: GET /orders at 200 ms answered 500, 200 in the others (and 1 more difference). A test that passes in spite of an error may be checking nothing.",
    );
}

#[test]
fn only_passing_attempts_are_asked_about() {
    let mut evidence = passed(
        &with(NONE, |call| answered(call, 500, "{}")),
        &[order(), order()],
    );
    assert!(unlike_passes(&evidence).is_some());
    evidence.attempt.status = AttemptStatus::Failed;
    assert_eq!(unlike_passes(&evidence), None);
}

/// The calls of any story of the other tests, with whatever went wrong in it.
fn any_calls() -> impl Strategy<Value = Vec<Call>> {
    let named = support::stories::all().into_iter().map(|(_, story)| story);
    let rows = support::tables::all().into_iter().map(|(story, _)| story);
    let calls: Vec<Vec<Call>> = named.chain(rows).map(|story| story.calls).collect();
    (0..calls.len()).prop_map(move |at| calls[at].clone())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the others are: what one of them has is no oddity.
    #[test]
    fn a_pass_like_one_of_the_others_is_not_odd(own in any_calls(), others in prop::collection::vec(any_calls(), 1..4)) {
        let mut others = others;
        others.push(own.clone());
        prop_assert_eq!(told(&passed(&own, &others)), "");
    }

    #[test]
    fn the_order_of_concurrent_calls_is_not_odd(calls in any_calls()) {
        let pair = |left: i64, right: i64| {
            let mut calls = calls.clone();
            calls.extend([
                get("http://127.0.0.1:3000/left", left).takes(30).answers(200, "{}"),
                get("http://127.0.0.1:9200/right", right).takes(30).answers(200, "{}"),
            ]);
            calls
        };
        prop_assert_eq!(told(&passed(&pair(2, 1), &[pair(1, 2), pair(1, 2)])), "");
    }

    #[test]
    fn other_identifiers_and_times_are_not_odd(calls in any_calls(), id in "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", later in 0_i64..50) {
        let mut own = calls.clone();
        for call in &mut own {
            call.replace("5f2b8c1e-9d3a-4c6b-8e7f-001122334455", &id);
            call.start += later;
            call.end = call.end.map(|end| end + later);
        }
        prop_assert_eq!(told(&passed(&own, &[calls.clone(), calls])), "");
    }

    /// Numbers that differ among the others, too.
    #[test]
    fn numbers_that_vary_are_not_odd(numbers in prop::collection::vec(0_u32..1_000, 3)) {
        let measured = |number: u32| {
            let body = format!(r#"{{"took":{number},"items":[{number}]}}"#);
            with(LIST, |call| answered(call, 200, &body))
        };
        let others = [measured(numbers[0]), measured(numbers[1])];
        prop_assert_eq!(told(&passed(&measured(numbers[2]), &others)), "");
    }
}
