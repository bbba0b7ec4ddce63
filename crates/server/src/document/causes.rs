//! The failures of a run put together by cause: one dependency that refuses breaks many tests, and is told once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use diagnosis::history::without_addresses;
use schemars::JsonSchema;
use serde::Serialize;

use super::Seen;
use super::types::{Attempt, Error, Kind, Status, Test};

/// Characters of an error message that tell failures apart.
const MESSAGE_CHARACTERS: usize = 200;

/// Failures of one cause; or undetermined ones that say the same at the same place, numbers and ids left aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseGroup {
    /// The fingerprint that their diagnoses share; null when undetermined, and the error's type, message and place, or that they
    /// never ended, are all that they share.
    pub fingerprint: Option<String>,
    /// The failures, never none. The first is the one to show: of a fixture before those of tests, of a test that failed
    /// before those of flaky ones, the surest diagnosis, the earliest. The others are in the order of `tests`.
    pub failures: Vec<GroupedFailure>,
    /// Where their cause was seen; null when undetermined.
    pub seen: Option<Seen>,
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
        /// File and line of the project's own that it comes from.
        place: Option<(&'a str, u32)>,
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
/// of most tests that failed in the end, then of most at all, then the earliest. Where they were seen is not known yet.
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
        seen: None,
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
        (None, error) => message_key(error.as_ref()),
    }
}

fn message_key(error: Option<&Error>) -> Key<'_> {
    let place = error.and_then(|error| Some((error.file.as_deref()?, error.line?)));
    let message = error
        .map(|error| error.message.as_str())
        .unwrap_or_default();
    Key::Message {
        error_type: error.map_or("", |error| &error.error_type),
        // Assertion libraries begin alike whatever they compare: only at one place is the rest of no account.
        message: match place {
            Some(_) => normalised(message),
            None => without_addresses(message).into_owned(),
        },
        place,
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
    #[test]
    fn what_begins_alike_at_two_places_is_two_failures() {
        let error = |message: &str, line: Option<u32>| Error {
            error_type: "AssertionError".into(),
            message: message.into(),
            phase: None,
            file: line.map(|_| "test.js".into()),
            line,
            expected: None,
            actual: None,
        };
        let check = |a: &Error, b: &Error, same: bool| {
            assert_eq!(message_key(Some(a)) == message_key(Some(b)), same);
        };
        let (seven, two) = ("not equal:\n\n7 !== 6", "not equal:\n\n2 !== 3");
        check(&error(seven, Some(4)), &error(two, Some(4)), true);
        check(&error(seven, Some(4)), &error(seven, Some(9)), false);
        check(&error(seven, None), &error(two, None), false);
        check(&error(seven, None), &error(seven, None), true);
        let lay = |at: &str| error(&format!("<Connection at {at}>: timed out"), None);
        check(&lay("0x7f0b7c9375d0"), &lay("0x7fab3c9375d0"), true);
    }
}
