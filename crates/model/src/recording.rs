//! A recording: everything captured during an attempt.

use crate::{Exchange, Gap, Log, Span, SpanId, Timestamp, TraceId};

/// Everything captured during an attempt or a fixture: merged, sorted, whole as far as it is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recording {
    /// Spans by start, then id; each span once.
    pub spans: Vec<Span>,
    /// Logs by time.
    pub logs: Vec<Log>,
    /// What is known to be missing.
    pub gaps: Vec<Gap>,
}

impl Recording {
    /// The exchanges, by start.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.spans.iter().filter_map(Exchange::from_span).collect()
    }

    /// The span with this id.
    #[must_use]
    pub fn span(&self, id: SpanId) -> Option<&Span> {
        self.spans.iter().find(|span| span.span_id == id)
    }

    /// The trace that it is of: that of its attempt or fixture, else of its first span. Services that a link makes part of
    /// it may have other traces.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        let is_root = |span: &&Span| matches!(span.flakescope_type(), Some("attempt" | "fixture"));
        let root = self.spans.iter().find(is_root);
        root.or(self.spans.first()).map(|span| span.trace_id)
    }
}

/// A server socket that a process of the run opened or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The bound address; `0.0.0.0` and `::` stand for all.
    pub host: String,
    /// The bound port.
    pub port: u16,
    /// When.
    pub time: Timestamp,
    /// Opened, or closed.
    pub open: bool,
    /// The process.
    pub pid: u32,
    /// What the process is called: its service name, else the name of its script.
    pub service: String,
    /// The path of the process's script, else of its program, as its command line has it.
    pub program: String,
    /// Whether tests ran in this very process.
    pub runs_tests: bool,
}
