//! Whether a test has become slower or faster: the median of its newest passing attempts against that of those before.

use std::time::Duration;

/// Attempts in each of the two windows, at most …
const WINDOW: usize = 10;
/// … and at least. Of fewer nothing is said.
const ENOUGH: usize = 5;
/// A change that a reader would want to know of: by so many percent …
const NOTABLE_PERCENT: u128 = 20;
/// … and so much.
const NOTABLE: Duration = Duration::from_millis(50);
/// The quantile of the normal distribution for a two-sided test at 5 %.
const Z: f64 = 1.959_963_984_540_054;

/// Passing attempts that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many.
    pub attempts: usize,
    /// The median of their durations.
    pub median: Duration,
}

/// How the duration of a test changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Too few passing attempts to say: so many, and so many are needed.
    TooFew {
        /// Passing attempts there are.
        attempts: usize,
        /// Passing attempts it takes.
        needed: usize,
    },
    /// No change beyond what chance makes, or none worth telling.
    Steady {
        /// The attempts before.
        before: Window,
        /// The newest attempts.
        now: Window,
    },
    /// Slower or faster than before.
    Changed {
        /// The attempts before.
        before: Window,
        /// The newest attempts.
        now: Window,
    },
}

/// How the duration of a test changed, by the durations of its passing attempts, newest first.
///
/// A change is told when the medians differ by 20 % and 50 ms at least, and a rank test (Mann and Whitney, with the normal
/// approximation, two-sided at 5 %) says that chance hardly makes such a difference.
#[must_use]
pub fn trend(durations: &[Duration]) -> Trend {
    let width = WINDOW.min(durations.len() / 2);
    if width < ENOUGH {
        return Trend::TooFew {
            attempts: durations.len(),
            needed: 2 * ENOUGH,
        };
    }
    let (newest, rest) = durations.split_at(width);
    let older = &rest[..width];
    let (before, now) = (window(older), window(newest));
    let gap = now.median.abs_diff(before.median);
    let notable = gap >= NOTABLE
        && gap.as_nanos() * 100 >= before.median.as_nanos().saturating_mul(NOTABLE_PERCENT);
    match notable && differs(newest, older) {
        true => Trend::Changed { before, now },
        false => Trend::Steady { before, now },
    }
}

fn window(durations: &[Duration]) -> Window {
    Window {
        attempts: durations.len(),
        median: median(durations),
    }
}

fn median(durations: &[Duration]) -> Duration {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    match (sorted.get(middle.wrapping_sub(1)), sorted.get(middle)) {
        (Some(below), Some(above)) if sorted.len().is_multiple_of(2) => {
            *below + (*above - *below) / 2
        }
        (_, Some(only)) => *only,
        (_, None) => Duration::ZERO,
    }
}

/// Mann and Whitney's U: how often one of the left is longer than one of the right, ties by half.
fn differs(left: &[Duration], right: &[Duration]) -> bool {
    let mut halves = 0_u32;
    for one in left {
        for other in right {
            halves += match one.cmp(other) {
                std::cmp::Ordering::Greater => 2,
                std::cmp::Ordering::Equal => 1,
                std::cmp::Ordering::Less => 0,
            };
        }
    }
    let (m, n) = (left.len() as f64, right.len() as f64);
    let expected = m * n / 2.0;
    let deviation = (m * n * (m + n + 1.0) / 12.0).sqrt();
    (f64::from(halves) / 2.0 - expected).abs() >= Z * deviation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sure_and_worth_telling_is_told() {
        let check = |now: &[u64], before: &[u64], expected: &str| {
            let all: Vec<Duration> = now
                .iter()
                .chain(before)
                .map(|millis| Duration::from_millis(*millis))
                .collect();
            let seen = match trend(&all) {
                Trend::TooFew { attempts, needed } => format!("{attempts} of {needed}"),
                Trend::Steady { before, now } => told("steady", before, now),
                Trend::Changed { before, now } => told("changed", before, now),
            };
            assert_eq!(seen, expected);
        };
        check(&[], &[], "0 of 10");
        check(&[900; 4], &[100; 5], "9 of 10");
        check(&[900; 5], &[100; 5], "changed 100 (5) 900 (5)");
        check(&[100; 20], &[900; 5], "steady 100 (10) 100 (10)");
        check(&[100; 10], &[900; 12], "changed 900 (10) 100 (10)");
        // Too little to be worth telling.
        check(&[140; 10], &[100; 10], "steady 100 (10) 140 (10)");
        check(&[10_500; 10], &[10_000; 10], "steady 10000 (10) 10500 (10)");
        // One outlier moves no median; much scatter is no change.
        let scatter = [100, 900, 120, 880, 300, 700, 140, 860, 500, 520];
        let shifted = [600, 100, 800, 300, 900, 200, 880, 640, 130, 700];
        check(&shifted, &scatter, "steady 510 (10) 620 (10)");
    }

    fn told(word: &str, before: Window, now: Window) -> String {
        let one = |window: Window| format!("{} ({})", window.median.as_millis(), window.attempts);
        format!("{word} {} {}", one(before), one(now))
    }
}
