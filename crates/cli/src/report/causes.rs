//! Puts the failures of a run together by cause: one dependency that refuses breaks many tests, and is told once.

use std::collections::BTreeMap;

use server::document::{Attempt, Document, Kind, Status, Test};

/// Characters of an error message that tell causes apart.
const MESSAGE_CHARACTERS: usize = 200;

/// Failures with one cause. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cause<'a> {
    /// The failure to show: of a fixture before those of tests, the surest diagnosis, the earliest.
    pub(crate) lead: Case<'a>,
    /// The others, in the order of the document.
    pub(crate) others: Vec<Case<'a>>,
    /// Whether a diagnosis says what it is. If not, these only say the same when they fail.
    pub(crate) determined: bool,
}

/// A failure: a test and the attempt of it that decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Case<'a> {
    /// The test or fixture.
    pub(crate) test: &'a Test,
    /// The attempt that failed.
    pub(crate) attempt: &'a Attempt,
}

/// What failures must have in common to be one cause. Determined ones sort first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Fingerprint(&'a str),
    Message {
        error_type: &'a str,
        message: String,
    },
    Unfinished,
}

/// The causes of a run's failures: determined ones first, then those of most tests, then the earliest.
pub(crate) fn causes(document: &Document) -> Vec<Cause<'_>> {
    let mut groups: BTreeMap<Key, Vec<(usize, Case)>> = BTreeMap::new();
    for (index, test) in document.tests.iter().enumerate() {
        if let (true, Some(attempt)) = (test.status.is_bad(), test.decisive()) {
            let case = Case { test, attempt };
            groups.entry(key(attempt)).or_default().push((index, case));
        }
    }
    let mut causes: Vec<(usize, Cause)> = groups
        .into_iter()
        .filter_map(|(key, cases)| {
            let (first, _) = *cases.first()?;
            let lead = cases.iter().min_by_key(|(_, case)| lead_order(case))?.0;
            let (leads, others): (Vec<_>, Vec<_>) =
                cases.into_iter().partition(|(index, _)| *index == lead);
            let cause = Cause {
                lead: leads.first()?.1,
                others: others.into_iter().map(|(_, case)| case).collect(),
                determined: matches!(key, Key::Fingerprint(_)),
            };
            Some((first, cause))
        })
        .collect();
    causes.sort_by_key(|(first, cause)| {
        let cases = cause.others.len() + 1;
        (!cause.determined, std::cmp::Reverse(cases), *first)
    });
    causes.into_iter().map(|(_, cause)| cause).collect()
}

impl<'a> Cause<'a> {
    /// All failures with this cause.
    pub(crate) fn cases(&self) -> impl Iterator<Item = Case<'a>> + '_ {
        std::iter::once(self.lead).chain(self.others.iter().copied())
    }

    /// How many of them are tests.
    pub(crate) fn tests(&self) -> usize {
        let is_test = |case: &Case| case.test.kind == Kind::Test;
        self.cases().filter(is_test).count()
    }
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

fn lead_order(case: &Case) -> (bool, u8) {
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
    (case.test.kind == Kind::Test, doubt)
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
    use super::super::samples;
    use super::*;

    #[test]
    fn messages_lose_what_varies() {
        let check = |message: &str, expected: &str| assert_eq!(normalised(message), expected);
        check("expected 3 to equal 4\n+ 3\n- 4", "expected # to equal #");
        check("no item a8f3-77b1 at 10:12", "no item #-# at #:#");
        check("connect ECONNREFUSED", "connect ECONNREFUSED");
        check("", "");
    }

    /// Cause by cause: is it determined, what leads, how many others.
    fn check(document: &Document, expected: &[(bool, &str, usize)]) {
        let causes = causes(document);
        let found: Vec<(bool, &str, usize)> = causes
            .iter()
            .map(|cause| {
                (
                    cause.determined,
                    cause.lead.test.name.as_str(),
                    cause.others.len(),
                )
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn failures_group_by_cause() {
        check(&samples::passed(), &[]);
        check(
            &samples::three_failures(),
            &[
                (true, "lambda crash produces insight", 1),
                (false, "deleted item disappears", 0),
            ],
        );
        // The fixture leads, although its tests are listed before it.
        check(
            &samples::fixture_failure(),
            &[(true, "\"before all\" hook: sign in", 2)],
        );
        // A test that passed in the end is no failure.
        check(&samples::flaky(), &[]);
    }

    #[test]
    fn each_failure_is_told_once() {
        for (name, document) in samples::all() {
            let told: usize = causes(&document)
                .iter()
                .map(|cause| cause.cases().count())
                .sum();
            let failed = document
                .tests
                .iter()
                .filter(|test| test.status.is_bad())
                .count();
            assert_eq!(told, failed, "{name}");
        }
    }
}
