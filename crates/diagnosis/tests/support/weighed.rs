//! The rows about calls that went wrong and are not to blame, and about which of several is.

use model::Phase;

use super::tables::{LAMBDA, NOBODY, PAYMENTS, Rows, SHOP};
use super::{Call, Story, get, post};

pub(crate) fn never_blamed(rows: &Rows) {
    let fails = |start: i64| post(PAYMENTS, start).answers(500, "{}");
    rows.check(
        &Story::of(vec![fails(1_000).phase("teardown")]),
        "undetermined",
    );
    rows.check(
        &Story::of(vec![fails(1_000).phase("after")]),
        "undetermined",
    );
    rows.check(&Story::of(vec![fails(5_100)]), "undetermined");
    rows.check(&Story::of(vec![fails(4_900).takes(200)]), "undetermined");
    rows.check(
        &Story::of(vec![fails(1_000)]).in_phase(Phase::Setup),
        "undetermined",
    );
    rows.check(
        &Story::of(vec![fails(1_000)]).passing(vec![fails(1_000)]),
        "undetermined",
    );
    let polls = vec![
        get(SHOP, 100).answers(404, ""),
        get(SHOP, 200).answers(404, ""),
        get(SHOP, 300).answers(404, ""),
    ];
    rows.check(&Story::of(polls).says("Error", "gave up"), "undetermined");
    rows.check(
        &Story::of(vec![get(SHOP, 100).answers(404, "{}")])
            .says("AssertionError", "expected 404 to equal 200"),
        "undetermined",
    );
    let hedged = vec![
        get(PAYMENTS, 1_000)
            .takes(300)
            .fails("AbortError", "")
            .aborted_by("client"),
        get(PAYMENTS, 1_100).takes(190).answers(200, "{}"),
    ];
    rows.check(&Story::of(hedged).says("Error", "timeout"), "undetermined");
    let unrelated = vec![
        fails(100),
        get(SHOP, 200).answers(200, "[]"),
        get(SHOP, 300).answers(200, "[]"),
        get(NOBODY, 400).answers(200, "[]"),
    ];
    rows.check(&Story::of(unrelated), "undetermined");
}

pub(crate) fn set_up_is_blamed_where_it_failed(rows: &Rows) {
    let mut story = Story::of(Vec::new()).in_phase(Phase::Setup);
    story.fixture = vec![post(PAYMENTS, 100).answers(503, "{}").phase("setup")];
    rows.check(&story, "dependency-error dependency likely");
    story.failure.phase = Some(Phase::Body);
    rows.check(&story, "undetermined");
    // The set-up went through all the same, so its failed call may have been of no account.
    story.passing = Some(Vec::new());
    story.passing_fixture = vec![post(PAYMENTS, 100).answers(201, "{}").phase("setup")];
    rows.check(&story, "dependency-error dependency likely");
}

/// Several calls went wrong, and one of them did it.
pub(crate) fn one_of_several(rows: &Rows) {
    let established = "dependency-error dependency established";
    // The later call asked without the token that it did not get: a consequence.
    let token = |start: i64| post("http://127.0.0.1:7000/token", start);
    let charges = |start: i64| get(PAYMENTS, start);
    let unauthorized = charges(1_200).answers(401, r#"{"error":"no token"}"#);
    let parted = Story::of(vec![token(1_000).answers(503, "{}"), unauthorized])
        .passing(vec![
            token(1_000).answers(200, "{}"),
            charges(1_200).credential("0123456789ab").answers(200, "[]"),
        ])
        .says("AxiosError", "Request failed with status code 401");
    rows.check(&parted, established);

    // The later call sent what it always sends: a fault of its own, and the one that the failure speaks of.
    let index = |start: i64| post("http://127.0.0.1:9200/metrics", start);
    let swallowed = Story::of(vec![
        index(1_000).answers(503, "{}"),
        post(LAMBDA, 1_200).answers(429, "{}"),
    ])
    .passing(vec![
        index(1_000).answers(200, "{}"),
        post(LAMBDA, 1_200).answers(202, "{}"),
    ])
    .says("Error", "Request failed with status code 429");
    rows.check(&swallowed, "rate-limited dependency likely");

    // The same outage, met three times: its first call.
    let outage: Vec<Call> = (0..3)
        .map(|n| get(&format!("{PAYMENTS}/{n}"), 1_000 + n * 100).answers(503, "{}"))
        .collect();
    let fine: Vec<Call> = (0..3)
        .map(|n| get(&format!("{PAYMENTS}/{n}"), 1_000 + n * 100).answers(200, "{}"))
        .collect();
    rows.check(&Story::of(outage).passing(fine), established);

    // Nothing to compare with: the failure's text decides against the last call.
    let spoken_of = vec![
        post(PAYMENTS, 1_000).answers(429, "{}"),
        get(NOBODY, 2_000).answers(500, "{}"),
    ];
    rows.check(
        &Story::of(spoken_of).says("AxiosError", "Request failed with status code 429"),
        "rate-limited dependency likely",
    );
}
