//! What was wrong with a request, and where.

use std::fmt;

use model::{SpanId, TraceId};

/// Something of a request that was not taken as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What was wrong.
    pub kind: ProblemKind,
    /// The record that it was in.
    pub place: Place,
    /// The field, in the words of OTLP's JSON.
    pub field: &'static str,
    /// The trace of the record, if that could be read.
    pub trace_id: Option<TraceId>,
    /// The span of the record, if that could be read.
    pub span_id: Option<SpanId>,
}

/// Where in a request, by position from 0. Beyond a level that was not entered there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// In `resourceSpans` or `resourceLogs`.
    pub resource: Option<u32>,
    /// In `scopeSpans` or `scopeLogs`.
    pub scope: Option<u32>,
    /// In `spans` or `logRecords`.
    pub record: Option<u32>,
}

/// What was wrong, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// The bytes end early or are not of the encoding. What stood before them is kept.
    Torn,
    /// A field is not of its type. It is left out.
    WrongType,
    /// A field has a value that its type does not have. It is left out.
    InvalidValue,
    /// An id that is not of its length. It is left out.
    InvalidId,
    /// A span without a trace id or span id. It is left out.
    MissingId,
    /// Text that is not UTF-8. What is not is replaced by U+FFFD.
    InvalidUtf8,
    /// A text or bytes over the limit. A prefix is kept.
    TooLong,
    /// A list over the limit. What is beyond is left out.
    TooMany,
    /// Values nested over the limit. What is below is left out.
    TooDeep,
    /// A body that its sender garbled, so that it says nothing. It is left out.
    GarbledBody,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} {}", self.place, self.field, self.kind)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let levels = [
            ("resource", self.resource),
            ("scope", self.scope),
            ("record", self.record),
        ];
        for (name, position) in levels {
            if let Some(position) = position {
                write!(f, "{name} {position}, ")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Torn => "ends early or is malformed",
            Self::WrongType => "is not of its type",
            Self::InvalidValue => "has a value that its type does not have",
            Self::InvalidId => "is not an id",
            Self::MissingId => "has no valid id",
            Self::InvalidUtf8 => "is not UTF-8",
            Self::TooLong => "is too long",
            Self::TooMany => "has too many entries",
            Self::TooDeep => "is nested too deep",
            Self::GarbledBody => "was garbled by its sender",
        })
    }
}
