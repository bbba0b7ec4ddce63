//! Values made comparable between two recordings: bodies parsed by content type, then values (never raw text)
//! normalised. Identifiers become `<id>` and instants `<ts>`; the identifiers are kept beside, in order, so that a
//! [`Renaming`] can hold two recordings against each other: the same identifier there must be the same one here.

use std::collections::HashMap;

use model::{Body, Exchange, Value};
use serde_json::Value as Json;

/// A value with its volatile tokens taken out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Normal {
    /// The value with `<id>` and `<ts>` in place of volatile tokens.
    pub(crate) value: Json,
    /// The identifiers, in the order of the value with its keys sorted.
    pub(crate) ids: Vec<String>,
}

/// A renaming of the identifiers of one recording into those of another, learnt in order of appearance.
#[derive(Debug, Default)]
pub(crate) struct Renaming {
    there: HashMap<String, String>,
    here: HashMap<String, String>,
}

impl Renaming {
    /// Whether two values are the same but for identifiers, and their identifiers have the same relations as so far.
    pub(crate) fn same(&mut self, here: &Normal, there: &Normal) -> bool {
        here.value == there.value && self.pairs(&here.ids, &there.ids)
    }

    fn pairs(&mut self, here: &[String], there: &[String]) -> bool {
        let mut consistent = here.len() == there.len();
        for (left, right) in here.iter().zip(there) {
            let right_known = self
                .there
                .entry(left.clone())
                .or_insert_with(|| right.clone());
            consistent &= right_known == right;
            let left_known = self
                .here
                .entry(right.clone())
                .or_insert_with(|| left.clone());
            consistent &= left_known == left;
        }
        consistent
    }
}

/// Whether two values have the same structure, truth values and words. Numbers and texts that are not plain words may
/// differ: with one recording to compare with nothing says which of them vary by themselves.
pub(crate) fn alike(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| alike(value, other)))
        }
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| alike(left, right))
        }
        (Json::String(left), Json::String(right)) => {
            left == right || !(is_word(left) && is_word(right))
        }
        (Json::Number(_), Json::Number(_)) => true,
        (left, right) => left == right,
    }
}

/// A plain word, such as a state or the value of an enumeration.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 24
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

/// The request of an exchange: path, sorted query and body. Not the host: ports differ from run to run.
pub(crate) fn request(exchange: &Exchange) -> Normal {
    let mut ids = Vec::new();
    let segments = exchange
        .path()
        .split('/')
        .map(|segment| path_segment(segment, &mut ids))
        .collect();
    let mut pairs: Vec<&str> = exchange.query().unwrap_or_default().split('&').collect();
    pairs.sort_unstable();
    let query = pairs
        .into_iter()
        .map(|pair| Json::String(tokens(pair, &mut ids)))
        .collect();
    let kind = exchange.request_header("content-type").unwrap_or_default();
    let body = body_value(&exchange.request_body, kind, &mut ids);
    Normal {
        value: Json::Array(vec![Json::Array(segments), Json::Array(query), body]),
        ids,
    }
}

/// The body of an answer, which may have been parsed already.
pub(crate) fn reply(exchange: &Exchange, parsed: Option<Json>) -> Normal {
    let mut ids = Vec::new();
    let value = match (&exchange.response, parsed) {
        (_, Some(mut json)) => {
            normalize_json(&mut json, "", &mut ids);
            json
        }
        (Some(response), None) => {
            let kind = response.header("content-type").unwrap_or_default();
            body_value(&response.body, kind, &mut ids)
        }
        (None, None) => Json::Null,
    };
    Normal { value, ids }
}

fn path_segment(segment: &str, ids: &mut Vec<String>) -> Json {
    let number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    if number {
        ids.push(segment.to_owned());
        return Json::String("<id>".to_owned());
    }
    Json::String(tokens(segment, ids))
}

fn body_value(body: &Body, kind: &str, ids: &mut Vec<String>) -> Json {
    let text = match &body.content {
        Some(Value::String(text)) if text.is_empty() => return Json::Null,
        Some(Value::String(text)) => text,
        _ if body.size == Some(0) => return Json::Null,
        // Binary and left-out bodies compare by length: hashes under different keys do not compare.
        _ => {
            return body
                .size
                .map_or(Json::Null, |size| Json::String(format!("{size} bytes")));
        }
    };
    if !body.truncated
        && let Ok(mut json) = serde_json::from_str::<Json>(text)
    {
        normalize_json(&mut json, "", ids);
        return json;
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        let mut pairs: Vec<&str> = text.split('&').collect();
        pairs.sort_unstable();
        return Json::Array(
            pairs
                .into_iter()
                .map(|pair| Json::String(tokens(pair, ids)))
                .collect(),
        );
    }
    Json::String(tokens(text, ids))
}

