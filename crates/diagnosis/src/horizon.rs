//! What the test could know: a call that went on after the test had failed is no evidence of why it failed by how it came
//! out then. A client that nobody waits for any more may take minutes to give up.

use std::time::Duration;

use model::{Exchange, Timestamp};

/// A call that is told to end so shortly after its attempt may have made it fail: the end is written down last.
const SLACK: Duration = Duration::from_millis(250);

/// The exchange as it stood when the attempt was over, at `until`.
pub(crate) fn as_known(mut exchange: Exchange, until: Option<Timestamp>) -> Exchange {
    let beyond = |at: Timestamp| until.is_some_and(|until| at > until.plus(SLACK));
    if !exchange.end.is_some_and(beyond) || beyond(exchange.start) {
        return exchange;
    }
    exchange.end = None;
    exchange.error = None;
    exchange.aborted_by = None;
    // Of the time until its end nobody knows how much was before the failure.
    exchange.loop_active = None;
    let first_byte = exchange
        .first_byte_after
        .map(|after| exchange.start.plus(after));
    match &mut exchange.response {
        Some(response) if !first_byte.is_some_and(beyond) => response.complete = Some(false),
        response => *response = None,
    }
    exchange
}
