//! A pull reader of JSON: the caller says what it wants, and may skip what it does not.
//!
//! It reads what real encoders write: lone surrogates, control characters and bytes that are not UTF-8 within strings,
//! `NaN` and `Infinity`, a comma too many. It does not recurse, so nesting cannot exhaust the stack here.

use std::borrow::Cow;

use super::text;

/// The text breaks off, or is not JSON. Where the next value begins is then unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Torn;

/// What kind of value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool(bool),
    Null,
}

/// A string, and whether something in it had to be replaced by U+FFFD.
pub(crate) struct Text<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) is_mended: bool,
}

/// The position in a JSON text.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        // Some encoders begin with a byte order mark.
        let at = if bytes.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        Self { bytes, at }
    }

    /// Whether nothing but white space is left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.byte().is_none()
    }

    /// The kind of the value that comes next.
    pub(crate) fn peek(&mut self) -> Result<Kind, Torn> {
        match self.byte().ok_or(Torn)? {
            b'{' => Ok(Kind::Object),
            b'[' => Ok(Kind::Array),
            b'"' => Ok(Kind::String),
            b'-' | b'0'..=b'9' | b'N' | b'I' => Ok(Kind::Number),
            b't' => Ok(Kind::Bool(true)),
            b'f' => Ok(Kind::Bool(false)),
            b'n' => Ok(Kind::Null),
            _ => Err(Torn),
        }
    }

    /// Reads an object. `member` is called for each key, and reads or skips one value.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), Torn>,
    ) -> Result<(), Torn> {
        self.expect(b'{')?;
        while !self.ends(b'}')? {
            let key = self.string()?;
            self.expect(b':')?;
            member(self, &key.text)?;
            self.separator(b'}')?;
        }
        Ok(())
    }

    /// Reads an array. `element` is called at each element, and reads or skips one value.
    pub(crate) fn array(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), Torn>,
    ) -> Result<(), Torn> {
        self.expect(b'[')?;
        while !self.ends(b']')? {
            element(self)?;
            self.separator(b']')?;
        }
        Ok(())
    }

    /// Reads a string.
    pub(crate) fn string(&mut self) -> Result<Text<'a>, Torn> {
        self.expect(b'"')?;
        let start = self.at;
        let mut is_plain = true;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += memchr::memchr2(b'"', b'\\', rest).ok_or(Torn)?;
            if self.bytes[self.at] == b'"' {
                break;
            }
            is_plain = false;
            self.at += 2;
        }
        let raw = &self.bytes[start..self.at];
        self.at += 1;
        Ok(if is_plain {
            text::plain(raw)
        } else {
            text::unescape(raw)
        })
    }

    /// Reads a number, as it is written.
    pub(crate) fn number(&mut self) -> Result<&'a str, Torn> {
        self.skip_space();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| !matches!(byte, b'-' | b'+' | b'.') && !byte.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        self.at += length;
        std::str::from_utf8(&rest[..length]).map_err(|_| Torn)
    }

    /// Reads over one value of any kind.
    pub(crate) fn skip(&mut self) -> Result<(), Torn> {
        let mut depth = 0_usize;
        loop {
            match self.byte().ok_or(Torn)? {
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1).ok_or(Torn)?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                b'"' => self.skip_string()?,
                byte if byte == b'-' || byte.is_ascii_alphanumeric() => {
                    self.number()?;
                }
                _ => return Err(Torn),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn skip_string(&mut self) -> Result<(), Torn> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += memchr::memchr2(b'"', b'\\', rest).ok_or(Torn)?;
            if self.bytes[self.at] == b'"' {
                self.at += 1;
                return Ok(());
            }
            self.at += 2;
        }
    }

    /// Whether an object or array ends here; reads over its end.
    fn ends(&mut self, close: u8) -> Result<bool, Torn> {
        let ends = self.byte().ok_or(Torn)? == close;
        self.at += usize::from(ends);
        Ok(ends)
    }

    /// Reads over a comma. Before the end there need not be one.
    fn separator(&mut self, close: u8) -> Result<(), Torn> {
        match self.byte() {
            Some(b',') => {
                self.at += 1;
                Ok(())
            }
            Some(byte) if byte == close => Ok(()),
            _ => Err(Torn),
        }
    }

    fn expect(&mut self, expected: u8) -> Result<(), Torn> {
        if self.byte() != Some(expected) {
            return Err(Torn);
        }
        self.at += 1;
        Ok(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.skip_space();
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }
}
