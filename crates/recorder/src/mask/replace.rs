//! Pseudonyms in texts: finding those that are there, and putting new ones in the place of what was found.

use std::borrow::Cow;

use crate::key::Key;

const OPENING: &str = "[masked:";
/// `[masked:`, 4 digits, `:`, 12 digits, `]`.
const LENGTH: usize = OPENING.len() + 4 + 1 + 12 + 1;

/// Whether the text is a pseudonym and nothing else, under whatever key.
pub(super) fn is_pseudonym(text: &str) -> bool {
    text.len() == LENGTH && starts_with_pseudonym(text)
}

/// Whether the text begins with a pseudonym.
pub(super) fn starts_with_pseudonym(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(OPENING).map(str::as_bytes) else {
        return false;
    };
    let hex = |digits: &[u8]| {
        digits
            .iter()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    };
    rest.len() >= LENGTH - OPENING.len()
        && hex(&rest[..4])
        && rest[4] == b':'
        && hex(&rest[5..17])
        && rest[17] == b']'
}

/// Gives the parts of the text between pseudonyms to `mask`, each with whether a pseudonym follows, and puts it together
/// again. What is masked stays as it is.
pub(super) fn between_pseudonyms<'a>(
    text: &'a str,
    mask: impl Fn(&'a str, bool) -> Cow<'a, str>,
) -> Cow<'a, str> {
    let Some(first) = find_pseudonym(text) else {
        return mask(text, false);
    };
    let mut masked = String::with_capacity(text.len());
    let (mut rest, mut next) = (text, Some(first));
    while let Some(at) = next {
        masked.push_str(&mask(&rest[..at], true));
        masked.push_str(&rest[at..at + LENGTH]);
        rest = &rest[at + LENGTH..];
        next = find_pseudonym(rest);
    }
    masked.push_str(&mask(rest, false));
    if masked == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(masked)
    }
}

fn find_pseudonym(text: &str) -> Option<usize> {
    text.match_indices(OPENING)
        .map(|(at, _)| at)
        .find(|at| starts_with_pseudonym(&text[*at..]))
}

/// What was found in a text, to be replaced all at once.
#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

struct Finding {
    start: usize,
    end: usize,
    put: String,
}

impl Findings {
    /// From `start` to `end` there is a secret.
    pub(super) fn secret(&mut self, key: &Key, text: &str, start: usize, end: usize) {
        self.put(start, end, key.pseudonym(&text.as_bytes()[start..end]));
    }

    /// From `start` to `end` there is something in whose place `put` comes.
    pub(super) fn put(&mut self, start: usize, end: usize, put: String) {
        if start < end {
            self.0.push(Finding { start, end, put });
        }
    }

    /// The text with everything replaced. Of two that lie one in the other the outer one counts; two that overlap are one
    /// secret.
    pub(super) fn replace<'a>(mut self, key: &Key, text: &'a str) -> Cow<'a, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(text);
        }
        self.0
            .sort_by_key(|finding| (finding.start, std::cmp::Reverse(finding.end)));
        let mut merged: Vec<Finding> = Vec::with_capacity(self.0.len());
        for finding in self.0 {
            match merged.last_mut() {
                Some(last) if finding.start < last.end => {
                    if finding.end > last.end {
                        last.end = finding.end;
                        last.put = key.pseudonym(&text.as_bytes()[last.start..last.end]);
                    }
                }
                _ => merged.push(finding),
            }
        }
        let mut replaced = String::with_capacity(text.len());
        let mut at = 0;
        for finding in merged {
            replaced.push_str(&text[at..finding.start]);
            replaced.push_str(&finding.put);
            at = finding.end;
        }
        replaced.push_str(&text[at..]);
        Cow::Owned(replaced)
    }
}
