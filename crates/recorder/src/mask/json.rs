//! JSON, whole or cut or broken: values of secret keys masked, everything else left byte for byte as it is. A scanner
//! rather than a parser, so that a body that was cut is masked like a whole one.

use std::borrow::Cow;

use super::Masker;
use super::cards::is_digits;
use super::contract::{is_kind, is_schema, names_tokens, says_kind, speaks_in_schema};
use super::names::place_of;
use super::replace::is_pseudonym;
use super::said::is_said_about;
use super::unescape::{escape, unescape};
use super::worth::Place;

/// Containers deeper than this count as lying in the one above.
const DEEPEST: usize = 512;

/// An object or list.
#[derive(Clone, Copy, Default)]
struct Container {
    /// All strings in it are secret.
    secret: Option<Place>,
    /// It stands under the name of a token, whose keys may say a kind.
    is_of_tokens: bool,
    /// But for those that say a kind.
    says_kind: bool,
    /// It is a schema, some of whose keys speak about values.
    is_schema: bool,
}

/// What a key says of its value where the container is secret.
#[derive(Clone, Copy, Default, PartialEq)]
enum Spoken {
    /// Nothing.
    #[default]
    Nothing,
    /// It speaks about a secret and holds none.
    About,
    /// It says a kind, if it is no more than a word.
    Kind,
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    masked: String,
    /// Everything before is in `masked`.
    copied: usize,
    /// What each open container is.
    stack: Vec<Container>,
    /// The value that comes next has a secret key.
    secret_next: Option<Place>,
    /// Which is that of a token.
    token_next: bool,
    /// What the key says of the value that comes next, in a secret container.
    spoken_next: Spoken,
    /// Digits that come next are secret.
    digits_next: bool,
    /// Something stands outside of strings that does not belong into JSON.
    odd: bool,
}

/// Whether the text wants to be JSON.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

impl Masker {
    /// JSON masked.
    pub(super) fn json<'a>(&self, text: &'a str, depth: usize) -> Cow<'a, str> {
        let mut scan = Scan {
            text,
            at: 0,
            masked: String::new(),
            copied: 0,
            stack: Vec::new(),
            secret_next: None,
            token_next: false,
            spoken_next: Spoken::Nothing,
            digits_next: false,
            odd: false,
        };
        while let Some(byte) = text.as_bytes().get(scan.at) {
            match byte {
                b'"' => self.json_string(&mut scan, depth),
                b'{' | b'[' => scan.open(),
                b'}' | b']' => scan.close(),
                b',' => scan.separate(),
                b'0'..=b'9' if scan.digits_next => self.json_digits(&mut scan),
                byte => {
                    scan.odd |= !is_token(*byte);
                    scan.at += 1;
                }
            }
        }
        let odd = scan.odd;
        let masked = scan.finish();
        if odd {
            return match self.plain(&masked, depth) {
                Cow::Borrowed(_) => masked,
                Cow::Owned(text) => Cow::Owned(text),
            };
        }
        masked
    }

    fn json_string(&self, scan: &mut Scan<'_>, depth: usize) {
        let start = scan.at + 1;
        let length = string_length(&scan.text[start..]);
        let raw = &scan.text[start..start + length];
        let after = start + length;
        scan.at = (after + 1).min(scan.text.len());
        // Whatever the container: in a broken text it may be unknown.
        let is_key = scan.text[scan.at..].trim_start().starts_with(':');
        let plain: Cow<'_, str> = if raw.contains('\\') {
            unescape(raw).into()
        } else {
            raw.into()
        };
        let masked = if is_key {
            let is_secret = self.names.is_secret_key(&plain);
            scan.secret_next = is_secret.then(|| place_of(&plain));
            scan.token_next = is_secret && names_tokens(&plain);
            scan.spoken_next = scan.spoken(&plain);
            scan.digits_next = self.names.is_digits_key(&plain);
            self.plain(&plain, depth + 1)
        } else if let Some(place) = scan.secret_text(&plain) {
            self.json_secret(&plain, place)
        } else if scan.digits_next && is_digits(&plain) {
            Cow::Owned(self.only_digits(&plain))
        } else {
            self.sniffed(&plain, depth + 1)
        };
        if masked != plain {
            let put = escape(&masked);
            scan.replace(start, after, &put);
        }
        if !is_key {
            scan.forget_key();
        }
    }

    /// A number where digits are secret; a string takes its place.
    fn json_digits(&self, scan: &mut Scan<'_>) {
        let start = scan.at;
        let number = &scan.text.as_bytes()[start..];
        let length = number
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        scan.at = start + length;
        let goes_on = number.get(length).is_some_and(|byte| b".eE".contains(byte));
        let digits = &scan.text[start..scan.at];
        if !goes_on && is_digits(digits) {
            let put = format!("\"{}\"", self.only_digits(digits));
            scan.replace(start, start + length, &put);
        }
        scan.digits_next = false;
    }

    fn json_secret<'a>(&self, plain: &'a str, place: Place) -> Cow<'a, str> {
        if is_pseudonym(plain) || is_said_about(plain) {
            Cow::Borrowed(plain)
        } else {
            Cow::Owned(self.credential_at(plain, place))
        }
    }
}

