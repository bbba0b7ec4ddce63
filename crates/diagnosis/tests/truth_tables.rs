//! The truth tables of the rules, row by row (`support/tables.rs`).

mod support;

use diagnosis::diagnose;
use model::AttemptStatus;
use support::tables::{self, Rows};
use support::{Story, post};

/// Checks each row of a table.
#[track_caller]
fn check(table: fn(&Rows)) {
    let rows = Rows::default();
    table(&rows);
    for (at, (story, expected)) in rows.take().iter().enumerate() {
        let diagnosis = diagnose(&story.evidence());
        assert_eq!(
            support::conclusion(&diagnosis),
            *expected,
            "row {at}: {diagnosis:#?}"
        );
    }
}

#[test]
fn rate_limited() {
    check(tables::rate_limited);
}

#[test]
fn dependency_error() {
    check(tables::dependency_error);
}

#[test]
fn unreachable() {
    check(tables::unreachable);
}

#[test]
fn dependency_slow() {
    check(tables::dependency_slow);
}

#[test]
fn credentials() {
    check(tables::credentials);
}

#[test]
fn never_blamed() {
    check(tables::never_blamed);
}

#[test]
fn one_of_several() {
    check(tables::one_of_several);
}

#[test]
fn set_up_is_blamed_where_it_failed() {
    check(tables::set_up_is_blamed_where_it_failed);
}

#[test]
fn an_attempt_that_passed_is_not_explained() {
    let payments = "http://127.0.0.1:7000/charges";
    let calls = vec![
        post(payments, 1_000).answers(500, "{}"),
        post(payments, 1_500).answers(200, "{}"),
    ];
    let mut story = Story::of(calls);
    story.status = AttemptStatus::Passed;
    let diagnosis = diagnose(&story.evidence());
    assert_eq!(support::conclusion(&diagnosis), "undetermined");
    assert_eq!(diagnosis.summary, "The attempt did not fail.");
}

#[test]
fn of_a_retried_write_the_applied_try_is_the_culprit() {
    let payments = "http://127.0.0.1:7000/charges";
    let calls = vec![
        post(payments, 1_000).answers(503, "{}"),
        post(payments, 1_500).answers(412, "{}"),
    ];
    let story = Story::of(calls).passing(vec![post(payments, 1_000).answers(200, "{}")]);
    assert_eq!(
        diagnose(&story.evidence()).culprit.unwrap().status,
        Some(503)
    );
}
