//! Every folder of `fixtures/` holds evidence and what must be concluded from it.
//!
//! `FLAKESCOPE_UPDATE_FIXTURES=1 cargo test -p flakescope-diagnosis --test fixtures` writes the evidence of the
//! stories (`support/stories.rs`) and what is concluded now; the difference is then to be read by a person.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be read fails the test"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use diagnosis::diagnose;
use model::Diagnosis;
use serde_json::{Value, json};

const UPDATE: &str = "FLAKESCOPE_UPDATE_FIXTURES";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// What `expected.json` says of a diagnosis.
fn summary(diagnosis: &Diagnosis) -> Value {
    let culprit = diagnosis.culprit.as_ref().map(|culprit| {
        json!({
            "span_id": culprit.span_id.to_string(), "method": culprit.method, "url": culprit.url, "status": culprit.status,
            "error": culprit.error, "peer": culprit.peer, "role": culprit.role.as_str(),
        })
    });
    let texts = |findings: &[model::Finding]| {
        findings
            .iter()
            .map(|finding| finding.text.clone())
            .collect::<Vec<_>>()
    };
    json!({
        "cause": diagnosis.cause.as_str(), "owner": diagnosis.owner.as_str(), "confidence": diagnosis.confidence.as_str(),
        "not_your_code": diagnosis.not_your_code, "summary": diagnosis.summary, "culprit": culprit,
        "findings": texts(&diagnosis.findings), "counter": texts(&diagnosis.counter), "therefore": diagnosis.therefore,
        "missing": diagnosis.missing, "rivals": diagnosis.rivals.iter().map(|rival| rival.summary.clone()).collect::<Vec<_>>(),
        "fingerprint": diagnosis.fingerprint,
    })
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn update() {
    for (name, story) in support::stories::all() {
        let folder = folder().join(name);
        fs::create_dir_all(&folder).unwrap();
        let evidence = story.named(name).evidence();
        fs::write(
            folder.join("evidence.jsonl"),
            archive::evidence::encode_text(&evidence).unwrap(),
        )
        .unwrap();
        let expected = serde_json::to_string_pretty(&summary(&diagnose(&evidence))).unwrap();
        fs::write(folder.join("expected.json"), expected + "\n").unwrap();
    }
}

#[test]
fn each_fixture_is_diagnosed_as_it_says() {
    if std::env::var_os(UPDATE).is_some() {
        update();
    }
    let names = names();
    assert!(names.len() >= 14, "{names:?}");
    for name in names {
        let folder = folder().join(&name);
        let (evidence, problems) =
            archive::evidence::decode(&fs::read(folder.join("evidence.jsonl")).unwrap()).unwrap();
        assert!(problems.is_empty(), "{name}: {problems:?}");
        let expected: Value =
            serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
        let found = summary(&diagnose(&evidence));
        assert_eq!(found, expected, "{name}: {found:#}");
    }
}

#[test]
fn the_files_are_those_of_the_stories() {
    for (name, story) in support::stories::all() {
        let text = archive::evidence::encode_text(&story.named(name).evidence()).unwrap();
        let file = fs::read(folder().join(name).join("evidence.jsonl")).unwrap();
        assert!(text == file, "{name} is stale: run with {UPDATE}=1");
    }
}
