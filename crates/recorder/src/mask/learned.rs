//! Secrets that the run itself showed: what was masked once by its place is from then on found by its value, in every
//! form in which it may be written.
//!
//! An index rather than an automaton, because it grows while it is used: the first eight bytes of each form go into a set
//! of bits, so that a text costs one look per byte, and adding a secret costs nothing but its own forms.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::replace::Findings;
use super::values::{Form, base64_run, written_forms};
use super::worth::{Place, is_worth_learning};
use crate::key::Key;

/// At most so many secrets; a test that signs in anew each time has one or two for each.
const MOST: usize = 8192;
/// All their forms together have at most so many bytes.
const BYTES: usize = 16 << 20;
/// The bytes by which a form is found.
const BEGINNING: usize = 8;
/// The bits of the set are so many, as a power of two: 128 KiB, of which a full index sets six in a hundred.
const BITS: u32 = 20;
/// A shorter form counts only as a whole word.
const WORD: usize = 16;

/// The secrets of a run. Shared between threads.
#[derive(Default)]
pub(super) struct Learned {
    /// How many there are; also says whether anything is new.
    count: AtomicU64,
    refused: AtomicU64,
    index: RwLock<Index>,
}

#[derive(Default, Clone)]
struct Index {
    bits: Vec<u64>,
    forms: HashMap<u64, Vec<Known>>,
    /// The hashes of what is there.
    hashes: HashSet<Arc<str>>,
    /// The hashes of what did not fit, each counted once.
    refused: HashSet<Arc<str>>,
    bytes: usize,
}

#[derive(Clone)]
struct Known {
    text: Box<[u8]>,
    form: Form,
    pseudonym: Arc<str>,
}

impl Clone for Learned {
    fn clone(&self) -> Self {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        Self {
            count: AtomicU64::new(self.count()),
            refused: AtomicU64::new(0),
            index: RwLock::new(index.clone()),
        }
    }
}

impl Learned {
    /// How many secrets are known.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// How many were found since the last call for which there was no room.
    pub(super) fn take_refused(&self) -> u64 {
        self.refused.swap(0, Ordering::AcqRel)
    }

    /// A secret was found in its place.
    pub(super) fn learn(&self, key: &Key, value: &str, place: Place) {
        if !is_worth_learning(value, place) {
            return;
        }
        let pseudonym: Arc<str> = key.pseudonym(value.as_bytes()).into();
        let knows =
            |index: &Index| index.hashes.contains(&pseudonym) || index.refused.contains(&pseudonym);
        if knows(&self.index.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        if knows(&index) {
            return;
        }
        if index.add(value, &pseudonym) {
            self.count.fetch_add(1, Ordering::AcqRel);
        } else {
            self.refused.fetch_add(1, Ordering::AcqRel);
            if index.refused.len() < MOST {
                index.refused.insert(pseudonym);
            }
        }
    }

    /// Finds every known secret in the text.
    pub(super) fn find(&self, text: &str, findings: &mut Findings) {
        if self.count() == 0 || text.len() < BEGINNING {
            return;
        }
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let bytes = text.as_bytes();
        let mut done = 0;
        for (at, window) in bytes.windows(BEGINNING).enumerate() {
            let Some(beginning) = beginning(window).filter(|_| at >= done) else {
                continue;
            };
            if index.may_have(beginning)
                && let Some((start, end, put)) = index.longest(beginning, text, at)
            {
                findings.put(start.max(done), end, put.to_string());
                done = end;
            }
        }
    }
}

impl Index {
    /// Whether there was room.
    fn add(&mut self, value: &str, pseudonym: &Arc<str>) -> bool {
        let forms: Vec<(Form, String)> = written_forms(value)
            .into_iter()
            .filter(|(_, text)| text.len() >= BEGINNING)
            .collect();
        let bytes: usize = forms.iter().map(|(_, text)| text.len()).sum();
        if self.hashes.len() >= MOST || self.bytes + bytes > BYTES {
            return false;
        }
        self.bytes += bytes;
        self.hashes.insert(Arc::clone(pseudonym));
        self.bits.resize(1 << (BITS - 6), 0);
        for (form, text) in forms {
            let Some(beginning) = beginning(text.as_bytes()) else {
                continue;
            };
            let (word, bit) = place_of(beginning);
            self.bits[word] |= bit;
            let same = self.forms.entry(beginning).or_default();
            // The longest comes first.
            let at = same.partition_point(|known| known.text.len() >= text.len());
            same.insert(
                at,
                Known {
                    text: text.into_bytes().into(),
                    form,
                    pseudonym: Arc::clone(pseudonym),
                },
            );
        }
        true
    }

