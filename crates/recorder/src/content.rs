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

/// One of the two bodies of an exchange.
struct Side {
    /// What the detail of a gap calls it.
    name: &'static str,
    headers: &'static str,
    body: &'static str,
    truncated: &'static str,
}

const REQUEST: Side = Side {
    name: "request",
    headers: name::HTTP_REQUEST_HEADER_PREFIX,
    body: name::HTTP_REQUEST_BODY,
    truncated: name::REQUEST_BODY_TRUNCATED,
};
const RESPONSE: Side = Side {
    name: "response",
    headers: name::HTTP_RESPONSE_HEADER_PREFIX,
    body: name::HTTP_RESPONSE_BODY,
    truncated: name::RESPONSE_BODY_TRUNCATED,
};

/// Undoes the content codings of both bodies of an exchange or an incoming request. Returns what was lost thereby or is not
/// what it announces, with the side that it is on.
pub(crate) fn read_bodies(span: &mut Span) -> Vec<(GapKind, &'static str)> {
    let is_ended = span.end.is_some();
    let is_cut = span.attributes.bool(name::RESPONSE_COMPLETE) == Some(false);
    let is_from_the_wire = is_from_the_wire(span);
    let mut gaps = Vec::new();
    for side in [REQUEST, RESPONSE] {
        let Side {
            name: which,
            headers,
            body,
            truncated,
        } = side;
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
        let is_partial = is_prefix || !is_ended || (is_cut && which == RESPONSE.name);
        match undo(bytes, &coding, is_partial) {
            Ok(plain) => {
                if plain.cut {
                    span.attributes.set(truncated, true);
                    gaps.push((GapKind::BodyCut, which));
                }
                if plain.bare && is_from_the_wire && is_ended {
                    gaps.push((GapKind::BodyUndecodable, which));
                }
                let value = text_or_bytes(plain.bytes, &content_type, is_prefix || plain.partial);
                span.attributes.set(body, value);
            }
            // What is still on its way may be too little to begin with.
            Err(Undecodable) if !is_ended => {}
            Err(Undecodable) => gaps.push((GapKind::BodyUndecodable, which)),
        }
    }
    gaps
}

/// Whether bodies are told as they were on the wire, as our agents do of real calls; what others tell, and what stands in
/// for an answer, may have been decoded before.
fn is_from_the_wire(span: &Span) -> bool {
    let facts = &span.attributes;
    facts.get(name::CLIENT).is_some() && facts.get(name::MOCKED).is_none()
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
    /// It is a text, and certainly not in the coding that it should be in.
    bare: bool,
}

/// Why a coding cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// There is too little of it to say more, or the coding is unknown.
    Unclear,
    /// It is not in this coding.
    Broken,
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
        bare: false,
    };
    let codings: Vec<&str> = codings
        .split(',')
        .map(str::trim)
        .filter(|coding| !is_none(coding))
        .collect();
    if codings.len() > CODINGS {
        return Err(Undecodable);
    }
    for coding in codings.into_iter().rev() {
        if plain.bytes.is_empty() {
            break;
        }
        match undo_one(&plain.bytes, coding, plain.partial, limit) {
            Ok((bytes, cut)) => {
                plain.partial |= cut;
                plain.cut |= cut;
                plain.bytes = bytes;
            }
            Err(fault) if is_text(&plain.bytes, plain.partial) => {
                plain.bare = fault == Fault::Broken || (is_known(coding) && !plain.partial);
                break;
            }
            Err(_) => return Err(Undecodable),
        }
    }
    Ok(plain)
}

/// Whether a content coding leaves the bytes as they are. S3 calls its own framing of what is uploaded `aws-chunked`.
fn is_none(coding: &str) -> bool {
    ["", "identity", "aws-chunked"]
        .iter()
        .any(|none| coding.eq_ignore_ascii_case(none))
}

/// Whether it is a coding that [`undo_one`] knows: of others nobody can say that a body is not in them.
fn is_known(coding: &str) -> bool {
    ["gzip", "x-gzip", "deflate", "br", "zstd"]
        .iter()
        .any(|known| coding.eq_ignore_ascii_case(known))
}

