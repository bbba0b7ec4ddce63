//! What people say of diagnoses, taken together: which claims are withheld, and how often claims were right.
//!
//! The newest review of a fingerprint decides: after a dispute its claim is withheld, after an agreement it stands again.

use std::collections::BTreeMap;

use model::{AttemptId, Review, ReviewVerdict};

use super::Share;

/// Where claims stand by what people say of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// The disputes for which the claims of a fingerprint are withheld.
    withheld: BTreeMap<String, Review>,
    /// What was said of attempts of which nothing was claimed.
    labels: BTreeMap<AttemptId, Review>,
    /// Reviewed claims that were right.
    pub precision: Share,
}

impl Standing {
    /// Of all reviews, in any order.
    #[must_use]
    pub fn of(reviews: &[Review]) -> Self {
        let mut standing = Self::default();
        let mut sorted: Vec<&Review> = reviews.iter().collect();
        sorted.sort_by_key(|review| (review.time, review.attempt_id));
        for review in sorted {
            if !review.is_of_a_claim() {
                standing.label(review);
                continue;
            }
            match review.verdict {
                ReviewVerdict::Withdrawn => continue,
                ReviewVerdict::Agreed => {
                    standing.precision.count += 1;
                    standing.withheld.remove(&review.fingerprint);
                }
                ReviewVerdict::Disputed(_) => {
                    let fingerprint = review.fingerprint.clone();
                    standing.withheld.insert(fingerprint, review.clone());
                }
            }
            standing.precision.of += 1;
        }
        standing
    }

    fn label(&mut self, review: &Review) {
        if let ReviewVerdict::Disputed(_) = review.verdict {
            self.labels.insert(review.attempt_id, review.clone());
        }
    }

    /// The dispute for which the claim of an attempt is withheld, or what was said of it where nothing was claimed.
    #[must_use]
    pub fn dispute(&self, attempt: AttemptId, fingerprint: &str) -> Option<&Review> {
        match fingerprint {
            "" => self.labels.get(&attempt),
            _ => self.withheld.get(fingerprint),
        }
    }

    /// The dispute for which claims with this fingerprint are withheld, if they are.
    #[must_use]
    pub fn withheld_by(&self, fingerprint: &str) -> Option<&Review> {
        self.withheld.get(fingerprint)
    }

    /// The fingerprints whose claims are withheld.
    pub fn withheld(&self) -> impl Iterator<Item = &str> {
        self.withheld.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use model::{Cause, RunId, TestId, Timestamp};

    use super::*;

    /// Reviews by time: `a` agreed, `d` disputed, `w` withdrawn, of the fingerprint that follows; `u` disputes an
    /// undetermined one.
    fn standing(story: &[&str]) -> (Vec<String>, (u64, u64)) {
        let reviews: Vec<Review> = story
            .iter()
            .enumerate()
            .map(|(at, said)| {
                let (verdict, fingerprint) = said.split_at(1);
                let id = u8::try_from(at).unwrap();
                Review {
                    attempt_id: AttemptId([id; 16]),
                    run_id: RunId([id; 16]),
                    test_id: TestId([1; 16]),
                    fingerprint: fingerprint.to_owned(),
                    claimed: match verdict {
                        "u" => Cause::Undetermined,
                        _ => Cause::RateLimited,
                    },
                    verdict: match verdict {
                        "a" => ReviewVerdict::Agreed,
                        "w" => ReviewVerdict::Withdrawn,
                        _ => ReviewVerdict::Disputed(Cause::TestCode),
                    },
                    note: None,
                    time: Timestamp(i64::from(id)),
                    rules_version: 1,
                }
            })
            .rev()
            .collect();
        let standing = Standing::of(&reviews);
        let withheld = standing.withheld().map(str::to_owned).collect();
        (withheld, (standing.precision.count, standing.precision.of))
    }

    #[test]
    fn the_newest_review_of_a_cause_decides() {
        let check = |story: &[&str], withheld: &[&str], precision: (u64, u64)| {
            let expected = withheld.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(standing(story), (expected, precision), "{story:?}");
        };
        check(&[], &[], (0, 0));
        check(&["dx"], &["x"], (0, 1));
        check(&["dx", "ax"], &[], (1, 2));
        check(&["ax", "dx", "ay"], &["x"], (2, 3));
        check(&["wx"], &[], (0, 0));
        // Nothing was claimed, so nothing is withheld, and nothing was wrong.
        check(&["u"], &[], (0, 0));
    }
}
