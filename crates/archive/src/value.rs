//! How attribute values are written, so that every one comes back as it was and JavaScript can read it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use model::{Attributes, Value};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::{As, Shape};

/// Values nested deeper than this are replaced by a text that says so: readers of JSON have limits of their own.
pub const NESTING_LIMIT: usize = 48;

/// Stands for a value that was nested too deep.
pub(crate) const TOO_DEEP: &str = "[nested too deep, left out]";

/// Whole numbers beyond this are not exact in JavaScript and are written as text.
const EXACT: i64 = (1 << 53) - 1;

const BYTES: &str = "$bytes";
const INT: &str = "$int";
const DOUBLE: &str = "$double";
const MAP: &str = "$map";

impl Shape for Value {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Nested {
            value: self,
            depth: 0,
        }
        .serialize(serializer)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl Shape for Attributes {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, As(value))))
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AttributesVisitor)
    }
}

struct Nested<'a> {
    value: &'a Value,
    depth: usize,
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Empty => to.serialize_unit(),
            Value::Bool(value) => to.serialize_bool(*value),
            Value::Int(number) if number.unsigned_abs() <= EXACT.unsigned_abs() => {
                to.serialize_i64(*number)
            }
            Value::Int(number) => escaped(to, INT, &number.to_string()),
            Value::Double(number) if number.is_finite() => to.serialize_f64(*number),
            Value::Double(number) => escaped(to, DOUBLE, &number.to_string()),
            Value::String(text) => to.serialize_str(text),
            Value::Bytes(bytes) => escaped(to, BYTES, &BASE64.encode(bytes)),
            Value::Array(_) | Value::Map(_) if self.depth >= NESTING_LIMIT => {
                to.serialize_str(TOO_DEEP)
            }
            Value::Array(items) => to.collect_seq(items.iter().map(|item| self.inner(item))),
            Value::Map(pairs) if is_plain(pairs) => {
                to.collect_map(pairs.iter().map(|(key, value)| (key, self.inner(value))))
            }
            Value::Map(pairs) => {
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry(MAP, &Flat { of: self, pairs })?;
                map.end()
            }
        }
    }
}

impl Nested<'_> {
    fn inner<'a>(&self, value: &'a Value) -> Nested<'a> {
        Nested {
            value,
            depth: self.depth + 1,
        }
    }
}

/// Keys and values in turn: for maps that an object cannot hold.
struct Flat<'a, 'b> {
    of: &'b Nested<'a>,
    pairs: &'a [(String, Value)],
}

impl Serialize for Flat<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(2 * self.pairs.len()))?;
        for (key, value) in self.pairs {
            list.serialize_element(key)?;
            list.serialize_element(&self.of.inner(value))?;
        }
        list.end()
    }
}

fn escaped<S: Serializer>(to: S, key: &str, text: &str) -> Result<S::Ok, S::Error> {
    to.collect_map([(key, text)])
}

/// Whether a JSON object can hold these pairs: no key twice, and none that looks like ours.
fn is_plain(pairs: &[(String, Value)]) -> bool {
    if pairs.iter().any(|(key, _)| key.starts_with('$')) {
        return false;
    }
    let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).all(|pair| pair[0] != pair[1])
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Empty)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Double(number as f64), Value::Int))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Double(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(item) = items.next_element::<As<Value>>()? {
            values.push(item.0);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            if pairs.is_empty() && is_escape(&key) {
                let value = unescape(&key, &mut entries)?;
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(value);
            }
            pairs.push((key, entries.next_value::<As<Value>>()?.0));
        }
        Ok(Value::Map(pairs))
    }
}

fn is_escape(key: &str) -> bool {
    [BYTES, INT, DOUBLE, MAP].contains(&key)
}

fn unescape<'de, A: MapAccess<'de>>(key: &str, entries: &mut A) -> Result<Value, A::Error> {
    if key == MAP {
        return Ok(Value::Map(entries.next_value::<FlatPairs>()?.0));
    }
    let text: String = entries.next_value()?;
    let value = match key {
        BYTES => BASE64.decode(&text).ok().map(Value::Bytes),
        INT => text.parse().ok().map(Value::Int),
        _ => text.parse().ok().map(Value::Double),
    };
    value.ok_or_else(|| A::Error::custom(format_args!("the text of {key} cannot be read")))
}

struct FlatPairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for FlatPairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(FlatVisitor)
    }
}

struct FlatVisitor;

impl<'de> Visitor<'de> for FlatVisitor {
    type Value = FlatPairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("keys and values in turn")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<FlatPairs, A::Error> {
        let mut pairs = Vec::new();
        while let Some(key) = items.next_element::<String>()? {
            let value = items
                .next_element::<As<Value>>()?
                .ok_or_else(|| A::Error::custom("a key without a value"))?;
            pairs.push((key, value.0));
        }
        Ok(FlatPairs(pairs))
    }
}

struct AttributesVisitor;

impl<'de> Visitor<'de> for AttributesVisitor {
    type Value = Attributes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Attributes, A::Error> {
        let mut pairs = Vec::new();
        while let Some((key, value)) = entries.next_entry::<String, As<Value>>()? {
            pairs.push((key, value.0));
        }
        Ok(pairs.into_iter().collect())
    }
}
