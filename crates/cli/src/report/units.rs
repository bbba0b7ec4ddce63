//! Durations, counts and instants, in words and as the document has them.

use std::time::Duration;

use jiff::Unit;
use model::Timestamp;

/// The greatest whole number that JavaScript holds exactly: 2^53 - 1.
const GREATEST: u64 = 9_007_199_254_740_991;

/// A number that JavaScript reads as it was written; greater ones become the greatest.
pub(crate) fn javascript(number: u64) -> u64 {
    number.min(GREATEST)
}

/// Whole milliseconds.
pub(crate) fn millis(duration: Duration) -> u64 {
    javascript(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

/// An instant in RFC 3339 with milliseconds, in UTC.
pub(crate) fn instant(time: Timestamp) -> String {
    // Nanoseconds of 64 bits are years 1677 to 2262, all of which jiff can say.
    jiff::Timestamp::from_nanosecond(i128::from(time.0))
        .and_then(|time| time.round(Unit::Millisecond))
        .map(|time| format!("{time:.3}"))
        .unwrap_or_default()
}

/// Reads what [`instant`] wrote.
pub(crate) fn read_instant(text: &str) -> Option<Timestamp> {
    let time: jiff::Timestamp = text.parse().ok()?;
    i64::try_from(time.as_nanosecond()).ok().map(Timestamp)
}

/// A duration in milliseconds, short: `118ms`, `3.204s`, `6m41s`, `2h05m`.
pub(crate) fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    match seconds {
        0 => format!("{millis}ms"),
        1..60 => format!("{seconds}.{}s", millis % 1000 / 100),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A point within a recording: `+3.204s`.
pub(crate) fn offset(millis: u64) -> String {
    format!("+{}.{:03}s", millis / 1000, millis % 1000)
}

/// A count with its noun: `1 test`, `14 tests`, `1,204 calls`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let plural = match noun.strip_suffix("ss") {
        Some(_) => "es",
        None => "s",
    };
    let plural = if number == 1 { "" } else { plural };
    format!("{} {noun}{plural}", grouped(number))
}

/// A number with a comma between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// How long ago an instant was: `just now`, `5 minutes ago`, `2 days ago`.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.since(then).as_secs();
    let (number, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86400 => (seconds / 3600, "hour"),
        _ => (seconds / 86400, "day"),
    };
    format!("{} ago", count(number, unit))
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

    #[test]
    fn durations_are_short() {
        let check = |millis, expected: &str| assert_eq!(duration(millis), expected);
        check(0, "0ms");
        check(999, "999ms");
        check(1000, "1.0s");
        check(13_449, "13.4s");
        check(59_999, "59.9s");
        check(401_000, "6m41s");
        check(7_500_000, "2h05m");
        assert_eq!(offset(3204), "+3.204s");
        assert_eq!(offset(5), "+0.005s");
    }

    #[test]
    fn counts_have_their_noun() {
        assert_eq!(count(1, "test"), "1 test");
        assert_eq!(count(1204, "call"), "1,204 calls");
        assert_eq!(count(2, "process"), "2 processes");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
    }

    #[test]
    fn instants_are_relative() {
        let check = |seconds: i64, expected: &str| {
            let now = Timestamp(1_795_000_000_000_000_000);
            let then = Timestamp(now.0 - seconds * 1_000_000_000);
            assert_eq!(ago(then, now), expected);
        };
        check(-5, "just now");
        check(30, "just now");
        check(90, "1 minute ago");
        check(7200, "2 hours ago");
        check(200_000, "2 days ago");
    }
}
