//! Suites that nobody here wrote, run unmodified: the outcomes, output and exit code are those without Flakescope, and
//! the recording has as many tests as Mocha counts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{MOCHA, Project, Recorded, repository};

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

/// Runs the suite twice as it is, then recorded. What the suite itself does not do the same twice says nothing, and what
/// came out differently in one recording and not in the next hangs on the time that the machine had for it.
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
    assert!(
        first.stats["tests"].as_u64().unwrap() >= at_least,
        "{:#}",
        first.stats
    );
    let mut suspicious: Vec<_> = first
        .outcomes
        .iter()
        .filter(|(key, count)| second.outcomes.get(*key) == Some(*count))
        .collect();
    for _ in 0..3 {
        let recorded = project.record(&command);
        let ours = counted(project);
        check_counts(&recorded, &ours.stats);
        suspicious.retain(|(key, count)| ours.outcomes.get(*key) != Some(*count));
        if suspicious.is_empty() {
            assert!(
                one != two || recorded.output.code == one,
                "{:?}",
                recorded.output.code
            );
            return;
        }
    }
    panic!("always another outcome: {suspicious:#?}");
}

/// The recording has the tests that Mocha counts, and misses nothing.
fn check_counts(recorded: &Recorded, stats: &Value) {
    let run = &recorded.report().0["run"];
    let count = |status: &str| run["counts"][status].as_u64().unwrap();
    let ended = count("passed") + count("failed") + count("flaky") + count("skipped");
    assert_eq!(
        ended,
        stats["tests"].as_u64().unwrap(),
        "{run:#}\n{stats:#}"
    );
    assert_eq!(
        run["counts"]["passed"], stats["passes"],
        "{run:#}\n{stats:#}"
    );
    // A suite may send more than is kept, answer what cannot be decoded, and end its process as it likes. Nothing else
    // may be missing.
    let mut lost = recorded.report().gaps();
    lost.retain(|kind, _| !["body-cut", "body-undecodable", "process-killed"].contains(kind));
    assert!(lost.is_empty(), "{run:#}");
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