    fn may_have(&self, beginning: u64) -> bool {
        let (word, bit) = place_of(beginning);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// The longest secret that stands at this place, and how far it goes.
    fn longest(&self, beginning: u64, text: &str, at: usize) -> Option<(usize, usize, &str)> {
        let rest = &text.as_bytes()[at..];
        self.forms
            .get(&beginning)?
            .iter()
            .filter(|known| rest.starts_with(&known.text))
            .find_map(|known| {
                let end = at + known.text.len();
                let (start, end) = match known.form {
                    Form::Base64 => base64_run(text, at, end),
                    Form::Plain
                        if known.text.len() < WORD && !is_whole(text.as_bytes(), at, end) =>
                    {
                        return None;
                    }
                    Form::Plain => (at, end),
                };
                Some((start, end, &*known.pseudonym))
            })
    }
}

fn beginning(bytes: &[u8]) -> Option<u64> {
    let first: [u8; BEGINNING] = bytes.get(..BEGINNING)?.try_into().ok()?;
    Some(u64::from_le_bytes(first))
}

/// The bit of a beginning: the word and the mask in it.
fn place_of(beginning: u64) -> (usize, u64) {
    let hash = beginning.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS);
    let word = usize::try_from(hash >> 6).unwrap_or(0);
    (word, 1 << (hash & 63))
}

/// Whether neither side goes on with a letter or digit. An escape before it (`\n`, `%2F`, `\u0022`) ends there.
fn is_whole(bytes: &[u8], start: usize, end: usize) -> bool {
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric();
    if bytes.get(end).is_some_and(goes_on) {
        return false;
    }
    let before = &bytes[..start];
    if !before.last().is_some_and(goes_on) {
        return true;
    }
    let tail = |length: usize| &before[before.len().saturating_sub(length)..];
    matches!(tail(2), [b'\\', b'n' | b't' | b'r' | b'b' | b'f'])
        || matches!(tail(3), [b'%', first, second] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
        || matches!(tail(6), [b'\\', b'u', digits @ ..] if digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::from_hex(&"07".repeat(32)).unwrap()
    }

    fn check(secret: &str, text: &str, expected: &str) {
        let learned = Learned::default();
        learned.learn(&key(), secret, Place::Password);
        let mut findings = Findings::default();
        learned.find(text, &mut findings);
        let masked = findings.replace(&key(), text);
        let shown = masked.replace(&key().pseudonym(secret.as_bytes()), "<>");
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_short_secret_is_found_as_a_word_and_a_long_one_anywhere() {
        check("hunter22", "hunter22", "<>");
        check("hunter22", "got 'hunter22', want x", "got '<>', want x");
        check("hunter22", "hunter222 xhunter22", "hunter222 xhunter22");
        check(
            "hunter22",
            r"a\nhunter22 %2Fhunter22 \u0022hunter22",
            r"a\n<> %2F<> \u0022<>",
        );
        check("4f8a9c2e4f8a9c2e", "x4f8a9c2e4f8a9c2ex", "x<>x");
        check("hunter22", "nothing", "nothing");
        check("hunter22", "é hunter22é", "é <>é");
    }

    #[test]
    fn a_secret_is_found_as_it_is_written_elsewhere() {
        check("pa ss/w0rd\"x", "a=pa%20ss%2Fw0rd%22x&b", "a=<>&b");
        check("pa ss/w0rd\"x", r#"{"a":"pa ss/w0rd\"x"}"#, r#"{"a":"<>"}"#);
        check(
            "pa ss/w0rd\"x",
            r#"{"a":"{\"b\":\"pa ss/w0rd\\\"x\"}"}"#,
            r#"{"a":"{\"b\":\"<>\"}"}"#,
        );
        check("hunter22", "Basic YWRhOmh1bnRlcjIy.", "Basic <>.");
    }

    #[test]
    fn what_has_no_room_is_counted_once() {
        let learned = Learned::default();
        for at in 0..MOST + 2 {
            learned.learn(&key(), &format!("secret-{at:04}-a1b2c3d4"), Place::Token);
        }
        let last = format!("secret-{:04}-a1b2c3d4", MOST + 1);
        learned.learn(&key(), &last, Place::Token);
        assert_eq!((learned.count(), learned.take_refused()), (MOST as u64, 2));
        assert_eq!(learned.take_refused(), 0);
        let large = Learned::default();
        for at in 0..1000 {
            learned.learn(&key(), "x", Place::Token);
            large.learn(
                &key(),
                &format!("{at:04}a1b2c3d4").repeat(500),
                Place::Token,
            );
        }
        assert!(large.count() > 100 && large.take_refused() > 100);
    }
}
