//! How often a test is flaky, under three rules that others have published, and whether a failure is new.
//!
//! | rule | counted | of |
//! |---|---|---|
//! | both outcomes on one commit | commits on which it passed and failed | commits on which it was tried more than once |
//! | passed on retry | runs in which it passed after it had failed | runs in which it was tried |
//! | flip rate | runs that came out otherwise than the run before on the same branch | runs that have such a run before them |
//!
//! An attempt that never ended counts as failed, one that was skipped not at all. The first rule needs to know the commit.

use std::collections::BTreeMap;

use model::{AttemptStatus, PastAttempt, RunId, Timestamp};

use super::{Share, without_addresses};

/// How often a test is flaky, by each rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// Both outcomes on one commit.
    pub mixed_commits: Share,
    /// Passed on retry.
    pub passed_on_retry: Share,
    /// Came out otherwise than before.
    pub flips: Share,
}

impl Rates {
    /// Whether it failed and passed with nothing changed: by the first or the second rule. A flip alone may be a bug and
    /// its repair.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.mixed_commits.count > 0 || self.passed_on_retry.count > 0
    }
}

/// Whether a failure was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// Nothing like it among the earlier failures.
    New {
        /// Earlier failures of this test.
        earlier_failures: u64,
    },
    /// With the same cause, or where none is known the same words, as earlier ones.
    Known {
        /// How many earlier failures are like it, of how many.
        like_it: Share,
        /// When the first of them began.
        since: Timestamp,
    },
}

/// Passed or failed; none of what says neither.
fn passed(attempt: &PastAttempt) -> Option<bool> {
    match attempt.status {
        AttemptStatus::Passed => Some(true),
        AttemptStatus::Failed | AttemptStatus::Unfinished => Some(false),
        AttemptStatus::Skipped => None,
    }
}

/// The outcomes of a run, in order.
struct RunOutcome<'a> {
    start: Timestamp,
    branch: Option<&'a str>,
    outcomes: Vec<bool>,
}

/// How often a test is flaky, by these attempts of it in any order.
#[must_use]
pub fn rates(attempts: &[PastAttempt]) -> Rates {
    let mut commits: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    let mut runs: BTreeMap<RunId, RunOutcome> = BTreeMap::new();
    let mut sorted: Vec<&PastAttempt> = attempts.iter().collect();
    sorted.sort_by_key(|attempt| (attempt.start, attempt.attempt_id));
    for attempt in sorted {
        let Some(passed) = passed(attempt) else {
            continue;
        };
        if let Some(commit) = &attempt.commit {
            commits.entry(commit).or_default().push(passed);
        }
        let run = runs.entry(attempt.run_id).or_insert_with(|| RunOutcome {
            start: attempt.start,
            branch: attempt.branch.as_deref(),
            outcomes: Vec::new(),
        });
        run.outcomes.push(passed);
    }
    let tried_again = || commits.values().filter(|outcomes| outcomes.len() > 1);
    Rates {
        mixed_commits: share(tried_again().map(|outcomes| is_mixed(outcomes))),
        passed_on_retry: share(runs.values().map(|run| is_retried(&run.outcomes))),
        flips: flips(runs.into_values().collect()),
    }
}

fn is_mixed(outcomes: &[bool]) -> bool {
    outcomes.contains(&true) && outcomes.contains(&false)
}

/// Whether a failure is followed by a success.
fn is_retried(outcomes: &[bool]) -> bool {
    let first_failure = outcomes.iter().position(|passed| !passed);
    first_failure.is_some_and(|at| outcomes[at..].contains(&true))
}

fn flips(mut runs: Vec<RunOutcome>) -> Share {
    // A stable sort: runs come by id, which settles equal starts.
    runs.sort_by_key(|run| (run.branch, run.start));
    let pairs = runs
        .windows(2)
        .filter(|pair| pair[0].branch == pair[1].branch);
    share(pairs.map(|pair| pair[0].outcomes.last() != pair[1].outcomes.last()))
}

fn share(all: impl Iterator<Item = bool>) -> Share {
    all.fold(Share::default(), |share, hit| Share {
        count: share.count + u64::from(hit),
        of: share.of + 1,
    })
}

/// Whether the newest failure among these attempts was seen before. None when there is no failure.
#[must_use]
pub fn novelty(attempts: &[PastAttempt]) -> Option<Novelty> {
    let mut failures: Vec<&PastAttempt> = attempts
        .iter()
        .filter(|attempt| passed(attempt) == Some(false))
        .collect();
    failures.sort_by_key(|attempt| (attempt.start, attempt.attempt_id));
    let newest = failures.pop()?;
    let like_it: Vec<&&PastAttempt> = failures
        .iter()
        .filter(|earlier| is_alike(earlier, newest))
        .collect();
    let earlier_failures = failures.len() as u64;
    Some(match like_it.first() {
        None => Novelty::New { earlier_failures },
        Some(first) => Novelty::Known {
            like_it: Share::new(like_it.len() as u64, earlier_failures),
            since: first.start,
        },
    })
}

