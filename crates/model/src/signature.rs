//! What a recording looked like, without its bytes: for what varies among passing recordings, and for who touched what.
//!
//! Computed by the diagnosis, which knows what makes two calls the same call; kept beside the recording by the store.

use smol_str::SmolStr;

use crate::{AttemptId, Phase, RunId, SpanId, Timestamp};

/// What a recording looked like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// Its run.
    pub run_id: RunId,
    /// When it began.
    pub start: Timestamp,
    /// When it ended, if it did.
    pub end: Option<Timestamp>,
    /// Its logical calls, those of its fixtures first, each by start; at most [`CALL_LIMIT`].
    pub calls: Vec<CallSignature>,
    /// Calls beyond that.
    pub left_out: u64,
}

/// The most calls that a signature holds; the first are kept.
pub const CALL_LIMIT: usize = 10_000;

/// What a logical call looked like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSignature {
    /// The span of its first try.
    pub span_id: SpanId,
    /// When its first try began.
    pub start: Timestamp,
    /// When its last try ended; none while it is open.
    pub end: Option<Timestamp>,
    /// The part of the test in which it was made.
    pub phase: Phase,
    /// It is in the trace of a fixture.
    pub in_fixture: bool,
    /// Whom it goes to, by the name that is the same in every run: the declared one, `local` for this machine, else the
    /// host.
    pub peer: SmolStr,
    /// The host that was asked for.
    pub host: SmolStr,
    /// Its port, if known.
    pub port: Option<u16>,
    /// The method of the request.
    pub method: SmolStr,
    /// The path of the request, as it was sent; cut at [`PATH_BYTES`].
    pub path: SmolStr,
    /// The path with identifiers as `*`.
    pub template: SmolStr,
    /// The operation, where one path serves many.
    pub operation: Option<SmolStr>,
    /// Identifiers in the request's URL and body, in order of appearance, each once; at most [`ID_LIMIT`].
    pub ids: Vec<SmolStr>,
    /// Identifiers in the answer to a write that are not in its request, each once: what it made; at most [`ID_LIMIT`].
    pub made: Vec<SmolStr>,
    /// Hash of the request in its normal form.
    pub request: u64,
    /// Hash of the last answer in its normal form.
    pub reply: u64,
    /// How it came out: `200`, `429 ThrottlingException`, `timeout`, `ECONNRESET`; `open` while it is awaited.
    pub outcome: SmolStr,
    /// Whether that is an answer that is no error.
    pub fine: bool,
    /// Whether the peer refused it or gave no answer: 5xx, throttled, unreachable, silent. Not what the client itself cut
    /// short.
    pub refused: bool,
    /// How many tries or polls it took.
    pub tries: u32,
    /// The pseudonym of the credential that it presented.
    pub credential: Option<SmolStr>,
    /// Whether it asks for a change: by its method or its operation. What an interceptor answers asks nobody.
    pub writes: bool,
    /// An interceptor answered instead of the network: the peer never knew of it.
    pub mocked: bool,
}

/// The most identifiers of one call that a signature holds.
pub const ID_LIMIT: usize = 32;

/// The longest identifier that is believed to be one, in bytes.
pub const ID_BYTES: usize = 256;

/// The most bytes of a path that a signature holds.
pub const PATH_BYTES: usize = 2048;

/// A write of another attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// Its test: suite path and name.
    pub test: SmolStr,
    /// The runner's worker in which it ran, when it has several.
    pub worker: Option<SmolStr>,
    /// What it did.
    pub call: CallSignature,
}
