//! The truth tables of the rules, row by row (`support/tables.rs`).

mod support;

use diagnosis::diagnose;
use model::{AttemptKind, AttemptStatus, Listener, PeerDeclaration, Role, Timestamp};
use support::alone;
use support::answers;
use support::entities;
use support::gateways;
use support::habits;
use support::machine;
use support::marks;
use support::neighbours;
use support::operations;
use support::tables::{self, Rows};
use support::weighed;
use support::{Story, post};
use support::{contents, contracts};
use support::{links, polls};

/// Checks each row of a table.
#[track_caller]
fn check(table: fn(&Rows)) {
    let rows = Rows::default();
    table(&rows);
    let rows = rows.take();
    let wrong: Vec<String> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, (story, expected))| {
            let diagnosis = diagnose(&story.evidence());
            let said = support::conclusion(&diagnosis);
            let summary = diagnosis.summary;
            (said != *expected).then(|| format!("row {at}: {said}, not {expected}: {summary}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
fn polls_count_as_one() {
    check(polls::polls);
}

#[test]
fn what_never_arrived() {
    check(polls::what_never_arrived);
}

#[test]
fn passed_on_by_a_busy_service() {
    check(polls::passed_on_by_a_busy_service);
}

#[test]
fn never_blamed() {
    check(weighed::never_blamed);
}

#[test]
fn one_of_several() {
    check(weighed::one_of_several);
}

#[test]
fn linked_with_the_failure() {
    check(links::linked_with_the_failure);
}

#[test]
fn at_another_port() {
    check(links::at_another_port);
}

#[test]
fn busy_while_waiting() {
    check(links::busy_while_waiting);
}

#[test]
fn tries_of_one_call() {
    check(links::tries_of_one_call);
}

#[test]
fn race() {
    check(contents::race);
}

#[test]
fn stale_read() {
    check(contents::stale_read);
}

#[test]
fn shared_state() {
    check(contents::shared_state);
}

#[test]
fn contract_change() {
    check(contracts::contract_change);
}

#[test]
fn product() {
    check(contents::product);
}

#[test]
fn test_code() {
    check(contents::test_code);
}

#[test]
fn environment() {
    check(machine::environment);
}

#[test]
fn set_up_is_blamed_where_it_failed() {
    check(weighed::set_up_is_blamed_where_it_failed);
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

/// A client that looks at the status alone has met no trouble, and nobody has sent a broken body.
#[test]
fn an_answer_that_its_client_leaves_is_read_by_its_head() {
    let check = |status: i64, body: &str, expected: &str| {
        let charge = |status: i64, body: &str| post(tables::PAYMENTS, 1_000).answers(status, body);
        let left = charge(status, body)
            .aborted_by("client")
            .with(model::attribute::RESPONSE_COMPLETE, false);
        let story = Story::of(vec![left]).passing(vec![charge(200, r#"{"state":"done"}"#)]);
        let said = support::conclusion(&diagnose(&story.evidence()));
        assert_eq!(said, expected, "{status} {body}");
    };
    check(429, "", "rate-limited dependency established");
    check(503, "bu", "dependency-error dependency established");
    check(200, "", "undetermined");
    check(200, r#"{"sta"#, "undetermined");
}

/// Its port is another in each run, so only the process says that it is the same service.
#[test]
fn a_service_that_is_declared_by_its_process_is_known_at_any_port() {
    let story = Story::of(vec![
        post("http://127.0.0.1:3000/orders", 1_000).answers(503, "{}"),
    ])
    .passing(vec![
        post("http://127.0.0.1:4000/orders", 1_000).answers(200, "{}"),
    ]);
    let mut evidence = story.evidence();
    let listener = |port: u16| Listener {
        host: "127.0.0.1".into(),
        port,
        time: Timestamp(0),
        open: true,
        pid: 1,
        service: "orders.js".into(),
        program: "/p/services/orders.js".into(),
        runs_tests: false,
    };
    evidence.peers = vec![PeerDeclaration {
        hosts: vec![],
        process: Some("orders.js".into()),
        ..support::declare("orders", "", Role::Dependency)
    }];
    evidence.listeners = vec![listener(3000)];
    evidence.baseline.as_mut().unwrap().listeners = vec![listener(4000)];
    let diagnosis = diagnose(&evidence);
    assert_eq!(
        support::conclusion(&diagnosis),
        "dependency-error dependency established"
    );
    assert_eq!(diagnosis.culprit.unwrap().peer, "orders");
}

/// A declaration by its process means the port at which it listened in the passing run, when nobody started it in this one.
#[test]
fn a_declared_process_that_was_not_started_is_known_by_where_it_listened() {
    let charges = "http://127.0.0.1:7071/charges";
    let story = Story::of(vec![
        post(charges, 1_000).fails("ECONNREFUSED", "connect ECONNREFUSED"),
    ])
    .passing(vec![post(charges, 1_000).answers(201, "{}")]);
    let mut evidence = story.evidence();
    let listener = |port: u16, program: &str| Listener {
        host: "127.0.0.1".into(),
        port,
        time: Timestamp(0),
        open: true,
        pid: 1,
        service: "payments.js".into(),
        program: program.into(),
        runs_tests: false,
    };
    let payments = "/p/fake/payments.js";
    evidence.peers = vec![PeerDeclaration {
        hosts: vec![],
        process: Some("fake/payments.js".into()),
        ..support::declare("payments", "", Role::Dependency)
    }];
    evidence.baseline.as_mut().unwrap().listeners = vec![listener(7071, payments)];
    let check = |listeners: Vec<Listener>, expected: &str| {
        let mut evidence = evidence.clone();
        evidence.listeners = listeners;
        let diagnosis = diagnose(&evidence);
        assert_eq!(
            diagnosis.culprit.map(|culprit| culprit.peer).as_deref(),
            Some(expected)
        );
        diagnosis.findings.len()
    };
    let findings = check(vec![], "payments");
    assert!(findings > 1, "what the same call got there is said");
    // Somebody else listens there now, or it has moved.
    check(vec![listener(7071, "/p/other.js")], "payments.js");
    check(vec![listener(9000, payments)], "127.0.0.1");
}

/// Stand-ins for dependencies are started like the product is, so the habit is not enough for *established*.
#[test]
fn of_a_server_that_the_command_started_both_readings_are_given() {
    let shop = "http://127.0.0.1:3000/orders";
    let story = Story::of(vec![post(shop, 1_000).answers(503, "{}")])
        .passing(vec![post(shop, 1_000).answers(200, "{}")]);
    let mut evidence = story.evidence();
    evidence.peers.clear();
    evidence.listeners.push(Listener {
        host: "127.0.0.1".into(),
        port: 3000,
        time: Timestamp(0),
        open: true,
        pid: 1,
        service: "shop.js".into(),
        program: "/p/shop.js".into(),
        runs_tests: false,
    });
    let diagnosis = diagnose(&evidence);
    assert_eq!(support::conclusion(&diagnosis), "product product likely");
    assert!(
        diagnosis
            .missing
            .iter()
            .any(|text| text.contains("may be a stand-in")),
        "{diagnosis:#?}"
    );
}

/// A run's own server is where it listens, or listened until it went down.
#[test]
fn a_port_on_which_a_server_of_the_run_listened_is_its_own() {
    let story = Story::of(vec![
        post("http://127.0.0.1:7001/charges", 1_000).fails("ECONNREFUSED", ""),
    ])
    .passing(vec![
        post("http://127.0.0.1:7000/charges", 1_000).answers(201, "{}"),
    ]);
    let mut evidence = story.evidence();
    evidence.peers = vec![support::declare("payments", "127.0.0.1", Role::Dependency)];
    let at_another_port = diagnose(&evidence);
    assert_eq!(
        support::conclusion(&at_another_port),
        "test-code test likely"
    );
    evidence.listeners = vec![Listener {
        host: "127.0.0.1".into(),
        port: 7001,
        time: Timestamp(0),
        open: false,
        pid: 1,
        service: "payments.js".into(),
        program: "/p/payments.js".into(),
        runs_tests: false,
    }];
    assert_eq!(
        support::conclusion(&diagnose(&evidence)),
        "unreachable dependency established"
    );
}

/// The credential was left out by the test, whatever the peer would have thought of it.
#[test]
fn a_call_that_lost_its_credential_is_the_tests() {
    let payments = "http://127.0.0.1:7000/charges";
    let story = Story::of(vec![post(payments, 1_000).answers(401, "{}")]).passing(vec![
        post(payments, 1_000)
            .answers(200, "{}")
            .credential("a1a1a1a1a1a1"),
    ]);
    let diagnosis = diagnose(&story.evidence());
    assert_eq!(support::conclusion(&diagnosis), "test-code test likely");
}

/// A client that waits less than the passing call took says nothing about the peer.
#[test]
fn giving_up_sooner_than_before_is_not_established() {
    let payments = "http://127.0.0.1:7000/charges";
    let failing = post(payments, 1_000)
        .fails("ETIMEDOUT", "timeout of 4ms exceeded")
        .takes(4);
    let story =
        Story::of(vec![failing]).passing(vec![post(payments, 1_000).answers(200, "{}").takes(15)]);
    let diagnosis = diagnose(&story.evidence());
    assert_eq!(
        support::conclusion(&diagnosis),
        "dependency-slow dependency likely"
    );
}

/// The calls of a hook for each test are told with that test, so nothing is said of the test's own calls here.
#[test]
fn a_failed_hook_without_calls_is_not_said_to_be_a_test() {
    let mut evidence = Story::of(Vec::new()).evidence();
    evidence.attempt.kind = AttemptKind::Fixture;
    let diagnosis = diagnose(&evidence);
    assert_eq!(
        diagnosis.summary,
        "We can't tell why; no captured call is the hook's own."
    );
    assert!(
        diagnosis.missing[0].starts_with("No captured call is the hook's own;"),
        "{diagnosis:#?}"
    );
}

#[test]
fn one_recording() {
    check(alone::one_recording);
}

#[test]
fn names_that_a_test_chooses() {
    check(entities::names);
}

#[test]
fn errors_inside_a_success() {
    check(answers::inside_a_success);
}

#[test]
fn quotas_and_rights() {
    check(answers::quotas_and_rights);
}

#[test]
fn calls_that_went() {
    check(answers::what_went);
}

#[test]
fn lists_that_are_left_out() {
    check(answers::lists);
}

#[test]
fn statements() {
    check(answers::statements);
}

#[test]
fn requests_that_name_another_thing() {
    check(answers::relations);
}

#[test]
fn what_others_did_elsewhere() {
    check(answers::of_others);
}

#[test]
fn products_that_end() {
    check(answers::products_that_end);
}

#[test]
fn a_peer_with_several_ports() {
    check(answers::several_ports);
}

#[test]
fn told_by_the_failure() {
    check(answers::told_by_the_failure);
}

#[test]
fn headers() {
    check(contents::headers);
}

#[test]
fn tests_that_rely_on_each_other() {
    check(contents::in_order);
}

/// Each reading has words and a class of its own: causes are grouped by it.
#[test]
fn one_recording_says_what_it_found() {
    let rows = Rows::default();
    alone::one_recording(&rows);
    let stories = rows.take();
    let said: Vec<String> = stories
        .iter()
        .map(|(story, _)| diagnose(&story.evidence()))
        .filter(|diagnosis| diagnosis.culprit.is_some())
        .map(|diagnosis| format!("{}\n  {}", diagnosis.summary, diagnosis.fingerprint))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn methods_in_bodies() {
    check(habits::methods_in_bodies);
}

#[test]
fn given_names() {
    check(habits::given_names);
}

#[test]
fn objects_of_things() {
    check(habits::objects_of_things);
}

#[test]
fn last_looks() {
    check(habits::last_looks);
}

#[test]
fn wanted_refusals() {
    check(habits::wanted_refusals);
}

#[test]
fn relayed() {
    check(habits::relayed);
}

#[test]
fn sessions() {
    check(habits::sessions);
}

#[test]
fn what_has_not_moved() {
    check(habits::what_has_not_moved);
}

#[test]
fn documents() {
    check(habits::documents);
}

#[test]
fn other_clients() {
    check(habits::other_clients);
}

#[test]
fn other_tests_that_name_the_same() {
    check(neighbours::named_by_both);
}

#[test]
fn other_tests_at_the_same_time() {
    check(neighbours::by_the_time_alone);
}

#[test]
fn graphql_calls() {
    check(operations::graphql_calls);
}

#[test]
fn withheld_tokens() {
    check(operations::withheld_tokens);
}

#[test]
fn who_asks_and_when() {
    check(operations::who_asks_and_when);
}

#[test]
fn found_elsewhere() {
    check(operations::found_elsewhere);
}

#[test]
fn bare_answers() {
    check(operations::bare_answers);
}

#[test]
fn tokens_made_of_nothing() {
    check(operations::tokens_made_of_nothing);
}

#[test]
fn products_and_whom_they_ask() {
    check(operations::products_and_whom_they_ask);
}

#[test]
fn work_of_hooks() {
    check(operations::work_of_hooks);
}

#[test]
fn named_at_the_product() {
    check(neighbours::named_at_the_product);
}

#[test]
fn keys_and_values_are_read_in_bodies() {
    check(gateways::keys_in_bodies);
}

#[test]
fn a_write_may_name_what_it_replaces() {
    check(gateways::replacing_writes);
}

#[test]
fn spellings_and_headers_of_answers() {
    check(gateways::spellings_and_headers);
}

#[test]
fn passwords_and_clocks() {
    check(gateways::passwords_and_clocks);
}

#[test]
fn what_another_test_may_have_swept_away() {
    check(gateways::swept_away);
}

#[test]
fn services_that_work_by_themselves() {
    check(gateways::done_by_itself);
}

#[test]
fn what_is_read_after_a_write_and_is_no_race() {
    check(polls::what_is_no_race);
}

#[test]
fn what_a_service_had_given_up_itself() {
    check(gateways::given_up_by_a_service);
}

#[test]
fn what_is_asked_again_and_is_no_poll() {
    check(polls::what_is_no_poll);
}

#[test]
fn names_that_look_random_by_chance() {
    check(polls::names_that_are_told_by_chance);
}

#[test]
fn marks_of_change() {
    check(marks::marks_of_change);
}

#[test]
fn what_says_that_it_was_deleted() {
    check(marks::what_says_that_it_was_deleted);
}

#[test]
fn items_in_front() {
    check(marks::items_in_front);
}

#[test]
fn credentials_of_others() {
    check(marks::credentials_of_others);
}

#[test]
fn procedures_in_paths() {
    check(marks::procedures_in_paths);
}

#[test]
fn deletions_by_procedures() {
    check(marks::deletions_by_procedures);
}

#[test]
fn what_it_never_was() {
    check(marks::what_it_never_was);
}

#[test]
fn what_was_not_taken_away() {
    check(marks::what_was_not_taken_away);
}

#[test]
fn plain_words() {
    check(marks::plain_words);
}

#[test]
fn marks_of_other_things() {
    check(marks::marks_of_other_things);
}

#[test]
fn what_is_deleted_and_should_be() {
    check(marks::what_is_deleted_and_should_be);
}

#[test]
fn looks_beside_a_write() {
    check(marks::looks_beside_a_write);
}

#[test]
fn words_that_are_known() {
    check(marks::words_that_are_known);
}

#[test]
fn answers_before() {
    check(marks::answers_before);
}

#[test]
fn what_was_left_out() {
    check(marks::what_was_left_out);
}