impl<'a> Scan<'a> {
    /// What is known of the place if it is one of a secret.
    fn secret(&self) -> Option<Place> {
        self.secret_next.or(self.container().secret)
    }

    fn open(&mut self) {
        let secret = self.secret().filter(|_| self.spoken_next != Spoken::About);
        let is_of_tokens = match self.secret_next {
            Some(_) => self.token_next,
            None => self.container().is_of_tokens,
        };
        let says_kind = self.container().says_kind || self.spoken_next == Spoken::Kind;
        let is_schema = secret.is_some() && is_schema(&self.text[self.at..]);
        self.forget_key();
        if self.stack.len() < DEEPEST {
            self.stack.push(Container {
                secret,
                is_of_tokens,
                says_kind,
                is_schema,
            });
        }
        self.at += 1;
    }

    fn close(&mut self) {
        self.stack.pop();
        self.forget_key();
        self.at += 1;
    }

    fn separate(&mut self) {
        self.forget_key();
        self.at += 1;
    }

    fn forget_key(&mut self) {
        self.secret_next = None;
        self.token_next = false;
        self.spoken_next = Spoken::Nothing;
        self.digits_next = false;
    }

    fn container(&self) -> Container {
        self.stack.last().copied().unwrap_or_default()
    }

    /// What a key says of its value, unless its own name is that of a secret.
    fn spoken(&self, key: &str) -> Spoken {
        let container = self.container();
        if container.secret.is_none() || self.secret_next.is_some() {
            Spoken::Nothing
        } else if container.is_schema && speaks_in_schema(key) {
            Spoken::About
        } else if container.is_of_tokens && says_kind(key) {
            Spoken::Kind
        } else {
            Spoken::Nothing
        }
    }

    /// What is known of the place of a string if it is one of a secret.
    fn secret_text(&self, text: &str) -> Option<Place> {
        let may_be_kind = self.secret_next.is_none()
            && (self.spoken_next == Spoken::Kind || self.container().says_kind);
        let is_none = self.spoken_next == Spoken::About || (may_be_kind && is_kind(text));
        self.secret().filter(|_| !is_none)
    }

    fn replace(&mut self, start: usize, end: usize, put: &str) {
        self.masked.push_str(&self.text[self.copied..start]);
        self.masked.push_str(put);
        self.copied = end;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.masked.push_str(&self.text[self.copied..]);
        Cow::Owned(self.masked)
    }
}

/// What stands outside of strings: white space, the colon, numbers, `true`, `false`, `null`.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_digit() || b":+-.eEtrufalsn".contains(&byte)
}

/// How long the inside of a string is: to its closing quote, or to the end of a text that was cut.
pub(super) fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}
