//! Fields of records: ids, instants, texts, and the values of attributes.

use std::borrow::Cow;

use model::{Timestamp, Value};

use super::wire::{Field, Fields, Torn};
use crate::ProblemKind;
use crate::decode::draft::is_no_id;
use crate::decode::sink::{Pair, Sink};

/// An id. Zeros and nothing are none, as in OpenTelemetry.
pub(super) fn id<T>(
    field: Field<'_>,
    to: &mut Option<T>,
    read: fn(&[u8]) -> Option<T>,
    sink: &mut Sink<'_>,
    name: &'static str,
) {
    match field {
        Field::Bytes(bytes) if is_no_id(bytes) => {}
        Field::Bytes(bytes) => {
            *to = read(bytes);
            if to.is_none() {
                sink.problem(ProblemKind::InvalidId, name);
            }
        }
        _ => sink.problem(ProblemKind::WrongType, name),
    }
}

pub(super) fn text(field: Field<'_>, to: &mut String, sink: &mut Sink<'_>, name: &'static str) {
    match field {
        Field::Bytes(bytes) => *to = utf8(bytes, sink, name),
        _ => sink.problem(ProblemKind::WrongType, name),
    }
}

/// An enumeration: the number as protobuf has it.
pub(super) fn number(field: Field<'_>, sink: &mut Sink<'_>, name: &'static str) -> Option<i64> {
    if let Field::Varint(number) = field {
        return Some(number.cast_signed());
    }
    sink.problem(ProblemKind::WrongType, name);
    None
}

pub(super) fn time(
    field: Field<'_>,
    to: &mut Option<Timestamp>,
    sink: &mut Sink<'_>,
    name: &'static str,
) {
    match field {
        Field::Fixed64(nanos) | Field::Varint(nanos) => *to = sink.time(nanos, name),
        _ => sink.problem(ProblemKind::WrongType, name),
    }
}

/// What the sender says that it left out.
pub(super) fn dropped(field: Field<'_>, sink: &mut Sink<'_>) {
    if let Field::Varint(count) = field {
        sink.dropped_by_sender(count);
    }
}

/// One more attribute.
pub(super) fn attributes(field: Field<'_>, to: &mut Vec<Pair>, sink: &mut Sink<'_>) {
    let Field::Bytes(bytes) = field else {
        return sink.problem(ProblemKind::WrongType, "attributes");
    };
    if sink.admit(to.len(), "attributes") {
        to.push(pair(bytes, 0, sink, "attributes"));
    }
}

fn pair(bytes: &[u8], depth: usize, sink: &mut Sink<'_>, name: &'static str) -> Pair {
    let mut key = String::new();
    let mut value = Value::Empty;
    for field in Fields::of(bytes) {
        match field {
            Ok((1, field)) => text(field, &mut key, sink, "key"),
            Ok((2, Field::Bytes(bytes))) => value = any_value(bytes, depth, sink, name),
            Ok((2, _)) => sink.problem(ProblemKind::WrongType, name),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, name),
        }
    }
    (key, value)
}

/// A value; the last one if there are several, as protobuf has it. `depth` is how many arrays and maps it is in.
pub(super) fn any_value(
    bytes: &[u8],
    depth: usize,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Value {
    let mut value = Value::Empty;
    for field in Fields::of(bytes) {
        value = match field {
            Ok((1, Field::Bytes(bytes))) => Value::String(utf8(bytes, sink, name)),
            Ok((2, Field::Varint(number))) => Value::Bool(number != 0),
            Ok((3, Field::Varint(number))) => Value::Int(number.cast_signed()),
            Ok((4, Field::Fixed64(bits))) => Value::Double(f64::from_bits(bits)),
            Ok((5 | 6, Field::Bytes(_))) if depth == sink.limits().depth => {
                sink.problem(ProblemKind::TooDeep, name);
                Value::Empty
            }
            Ok((5, Field::Bytes(bytes))) => Value::Array(list(bytes, sink, name, |bytes, sink| {
                any_value(bytes, depth + 1, sink, name)
            })),
            Ok((6, Field::Bytes(bytes))) => Value::Map(list(bytes, sink, name, |bytes, sink| {
                pair(bytes, depth + 1, sink, name)
            })),
            Ok((7, Field::Bytes(bytes))) => Value::Bytes(sink.bytes(bytes, name)),
            Ok((1..=7, _)) => {
                sink.problem(ProblemKind::WrongType, name);
                value
            }
            Ok(_) => value,
            Err(Torn) => {
                sink.problem(ProblemKind::Torn, name);
                value
            }
        };
    }
    value
}

/// `ArrayValue` and `KeyValueList`: a message with one repeated field.
fn list<T>(
    bytes: &[u8],
    sink: &mut Sink<'_>,
    name: &'static str,
    read: impl Fn(&[u8], &mut Sink<'_>) -> T,
) -> Vec<T> {
    let mut items = Vec::new();
    for field in Fields::of(bytes) {
        match field {
            Ok((1, Field::Bytes(bytes))) => {
                if sink.admit(items.len(), name) {
                    items.push(read(bytes, sink));
                }
            }
            Ok((1, _)) => sink.problem(ProblemKind::WrongType, name),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, name),
        }
    }
    items
}

fn utf8(bytes: &[u8], sink: &mut Sink<'_>, name: &'static str) -> String {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, Cow::Owned(_)) {
        sink.problem(ProblemKind::InvalidUtf8, name);
    }
    sink.text(text, name)
}
