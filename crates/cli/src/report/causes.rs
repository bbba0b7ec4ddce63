//! The causes of a run's failures as the terminal tells them: the groups of its document, with what they refer to.

use std::collections::HashMap;

use server::document::{Attempt, CauseGroup, Document, GroupedFailure, Kind, Seen, Test};

/// Failures with one cause. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cause<'a> {
    /// The failure to show.
    pub(crate) lead: Case<'a>,
    /// The others, in the order of the document.
    pub(crate) others: Vec<Case<'a>>,
    /// Whether a diagnosis says what it is. If not, these only say the same when they fail.
    pub(crate) determined: bool,
    /// Different requests that came to it; a peer that is down fails more than one.
    pub(crate) requests: usize,
    /// Where the cause was seen, if it is determined.
    pub(crate) seen: Option<&'a Seen>,
}

/// A failure: a test and the attempt of it that decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Case<'a> {
    /// The test or fixture.
    pub(crate) test: &'a Test,
    /// The attempt that failed.
    pub(crate) attempt: &'a Attempt,
}

/// The causes of failures that lasted, in the order of the document. Flaky tests have lines of their own.
pub(crate) fn causes(document: &Document) -> Vec<Cause<'_>> {
    let tests: HashMap<&str, &Test> = document
        .tests
        .iter()
        .map(|test| (test.id.as_str(), test))
        .collect();
    let cause = |group| cause(&tests, group);
    document.causes.iter().filter_map(cause).collect()
}

fn cause<'a>(tests: &HashMap<&str, &'a Test>, group: &'a CauseGroup) -> Option<Cause<'a>> {
    let case = |failure: &GroupedFailure| {
        let test = *tests.get(failure.test.as_str())?;
        let mut attempts = test.attempts.iter();
        let attempt = attempts.find(|attempt| attempt.id == failure.attempt)?;
        test.status.is_bad().then_some(Case { test, attempt })
    };
    let mut cases = group.failures.iter().filter_map(case);
    Some(Cause {
        lead: cases.next()?,
        others: cases.collect(),
        determined: group.fingerprint.is_some(),
        requests: group.fingerprints.len(),
        seen: group.seen.as_ref(),
    })
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

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

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
        // One fault of a peer, whatever it was asked for; another class of error of the same peer is another one.
        check(
            &samples::provider_down(),
            &[
                (true, "pays 1", 2),
                (true, "pays 4", 0),
                (true, "pays 5", 0),
                (true, "pays 6", 0),
            ],
        );
        // The fixture leads, although its tests are listed before it.
        check(
            &samples::fixture_failure(),
            &[(true, "\"before all\" hook: sign in", 2)],
        );
        // A test that passed in the end is no failure.
        check(&samples::flaky(), &[]);
        // 30 undetermined failures say the same, but for a number.
        let causes = causes(&samples::three_hundred_failures()).len();
        assert_eq!(causes, 7 + 1);
    }

    /// By the terminal, without the flaky ones; by the document, with them.
    #[test]
    fn each_failure_is_told_once() {
        for (name, document) in samples::all() {
            let told: usize = causes(&document)
                .iter()
                .map(|cause| cause.cases().count())
                .sum();
            let failed = |test: &&Test| test.status.is_bad();
            assert_eq!(told, document.tests.iter().filter(failed).count(), "{name}");
            let grouped: usize = document
                .causes
                .iter()
                .map(|group| group.failures.len())
                .sum();
            let flaky = usize::try_from(document.run.counts.flaky).unwrap();
            assert_eq!(grouped, told + flaky, "{name}");
        }
    }
}
