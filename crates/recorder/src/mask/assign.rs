//! Secrets that follow their name in a text: `password = "x"`, `token: x`, `--api-key x`, `<Password>x</Password>`,
//! `Authorization: Bearer x`. Works on logs, messages, stacks, GraphQL, SQL, XML and whatever else is not JSON.

use super::Masker;
use super::header::is_scheme;
use super::replace::{Findings, starts_with_pseudonym};
use super::said::is_said_about;
use super::shapes::is_random;
use super::unescape::unescape;

/// A name is at most so long.
const NAME: usize = 96;
/// Between the name of an XML element and its `>` there are at most so many bytes of attributes.
const XML_ATTRIBUTES: usize = 512;

/// Where a value stands, and how.
struct Place {
    start: usize,
    end: usize,
    quoted: bool,
    /// `name: value` and `name = value`, as a sentence may also have it.
    spaced: bool,
}

impl Masker {
    /// Finds the values of secret names in the text.
    pub(super) fn find_assigned(&self, text: &str, findings: &mut Findings) {
        let mut done = 0;
        for stem in self.names.stems(text) {
            if stem.start() < done {
                continue;
            }
            let (start, end) = name_around(text, stem.start(), stem.end(), done);
            done = end;
            let name = &text[start..end];
            if !self.names.is_secret_key(name) {
                continue;
            }
            if let Some(place) = place(text, start, end) {
                done = place.start;
                self.mask_place(name, text, &place, findings);
            }
        }
    }

    fn mask_place(&self, name: &str, text: &str, place: &Place, findings: &mut Findings) {
        let value = &text[place.start..place.end];
        let whole_line =
            matches!(name.to_ascii_lowercase().as_str(), "cookie" | "set-cookie") && !place.quoted;
        if whole_line {
            let end = text[place.start..]
                .find(['\n', '\r', '"', '\''])
                .map_or(text.len(), |at| place.start + at);
            let line = &text[place.start..end];
            let masked = if name.eq_ignore_ascii_case("cookie") {
                self.cookies(line)
            } else {
                self.set_cookie(line)
            };
            findings.put(place.start, end, masked);
            return;
        }
        if !place.quoted && is_scheme(value) {
            let after =
                text[place.end..].len() - text[place.end..].trim_start_matches([' ', '\t']).len();
            let start = place.end + after;
            let end = start + unquoted(&text[start..]);
            if after > 0
                && !starts_with_pseudonym(&text[start..])
                && !is_said_about(&text[start..end])
            {
                findings.put(start, end, self.secret(&text[start..end]));
            }
            return;
        }
        let rest = &text[place.end..];
        if is_said_about(value) || (!place.quoted && is_prose_or_code(value, rest, place.spaced)) {
            return;
        }
        let plain = if value.contains('\\') {
            unescape(value)
        } else {
            value.to_owned()
        };
        findings.put(place.start, place.end, self.credential(&plain));
    }
}

/// Whether an unquoted value is a piece of a sentence (`token: expected a string`) or of a program
/// (`token = await login()`), or too short a number to be a secret.
fn is_prose_or_code(value: &str, rest: &str, spaced: bool) -> bool {
    let is_call = rest.starts_with('(')
        || value.contains('(')
        || value.starts_with(['{', '(', '=', '$', '<', '[']);
    let small_number = value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = !is_random(value);
    let goes_on = rest.starts_with(' ') && rest[1..].starts_with(|next: char| next.is_alphabetic());
    is_call || small_number || (spaced && is_word && goes_on)
}

/// The whole name around a stem, not reaching back beyond `from`.
fn name_around(text: &str, start: usize, end: usize, from: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let floor = from.max(start.saturating_sub(NAME));
    let before = bytes[floor..start].iter().rev().take_while(is_name).count();
    let after = bytes[end..].iter().take(NAME).take_while(is_name).count();
    (start - before, end + after)
}

/// Where the value of the name stands, if the text gives it one.
fn place(text: &str, start: usize, end: usize) -> Option<Place> {
    let before = &text[..start];
    let rest = &text[end..];
    if before.ends_with('<')
        || before.ends_with(':')
            && before[..before.len() - 1]
                .rfind('<')
                .is_some_and(|at| start - at < NAME)
    {
        return in_element(text, end);
    }
    if before.ends_with("--") && rest.starts_with(' ') {
        return Some(value_at(text, end + 1, false));
    }
    // The quote that closes the name, escaped or not, and the bracket of `headers["x"] = `.
    let closed = rest
        .trim_start_matches('\\')
        .trim_start_matches(['"', '\'', '`'])
        .trim_start_matches(']');
    let separated = closed.trim_start_matches([' ', '\t']);
    let blanks = closed.len() - separated.len();
    let after = ["=>", ":=", ":", "="]
        .iter()
        .find_map(|separator| separated.strip_prefix(separator))?;
    if blanks > 3 || after.starts_with('=') {
        return None;
    }
    let value = after.trim_start_matches([' ', '\t']);
    let spaced = value.len() < after.len();
    Some(value_at(text, text.len() - value.len(), spaced))
}

fn in_element(text: &str, end: usize) -> Option<Place> {
    let rest = &text[end..];
    let limit = rest.len().min(XML_ATTRIBUTES);
    let close = rest.as_bytes()[..limit]
        .iter()
        .position(|byte| *byte == b'>')?;
    if rest[..close].ends_with('/') || rest[..close].contains('<') {
        return None;
    }
    let start = end + close + 1;
    let length = text[start..].find('<').unwrap_or(text.len() - start);
    Some(Place {
        start,
        end: start + length,
        quoted: true,
        spaced: false,
    })
}

/// The value that begins here: quoted, with escaped quotes or plain ones, or up to the next delimiter.
fn value_at(text: &str, start: usize, spaced: bool) -> Place {
    let rest = &text[start..];
    let escapes = rest.len() - rest.trim_start_matches('\\').len();
    let quote = rest[escapes..]
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\'' | '`'));
    let Some(quote) = quote else {
        return Place {
            start,
            end: start + unquoted(rest),
            quoted: false,
            spaced,
        };
    };
    let start = start + escapes + 1;
    Place {
        start,
        end: start + quoted(&text[start..], quote, escapes),
        quoted: true,
        spaced,
    }
}

/// How far a quoted value goes: to the quote with as many backslashes as the opening one, else to the end.
fn quoted(text: &str, quote: char, escapes: usize) -> usize {
    let bytes = text.as_bytes();
    let mut backslashes = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' => backslashes += 1,
            byte if char::from(*byte) == quote && closes(backslashes, escapes) => {
                return at - backslashes.min(escapes);
            }
            _ => backslashes = 0,
        }
    }
    text.len()
}

/// A quote is closed by one that is escaped no more than the opening one; twice as often and one is a quote within.
fn closes(backslashes: usize, escapes: usize) -> bool {
    if escapes == 0 {
        backslashes % 2 == 0
    } else {
        backslashes <= escapes
    }
}

/// How far an unquoted value goes.
fn unquoted(text: &str) -> usize {
    if starts_with_pseudonym(text) {
        return 0;
    }
    let ends = |character: char| {
        character.is_whitespace()
            || matches!(
                character,
                '&' | '"' | '\'' | '`' | '<' | '>' | ',' | ';' | ')' | ']' | '}' | '|' | '\\'
            )
    };
    text.find(ends).unwrap_or(text.len())
}
