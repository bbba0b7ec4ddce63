//! OTLP bytes to the model and back. Pure: no network, no file, no clock.
//!
//! Whatever an exporter sends gives values and, beside them, problems; a record that cannot be read never takes its
//! neighbours with it. [`decode`] reads requests of either encoding, [`encode`] writes what a recording holds, and
//! [`response`] writes what an exporter is answered. Undoing a content coding and bounding a request's size are the
//! caller's business.

mod conventions;
mod decode;

mod encoding;
mod limits;
mod problem;
#[expect(
    dead_code,
    unreachable_pub,
    reason = "generated: all messages of the .proto files, of which the encoder needs some"
)]
mod proto;

pub use conventions::execution_tags;
pub use decode::{Counts, Decoded, decode};

pub use encoding::{Encoding, Signal};
pub use limits::Limits;
pub use problem::{Place, Problem, ProblemKind};
