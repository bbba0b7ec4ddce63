//! What a read shows as it was before the test went on to do something else, where the passing recording shows what came of
//! that: the effect of an action on a thing that the action does not name.
//!
//! | the read | and | it shows the state before |
//! |---|---|---|
//! | is answered as an earlier one of the same thing, which the passing recording is not | a write was acknowledged in between | that write |
//! | has the value that the thing was given, or had when it was made, which the passing recording has not | another write was acknowledged since | that write |

use crate::calls::Call;
use crate::changes::{Change, Kind};
use crate::context::Context;
use crate::state;

/// The call that showed the state, or made it, and the latest write since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unmoved {
    pub(crate) known: usize,
    pub(crate) write: usize,
}

/// Whether a read shows the state before a write that does not name what is read.
pub(crate) fn as_before(context: &Context, read: usize) -> Option<Unmoved> {
    let comparison = context.comparison.as_ref()?;
    let there = comparison.counterpart(read)?;
    let look = &context.calls[read];
    let is_read = look.last().is_fine() && there.last().is_fine() && !state::writes(look);
    let changes = &comparison.answered[read];
    if !is_read || changes.is_empty() {
        return None;
    }
    let mut earlier: Vec<usize> = (0..context.calls.len())
        .filter(|other| *other != read && context.precedes(*other, read))
        .filter(|other| context.calls[*other].last().is_fine())
        .collect();
    earlier.sort_by_key(|other| std::cmp::Reverse(context.calls[*other].start()));
    earlier.iter().find_map(|known| {
        let told = showed_it(context, *known, read)
            || changes
                .iter()
                .any(|change| gave_it(context, *known, read, change));
        if !told {
            return None;
        }
        let write = earlier.iter().copied().find(|other| {
            let one = &context.calls[*other];
            *other != *known
                && context.precedes(*known, *other)
                && state::writes(one)
                && one.signature.peer == look.signature.peer
        });
        write.map(|write| Unmoved {
            known: *known,
            write,
        })
    })
}

/// Whether an earlier read of the same thing was answered so, and not in the passing recording.
fn showed_it(context: &Context, earlier: usize, read: usize) -> bool {
    let (one, look) = (&context.calls[earlier], &context.calls[read]);
    let is_same = one.signature.method == look.signature.method
        && one.signature.peer == look.signature.peer
        && one.request == look.request
        && one.reply == look.reply;
    let there = (context.counterpart(earlier), context.counterpart(read));
    let moved = matches!(there, (Some(one), Some(look)) if one.reply.text != look.reply.text);
    is_same && moved
}

/// Whether an earlier call about the same thing sent the value, or was answered with it.
fn gave_it(context: &Context, earlier: usize, read: usize, change: &Change) -> bool {
    let (one, look) = (&context.calls[earlier], &context.calls[read]);
    if !matches!(change.kind, Kind::Value | Kind::Word) || !state::writes(one) {
        return false;
    }
    let key = change.key();
    let tells = |value: &str| {
        state::sends_under(one, key, value) || state::has_under(&one.reply.text, key, value)
    };
    is_about(one, look) && tells(&change.here) && !tells(&change.there)
}

/// Whether a write made what is read, or is about the same.
fn is_about(write: &Call, look: &Call) -> bool {
    let last = state::path(look).rsplit('/').next().unwrap_or_default();
    let mut made = write.reply.ids.iter();
    state::path(write) == state::path(look) || !last.is_empty() && made.any(|id| id == last)
}
