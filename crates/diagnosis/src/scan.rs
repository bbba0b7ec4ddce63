//! Reads canonical JSON where it stands, without a tree. It is what [`crate::canonical`] writes, so what is no JSON is
//! not told, only never run away from.

use std::borrow::Cow;

/// What canonical JSON consists of. Keys and texts stay escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// One of `{}[]`.
    Bracket(u8),
    Key(&'a str),
    Text(&'a str),
    /// Any number: they are all alike.
    Number,
    /// `true`, `false`, `null`.
    Literal(&'a str),
}

/// The tokens of canonical JSON.
#[derive(Debug, Clone)]
pub(crate) struct Tokens<'a>(pub(crate) &'a str);

impl<'a> Tokens<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.0 = self.0.strip_prefix(',').unwrap_or(self.0);
        let first = *self.0.as_bytes().first()?;
        Some(match first {
            b'{' | b'}' | b'[' | b']' => {
                self.take(1);
                Token::Bracket(first)
            }
            b'"' => {
                let quoted = self.take(quoted_length(self.0));
                match self.0.strip_prefix(':') {
                    Some(rest) => {
                        self.0 = rest;
                        Token::Key(quoted)
                    }
                    None => Token::Text(between(quoted)),
                }
            }
            _ => {
                let end = self.0.bytes().position(|byte| b",]}".contains(&byte));
                let word = self.take(end.unwrap_or(self.0.len()));
                if matches!(first, b'-' | b'0'..=b'9') {
                    Token::Number
                } else {
                    Token::Literal(word)
                }
            }
        })
    }
}

/// A text without its first and last byte, which are quotes or brackets.
fn between(text: &str) -> &str {
    text.get(1..text.len().saturating_sub(1))
        .unwrap_or_default()
}

/// Length of the string at the start, quotes included.
fn quoted_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Length of the value at the start.
fn value_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0_usize, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at += quoted_length(&text[at..]),
            b'{' | b'[' => (at, depth) = (at + 1, depth + 1),
            b'}' | b']' if depth > 0 => (at, depth) = (at + 1, depth - 1),
            b',' | b'}' | b']' if depth == 0 => return at,
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

fn take_value<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let text = rest.strip_prefix(',').unwrap_or(rest);
    let (value, after) = text.split_at(value_length(text));
    *rest = after;
    (!value.is_empty()).then_some(value)
}

/// The values under a key, at any depth of a text in its normal form.
pub(crate) fn under<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    let named = format!("\"{key}\":");
    let found = text.match_indices(&named);
    found
        .filter_map(|(at, _)| take_value(&mut &text[at + named.len()..]))
        .collect()
}

/// The values of an array.
pub(crate) fn items(array: &str) -> impl Iterator<Item = &str> {
    let mut rest = between(array);
    std::iter::from_fn(move || take_value(&mut rest))
}

/// The keys of an object, unescaped, in their order, each with its value.
pub(crate) fn members(object: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let mut rest = between(object);
    std::iter::from_fn(move || {
        let key = unescaped(take_value(&mut rest)?);
        rest = rest.strip_prefix(':').unwrap_or(rest);
        Some((key, take_value(&mut rest)?))
    })
}

fn unescaped(quoted: &str) -> Cow<'_, str> {
    if quoted.contains('\\') {
        serde_json::from_str(quoted).map_or(Cow::Borrowed(quoted), Cow::Owned)
    } else {
        Cow::Borrowed(between(quoted))
    }
}
