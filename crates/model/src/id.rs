//! Identifiers: fixed-width bytes that read and print as lower-case hex.

use std::fmt;
use std::str::FromStr;

/// A text is not an identifier of the expected width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    expected_digits: usize,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} hex digits", self.expected_digits)
    }
}

impl std::error::Error for IdError {}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            /// Width in bytes.
            pub const BYTES: usize = $bytes;

            /// Whether all bytes are zero, which OpenTelemetry defines as invalid.
            #[must_use]
            pub fn is_zero(&self) -> bool {
                self.0 == [0; $bytes]
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Reads hex of either case.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let mut bytes = [0; $bytes];
                read_hex(text.as_bytes(), &mut bytes)
                    .map(|()| Self(bytes))
                    .ok_or(IdError { expected_digits: 2 * $bytes })
            }
        }
    };
}

id!(
    /// One execution of a test command.
    RunId, 16
);
id!(
    /// The thing that has a history; see [`crate::Test`] for what it is made of.
    TestId, 16
);
id!(
    /// One try of a test in a run. The trace id of the attempt, so that nothing has to be looked up to go from one to
    /// the other.
    AttemptId, 16
);
id!(
    /// A trace, as in W3C Trace Context.
    TraceId, 16
);
id!(
    /// A span, as in W3C Trace Context.
    SpanId, 8
);

impl From<TraceId> for AttemptId {
    fn from(trace: TraceId) -> Self {
        Self(trace.0)
    }
}

impl From<AttemptId> for TraceId {
    fn from(attempt: AttemptId) -> Self {
        Self(attempt.0)
    }
}

fn read_hex(text: &[u8], out: &mut [u8]) -> Option<()> {
    if text.len() != 2 * out.len() {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(())
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        b'A'..=b'F' => Some(character - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<[u8; 8]>) {
        assert_eq!(
            text.parse::<SpanId>().ok().map(|id| id.0),
            expected,
            "{text}"
        );
    }

    #[test]
    fn ids_read_hex_of_their_width_only() {
        check(
            "00f067aa0ba902b7",
            Some([0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]),
        );
        check(
            "00F067AA0BA902B7",
            Some([0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]),
        );
        check("00f067aa0ba902b", None);
        check("00f067aa0ba902b7a", None);
        check("00f067aa0ba902bg", None);
        check("", None);
        check("éééééééé", None);
    }

    #[test]
    fn ids_print_what_they_read() {
        let text = "00f067aa0ba902b7";
        assert_eq!(text.parse::<SpanId>().unwrap().to_string(), text);
    }
}
