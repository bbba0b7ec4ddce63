//! Whether the process that made a call was too busy to read its answer.
//!
//! A client reads when its event loop is free. While the loop is free an answer that has arrived is read at once, so the
//! free part of a wait is how long the other side, or the network, certainly took; the busy part says nothing of it.
//!
//! | of the wait, the loop was busy | held against the peer? |
//! |---|---|
//! | half or more | no: the peer may have answered in the time that nobody looked |
//! | less, but without it the call took no longer than in the passing recording | no: the busy part is what was longer |
//! | less | yes, and how long it was busy is said |
//! | not known | yes |

use std::time::Duration;

use model::attribute;

use crate::context::Context;
use crate::sentence::{self, duration};

/// How long a client was busy, of how long it waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Busy {
    active: Duration,
    waited: Duration,
}

impl Busy {
    fn of(context: &Context, call: usize, at: usize) -> Option<Self> {
        let exchange = &context.try_at(call, at).exchange;
        let waited = exchange.duration()?;
        let active = exchange.loop_active?.min(waited);
        Some(Self { active, waited })
    }
}

/// The busy part of a wait that is too long to hold it against the peer.
pub(crate) fn hides_the_answer(context: &Context, (call, at): (usize, usize)) -> Option<Busy> {
    let busy = Busy::of(context, call, at)?;
    let there = context
        .counterpart(call)
        .and_then(|other| other.last().exchange.duration());
    let free = busy.waited.saturating_sub(busy.active);
    let no_longer = there.is_some_and(|there| busy.waited > there && free <= there);
    (busy.active >= busy.waited / 2 || no_longer).then_some(busy)
}

/// `the test's process was busy for 480 ms of 500 ms`.
pub(crate) fn clause(context: &Context, (call, at): (usize, usize), busy: Busy) -> String {
    format!(
        "{} was busy for {} of {}",
        process(context, call, at),
        duration(busy.active),
        duration(busy.waited)
    )
}

/// What is known of how busy the process was, as a sentence of its own.
pub(crate) fn fact(context: &Context, (call, at): (usize, usize)) -> Option<String> {
    let busy = Busy::of(context, call, at)?;
    Some(format!(
        "While {} was awaited, {}.",
        sentence::call(&context.calls[call]),
        clause(context, (call, at), busy)
    ))
}

/// The process that made the call: the test's, or that of a service.
fn process(context: &Context, call: usize, at: usize) -> &'static str {
    let recording = &context.evidence.recording;
    let pid = |id| {
        recording
            .span(id)?
            .resource
            .attributes
            .int(attribute::PROCESS_PID)
    };
    let own = pid(context.evidence.attempt.root_span_id);
    let caller = pid(context.try_at(call, at).exchange.span_id);
    if context.calls[call].fixture.is_none() && own == caller {
        "the test's process"
    } else {
        "the calling process"
    }
}
