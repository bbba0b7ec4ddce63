//! Requests to records. The two encodings have a reader each; what a record needs, what goes over a limit and what is
//! told is one, in [`sink`].

mod draft;
mod json;
mod protobuf;
mod sink;

use std::sync::Arc;

use model::{Log, Resource, Span};

use crate::{Encoding, Limits, Problem, Signal, conventions};
pub(crate) use draft::{EVENT_NAME, SCOPE_NAME, SCOPE_VERSION};
pub(crate) use json::{Reader as JsonReader, unescape as unescape_json};
pub(crate) use sink::Sink;

/// What was read of a request.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decoded {
    /// Spans in the order of the request. Facts that the sender gave under names of older conventions, or of the Lumigo
    /// distributions, are under the current names; the scope is in `otel.scope.name` and `otel.scope.version`.
    pub spans: Vec<Span>,
    /// Log records in the order of the request; an event's name is in `event.name`.
    pub logs: Vec<Log>,
    /// What was wrong, up to the limit.
    pub problems: Vec<Problem>,
    /// Resources of which metrics came.
    pub measured: Vec<Arc<Resource>>,
    /// How many there were of what.
    pub counts: Counts,
}

/// Counts beside what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Records that were given up: without identity, torn, or over the limit.
    pub rejected: u64,
    /// Metrics, which are not kept.
    pub ignored: u64,
    /// Problems, told or not.
    pub problems: u64,
    /// Attributes, events and links that the sender says it dropped before sending.
    pub dropped_by_sender: u64,
}

impl Decoded {
    /// Whether the body as a whole could not be read: it is malformed, and no record stood before that.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        let nothing = self.spans.is_empty() && self.logs.is_empty() && self.counts.ignored == 0;
        nothing
            && self.problems.iter().any(|problem| {
                problem.kind == crate::ProblemKind::Torn && problem.place == crate::Place::default()
            })
    }
}

/// Reads the uncompressed body of an export request. Never fails: what cannot be read is told in
/// [`Decoded::problems`].
///
/// JSON may be one request or several after each other, as in OTLP's file format.
#[must_use]
pub fn decode(encoding: Encoding, signal: Signal, bytes: &[u8], limits: &Limits) -> Decoded {
    let mut sink = Sink::new(limits);
    match encoding {
        Encoding::Protobuf => protobuf::request(bytes, signal, &mut sink),
        Encoding::Json => json::request(bytes, signal, &mut sink),
    }
    conventions::apply(&mut sink);
    sink.into_decoded()
}
