//! What is never blamed, whatever a rule thinks of it.
//!
//! | why | example |
//! |---|---|
//! | it cannot have mattered | tear-down, work after the failure, an answer that came after it |
//! | the passing recording has it too | an expected 404, a 500 that every run gets |
//! | it was absorbed: only the try that decided is looked at | 500, then 200 on the retry; a reset on a stale connection, then 200 |
//! | the test wanted it | the failure says `expected 200 to equal 503`, and this is the 503 |
//! | it lost a race on purpose | the slower of two hedged requests, cancelled by the client |

use std::time::Duration;

use crate::calls::{Outcome, Try};
use crate::compare::Difference;
use crate::context::Context;
use crate::trouble::Trouble;

/// A call that broke is over for its client so much later than for the test.
const SETTLED: Duration = Duration::from_millis(20);

/// The calls that may be to blame, each with the try that decides about it.
pub(crate) fn open_to_question(context: &Context) -> Vec<(usize, usize)> {
    (0..context.calls.len())
        .filter(|call| context.counts(*call))
        .map(|call| (call, context.calls[call].deciding_try()))
        .filter(|(call, at)| !is_innocent(context, *call, *at))
        .collect()
}

fn is_innocent(context: &Context, call: usize, at: usize) -> bool {
    let one = context.try_at(call, at);
    came_too_late(context, one)
        || same_in_the_passing_recording(context, call)
        || one
            .exchange
            .status()
            .is_some_and(|status| context.failure.wanted(status))
        || was_hedged(context, call)
        || only_shared_set_up(context, call)
}

/// Known only after the failure, and not what the failure speaks of. Clients settle a call a moment after they have
/// told the test, so a failure that repeats the call's error came from it.
fn came_too_late(context: &Context, one: &Try) -> bool {
    let Some(failed) = context.failure.at else {
        return false;
    };
    let moment = match one.outcome() {
        // What broke is told to the test first, and settled a moment later.
        Outcome::Broken(trouble) if trouble != Trouble::Cancelled => SETTLED,
        _ => Duration::ZERO,
    };
    let late = one
        .known_at()
        .is_some_and(|known| known > failed.plus(moment));
    late && (one.trouble == Some(Trouble::Cancelled) || context.failure.repeats(one).is_none())
}

/// The same outcome there. A content that differs is a matter for the rules; that of a refusal does only where the failure
/// speaks of it.
fn same_in_the_passing_recording(context: &Context, call: usize) -> bool {
    let is_otherwise = context.difference(call) == Some(Difference::Content);
    context.counterpart(call).is_some_and(|other| {
        !is_otherwise
            && other.last().outcome() == context.calls[call].last().outcome()
            && !other.last().is_fine()
    })
}

fn was_hedged(context: &Context, call: usize) -> bool {
    let lost = &context.calls[call];
    lost.last().outcome() == Outcome::Broken(Trouble::Cancelled)
        && context.calls.iter().enumerate().any(|(at, won)| {
            at != call
                && won.signature == lost.signature
                && won.request == lost.request
                && won.last().is_fine()
                && won.start() <= context.known_at(call)
                && context.known_at(at) >= lost.start()
        })
}

/// A call of a fixture that the attempt merely uses: blamed when set-up failed, or when it is known to differ.
fn only_shared_set_up(context: &Context, call: usize) -> bool {
    let set_up_failed = context.failure.phase == Some(model::Phase::Setup);
    context.calls[call].fixture.is_some()
        && !set_up_failed
        && !matches!(
            context.difference(call),
            Some(Difference::Outcome | Difference::Content)
        )
}
