//! Which secrets are worth looking for everywhere: those that cannot be taken for an ordinary word, number, host or
//! identifier. A value that is not is still masked in its own place. Pure.

use super::replace::starts_with_pseudonym;
use super::said::is_said_about;

/// A shorter value is found where it is not meant.
const SHORTEST: usize = 8;
/// A longer one is a document.
const LONGEST: usize = 8 << 10;
/// Of fewer different bytes a value is a filler (`aaaaaaa1`).
const DIFFERENT: usize = 5;

/// What the place says about the value in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The name of a token, session, key or cookie: identifiers, hosts and versions stand there, too.
    Token,
    /// The name of a password: whatever is there was chosen by somebody.
    Password,
    /// A header that holds nothing but a credential.
    Credential,
}

/// Words that are passwords in tests, and words everywhere else.
const FILLERS: &[&str] = &[
    "password",
    "passwd",
    "passw",
    "pass",
    "secret",
    "token",
    "test",
    "testing",
    "testuser",
    "admin",
    "administrator",
    "user",
    "username",
    "example",
    "sample",
    "default",
    "changeme",
    "welcome",
    "localhost",
    "production",
    "development",
    "staging",
];

/// Whether the value of a secret is looked for in the rest of the run.
pub(super) fn is_worth_learning(value: &str, place: Place) -> bool {
    if !(SHORTEST..=LONGEST).contains(&value.len())
        || value.contains("[masked:")
        || starts_with_pseudonym(value)
        || is_said_about(value)
        || !is_varied(value)
        || is_filler(value)
        || is_elsewhere(value)
    {
        return false;
    }
    match place {
        Place::Password => is_chosen(value),
        Place::Credential => is_drawn(value) || is_uuid(value),
        Place::Token => is_drawn(value) && !is_uuid(value),
    }
}

fn is_varied(value: &str) -> bool {
    let mut seen = [false; 256];
    for byte in value.bytes() {
        seen[usize::from(byte)] = true;
    }
    seen.iter().filter(|seen| **seen).count() >= DIFFERENT
}

fn is_filler(value: &str) -> bool {
    let letters: String = value
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    FILLERS.contains(&letters.as_str())
}

/// A URL, path, mail address, host or time: they stand in every recording, and not for being secret.
fn is_elsewhere(value: &str) -> bool {
    let is_path = value.starts_with('/') && value[1..].contains('/');
    let dated = value.len() >= 10
        && value
            .bytes()
            .take(10)
            .enumerate()
            .all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
    value.contains("://") || is_path || dated || is_host(value) || is_mail(value)
}

/// `name.of.host` with or without a port, all in lower case.
fn is_host(value: &str) -> bool {
    let (host, port) = value.split_once(':').unwrap_or((value, "0"));
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    port.bytes().all(|byte| byte.is_ascii_digit())
        && host.contains('.')
        && host.split('.').all(is_label)
        && (2..=12).contains(&last.len())
        && last.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_mail(value: &str) -> bool {
    value.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && is_host(host) && !name.contains(char::is_whitespace)
    })
}

/// `8-4-4-4-12` hex digits. They name entities as often as sessions, and diagnosis pairs entities by them.
fn is_uuid(value: &str) -> bool {
    let lengths = value.split('-').map(str::len);
    value.len() == 36
        && lengths.eq([8, 4, 4, 4, 12])
        && value
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// A password that is more than a word: with a digit or a sign in it, or a sentence of some length.
fn is_chosen(value: &str) -> bool {
    let has_letter = value.chars().any(char::is_alphabetic);
    let has_other = value
        .chars()
        .any(|character| !character.is_alphabetic() && !"-_. ".contains(character));
    let is_phrase = value.len() >= 20 && value.split(['-', ' ', '_', '.']).count() >= 3;
    has_letter && (has_other || is_phrase || super::shapes::is_random(value))
}

/// A value that was drawn at random: a part of it mixes letters and digits like no name of a thing does, or it has many
/// digits besides letters, or cases change like in no word. `worker-12`, `us-east-1`, `sha256`, `localhost:3000` are
/// written.
fn is_drawn(value: &str) -> bool {
    if value.contains(char::is_whitespace) || !value.bytes().any(|byte| byte.is_ascii_alphabetic())
    {
        return false;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let drawn: usize = value
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|part| !is_written(part))
        .map(str::len)
        .sum();
    drawn >= SHORTEST || digits >= 6
}

/// Letters with at most four digits behind them, or digits with at most three letters behind them (`2nd`, `100ms`); in the
/// case of words, and no longer than words are.
fn is_written(part: &str) -> bool {
    let letters = part.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = &part.as_bytes()[letters..];
    if letters > 0 {
        let is_word = !super::shapes::is_random(&part[..letters]);
        return is_word && rest.len() <= 4 && rest.iter().all(u8::is_ascii_digit);
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let unit = &rest[digits..];
    unit.len() <= 3 && unit.iter().all(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(place: Place, expected: bool, values: &[&str]) {
        for value in values {
            assert_eq!(
                is_worth_learning(value, place),
                expected,
                "{place:?} {value}"
            );
        }
    }

    #[test]
    fn what_is_drawn_is_looked_for() {
        let drawn = [
            "s3cr3t-t0k3n-value",
            "tok_live_4f8a9c2e",
            "abc123def456",
            "sess-abc123456",
            "507f1f77bcf86cd799439011",
            "QmFzZVRva2VuWmVybw",
            "aGVsbG8gd29ybGQgMTIz",
            "eyJhbGciOiJI.eyJzdWIi.c2ln",
            "xKq93vTT0aZz+/wq==",
        ];
        check(Place::Token, true, &drawn);
        check(Place::Password, true, &drawn);
        check(Place::Credential, true, &drawn);
    }

    #[test]
    fn passwords_of_people_are_looked_for_as_passwords() {
        let chosen = [
            "hunter22",
            "Summer2026!",
            "Tr0ub4dor&3",
            "correct horse battery staple",
        ];
        check(Place::Password, true, &chosen);
        check(
            Place::Token,
            false,
            &["hunter22", "Summer2026!", "correct horse battery staple"],
        );
    }

    #[test]
    fn words_numbers_hosts_and_identifiers_are_not() {
        let ordinary = [
            "a",
            "true",
            "localhost",
            "localhost:3000",
            "production",
            "changeme",
            "password1",
            "Password123",
            "Test1234",
            "12345678",
            "1795000000000",
            "2026-11-22T10:00:00Z",
            "10.0.0.12:5432",
            "api.example.com:8443",
            "ip-10-0-12-34.eu.internal",
            "aaaaaaa1",
            "https://id.example.com/9f8e7d6c5b4a",
            "ada1234567@example.com",
            "/run/secrets/4f8a9c2e1b",
            "token_expired",
            "is too short (minimum is 8 characters)",
            "[masked:1a2b:0123456789ab]",
        ];
        for place in [Place::Token, Place::Password, Place::Credential] {
            check(place, false, &ordinary);
        }
        check(
            Place::Token,
            false,
            &[
                "us-east-1",
                "ap-southeast-2",
                "worker-1234",
                "sha256-base64",
                "utf-8-binary",
                "dark-mode-2",
            ],
        );
    }

    #[test]
    fn a_uuid_is_a_secret_only_where_nothing_else_stands() {
        let uuid = ["0b2f6c1e-52d4-4c0b-9a57-3c1f3f8f2f10"];
        check(Place::Credential, true, &uuid);
        check(Place::Token, false, &uuid);
    }
}
