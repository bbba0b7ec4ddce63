//! The body of a request: read to its end, its content coding undone, both within a limit.

use std::io::{self, Read};

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use http_body_util::BodyExt as _;

/// A body is at most so long, on the wire and with its content coding undone, in bytes: what the specification of OTLP
/// recommends.
pub const MOST_BYTES: usize = 64 << 20;

/// The window of zstd that is accepted, as a power of two: 8 MiB, as RFC 8878 recommends. It is what a decoder allocates.
const ZSTD_WINDOW: u32 = 23;

/// Why a body cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the request is longer than 64 MiB")]
    TooLong,
    #[error("the request has a content coding that is not understood")]
    UnknownCoding,
    #[error("the request is not of its content coding")]
    Undecodable,
    #[error("the request broke off")]
    Torn,
}

impl BodyError {
    /// What the gap says.
    pub(super) fn detail(self) -> &'static str {
        match self {
            Self::TooLong => "a request was longer than 64 MiB",
            Self::UnknownCoding => "a request had a content coding that is not understood",
            Self::Undecodable => "a request was not of its content coding",
            Self::Torn => "a request broke off",
        }
    }
}

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
    Zstd,
}

impl Coding {
    /// What the headers say.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, BodyError> {
        let mut codings = headers.get_all(CONTENT_ENCODING).iter();
        let (first, more) = (codings.next(), codings.next());
        let Some(coding) = first else {
            return Ok(Self::Identity);
        };
        let coding = coding.to_str().unwrap_or("?").trim().to_ascii_lowercase();
        match (coding.as_str(), more) {
            ("" | "identity" | "none", None) => Ok(Self::Identity),
            ("gzip" | "x-gzip", None) => Ok(Self::Gzip),
            ("deflate", None) => Ok(Self::Deflate),
            ("zstd", None) => Ok(Self::Zstd),
            _ => Err(BodyError::UnknownCoding),
        }
    }
}

/// Reads a body to its end. What is beyond the limit is read and forgotten: a client that is answered while it still sends
/// takes that for a failure of the connection, and sends it all again.
pub(super) async fn read(mut body: Body) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    let mut is_too_long = false;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError::Torn)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        is_too_long |= bytes.len() + data.len() > MOST_BYTES;
        if is_too_long {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&data);
        }
    }
    if is_too_long {
        Err(BodyError::TooLong)
    } else {
        Ok(bytes)
    }
}

/// Undoes a content coding.
pub(super) fn unpack(coding: Coding, packed: Vec<u8>) -> Result<Vec<u8>, BodyError> {
    unpack_within(coding, packed, MOST_BYTES)
}

fn unpack_within(coding: Coding, packed: Vec<u8>, most: usize) -> Result<Vec<u8>, BodyError> {
    match coding {
        Coding::Identity => Ok(packed),
        Coding::Gzip => read_within(flate2::read::MultiGzDecoder::new(&*packed), most),
        // The name means the format of zlib, and some clients send the bare one.
        Coding::Deflate => match read_within(flate2::read::ZlibDecoder::new(&*packed), most) {
            Err(BodyError::Undecodable) => {
                read_within(flate2::read::DeflateDecoder::new(&*packed), most)
            }
            read => read,
        },
        Coding::Zstd => zstd::Decoder::new(&*packed)
            .and_then(|mut decoder| decoder.window_log_max(ZSTD_WINDOW).map(|()| decoder))
            .map_err(|_| BodyError::Undecodable)
            .and_then(|decoder| read_within(decoder, most)),
    }
}

fn read_within(reader: impl Read, most: usize) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    match reader.take(limit).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > most => Err(BodyError::TooLong),
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::OutOfMemory => Err(BodyError::TooLong),
        Err(_) => Err(BodyError::Undecodable),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use axum::http::HeaderValue;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn bare(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::bulk::compress(bytes, 1).unwrap()
    }

    #[test]
    fn headers_name_a_coding() {
        let check = |values: &[&'static str], expected| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(Coding::of(&headers), expected, "{values:?}");
        };
        check(&[], Ok(Coding::Identity));
        check(&["identity"], Ok(Coding::Identity));
        check(&["none"], Ok(Coding::Identity));
        check(&["GZip"], Ok(Coding::Gzip));
        check(&["deflate"], Ok(Coding::Deflate));
        check(&["zstd"], Ok(Coding::Zstd));
        check(&["br"], Err(BodyError::UnknownCoding));
        check(&["gzip, gzip"], Err(BodyError::UnknownCoding));
        check(&["gzip", "gzip"], Err(BodyError::UnknownCoding));
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let zeros = vec![0; 1 << 20];
        let check = |coding, packed: Vec<u8>| {
            assert!(packed.len() < 1 << 13);
            let unpacked = unpack_within(coding, packed, 1 << 19);
            assert_eq!(unpacked, Err(BodyError::TooLong), "{coding:?}");
        };
        check(Coding::Gzip, gzip(&zeros));
        check(Coding::Deflate, zlib(&zeros));
        check(Coding::Deflate, bare(&zeros));
        check(Coding::Zstd, zstd(&zeros));
    }

    #[test]
    fn what_is_not_of_its_coding_is_told() {
        let check = |coding, packed: &[u8]| {
            let unpacked = unpack(coding, packed.to_vec());
            assert_eq!(unpacked, Err(BodyError::Undecodable), "{coding:?}");
        };
        let text = br#"{"resourceSpans":[]}"#;
        check(Coding::Gzip, text);
        check(Coding::Zstd, text);
        check(Coding::Gzip, &gzip(text)[..20]);
        check(Coding::Zstd, &zstd(text)[..10]);
    }

    proptest! {
        #[test]
        fn codings_are_undone(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let codings = [
                (Coding::Identity, bytes.clone()), (Coding::Gzip, gzip(&bytes)), (Coding::Deflate, zlib(&bytes)),
                (Coding::Deflate, bare(&bytes)), (Coding::Zstd, zstd(&bytes)),
            ];
            for (coding, packed) in codings {
                prop_assert_eq!(unpack(coding, packed), Ok(bytes.clone()), "{:?}", coding);
            }
        }

        #[test]
        fn any_bytes_can_be_unpacked(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for coding in [Coding::Gzip, Coding::Deflate, Coding::Zstd] {
                let _ = unpack_within(coding, bytes.clone(), 1000);
            }
        }
    }
}
