//! Bodies as they can be read: content codings undone, text as text. Pure.

use std::io::{self, Read};

use model::{GapKind, Span, Value, attribute as name};

/// A body grows to at most so many times its length on the wire …
const GROWTH: usize = 16;
/// … but a small one may grow to this: repetitive JSON packs well.
const SMALL_BYTES: usize = 256 << 10;
/// … and none beyond this.
const MOST_BYTES: usize = 4 << 20;
/// More codings than this on one body are nobody's honest intention.
const CODINGS: usize = 4;

/// Undoes the content codings of both bodies of an exchange or an incoming request. Returns what was lost thereby.
pub(crate) fn read_bodies(span: &mut Span) -> Vec<GapKind> {
    let sides = [
        (
            name::HTTP_REQUEST_HEADER_PREFIX,
            name::HTTP_REQUEST_BODY,
            name::REQUEST_BODY_TRUNCATED,
        ),
        (
            name::HTTP_RESPONSE_HEADER_PREFIX,
            name::HTTP_RESPONSE_BODY,
            name::RESPONSE_BODY_TRUNCATED,
        ),
    ];
    let mut gaps = Vec::new();
    for (headers, body, truncated) in sides {
        let header = |key: &str| {
            span.attributes
                .strings(&format!("{headers}{key}"))
                .join(",")
        };
        if !matches!(span.attributes.get(body), Some(Value::Bytes(_))) {
            continue;
        }
        let (coding, content_type) = (header("content-encoding"), header("content-type"));
        let is_prefix = span.attributes.bool(truncated) == Some(true);
        let Some(Value::Bytes(bytes)) = span.attributes.remove(body) else {
            continue;
        };
        match undo(bytes, &coding, is_prefix || span.end.is_none()) {
            Ok(plain) => {
                if plain.cut {
                    span.attributes.set(truncated, true);
                    gaps.push(GapKind::BodyCut);
                }
                let value = text_or_bytes(plain.bytes, &content_type, is_prefix || plain.partial);
                span.attributes.set(body, value);
            }
            Err(Undecodable) => gaps.push(GapKind::BodyUndecodable),
        }
    }
    gaps
}

#[derive(Debug, PartialEq, Eq)]
struct Undecodable;

#[derive(Debug, PartialEq, Eq)]
struct Plain {
    bytes: Vec<u8>,
    /// It went over the limit.
    cut: bool,
    /// Its end is missing, for whatever reason.
    partial: bool,
}

/// Undoes codings, the last one first (RFC 9110, 8.4). Some clients hand over bodies already decoded and leave the header
/// as it was; a body that does not begin like its coding is taken as it is when it is text.
fn undo(bytes: Vec<u8>, codings: &str, is_prefix: bool) -> Result<Plain, Undecodable> {
    let limit = bytes
        .len()
        .saturating_mul(GROWTH)
        .max(SMALL_BYTES)
        .min(MOST_BYTES);
    let mut plain = Plain {
        bytes,
        cut: false,
        partial: is_prefix,
    };
    let codings: Vec<&str> = codings
        .split(',')
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
        .collect();
    if codings.len() > CODINGS {
        return Err(Undecodable);
    }
    for coding in codings.into_iter().rev() {
        if plain.bytes.is_empty() {
            break;
        }
        match undo_one(&plain.bytes, coding, plain.partial, limit) {
            Some((bytes, cut)) => {
                plain.partial |= cut;
                plain.cut |= cut;
                plain.bytes = bytes;
            }
            None if is_text(&plain.bytes, plain.partial) => break,
            None => return Err(Undecodable),
        }
    }
    Ok(plain)
}

fn undo_one(bytes: &[u8], coding: &str, is_prefix: bool, limit: usize) -> Option<(Vec<u8>, bool)> {
    match coding.to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => drain(flate2::read::MultiGzDecoder::new(bytes), is_prefix, limit),
        // Servers disagree on whether "deflate" has the zlib header that the RFC asks for.
        "deflate" => drain(flate2::read::ZlibDecoder::new(bytes), is_prefix, limit)
            .or_else(|| drain(flate2::read::DeflateDecoder::new(bytes), is_prefix, limit)),
        "br" => drain(
            brotli_decompressor::Decompressor::new(bytes, 4096),
            is_prefix,
            limit,
        ),
        "zstd" => drain(
            zstd::stream::read::Decoder::new(bytes).ok()?,
            is_prefix,
            limit,
        ),
        _ => None,
    }
}

/// Reads up to the limit. An error counts as the end where a prefix is all there is; what came before it is good.
fn drain(mut decoder: impl Read, is_prefix: bool, limit: usize) -> Option<(Vec<u8>, bool)> {
    let mut plain = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        let left = limit - plain.len();
        match decoder.read(&mut buffer) {
            Ok(0) => return Some((plain, false)),
            Ok(read) if read > left => {
                plain.extend_from_slice(&buffer[..left]);
                return Some((plain, true));
            }
            Ok(read) => plain.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) if is_prefix && !plain.is_empty() => return Some((plain, false)),
            Err(_) => return None,
        }
    }
}

/// Text when its type says so or nothing speaks against it, else bytes.
fn text_or_bytes(bytes: Vec<u8>, content_type: &str, is_prefix: bool) -> Value {
    let content_type = content_type.to_ascii_lowercase();
    let charset = content_type.split_once("charset=").map(|(_, rest)| {
        rest.split([';', ',', ' '])
            .next()
            .unwrap_or_default()
            .trim_matches('"')
    });
    match charset {
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => {}
        Some("iso-8859-1" | "latin1" | "windows-1252") if is_textual(&content_type) => {
            return bytes.into_iter().map(char::from).collect::<String>().into();
        }
        Some(_) => return Value::Bytes(bytes),
    }
    if !is_textual(&content_type) && !is_text(&bytes, is_prefix) {
        return Value::Bytes(bytes);
    }
    match String::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(error) if is_prefix && error.utf8_error().error_len().is_none() => {
            let end = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(end);
            String::from_utf8(bytes)
                .map_or_else(|error| Value::Bytes(error.into_bytes()), Value::from)
        }
        Err(error) => Value::Bytes(error.into_bytes()),
    }
}

fn is_textual(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.starts_with("text/")
        || [
            "json",
            "xml",
            "x-www-form-urlencoded",
            "javascript",
            "graphql",
            "yaml",
        ]
        .iter()
        .any(|part| essence.ends_with(part))
}

/// UTF-8 without control characters that no text has; a character cut at the end of a prefix does not count.
fn is_text(bytes: &[u8], is_prefix: bool) -> bool {
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b);
    let is_utf8 = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => is_prefix && error.error_len().is_none(),
    };
    is_utf8 && !bytes.iter().any(|byte| is_control(byte))
}
