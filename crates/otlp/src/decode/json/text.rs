//! The text of JSON strings: escapes undone, and what is no text replaced by U+FFFD.

use std::borrow::Cow;

use super::reader::Text;

/// A string without escapes.
pub(super) fn plain(raw: &[u8]) -> Text<'_> {
    let text = String::from_utf8_lossy(raw);
    Text {
        is_mended: matches!(text, Cow::Owned(_)),
        text,
    }
}

/// A string with escapes. An unknown escape stands for itself, half a surrogate pair for U+FFFD.
pub(super) fn unescape(raw: &[u8]) -> Text<'static> {
    let Text { text, is_mended } = plain(raw);
    let mut read = Unescape {
        rest: &text,
        text: String::with_capacity(text.len()),
        is_mended,
    };
    while let Some((before, after)) = read.rest.split_once('\\') {
        read.text.push_str(before);
        read.rest = after;
        read.escape();
    }
    read.text.push_str(read.rest);
    Text {
        text: Cow::Owned(read.text),
        is_mended: read.is_mended,
    }
}

struct Unescape<'a> {
    rest: &'a str,
    text: String,
    is_mended: bool,
}

impl Unescape<'_> {
    /// Reads what stands after a backslash.
    fn escape(&mut self) {
        let Some(character) = self.rest.chars().next() else {
            return;
        };
        self.rest = &self.rest[character.len_utf8()..];
        match character {
            'b' => self.text.push('\u{8}'),
            'f' => self.text.push('\u{c}'),
            'n' => self.text.push('\n'),
            'r' => self.text.push('\r'),
            't' => self.text.push('\t'),
            'u' => self.unicode(),
            other => self.text.push(other),
        }
    }

    /// Reads what stands after `\u`: a UTF-16 unit, and the other half of its pair if it is one half.
    fn unicode(&mut self) {
        let first = self.unit();
        let low = match first {
            Some(0xd800..0xdc00) => self.low_surrogate(),
            _ => None,
        };
        let units = first.into_iter().chain(low);
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => self.text.push(character),
            _ => {
                self.text.push(char::REPLACEMENT_CHARACTER);
                self.is_mended = true;
            }
        }
    }

    fn low_surrogate(&mut self) -> Option<u16> {
        let before = self.rest;
        self.rest = self.rest.strip_prefix("\\u")?;
        let unit = self.unit();
        if !matches!(unit, Some(0xdc00..0xe000)) {
            self.rest = before;
            return None;
        }
        unit
    }

    /// Reads four hex digits.
    fn unit(&mut self) -> Option<u16> {
        let digits = self.rest.get(..4)?;
        // `from_str_radix` would take a sign too.
        let unit = digits
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then(|| u16::from_str_radix(digits, 16).ok())??;
        self.rest = &self.rest[4..];
        Some(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &[u8], expected: &str, is_mended: bool) {
        let read = unescape(raw);
        assert_eq!(
            (&*read.text, read.is_mended),
            (expected, is_mended),
            "{}",
            String::from_utf8_lossy(raw)
        );
    }

    #[test]
    fn escapes_are_undone() {
        check(br#"a\"b\\c\/d\n\t\u00e9"#, "a\"b\\c/d\n\t\u{e9}", false);
        check(br"\ud83d\ude00", "\u{1f600}", false);
        check(b"raw\nline", "raw\nline", false);
        check(br"\x", "x", false);
    }

    #[test]
    fn what_is_no_text_is_replaced() {
        check(br"\ud800x", "\u{fffd}x", true);
        check(br"\ud800\u0041", "\u{fffd}A", true);
        check(br"\udc00", "\u{fffd}", true);
        check(br"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}", true);
        check(br"\u12", "\u{fffd}12", true);
        check(br"\u+123", "\u{fffd}+123", true);
        check(b"a\xffb", "a\u{fffd}b", true);
        check(b"\\u12\xff", "\u{fffd}12\u{fffd}", true);
    }
}
