//! Log records.

use std::sync::Arc;

use crate::{Attributes, Resource, SpanId, Timestamp, TraceId, Value};

/// One log record. Without a trace it belongs to the run.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// The trace in which it was written.
    pub trace_id: Option<TraceId>,
    /// The span in which it was written.
    pub span_id: Option<SpanId>,
    /// When.
    pub time: Timestamp,
    /// 1 to 24 as in OTLP (9 is INFO, 17 is ERROR); 0 when not said.
    pub severity: u8,
    /// The level in the words of the program.
    pub severity_text: String,
    /// What it says.
    pub body: Value,
    /// Facts about it.
    pub attributes: Attributes,
    /// The process that wrote it.
    pub resource: Arc<Resource>,
}
