//! Credentials that the recorder never had, because an agent replaced them in a header: known by their keyed hash and
//! their length, and recognised when a text holds a word of that length with that hash.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use model::{Attributes, attribute as name};

use super::Masker;
use super::signer::is_name;
use super::worth::Place;

/// At most so many credentials, in so many lengths: each length costs a hash for each word that has it.
const MOST: usize = 4096;
const LENGTHS: usize = 64;
/// Shorter ones are not worth looking for, longer ones no words.
const SHORTEST: usize = 8;
const LONGEST: usize = 8 << 10;

/// The credentials that were seen by their hash alone.
#[derive(Default)]
pub(super) struct Sighted {
    count: AtomicU64,
    hashes: RwLock<BTreeMap<usize, HashSet<String>>>,
}

impl Clone for Sighted {
    fn clone(&self) -> Self {
        let hashes = self.hashes.read().unwrap_or_else(PoisonError::into_inner);
        Self {
            count: AtomicU64::new(self.count()),
            hashes: RwLock::new(hashes.clone()),
        }
    }
}

impl Sighted {
    fn add(&self, length: usize, hash: &str) {
        let knows = |hashes: &BTreeMap<usize, HashSet<String>>| {
            hashes
                .get(&length)
                .is_some_and(|known| known.contains(hash))
        };
        if knows(&self.hashes.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut hashes = self.hashes.write().unwrap_or_else(PoisonError::into_inner);
        let count: usize = hashes.values().map(HashSet::len).sum();
        if count < MOST && (hashes.len() < LENGTHS || hashes.contains_key(&length)) {
            hashes.entry(length).or_default().insert(hash.to_owned());
            self.count.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// How many there are; also says whether anything is new.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }
}

impl Masker {
    /// Keeps in mind the credential of an exchange. That of cookies stands for all of them, which is no word of a text, that of
    /// a signature for who made it, which is no secret.
    pub(super) fn sight(&self, facts: &Attributes) {
        let scheme = facts.str(name::CREDENTIAL_SCHEME).unwrap_or_default();
        let is_secret = scheme != "Cookie" && !is_name(scheme);
        let length = facts
            .int(name::CREDENTIAL_LENGTH)
            .and_then(|length| usize::try_from(length).ok())
            .filter(|length| (SHORTEST..=LONGEST).contains(length));
        if let (true, Some(length), Some(hash)) =
            (is_secret, length, facts.str(name::CREDENTIAL_PSEUDONYM))
        {
            self.sighted.add(length, hash);
        }
    }

    /// Learns the credentials that the text holds.
    pub(super) fn recognise(&self, text: &str) {
        if text.len() < SHORTEST || self.sighted.count() == 0 {
            return;
        }
        let hashes = self
            .sighted
            .hashes
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let check = |word: &str| {
            let known = hashes.get(&word.len());
            if known.is_some_and(|known| known.contains(&self.key.hash(word.as_bytes()))) {
                self.learned.learn(&self.key, word, Place::Credential);
            }
        };
        for run in text.split(|character: char| !is_token(character)) {
            if run.len() < SHORTEST {
                continue;
            }
            check(run);
            // The end of a sentence, and what stands in a path or behind a name.
            let plain = run.trim_end_matches(['.', ':']);
            if plain.len() < run.len() {
                check(plain);
            }
            if run.contains(['/', '=']) {
                run.split(['/', '=']).for_each(check);
            }
        }
    }
}

/// The characters of `token68`, RFC 9110 section 11.2.
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~+/=:".contains(character)
}

#[cfg(test)]
mod tests {
    use crate::key::Key;
    use crate::mask::{MaskRules, Masker};
    use model::{Attributes, Value};

    fn check(secret: &str, scheme: &str, text: &str, expected: &str) {
        let key = Key::from_hex(&"07".repeat(32)).unwrap();
        let masker = Masker::new(&MaskRules::default(), key.clone()).unwrap();
        let facts: Attributes = [
            ("flakescope.credential.scheme", Value::from(scheme)),
            (
                "flakescope.credential.length",
                Value::Int(secret.len() as i64),
            ),
            (
                "flakescope.credential.pseudonym",
                key.hash(secret.as_bytes()).into(),
            ),
        ]
        .into_iter()
        .collect();
        masker.sight(&facts);
        let masked = masker.text(text);
        assert_eq!(
            masked.replace(&key.pseudonym(secret.as_bytes()), "<>"),
            expected
        );
    }

    #[test]
    fn a_credential_that_only_its_hash_is_known_of_is_recognised() {
        const SECRET: &str = "4f8a9c2e4f8a9c2e";
        check(
            SECRET,
            "Bearer",
            "expected '4f8a9c2e4f8a9c2e' to be 'x'",
            "expected '<>' to be 'x'",
        );
        check(SECRET, "ApiKey", "sent 4f8a9c2e4f8a9c2e.", "sent <>.");
        check(SECRET, "Bearer", "GET /a/4f8a9c2e4f8a9c2e/b", "GET /a/<>/b");
        check(
            SECRET,
            "Bearer",
            r#"{"id":"4f8a9c2e4f8a9c2e"}"#,
            r#"{"id":"<>"}"#,
        );
        check(SECRET, "Bearer", "4f8a9c2e4f8a9c2f", "4f8a9c2e4f8a9c2f");
        check(SECRET, "Cookie", SECRET, SECRET);
        check(SECRET, "Digest", SECRET, SECRET);
        check(
            "localhost:3000",
            "Bearer",
            "at localhost:3000",
            "at localhost:3000",
        );
    }
}
