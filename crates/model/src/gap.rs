//! Gaps: what we know we did not get.

use std::fmt;
use std::str::FromStr;

use crate::{RunId, SpanId, TraceId};

/// Something that is known to be missing from a recording. Always counted, stored and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The run in which it was noticed.
    pub run_id: RunId,
    /// The trace that it is missing from; none when that is not known.
    pub trace_id: Option<TraceId>,
    /// The span that it is missing from.
    pub span_id: Option<SpanId>,
    /// What kind of thing is missing.
    pub kind: GapKind,
    /// How many.
    pub count: u64,
    /// More, for people; already masked.
    pub detail: Option<String>,
}

macro_rules! gap_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What kind of thing is missing. The names are those of `protocol/attributes.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum GapKind { $($(#[$doc])* $variant),+ }

        impl GapKind {
            /// All kinds, in the order of the protocol's table.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in files and reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

gap_kinds! {
    /// A body was longer than the limit; a prefix is kept.
    BodyCut = "body-cut",
    /// The bodies of one attempt were together over the limit.
    AttemptBudget = "attempt-budget",
    /// A content coding could not be undone.
    BodyUndecodable = "body-undecodable",
    /// Header values were cut.
    HeaderCut = "header-cut",
    /// An attribute was cut.
    AttributeCut = "attribute-cut",
    /// Console output was left out.
    LogCut = "log-cut",
    /// An agent found the spool full.
    SpoolFull = "spool-full",
    /// An agent could not write to the spool.
    SpoolWriteFailed = "spool-write-failed",
    /// The spool was removed while an agent used it.
    SpoolGone = "spool-gone",
    /// A record was torn by the death of its process.
    RecordTorn = "record-torn",
    /// A record could not be read.
    RecordInvalid = "record-invalid",
    /// A record of a type that this version does not know.
    RecordUnknown = "record-unknown",
    /// A record longer than the limit.
    RecordTooLong = "record-too-long",
    /// What came by OTLP and could not be kept.
    OtlpRejected = "otlp-rejected",
    /// What a sender of OTLP says that it dropped before sending.
    OtlpDropped = "otlp-dropped",
    /// What came by OTLP and is of a kind that is not kept: metrics.
    OtlpIgnored = "otlp-ignored",
    /// Records that could not be written to the store.
    StoreWriteFailed = "store-write-failed",
    /// A process ended without closing its segment.
    ProcessKilled = "process-killed",
    /// A test that started and never ended.
    AttemptUnfinished = "attempt-unfinished",
    /// A span whose parent never arrived.
    ParentMissing = "parent-missing",
    /// A hook of an agent failed and was switched off.
    AgentError = "agent-error",
    /// A client that the agent saw but cannot capture.
    ClientUnseen = "client-unseen",
    /// The command ran, and no agent reported.
    NoAgent = "no-agent",
    /// A value that could not be masked and was left out.
    MaskingFailed = "masking-failed",
}

impl fmt::Display for GapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for GapKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == name)
            .ok_or(())
    }
}
