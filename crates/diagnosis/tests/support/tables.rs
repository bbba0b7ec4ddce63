//! The rows of the truth tables: what each rule must conclude. They stand in the documentation of their rule and in
//! `docs/concepts/causes.md`.

#![expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]

use std::cell::RefCell;

use model::AttemptStatus;

use super::{
    Call, Story, alone, answers, call, contents, contracts, entities, gateways, get, habits, links,
    machine, marks, neighbours, operations, polls, post, weighed,
};

pub(crate) const LAMBDA: &str =
    "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/fn-71/invocations";
pub(crate) const SHOP: &str = "http://127.0.0.1:3000/orders";
pub(crate) const PAYMENTS: &str = "http://127.0.0.1:7000/charges";
pub(crate) const NOBODY: &str = "http://127.0.0.1:4000/things";

/// Stories, each with what must be concluded from it: `cause owner confidence`, or `undetermined`.
#[derive(Default)]
pub(crate) struct Rows(RefCell<Vec<(Story, String)>>);

impl Rows {
    pub(crate) fn check(&self, story: &Story, expected: &str) {
        self.0
            .borrow_mut()
            .push((story.clone(), expected.to_owned()));
    }

    pub(crate) fn take(self) -> Vec<(Story, String)> {
        self.0.into_inner()
    }
}

/// The rows of all tables.
pub(crate) fn all() -> Vec<(Story, String)> {
    let rows = Rows::default();
    for table in [
        rate_limited,
        dependency_error,
        unreachable,
        dependency_slow,
        credentials,
        weighed::never_blamed,
        weighed::one_of_several,
        weighed::set_up_is_blamed_where_it_failed,
        links::linked_with_the_failure,
        links::at_another_port,
        links::busy_while_waiting,
        links::tries_of_one_call,
        polls::polls,
        polls::what_never_arrived,
        polls::what_is_no_race,
        polls::what_is_no_poll,
        polls::names_that_are_told_by_chance,
        marks::marks_of_change,
        marks::what_says_that_it_was_deleted,
        marks::items_in_front,
        marks::credentials_of_others,
        marks::procedures_in_paths,
        marks::deletions_by_procedures,
        marks::what_it_never_was,
        marks::what_was_not_taken_away,
        marks::plain_words,
        marks::what_was_left_out,
        marks::marks_of_other_things,
        marks::what_is_deleted_and_should_be,
        marks::looks_beside_a_write,
        marks::words_that_are_known,
        marks::answers_before,
        polls::passed_on_by_a_busy_service,
        contents::race,
        contents::stale_read,
        contents::shared_state,
        contracts::contract_change,
        contents::product,
        contents::test_code,
        contents::headers,
        contents::in_order,
        machine::environment,
        alone::one_recording,
        entities::names,
        gateways::keys_in_bodies,
        gateways::replacing_writes,
        gateways::spellings_and_headers,
        gateways::passwords_and_clocks,
        gateways::swept_away,
        gateways::done_by_itself,
        gateways::given_up_by_a_service,
        answers::inside_a_success,
        answers::quotas_and_rights,
        answers::what_went,
        answers::lists,
        answers::statements,
        answers::relations,
        answers::several_ports,
        answers::of_others,
        answers::products_that_end,
        answers::told_by_the_failure,
        habits::methods_in_bodies,
        habits::given_names,
        habits::objects_of_things,
        habits::last_looks,
        habits::what_has_not_moved,
        habits::wanted_refusals,
        habits::relayed,
        habits::sessions,
        habits::documents,
        habits::other_clients,
        neighbours::named_by_both,
        neighbours::by_the_time_alone,
        operations::graphql_calls,
        operations::withheld_tokens,
        operations::who_asks_and_when,
        operations::found_elsewhere,
        operations::bare_answers,
        operations::tokens_made_of_nothing,
        operations::products_and_whom_they_ask,
        operations::work_of_hooks,
        neighbours::named_at_the_product,
    ] {
        table(&rows);
    }
    rows.take()
}

/// The failing call after a harmless one, compared with a passing recording in which it was answered 200.
fn beside_passing(failing: Call) -> Story {
    let passing = passing_form(&failing);
    Story::of(vec![get(SHOP, 10).answers(200, "[]"), failing])
        .passing(vec![get(SHOP, 10).answers(200, "[]"), passing])
}

