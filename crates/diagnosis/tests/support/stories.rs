//! The stories of `fixtures/`: what happened, in the words of the builder. `fixture_files` writes them to the archive's
//! format and holds the files against them.

#![expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]

use model::{AttemptStatus, Phase, attribute};

use super::{Call, Story, call, contents, declare, get, polls, post};

const LAMBDA: &str =
    "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/fn-71/invocations";
const SLACK: &str = "https://slack.com/api/chat.postMessage";
const SHOP: &str = "http://127.0.0.1:3000";
const PAYMENTS: &str = "http://127.0.0.1:7000";
const SEARCH: &str = "http://127.0.0.1:9200";
const LOCAL: &str = "http://127.0.0.1:4566";

/// All stories by the name of their folder.
pub(crate) fn all() -> Vec<(&'static str, Story)> {
    let mut stories = refused();
    stories.extend(answered_badly());
    stories.extend(not_answered());
    stories.extend(nobody_to_blame());
    stories.extend(not_the_peers());
    stories.extend(polls::stories());
    stories.extend(contents::stories());
    stories
}

fn user(start: i64, id: &str) -> Call {
    let body = format!(r#"{{"id":"{id}","state":"active"}}"#);
    post(&format!("{SHOP}/users"), start)
        .sends(r#"{"name":"ada"}"#)
        .answers(201, &body)
}

/// Quotas and credentials.
fn refused() -> Vec<(&'static str, Story)> {
    let here = "5f2b8c1e-9d3a-4c6b-8e7f-001122334455";
    let there = "a81bc81b-dead-4e5d-abff-90865d1e13b1";
    let invoke = |start: i64| post(LAMBDA, start).sends(r#"{"crash":true}"#);
    let throttled = |start: i64| {
        invoke(start)
            .takes(118)
            .answers(429, r#"{"message":"Rate Exceeded."}"#)
            .header("retry-after", "1")
    };
    let accepted = |start: i64| {
        invoke(start)
            .takes(95)
            .answers(202, r#"{"state":"accepted"}"#)
    };
    let insights =
        |start: i64| get(&format!("{SHOP}/insights"), start).answers(200, r#"[{"kind":"crash"}]"#);
    let read = |start: i64, id: &str| {
        get(&format!("{SHOP}/users/{id}"), start).answers(200, &format!(r#"{{"id":"{id}"}}"#))
    };
    let lambda = Story::of(vec![user(40, here), read(90, here), throttled(3_204)])
        .passing(vec![
            user(35, there),
            read(80, there),
            accepted(2_900),
            insights(3_400),
        ])
        .says("TooManyRequestsException", "Rate Exceeded.")
        .seen("rate-limited|AWS Lambda|POST /2015-03-31/functions/*/invocations|429");

    let many: Vec<Call> = (0..6)
        .map(|n| accepted(500 + n * 200))
        .chain([throttled(1_800)])
        .collect();
    let few: Vec<Call> = (0..3)
        .map(|n| accepted(500 + n * 200))
        .chain([accepted(1_200)])
        .collect();
    let more = Story::of(many)
        .passing(few)
        .seen("rate-limited|AWS Lambda|POST /2015-03-31/functions/*/invocations|429");

    let put = |start: i64| {
        post(&format!("{LOCAL}/"), start)
            .request_header("x-amz-target", "DynamoDB_20120810.PutItem")
            .request_header("content-type", "application/x-amz-json-1.0")
            .sends(r#"{"TableName":"orders"}"#)
    };
    let refusal = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Rate exceeded"}"#;
    let aws = Story::of(vec![
        user(20, here),
        put(130).answers_as(400, "application/x-amz-json-1.0", refusal),
    ])
    .passing(vec![
        user(20, there),
        put(130).answers_as(200, "application/x-amz-json-1.0", "{}"),
    ])
    .says("ThrottlingException", "Rate exceeded");

    let message = |start: i64| {
        post(SLACK, start)
            .sends(r#"{"channel":"C1","text":"hi"}"#)
            .credential("0123456789ab")
    };
    let revoked = Story::of(vec![
        message(900).answers(200, r#"{"ok":false,"error":"token_revoked"}"#),
    ])
    .passing(vec![
        message(850).answers(200, r#"{"ok":true,"ts":"1795000000.000100"}"#),
    ])
    .says("AssertionError", "expected false to equal true");
    let expired = Story::of(vec![
        get(&format!("{PAYMENTS}/charges"), 300)
            .credential("a1a1a1a1a1a1")
            .with(attribute::CREDENTIAL_JWT_EXP, 1_795_372_965_i64 - 720)
            .answers(401, r#"{"message":"jwt expired"}"#),
    ])
    .says("AxiosError", "Request failed with status code 401");
    let charges = |pseudonym: &str| get(&format!("{PAYMENTS}/charges"), 300).credential(pseudonym);
    let another = Story::of(vec![
        charges("b2b2b2b2b2b2").answers(401, r#"{"error":"unknown key"}"#),
    ])
    .passing(vec![charges("a1a1a1a1a1a1").answers(200, "[]")])
    .says("Error", "Unauthorized");
    vec![
        ("lambda-429", lambda),
        ("429-more-calls-than-baseline", more),
        ("aws-throttle-400", aws),
        ("token-revoked", revoked),
        ("token-expired", expired),
        ("another-credential", another),
    ]
}

/// Errors and malformed answers.
fn answered_badly() -> Vec<(&'static str, Story)> {
    let charge = |start: i64| post(&format!("{PAYMENTS}/charges"), start).sends(r#"{"amount":12}"#);
    let busy = r#"{"message":"Service Unavailable"}"#;
    let search = |start: i64| get(&format!("{SEARCH}/items/_search?q=lamp"), start);
    let hits = r#"{"hits":[{"id":17}]}"#;
    let mut retried = Story::of(vec![
        search(100).answers(500, r#"{"error":"shard failed"}"#),
        search(200).answers(200, hits),
    ]);
    retried.status = AttemptStatus::Passed;

    let no_baseline = Story::of(vec![charge(700).answers(503, busy)])
        .says("AxiosError", "Request failed with status code 503");
    let things = |start: i64| get(&format!("{LOCAL}/things"), start);
    let undeclared = Story::of(vec![things(50).answers(503, busy)])
        .passing(vec![things(50).answers(200, "[]")])
        .says("AssertionError", "expected 503 to equal 200");
    let order = |start: i64| post(&format!("{SHOP}/orders"), start).sends(r#"{"item":17}"#);
    let product = Story::of(vec![order(80).answers(
        500,
        r#"{"error":"TypeError: cannot read properties of undefined"}"#,
    )])
    .passing(vec![order(80).answers(201, r#"{"id":3}"#)])
    .says("AssertionError", "expected 500 to equal 201");
    let patch = |start: i64| {
        call("PATCH", &format!("{PAYMENTS}/charges/17"), start)
            .request_header("if-match", "v1")
            .sends(r#"{"amount":13}"#)
    };
    let applied = Story::of(vec![
        patch(100).answers(503, busy),
        patch(400).answers(412, r#"{"error":"precondition failed"}"#),
    ])
    .passing(vec![patch(100).answers(200, r#"{"amount":13}"#)])
    .says("AxiosError", "Request failed with status code 412");
    let page = "<!DOCTYPE html><html><head><title>Down for maintenance</title></head></html>";
    let html = Story::of(vec![charge(100).answers_as(200, "text/html", page)])
        .passing(vec![charge(100).answers(200, r#"{"state":"paid"}"#)])
        .says(
            "SyntaxError",
            "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        );
    let distracted = Story::of(vec![
        search(100).answers(500, r#"{"error":"shard failed"}"#),
        search(200).answers(200, hits),
        charge(300).answers(502, "{}"),
    ])
    .passing(vec![
        search(100).answers(200, hits),
        charge(200).answers(200, r#"{"state":"paid"}"#),
    ])
    .says("AxiosError", "Request failed with status code 502");
    let refund = |start: i64| {
        post(&format!("{SHOP}/refunds"), start)
            .takes(200)
            .sends(r#"{"order":17}"#)
    };
    let behind = Story::of(vec![
        refund(50).answers(500, r#"{"error":"refund failed"}"#),
        charge(100).inside(1).answers(503, busy),
    ])
    .passing(vec![
        refund(50).answers(201, "{}"),
        charge(100).inside(1).answers(200, r#"{"state":"paid"}"#),
    ])
    .says("AssertionError", "expected 500 to equal 201");
    let mut set_up = Story::of(Vec::new()).in_phase(Phase::Setup).says(
        "Error",
        "\"before all\" hook: Request failed with status code 503",
    );
    set_up.fixture = vec![
        call("PUT", &format!("{SEARCH}/items"), 30)
            .phase("setup")
            .answers(503, busy),
    ];
    vec![
        ("es-500-retried", retried),
        ("503-no-baseline", no_baseline),
        ("503-baseline-undeclared-local", undeclared),
        ("product-500", product),
        ("applied-then-412", applied),
        ("html-in-place-of-json", html),
        ("absorbed-500-then-502", distracted),
        ("503-in-shared-set-up", set_up),
        ("dependency-behind-the-product", behind),
    ]
}

/// Too late, or not at all.
fn not_answered() -> Vec<(&'static str, Story)> {
    let quote = |start: i64| get(&format!("{PAYMENTS}/quotes"), start);
    let answered = |start: i64| quote(start).takes(40).answers(200, r#"{"price":12}"#);
    let slow = Story::of(vec![
        quote(200)
            .takes(500)
            .fails("ECONNRESET", "socket hang up")
            .aborted_by("client")
            .with(attribute::CLIENT_TIMEOUT_MS, 500_i64),
    ])
    .passing(vec![answered(200)])
    .says("AxiosError", "timeout of 500ms exceeded")
    .fails_at(710);
    let hung = Story::of(vec![quote(200).stays_open()])
        .passing(vec![answered(200)])
        .limit(2_000);
    let reset = Story::of(vec![quote(200).fails("ECONNRESET", "socket hang up")])
        .passing(vec![answered(200)])
        .says("Error", "socket hang up");
    let charge = |host: &str| post(&format!("https://{host}/v1/charges"), 200);
    let mut dns = Story::of(vec![
        charge("api.payments.dev").fails("ENOTFOUND", "getaddrinfo ENOTFOUND api.payments.dev"),
    ])
    .says("Error", "getaddrinfo ENOTFOUND api.payments.dev");
    dns.peers.push(declare(
        "payments cloud",
        "*.payments.dev",
        model::Role::Dependency,
    ));
    let consequence = Story::of(vec![
        user(100, "5f2b8c1e-9d3a-4c6b-8e7f-001122334455"),
        quote(300)
            .takes(4_701)
            .fails("AbortError", "This operation was aborted")
            .aborted_by("client"),
    ])
    .says("AssertionError", "expected 'active' to equal 'blocked'");
    vec![
        ("slow-client-timeout", slow),
        ("hung-at-runner-timeout", hung),
        ("reset", reset),
        ("dns", dns),
        ("abort-after-assertion", consequence),
    ]
}

/// Failures that no call explains.
fn nobody_to_blame() -> Vec<(&'static str, Story)> {
    let deleted = |start: i64| {
        get(&format!("{SHOP}/users/17"), start).answers(404, r#"{"error":"not found"}"#)
    };
    let count =
        |start: i64, body: &str| get(&format!("{SHOP}/users?count"), start).answers(200, body);
    let expected_404 = Story::of(vec![deleted(100), count(200, r#"{"count":3}"#)])
        .passing(vec![deleted(100), count(200, r#"{"count":2}"#)])
        .says("AssertionError", "expected 3 to equal 2");
    let wrong = Story::of(vec![user(100, "5f2b8c1e-9d3a-4c6b-8e7f-001122334455")])
        .passing(vec![user(100, "a81bc81b-dead-4e5d-abff-90865d1e13b1")])
        .says("AssertionError", "expected 'active' to equal 'actve'");
    let poll = |n: i64| {
        get(&format!("{SHOP}/reports/17"), 100 + n * 400).answers(404, r#"{"error":"not found"}"#)
    };
    let polls = Story::of((0..10).map(poll).collect()).says("Error", "report did not appear");
    let silent = Story::of(Vec::new()).says(
        "TypeError",
        "Cannot read properties of undefined (reading 'id')",
    );
    vec![
        ("expected-404", expected_404),
        ("wrong-assertion", wrong),
        ("poll-gave-up", polls),
        ("no-captured-call", silent),
    ]
}

/// A call failed, and yet the failure came of something else, or of the test.
fn not_the_peers() -> Vec<(&'static str, Story)> {
    let rates = |start: i64| get(&format!("{PAYMENTS}/rates"), start);
    let order = |start: i64, state: &str| {
        get(&format!("{SHOP}/orders/17"), start).answers(200, &format!(r#"{{"state":"{state}"}}"#))
    };
    let swallowed = rates(100).answers(503, r#"{"message":"Service Unavailable"}"#);
    let given = rates(100).answers(200, r#"{"rate":7}"#);
    let passing = vec![given, order(300, "paid")];
    let another = Story::of(vec![swallowed.clone(), order(300, "open")])
        .passing(passing.clone())
        .compares("\"paid\"", "\"open\"");
    let unrelated = Story::of(vec![swallowed, order(300, "paid")])
        .passing(passing)
        .compares("3", "2");

    let charge = |port: u16| post(&format!("http://10.0.0.7:{port}/charges"), 200);
    let mut port = Story::of(vec![
        charge(7001).fails("ECONNREFUSED", "connect ECONNREFUSED 10.0.0.7:7001"),
    ])
    .passing(vec![charge(7000).answers(201, "{}")])
    .says("Error", "connect ECONNREFUSED 10.0.0.7:7001");
    port.peers = vec![declare("payments", "10.0.0.7", model::Role::Dependency)];

    let cut = rates(100)
        .takes(500)
        .fails("ETIMEDOUT", "timeout of 500ms exceeded")
        .with(attribute::EVENT_LOOP_ACTIVE_MS, 480_i64);
    let busy = Story::of(vec![cut])
        .passing(vec![rates(100).answers(200, r#"{"rate":7}"#)])
        .says("AxiosError", "timeout of 500ms exceeded");

    let invoke = |start: i64, status: i64, body: &str| {
        post(LAMBDA, start)
            .answers(status, body)
            .with(attribute::RETRY_GROUP, "5f2b")
    };
    let refused = |start: i64| invoke(start, 429, r#"{"message":"Rate Exceeded."}"#);
    let tries = Story::of(vec![
        refused(100),
        order(150, "paid"),
        refused(300),
        refused(700),
    ])
    .passing(vec![invoke(100, 202, "{}"), order(150, "paid")])
    .says("TooManyRequestsException", "Rate Exceeded.");

    let mut opened = Story::of(vec![
        rates(100)
            .stays_open()
            .with(attribute::CONNECT_OFFSET, 2_000_000_i64)
            .with(attribute::REQUEST_OFFSET, 3_000_000_i64),
    ])
    .passing(vec![rates(100).answers(200, "{}")])
    .limit(2_000);
    opened.failure.phase = Some(Phase::Body);
    vec![
        ("swallowed-503-another-answer", another),
        ("swallowed-503-unrelated-assertion", unrelated),
        ("another-port", port),
        ("busy-event-loop", busy),
        ("tries-exhausted", tries),
        ("sent-and-never-answered", opened),
    ]
}