/// In place: most of a body stays as it is.
fn normalize_json(json: &mut Json, key: &str, ids: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            rename_keys(members);
            let mut sorted: Vec<(&String, &mut Json)> = members.iter_mut().collect();
            sorted.sort_unstable_by_key(|(key, _)| *key);
            for (key, value) in sorted {
                normalize_json(value, key, ids);
            }
        }
        Json::Array(items) => items
            .iter_mut()
            .for_each(|item| normalize_json(item, key, ids)),
        Json::String(text) if has_volatile(text) => *text = tokens(text, ids),
        Json::Number(number) => {
            let digits = number.to_string();
            if is_epoch(&digits) {
                *json = Json::String("<ts>".to_owned());
            } else if names_an_id(key) && number.is_i64() {
                ids.push(digits);
                *json = Json::String("<id>".to_owned());
            }
        }
        _ => {}
    }
}

/// Maps that are keyed by identifiers.
fn rename_keys(members: &mut serde_json::Map<String, Json>) {
    let renamed = |key: &String| tokens(key, &mut Vec::new());
    if members
        .keys()
        .any(|key| has_volatile(key) && renamed(key) != *key)
    {
        *members = std::mem::take(members)
            .into_iter()
            .map(|(key, value)| (renamed(&key), value))
            .collect();
    }
}

/// Most texts are plain words, and every volatile token has a digit.
fn has_volatile(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

fn names_an_id(key: &str) -> bool {
    key.eq_ignore_ascii_case("id")
        || key.ends_with("Id")
        || key.ends_with("ID")
        || key.ends_with("_id")
}

/// The text with volatile tokens replaced, which are added to `ids` in order.
pub(crate) fn tokens(text: &str, ids: &mut Vec<String>) -> String {
    if is_http_date(text) {
        return "<ts>".to_owned();
    }
    if !has_volatile(text) {
        return text.to_owned();
    }
    let mut normal = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, replacement) = volatile_prefix(rest);
        match replacement {
            Some("<id>") => ids.push(rest[..length].to_owned()),
            Some(_) => {}
            None => {
                let kept = length.max(first.len_utf8());
                normal.push_str(&rest[..kept]);
                rest = &rest[kept..];
                continue;
            }
        }
        normal.push_str(replacement.unwrap_or_default());
        rest = &rest[length..];
    }
    normal
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
        (run, Some("<ts>"))
    } else if is_identifier(word) {
        (run, Some("<id>"))
    } else {
        (run, None)
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
fn is_epoch(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(digits.len(), 10 | 13 | 16 | 19)
        && !digits.starts_with('0')
        && digits.as_bytes()[0] <= b'9'
}

/// Tokens that nobody chose: numbers of six digits and more, hex of twelve and more, other long or jumbled mixtures of
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
    (hex && digits >= 1 && word.len() >= 12)
        || (digits >= 2 && word.len() >= 16)
        || (switches >= 4 && word.len() >= 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volatile_tokens_are_taken_out() {
        let check = |text: &str, expected: &str, expected_ids: &[&str]| {
            let mut ids = Vec::new();
            assert_eq!(tokens(text, &mut ids), expected, "{text}");
            assert_eq!(ids, expected_ids, "{text}");
        };
        check(
            "user 5f2b8c1e-9d3a-4c6b-8e7f-001122334455 in",
            "user <id> in",
            &["5f2b8c1e-9d3a-4c6b-8e7f-001122334455"],
        );
        check("org-1795000000123", "org-<ts>", &[]);
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
    fn renaming_keeps_relations() {
        let value = |ids: &[&str]| Normal {
            value: Json::Null,
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        };
        let mut renaming = Renaming::default();
        assert!(renaming.same(&value(&["a", "b"]), &value(&["x", "y"])));
        assert!(renaming.same(&value(&["b", "a"]), &value(&["y", "x"])));
        assert!(!renaming.same(&value(&["a"]), &value(&["y"])), "a was x");
        assert!(!renaming.same(&value(&["c"]), &value(&["x"])), "x was a");
        assert!(!renaming.same(&value(&["a"]), &value(&[])));
    }

    #[test]
    fn likeness_is_structure_truth_and_words() {
        let check = |left: &str, right: &str, expected: bool| {
            let parse = |text| serde_json::from_str(text).unwrap();
            assert_eq!(
                alike(&parse(left), &parse(right)),
                expected,
                "{left} {right}"
            );
        };
        check(r#"{"a":1,"b":"x y"}"#, r#"{"b":"z w","a":2}"#, true);
        check(r#"{"state":"open"}"#, r#"{"state":"closed"}"#, false);
        check(r#"{"a":true}"#, r#"{"a":false}"#, false);
        check(r#"{"a":1}"#, r#"{"a":"1"}"#, false);
        check(r#"{"a":1}"#, r#"{"b":1}"#, false);
        check("[1,2]", "[1]", false);
    }
}
