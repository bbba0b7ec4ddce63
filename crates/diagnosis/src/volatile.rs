//! Volatile tokens of a text: what differs between two recordings by itself. Identifiers become `<id>`, instants `<ts>`.

mod drawn;

use crate::normal::Ids;

/// Whether there may be a volatile token: most texts are plain words, and every volatile token has a digit, or capitals
/// within.
pub(crate) fn may_have(text: &str) -> bool {
    let mut before = b' ';
    text.bytes().any(|byte| {
        let within = before.is_ascii_lowercase() && byte.is_ascii_uppercase();
        before = byte;
        within || byte.is_ascii_digit()
    })
}

/// Whether a text has an identifier in it.
pub(crate) fn is_in(text: &str) -> bool {
    let (mut normal, mut ids) = (String::new(), Ids::default());
    replace(text, &mut normal, &mut ids);
    !ids.parts.is_empty()
}

/// Whether a number under this key is an identifier.
pub(crate) fn names_an_id(key: &str) -> bool {
    key.eq_ignore_ascii_case("id")
        || key.ends_with("Id")
        || key.ends_with("ID")
        || key.ends_with("_id")
}

/// Whether a text under a key for identifiers is one that a server has drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// Letters and digits that change as words do not, or that nobody can pronounce.
    Yes,
    /// If others under this key are, of the same length.
    Perhaps,
    No,
}

impl Given {
    pub(crate) fn of(text: &str) -> Self {
        const CHARS: usize = 8;
        let all = |is: fn(&u8) -> bool| text.bytes().all(|byte| is(&byte));
        if text.len() < CHARS || !all(u8::is_ascii_alphanumeric) || all(u8::is_ascii_digit) {
            return Self::No;
        }
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        let mut pairs = text.as_bytes().windows(2);
        let capital_within =
            |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
        let are_capitals = all(u8::is_ascii_uppercase);
        if is_jumbled(text) || are_capitals && cannot_be_pronounced(text) {
            Self::Yes
        } else if has_digit
            || are_capitals
            || pairs.any(capital_within)
            || drawn::sounds_drawn(text)
        {
            Self::Perhaps
        } else {
            Self::No
        }
    }
}

/// Whether so many capitals follow one another without a vowel.
fn cannot_be_pronounced(text: &str) -> bool {
    const RUN: usize = 6;
    let mut parts = text.split(['A', 'E', 'I', 'O', 'U', 'Y']);
    parts.any(|part| part.len() >= RUN)
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
    let (mut at, mut written) = (0, 0);
    while let Some(first) = text.as_bytes().get(at) {
        let (length, replacement) = match first {
            byte if byte.is_ascii_alphanumeric() || *byte == b'[' => token(text, at),
            b'-' | b'_' => match drawn::length(&text[..at], &text[at..]) {
                Some(length) => (length, Some("<id>")),
                None => (1, None),
            },
            // Nothing that is volatile begins with another character, nor in the middle of one.
            _ => (1, None),
        };
        if let Some(replacement) = replacement {
            let token = &text[at..at + length];
            if replacement == "<id>" {
                ids.push(token);
            }
            normal.push_str(&text[written..at]);
            normal.push_str(replacement);
            written = at + length;
        }
        at += length;
    }
    normal.push_str(&text[written..]);
}

/// Length of the token that begins at a letter, a digit or a bracket, and what to write in its place if it is volatile.
fn token(text: &str, at: usize) -> (usize, Option<&'static str>) {
    let (before, rest) = text.split_at(at);
    let word = Word::at_the_start_of(rest);
    let length = word.text.len();
    if word.digits == 0 {
        return match masked(rest) {
            Some(length) => (length, Some("<id>")),
            None if is_uuid(rest.as_bytes()) => (UUID, Some("<id>")),
            None if let Some(length) = drawn::length(before, rest) => (length, Some("<id>")),
            None if is_announced(before) && is_jumbled(word.text) && !is_colour(before, &word) => {
                (length, Some("<id>"))
            }
            None => (length.max(1), None),
        };
    }
    if is_colour(before, &word) {
        (length, None)
    } else if is_uuid(rest.as_bytes()) {
        (UUID, Some("<id>"))
    } else if let Some(length) = iso_instant(rest.as_bytes()) {
        (length, Some("<ts>"))
    } else if let Some(length) = drawn::length(before, rest) {
        (length, Some("<id>"))
    } else if is_epoch(word.text) {
        (length + fraction(&rest[length..]), Some("<ts>"))
    } else if word.is_identifier() || is_announced(before) && is_jumbled(word.text) {
        (length, Some("<id>"))
    } else {
        (length, None)
    }
}