fn undo_one(
    bytes: &[u8],
    coding: &str,
    is_prefix: bool,
    limit: usize,
) -> Result<(Vec<u8>, bool), Fault> {
    match coding.to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => drain(flate2::read::MultiGzDecoder::new(bytes), is_prefix, limit),
        // Servers disagree on whether "deflate" has the zlib header that the RFC asks for.
        "deflate" => drain(flate2::read::ZlibDecoder::new(bytes), is_prefix, limit)
            .or_else(|_| drain(flate2::read::DeflateDecoder::new(bytes), is_prefix, limit)),
        "br" => drain(
            brotli_decompressor::Decompressor::new(bytes, 4096),
            is_prefix,
            limit,
        ),
        "zstd" => drain(
            zstd::stream::read::Decoder::new(bytes).map_err(|_| Fault::Unclear)?,
            is_prefix,
            limit,
        ),
        _ => Err(Fault::Unclear),
    }
}

/// Reads up to the limit. An error counts as the end where a prefix is all there is; what came before it is good.
fn drain(mut decoder: impl Read, is_prefix: bool, limit: usize) -> Result<(Vec<u8>, bool), Fault> {
    let mut plain = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        let left = limit - plain.len();
        match decoder.read(&mut buffer) {
            Ok(0) => return Ok((plain, false)),
            Ok(read) if read > left => {
                plain.extend_from_slice(&buffer[..left]);
                return Ok((plain, true));
            }
            Ok(read) => plain.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) if is_prefix && !plain.is_empty() => return Ok((plain, false)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(Fault::Unclear);
            }
            Err(_) => return Err(Fault::Broken),
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

    /// An exchange of our agent whose answer announces gzip.
    fn answered(bytes: Vec<u8>) -> Span {
        let mut span = Span {
            trace_id: model::TraceId([1; 16]),
            span_id: model::SpanId([1; 8]),
            parent_span_id: None,
            name: "GET".to_owned(),
            kind: model::SpanKind::Client,
            start: model::Timestamp(0),
            end: Some(model::Timestamp(1)),
            attributes: model::Attributes::default(),
            events: Vec::new(),
            links: Vec::new(),
            status: model::SpanStatus::default(),
            resource: std::sync::Arc::default(),
        };
        let facts = &mut span.attributes;
        facts.set(name::CLIENT, "node:http");
        facts.set(name::HTTP_RESPONSE_BODY, Value::Bytes(bytes));
        let coding = format!("{}content-encoding", name::HTTP_RESPONSE_HEADER_PREFIX);
        facts.set(&coding, "gzip");
        span
    }

    #[test]
    fn a_whole_body_that_is_not_what_it_announces_is_told() {
        let check = |change: &dyn Fn(&mut Span), bytes: &[u8], content: Option<&str>, is_told| {
            let mut span = answered(bytes.to_vec());
            change(&mut span);
            let gaps = read_bodies(&mut span);
            let kept = span.attributes.str(name::HTTP_RESPONSE_BODY);
            let told = vec![(GapKind::BodyUndecodable, "response")];
            assert_eq!(kept, content, "{bytes:?}");
            assert_eq!(gaps, if is_told { told } else { Vec::new() }, "{bytes:?}");
        };
        let text = std::str::from_utf8(TEXT).ok();
        let mut damaged = gzip(TEXT);
        damaged[10] = !damaged[10];
        let half = &gzip(TEXT)[..5];
        let coding = format!("{}content-encoding", name::HTTP_RESPONSE_HEADER_PREFIX);
        check(&|_| {}, &gzip(TEXT), text, false);
        check(&|_| {}, TEXT, text, true);
        check(&|_| {}, &damaged, None, true);
        check(&|_| {}, half, None, true);
        check(&|_| {}, b"", Some(""), false);
        // What is on its way is told when it is over.
        check(&|span| span.end = None, TEXT, text, false);
        check(&|span| span.end = None, half, None, false);
        // Of one that was cut, what is missing may be what would tell.
        let cut = |span: &mut Span| span.attributes.set(name::RESPONSE_COMPLETE, false);
        check(&cut, TEXT, text, true);
        check(&cut, &TEXT[..3], Some(r#"{"h"#), false);
        let prefix = |span: &mut Span| span.attributes.set(name::RESPONSE_BODY_TRUNCATED, true);
        check(&prefix, TEXT, text, true);
        check(&prefix, &TEXT[..3], Some(r#"{"h"#), false);
        // Decoded before it was told.
        let mocked = |span: &mut Span| span.attributes.set(name::MOCKED, "msw");
        check(&mocked, TEXT, text, false);
        let others = |span: &mut Span| drop(span.attributes.remove(name::CLIENT));
        check(&others, TEXT, text, false);
        // Codings of which nobody knows what they should look like.
        check(
            &|span| span.attributes.set(&coding, "utf-8"),
            TEXT,
            text,
            false,
        );
        check(
            &|span| span.attributes.set(&coding, "aws-chunked"),
            TEXT,
            text,
            false,
        );
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
