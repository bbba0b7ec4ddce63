//! Records to requests: what a recording holds, for other tools.
//!
//! Grouped as OTLP has it: by resource, and within it by scope, each in the order of its first record.

mod group;
mod json;
mod protobuf;

use model::{Log, Span};

use crate::Encoding;
use group::groups;

/// Writes spans as `TracesData`, which is also the body of an export request.
///
/// A time before 1970 does not exist in OTLP and is written as 0, which stands for none.
#[must_use]
pub fn encode_spans(encoding: Encoding, spans: &[Span]) -> Vec<u8> {
    let groups = groups(spans, |span| (&span.resource, &span.attributes));
    match encoding {
        Encoding::Protobuf => protobuf::traces(&groups),
        Encoding::Json => json::traces(&groups).into_bytes(),
    }
}

/// Writes logs as `LogsData`, which is also the body of an export request. Times as in [`encode_spans`].
#[must_use]
pub fn encode_logs(encoding: Encoding, logs: &[Log]) -> Vec<u8> {
    let groups = groups(logs, |log| (&log.resource, &log.attributes));
    match encoding {
        Encoding::Protobuf => protobuf::logs(&groups),
        Encoding::Json => json::logs(&groups).into_bytes(),
    }
}
