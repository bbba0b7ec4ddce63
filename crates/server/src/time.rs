//! Instants and durations as the documents have them: RFC 3339 in UTC, whole milliseconds, and no number that
//! JavaScript would read otherwise than it was written.

use std::time::Duration;

use jiff::Unit;
use model::Timestamp;

/// The greatest whole number that JavaScript holds exactly: 2^53 - 1.
const GREATEST: u64 = 9_007_199_254_740_991;

/// A number that JavaScript reads as it was written; greater ones become the greatest.
#[must_use]
pub fn javascript(number: u64) -> u64 {
    number.min(GREATEST)
}

/// Whole milliseconds.
#[must_use]
pub fn millis(duration: Duration) -> u64 {
    javascript(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

/// An instant in RFC 3339 with milliseconds, in UTC.
#[must_use]
pub fn instant(time: Timestamp) -> String {
    // Nanoseconds of 64 bits are years 1677 to 2262, all of which jiff can say.
    jiff::Timestamp::from_nanosecond(i128::from(time.0))
        .and_then(|time| time.round(Unit::Millisecond))
        .map(|time| format!("{time:.3}"))
        .unwrap_or_default()
}

/// Reads what [`instant`] wrote.
#[must_use]
pub fn read_instant(text: &str) -> Option<Timestamp> {
    let time: jiff::Timestamp = text.parse().ok()?;
    i64::try_from(time.as_nanosecond()).ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_utc() {
        let check = |nanos: i64, expected: &str| assert_eq!(instant(Timestamp(nanos)), expected);
        check(0, "1970-01-01T00:00:00.000Z");
        check(1_795_000_000_123_456_789, "2026-11-18T11:06:40.123Z");
        check(i64::MIN, "1677-09-21T00:12:43.145Z");
        assert_eq!(
            read_instant("1970-01-01T00:00:01.500Z"),
            Some(Timestamp(1_500_000_000))
        );
        assert_eq!(read_instant("yesterday"), None);
    }
}
