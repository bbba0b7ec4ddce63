//! The failures of a run put together by cause: one dependency that refuses breaks many tests, and is told once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::types::{Attempt, Kind, Status, Test};

/// Characters of an error message that tell failures apart.
const MESSAGE_CHARACTERS: usize = 200;

/// Failures of one cause; or undetermined ones that say the same, numbers and ids left aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseGroup {
    /// The fingerprint that their diagnoses share; null when undetermined, and the error's type and message, or that they
    /// never ended, are all that they share.
    pub fingerprint: Option<String>,
    /// The failures, never none. The first is the one to show: of a fixture before those of tests, of a test that failed
    /// before those of flaky ones, the surest diagnosis, the earliest. The others are in the order of `tests`.
    pub failures: Vec<GroupedFailure>,
}

/// A failure in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroupedFailure {
    /// The id of the test or fixture, in `tests`.
    pub test: String,
    /// The id of its attempt that decides: the last one that failed.
    pub attempt: String,
}

/// What failures must have in common to be one group. Determined ones sort first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Fingerprint(&'a str),
    Message {
        error_type: &'a str,
        message: String,
    },
    Unfinished,
}

/// A failure: where its test stands in the document, the test, and the attempt of it that decides.
#[derive(Clone, Copy)]
struct Case<'a> {
    index: usize,
    test: &'a Test,
    attempt: &'a Attempt,
}

/// The failures of these tests by cause, each once, those of flaky tests included: determined causes first, then those
/// of most tests that failed in the end, then of most at all, then the earliest.
#[must_use]
pub fn causes(tests: &[Test]) -> Vec<CauseGroup> {
    let mut groups: BTreeMap<Key, Vec<Case>> = BTreeMap::new();
    for (index, test) in tests.iter().enumerate() {
        let failed = test.status.is_bad() || test.status == Status::Flaky;
        if let (true, Some(attempt)) = (failed, test.decisive()) {
            let case = Case {
                index,
                test,
                attempt,
            };
            groups.entry(key(attempt)).or_default().push(case);
        }
    }
    let mut groups: Vec<(Key, Vec<Case>)> = groups.into_iter().collect();
    groups.sort_by_key(|(key, cases)| {
        let determined = matches!(key, Key::Fingerprint(_));
        let lasting = cases.iter().filter(|case| !is_flaky(case)).count();
        let first = cases.first().map(|case| case.index);
        (!determined, Reverse((lasting, cases.len())), first)
    });
    groups
        .into_iter()
        .map(|(key, cases)| group(&key, cases))
        .collect()
}

fn group(key: &Key, mut cases: Vec<Case>) -> CauseGroup {
    let lead = cases.iter().min_by_key(|case| lead_order(case));
    let lead = lead.map_or(0, |case| case.index);
    cases.sort_by_key(|case| (case.index != lead, case.index));
    CauseGroup {
        fingerprint: match key {
            Key::Fingerprint(fingerprint) => Some((*fingerprint).to_owned()),
            Key::Message { .. } | Key::Unfinished => None,
        },
        failures: cases
            .into_iter()
            .map(|case| GroupedFailure {
                test: case.test.id.clone(),
                attempt: case.attempt.id.clone(),
            })
            .collect(),
    }
}

fn is_flaky(case: &Case) -> bool {
    case.test.status == Status::Flaky
}

fn key(attempt: &Attempt) -> Key<'_> {
    let fingerprint = attempt
        .diagnosis
        .as_ref()
        .map(|diagnosis| diagnosis.fingerprint.as_str())
        .filter(|fingerprint| !fingerprint.is_empty());
    match (fingerprint, &attempt.error) {
        (Some(fingerprint), _) => Key::Fingerprint(fingerprint),
        (None, None) if attempt.status == Status::Unfinished => Key::Unfinished,
        (None, error) => Key::Message {
            error_type: error.as_ref().map_or("", |error| &error.error_type),
            message: error
                .as_ref()
                .map(|error| normalised(&error.message))
                .unwrap_or_default(),
        },
    }
}

fn lead_order(case: &Case) -> (bool, bool, u8) {
    let confidence = case
        .attempt
        .diagnosis
        .as_ref()
        .map(|diagnosis| diagnosis.confidence.as_str());
    let doubt = match confidence {
        Some("established") => 0,
        Some("likely") => 1,
        Some(_) => 2,
        None => 3,
    };
    (case.test.kind == Kind::Test, is_flaky(case), doubt)
}

/// The first line of a message with what differs from failure to failure taken out: numbers, and tokens with digits in
/// them, such as ids.
fn normalised(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut text = String::new();
    let mut token = String::new();
    for character in line.chars().take(MESSAGE_CHARACTERS) {
        if character.is_alphanumeric() {
            token.push(character);
        } else {
            push_token(&mut text, &mut token);
            text.push(character);
        }
    }
    push_token(&mut text, &mut token);
    text
}

fn push_token(text: &mut String, token: &mut String) {
    let varies = token.chars().any(|character| character.is_ascii_digit());
    text.push_str(if varies { "#" } else { token });
    token.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_lose_what_varies() {
        let check = |message: &str, expected: &str| assert_eq!(normalised(message), expected);
        check("expected 3 to equal 4\n+ 3\n- 4", "expected # to equal #");
        check("no item a8f3-77b1 at 10:12", "no item #-# at #:#");
        check("connect ECONNREFUSED", "connect ECONNREFUSED");
        check("", "");
    }
}
