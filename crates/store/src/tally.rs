//! How much is in a part of a run, as eight bytes for each number, the lowest first, in the order of the fields.

use model::{Exchange, Log, Span};

/// The severity from which a log record is a warning (OpenTelemetry logs data model, severity numbers).
const WARNING: u8 = 13;

/// How much is in a part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Spans.
    pub spans: u64,
    /// Outgoing calls, each once.
    pub exchanges: u64,
    /// Log records.
    pub logs: u64,
    /// Log records that are warnings or worse.
    pub warnings: u64,
}

impl Tally {
    /// Counts what was merged.
    pub(crate) fn of(spans: &[Span], exchanges: &[Exchange], logs: &[Log]) -> Self {
        let warnings = logs.iter().filter(|log| log.severity >= WARNING);
        Self {
            spans: spans.len() as u64,
            exchanges: exchanges.len() as u64,
            logs: logs.len() as u64,
            warnings: warnings.count() as u64,
        }
    }

    pub(crate) fn write(self) -> Vec<u8> {
        [self.spans, self.exchanges, self.logs, self.warnings]
            .into_iter()
            .flat_map(u64::to_le_bytes)
            .collect()
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        let [spans, exchanges, logs, warnings] = *numbers else {
            return None;
        };
        rest.is_empty().then(|| Self {
            spans: u64::from_le_bytes(spans),
            exchanges: u64::from_le_bytes(exchanges),
            logs: u64::from_le_bytes(logs),
            warnings: u64::from_le_bytes(warnings),
        })
    }
}
