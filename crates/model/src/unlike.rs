//! What of a passing recording no other pass of its test has: a warning, never a result.

use crate::{AttemptId, SpanId};

/// Version of the comparison. Raised whenever it may come to another conclusion from the same recordings.
pub const UNLIKE_VERSION: u32 = 1;

/// The most oddities of one attempt that are told; the most telling are kept.
pub const ODDITY_LIMIT: usize = 10;

/// How a passing attempt is not like the other passes of its test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlike {
    /// How many other passes it was held against; none of them has any of this.
    pub passes: u64,
    /// The pass to lay beside it.
    pub nearest: AttemptId,
    /// One or two sentences for people, about the first oddity.
    pub summary: String,
    /// What is odd, the most telling first; never empty, at most [`ODDITY_LIMIT`].
    pub oddities: Vec<Oddity>,
    /// So many more were found.
    pub left_out: u64,
}

/// One call that went as in no other pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// The kind.
    pub kind: OddityKind,
    /// The call, its path with identifiers as `*`: `DELETE /v1/buckets/*`.
    pub call: String,
    /// What is odd about it, to stand behind the call: `answered 500, 404 in the others`.
    pub text: String,
    /// When it began, in nanoseconds from the beginning of the attempt; none for a call that was not made, or that began
    /// before.
    pub at: Option<u64>,
    /// Its span; none for a call that was not made.
    pub span_id: Option<SpanId>,
    /// The span of the same call in the nearest pass, if it has one.
    pub other_span_id: Option<SpanId>,
}

/// In what a call is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OddityKind {
    /// It came out otherwise than in all other passes.
    Outcome,
    /// It failed, and no other pass has such a call.
    Error,
    /// Every other pass makes it, this one did not.
    Missing,
    /// It presented another credential.
    Credential,
    /// Its answer has another shape: a key is gone, a value is of another type, there is no body or another kind of it.
    Shape,
}

impl OddityKind {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Outcome,
        Self::Error,
        Self::Missing,
        Self::Credential,
        Self::Shape,
    ];

    /// The stable identifier, as in files and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Error => "error",
            Self::Missing => "missing",
            Self::Credential => "credential",
            Self::Shape => "shape",
        }
    }

    /// The one with this identifier.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|known| known.as_str() == name)
    }
}
