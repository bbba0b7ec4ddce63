//! The wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// Now. The epoch, if the machine believes to be before it.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(0).plus(since)
}
