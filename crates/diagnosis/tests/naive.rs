//! How the rules compare with what people do without them: reading only the failure's message, and taking the first
//! red span of the waterfall. Counted on the fixtures and on the rows of the truth tables; the figures stand in
//! `docs/design/0004-diagnosis-first-rules.md`.
//!
//! The stories were written together with the rules, so the figures show what each heuristic cannot tell apart, not
//! how it does on software that nobody here wrote.

mod support;

use diagnosis::diagnose;
use model::{AttemptStatus, Cause, Evidence, Exchange, Phase};
use support::Story;

type Labelled = Vec<(Story, Cause)>;
type Method = fn(&Evidence) -> Cause;

/// The cause, as far as the message alone says.
fn message_only(evidence: &Evidence) -> Cause {
    let Some(failure) = &evidence.attempt.failure else {
        return Cause::Undetermined;
    };
    let text = format!("{} {}", failure.error_type, failure.message).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&[
        "429",
        "rate exceeded",
        "rate limit",
        "throttl",
        "too many requests",
    ]) {
        Cause::RateLimited
    } else if has(&[
        "econnrefused",
        "econnreset",
        "enotfound",
        "eai_again",
        "socket hang up",
        "certificate",
    ]) {
        Cause::Unreachable
    } else if has(&["timeout", "timed out", "etimedout", "aborted"]) {
        Cause::DependencySlow
    } else if has(&[
        "401",
        "403",
        "unauthorized",
        "forbidden",
        "expired",
        "token",
    ]) {
        Cause::Credentials
    } else if has(&["500", "502", "503", "504", "service unavailable"]) {
        Cause::DependencyError
    } else {
        Cause::Undetermined
    }
}

/// The cause, as the first exchange that looks bad says.
fn first_red_span(evidence: &Evidence) -> Cause {
    if evidence.attempt.status == AttemptStatus::Passed {
        return Cause::Undetermined;
    }
    let fixtures = evidence
        .fixtures
        .iter()
        .flat_map(|fixture| fixture.exchanges());
    fixtures
        .chain(evidence.recording.exchanges())
        .find_map(|exchange| red(&exchange))
        .unwrap_or(Cause::Undetermined)
}

fn red(exchange: &Exchange) -> Option<Cause> {
    if let Some(error) = &exchange.error {
        let slow = ["TIMEDOUT", "TIMEOUT", "Timeout", "ABORTED", "Abort"]
            .iter()
            .any(|word| error.error_type.contains(word));
        return Some(if slow {
            Cause::DependencySlow
        } else {
            Cause::Unreachable
        });
    }
    match exchange.status() {
        None => Some(Cause::DependencySlow),
        Some(429) => Some(Cause::RateLimited),
        Some(401 | 403) => Some(Cause::Credentials),
        Some(400..) => Some(Cause::DependencyError),
        Some(_) => None,
    }
}

fn rules(evidence: &Evidence) -> Cause {
    diagnose(evidence).cause
}

fn rules_without_baseline(evidence: &Evidence) -> Cause {
    let alone = Evidence {
        baseline: None,
        ..evidence.clone()
    };
    diagnose(&alone).cause
}

/// How many stories each method names rightly, as `right of all`.
fn score(stories: &[(Story, Cause)], method: fn(&Evidence) -> Cause) -> String {
    let right = stories
        .iter()
        .filter(|(story, cause)| method(&story.evidence()) == *cause)
        .count();
    format!("{right} of {}", stories.len())
}

/// What the fixtures expect, from their files; what the rows expect, from the tables.
fn stories() -> (Labelled, Labelled) {
    let expected = |name: &str| {
        let file = format!(
            "{}/../../fixtures/{name}/expected.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        json["cause"].as_str().and_then(Cause::from_name)
    };
    let fixtures = support::stories::all()
        .into_iter()
        .filter_map(|(name, story)| Some((story, expected(name)?)))
        .collect();
    let rows = support::tables::all()
        .into_iter()
        .filter_map(|(story, row)| {
            let cause = row.split(' ').next().and_then(Cause::from_name)?;
            Some((story, cause))
        });
    (fixtures, rows.collect())
}

#[test]
fn figures() {
    let (fixtures, rows) = stories();
    let methods: [(&str, Method); 4] = [
        ("message only", message_only),
        ("first red span", first_red_span),
        ("rules, no passing recording", rules_without_baseline),
        ("rules", rules),
    ];
    let lines: Vec<String> = methods
        .iter()
        .map(|(name, method)| {
            format!(
                "{name}: fixtures {}, rows {}",
                score(&fixtures, *method),
                score(&rows, *method)
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    message only: fixtures 18 of 39, rows 69 of 453
    first red span: fixtures 18 of 39, rows 137 of 453
    rules, no passing recording: fixtures 29 of 39, rows 254 of 453
    rules: fixtures 39 of 39, rows 453 of 453
    ");
}

/// A diagnosis that blames somebody outside when nobody is to blame is worse than none.
#[test]
fn wrong_accusations() {
    let (fixtures, rows) = stories();
    let nobody: Vec<_> = fixtures
        .into_iter()
        .chain(rows)
        .filter(|(_, cause)| *cause == Cause::Undetermined)
        .collect();
    let accuse = |method: fn(&Evidence) -> Cause| {
        let wrong = nobody
            .iter()
            .filter(|(story, _)| method(&story.evidence()) != Cause::Undetermined)
            .count();
        format!("{wrong} of {}", nobody.len())
    };
    let lines = [
        format!("message only: {}", accuse(message_only)),
        format!("first red span: {}", accuse(first_red_span)),
        format!(
            "rules, no passing recording: {}",
            accuse(rules_without_baseline)
        ),
        format!("rules: {}", accuse(rules)),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    message only: 11 of 47
    first red span: 32 of 47
    rules, no passing recording: 6 of 47
    rules: 0 of 47
    ");
}

/// The rows hold both kinds of phase, or a row was lost.
#[test]
fn the_rows_are_there() {
    let (fixtures, rows) = stories();
    assert!(
        fixtures.len() >= 20 && rows.len() >= 80,
        "{} {}",
        fixtures.len(),
        rows.len()
    );
    assert!(
        rows.iter()
            .any(|(story, _)| story.failure.phase == Some(Phase::Setup))
    );
}
