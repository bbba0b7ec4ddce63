//! Suites that nobody here wrote, run unmodified: the outcomes, output and exit code are those without Flakescope, and
//! the recording has as many tests as Mocha counts.
//!
//! HTTP clients' suites hang on fixed ports and short times, so `agents/conformance/public.mjs` compares them,
//! which first finds out what a suite does not do the same twice by itself.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{MOCHA, Project, Recorded};

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

/// Runs the suite as it is, then recorded.
fn check(project: &Project, at_least: u64) {
    let reporter = [
        "--reporter",
        "json",
        "--reporter-option",
        "output=counted.json",
        "test",
    ];
    let command = [&MOCHA[..], &reporter].concat();
    let plain = project.plain(&command, |_| {});
    let theirs = counted(project);
    assert!(
        theirs.stats["tests"].as_u64().unwrap() >= at_least,
        "{:#}",
        theirs.stats
    );
    let recorded = project.record(&command);
    let ours = counted(project);
    check_counts(&recorded, &ours.stats);
    assert_eq!(ours.outcomes, theirs.outcomes);
    assert_eq!(recorded.output.code, plain.code);
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
    // A suite may end its processes as it likes. Nothing else may be missing.
    let mut lost = recorded.report().gaps();
    lost.retain(|kind, _| *kind != "process-killed");
    assert!(lost.is_empty(), "{run:#}");
}

/// An embedded database with some 330 tests: files, timers and child processes, and no HTTP at all.
#[test]
fn nedb() {
    check(&Project::package("nedb"), 300);
}
