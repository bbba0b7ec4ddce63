//! Forms: URL-encoded (also as the query of a URL), and multipart.

use std::borrow::Cow;

use super::Masker;
use super::json::looks_like_json;
use super::names::place_of;
use super::replace::{is_pseudonym, starts_with_pseudonym};
use super::said::is_said_about;

/// Which names count as secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    Body,
    Query,
}

/// Whether a text without a content type is a URL-encoded form: pairs, and nothing that would have been encoded.
pub(super) fn looks_like_form(text: &str) -> bool {
    let is_plain = |byte: u8| {
        byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'"' | b'\'' | b'<' | b'>' | b'{' | b'}' | b'\\' | b';' | b',' | b'('
            )
    };
    text.contains('=')
        && !text.contains("://")
        && !text.starts_with('=')
        && text.bytes().all(is_plain)
}

impl Masker {
    /// `name=value&…`, values of secret names masked, others as text. What does not change stays byte for byte.
    pub(super) fn form(&self, text: &str, fields: Fields, depth: usize) -> String {
        let pair = |pair: &str| self.form_pair(pair, fields, depth);
        text.split('&').map(pair).collect::<Vec<_>>().join("&")
    }

    fn form_pair(&self, pair: &str, fields: Fields, depth: usize) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            return self.encoded_text(pair, depth);
        };
        let plain_name = decode(name);
        let is_secret = match fields {
            Fields::Body => self.names.is_secret_key(&plain_name),
            Fields::Query => self.names.is_secret_query_key(&plain_name),
        };
        let plain = decode(value);
        let is_secret = is_secret || self.names.is_secret_pair(&plain_name, &plain);
        let value = if is_pseudonym(&plain) {
            plain.into_owned()
        } else if is_secret && !is_said_about(&plain) {
            self.credential_at(&plain, place_of(&plain_name))
                .replace(' ', "+")
        } else if let Some(digits) = self.digits(&plain_name, &plain) {
            digits
        } else {
            self.encoded_text(value, depth)
        };
        format!("{}={value}", self.encoded_text(name, depth))
    }

    /// A part of a form or URL as text: decoded, masked, and encoded again if that changed it.
    pub(super) fn encoded_text(&self, raw: &str, depth: usize) -> String {
        let plain = decode(raw);
        let masked = self.sniffed_value(&plain, depth + 1);
        // What is encoded in a way of its own is only found here.
        let masked = if raw == plain {
            masked
        } else {
            Cow::Owned(self.learned_values(&masked).into_owned())
        };
        if masked == plain {
            raw.to_owned()
        } else {
            encode(&masked)
        }
    }

    /// The value of a pair: JSON, or plain; a form within a form is not one.
    fn sniffed_value<'a>(&self, plain: &'a str, depth: usize) -> Cow<'a, str> {
        if looks_like_json(plain) {
            self.sniffed(plain, depth)
        } else {
            self.plain(plain, depth)
        }
    }

    /// A multipart body (RFC 7578): each part's content by the name of its field. None: it is not one.
    pub(super) fn multipart(&self, text: &str) -> Option<String> {
        let boundary = text
            .lines()
            .next()
            .filter(|line| line.starts_with("--") && line.len() > 4)?;
        let mut masked = String::with_capacity(text.len());
        for (at, part) in text.split(boundary).enumerate() {
            if at > 0 {
                masked.push_str(boundary);
            }
            masked.push_str(&self.part(part));
        }
        Some(masked)
    }

    fn part<'a>(&self, part: &'a str) -> Cow<'a, str> {
        let blank = ["\r\n\r\n", "\n\n"]
            .iter()
            .find_map(|blank| Some((part.find(blank)?, blank.len())));
        let Some((at, length)) = blank else {
            return self.plain(part, 0);
        };
        let (head, content) = part.split_at(at + length);
        let body = content.trim_end_matches(['\r', '\n']);
        let name = head
            .split("name=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let name = name.unwrap_or_default();
        let masked = if self.names.is_secret_key(name) && !is_said_about(body) {
            Cow::Owned(self.secret_at(body, place_of(name)))
        } else if let Some(digits) = self.digits(name, body) {
            Cow::Owned(digits)
        } else {
            self.sniffed(body, 1)
        };
        let end = &content[body.len()..];
        Cow::Owned(format!("{}{masked}{end}", self.plain(head, 1)))
    }
}

/// Undoes percent-encoding and `+`. What is not UTF-8 then stays as it was.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['%', '+']) {
        return Cow::Borrowed(raw);
    }
    let bytes = raw.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = raw.get(at + 1..at + 3).filter(|pair| {
            bytes[at] == b'%' && pair.bytes().all(|digit| digit.is_ascii_hexdigit())
        });
        match pair.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8(plain).map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// Percent-encodes what does not stand for itself in a form; pseudonyms stay readable.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = if starts_with_pseudonym(rest) {
            let length = rest.find(']').map_or(rest.len(), |at| at + 1);
            encoded.push_str(&rest[..length]);
            length
        } else if character.is_ascii_alphanumeric() || "-_.!~*'()/:@,;".contains(character) {
            encoded.push(character);
            1
        } else {
            for byte in rest[..character.len_utf8()].bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
            character.len_utf8()
        };
        rest = &rest[length..];
    }
    encoded
}
