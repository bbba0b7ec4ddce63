//! MessagePack as JSON, so that one set of rules reads both.

use std::borrow::Cow;

use model::{Body, Value};
use rmpv::ValueRef;
use serde_json::{Map, Number, Value as Json};

/// Deeper values are not read, as in JSON.
const DEPTH: usize = 128;

/// Whether a media type is that of MessagePack.
pub(crate) fn is_announced(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind.ends_with("msgpack") || kind.ends_with("messagepack")
}

/// The text of a body, or the JSON of one that is MessagePack. Nothing for other bytes, and for half a value.
pub(crate) fn text<'b>(body: &'b Body, kind: &str) -> Option<Cow<'b, str>> {
    match &body.content {
        Some(Value::Bytes(bytes)) if !body.truncated && is_announced(kind) => {
            let mut rest = bytes.as_slice();
            let value = rmpv::decode::read_value_ref_with_max_depth(&mut rest, DEPTH).ok()?;
            // What follows another value is no longer one answer.
            let whole = rest.is_empty();
            whole.then(|| Cow::Owned(json(&value).to_string()))
        }
        _ => body.text().map(Cow::Borrowed),
    }
}

fn json(value: &ValueRef<'_>) -> Json {
    match value {
        ValueRef::Nil => Json::Null,
        ValueRef::Boolean(value) => Json::Bool(*value),
        ValueRef::Integer(number) => number
            .as_i64()
            .map(Number::from)
            .or_else(|| number.as_u64().map(Number::from))
            .map_or(Json::Null, Json::Number),
        ValueRef::F32(number) => float(f64::from(*number)),
        ValueRef::F64(number) => float(*number),
        ValueRef::String(text) => Json::from(String::from_utf8_lossy(text.as_bytes())),
        ValueRef::Binary(bytes) => Json::from(hex(bytes)),
        ValueRef::Array(items) => items.iter().map(json).collect(),
        ValueRef::Map(members) => {
            let member = |(key, value): &(ValueRef<'_>, ValueRef<'_>)| (name(key), json(value));
            Json::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        // Instants, and types that an application defines.
        ValueRef::Ext(kind, bytes) => Json::from(format!("{kind}:{}", hex(bytes))),
    }
}

fn float(number: f64) -> Json {
    Number::from_f64(number).map_or(Json::Null, Json::Number)
}

/// JSON has no keys but texts.
fn name(key: &ValueRef<'_>) -> String {
    match json(key) {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messagepack_is_read_as_json() {
        let check = |bytes: &[u8], expected: Option<&str>| {
            let body = Body {
                content: Some(Value::Bytes(bytes.to_vec())),
                ..Body::default()
            };
            let read = text(&body, "application/x-msgpack; charset=utf-8");
            assert_eq!(read.as_deref(), expected, "{bytes:x?}");
            assert_eq!(text(&body, "application/octet-stream"), None);
        };
        check(
            b"\x82\xa1a\x93\x01\xff\xc3\xa1b\xc0",
            Some(r#"{"a":[1,-1,true],"b":null}"#),
        );
        check(b"\x81\x07\xcb\x3f\xf8\0\0\0\0\0\0", Some(r#"{"7":1.5}"#));
        check(b"\xc4\x02\xff\x00", Some(r#""ff00""#));
        check(b"\xd6\xff\x00\x00\x00\x01", Some(r#""-1:00000001""#));
        // Half a value, and one after another.
        check(b"\x82\xa1a", None);
        check(b"\x01\x01", None);
    }

    #[test]
    fn texts_stay_texts() {
        let body = Body {
            content: Some(Value::from("{}")),
            ..Body::default()
        };
        assert_eq!(text(&body, "application/msgpack").as_deref(), Some("{}"));
    }
}
