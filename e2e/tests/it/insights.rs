//! The product in small (`examples/insights`) on a good day, then on a bad one: each verdict is held against what its
//! `expected.json` says, and where nobody declared whom the product calls, nobody is accused for certain.

use std::fs;

use serde_json::Value;

use crate::support::{Project, Recorded, Report, repository};

const NPX_MOCHA: [&str; 2] = ["npx", "mocha"];

/// What is to be concluded.
fn expected() -> Value {
    let file = repository().join("examples/insights/expected.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn record(project: &Project, day: &str, options: &[&str], tracing: &str) -> Recorded {
    project.record_with(options, &NPX_MOCHA, |command| {
        command.env("SERVICES", day).env("TRACING", tracing);
    })
}

/// The tests of a report by their full titles.
fn title(test: &Value) -> String {
    let suite = test["suite"].as_array().unwrap();
    let titles = suite.iter().chain([&test["name"]]);
    let titles: Vec<&str> = titles.map(|title| title.as_str().unwrap()).collect();
    titles.join(" › ")
}

fn test<'a>(report: &'a Report, wanted: &str) -> &'a Value {
    let found = report
        .tests()
        .into_iter()
        .find(|test| title(test) == wanted);
    found.unwrap_or_else(|| panic!("no test {wanted}"))
}

fn check_counts(recorded: &Recorded, run: &Value) {
    let code = recorded.output.code.map(i64::from);
    assert_eq!(
        code,
        run["exit_code"].as_i64(),
        "{}",
        recorded.output.stdout
    );
    let counts = &recorded.report().0["run"]["counts"];
    for status in ["passed", "failed", "flaky"] {
        assert_eq!(counts[status], run[status], "{status}: {counts:#}");
    }
}

fn check_verdict(report: &Report, expected: &Value) {
    let name = expected["test"].as_str().unwrap();
    let test = test(report, name);
    assert_eq!(test["status"], expected["status"], "{name}");
    let diagnosis = &test["attempts"][0]["diagnosis"];
    if expected["status"] == "passed" {
        assert!(diagnosis.is_null(), "{name}: {diagnosis:#}");
        return;
    }
    for fact in ["cause", "owner", "confidence"] {
        let wanted = &expected[fact];
        assert!(
            wanted.is_null() || diagnosis[fact] == *wanted,
            "{name}: {diagnosis:#}"
        );
    }
    let culprit = &diagnosis["culprit"];
    let Some(wanted) = expected["culprit"].as_object() else {
        return;
    };
    for (fact, wanted) in wanted {
        assert_eq!(&culprit[fact], wanted, "{name}: {diagnosis:#}");
    }
}

fn diagnoses(report: &Report) -> Vec<(String, &Value)> {
    let of = |test: &'_ &Value| !test["attempts"][0]["diagnosis"].is_null();
    let tests = report.tests().into_iter().filter(of);
    tests
        .map(|test| (title(test), &test["attempts"][0]["diagnosis"]))
        .collect()
}

#[test]
fn each_verdict_is_the_expected_one() {
    let expected = expected();
    let project = Project::copy_of("examples/insights");
    let good = record(&project, "good", &[], "on");
    assert_eq!(good.output.code, Some(0), "{}", good.output.stdout);
    assert_eq!(diagnoses(good.report()), []);

    let bad = record(&project, "bad", &[], "on");
    check_counts(&bad, &expected["run"]);
    let tests = expected["tests"].as_array().unwrap();
    assert_eq!(bad.report().tests().len(), tests.len());
    for test in tests {
        check_verdict(bad.report(), test);
    }
    for (name, diagnosis) in diagnoses(bad.report()) {
        // The bad day is of the same commit as the good one.
        assert_eq!(diagnosis["not_your_code"], false, "{name}: {diagnosis:#}");
    }
}

/// Without a word about peers, and without spans of the product's own, the stand-ins may be the product, and the
/// product a dependency.
#[test]
fn where_nothing_is_declared_nothing_is_certain() {
    let project = Project::copy_of("examples/insights");
    let options = ["--config", "flakescope.undeclared.toml"];
    let good = record(&project, "good", &options, "off");
    assert_eq!(good.output.code, Some(0), "{}", good.output.stdout);

    let bad = record(&project, "bad", &options, "off");
    check_counts(&bad, &expected()["run"]);
    let diagnoses = diagnoses(bad.report());
    assert_eq!(diagnoses.len(), 15, "{diagnoses:#?}");
    for (name, diagnosis) in diagnoses {
        assert_eq!(diagnosis["not_your_code"], false, "{name}: {diagnosis:#}");
        assert_ne!(diagnosis["owner"], "dependency", "{name}: {diagnosis:#}");
        // Of what the test itself does it says nothing who the others are.
        assert!(
            diagnosis["confidence"] != "established" || diagnosis["owner"] == "test",
            "{name}: {diagnosis:#}"
        );
    }
}