/// By their causes where both are known; else by what they say.
fn is_alike(left: &PastAttempt, right: &PastAttempt) -> bool {
    let cause = |attempt: &PastAttempt| {
        let named = attempt.fingerprint.clone();
        named.filter(|fingerprint| !fingerprint.is_empty())
    };
    match (cause(left), cause(right)) {
        (Some(left), Some(right)) => left == right,
        (None, None) => match (&left.said, &right.said) {
            (Some(left), Some(right)) => without_addresses(left) == without_addresses(right),
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use model::AttemptId;
    use proptest::prelude::*;

    use super::*;

    /// One letter for each attempt, by start: `p` passed, `f` failed, `u` never ended, `s` skipped. A space begins another
    /// run on the same commit, `|` one on the next commit.
    fn attempts(story: &str) -> Vec<PastAttempt> {
        let (mut run, mut commit) = (0, 0);
        let mut attempts = Vec::new();
        for (at, letter) in story.chars().enumerate() {
            let status = match letter {
                'p' => AttemptStatus::Passed,
                'f' => AttemptStatus::Failed,
                'u' => AttemptStatus::Unfinished,
                's' => AttemptStatus::Skipped,
                other => {
                    run += 1;
                    commit += u8::from(other == '|');
                    continue;
                }
            };
            let id = u8::try_from(at).unwrap();
            attempts.push(PastAttempt {
                attempt_id: AttemptId([id; 16]),
                run_id: RunId([run; 16]),
                status,
                start: Timestamp(i64::from(id)),
                commit: Some(commit.to_string()),
                branch: Some("main".into()),
                said: None,
                fingerprint: None,
            });
        }
        attempts
    }

    #[test]
    fn each_rule_counts_what_it_says() {
        let check = |story: &str, mixed: (u64, u64), retried: (u64, u64), flips: (u64, u64)| {
            let found = rates(&attempts(story));
            let pairs = [found.mixed_commits, found.passed_on_retry, found.flips];
            let pairs = pairs.map(|share| (share.count, share.of));
            assert_eq!(pairs, [mixed, retried, flips], "{story}");
        };
        check("", (0, 0), (0, 0), (0, 0));
        check("p", (0, 0), (0, 1), (0, 0));
        check("p p p", (0, 1), (0, 3), (0, 2));
        check("fp", (1, 1), (1, 1), (0, 0));
        check("pf", (1, 1), (0, 1), (0, 0));
        check("f p", (1, 1), (0, 2), (1, 1));
        check("f|p|f|p", (0, 0), (0, 4), (3, 3));
        check("up", (1, 1), (1, 1), (0, 0));
        check("s s", (0, 0), (0, 0), (0, 0));
        check("ff|pp|ffp", (1, 3), (1, 3), (1, 2));
    }

    #[test]
    fn branches_are_no_story_of_each_other() {
        let mut two = attempts("p f p f");
        for (at, attempt) in two.iter_mut().enumerate() {
            attempt.branch = Some(["main", "topic"][at % 2].to_owned());
        }
        assert_eq!(rates(&two).flips, Share::new(0, 2));
        let mut unknown = attempts("f p");
        for attempt in &mut unknown {
            attempt.commit = None;
        }
        assert_eq!(rates(&unknown).mixed_commits, Share::new(0, 0));
        assert!(!rates(&unknown).is_flaky());
    }

    #[test]
    fn a_failure_is_new_or_known() {
        let named = |story: &str, causes: &[&str]| {
            let mut all = attempts(story);
            for (attempt, cause) in all.iter_mut().zip(causes) {
                attempt.fingerprint = (!cause.is_empty()).then(|| (*cause).to_owned());
                attempt.said = Some("no".into());
            }
            novelty(&all)
        };
        let known = |count, of, since| Novelty::Known {
            like_it: Share::new(count, of),
            since: Timestamp(since),
        };
        assert_eq!(named("p p", &[]), None);
        let new = |earlier_failures| Some(Novelty::New { earlier_failures });
        assert_eq!(named("p f", &["", "a"]), new(0));
        assert_eq!(named("f f", &["a", "b"]), new(1));
        assert_eq!(named("f f f", &["a", "b", "a"]), Some(known(1, 2, 0)));
        // Nobody knows why: the words decide.
        assert_eq!(named("p f f", &["", "", ""]), Some(known(1, 1, 2)));
        assert_eq!(named("f f", &["a", ""]), new(1));
        let mut moved = attempts("f f");
        for (attempt, at) in moved.iter_mut().zip(["0x7f0b7c9375d0", "0x7fab3c9375d0"]) {
            attempt.said = Some(format!("<Connection object at {at}> timed out"));
        }
        assert_eq!(novelty(&moved), Some(known(1, 1, 0)));
    }

    proptest! {
        /// No order of the attempts but that of their starts counts.
        #[test]
        fn the_order_of_the_list_says_nothing(story in "[pfus |]{0,30}", seed in any::<u64>()) {
            let all = attempts(&story);
            let mut shuffled = all.clone();
            shuffled.sort_by_key(|attempt| {
                u64::from(attempt.attempt_id.0[0]).wrapping_mul(seed | 1).rotate_left(17)
            });
            prop_assert_eq!(rates(&all), rates(&shuffled));
            prop_assert_eq!(novelty(&all), novelty(&shuffled));
        }
    }
}
