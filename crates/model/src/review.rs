//! A review: what somebody who looked into a failure says of its diagnosis.

use crate::{AttemptId, Cause, RunId, TestId, Timestamp};

/// What somebody says of the diagnosis of an attempt. Each attempt has one at most; a later one takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// Its run.
    pub run_id: RunId,
    /// Its test.
    pub test_id: TestId,
    /// The fingerprint of the diagnosis that was reviewed; empty where it was undetermined.
    pub fingerprint: String,
    /// The cause that was claimed.
    pub claimed: Cause,
    /// What is said of it.
    pub verdict: ReviewVerdict,
    /// Why, in the reviewer's words.
    pub note: Option<String>,
    /// When.
    pub time: Timestamp,
    /// The version of the rules that claimed it.
    pub rules_version: u32,
}

/// What a review says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewVerdict {
    /// The claim is right.
    Agreed,
    /// The claim is wrong, and this is the cause.
    Disputed(Cause),
    /// What was said before is taken back.
    Withdrawn,
}

impl Review {
    /// Whether there was a claim that can be right or wrong.
    #[must_use]
    pub fn is_of_a_claim(&self) -> bool {
        self.claimed != Cause::Undetermined
    }
}
