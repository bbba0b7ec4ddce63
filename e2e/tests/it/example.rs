//! The example suite on a good day, then on a bad one: each failure gets the cause that the services prepared, and
//! nothing is said that the evidence does not carry.

use serde_json::Value;

use crate::support::{Project, Recorded, Report};

const NPX_MOCHA: [&str; 2] = ["npx", "mocha"];

/// Test, status on the bad day, cause.
const BAD_DAY: [(&str, &str, Option<&str>); 9] = [
    (
        "renders the invoice of an order",
        "failed",
        Some("rate-limited"),
    ),
    ("are known by their token", "failed", Some("credentials")),
    ("finds products by a word of their name", "passed", None),
    (
        "quotes what a parcel costs",
        "failed",
        Some("dependency-slow"),
    ),
    ("announces a new order", "failed", Some("unreachable")),
    (
        "keeps items for an order",
        "failed",
        Some("dependency-error"),
    ),
    ("lists those that are open", "passed", None),
    ("knows nothing of one that was deleted", "passed", None),
    (
        "adds the parcel to what a customer pays",
        "failed",
        Some("test-code"),
    ),
];

/// A server that the command started is the product, until somebody declares what it is.
const BY_HABIT: (&str, &str) = ("keeps items for an order", "product");

/// That a test expects something else than before is known from how it passed.
const NEVER_PASSED: (&str, &str) = ("adds the parcel to what a customer pays", "undetermined");

/// Test, and the exchange that its diagnosis must point at.
const CULPRITS: [(&str, &str, &str, Option<u64>); 5] = [
    (
        "renders the invoice of an order",
        "POST",
        "/2015-03-31/functions/render-invoice/invocations",
        Some(400),
    ),
    ("are known by their token", "GET", "/userinfo", Some(401)),
    ("quotes what a parcel costs", "POST", "/quotes", None),
    (
        "announces a new order",
        "POST",
        "/topics/orders/events",
        None,
    ),
    (
        "keeps items for an order",
        "POST",
        "/items/TEA-1/reservations",
        Some(503),
    ),
];

fn record(project: &Project, day: &str, options: &[&str]) -> Recorded {
    project.record_with(options, &NPX_MOCHA, |command| {
        command.env("SERVICES", day);
    })
}

/// Holds the causes against those of the bad day, but for these tests.
fn check_causes(report: &Report, but: &[(&str, &str)]) {
    assert_eq!(report.tests().len(), BAD_DAY.len());
    for (name, status, cause) in BAD_DAY {
        assert_eq!(report.test(name)["status"], status, "{name}");
        let other = but.iter().find(|(test, _)| *test == name);
        let cause = other.map(|(_, cause)| *cause).or(cause);
        assert_eq!(
            report.diagnosis(name)["cause"].as_str(),
            cause,
            "{name}: {:#}",
            report.diagnosis(name)
        );
    }
}

fn check_culprits(report: &Report) {
    for (name, method, path, status) in CULPRITS {
        let culprit = &report.diagnosis(name)["culprit"];
        assert_eq!(culprit["method"], method, "{name}: {culprit:#}");
        assert!(
            culprit["url"].as_str().unwrap().ends_with(path),
            "{name}: {culprit:#}"
        );
        assert_eq!(culprit["status"].as_u64(), status, "{name}: {culprit:#}");
    }
}

fn failed_diagnoses(report: &Report) -> impl Iterator<Item = &Value> {
    let failed = BAD_DAY.iter().filter(|(_, status, _)| *status == "failed");
    failed.map(|(name, _, _)| report.diagnosis(name))
}

#[test]
fn causes_are_named_after_a_good_run() {
    let project = Project::example();
    let good = record(&project, "good", &[]);
    assert_eq!(good.output.code, Some(0), "{}", good.output.stdout);
    assert!(
        good.report()
            .statuses()
            .values()
            .all(|status| *status == "passed")
    );
    assert_eq!(good.report().statuses().len(), BAD_DAY.len());

    let bad = record(&project, "bad", &[]);
    assert_eq!(bad.output.code, Some(6), "{}", bad.output.stdout);
    check_causes(bad.report(), &[BY_HABIT]);
    check_culprits(bad.report());
    for diagnosis in failed_diagnoses(bad.report()) {
        assert_eq!(diagnosis["not_your_code"], false, "{diagnosis:#}");
        assert_ne!(
            diagnosis["owner"], "dependency",
            "nobody declared one: {diagnosis:#}"
        );
    }
    assert!(
        !bad.output.stderr.to_lowercase().contains("not your code"),
        "{}",
        bad.output.stderr
    );
}

