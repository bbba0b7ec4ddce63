//! Recordings: the chunks of a trace, merged, with the gaps that are known of it.

use model::{AttemptId, Gap, Recording, TraceId, merge};

use crate::{AttemptQuery, Store, StoreError};

/// Everything captured of a trace. Empty when nothing is known of it.
///
/// # Errors
/// When the store cannot be read.
pub fn recording(store: &dyn Store, trace: TraceId) -> Result<Recording, StoreError> {
    let query = AttemptQuery {
        attempt: Some(AttemptId::from(trace)),
        ..AttemptQuery::default()
    };
    let known = store.attempts(&query)?;
    let mut gaps = match known.first() {
        Some((attempt, _)) => store.gaps(attempt.run_id)?,
        None => Vec::new(),
    };
    gaps.retain(|gap| gap.trace_id == Some(trace));
    with_gaps(store, trace, gaps)
}

/// Everything captured of a trace, with these gaps.
pub(crate) fn with_gaps(
    store: &dyn Store,
    trace: TraceId,
    gaps: Vec<Gap>,
) -> Result<Recording, StoreError> {
    let mut spans = Vec::new();
    let mut logs = Vec::new();
    for chunk in store.chunks(trace)? {
        spans.extend(chunk.spans);
        logs.extend(chunk.logs);
    }
    let mut spans = merge::spans(spans);
    model::relate(&mut spans);
    Ok(Recording {
        spans,
        logs: merge::logs(logs),
        gaps,
    })
}
