//! Writes documents as JSON that can be shown anywhere.
//!
//! JSON often goes to a terminal or a CI log, so captured text must not act there either. What could is written as
//! `\uXXXX`, which every reader of JSON turns back: the values stay what they were.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::neutral;

/// Writes a value as indented JSON and a newline.
///
/// # Errors
/// When the output does not take it.
pub(crate) fn to_writer(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless::default());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Indents, and escapes characters that act and the commands of CI systems.
#[derive(Default)]
struct Harmless {
    pretty: PrettyFormatter<'static>,
}

impl Formatter for Harmless {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.pretty.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        text: &str,
    ) -> io::Result<()> {
        writer.write_all(harmless(text).as_bytes())
    }
}

/// JSON without what could act: written otherwise, and still the same values. Only for text within strings, and for
/// whole documents without line breaks.
pub(crate) fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut before = ' ';
    for character in json.chars() {
        // `##[` and `##vso[` are commands wherever they stand; `::` only at the beginning of a line, where JSON has a
        // bracket or a quotation mark.
        if neutral::acts(character) || (character == '#' && before == '#') {
            for unit in character.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(character);
        }
        before = character;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn written(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        to_writer(value, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_acts_is_escaped() {
        let check = |text: &str, expected: &str| assert_eq!(written(&text).trim_end(), expected);
        check("a\u{1b}[0m\u{9b}", r#""a\u001b[0m\u009b""#);
        check("\u{202e}", r#""\u202e""#);
        check("\u{e0001}", r#""\udb40\udc01""#);
        check("##vso[x]", r##""#\u0023vso[x]""##);
        check("é ✓", "\"é ✓\"");
    }

    #[test]
    fn it_is_indented() {
        let value: Value = serde_json::from_str(r#"{"a":[1,{}],"b":[]}"#).unwrap();
        assert_eq!(
            written(&value),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n"
        );
    }

    proptest! {
        #[test]
        fn values_stay_and_nothing_acts(texts in proptest::collection::vec(any::<String>(), 0..4), hashes in "[#\\[vso]{0,6}") {
            let value = (texts, hashes);
            let json = written(&value);
            prop_assert_eq!(serde_json::from_str::<(Vec<String>, String)>(&json).unwrap(), value);
            prop_assert!(!json.contains("##"));
            prop_assert!(!json.chars().any(|character| character != '\n' && neutral::acts(character)));
        }
    }
}
