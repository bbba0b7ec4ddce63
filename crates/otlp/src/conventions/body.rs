//! Bodies as the Lumigo distributions send them: as text in quotes, as Python's words for nothing and for bytes, cut
//! without a mark, or garbled.

use model::{Attributes, Value};

use super::headers::Side;
use super::{Distribution, Trouble};
use crate::ProblemKind;
use crate::decode::{JsonReader, unescape_json};

/// Both distributions cut here unless told otherwise, JavaScript in UTF-16 units, Python in characters. That a text is
/// exactly as long is the only sign.
const CUT: usize = 2048;

/// What a text says of a body.
#[derive(Debug, PartialEq)]
struct Content {
    value: Option<Value>,
    is_cut: bool,
}

/// Puts a body under its current name, and beside it whether it is a prefix. A body that is there already stays.
pub(super) fn take(
    facts: &mut Attributes,
    side: &Side,
    distribution: Distribution,
) -> Option<Trouble> {
    if facts.get(side.body).is_some() {
        return None;
    }
    let content = content(facts.str(side.sent_body)?, distribution);
    let is_coded = facts
        .strings(&format!("{}content-encoding", side.prefix))
        .iter()
        .any(|coding| !coding.eq_ignore_ascii_case("identity"));
    facts.remove(side.sent_body);
    let value = content.value?;
    if value
        .as_str()
        .is_some_and(|text| is_garbled(text, is_coded))
    {
        return Some((ProblemKind::GarbledBody, side.sent_body));
    }
    facts.set(side.body, value);
    if content.is_cut {
        facts.set(side.truncated, true);
    }
    None
}

/// The text within JSON's quotes, if it is all there is.
pub(super) fn unquoted(text: &str) -> Option<String> {
    if !text.starts_with('"') {
        return None;
    }
    let mut reader = JsonReader::of(text.as_bytes());
    let inner = reader.string().ok()?.text;
    reader.is_at_end().then(|| inner.into_owned())
}

fn content(sent: &str, distribution: Distribution) -> Content {
    let length = match distribution {
        Distribution::JavaScript => sent.encode_utf16().count(),
        Distribution::Python => sent.chars().count(),
    };
    let mut is_cut = length == CUT;
    let value = match distribution {
        Distribution::JavaScript => match sent.strip_prefix('"') {
            Some(quoted) => Some(unquoted(sent).unwrap_or_else(|| {
                is_cut = true;
                unescape_json(quoted)
            })),
            None if sent == "undefined" => None,
            None => Some(sent.to_owned()),
        },
        Distribution::Python if sent == "None" => None,
        Distribution::Python => match hex(sent) {
            Some(bytes) => {
                return Content {
                    value: Some(Value::Bytes(bytes)),
                    is_cut,
                };
            }
            None => Some(sent.to_owned()),
        },
    };
    Content {
        value: value.filter(|text| !text.is_empty()).map(Value::String),
        is_cut,
    }
}

/// `0x00ff`: how bytes that are no text are sent from Python. A digit that was cut in half is left out.
fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .strip_prefix("0x")?
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect::<Option<_>>()?;
    let bytes = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]);
    Some(bytes.collect())
}

/// Compressed or binary bytes that were read as text: what was not text is replaced, and cannot be brought back. The
/// last character may be half of one that was cut.
fn is_garbled(text: &str, is_coded: bool) -> bool {
    let text = text
        .strip_suffix(char::REPLACEMENT_CHARACTER)
        .unwrap_or(text);
    let replaced = text
        .chars()
        .filter(|character| *character == char::REPLACEMENT_CHARACTER)
        .count();
    replaced > 0 && (is_coded || replaced * 8 > text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::super::headers::SIDES;
    use super::*;
    use Distribution::{JavaScript, Python};

    fn check(sent: &str, distribution: Distribution, expected: Option<&str>, is_cut: bool) {
        let content = content(sent, distribution);
        let text = content.value.as_ref().and_then(Value::as_str);
        assert_eq!((text, content.is_cut), (expected, is_cut), "{sent}");
    }

    #[test]
    fn text_is_taken_out_of_its_quotes() {
        check(r#"{"a":1}"#, JavaScript, Some(r#"{"a":1}"#), false);
        check(
            r#""user=bob&a=\"b\"""#,
            JavaScript,
            Some(r#"user=bob&a="b""#),
            false,
        );
        check(r#""{\"items\":["#, JavaScript, Some(r#"{"items":["#), true);
        check(r#"{"a":"b"}"#, Python, Some(r#"{"a":"b"}"#), false);
        check(r#""quoted""#, Python, Some(r#""quoted""#), false);
    }

    #[test]
    fn nothing_is_said_in_several_ways() {
        check("undefined", JavaScript, None, false);
        check("\"\"", JavaScript, None, false);
        check("", JavaScript, None, false);
        check("None", Python, None, false);
        check("", Python, None, false);
        check("None", JavaScript, Some("None"), false);
    }

    #[test]
    fn a_text_of_the_length_of_the_limit_is_cut() {
        let long = "x".repeat(CUT);
        check(&long, JavaScript, Some(&long), true);
        check(&long, Python, Some(&long), true);
        let wide = "\u{1f600}".repeat(CUT / 2);
        check(&wide, JavaScript, Some(&wide), true);
        check(&wide, Python, Some(&wide), false);
    }

    #[test]
    fn bytes_are_hex_in_python() {
        let bytes = |sent: &str| content(sent, Python).value;
        assert_eq!(bytes("0x0001ff"), Some(Value::Bytes(vec![0, 1, 0xff])));
        assert_eq!(bytes("0x0001f"), Some(Value::Bytes(vec![0, 1])));
        assert_eq!(bytes("0xyz"), Some("0xyz".into()));
    }

    #[test]
    fn a_garbled_body_is_left_out_and_told() {
        let check = |sent: &str, coding: Option<&str>, is_kept: bool| {
            let mut facts = Attributes::new();
            facts.set("http.response.body", sent);
            if let Some(coding) = coding {
                facts.set("http.response.header.content-encoding", coding);
            }
            let trouble = take(&mut facts, &SIDES[1], JavaScript);
            assert_eq!(facts.get("http.response.body"), None, "{sent}");
            assert_eq!(
                facts.get("http.response.body.content").is_some(),
                is_kept,
                "{sent}"
            );
            let told = (ProblemKind::GarbledBody, "http.response.body");
            assert_eq!(trouble, (!is_kept).then_some(told), "{sent}");
        };
        check(
            "\u{1f}\u{fffd}\u{8}\u{0}abcdefghijklmnop",
            Some("gzip"),
            false,
        );
        check("one \u{fffd} in a long text", None, true);
        check("one \u{fffd} in a long text", Some("identity"), true);
        check("\u{fffd}PNG", None, false);
        check("cut \u{fffd}", Some("gzip"), true);
    }
}
