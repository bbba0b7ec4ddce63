//! Secrets that follow their name in a text: `password = "x"`, `token: x`, `--api-key x`, `<Password>x</Password>`,
//! `Authorization: Bearer x`. Works on logs, messages, stacks, GraphQL, SQL, XML and whatever else is not JSON.

use super::Masker;
use super::contract::{is_placeholder, variable_type};
use super::header::is_scheme;
use super::replace::Findings;
use super::said::is_said_about;
use super::shapes::is_random;
use super::unescape::unescape;

/// A name is at most so long.
const NAME: usize = 96;
/// What is longer is not a word.
const LONGEST_WORD: usize = 64;
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
    /// Finds the values of secret names in the text. `followed`: it is a part of one, and a pseudonym comes next.
    pub(super) fn find_assigned(&self, text: &str, followed: bool, findings: &mut Findings) {
        let mut done = 0;
        // Where the unquoted run ends that was looked at last: names within it have the same end.
        let mut run_end = 0;
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
            let place = place(text, start, end, run_end);
            let typed = place
                .as_ref()
                .and_then(|place| variable_type(text, start, place.start));
            if let Some(typed) = typed {
                // Only what stands behind the type, if it is given a value.
                if let Some(place) = self::place(text, typed, typed, run_end) {
                    done = self.mask_place(name, text, &place, followed, findings);
                }
            } else if let Some(place) = place {
                run_end = if place.quoted { run_end } else { place.end };
                done = self.mask_place(name, text, &place, followed, findings);
            }
        }
    }

    /// Returns where to look on: after the value if it was masked, else at its beginning.
    fn mask_place(
        &self,
        name: &str,
        text: &str,
        place: &Place,
        followed: bool,
        findings: &mut Findings,
    ) -> usize {
        let value = &text[place.start..place.end];
        let is_cookie = name.eq_ignore_ascii_case("cookie");
        let is_header = text[..place.start].trim_end_matches(' ').ends_with(':') && !place.quoted;
        if is_header && (is_cookie || name.eq_ignore_ascii_case("set-cookie")) {
            let rest = &text[place.start..];
            let line = &rest[..rest.find(['\n', '\r', '"', '\'']).unwrap_or(rest.len())];
            let masked = if is_cookie {
                self.cookies(line)
            } else {
                self.set_cookie(line)
            };
            findings.put(place.start, place.start + line.len(), masked);
            return place.start + line.len();
        }
        if !place.quoted && is_scheme(value) {
            let rest = &text[place.end..];
            let start = text.len() - rest.trim_start_matches([' ', '\t']).len();
            let end = start + unquoted(&text[start..]);
            if start == place.end || is_said_about(&text[start..end]) {
                return start;
            }
            findings.put(start, end, self.secret(&text[start..end]));
            return end;
        }
        let rest = &text[place.end..];
        if is_said_about(value)
            || (!place.quoted && is_placeholder(name, value))
            || (!place.quoted && is_prose_or_code(value, rest, place.spaced, followed))
        {
            return place.start;
        }
        let plain = if value.contains('\\') {
            unescape(value)
        } else {
            value.to_owned()
        };
        findings.put(place.start, place.end, self.credential(&plain));
        place.end
    }
}

/// Whether an unquoted value is a piece of a sentence (`token: expected a string`) or of a program
/// (`token = await login()`), or too short a number to be a secret.
fn is_prose_or_code(value: &str, rest: &str, spaced: bool, followed: bool) -> bool {
    let small_number = value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    let next = rest.trim_start_matches(' ');
    let goes_on = (followed && next.is_empty())
        || (next.len() < rest.len() && next.starts_with(|next: char| next.is_alphabetic()));
    let is_word = value.len() <= LONGEST_WORD && !is_random(value);
    is_code(value) || small_number || (spaced && goes_on && is_word)
}

/// Whether a value begins like an expression: with a bracket, or with a name that is called.
fn is_code(value: &str) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_' | b'$');
    let name = value.bytes().take(LONGEST_WORD).take_while(is_name).count();
    value.starts_with(['{', '(', '=', '$', '<', '['])
        || (name > 0 && value[name..].starts_with('('))
}

/// The whole name around a stem, not reaching back beyond `from`.
fn name_around(text: &str, start: usize, end: usize, from: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let floor = from.max(start.saturating_sub(NAME));
    let before = bytes[floor..start].iter().rev().take_while(is_name).count();
    let after = bytes[end..].iter().take(NAME).take_while(is_name).count();
    // The dashes of an option are not part of its name.
    let first = start - before;
    let dashes = bytes[first..start]
        .iter()
        .take_while(|byte| matches!(byte, b'-' | b'.'))
        .count();
    (first + dashes, end + after)
}

/// Where the value of the name stands, if the text gives it one.
fn place(text: &str, start: usize, end: usize, run_end: usize) -> Option<Place> {
    let rest = &text[end..];
    if is_element(&text.as_bytes()[start.saturating_sub(NAME)..start]) {
        return in_element(text, end);
    }
    if text[..start].ends_with("--") && rest.starts_with(' ') {
        return Some(value_at(text, end + 1, false, run_end));
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
    Some(value_at(text, text.len() - value.len(), spaced, run_end))
}

/// Whether what stands before a name opens an XML element: `<`, or `<` and a prefix with a colon.
fn is_element(before: &[u8]) -> bool {
    let Some(prefix) = before.strip_suffix(b":") else {
        return before.ends_with(b"<");
    };
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let length = prefix.iter().rev().take_while(is_name).count();
    length > 0 && prefix[..prefix.len() - length].ends_with(b"<")
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
    // Only up to the end of an element, or of a text that was cut within a word: generic types look like elements, too.
    let value = &text[start..start + length];
    let is_cut = start + length == text.len() && !value.contains(char::is_whitespace);
    let is_closed = text[start + length..].starts_with("</") || is_cut;
    is_closed.then_some(Place {
        start,
        end: start + length,
        quoted: true,
        spaced: false,
    })
}

/// The value that begins here: quoted, with escaped quotes or plain ones, or up to the next delimiter.
fn value_at(text: &str, start: usize, spaced: bool, run_end: usize) -> Place {
    let rest = &text[start..];
    let escapes = rest.len() - rest.trim_start_matches('\\').len();
    let quote = rest[escapes..]
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\'' | '`'));
    let Some(quote) = quote else {
        return Place {
            start,
            end: if start < run_end {
                run_end
            } else {
                start + unquoted(rest)
            },
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

/// How far a quoted value goes: to the quote with as many backslashes as the opening one, else to the end of the line. Only
/// back quotes go on over lines.
fn quoted(text: &str, quote: char, escapes: usize) -> usize {
    let bytes = text.as_bytes();
    let mut backslashes = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' => backslashes += 1,
            b'\n' if quote != '`' => return at,
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
        backslashes.is_multiple_of(2)
    } else {
        backslashes <= escapes
    }
}

/// How far an unquoted value goes.
fn unquoted(text: &str) -> usize {
    let ends = |character: char| {
        character.is_whitespace()
            || matches!(
                character,
                '&' | '"' | '\'' | '`' | '<' | '>' | ',' | ';' | ')' | ']' | '}' | '|' | '\\'
            )
    };
    text.find(ends).unwrap_or(text.len())
}
