//! SQL: literals in the columns of an `INSERT` whose names say secret, and passwords of users. What is assigned
//! (`SET password = 'x'`) is found by its name like everywhere else.

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::replace::Findings;
use super::{MaskError, Masker};

/// An `INSERT` with its columns, up to the first tuple.
const INSERT: &str = r"(?i)\b(?:insert|replace)\s+into\s+[^\s(]+\s*\(([^()]+)\)\s*values\s*";
/// Passwords in statements about users.
const USER: &str = r"(?i)\b(?:identified\s+by|password)\s+'((?:[^'\\]|''|\\.)*)'";

/// Texts without which there is no such statement.
pub(super) const HINTS: &[&str] = &["values", "identified", "password"];

/// The statements, prepared.
pub(super) struct Sql {
    hints: AhoCorasick,
    insert: Regex,
    user: Regex,
}

impl Sql {
    pub(super) fn new() -> Result<Self, MaskError> {
        let failed = |error: aho_corasick::BuildError| MaskError::Values(error.to_string());
        Ok(Self {
            hints: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(HINTS)
                .map_err(failed)?,
            insert: super::shapes::compile(INSERT)?,
            user: super::shapes::compile(USER)?,
        })
    }
}

impl Masker {
    /// Finds literals of secret columns and passwords of users.
    pub(super) fn find_sql(&self, text: &str, findings: &mut Findings) {
        if !self.sql.hints.is_match(text) {
            return;
        }
        for found in self.sql.user.captures_iter(text) {
            if let Some(password) = found.get(1) {
                findings.secret(&self.key, text, password.start(), password.end());
            }
        }
        let mut done = 0;
        for found in self.sql.insert.captures_iter(text) {
            let (Some(all), Some(columns)) = (found.get(0), found.get(1)) else {
                continue;
            };
            if all.start() < done {
                continue;
            }
            let secret: Vec<bool> = columns
                .as_str()
                .split(',')
                .map(|column| {
                    self.names
                        .is_secret_key(column.trim().trim_matches(['"', '`', '[', ']']))
                })
                .collect();
            if secret.contains(&true) {
                done = self.find_in_tuples(text, all.end(), &secret, findings);
            }
        }
    }

    /// Walks through `(…), (…)` and masks the string literals in the secret columns. Returns where they end.
    fn find_in_tuples(
        &self,
        text: &str,
        start: usize,
        secret: &[bool],
        findings: &mut Findings,
    ) -> usize {
        let bytes = text.as_bytes();
        let (mut at, mut column, mut depth) = (start, 0, 0_u32);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'(' => {
                    column = if depth == 0 { 0 } else { column };
                    depth += 1;
                }
                b')' => depth = depth.saturating_sub(1),
                b',' => column += usize::from(depth == 1),
                b'\'' => {
                    let end = literal_end(bytes, at + 1);
                    if depth > 0 && secret.get(column) == Some(&true) {
                        let value = text[at + 1..end].replace("''", "'");
                        findings.put(at + 1, end, self.secret(&value));
                    }
                    at = end;
                }
                byte if depth == 0 && !byte.is_ascii_whitespace() => return at,
                _ => {}
            }
            at += 1;
        }
        at.min(bytes.len())
    }
}

/// Where a literal ends: at a quote that is not doubled, or at the end of a text that was cut.
fn literal_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}
