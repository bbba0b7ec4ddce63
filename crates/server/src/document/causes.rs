//! The failures of a run put together by cause: one dependency that refuses breaks many tests, and is told once, whatever
//! they asked it for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use diagnosis::history::without_addresses;
use model::{Cause, peer};
use schemars::JsonSchema;
use serde::Serialize;

use super::Seen;
use super::types::{Attempt, Error, Kind, Status, Test};

/// Characters of an error message that tell failures apart.
const MESSAGE_CHARACTERS: usize = 200;

/// Failures of one cause; or undetermined ones that say the same at the same place, numbers and ids left aside.
///
/// Of one cause are those that share a fingerprint, and those that are held against one peer which refused or failed alike,
/// whatever it was asked for: the same cause, peer and class of error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseGroup {
    /// The fingerprint of the first failure's diagnosis; null when undetermined, and the error's type, message and place, or
    /// that they never ended, are all that they share.
    pub fingerprint: Option<String>,
    /// The fingerprints of all of them, that of the first failure first: one for each kind of request that came to it.
    pub fingerprints: Vec<String>,
    /// The failures, never none. The first is the one to show: of a fixture before those of tests, of a test that failed
    /// before those of flaky ones, the surest diagnosis, the earliest. The others are in the order of `tests`.
    pub failures: Vec<GroupedFailure>,
    /// Where their fingerprints were seen; null when undetermined.
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

/// What a peer did, whatever it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Fault<'a> {
    cause: Cause,
    peer: &'a str,
    class: &'a str,
    /// Host and port, where nothing else tells peers on this machine apart.
    address: Option<&'a str>,
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
    let mut groups = by_fault(groups);
    groups.sort_by_key(|cases| {
        let determined = cases.iter().any(|case| fingerprint(case.attempt).is_some());
        let lasting = cases.iter().filter(|case| !is_flaky(case)).count();
        let first = cases.iter().map(|case| case.index).min();
        (!determined, Reverse((lasting, cases.len())), first)
    });
    groups.into_iter().map(group).collect()
}

/// The groups, those of one fault put together.
fn by_fault<'a>(groups: BTreeMap<Key<'a>, Vec<Case<'a>>>) -> Vec<Vec<Case<'a>>> {
    let mut places: HashMap<Fault, usize> = HashMap::new();
    let mut all: Vec<Vec<Case>> = Vec::new();
    for cases in groups.into_values() {
        let fault = cases.first().and_then(|case| fault(case.attempt));
        let place = fault.map(|fault| *places.entry(fault).or_insert(all.len()));
        match place.and_then(|place| all.get_mut(place)) {
            Some(group) => group.extend(cases),
            None => all.push(cases),
        }
    }
    all
}

/// None of a cause that lies in what was asked or answered rather than in the peer: two requests of those are two faults.
fn fault(attempt: &Attempt) -> Option<Fault<'_>> {
    let diagnosis = attempt.diagnosis.as_ref()?;
    let culprit = diagnosis.culprit.as_ref()?;
    let cause = Cause::from_name(&diagnosis.cause)?;
    let is_of_peer = matches!(
        cause,
        Cause::RateLimited
            | Cause::DependencyError
            | Cause::DependencySlow
            | Cause::Unreachable
            | Cause::Credentials
    );
    let mut fields = fingerprint(attempt)?.split('|');
    // Cause, peer, request and class (`diagnosis::fingerprint`).
    let class = fields.nth(3)?;
    (is_of_peer && fields.next().is_none()).then(|| Fault {
        cause,
        peer: &culprit.peer,
        class,
        address: peer::is_loopback(&culprit.peer).then(|| address(&culprit.url)),
    })
}

fn address(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn fingerprint(attempt: &Attempt) -> Option<&str> {
    let diagnosis = attempt.diagnosis.as_ref()?;
    Some(diagnosis.fingerprint.as_str()).filter(|fingerprint| !fingerprint.is_empty())
}

fn group(mut cases: Vec<Case>) -> CauseGroup {
    let lead = cases
        .iter()
        .min_by_key(|case| (lead_order(case), case.index));
    let lead = lead.map_or(0, |case| case.index);
    cases.sort_by_key(|case| (case.index != lead, case.index));
    let mut fingerprints: Vec<String> = Vec::new();
    for one in cases.iter().filter_map(|case| fingerprint(case.attempt)) {
        if !fingerprints.iter().any(|known| known == one) {
            fingerprints.push(one.to_owned());
        }
    }
    CauseGroup {
        fingerprint: fingerprints.first().cloned(),
        fingerprints,
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
    match (fingerprint(attempt), &attempt.error) {
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
