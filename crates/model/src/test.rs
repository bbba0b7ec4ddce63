//! A test: the thing that has a history.

use sha2::{Digest, Sha256};

use crate::TestId;

/// What makes a test the same test in another run: everything but where it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Test {
    /// The configured project name, else the repository and the package's path in it.
    pub project: String,
    /// Path of the file, relative to the project's root, with forward slashes.
    pub file: String,
    /// Titles of the enclosing suites, outermost first.
    pub suite: Vec<String>,
    /// Its own title.
    pub name: String,
    /// Parameters, when the runner has them.
    pub parameters: String,
    /// Browser or project of the runner, when it has them.
    pub configuration: String,
    /// 1 for the first test that is equal in everything above, 2 for the second.
    pub ordinal: u32,
}

impl Test {
    /// The identity: a hash of all fields, with volatile tokens of titles taken out ([`stable_title`]).
    #[must_use]
    pub fn id(&self) -> TestId {
        let mut hash = Sha256::new();
        let mut field = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        field(&self.project);
        field(&self.file);
        field(&self.suite.len().to_string());
        for title in &self.suite {
            field(&stable_title(title));
        }
        field(&stable_title(&self.name));
        field(&self.parameters);
        field(&self.configuration);
        field(&self.ordinal.to_string());
        let mut id = [0; TestId::BYTES];
        id.copy_from_slice(&hash.finalize()[..TestId::BYTES]);
        TestId(id)
    }

    /// Suite path and title, joined for people.
    #[must_use]
    pub fn title(&self) -> String {
        let mut parts: Vec<&str> = self.suite.iter().map(String::as_str).collect();
        parts.push(&self.name);
        parts.join(" › ")
    }
}

/// The title with its volatile tokens replaced by `*`: UUIDs, hex of twelve digits and more that is not a word,
/// and numbers of six digits and more. Dates count through their digits, ports of five digits do not.
#[must_use]
pub(crate) fn stable_title(title: &str) -> String {
    let mut stable = String::with_capacity(title.len());
    let mut token = String::new();
    for character in title.chars() {
        if character.is_ascii_alphanumeric() || character == '-' {
            token.push(character);
        } else {
            push_token(&mut stable, &mut token);
            stable.push(character);
        }
    }
    push_token(&mut stable, &mut token);
    stable
}

fn push_token(stable: &mut String, token: &mut String) {
    stable.push_str(if is_volatile(token) { "*" } else { token });
    token.clear();
}

fn is_volatile(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    let hex = token
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (letters == 0 && digits >= 6) || (hex && digits >= 1 && digits + letters >= 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volatile_tokens_leave_titles() {
        let check = |title: &str, expected: &str| assert_eq!(stable_title(title), expected);
        check("creates org 1795000000123", "creates org *");
        check(
            "user 5f2b8c1e-9d3a-4c6b-8e7f-001122334455 signs in",
            "user * signs in",
        );
        check("hash deadbeefcafe01", "hash *");
        check("at 2026-11-22", "at *");
        check("answers 404 on port 8080", "answers 404 on port 8080");
        check("defaced facade", "defaced facade");
        check("add-on feed-back", "add-on feed-back");
        check("", "");
    }

    #[test]
    fn each_field_counts_for_the_identity() {
        let base = Test {
            suite: vec!["a".into(), "b".into()],
            name: "c".into(),
            ordinal: 1,
            ..Test::default()
        };
        let others = [
            Test {
                suite: vec!["a".into()],
                name: "b".into(),
                ..base.clone()
            },
            Test {
                suite: vec!["a b".into()],
                ..base.clone()
            },
            Test {
                ordinal: 2,
                ..base.clone()
            },
            Test {
                file: "x".into(),
                ..base.clone()
            },
            Test {
                project: "x".into(),
                ..base.clone()
            },
            Test {
                parameters: "x".into(),
                ..base.clone()
            },
            Test {
                configuration: "x".into(),
                ..base.clone()
            },
        ];
        for other in others {
            assert_ne!(base.id(), other.id(), "{other:?}");
        }
    }
}
