//! Attribute values and their map: OTLP's `AnyValue` in our own clothes.

/// The value of an attribute or the body of a log.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Present without a value, which OTLP allows.
    Empty,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Double(f64),
    /// Text.
    String(String),
    /// Bytes that are not text.
    Bytes(Vec<u8>),
    /// Values in order; they may differ in type.
    Array(Vec<Value>),
    /// Values by key, in the order in which they came.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one. A double without a fraction counts: JavaScript has no integers.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            // The cast saturates, and 2^53 bounds what a double holds exactly.
            Self::Double(number)
                if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 =>
            {
                Some(*number as i64)
            }
            _ => None,
        }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The texts of an array; a single text counts as an array of one.
    #[must_use]
    pub fn as_strings(&self) -> Vec<&str> {
        match self {
            Self::String(text) => vec![text],
            Self::Array(items) => items.iter().filter_map(Self::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Array(texts.into_iter().map(Self::String).collect())
    }
}

/// Attributes of a span, log, event, link or resource: sorted by key, each key once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes(Vec<(String, Value)>);

impl Attributes {
    /// No attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).ok().map(|at| &self.0[at].1)
    }

    /// The text under `key`, if there is one and it is text.
    #[must_use]
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }

    /// The whole number under `key`, if there is one and it is a number.
    #[must_use]
    pub fn int(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Value::as_int)
    }

    /// The truth value under `key`, if there is one and it is one.
    #[must_use]
    pub fn bool(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(Value::as_bool)
    }

    /// The texts under `key`; none if it is missing.
    #[must_use]
    pub fn strings(&self, key: &str) -> Vec<&str> {
        self.get(key).map(Value::as_strings).unwrap_or_default()
    }

    /// Puts `value` under `key`, in place of what was there.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let key = key.into();
        match self.position(&key) {
            Ok(at) => self.0[at].1 = value.into(),
            Err(at) => self.0.insert(at, (key, value.into())),
        }
    }

    /// Takes the value under `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.position(key).ok().map(|at| self.0.remove(at).1)
    }

    /// All pairs, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// All pairs, sorted by key, to change values in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(key, value)| (key.as_str(), value))
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(known, _)| known.as_str().cmp(key))
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Attributes {
    /// The last value of a repeated key stays.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut pairs: Vec<(String, Value)> = pairs
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        pairs.sort_by(|left, right| left.0.cmp(&right.0));
        pairs.reverse();
        // Stable sort, then reversed: of equal keys the last one comes first and is kept.
        pairs.dedup_by(|later, kept| later.0 == kept.0);
        pairs.reverse();
        Self(pairs)
    }
}

impl IntoIterator for Attributes {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_repeated_key_stays() {
        let attributes: Attributes = [("b", 1_i64), ("a", 2), ("b", 3)].into_iter().collect();
        assert_eq!(
            attributes.iter().collect::<Vec<_>>(),
            [("a", &Value::Int(2)), ("b", &Value::Int(3))]
        );
    }

    #[test]
    fn whole_doubles_count_as_integers() {
        assert_eq!(Value::Double(429.0).as_int(), Some(429));
        assert_eq!(Value::Double(4.5).as_int(), None);
        assert_eq!(Value::Double(f64::NAN).as_int(), None);
        assert_eq!(Value::Double(1e300).as_int(), None);
    }
}
