//! Values under a secret name that speak about a secret and are none: what a validator answers, error codes, switches.

/// A longer remark is not taken for one; this also keeps masking linear, since a long run of text is asked about at each
/// name in it.
const LONGEST: usize = 400;

/// Whole values.
const WORDS: &[&str] = &[
    "",
    "true",
    "false",
    "null",
    "none",
    "nil",
    "undefined",
    "nan",
    "yes",
    "no",
    "on",
    "off",
    "bearer",
    "basic",
    "digest",
    "invalid",
    "expired",
    "missing",
    "required",
    "revoked",
    "malformed",
    "unknown",
    "wrong",
    "incorrect",
    "mismatch",
    "optional",
    "empty",
    "blank",
    "absent",
    "present",
    "valid",
    "redacted",
    "masked",
    "hidden",
    "string",
    "object",
    "number",
    "boolean",
    "not",
    "is",
    "must",
    "cannot",
    "was",
    "has",
    "and",
    "or",
    "the",
    "a",
    "an",
    "for",
    "in",
    "of",
    "to",
    "password",
    "token",
    "secret",
    "apikey",
    "api_key",
    "required.",
    "invalid.",
];

/// Words of sentences about a value.
const ABOUT: &[&str] = &[
    "required",
    "invalid",
    "expired",
    "missing",
    "must",
    "blank",
    "incorrect",
    "wrong",
    "cannot",
    "can't",
    "may",
    "should",
    "short",
    "long",
    "least",
    "most",
    "match",
    "mismatch",
    "malformed",
    "revoked",
    "empty",
    "failed",
    "provided",
    "contain",
    "contains",
    "characters",
    "valid",
    "denied",
];

/// Whether a value is a word or a sentence about a secret: `invalid`, `token_expired`, `TokenExpired`, `***`,
/// `is too short (minimum is 8 characters)`.
pub(super) fn is_said_about(value: &str) -> bool {
    if value.len() > LONGEST {
        return false;
    }
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) {
        return true;
    }
    let hidden = value
        .bytes()
        .all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.' | b'-' | b'#'));
    hidden || is_code(value) || is_sentence(&lower)
}

/// A code made of words, one of which says what is wrong.
fn is_code(value: &str) -> bool {
    let is_word = value
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.'));
    is_word
        && value.len() <= 64
        && parts(value)
            .iter()
            .any(|part| ABOUT.contains(&part.as_str()) || part == "unauthorized" || part == "error")
}

fn parts(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for character in value.chars() {
        if !character.is_alphabetic() || (character.is_uppercase() && before.is_lowercase()) {
            parts.push(String::new());
        }
        before = character;
        if let Some(part) = parts.last_mut().filter(|_| character.is_alphabetic()) {
            part.push(character.to_ascii_lowercase());
        }
    }
    parts
}

/// Two words and more, none of them drawn at random, one of which is about a value.
fn is_sentence(lower: &str) -> bool {
    let words: Vec<&str> = lower
        .split_ascii_whitespace()
        .map(|word| word.trim_matches(|character: char| !character.is_alphanumeric()))
        .collect();
    let plain = |word: &&str| {
        word.bytes()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'\''))
            || word.len() <= 3
    };
    words.len() > 1 && words.iter().all(plain) && words.iter().any(|word| ABOUT.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_a_secret_is_none() {
        let check = |expected: bool, values: &[&str]| {
            for value in values {
                assert_eq!(is_said_about(value), expected, "{value}");
            }
        };
        check(
            true,
            &[
                "",
                "null",
                "invalid",
                "invalid_token",
                "TokenExpired",
                "token_expired",
                "INVALID_TOKEN",
                "********",
                "bearer",
                "This field is required.",
                "is too short (minimum is 8 characters)",
                "must be at least 8 characters long",
                "can't be blank",
                "jwt.expired",
                "InvalidTokenError",
            ],
        );
        check(
            false,
            &[
                "hunter22",
                "correcthorse",
                "correct horse battery staple",
                "s3cr3t-expired",
                "passw0rd is required1",
                "sesame",
                "[masked:1a2b:0123456789ab]",
                "Abcdefgh",
            ],
        );
    }
}
