//! Any text: everything that can be found in it without knowing what it is.

use std::borrow::Cow;

use super::Masker;
use super::form::{Fields, looks_like_form};
use super::json::looks_like_json;
use super::replace::{Findings, between_pseudonyms};

/// A shorter text holds no secret that could be told from a word.
const SHORTEST: usize = 6;

/// Formats in formats (JSON in a string of JSON, a URL in the query of a URL) are opened so many times; deeper, they are
/// masked as text.
pub(super) const NESTED: usize = 4;
/// Putting a pseudonym into a text can show more of it to be a secret (`token: a password=b`); it is looked at again as
/// long as that is so, but not for ever.
const ROUNDS: usize = 8;

impl Masker {
    /// A text whose format is not known: as JSON or as a form if it looks like one, else as plain text.
    pub(super) fn any_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.settle(text, |text| self.sniffed(text, 0))
    }

    /// A plain text.
    pub(super) fn plain_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.settle(text, |text| self.plain(text, 0))
    }

    /// A text by which something is known again in other runs: masked as ever, but not by what this run has shown so far,
    /// which depends on the order in which its processes write.
    pub(super) fn lasting_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        until_same(text, |text| self.sniffed(text, 0))
    }

    /// Masks, also what the run has shown to be secret, until that changes nothing.
    pub(super) fn settle<'a>(
        &self,
        text: &'a str,
        mask: impl Fn(&str) -> Cow<'_, str>,
    ) -> Cow<'a, str> {
        until_same(text, |text| match mask(text) {
            Cow::Borrowed(masked) => self.learned_values(masked),
            Cow::Owned(masked) => self.learned_values(&masked).into_owned().into(),
        })
    }

    /// Only what the run has shown to be secret.
    pub(super) fn learned_values<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.recognise(text);
        if self.learned.count() == 0 {
            return Cow::Borrowed(text);
        }
        between_pseudonyms(text, |part, _| {
            let mut findings = Findings::default();
            self.learned.find(part, &mut findings);
            findings.replace(&self.key, part)
        })
    }

    /// One round of a plain text that lies `depth` deep in other formats.
    pub(super) fn plain<'a>(&self, text: &'a str, depth: usize) -> Cow<'a, str> {
        between_pseudonyms(text, |part, followed| {
            self.unmasked_text(part, followed, depth)
        })
    }

    /// One round of a text that lies `depth` deep in other formats. What is known by its value comes first: it may hold the
    /// very characters at which JSON and forms are split.
    pub(super) fn sniffed<'a>(&self, text: &'a str, depth: usize) -> Cow<'a, str> {
        let known = self.known_values(text);
        let masked = if depth <= NESTED && looks_like_json(&known) {
            self.json(&known, depth)
        } else if depth <= NESTED && looks_like_form(&known) {
            self.form(&known, Fields::Body, depth).into()
        } else {
            self.plain(&known, depth)
        };
        if masked == text {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(masked.into_owned())
        }
    }

    /// Only what is known by its value.
    pub(super) fn known_values<'a>(&self, text: &'a str) -> Cow<'a, str> {
        between_pseudonyms(text, |part, _| {
            let mut findings = Findings::default();
            self.values.find(part, &mut findings);
            findings.replace(&self.key, part)
        })
    }

    fn unmasked_text<'a>(&self, text: &'a str, followed: bool, depth: usize) -> Cow<'a, str> {
        if text.len() < SHORTEST {
            return Cow::Borrowed(text);
        }
        let mut findings = Findings::default();
        self.values.find(text, &mut findings);
        super::cards::find(&self.key, text, &mut findings);
        if !self.hints.is_match(text) && !self.shapes.has_own() {
            return findings.replace(&self.key, text);
        }
        self.shapes.find(&self.key, text, &mut findings);
        if depth <= NESTED {
            self.find_urls(text, depth, &mut findings);
        }
        self.find_sql(text, &mut findings);
        self.find_assigned(text, followed, &mut findings);
        findings.replace(&self.key, text)
    }

    fn find_urls(&self, text: &str, depth: usize, findings: &mut Findings) {
        let mut done = 0;
        for (at, _) in text.match_indices("://") {
            if at < done {
                continue;
            }
            let scheme = text.as_bytes()[done..at]
                .iter()
                .rev()
                .take_while(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')
                })
                .count();
            if scheme == 0 {
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
            let masked = self.url_once(url, depth + 1);
            if masked != url {
                findings.put(start, end, masked);
            }
            done = end;
        }
    }
}

/// Masks until that changes nothing.
fn until_same<'a>(text: &'a str, mask: impl Fn(&str) -> Cow<'_, str>) -> Cow<'a, str> {
    let mut masked = match mask(text) {
        Cow::Borrowed(_) => return Cow::Borrowed(text),
        Cow::Owned(masked) if masked == text => return Cow::Borrowed(text),
        Cow::Owned(masked) => masked,
    };
    for _ in 0..ROUNDS {
        match mask(&masked) {
            Cow::Owned(again) if again != masked => masked = again,
            _ => break,
        }
    }
    Cow::Owned(masked)
}