#[test]
fn causes_are_named_without_a_good_run_and_never_established() {
    let project = Project::example();
    let bad = record(&project, "bad", &[]);
    check_causes(bad.report(), &[BY_HABIT, NEVER_PASSED]);
    check_culprits(bad.report());
    for diagnosis in failed_diagnoses(bad.report()) {
        assert_ne!(diagnosis["confidence"], "established", "{diagnosis:#}");
        assert_eq!(diagnosis["not_your_code"], false, "{diagnosis:#}");
    }
}

#[test]
fn declared_dependencies_own_their_failures() {
    let project = Project::example();
    let declared = ["--config", "flakescope.declared.toml"];
    record(&project, "good", &declared);
    let bad = record(&project, "bad", &declared);
    check_causes(bad.report(), &[]);
    check_culprits(bad.report());
    let check = |name: &str, owner: &str, peer: &str, role: &str| {
        let diagnosis = bad.report().diagnosis(name);
        assert_eq!(diagnosis["owner"], owner, "{diagnosis:#}");
        assert_eq!(diagnosis["culprit"]["peer"], peer, "{diagnosis:#}");
        assert_eq!(diagnosis["culprit"]["role"], role, "{diagnosis:#}");
        // It was not seen on a commit without this change, so nobody may say whose fault it is not.
        assert_eq!(diagnosis["not_your_code"], false, "{diagnosis:#}");
    };
    check(
        "renders the invoice of an order",
        "dependency",
        "AWS Lambda",
        "dependency",
    );
    check(
        "are known by their token",
        "dependency",
        "identity",
        "dependency",
    );
    check(
        "quotes what a parcel costs",
        "dependency",
        "carrier",
        "dependency",
    );
    check(
        "keeps items for an order",
        "dependency",
        "warehouse",
        "dependency",
    );
    check(
        "announces a new order",
        "environment",
        "event bus",
        "infrastructure",
    );
}

#[test]
fn what_was_absorbed_or_expected_is_in_no_diagnosis() {
    let project = Project::example();
    record(&project, "good", &[]);
    let bad = record(&project, "bad", &[]);
    let said: Vec<String> = failed_diagnoses(bad.report())
        .map(Value::to_string)
        .collect();
    for innocent in ["/products/_search", "/orders/A-0999"] {
        assert!(
            !said.iter().any(|text| text.contains(innocent)),
            "{innocent}: {said:#?}"
        );
    }
    for (name, status, _) in BAD_DAY {
        let attempt = &bad.report().test(name)["attempts"][0];
        assert_eq!(
            attempt["diagnosis"].is_null(),
            status == "passed",
            "{attempt:#}"
        );
    }
    // The two tries of the search are two exchanges all the same.
    let search = &bad.report().test("finds products by a word of their name")["attempts"][0];
    assert_eq!(search["exchanges"], 2);
}

#[test]
fn the_terminal_says_what_the_json_says() {
    let project = Project::example();
    record(&project, "good", &[]);
    let bad = record(&project, "bad", &[]);
    for diagnosis in failed_diagnoses(bad.report()) {
        // The sentence is broken into lines; its beginning is on one.
        let summary = diagnosis["summary"].as_str().unwrap();
        let beginning: String = summary.chars().take(40).collect();
        assert!(
            bad.output.stderr.contains(&beginning),
            "{beginning}\n{}",
            bad.output.stderr
        );
    }
    assert!(
        bad.output
            .stderr
            .lines()
            .any(|line| line.starts_with('▌') && line.contains("6 failed"))
    );
    let runs: Value = serde_json::from_str(&project.ask(&["list", "--json"])).unwrap();
    assert!(
        runs.to_string()
            .contains(bad.report().0["run"]["id"].as_str().unwrap()),
        "{runs:#}"
    );
    let shown: Value = serde_json::from_str(&project.ask(&["show", "last", "--json"])).unwrap();
    assert_eq!(shown, bad.report().0);
}
