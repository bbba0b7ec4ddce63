//! JSON to [`model::Value`]: order of keys kept, `{"$bytes": …}` undone, no number and no text refused that an agent can
//! write.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Value;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Reads one JSON text. What serde_json refuses but JavaScript writes is mended first: lone surrogates and bytes that are
/// not UTF-8 become U+FFFD. None: it is not JSON, or nested deeper than 128 levels.
pub(crate) fn read(text: &[u8]) -> Option<Value> {
    match serde_json::from_slice::<Json>(text) {
        Ok(json) => Some(json.0),
        Err(_) => {
            let text = String::from_utf8_lossy(text);
            let json: Json = serde_json::from_str(&without_lone_surrogates(&text)).ok()?;
            Some(json.0)
        }
    }
}

struct Json(Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Json)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Double(value as f64), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Double(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Empty)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Json(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut pairs: Vec<(String, Value)> = Vec::new();
        while let Some((key, Json(value))) = entries.next_entry::<String, Json>()? {
            pairs.push((key, value));
        }
        Ok(bytes(&pairs).unwrap_or(Value::Map(pairs)))
    }
}

/// `{"$bytes":"<base64>"}`, with or without padding. A map of another shape stays a map.
fn bytes(pairs: &[(String, Value)]) -> Option<Value> {
    let [(key, Value::String(text))] = pairs else {
        return None;
    };
    if key != "$bytes" {
        return None;
    }
    STANDARD.decode(text).ok().map(Value::Bytes)
}

/// Replaces `\ud800`–`\udfff` that are not a pair by `\ufffd`.
fn without_lone_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => {
                mended.push_str(&rest[..12]);
                12
            }
            (Some(_), _) => {
                mended.push_str("\\ufffd");
                6
            }
            (None, _) => {
                let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
                mended.push_str(&rest[..1 + escaped]);
                1 + escaped
            }
        };
        rest = &rest[taken..];
    }
    mended.push_str(rest);
    mended
}

/// The surrogate that an escape at the beginning of the text stands for.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    (0xd800..0xe000).contains(&unit).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: Option<Value>) {
        assert_eq!(read(text), expected, "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn values_are_read_as_they_are() {
        check(b"1", Some(Value::Int(1)));
        check(b"1.0", Some(Value::Double(1.0)));
        check(b"1e3", Some(Value::Double(1000.0)));
        check(
            b"18446744073709551615",
            Some(Value::Double(18_446_744_073_709_551_615.0)),
        );
        check(b"null", Some(Value::Empty));
        check(br#"{"$bytes":"aGk="}"#, Some(Value::Bytes(b"hi".to_vec())));
        let order = Value::Map(vec![
            ("b".into(), Value::Int(1)),
            ("a".into(), Value::Bool(true)),
        ]);
        check(br#"{"b":1,"a":true}"#, Some(order));
        check(b"{", None);
        check("[".repeat(500).as_bytes(), None);
    }

    #[test]
    fn what_javascript_writes_is_mended() {
        check(br#""\ud800x""#, Some("\u{fffd}x".into()));
        check(br#""\\ud800 \udc00""#, Some("\\ud800 \u{fffd}".into()));
        check(br#""\ud83d\ude00\ud83d""#, Some("\u{1f600}\u{fffd}".into()));
        check(b"\"a\xffb\"", Some("a\u{fffd}b".into()));
    }
}
