//! Instants on the wall clock.

use std::time::Duration;

/// Nanoseconds since the Unix epoch, as OTLP has them. Covers the years 1677 to 2262.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The instant `offset` later, or the latest that there is.
    #[must_use]
    pub fn plus(self, offset: Duration) -> Self {
        let nanos = i64::try_from(offset.as_nanos()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(nanos))
    }

    /// The time from `earlier` until here; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let nanos = self.0.saturating_sub(earlier.0);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
    }
}
