//! JSON as it is written.

use std::fmt::Write as _;

/// Writes a string with its quotes. Control characters are escaped, everything else is written as it is.
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 | 0x7f => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        plain = at + 1;
        if escape.is_empty() {
            // Writing into a string does not fail.
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

/// An object or array that is being written: it puts the commas.
pub(crate) struct Items {
    is_first: bool,
    close: char,
}

impl Items {
    pub(crate) fn object(out: &mut String) -> Self {
        Self::open(out, '{', '}')
    }

    pub(crate) fn array(out: &mut String) -> Self {
        Self::open(out, '[', ']')
    }

    fn open(out: &mut String, open: char, close: char) -> Self {
        out.push(open);
        Self {
            is_first: true,
            close,
        }
    }

    /// What is written next is an element.
    pub(crate) fn element(&mut self, out: &mut String) {
        if !self.is_first {
            out.push(',');
        }
        self.is_first = false;
    }

    /// What is written next is the value of this key, which needs no escapes.
    pub(crate) fn key(&mut self, out: &mut String, key: &str) {
        self.element(out);
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
    }

    pub(crate) fn close(self, out: &mut String) {
        out.push(self.close);
    }
}
