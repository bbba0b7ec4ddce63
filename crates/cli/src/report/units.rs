//! Durations, counts and instants, in words.

use model::Timestamp;
pub(crate) use server::time::read_instant;

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
