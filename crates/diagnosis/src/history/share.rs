//! A share that was counted, and how sure it is.

/// The quantile of the normal distribution for an interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// `count` of `of`.
    #[must_use]
    pub fn new(count: u64, of: u64) -> Self {
        Self { count, of }
    }

    /// The share, from 0 to 1; none when nothing was counted.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }

    /// Wilson's score interval of 95 %, lower and upper bound. From 0 to 1 when nothing was counted: then the share may be
    /// anything.
    ///
    /// Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927). Unlike the interval
    /// of the textbook it holds for the small numbers that tests have.
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        let Some(share) = self.value() else {
            return (0.0, 1.0);
        };
        let n = self.of as f64;
        let scale = 1.0 + Z * Z / n;
        let centre = share + Z * Z / (2.0 * n);
        let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        // At the ends the bound is the end itself, which rounding would miss.
        let low = match self.count {
            0 => 0.0,
            _ => ((centre - spread) / scale).max(0.0),
        };
        let high = match self.count == self.of {
            true => 1.0,
            false => ((centre + spread) / scale).min(1.0),
        };
        (low, high)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Against published values of the interval.
    #[test]
    fn the_interval_is_wilsons() {
        let check = |count: u64, of: u64, low: f64, high: f64| {
            let found = Share::new(count, of).interval();
            let near = |left: f64, right: f64| (left - right).abs() < 0.000_05;
            assert!(
                near(found.0, low) && near(found.1, high),
                "{count} of {of}: {found:?}"
            );
        };
        check(0, 0, 0.0, 1.0);
        check(0, 10, 0.0, 0.2775);
        check(10, 10, 0.7225, 1.0);
        check(1, 1, 0.2065, 1.0);
        check(5, 10, 0.2366, 0.7634);
        check(41, 43, 0.8454, 0.9872);
    }

    proptest! {
        /// The share lies in its interval, and counting more of the same makes that narrower.
        #[test]
        fn more_is_surer((count, of) in (1..500u64).prop_flat_map(|of| (0..=of, Just(of)))) {
            let share = Share::new(count, of);
            let value = share.value().unwrap();
            let (low, high) = share.interval();
            prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
            prop_assert!(low <= value && value <= high);
            let (lower, higher) = Share::new(count * 4, of * 4).interval();
            prop_assert!(higher - lower < high - low);
        }
    }
}
