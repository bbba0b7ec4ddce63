//! Requests in OTLP's JSON, as exporters write it rather than as it is specified.
//!
//! Read by a pull reader of our own: a wrong type costs its field, and a text that breaks off costs what stands behind.
//! Accepted beyond the specification: `null` for anything, snake_case names, names of enumerations, ids in base64,
//! 64-bit numbers as string, number or float, and attribute values without their wrapping.

mod log;
mod reader;
mod request;
mod scalar;
mod span;
mod text;
mod value;

pub(crate) use reader::Reader;
pub(super) use request::request;

/// Undoes the escapes of a string that breaks off.
pub(crate) fn unescape(raw: &str) -> String {
    text::unescape(raw.as_bytes()).text.into_owned()
}
