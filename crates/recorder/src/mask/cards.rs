//! Numbers of payment cards in any text, and the names under which a few digits are a secret (PIN, card code, one-time
//! code, social security number).

use super::Masker;
use super::replace::{Findings, is_pseudonym};
use crate::key::Key;

/// First digits from, to (as many as are written), and how many digits a number that begins so has: ISO/IEC 7812 as the
/// networks publish it. Maestro's beginnings are left out but for 6759: they overlap with too much.
const NETWORKS: &[(&str, &str, &[usize])] = &[
    ("4", "4", &[13, 16, 19]),
    ("51", "55", &[16]),
    ("2221", "2720", &[16]),
    ("34", "34", &[15]),
    ("37", "37", &[15]),
    ("6011", "6011", &[16, 19]),
    ("644", "659", &[16, 19]),
    ("300", "305", &[14]),
    ("36", "36", &[14]),
    ("38", "39", &[14]),
    ("3528", "3589", &[16, 19]),
    ("62", "62", &[16, 17, 18, 19]),
    ("6759", "6759", &[16, 18, 19]),
];

/// Card numbers have at least and at most so many digits.
const FEWEST: usize = 13;
const MOST: usize = 19;

/// Finds every card number: digits that a network would issue, with the right check digit, in one piece or in groups with
/// one blank or dash between them, and no letter, digit or part of a number around them.
pub(super) fn find(key: &Key, text: &str, findings: &mut Findings) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + FEWEST <= bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let Run { digits, end, first } = run(bytes, at);
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let alone = !before.is_some_and(joins) && !bytes.get(end).copied().is_some_and(joins);
        if alone && is_card(&digits) {
            findings.put(at, end, key.pseudonym(digits.as_bytes()));
            at = end;
        } else {
            at = first;
        }
    }
}

/// Bytes beside which digits are a part of something else: a word, a decimal, an identifier.
fn joins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'%')
}

/// Digits that may be one number.
struct Run {
    digits: String,
    end: usize,
    /// Where the first group ends.
    first: usize,
}

/// The digits from here on, groups of three and more counting as one, up to more than a card has.
fn run(bytes: &[u8], start: usize) -> Run {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut run = Run {
        digits: String::new(),
        end: start,
        first: start,
    };
    loop {
        while is_digit(run.end) {
            if run.digits.len() <= MOST {
                run.digits.push(char::from(bytes[run.end]));
            }
            run.end += 1;
            if run.first > start && run.digits.len() > MOST {
                return run;
            }
        }
        if run.first == start {
            run.first = run.end;
        }
        // Not at every blank: `200 4111…` are two numbers.
        let separated = matches!(bytes.get(run.end), Some(b' ' | b'-')) && run.first - start >= 4;
        if run.digits.len() > MOST || !(separated && (1..=3).all(|next| is_digit(run.end + next))) {
            return run;
        }
        run.end += 1;
    }
}

/// Whether a network issues such numbers, and the check digit is right (Luhn, ISO/IEC 7812-1).
fn is_card(digits: &str) -> bool {
    let is_issued = (FEWEST..=MOST).contains(&digits.len())
        && NETWORKS.iter().any(|(from, to, lengths)| {
            lengths.contains(&digits.len())
                && digits
                    .get(..from.len())
                    .is_some_and(|first| *from <= first && first <= *to)
        });
    is_issued && luhn(digits)
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(digit - b'0')) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => 2 * digit - 9,
            (_, digit) => 2 * digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Words of names under which digits are a secret.
const WORDS: &[&str] = &[
    "pin",
    "pincode",
    "otp",
    "totp",
    "cvv",
    "cvv2",
    "cvc",
    "cvc2",
    "csc",
    "ssn",
    "cardnumber",
    "ccnumber",
    "cardno",
    "securitycode",
];
/// The same in two words.
const PAIRS: &[(&str, &str)] = &[
    ("card", "number"),
    ("card", "no"),
    ("cc", "number"),
    ("cc", "num"),
    ("security", "code"),
    ("card", "code"),
    ("pin", "code"),
    ("otp", "code"),
];
/// Behind one of these words, a name speaks about digits and does not hold them.
const ABOUT: &[&str] = &[
    "length", "count", "attempts", "retries", "limit", "max", "min", "size", "ttl", "status", "id",
    "at", "in", "expires", "timeout", "index", "total", "version", "type",
];