/// Length of a pseudonym at the start.
fn masked(text: &str) -> Option<usize> {
    let end = text.starts_with("[masked:").then(|| text.find(']'))?;
    end.map(|end| end + 1)
}

/// Whether a word is a colour, behind its `#`: hex of three, four, six or eight digits. What has no letter may well be the
/// number of something.
fn is_colour(before: &str, word: &Word<'_>) -> bool {
    before.ends_with('#')
        && matches!(word.text.len(), 3 | 4 | 6 | 8)
        && word.is_hex
        && word.digits < word.text.len()
}

/// Whether a word says what kind of identifier follows: `cus_`, `sk_live_`, `flag-`.
fn is_announced(before: &str) -> bool {
    let word = before.strip_suffix(['_', '-']).unwrap_or_default();
    let letters = word.bytes().rev().take_while(u8::is_ascii_lowercase);
    letters.take(2).count() == 2
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

const UUID: usize = 36;

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() >= UUID
        && bytes[8] == b'-'
        && bytes[..UUID].iter().enumerate().all(|(at, byte)| match at {
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

/// Letters and digits at the start of a text, and what they are, from one look at each.
struct Word<'a> {
    text: &'a str,
    digits: usize,
    is_hex: bool,
    has_capital: bool,
    /// How often a digit follows a letter or a letter a digit.
    switches: usize,
}

impl<'a> Word<'a> {
    fn at_the_start_of(text: &'a str) -> Self {
        let mut word = Word {
            text,
            digits: 0,
            is_hex: true,
            has_capital: false,
            switches: 0,
        };
        let mut length = 0;
        let mut after_digit = None;
        for byte in text.bytes().take_while(u8::is_ascii_alphanumeric) {
            let is_digit = byte.is_ascii_digit();
            word.switches += usize::from(after_digit.is_some_and(|after| after != is_digit));
            after_digit = Some(is_digit);
            word.digits += usize::from(is_digit);
            word.is_hex &= byte.is_ascii_hexdigit();
            word.has_capital |= byte.is_ascii_uppercase();
            length += 1;
        }
        word.text = &text[..length];
        word
    }

    /// Tokens that nobody chose: numbers of six digits and more, small hex of eight and more, other hex of twelve, other
    /// long or jumbled mixtures of letters and digits (ULID, nanoid, `Math.random().toString(36)`).
    fn is_identifier(&self) -> bool {
        let (length, digits) = (self.text.len(), self.digits);
        if digits == length {
            return digits >= 6;
        }
        let is_long_hex = length >= 12 || length >= 8 && !self.has_capital;
        (self.is_hex && digits >= 1 && is_long_hex)
            || (digits >= 2 && length >= 16)
            || (self.switches >= 4 && length >= 7)
    }
}

/// Whether a word of ten characters and more changes between small and capital letters and digits more often than words
/// do: `0fcpHJPQiKozep`, not `PaymentFailed` nor `release2026`.
fn is_jumbled(word: &str) -> bool {
    const CHARS: usize = 10;
    let class = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let pairs = word.as_bytes().windows(2);
    let changes = pairs
        .filter(|pair| class(pair[0]) != class(pair[1]))
        .count();
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let has_capital = word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    let often = changes * 10 >= word.len() * 3;
    word.len() >= CHARS && has_letter && (often || has_digit && (has_capital || changes > 1))
}

/// Whether two texts in their normal form are the same but for tokens that nobody chose. Whether a random token looks
/// random goes by chance: one of two, or its first letters, may have been taken for a word.
pub(crate) fn same_but_for_tokens(here: &str, there: &str) -> bool {
    let (mut here, mut there) = (names(here), names(there));
    loop {
        match (here.next(), there.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {}
            (Some("<id>"), Some(name)) | (Some(name), Some("<id>")) if is_cut(name) => {}
            (Some(one), Some(other)) if is_same_name(one, other) => {}
            _ => return false,
        }
    }
}

/// Whether a name is an identifier whose first few letters were taken for a word.
fn is_cut(name: &str) -> bool {
    const CHARS: usize = 5;
    let before = name.strip_suffix("<id>");
    before.is_some_and(|before| before.len() <= CHARS && !before.contains('<'))
}

/// The same of two names, by their words.
fn is_same_name(here: &str, there: &str) -> bool {
    let (mut here, mut there) = (tokens(here), tokens(there));
    loop {
        match (here.next(), there.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {}
            (Some("<id>"), Some(token)) | (Some(token), Some("<id>")) if is_mixed(token) => {}
            (Some(one), Some(other))
                if one.len() == other.len()
                    && (is_jumbled(one) && is_jumbled(other) || is_hex(one) && is_hex(other)) => {}
            _ => return false,
        }
    }
}

/// Names with all that is joined to them by `-` and `_`, and each other character by itself.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let mut length = 0;
        loop {
            let after = &rest[length..];
            let is_of_it = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let run = after.bytes().take_while(is_of_it).count();
            match run {
                0 if after.starts_with("<id>") => length += 4,
                0 => break,
                _ => length += run,
            }
        }
        let (name, after) = rest.split_at(length.max(first.len_utf8()));
        rest = after;
        Some(name)
    })
}

