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
        .clamp(SMALL_BYTES, MOST_BYTES);
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
    is_utf8 && !bytes.iter().any(is_control)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(bytes: &[u8], zlib: bool) -> Vec<u8> {
        let level = flate2::Compression::default();
        if zlib {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(bytes).unwrap();
            return encoder.finish().unwrap();
        }
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ::zstd::stream::encode_all(bytes, 1).unwrap()
    }

    fn check(bytes: Vec<u8>, coding: &str, is_prefix: bool, expected: Result<&[u8], Undecodable>) {
        let plain = undo(bytes, coding, is_prefix).map(|plain| plain.bytes);
        assert_eq!(plain.as_deref(), expected.as_ref().copied(), "{coding}");
    }

    const TEXT: &[u8] = br#"{"hello":"world"}"#;
    /// `TEXT` in brotli, as one uncompressed block (RFC 7932, 9.2 and 9.3).
    fn brotli() -> Vec<u8> {
        // Window of 16 bits (one bit 0); not last; 4 nibbles of length-1; uncompressed; then padding to the byte.
        let length = (TEXT.len() - 1) as u32;
        let header = (length << 4) | (1 << 20);
        [&header.to_le_bytes()[..3], TEXT, &[3]].concat()
    }

    #[test]
    fn codings_are_undone() {
        check(gzip(TEXT), "gzip", false, Ok(TEXT));
        check(gzip(TEXT), "X-GZIP", false, Ok(TEXT));
        check(deflate(TEXT, true), "deflate", false, Ok(TEXT));
        check(deflate(TEXT, false), "deflate", false, Ok(TEXT));
        check(zstd(TEXT), "zstd", false, Ok(TEXT));
        check(brotli(), "br", false, Ok(TEXT));
        check(zstd(&gzip(TEXT)), "gzip, zstd", false, Ok(TEXT));
        check(TEXT.to_vec(), "", false, Ok(TEXT));
        check(TEXT.to_vec(), "identity", false, Ok(TEXT));
    }

    #[test]
    fn what_the_client_has_decoded_is_left_alone() {
        check(TEXT.to_vec(), "gzip", false, Ok(TEXT));
        check(TEXT.to_vec(), "br", false, Ok(TEXT));
    }

    #[test]
    fn a_prefix_gives_what_it_can_and_damage_gives_nothing() {
        let long: Vec<u8> = (0..20_000_u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let packed = gzip(&long);
        let half = packed[..packed.len() / 2].to_vec();
        let plain = undo(half.clone(), "gzip", true).unwrap();
        assert!(plain.bytes.len() > 1000 && long.starts_with(&plain.bytes) && plain.partial);
        check(half, "gzip", false, Err(Undecodable));
        check(vec![0, 159, 146, 150], "gzip", true, Err(Undecodable));
        check(
            vec![0, 159, 146, 150],
            "unheard-of",
            false,
            Err(Undecodable),
        );
        check(
            TEXT.to_vec(),
            "gzip,gzip,gzip,gzip,gzip",
            false,
            Err(Undecodable),
        );
    }

    #[test]
    fn a_bomb_is_cut() {
        let bomb = gzip(&vec![b'a'; 64 << 20]);
        let plain = undo(bomb, "gzip", false).unwrap();
        assert!(plain.cut && plain.partial && plain.bytes.len() <= MOST_BYTES);
    }

    #[test]
    fn text_is_told_from_bytes() {
        let check = |bytes: &[u8], content_type: &str, is_prefix: bool, expected: Value| {
            let value = text_or_bytes(bytes.to_vec(), content_type, is_prefix);
            assert_eq!(value, expected, "{content_type}");
        };
        check(b"{}", "application/json", false, "{}".into());
        check(b"{}", "", false, "{}".into());
        check(
            b"{}",
            "application/problem+json; charset=UTF-8",
            false,
            "{}".into(),
        );
        check("é".as_bytes(), "text/html", false, "é".into());
        check(b"\xe9", "text/html; charset=iso-8859-1", false, "é".into());
        check(b"\xe9", "text/html", false, Value::Bytes(vec![0xe9]));
        check(
            "aé".as_bytes().split_last().unwrap().1,
            "text/html",
            true,
            "a".into(),
        );
        check(
            b"a\0",
            "application/octet-stream",
            false,
            Value::Bytes(b"a\0".to_vec()),
        );
        check(b"a\0", "text/plain", false, "a\0".into());
        check(
            b"ab",
            "text/plain; charset=utf-16",
            false,
            Value::Bytes(b"ab".to_vec()),
        );
    }
}