/// Whether digits under a name with these words are a secret.
pub(super) fn names_digits(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let is_about = words
        .last()
        .is_some_and(|last| ABOUT.contains(&last.as_str()));
    !is_about
        && (0..words.len())
            .any(|at| WORDS.contains(&word(at)) || PAIRS.contains(&(word(at), word(at + 1))))
}

/// Whether a value is a few digits, in groups or not.
pub(super) fn is_digits(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    (3..=MOST).contains(&digits)
        && value
            .trim()
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b' '))
}

impl Masker {
    /// The pseudonym of digits; none if the name does not say that they are a secret.
    pub(super) fn digits(&self, name: &str, value: &str) -> Option<String> {
        let secret = !is_pseudonym(value) && is_digits(value) && self.names.is_digits_key(name);
        secret.then(|| self.only_digits(value))
    }

    /// The pseudonym of digits, the same with separators and without.
    pub(super) fn only_digits(&self, value: &str) -> String {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        self.secret(&digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let key = Key::from_hex(&"07".repeat(32)).unwrap();
        let mut findings = Findings::default();
        find(&key, text, &mut findings);
        let masked = findings.replace(&key, text);
        let shown = masked.replace(&key.pseudonym(b"4111111111111111"), "<visa>");
        assert_eq!(
            shown.split("[masked").collect::<Vec<_>>().join("<"),
            expected.replace("<?>", &rest(&shown))
        );
    }

    /// What is left of pseudonyms of other numbers.
    fn rest(shown: &str) -> String {
        shown
            .split_once("[masked")
            .map(|(_, rest)| format!("<{}", &rest[..rest.find(']').unwrap() + 1]))
            .unwrap_or_default()
    }

    #[test]
    fn card_numbers_are_found_however_they_are_grouped() {
        check("4111111111111111", "<visa>");
        check("card 4111 1111 1111 1111 refused", "card <visa> refused");
        check("\"4111-1111-1111-1111\",", "\"<visa>\",");
        check("x=4111111111111111&y", "x=<visa>&y");
        check("2026 4111 1111 1111 1111", "2026 <visa>");
        check("378282246310005", "<?>");
        check("3782 822463 10005", "<?>");
        check("5555 5555 5555 4444!", "<?>!");
        check("2223003122003222", "<?>");
        check("6011111111111117", "<?>");
        check("30569309025904", "<?>");
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "4111111111111112",
            "1795000000000000000",
            "1795000000000",
            "9999999999999995",
            "0000000000000000",
            "14111111111111111",
            "order-4111111111111111",
            "a4111111111111111",
            "4111111111111111b",
            "0.4111111111111111",
            "550e8400-e29b-41d4-a716-446655440000",
            "41111111111111111111111",
            "200 13 4 1",
            "4111 11",
            "1234 1234 1234 1234 1234 1234 1234",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn only_digits_under_such_a_name_are_a_secret() {
        let words = |name: &str| name.split('_').map(str::to_owned).collect::<Vec<_>>();
        for name in [
            "pin",
            "card_pin",
            "cvv",
            "otp",
            "ssn",
            "card_number",
            "security_code",
            "otp_code",
        ] {
            assert!(names_digits(&words(name)), "{name}");
        }
        for name in [
            "spin",
            "pin_length",
            "card",
            "number",
            "otp_attempts",
            "pin_id",
            "shipping",
        ] {
            assert!(!names_digits(&words(name)), "{name}");
        }
        for (value, expected) in [
            ("123", true),
            ("078-05-1120", true),
            ("12", false),
            ("1a2", false),
            ("", false),
        ] {
            assert_eq!(is_digits(value), expected, "{value}");
        }
    }

    #[test]
    fn check_digits_are_right() {
        for (digits, expected) in [
            ("0", true),
            ("18", true),
            ("19", false),
            ("79927398713", true),
        ] {
            assert_eq!(luhn(digits), expected, "{digits}");
        }
    }
}
