//! OTLP bytes to the model and back. Pure: no network, no file, no clock.
//!
//! Whatever an exporter sends gives values and, beside them, problems; a record that cannot be read never takes its
//! neighbours with it. [`decode`] reads requests of either encoding, [`encode_spans`] and [`encode_logs`] write what a recording holds, and
//! [`response`] writes what an exporter is answered. Undoing a content coding and bounding a request's size are the
//! caller's business.

mod conventions;
mod decode;

mod encode;
mod encoding;
mod json_text;
mod limits;
mod problem;
#[expect(unreachable_pub, reason = "generated")]
mod proto;
pub mod response;

pub use conventions::execution_tags;
pub use decode::{Counts, Decoded, decode};

pub use encode::{encode_logs, encode_spans};
pub use encoding::{Encoding, Signal};
pub use limits::Limits;
pub use problem::{Place, Problem, ProblemKind};

#[cfg(test)]
mod tests;