/// Whether a token of seven characters and more is the beginning of a hash.
fn is_hex(token: &str) -> bool {
    const CHARS: usize = 7;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    token.len() >= CHARS && token.bytes().all(hex) && (1..token.len()).contains(&digits)
}

/// Whether a token of six characters and more has a digit, or a capital within.
fn is_mixed(token: &str) -> bool {
    const CHARS: usize = 6;
    let strange = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    let is_word = token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    token.len() >= CHARS && is_word && token.bytes().skip(1).any(strange)
}

/// Words, what was put in place of volatile tokens, and each other character by itself.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let length = match rest.starts_with("<id>") {
            true => 4,
            false => run.max(first.len_utf8()),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        Some(token)
    })
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
        check("#ff8800cc", "#ff8800cc", &[]);
        check("order #123456", "order #<id>", &["123456"]);
        check("at #a1b2c3d4e5f6", "at #<id>", &["a1b2c3d4e5f6"]);
        check("SUMMER FADE2025", "SUMMER FADE2025", &[]);
        // A word that says what kind it is of, then letters and a digit or none.
        check("cus_0fcpHJPQiKozep", "cus_<id>", &["0fcpHJPQiKozep"]);
        check("pi_XoyLUVrhnnQAfb", "pi_<id>", &["XoyLUVrhnnQAfb"]);
        check("sk_test_aB3", "sk_test_aB3", &[]);
        check("event_PaymentSucceeded", "event_PaymentSucceeded", &[]);
        check("summer-release2026", "summer-release2026", &[]);
        check("XoyLUVrhnnQAfb", "XoyLUVrhnnQAfb", &[]);
        check("sha256 oauth2 v1beta1", "sha256 oauth2 v1beta1", &[]);
        check(
            "Bearer [masked:1a2b:0123456789ab]",
            "Bearer <id>",
            &["[masked:1a2b:0123456789ab]"],
        );
        check("é", "é", &[]);
        check("", "", &[]);
    }

    #[test]
    fn servers_draw_names_that_are_no_words() {
        let check = |text: &str, expected: Given| assert_eq!(Given::of(text), expected, "{text}");
        check("SeNmxL963c", Given::Yes);
        check("AmEINEDRDE", Given::Perhaps);
        check("DKQIXQCFHG", Given::Yes);
        check("BDISFTNXDO", Given::Yes);
        check("DEUTSCHLAND", Given::Perhaps);
        check("blogPost", Given::Perhaps);
        check("paymentSucceeded", Given::Perhaps);
        check("premium2024", Given::Perhaps);
        check("Xwxwyxmvrv", Given::Perhaps);
        check("CANCELLED", Given::Perhaps);
        check("premium", Given::No);
        check("customer", Given::No);
        check("20261123", Given::No);
        check("plan-a1b2", Given::No);
        check("a1b2c3", Given::No);
    }

    #[test]
    fn chance_says_nothing() {
        let check = |here: &str, there: &str, expected: bool| {
            assert_eq!(same_but_for_tokens(here, there), expected, "{here} {there}");
            assert_eq!(same_but_for_tokens(there, here), expected, "{there} {here}");
        };
        check("/v1/cus_<id>/cards", "/v1/cus_hJPQiKozepWz/cards", true);
        check("a-<id>", "a-x7k2ab", true);
        check("x XoyLUVrhnnQAfb", "x hJPQiKoZepWzqu", true);
        check("team-1069f83", "team-eeda20f", true);
        check("v1.1069f8", "v1.eeda20", false);
        check("<id>", "unknown", false);
        check("<id>", "Unknown", false);
        check("PaymentFailed", "PaymentPassed", false);
        check("<id> a", "<id>", false);
        check("é<id>", "éa1b2c3", true);
        // By chance it begins like a word.
        check("$lihu_<id>", "$<id>", true);
        check("$deleted_<id>", "$<id>", false);
        check("cus_<id>", "pm_<id>", false);
        check("$lihu_<id> a", "$<id> b", false);
    }
}
