//! The values of attributes.

use model::Value;

use super::reader::{Kind, Reader, Torn};
use super::scalar::{any_number, base64, double, string, text, whole, wrong};
use crate::ProblemKind;
use crate::decode::sink::{Pair, Sink};

/// A list of attributes, added to what is there.
pub(super) fn attributes(
    reader: &mut Reader<'_>,
    to: &mut Vec<Pair>,
    sink: &mut Sink<'_>,
) -> Result<(), Torn> {
    pairs(reader, to, 0, sink, "attributes")
}

fn pairs(
    reader: &mut Reader<'_>,
    to: &mut Vec<Pair>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<(), Torn> {
    each(reader, sink, name, |reader, sink| {
        if !sink.admit(to.len(), name) {
            return reader.skip();
        }
        let mut key = String::new();
        let mut value = Value::Empty;
        reader.object(|reader, member| {
            match member {
                "key" => text(reader, &mut key, sink, "key")?,
                "value" => value = any_value(reader, depth, sink, name)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        to.push((key, value));
        Ok(())
    })
}

/// The objects of an array; anything else in it is a problem of its own.
pub(super) fn each(
    reader: &mut Reader<'_>,
    sink: &mut Sink<'_>,
    name: &'static str,
    mut read: impl FnMut(&mut Reader<'_>, &mut Sink<'_>) -> Result<(), Torn>,
) -> Result<(), Torn> {
    match reader.peek()? {
        Kind::Array => {}
        kind => return wrong(reader, kind, sink, name),
    }
    reader.array(|reader| match reader.peek()? {
        Kind::Object => read(reader, sink),
        kind => wrong(reader, kind, sink, name),
    })
}

/// An `AnyValue`, or the value itself without its wrapping. `depth` is how many arrays and maps it is in.
pub(super) fn any_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    if reader.peek()? != Kind::Object {
        return bare(reader, depth, sink, name);
    }
    let mut value = Value::Empty;
    reader.object(|reader, member| {
        let read = match member {
            "stringValue" | "string_value" => string_value(reader, depth, sink, name)?,
            "boolValue" | "bool_value" => bool_value(reader, depth, sink, name)?,
            "intValue" | "int_value" => int_value(reader, depth, sink, name)?,
            "doubleValue" | "double_value" => double_value(reader, depth, sink, name)?,
            "arrayValue" | "array_value" => array_value(reader, depth, sink, name)?,
            "kvlistValue" | "kvlist_value" => kvlist_value(reader, depth, sink, name)?,
            "bytesValue" | "bytes_value" => bytes_value(reader, depth, sink, name)?,
            _ => return reader.skip(),
        };
        // A field of the `oneof` that is null is not the one that is set.
        if read != Value::Empty {
            value = read;
        }
        Ok(())
    })?;
    Ok(value)
}

/// A value that is told by its JSON type alone.
fn bare(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    match reader.peek()? {
        Kind::String => string(reader, sink, name).map(Value::String),
        Kind::Number => Ok(invalid_if_none(any_number(reader.number()?), sink, name)),
        Kind::Bool(value) => reader.skip().map(|()| Value::Bool(value)),
        Kind::Array => elements(reader, depth, sink, name),
        kind @ (Kind::Object | Kind::Null) => {
            wrong(reader, kind, sink, name)?;
            Ok(Value::Empty)
        }
    }
}

fn string_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    bare(reader, depth, sink, name)
}

fn bool_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    let value = bare(reader, depth, sink, name)?;
    Ok(match value.as_str() {
        Some("true") => Value::Bool(true),
        Some("false") => Value::Bool(false),
        _ => value,
    })
}

/// A number that is not whole, or beyond 64 bits, is kept as the double that it is.
fn int_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    let text = match reader.peek()? {
        Kind::String => reader.string()?.text,
        Kind::Number => reader.number()?.into(),
        _ => return bare(reader, depth, sink, name),
    };
    let whole = whole(&text).and_then(|number| i64::try_from(number).ok());
    let value = whole
        .map(Value::Int)
        .or_else(|| double(&text).map(Value::Double));
    Ok(invalid_if_none(value, sink, name))
}

fn double_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    let text = match reader.peek()? {
        Kind::String => reader.string()?.text,
        Kind::Number => reader.number()?.into(),
        _ => return bare(reader, depth, sink, name),
    };
    Ok(invalid_if_none(
        double(&text).map(Value::Double),
        sink,
        name,
    ))
}

fn bytes_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    if reader.peek()? != Kind::String {
        return bare(reader, depth, sink, name);
    }
    let bytes = base64(&reader.string()?.text);
    let value = bytes.map(|bytes| Value::Bytes(sink.bytes(&bytes, name)));
    Ok(invalid_if_none(value, sink, name))
}

/// `{"values": […]}`; protobuf's mapping leaves the field out when it is empty.
fn array_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    if reader.peek()? != Kind::Object {
        return bare(reader, depth, sink, name);
    }
    let mut value = Value::Array(Vec::new());
    reader.object(|reader, member| {
        match (member, reader.peek()?) {
            ("values", Kind::Array) => value = elements(reader, depth, sink, name)?,
            ("values", kind) => wrong(reader, kind, sink, name)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(value)
}

fn elements(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    if depth == sink.limits().depth {
        return too_deep(reader, sink, name);
    }
    let mut items = Vec::new();
    reader.array(|reader| {
        if !sink.admit(items.len(), name) {
            return reader.skip();
        }
        items.push(any_value(reader, depth + 1, sink, name)?);
        Ok(())
    })?;
    Ok(Value::Array(items))
}

/// `{"values": [{"key": …, "value": …}]}`
fn kvlist_value(
    reader: &mut Reader<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    if reader.peek()? != Kind::Object {
        return bare(reader, depth, sink, name);
    }
    if depth == sink.limits().depth {
        return too_deep(reader, sink, name);
    }
    let mut entries = Vec::new();
    reader.object(|reader, member| {
        if member == "values" {
            pairs(reader, &mut entries, depth + 1, sink, name)
        } else {
            reader.skip()
        }
    })?;
    Ok(Value::Map(entries))
}

fn too_deep(
    reader: &mut Reader<'_>,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Value, Torn> {
    sink.problem(ProblemKind::TooDeep, name);
    reader.skip()?;
    Ok(Value::Empty)
}

fn invalid_if_none(value: Option<Value>, sink: &mut Sink<'_>, name: &'static str) -> Value {
    if value.is_none() {
        sink.problem(ProblemKind::InvalidValue, name);
    }
    value.unwrap_or(Value::Empty)
}
