//! Secrets that are known by their value, plain or encoded: found in any text and any bytes.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::MaskError;
use super::replace::Findings;
use super::unescape::escape;
use crate::key::Key;

/// A shorter value, or encoded form of one, is not looked for: it would be found where it is not meant.
const SHORTEST: usize = 6;
/// At most so many values.
const MOST: usize = 1024;

/// Known secrets, prepared.
pub(super) struct Values {
    forms: Option<AhoCorasick>,
    /// For each form the value that it stands for, and whether it is base64, whose neighbours belong to it.
    meaning: Vec<(usize, Form)>,
    pseudonyms: Vec<String>,
}

/// How a form stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// By itself.
    Plain,
    /// In the middle of base64.
    Base64,
}

impl Values {
    /// Prepares the values; empty and very short ones are passed over.
    pub(super) fn new(values: &[String], key: &Key) -> Result<Self, MaskError> {
        let mut forms: Vec<String> = Vec::new();
        let mut meaning = Vec::new();
        let mut pseudonyms = Vec::new();
        for value in values
            .iter()
            .filter(|value| value.len() >= SHORTEST)
            .take(MOST)
        {
            for (form, text) in written_forms(value) {
                if text.len() >= SHORTEST {
                    forms.push(text);
                    meaning.push((pseudonyms.len(), form));
                }
            }
            pseudonyms.push(key.pseudonym(value.as_bytes()));
        }
        let built = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&forms)
            .map_err(|error| MaskError::Values(error.to_string()))?;
        Ok(Self {
            forms: (!forms.is_empty()).then_some(built),
            meaning,
            pseudonyms,
        })
    }

    /// Finds every value in the text.
    pub(super) fn find(&self, text: &str, findings: &mut Findings) {
        let Some(forms) = &self.forms else { return };
        let mut done = 0;
        for found in forms.find_iter(text) {
            if found.start() < done {
                continue;
            }
            let (value, form) = self.meaning[found.pattern().as_usize()];
            let (start, end) = match form {
                Form::Plain => (found.start(), found.end()),
                Form::Base64 => base64_run(text, found.start(), found.end()),
            };
            done = end;
            findings.put(start, end, self.pseudonyms[value].clone());
        }
    }
}

/// How a value may be written: as it is, in a URL, in JSON, in JSON within JSON, in base64 at each of the three offsets.
pub(super) fn written_forms(value: &str) -> Vec<(Form, String)> {
    let mut forms = vec![(Form::Plain, value.to_owned())];
    for plain in UNRESERVED {
        for (digits, space) in [
            ("0123456789ABCDEF", "%20"),
            ("0123456789abcdef", "%20"),
            ("0123456789ABCDEF", "+"),
        ] {
            let text = percent(value, plain.as_bytes(), digits.as_bytes(), space);
            forms.push((Form::Plain, text));
        }
    }
    let json = escape(value);
    forms.push((Form::Plain, json.replace('/', "\\/")));
    forms.push((Form::Plain, escape(&json)));
    forms.push((Form::Plain, json));
    for offset in 0..3 {
        let mut shifted = vec![0; offset];
        shifted.extend_from_slice(value.as_bytes());
        // The first and last digits also hold bits of the neighbours.
        let whole = shifted.len() / 3 * 4;
        let first = [0, 2, 3][offset];
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let text = engine.encode(&shifted);
            forms.push((
                Form::Base64,
                text.get(first..whole).unwrap_or_default().to_owned(),
            ));
        }
    }
    forms.sort_by(|left, right| left.1.cmp(&right.1));
    forms.dedup_by(|left, right| left.1 == right.1);
    forms
}

/// What encoders of URLs leave as it is besides letters and digits: `encodeURIComponent`, RFC 3986, and those that leave
/// nothing.
const UNRESERVED: [&str; 3] = ["-_.!~*'()", "-_.~", ""];

/// Percent-encoded but for letters, digits and `plain`.
fn percent(value: &str, plain: &[u8], digits: &[u8], space: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        match byte {
            b' ' => text.push_str(space),
            byte if byte.is_ascii_alphanumeric() || plain.contains(&byte) => {
                text.push(char::from(byte))
            }
            byte => {
                text.push('%');
                text.push(char::from(digits[usize::from(byte >> 4)]));
                text.push(char::from(digits[usize::from(byte & 15)]));
            }
        }
    }
    text
}

/// All of the base64 text that lies around a part of it.
pub(super) fn base64_run(text: &str, start: usize, end: usize) -> (usize, usize) {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let before = text.as_bytes()[..start]
        .iter()
        .rev()
        .take_while(|byte| is_base64(byte))
        .count();
    let after = text.as_bytes()[end..]
        .iter()
        .take_while(|byte| is_base64(byte))
        .count();
    (start - before, end + after)
}
