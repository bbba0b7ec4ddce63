//! Fields that hold one value: texts, numbers, instants, enumerations, ids. Each reads exactly one JSON value; `null`
//! counts as absent.

use std::str::FromStr;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use model::{Timestamp, Value};

use super::reader::{Kind, Reader, Torn};
use crate::ProblemKind;
use crate::decode::draft::is_no_id;
use crate::decode::sink::Sink;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Base64 of either alphabet, padded or not.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64
        .decode(text)
        .or_else(|_| BASE64_URL.decode(text))
        .ok()
}

/// Skips a value that is not of its type; `null` is none rather than a wrong one.
pub(super) fn wrong(
    reader: &mut Reader<'_>,
    kind: Kind,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<(), Torn> {
    if kind != Kind::Null {
        sink.problem(ProblemKind::WrongType, name);
    }
    reader.skip()
}

/// A string.
pub(super) fn text(
    reader: &mut Reader<'_>,
    to: &mut String,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<(), Torn> {
    match reader.peek()? {
        Kind::String => *to = string(reader, sink, name)?,
        kind => wrong(reader, kind, sink, name)?,
    }
    Ok(())
}

/// A string that is known to come.
pub(super) fn string(
    reader: &mut Reader<'_>,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<String, Torn> {
    let read = reader.string()?;
    if read.is_mended {
        sink.problem(ProblemKind::InvalidUtf8, name);
    }
    Ok(sink.text(read.text, name))
}

/// A whole number, in whatever clothes.
pub(super) fn number<T: TryFrom<i128>>(
    reader: &mut Reader<'_>,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Option<T>, Torn> {
    let number = match reader.peek()? {
        Kind::Number => whole(reader.number()?),
        Kind::String => whole(&reader.string()?.text),
        kind => {
            wrong(reader, kind, sink, name)?;
            return Ok(None);
        }
    };
    let number = number.and_then(|number| T::try_from(number).ok());
    if number.is_none() {
        sink.problem(ProblemKind::InvalidValue, name);
    }
    Ok(number)
}

/// An instant in nanoseconds.
pub(super) fn time(
    reader: &mut Reader<'_>,
    to: &mut Option<Timestamp>,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<(), Torn> {
    if let Some(nanos) = number(reader, sink, name)? {
        *to = sink.time(nanos, name);
    }
    Ok(())
}

/// A value of an enumeration: its number, or its name with or without the prefix that all its names have.
pub(super) fn enumeration(
    reader: &mut Reader<'_>,
    names: &[&str],
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<Option<i64>, Torn> {
    if reader.peek()? != Kind::String {
        return number(reader, sink, name);
    }
    let text = reader.string()?.text;
    let position = names.iter().position(|known| {
        let short = known.rsplit('_').next().unwrap_or_default();
        text.eq_ignore_ascii_case(known) || text.eq_ignore_ascii_case(short)
    });
    let number = match position {
        Some(position) => i64::try_from(position).ok(),
        None => text.parse().ok(),
    };
    if number.is_none() {
        sink.problem(ProblemKind::InvalidValue, name);
    }
    Ok(number)
}

/// An id in hex, or in base64 as protobuf's own JSON mapping has it. Nothing and zeros are none.
pub(super) fn id<T: FromStr>(
    reader: &mut Reader<'_>,
    to: &mut Option<T>,
    read: fn(&[u8]) -> Option<T>,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<(), Torn> {
    match reader.peek()? {
        Kind::String => {}
        kind => return wrong(reader, kind, sink, name),
    }
    let text = reader.string()?.text;
    if text.bytes().all(|digit| digit == b'0') {
        return Ok(());
    }
    *to = text.parse().ok();
    if to.is_none()
        && let Some(bytes) = base64(&text)
    {
        if is_no_id(&bytes) {
            return Ok(());
        }
        *to = read(&bytes);
    }
    if to.is_none() {
        sink.problem(ProblemKind::InvalidId, name);
    }
    Ok(())
}

/// What the sender says that it left out.
pub(super) fn dropped(
    reader: &mut Reader<'_>,
    sink: &mut Sink<'_>,
    name: &'static str,
) -> Result<(), Torn> {
    if let Some(count) = number(reader, sink, name)? {
        sink.dropped_by_sender(count);
    }
    Ok(())
}

/// A number without a type of its own: whole if it is written so and fits.
pub(super) fn any_number(text: &str) -> Option<Value> {
    if let Ok(number) = text.parse() {
        return Some(Value::Int(number));
    }
    double(text).map(Value::Double)
}

/// A double, also those that JSON does not have.
pub(super) fn double(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// A number without a fraction. A double is exact up to 2^53, and beyond that still the nearest that there is.
pub(super) fn whole(text: &str) -> Option<i128> {
    if let Ok(number) = text.parse::<i128>() {
        return Some(number);
    }
    let number: f64 = text.parse().ok()?;
    // The bound is far beyond 64 bits and within 128, so that the cast is exact.
    (number.fract() == 0.0 && number.abs() < 1e30).then_some(number as i128)
}
