//! The nouns of Flakescope.
//!
//! Plain values with public fields, in the words of the product: a *run* has *attempts* of *tests*;
//! an attempt is a trace whose *recording* holds spans, logs and *gaps*; an *exchange* is the typed view of an
//! outgoing call; *evidence* is the bounded bundle that a *diagnosis* reads.
//!
//! Nothing here does I/O, reads a clock or knows a file format. No type is `Serialize`: a serialisable type is a
//! promise to somebody outside, and those promises live in `archive` (files) and in the binary (reports).

mod attempt;
pub mod attribute;
mod diagnosis;
mod evidence;
mod exchange;
mod gap;
mod id;
mod log;
pub mod merge;
pub mod peer;
pub mod process;
mod recording;
mod relate;
mod review;
mod run;
mod signature;
mod span;
mod test;
mod time;
mod unlike;
mod value;
mod websocket;

pub use attempt::{Attempt, AttemptKind, AttemptStatus, Failure, NotRun, Phase};
pub use diagnosis::{
    BaselineCall, BaselineExhibit, Candidate, Cause, Confidence, Culprit, CulpritExhibit,
    Diagnosis, Exhibits, Finding, Owner, RULES_VERSION,
};
pub use evidence::{
    Baseline, BaselineBasis, Evidence, Outage, PAST_LIMIT, PastAttempt, RunFacts, SIGNATURE_LIMIT,
    Sighting, TOUCH_LIMIT, VARIANT_LIMIT,
};
pub use exchange::{AbortedBy, Body, Credential, Exchange, ExchangeError, Header, Response, Rpc};
pub use gap::{Gap, GapKind};
pub use id::{AttemptId, IdError, RunId, SpanId, TestId, TraceId};
pub use log::Log;
pub use peer::{Peer, PeerDeclaration, Role, RoleBasis};
pub use recording::{Listener, Recording};
pub use relate::relate;
pub use review::{Review, ReviewVerdict};
pub use run::{Exit, Run, RunState};
/// A text that is cheap to copy: short ones are in place, long ones shared. Signatures hold the same few texts thousands of
/// times.
pub use smol_str::SmolStr;

pub use signature::{CALL_LIMIT, CallSignature, ID_BYTES, ID_LIMIT, PATH_BYTES, Signature, Touch};
pub use span::{Event, Link, Resource, Span, SpanKind, SpanStatus, StatusCode};
pub use test::Test;
pub use time::Timestamp;
pub use unlike::{ODDITY_LIMIT, Oddity, OddityKind, UNLIKE_VERSION, Unlike};
pub use value::{Attributes, Value};
pub use websocket::{WebSocket, WebSocketClose};
