//! Any text: everything that can be found in it without knowing what it is.

use std::borrow::Cow;

use super::Masker;
use super::form::{Fields, looks_like_form};
use super::json::looks_like_json;
use super::replace::{Findings, between_pseudonyms};

/// A shorter text holds no secret that could be told from a word.
const SHORTEST: usize = 6;

impl Masker {
    /// A text whose format is not known: as JSON or as a form if it looks like one, else as plain text.
    pub(super) fn any_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if looks_like_json(text) {
            return self.then_known_values(self.json(text, 0));
        }
        self.loose(text)
    }

    /// A text that is no JSON of its own: a form if it looks like one, else plain.
    pub(super) fn loose<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if looks_like_form(text) {
            let masked = self.form(text, Fields::Body);
            return if masked == text {
                Cow::Borrowed(text)
            } else {
                Cow::Owned(masked)
            };
        }
        self.plain_text(text)
    }

    /// A plain text.
    pub(super) fn plain_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        between_pseudonyms(text, |part| self.unmasked_text(part))
    }

    /// Only what is known by its value.
    pub(super) fn known_values<'a>(&self, text: &'a str) -> Cow<'a, str> {
        between_pseudonyms(text, |part| {
            let mut findings = Findings::default();
            self.values.find(part, &mut findings);
            findings.replace(&self.key, part)
        })
    }

    fn then_known_values<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        match self.known_values(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => Cow::Owned(masked),
        }
    }

    fn unmasked_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text.len() < SHORTEST {
            return Cow::Borrowed(text);
        }
        let mut findings = Findings::default();
        self.values.find(text, &mut findings);
        self.shapes.find(&self.key, text, &mut findings);
        self.find_urls(text, &mut findings);
        self.find_assigned(text, &mut findings);
        findings.replace(&self.key, text)
    }

    fn find_urls(&self, text: &str, findings: &mut Findings) {
        let mut done = 0;
        for (at, _) in text.match_indices("://") {
            let scheme = text.as_bytes()[done..at]
                .iter()
                .rev()
                .take_while(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')
                })
                .count();
            if at < done || scheme == 0 {
                continue;
            }
            let start = at - scheme;
            let ends = |character: char| {
                character.is_whitespace()
                    || matches!(character, '"' | '\'' | '`' | '<' | '>' | '\\' | ')' | '|')
            };
            let end = text[at..]
                .find(ends)
                .map_or(text.len(), |length| at + length);
            let end = start
                + text[start..end]
                    .trim_end_matches([',', '.', ';', ':', ']', '}'])
                    .len();
            let url = &text[start..end];
            let masked = self.url(url);
            if masked != url {
                findings.put(start, end, masked);
            }
            done = end;
        }
    }
}
