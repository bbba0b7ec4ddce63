//! What JSON carries as base64 because it may be any bytes: the keys and values of etcd and Consul, the records of Kafka's
//! REST interface, the files of a repository. Where it is text, it is compared, named and shown as that text.
//!
//! | a text under `key`, `value`, `data`, `body`, `content`, `payload` or `range_end` | read as base64? |
//! |---|---|
//! | ends with `=`, and is a readable text decoded | yes |
//! | of eight characters and more, a capital or a digit after the first, and is a readable text decoded | yes |
//! | says `password`, `secret`, `token` or the like | no: the recorder masks by names, and saw none |
//! | anything else | no |
//!
//! Under other keys, such as `id` or `cursor`, what is encoded is often drawn anew by each run.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Keys under which protocols put any bytes.
const KEYS: &[&str] = &[
    "key",
    "value",
    "data",
    "body",
    "content",
    "payload",
    "range_end",
];

/// What names a secret, in lower case. What is masked elsewhere is not to become readable here.
const SECRETS: &[&str] = &[
    "passw",
    "secret",
    "token",
    "credential",
    "authorization",
    "private",
    "apikey",
    "api_key",
];

/// Shortest text that is believed to be encoded where no padding says so.
const CHARS: usize = 8;

/// Whether a text under this key may stand for bytes.
pub(crate) fn may_be_under(key: &str) -> bool {
    KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// What a text stands for, if that can be read.
pub(crate) fn text(value: &str) -> Option<String> {
    if !looks_coded(value) {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let readable = |one: char| !one.is_control() || matches!(one, '\n' | '\r' | '\t');
    let is_text = decoded.chars().all(readable) && decoded.contains(char::is_alphanumeric);
    (is_text && !names_a_secret(&decoded)).then_some(decoded)
}

fn names_a_secret(decoded: &str) -> bool {
    let lower = decoded.to_ascii_lowercase();
    SECRETS.iter().any(|word| lower.contains(word))
}

fn looks_coded(value: &str) -> bool {
    let mut after_first = value.bytes().skip(1);
    let is_mixed = after_first.any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    value.len().is_multiple_of(4) && (value.ends_with('=') || value.len() >= CHARS && is_mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_texts_are_told() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(text(value).as_deref(), expected, "{value}");
        };
        check("L2JlcnRocy83", Some("/berths/7"));
        check("MTI=", Some("12"));
        check("eyJzdGF0ZSI6Im9wZW4ifQ==", Some(r#"{"state":"open"}"#));
        // {"password":"hunter2"}
        check("eyJwYXNzd29yZCI6Imh1bnRlcjIifQ==", None);
        check("", None);
        check("====", None);
        check("open", None);
        check("Berthing", None);
        check("PaymentFailed", None);
        check("20261124", None);
        // Bytes that are no text, and nothing but a line break.
        check("/////w==", None);
        check("Cg==", None);
    }
}
