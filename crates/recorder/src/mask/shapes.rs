//! Secrets that are known by their shape, wherever they stand: JSON web tokens, private keys, tokens of well-known
//! services, what follows `Bearer`, and what the project's own patterns match.

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexBuilder};

use super::MaskError;
use super::replace::Findings;
use crate::key::Key;

/// A compiled pattern is at most so large.
const PATTERN_BYTES: usize = 1 << 20;

/// Texts without which the shape cannot be there; then the shape, whose first group is the secret, else the whole.
const SHAPES: &[(&[&str], &str)] = &[
    (&["eyJ"], r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){1,4}"),
    (
        &["PRIVATE KEY"],
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
    ),
    (&["AKIA", "ASIA"], r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    (
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        r"gh[pousr]_[A-Za-z0-9]{20,255}",
    ),
    (&["github_pat_"], r"github_pat_[A-Za-z0-9_]{20,255}"),
    (&["xox"], r"xox[abeoprs]-[A-Za-z0-9-]{8,}"),
    (
        &["hooks.slack.com/"],
        r"hooks\.slack\.com/services/([A-Za-z0-9/_-]{8,})",
    ),
    (
        &["k_live_", "k_test_"],
        r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{8,}",
    ),
    (&["whsec_"], r"whsec_[A-Za-z0-9+/=]{16,}"),
    (&["glpat-"], r"glpat-[A-Za-z0-9_-]{16,}"),
    (&["npm_"], r"\bnpm_[A-Za-z0-9]{30,}"),
    (&["AIza"], r"AIza[A-Za-z0-9_-]{30,}"),
    (&["ya29."], r"ya29\.[A-Za-z0-9_-]{16,}"),
    (&["SG."], r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    (&["sk-"], r"\bsk-[A-Za-z0-9_-]{20,}"),
    (
        &["shpat_", "shpca_", "shppa_", "shpss_"],
        r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{16,}",
    ),
    (&["_v1_"], r"\bdo[por]_v1_[a-f0-9]{32,}"),
];

/// Texts without which neither of the next two can be there.
const SCHEME_HINTS: &[&str] = &["bearer", "basic", "token", "aws4-hmac"];
/// Schemes before a credential in a text.
const SCHEME: &str = r"(?i)\b(?:bearer|basic|token)[ \t]+([A-Za-z0-9._~+/-]{7,}[A-Za-z0-9_~+/-]=*)";
/// An AWS signature; only the access key is worth a pseudonym.
const AWS: &str = r"AWS4-HMAC-SHA256\s+(Credential=([^/\s,]+)[^\s,]*,?\s*SignedHeaders=[^\s,]*,?\s*Signature=[0-9a-f]*)";

/// All shapes, prepared.
pub(super) struct Shapes {
    /// Finds the texts without which a shape cannot be there; pattern number to shape number is `hint_of`.
    hints: AhoCorasick,
    hint_of: Vec<usize>,
    shapes: Vec<Regex>,
    schemes: AhoCorasick,
    scheme: Regex,
    aws: Regex,
    own: Vec<Regex>,
}

impl Shapes {
    /// The built-in shapes and the project's own patterns.
    pub(super) fn new(patterns: &[String]) -> Result<Self, MaskError> {
        let failed = |error: aho_corasick::BuildError| MaskError::Values(error.to_string());
        let hints = SHAPES.iter().flat_map(|(hints, _)| hints.iter());
        let hint_of = SHAPES
            .iter()
            .enumerate()
            .flat_map(|(shape, (hints, _))| hints.iter().map(move |_| shape))
            .collect();
        Ok(Self {
            hints: AhoCorasick::new(hints).map_err(failed)?,
            hint_of,
            shapes: SHAPES
                .iter()
                .map(|(_, shape)| compile(shape))
                .collect::<Result<_, _>>()?,
            schemes: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(SCHEME_HINTS)
                .map_err(failed)?,
            scheme: compile(SCHEME)?,
            aws: compile(AWS)?,
            own: patterns
                .iter()
                .map(|pattern| compile(pattern))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Texts without which no built-in shape can be there.
    pub(super) fn hints() -> impl Iterator<Item = &'static str> {
        let hints = SHAPES.iter().flat_map(|(hints, _)| hints.iter().copied());
        hints.chain(SCHEME_HINTS.iter().copied())
    }

    /// Whether the project has patterns of its own, for which there are no hints.
    pub(super) fn has_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// Finds everything in the text that has a known shape.
    pub(super) fn find(&self, key: &Key, text: &str, findings: &mut Findings) {
        let mut present = 0_u32;
        for hint in self.hints.find_overlapping_iter(text) {
            present |= 1 << self.hint_of[hint.pattern().as_usize()];
        }
        for (at, shape) in self.shapes.iter().enumerate() {
            if present & (1 << at) != 0 {
                find_all(shape, key, text, findings);
            }
        }
        if self.schemes.is_match(text) {
            self.find_schemes(key, text, findings);
        }
        for own in &self.own {
            find_all(own, key, text, findings);
        }
    }

    fn find_schemes(&self, key: &Key, text: &str, findings: &mut Findings) {
        for found in self.aws.captures_iter(text) {
            if let (Some(all), Some(access_key)) = (found.get(1), found.get(2)) {
                findings.put(
                    all.start(),
                    all.end(),
                    key.pseudonym(access_key.as_str().as_bytes()),
                );
            }
        }
        for found in self.scheme.captures_iter(text) {
            if let Some(secret) = found.get(1).filter(|secret| is_random(secret.as_str())) {
                findings.secret(key, text, secret.start(), secret.end());
            }
        }
    }
}

fn find_all(shape: &Regex, key: &Key, text: &str, findings: &mut Findings) {
    for found in shape.captures_iter(text) {
        if let Some(secret) = found.get(1).or_else(|| found.get(0)) {
            findings.secret(key, text, secret.start(), secret.end());
        }
    }
}

/// Whether a word is drawn rather than written: it has a digit, or changes between cases like no word does, or is longer
/// than words are. `invalid_token` and `authentication` are written.
pub(super) fn is_random(word: &str) -> bool {
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let parts = word.split(|character: char| !character.is_ascii_alphanumeric());
    let odd_case = parts.filter(|part| part.len() > 1).any(|part| {
        let rises = part.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
        let is_upper = part.bytes().all(|byte| byte.is_ascii_uppercase());
        !is_upper && 3 * rises > part.len()
    });
    let longest = word
        .split(|character: char| !character.is_ascii_alphabetic())
        .map(str::len)
        .max();
    has_digit || odd_case || longest.unwrap_or(0) > 24
}

/// A regular expression of bounded size.
pub(super) fn compile(pattern: &str) -> Result<Regex, MaskError> {
    RegexBuilder::new(pattern)
        .size_limit(PATTERN_BYTES)
        .build()
        .map_err(|error| MaskError::Pattern {
            pattern: pattern.to_owned(),
            reason: error.to_string(),
        })
}
