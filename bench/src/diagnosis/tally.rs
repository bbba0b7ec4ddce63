//! Counting: shares with their intervals, and how well causes are told apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use model::Cause;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) hits: usize,
    pub(super) of: usize,
}

impl Share {
    /// How many of these are so.
    pub(super) fn count<T>(items: impl IntoIterator<Item = T>, is_so: impl Fn(&T) -> bool) -> Self {
        let mut share = Self::default();
        for item in items {
            share.of += 1;
            share.hits += usize::from(is_so(&item));
        }
        share
    }

    /// The 95 % interval after Wilson, which is right for small numbers too.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of cases are far below 2^52"
    )]
    pub(super) fn interval(self) -> Option<(f64, f64)> {
        /// The quantile of the normal distribution for 95 %.
        const Z: f64 = 1.959_964;
        if self.of == 0 {
            return None;
        }
        let n = self.of as f64;
        let share = self.hits as f64 / n;
        let divisor = 1.0 + Z * Z / n;
        let middle = share + Z * Z / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some((
            ((middle - half) / divisor).max(0.0),
            ((middle + half) / divisor).min(1.0),
        ))
    }
}

impl fmt::Display for Share {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of cases are far below 2^52"
    )]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.interval() {
            None => write!(formatter, "none of none"),
            Some((low, high)) => write!(
                formatter,
                "{}/{} = {:.1} % ({:.1}–{:.1})",
                self.hits,
                self.of,
                100.0 * self.hits as f64 / self.of as f64,
                100.0 * low,
                100.0 * high
            ),
        }
    }
}

/// How often which cause was said for which.
#[derive(Debug, Default)]
pub(super) struct Confusion(BTreeMap<(Cause, Cause), usize>);

impl Confusion {
    /// Of pairs of what is so and what was said.
    pub(super) fn of(pairs: impl IntoIterator<Item = (Cause, Cause)>) -> Self {
        let mut counts = BTreeMap::new();
        for pair in pairs {
            *counts.entry(pair).or_default() += 1;
        }
        Self(counts)
    }

    fn count(&self, truth: Cause, said: Cause) -> usize {
        self.0.get(&(truth, said)).copied().unwrap_or_default()
    }

    /// The mean of F1 over the causes that occur.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of cases are far below 2^52"
    )]
    pub(super) fn macro_f1(&self) -> f64 {
        let truths: BTreeSet<Cause> = self.0.keys().map(|(truth, _)| *truth).collect();
        let f1 = |cause: &Cause| {
            let right = self.count(*cause, *cause);
            let is_of = |(truth, said): &(Cause, Cause)| {
                usize::from(truth == cause) + usize::from(said == cause)
            };
            let both: usize = self.0.iter().map(|(pair, count)| is_of(pair) * count).sum();
            2.0 * right as f64 / both.max(1) as f64
        };
        truths.iter().map(f1).sum::<f64>() / truths.len().max(1) as f64
    }

    /// As a Markdown table: a row for each cause that occurs, a column for each that was said.
    pub(super) fn markdown(&self) -> String {
        let truths: BTreeSet<Cause> = self.0.keys().map(|(truth, _)| *truth).collect();
        let said: BTreeSet<Cause> = self.0.keys().map(|(_, said)| *said).collect();
        let names = |causes: &BTreeSet<Cause>| {
            let names: Vec<&str> = causes.iter().map(|cause| cause.as_str()).collect();
            names.join(" | ")
        };
        let mut text = format!(
            "| is \\ said | {} |\n|---|{}\n",
            names(&said),
            "--:|".repeat(said.len())
        );
        for truth in &truths {
            let cells: Vec<String> = said
                .iter()
                .map(|said| match self.count(*truth, *said) {
                    0 => String::new(),
                    count if truth == said => format!("**{count}**"),
                    count => count.to_string(),
                })
                .collect();
            text.push_str(&format!("| {} | {} |\n", truth.as_str(), cells.join(" | ")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        let check = |hits, of, low: f64, high: f64| {
            let (found_low, found_high) = Share { hits, of }.interval().unwrap();
            assert!((found_low - low).abs() < 5e-4, "{found_low}");
            assert!((found_high - high).abs() < 5e-4, "{found_high}");
        };
        check(8, 10, 0.4902, 0.9433);
        check(0, 40, 0.0, 0.0876);
        check(40, 40, 0.9124, 1.0);
        assert_eq!(Share::default().interval(), None);
    }

    #[test]
    fn f1_is_the_mean_over_what_occurs() {
        use Cause::{Product, Race, Undetermined};
        let all_right = Confusion::of([(Race, Race), (Product, Product)]);
        assert!((all_right.macro_f1() - 1.0).abs() < 1e-9);
        // Race: precision 1, recall 1/2. Product: nothing right.
        let half = Confusion::of([(Race, Race), (Race, Undetermined), (Product, Undetermined)]);
        assert!((half.macro_f1() - (2.0 / 3.0) / 2.0).abs() < 1e-9);
    }
}
