//! What makes two values in their normal form unlike: the first place in which structure, a truth value or a word
//! differs, in words.

use std::fmt::Write as _;

use crate::normal::{self, Normal};
use crate::scan;
use crate::text;

/// Longest value that is quoted, in characters.
const VALUE_CHARS: usize = 60;
/// Deepest nesting that is looked into.
const NESTING: usize = 64;

/// The first place in which two values are unlike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unlike {
    /// Where: `hits.total`, `items[2].state`; empty for the whole.
    pub(crate) path: String,
    /// What is there in the one: `1`, `"open"`, `an object`, `a list of 2`, `nothing`.
    pub(crate) here: String,
    /// And in the other.
    pub(crate) there: String,
}

/// The first place, in the order of the keys; nothing when the values are alike.
pub(crate) fn first(here: &Normal, there: &Normal) -> Option<Unlike> {
    let mut path = String::new();
    let (left, right) = at(&mut path, &here.text, &there.text, NESTING)?;
    Some(Unlike {
        path,
        here: left,
        there: right,
    })
}

fn at(path: &mut String, here: &str, there: &str, depth: usize) -> Option<(String, String)> {
    if here == there || depth == 0 {
        return None;
    }
    match (kind(here), kind(there)) {
        (b'{', b'{') => members(path, here, there, depth),
        (b'[', b'[') => items(path, here, there, depth),
        (b'"', b'"') => {
            let (left, right) = (here.trim_matches('"'), there.trim_matches('"'));
            (normal::is_word(left) && normal::is_word(right)).then(|| both(here, there))
        }
        (b'0', b'0') => None,
        _ => Some(both(here, there)),
    }
}

/// The first byte of a value, that of all numbers being `0`.
fn kind(value: &str) -> u8 {
    match value.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => b'0',
        first => first.copied().unwrap_or_default(),
    }
}

fn both(here: &str, there: &str) -> (String, String) {
    (described(here), described(there))
}

fn described(value: &str) -> String {
    match kind(value) {
        b'{' => "an object".to_owned(),
        b'[' => match scan::items(value).count() {
            0 => "an empty list".to_owned(),
            count => format!("a list of {count}"),
        },
        _ => text::one_line(value, VALUE_CHARS),
    }
}

fn members(path: &mut String, here: &str, there: &str, depth: usize) -> Option<(String, String)> {
    let mut left = scan::members(here).peekable();
    let mut right = scan::members(there).peekable();
    let nothing = || "nothing".to_owned();
    loop {
        let (key, found) = match (left.peek(), right.peek()) {
            (None, None) => return None,
            (Some((key, value)), other) if other.is_none_or(|(other, _)| key < other) => {
                (key.clone(), Some((described(value), nothing())))
            }
            (other, Some((key, value))) if other.is_none_or(|(other, _)| key < other) => {
                (key.clone(), Some((nothing(), described(value))))
            }
            _ => {
                let ((key, value), (_, other)) = (left.next()?, right.next()?);
                let length = path.len();
                let dot = if path.is_empty() { "" } else { "." };
                // Writing to a text does not fail.
                let _ = write!(path, "{dot}{key}");
                let found = at(path, value, other, depth - 1);
                if found.is_some() {
                    return found;
                }
                path.truncate(length);
                continue;
            }
        };
        let dot = if path.is_empty() { "" } else { "." };
        let _ = write!(path, "{dot}{key}");
        return found;
    }
}

fn items(path: &mut String, here: &str, there: &str, depth: usize) -> Option<(String, String)> {
    if scan::items(here).count() != scan::items(there).count() {
        return Some(both(here, there));
    }
    for (nth, (left, right)) in scan::items(here).zip(scan::items(there)).enumerate() {
        let length = path.len();
        let _ = write!(path, "[{nth}]");
        let found = at(path, left, right, depth - 1);
        if found.is_some() {
            return found;
        }
        path.truncate(length);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize;

    fn check(here: &str, there: &str, expected: &str) {
        let normal = |text: &str| normalize::json(text).unwrap_or_else(Normal::null);
        let (here, there) = (normal(here), normal(there));
        let found = first(&here, &there);
        assert_eq!(found.is_none(), here.is_like(&there), "{here:?} {there:?}");
        let said = found.map_or(String::new(), |found| {
            format!("{} = {}, {}", found.path, found.here, found.there)
        });
        assert_eq!(said, expected, "{here:?} {there:?}");
    }

    #[test]
    fn the_first_unlike_place_is_found() {
        check(r#"{"a":1}"#, r#"{"a":2}"#, "");
        check(r#"{"a":"x 1"}"#, r#"{"a":"y 2"}"#, "");
        check(
            r#"{"a":"open"}"#,
            r#"{"a":"paid"}"#,
            r#"a = "open", "paid""#,
        );
        check(
            r#"{"hits":{"total":1,"hits":[]}}"#,
            r#"{"hits":{"total":{"value":1},"hits":[]}}"#,
            "hits.total = 1, an object",
        );
        check("[]", r#"[{"id":1}]"#, " = an empty list, a list of 1");
        check(
            r#"[[{"a":true}]]"#,
            r#"[[{"a":null}]]"#,
            "[0][0].a = true, null",
        );
        check(r#"{"a":1}"#, r#"{"a":1,"b":2}"#, "b = nothing, 2");
        check(r#"{"a":1,"b":{}}"#, r#"{"c":1,"b":{}}"#, "a = 1, nothing");
        check(r#"{"b":1}"#, r#"{"a":1}"#, "a = nothing, 1");
        check("1", r#""1""#, r#" = 1, "1""#);
    }
}
