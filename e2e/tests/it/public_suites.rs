//! Suites that nobody here wrote, run unmodified: the outcomes, output and exit code are those without Flakescope, and
//! the recording has as many tests as Mocha counts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{MOCHA, Project, repository};

/// What Mocha says in its JSON.
struct Counted {
    stats: Value,
    /// How often each pair of title and outcome is there: titles are not unique.
    outcomes: BTreeMap<(String, bool), usize>,
}

/// A suite may print what it likes, so the reporter writes to a file.
fn counted(project: &Project) -> Counted {
    let text = std::fs::read(project.path().join("counted.json")).unwrap();
    let document: Value = serde_json::from_slice(&text).unwrap();
    let mut outcomes = BTreeMap::new();
    for test in document["tests"].as_array().unwrap() {
        let failed = test["err"]
            .as_object()
            .is_some_and(|error| !error.is_empty());
        *outcomes
            .entry((test["fullTitle"].as_str().unwrap().to_owned(), failed))
            .or_insert(0) += 1;
    }
    Counted {
        stats: document["stats"].clone(),
        outcomes,
    }
}

/// Runs the suite twice as it is and once recorded. What the suite itself does not do the same twice says nothing.
fn check(project: &Project, at_least: u64) {
    let reporter = [
        "--reporter",
        "json",
        "--reporter-option",
        "output=counted.json",
        "test",
    ];
    let command = [&MOCHA[..], &reporter].concat();
    let plain = || {
        let output = project.plain(&command, |_| {});
        (output.code, counted(project))
    };
    let ((one, first), (two, second)) = (plain(), plain());
    let recorded = project.record(&command);
    let ours = counted(project);
    assert!(
        first.stats["tests"].as_u64().unwrap() >= at_least,
        "{:#}",
        first.stats
    );

    assert!(
        [one, two].contains(&recorded.output.code),
        "{:?}",
        recorded.output.code
    );
    let stable = first
        .outcomes
        .iter()
        .filter(|(key, count)| second.outcomes.get(*key) == Some(*count));
    let changed: Vec<_> = stable
        .filter(|(key, count)| ours.outcomes.get(*key) != Some(*count))
        .collect();
    assert!(changed.is_empty(), "{changed:#?}");
    assert_eq!(
        ours.outcomes.values().sum::<usize>(),
        first.outcomes.values().sum::<usize>()
    );

    let run = &recorded.report().0["run"];
    let tests: u64 = ["passed", "failed", "flaky", "unfinished"]
        .iter()
        .map(|status| run["counts"][status].as_u64().unwrap())
        .sum();
    assert_eq!(
        tests,
        ours.stats["tests"].as_u64().unwrap(),
        "{run:#}\n{:#}",
        ours.stats
    );
    assert_eq!(
        run["counts"]["passed"], ours.stats["passes"],
        "{run:#}\n{:#}",
        ours.stats
    );
    assert_eq!(run["counts"]["unfinished"], 0, "{run:#}");
    assert_eq!(run["gaps"].as_array().map(Vec::len), Some(0), "{run:#}");
}

/// An HTTP client with some 350 tests. Its servers need a certificate, which the package leaves to whoever runs them.
#[test]
fn needle() {
    let project = Project::package("needle");
    for (name, source) in [("ssl.key", "test-key.pem"), ("ssl.cert", "test-cert.pem")] {
        let source = repository().join("agents/conformance/server").join(source);
        project.write(
            &format!("test/keys/{name}"),
            &std::fs::read_to_string(source).unwrap(),
        );
    }
    check(&project, 300);
}

/// An embedded database with some 330 tests: files, timers and child processes, and no HTTP at all.
#[test]
fn nedb() {
    check(&Project::package("nedb"), 300);
}
