//! What came only after the look, and had come before it in the passing recording: writes that are made later here, and
//! what a service had not done yet.

use std::time::Duration;

use super::Suspect;
use super::race::{looked, told};
use crate::calls::Call;
use crate::changes::Change;
use crate::compare::Difference;
use crate::context::Context;
use crate::sentence;
use crate::state;
use crate::track_record;

/// A look that was too early for what came later, or for what a service had not done yet.
pub(super) fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = place.0;
    let later = arrived_later(context, call).map(|late| came_later(context, place, late));
    later.or_else(|| not_done_yet(context, call).map(|late| not_yet(context, place, &late)))
}

/// A write that precedes the read in the passing recording, and comes after it here.
fn arrived_later(context: &Context, read: usize) -> Option<usize> {
    let comparison = context.comparison.as_ref()?;
    let there = comparison.counterpart(read)?;
    let differs = matches!(
        comparison.differences[read],
        Difference::Outcome | Difference::Content
    ) || !comparison.same_reply[read] && there.last().is_fine();
    let look = &context.calls[read];
    if !differs || !there.last().is_fine() {
        return None;
    }
    let known = context.known_at(read);
    (0..context.calls.len()).find(|late| {
        let write = &context.calls[*late];
        let Some(write_there) = context.counterpart(*late) else {
            return false;
        };
        let over_there = write_there.last().known_at();
        *late != read
            && state::writes(write)
            && !(context.is_own(*late) && context.is_own(read))
            && write.start() >= known
            && over_there.is_some_and(|over| over <= there.last().exchange.start)
            && (state::is_about_the_same(write, look) || shares_identifier(write_there, there))
    })
}

/// Whether what was written is in the answer.
fn shares_identifier(write: &Call, read: &Call) -> bool {
    let known: Vec<&str> = read.reply.ids.iter().collect();
    let mut ids = write.request.ids.iter().chain(write.reply.ids.iter());
    ids.any(|id| known.contains(&id))
}

fn came_later(context: &Context, place: (usize, usize), late: usize) -> Suspect {
    let look = &context.calls[place.0];
    let write = &context.calls[late];
    let after = sentence::duration(write.start().since(context.known_at(place.0)));
    let clause = format!(
        "the test looked too early: {}, {}, and {} came only {after} later",
        looked(context, place),
        sentence::came_out(look.last()),
        sentence::call(write),
    );
    let mut suspect = told(place, "arrived-later", clause, 92);
    suspect.findings.push(format!(
        "In the passing recording {} comes before that look; here it came after it, at {}.",
        sentence::call(write),
        sentence::offset(context, write, write.start())
    ));
    suspect
}

/// What a service had done by itself before the passing recording looked, and had no time to do here.
struct NotDone<'c> {
    /// The service's write, of the passing recording.
    write: &'c Call,
    /// The test's last write before the look.
    since: usize,
    /// How long after that the service had written there, and the test looked here.
    needed: Duration,
    waited: Duration,
}

/// Whether the read shows the state before a write that a service makes by itself in the passing recording, at a time after
/// the test's last write that was not over here.
fn not_done_yet<'c>(context: &'c Context, read: usize) -> Option<NotDone<'c>> {
    let comparison = context.comparison.as_ref()?;
    let (look, there) = (&context.calls[read], context.counterpart(read)?);
    let changes = &comparison.answered[read];
    let is_fine = look.last().is_fine() && there.last().is_fine();
    if !is_fine || changes.is_empty() || track_record::always_fails_here(context) {
        return None;
    }
    let own = (0..context.calls.len()).filter(|call| {
        let one = &context.calls[*call];
        context.is_own(*call) && state::writes(one) && one.last().is_fine()
    });
    let since = own
        .filter(|call| context.precedes(*call, read))
        .max_by_key(|call| context.calls[*call].start())?;
    let begun = context.counterpart(since)?.last().known_at()?;
    let waited = look.last().exchange.start.since(context.known_at(since));
    context.missing_by_itself().find_map(|write| {
        let over = write.last().known_at()?;
        let sends = |change: &Change| {
            state::sends_under(write, change.key(), &change.there)
                && !state::sends_under(write, change.key(), &change.here)
        };
        let is_it = state::writes(write)
            && begun <= over
            && over <= there.last().exchange.start
            && changes.iter().any(sends);
        let needed = over.since(begun);
        (is_it && waited < needed).then_some(NotDone {
            write,
            since,
            needed,
            waited,
        })
    })
}

fn not_yet(context: &Context, place: (usize, usize), late: &NotDone<'_>) -> Suspect {
    let since = &context.calls[late.since];
    let clause = format!(
        "the test looked too early: {}, {} after {}, and {}",
        looked(context, place),
        sentence::duration(late.waited),
        sentence::call(since),
        sentence::came_out(context.calls[place.0].last()),
    );
    let mut suspect = told(place, "not-done-yet", clause, 92);
    suspect.findings.push(format!(
        "In the passing recording {} comes {} after {}, by itself; here the test had looked by then.",
        sentence::call(late.write),
        sentence::duration(late.needed),
        sentence::call(since),
    ));
    suspect
}
