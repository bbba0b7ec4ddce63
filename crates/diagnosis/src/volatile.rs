//! Volatile tokens of a text: what differs between two recordings by itself. Identifiers become `<id>`, instants `<ts>`.

use crate::normal::Ids;

/// Whether there may be a volatile token: most texts are plain words, and every volatile token has a digit.
pub(crate) fn may_have(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a number under this key is an identifier.
pub(crate) fn names_an_id(key: &str) -> bool {
    key.eq_ignore_ascii_case("id")
        || key.ends_with("Id")
        || key.ends_with("ID")
        || key.ends_with("_id")
}

/// Appends the text with its volatile tokens replaced; the identifiers are added to `ids` in order.
pub(crate) fn replace(text: &str, normal: &mut String, ids: &mut Ids) {
    if !may_have(text) {
        normal.push_str(text);
        return;
    }
    if is_http_date(text) {
        normal.push_str("<ts>");
        return;
    }
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, replacement) = volatile_prefix(rest);
        let length = length.max(first.len_utf8());
        let (token, after) = rest.split_at(length);
        if replacement == Some("<id>") {
            ids.push(token);
        }
        normal.push_str(replacement.unwrap_or(token));
        rest = after;
    }
}

/// Length of the token at the start, and what to write in its place if it is volatile.
fn volatile_prefix(text: &str) -> (usize, Option<&'static str>) {
    if text.starts_with("[masked:")
        && let Some(end) = text.find(']')
    {
        return (end + 1, Some("<id>"));
    }
    let bytes = text.as_bytes();
    if is_uuid(bytes) {
        return (36, Some("<id>"));
    }
    if let Some(length) = iso_instant(bytes) {
        return (length, Some("<ts>"));
    }
    let run = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let word = &text[..run];
    if is_epoch(word) {
        (run + fraction(&text[run..]), Some("<ts>"))
    } else if is_identifier(word) {
        (run, Some("<id>"))
    } else {
        (run, None)
    }
}

/// Length of the fraction of a number at the start, its point included.
fn fraction(text: &str) -> usize {
    let Some(rest) = text.strip_prefix('.') else {
        return 0;
    };
    match rest.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        digits => digits + 1,
    }
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() >= 36
        && bytes[..36].iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Length of an ISO 8601 date and time at the start. A date alone is a value, not an instant.
fn iso_instant(bytes: &[u8]) -> Option<usize> {
    let shape = b"dddd-dd-ddTdd:dd";
    let fits = bytes.len() >= shape.len()
        && shape.iter().zip(bytes).all(|(shape, byte)| match shape {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            other => other == byte,
        });
    let tail = |byte: &u8| {
        byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z' | b'z' | b'+' | b'-')
    };
    fits.then(|| {
        shape.len()
            + bytes[shape.len()..]
                .iter()
                .take_while(|byte| tail(byte))
                .count()
    })
}

/// `Sun, 22 Nov 2026 18:42:45 GMT`.
fn is_http_date(text: &str) -> bool {
    text.len() == 29 && text.ends_with(" GMT") && text.as_bytes()[3] == b','
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, of the years 2001 to 2286.
pub(crate) fn is_epoch(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(digits.len(), 10 | 13 | 16 | 19)
        && !digits.starts_with('0')
        && digits.as_bytes()[0] <= b'9'
}

/// Tokens that nobody chose: numbers of six digits and more, hex of eight and more, other long or jumbled mixtures of
/// letters and digits (ULID, nanoid, `Math.random().toString(36)`).
fn is_identifier(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == word.len() {
        return digits >= 6;
    }
    let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let switches = word
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    (hex && digits >= 1 && word.len() >= 8)
        || (digits >= 2 && word.len() >= 16)
        || (switches >= 4 && word.len() >= 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volatile_tokens_are_taken_out() {
        let check = |text: &str, expected: &str, expected_ids: &[&str]| {
            let (mut normal, mut ids) = (String::new(), Ids::default());
            replace(text, &mut normal, &mut ids);
            assert_eq!(normal, expected, "{text}");
            assert!(ids.iter().eq(expected_ids.iter().copied()), "{text}");
        };
        check(
            "user 5f2b8c1e-9d3a-4c6b-8e7f-001122334455 in",
            "user <id> in",
            &["5f2b8c1e-9d3a-4c6b-8e7f-001122334455"],
        );
        check("org-1795000000123", "org-<ts>", &[]);
        check("at 1795000000.780731, 3", "at <ts>, 3", &[]);
        check("1795000000.", "<ts>.", &[]);
        check("2026-11-22T18:42:45.123Z", "<ts>", &[]);
        check("2026-11-22", "2026-11-22", &[]);
        check("Sun, 22 Nov 2026 18:42:45 GMT", "<ts>", &[]);
        check("order 123456", "order <id>", &["123456"]);
        check("port 8080", "port 8080", &[]);
        check(
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "<id>",
            &["01ARZ3NDEKTSV4RRFFQ69G5FAV"],
        );
        check("k3j9x0a1b2c", "<id>", &["k3j9x0a1b2c"]);
        // The beginning of a UUID, which many take for a short name.
        check("flag-04632f61", "flag-<id>", &["04632f61"]);
        check("#ff8800", "#ff8800", &[]);
        check("sha256 oauth2 v1beta1", "sha256 oauth2 v1beta1", &[]);
        check(
            "Bearer [masked:1a2b:0123456789ab]",
            "Bearer <id>",
            &["[masked:1a2b:0123456789ab]"],
        );
        check("é", "é", &[]);
        check("", "", &[]);
    }
}