fn passing_form(failing: &Call) -> Call {
    let evidence = Story::of(vec![failing.clone()]).evidence();
    let exchange = evidence.recording.exchanges().remove(0);
    let body = exchange.request_body.text().unwrap_or_default().to_owned();
    call(&exchange.method, &exchange.url, 1_000)
        .sends(&body)
        .answers(200, r#"{"state":"done"}"#)
}

pub(crate) fn rate_limited(rows: &Rows) {
    let limited =
        |call: Call| rows.check(&beside_passing(call), "rate-limited dependency established");
    let other = |call: Call, expected: &str| rows.check(&beside_passing(call), expected);
    let lambda = || post(LAMBDA, 1_000);
    limited(lambda().answers(429, r#"{"message":"Rate Exceeded."}"#));
    limited(lambda().answers(503, "{}").header("retry-after", "1"));
    limited(
        lambda()
            .answers(403, "{}")
            .header("x-ratelimit-remaining", "0"),
    );
    limited(
        lambda()
            .answers(400, "{}")
            .header("x-amzn-errortype", "ThrottlingException:"),
    );
    limited(lambda().answers(
        400,
        r#"{"__type":"com.amazon#ProvisionedThroughputExceededException"}"#,
    ));
    limited(lambda().answers_as(
        503,
        "application/xml",
        "<Error><Code>SlowDown</Code></Error>",
    ));
    limited(lambda().answers(200, r#"{"ok":false,"error":"ratelimited"}"#));
    limited(lambda().answers(
        200,
        r#"{"errors":[{"message":"x","extensions":{"code":"RATE_LIMITED"}}]}"#,
    ));
    limited(
        lambda()
            .answers_as(200, "application/grpc", "")
            .header("grpc-status", "8"),
    );
    limited(lambda().answers(403, r#"{"message":"API rate limit exceeded"}"#));
    let maintenance = lambda()
        .answers(503, r#"{"detail":"down for maintenance"}"#)
        .header("retry-after", "120");
    other(maintenance, "dependency-error dependency established");
    other(
        lambda().answers(403, r#"{"message":"no"}"#),
        "dependency-error dependency likely",
    );
    other(
        lambda().answers(503, "{}"),
        "dependency-error dependency established",
    );
    other(
        lambda().answers(200, r#"{"state":"done","text":"rate limit"}"#),
        "undetermined",
    );
}

pub(crate) fn dependency_error(rows: &Rows) {
    let failed = |call: Call| {
        rows.check(
            &beside_passing(call),
            "dependency-error dependency established",
        )
    };
    let charge = || post(PAYMENTS, 1_000);
    for status in [500, 502, 503, 504] {
        failed(charge().answers(status, "{}"));
    }
    failed(
        charge()
            .answers_as(200, "application/grpc", "")
            .header("grpc-status", "13"),
    );
    failed(
        charge()
            .answers_as(200, "application/grpc", "")
            .header("grpc-status", "14"),
    );
    failed(charge().answers(200, "{\"state\":"));
    failed(
        charge()
            .answers(200, "{\"state\":")
            .with(model::attribute::RESPONSE_COMPLETE, false),
    );
    failed(
        charge()
            .answers(200, "{\"state\":")
            .fails("premature-end", "the connection was closed")
            .aborted_by("peer")
            .with(model::attribute::RESPONSE_COMPLETE, false),
    );
    failed(charge().answers_as(200, "text/html", "<html>busy</html>"));
    failed(charge().answers(200, ""));
    failed(charge().answers(
        200,
        r#"{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#,
    ));
    failed(charge().fails("HPE_INVALID_CONSTANT", "Parse Error"));
    rows.check(
        &Story::of(vec![charge().answers_as(200, "text/html", "<html>")]),
        "undetermined",
    );
    let not_there = charge().answers(404, "{}");
    rows.check(
        &beside_passing(not_there),
        "dependency-error dependency likely",
    );

    let still_broken = vec![
        charge().answers(500, "{}"),
        post(PAYMENTS, 1_500).answers(200, "{\"state\":"),
    ];
    rows.check(
        &Story::of(still_broken),
        "dependency-error dependency likely",
    );
    let odd = vec![charge().answers(200, "fine")];
    rows.check(&Story::of(odd.clone()).passing(odd), "undetermined");

    let absorbed = vec![
        charge().answers(500, "{}"),
        post(PAYMENTS, 1_500).answers(200, "{}"),
    ];
    rows.check(&Story::of(absorbed), "undetermined");
    let applied = Story::of(vec![
        charge().answers(503, "{}"),
        post(PAYMENTS, 1_500).answers(412, "{}"),
    ]);
    let applied = applied.passing(vec![charge().answers(200, "{}")]);
    rows.check(&applied, "dependency-error dependency established");
}

pub(crate) fn unreachable(rows: &Rows) {
    // It had been reached: the answer ended too early.
    let cut = get(PAYMENTS, 1_000)
        .answers(200, "{")
        .with(model::attribute::RESPONSE_COMPLETE, false)
        .fails("ECONNRESET", "aborted");
    rows.check(
        &beside_passing(cut),
        "dependency-error dependency established",
    );
    let charge = || post(PAYMENTS, 1_000);
    for code in [
        "ECONNREFUSED",
        "ECONNRESET",
        "EPIPE",
        "ENOTFOUND",
        "EHOSTUNREACH",
        "CERT_HAS_EXPIRED",
        "ERR_TLS_CERT_ALTNAME_INVALID",
    ] {
        rows.check(
            &beside_passing(charge().fails(code, "")),
            "unreachable dependency established",
        );
    }
    rows.check(
        &beside_passing(charge().fails("Error", "socket hang up")),
        "unreachable dependency established",
    );
    let untrusted = charge().fails("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "");
    rows.check(&beside_passing(untrusted), "unreachable dependency likely");
    rows.check(
        &beside_passing(charge().fails("EAI_AGAIN", "")),
        "unreachable environment established",
    );
    rows.check(
        &beside_passing(post(NOBODY, 1_000).fails("ECONNREFUSED", "")),
        "unreachable unknown likely",
    );
    rows.check(
        &beside_passing(post(SHOP, 1_000).fails("ECONNREFUSED", "")),
        "unreachable product established",
    );
    let cut_after = charge()
        .fails("ECONNRESET", "read ECONNRESET")
        .aborted_by("client");
    rows.check(
        &beside_passing(cut_after),
        "unreachable dependency established",
    );
    let stale = vec![
        get(PAYMENTS, 1_000).fails("ECONNRESET", ""),
        get(PAYMENTS, 1_030).answers(200, "{}"),
    ];
    rows.check(&Story::of(stale), "undetermined");
    rows.check(
        &Story::of(vec![
            charge()
                .fails("ECONNRESET", "socket hang up")
                .aborted_by("client"),
        ]),
        "undetermined",
    );
}

pub(crate) fn dependency_slow(rows: &Rows) {
    let charge = || post(PAYMENTS, 1_000);
    for code in [
        "ETIMEDOUT",
        "ESOCKETTIMEDOUT",
        "ECONNABORTED",
        "UND_ERR_HEADERS_TIMEOUT",
        "UND_ERR_BODY_TIMEOUT",
        "TimeoutError",
    ] {
        rows.check(
            &beside_passing(charge().takes(500).fails(code, "")),
            "dependency-slow dependency established",
        );
    }
    let cut = || {
        charge()
            .takes(500)
            .fails("ECONNRESET", "socket hang up")
            .aborted_by("client")
    };
    rows.check(
        &beside_passing(cut().with(model::attribute::CLIENT_TIMEOUT_MS, 500_i64)),
        "dependency-slow dependency established",
    );
    rows.check(
        &beside_passing(cut()).says("AxiosError", "timeout of 500ms exceeded"),
        "dependency-slow dependency established",
    );
    rows.check(&Story::of(vec![cut()]), "undetermined");
    // A service gave up, and says so to whom it asked for.
    let behind = |inner: Call| {
        let order = post(SHOP, 900).takes(700);
        let order = order.answers(504, r#"{"error":"payments: no answer"}"#);
        let there = vec![
            post(SHOP, 900).answers(201, "{}"),
            charge().inside(1).answers(201, "{}"),
        ];
        let here = Story::of(vec![order, inner.inside(1)]).passing(there);
        here.says("Error", "Request failed with status code 504")
    };
    rows.check(&behind(cut()), "dependency-slow dependency established");
    // It needed no answer any more.
    rows.check(&behind(cut().takes(1)), "product product established");
    let consequence = get(PAYMENTS, 4_000)
        .takes(1_002)
        .fails("AbortError", "")
        .aborted_by("client");
    rows.check(&Story::of(vec![consequence]), "undetermined");

    rows.check(
        &beside_passing(charge().stays_open()).limit(2_000),
        "dependency-slow dependency established",
    );
    rows.check(
        &Story::of(vec![charge().stays_open()]).limit(2_000),
        "dependency-slow dependency likely",
    );
    rows.check(
        &beside_passing(charge().takes(1_500).answers(200, "{}")).limit(2_000),
        "dependency-slow dependency established",
    );
    let polls: Vec<Call> = (0..20)
        .map(|n| get(SHOP, n * 100).answers(200, "[]"))
        .collect();
    let mut last_open = polls.clone();
    last_open.push(get(SHOP, 1_990).stays_open());
    rows.check(&Story::of(last_open).limit(2_000), "undetermined");

    let mut killed = Story::of(vec![charge().stays_open()]);
    killed.status = AttemptStatus::Unfinished;
    rows.check(&killed, "dependency-slow dependency likely");

    let took = Story::of(vec![
        charge().takes(1_600).answers(200, "{}"),
        get(SHOP, 2_610).stays_open(),
    ])
    .limit(3_000);
    let took = took.passing(vec![
        charge().takes(30).answers(200, "{}"),
        get(SHOP, 1_050).answers(200, "[]"),
    ]);
    rows.check(&took, "dependency-slow dependency established");
    let stream = vec![
        get("http://127.0.0.1:3000/events", 0).stays_open(),
        get(SHOP, 50).answers(200, "[]"),
    ];
    rows.check(
        &Story::of(stream.clone()).passing(stream).limit(2_000),
        "undetermined",
    );
    rows.check(
        &beside_passing(charge().takes(900).answers(200, r#"{"state":"done"}"#)),
        "undetermined",
    );
}

pub(crate) fn credentials(rows: &Rows) {
    let charge = || post(PAYMENTS, 1_000).answers(401, r#"{"error":"no"}"#);
    let known = || get("http://127.0.0.1:7000/me", 500).answers(200, "{}");
    let expires = |before: i64| 1_795_372_965 - before;

    let expired = charge()
        .credential("0123456789ab")
        .with(model::attribute::CREDENTIAL_JWT_EXP, expires(600));
    rows.check(
        &Story::of(vec![expired.clone()]),
        "credentials dependency likely",
    );
    rows.check(
        &beside_passing(expired),
        "credentials dependency established",
    );
    let revoked = Story::of(vec![
        known().credential("0123456789ab"),
        charge().credential("0123456789ab"),
    ]);
    rows.check(&revoked, "credentials dependency likely");
    let here = Story::of(vec![charge().credential("0123456789ab")]);
    let same = here.clone().passing(vec![
        post(PAYMENTS, 1_000)
            .credential("0123456789ab")
            .answers(200, "{}"),
    ]);
    rows.check(&same, "credentials dependency established");
    let another = here.clone().passing(vec![
        post(PAYMENTS, 1_000)
            .credential("ffff56789abc")
            .answers(200, "{}"),
    ]);
    rows.check(&another, "test-code test likely");
    rows.check(
        &here
            .clone()
            .says("Error", "Request failed with status code 401"),
        "credentials dependency likely",
    );
    rows.check(&here, "undetermined");
    rows.check(
        &beside_passing(post(PAYMENTS, 1_000).answers(400, r#"{"error":"invalid_grant"}"#)),
        "credentials dependency established",
    );
    rows.check(
        &beside_passing(
            post(PAYMENTS, 1_000).answers(403, r#"{"__type":"ExpiredTokenException"}"#),
        ),
        "credentials dependency established",
    );
    rows.check(
        &beside_passing(
            post(PAYMENTS, 1_000)
                .answers(403, "{}")
                .header("www-authenticate", "Bearer error=\"invalid_token\""),
        ),
        "credentials dependency established",
    );
    rows.check(
        &beside_passing(
            post(PAYMENTS, 1_000).answers(200, r#"{"ok":false,"error":"token_revoked"}"#),
        ),
        "credentials dependency established",
    );
    rows.check(
        &beside_passing(
            post(PAYMENTS, 1_000)
                .answers_as(200, "application/grpc", "")
                .header("grpc-status", "16"),
        ),
        "credentials dependency established",
    );
    rows.check(
        &beside_passing(post(PAYMENTS, 1_000).answers(403, r#"{"error":"forbidden"}"#)),
        "dependency-error dependency likely",
    );
    let negative = vec![charge().credential("0123456789ab")];
    rows.check(
        &Story::of(negative.clone()).passing(negative.clone()),
        "undetermined",
    );
    let mut wanted = Story::of(negative).says("AssertionError", "expected 403 to equal 401");
    wanted.calls.push(get(SHOP, 1_100).answers(403, "{}"));
    rows.check(&wanted, "undetermined");
}
