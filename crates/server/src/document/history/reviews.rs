//! What people say of diagnoses: the list, and what becomes of a claim that is disputed.

use std::collections::HashMap;

use anyhow::Result;
use diagnosis::history::Standing;
use model::{Cause, Confidence, Owner, Review, ReviewVerdict, TestId};
use schemars::JsonSchema;
use serde::Serialize;
use store::{PrefixMatch, Store};

use super::super::build::short_id;
use super::super::types::{Diagnosis, SCHEMA};
use super::Rate;
use crate::time::instant;

/// Why a claim is withheld: somebody said that it is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dispute {
    /// The attempt whose diagnosis was disputed: this one, or another one with the same fingerprint.
    pub attempt: String,
    /// When.
    pub at: String,
    /// The cause that was claimed.
    pub claimed: String,
    /// The cause that it was said to be.
    pub cause: String,
    /// Why, in the reviewer's words.
    pub note: Option<String>,
    /// The fingerprint of the claim; empty where nothing was claimed.
    pub fingerprint: String,
}

/// What people say of diagnoses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewList {
    /// The version of this document: 1.
    pub schema: u32,
    /// Claims that were found right, of those that were reviewed. Undetermined ones claim nothing.
    pub precision: Rate,
    /// All of them, those that were taken back too, newest first.
    pub reviews: Vec<ReviewEntry>,
}

/// What somebody says of the diagnosis of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewEntry {
    /// The attempt.
    pub attempt: String,
    /// The shortest beginning of its id that `flakescope show` understands now.
    pub short_id: String,
    /// Its test: suite path and name.
    pub test: String,
    /// When.
    pub at: String,
    /// `agreed`, `disputed` or `withdrawn`.
    pub verdict: String,
    /// The cause that was claimed.
    pub claimed: String,
    /// The cause that it was said to be; null unless disputed.
    pub cause: Option<String>,
    /// Why, in the reviewer's words.
    pub note: Option<String>,
    /// The fingerprint of the claim; empty where nothing was claimed.
    pub fingerprint: String,
    /// Claims with this fingerprint are withheld now.
    pub withheld: bool,
}

/// The reviews, and how often claims were right.
///
/// # Errors
/// When the store cannot be read.
pub fn reviews(store: &dyn Store) -> Result<ReviewList> {
    let all = store.reviews()?;
    let standing = Standing::of(&all);
    let titles: HashMap<TestId, String> = match all.is_empty() {
        true => HashMap::new(),
        false => {
            let tests = store.tests()?.into_iter();
            tests.map(|(id, test)| (id, test.title())).collect()
        }
    };
    let entry = |review: Review| {
        Ok(ReviewEntry {
            attempt: review.attempt_id.to_string(),
            short_id: short_id(store, PrefixMatch::Attempt(review.attempt_id))?,
            test: titles.get(&review.test_id).cloned().unwrap_or_default(),
            at: instant(review.time),
            verdict: word(review.verdict).to_owned(),
            claimed: review.claimed.as_str().to_owned(),
            cause: said(review.verdict).map(|cause| cause.as_str().to_owned()),
            withheld: standing.withheld_by(&review.fingerprint).is_some(),
            note: review.note,
            fingerprint: review.fingerprint,
        })
    };
    Ok(ReviewList {
        schema: SCHEMA,
        precision: standing.precision.into(),
        reviews: all.into_iter().map(entry).collect::<Result<_>>()?,
    })
}

fn word(verdict: ReviewVerdict) -> &'static str {
    match verdict {
        ReviewVerdict::Agreed => "agreed",
        ReviewVerdict::Disputed(_) => "disputed",
        ReviewVerdict::Withdrawn => "withdrawn",
    }
}

fn said(verdict: ReviewVerdict) -> Option<Cause> {
    match verdict {
        ReviewVerdict::Disputed(cause) => Some(cause),
        ReviewVerdict::Agreed | ReviewVerdict::Withdrawn => None,
    }
}

/// The entry of a dispute.
pub(super) fn dispute(review: &Review) -> Dispute {
    Dispute {
        attempt: review.attempt_id.to_string(),
        at: instant(review.time),
        claimed: review.claimed.as_str().to_owned(),
        cause: said(review.verdict)
            .unwrap_or(review.claimed)
            .as_str()
            .to_owned(),
        note: review.note.clone(),
        fingerprint: review.fingerprint.clone(),
    }
}

/// What to say instead of a claim.
pub(super) fn withheld_sentence(review: &Review) -> String {
    let Dispute {
        at, claimed, cause, ..
    } = dispute(review);
    let day = at.split('T').next().unwrap_or_default();
    match review.is_of_a_claim() {
        true => format!(
            "Disputed on {day}: it said {claimed}, you said {cause}; this claim is withheld."
        ),
        false => format!("Nothing was claimed; on {day} you said {cause}."),
    }
}

/// A diagnosis without its claim: the facts that it cites stay.
pub(in super::super) fn withhold(diagnosis: Diagnosis, review: &Review) -> Diagnosis {
    Diagnosis {
        cause: Cause::Undetermined.as_str().to_owned(),
        owner: Owner::Unknown.as_str().to_owned(),
        confidence: Confidence::Undetermined.as_str().to_owned(),
        not_your_code: false,
        summary: withheld_sentence(review),
        culprit: None,
        therefore: Vec::new(),
        rivals: Vec::new(),
        fingerprint: String::new(),
        disputed: Some(dispute(review)),
        ..diagnosis
    }
}
