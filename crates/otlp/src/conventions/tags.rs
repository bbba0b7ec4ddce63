//! Execution tags: what users of Lumigo say about a test, as attributes of any of its spans.

use model::{Span, Value};

const PREFIX: &str = "lumigo.execution_tags.";

/// The execution tags on a span, each with its values as text. The same tag on several spans of a test has the values
/// of all of them; putting them together is the caller's.
#[must_use]
pub fn execution_tags(span: &Span) -> Vec<(String, Vec<String>)> {
    span.attributes
        .iter()
        .filter_map(|(key, value)| {
            let tag = key.strip_prefix(PREFIX).filter(|tag| !tag.is_empty())?;
            let values = match value {
                Value::Array(items) => items.iter().filter_map(text).collect(),
                value => text(value).into_iter().collect(),
            };
            Some((tag.to_owned(), values))
        })
        .collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Double(number) => Some(number.to_string()),
        Value::Empty | Value::Bytes(_) | Value::Array(_) | Value::Map(_) => None,
    }
}
