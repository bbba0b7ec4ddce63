//! `race`: the test looked before the data had arrived.
//!
//! | the recording | race? |
//! |---|---|
//! | a write was acknowledged, and a later read of the same thing shows the state before it (404, an empty list, the old value, the deleted item) | yes |
//! | … and the answer came from a cache | no: stale-read |
//! | … and another test wrote or deleted it in between | no: test-code, shared state |
//! | … and a read in between had shown it already | no: somebody took it away, test-code |
//! | … and the look was for a poll that was then refused | no: that ended the poll |
//! | … and the passing recording shows there what a write had made that this one left out | no: test-code |
//! | … and what it shows is none of what it had been before the write, as far as that is known | no: another content, or contract-change |
//! | … and it was answered or changed once more after the look | yes, whoever had seen it before |
//! | … and the write's own answer lacks it too | no: product |
//! | … and the answer has what was sent, beside another number | no |
//! | … of another path, whose list has in the passing recording an identifier of the write | yes, at most likely |
//! | … of the product, and the test waited as long as in the passing recording | no: product, with race as the other reading |
//! | … and the test fails in each attempt on this commit and never passed on it | no: product |
//! | what the read lacks is what a service writes by itself in the passing recording, so long after the test's last write, and the test looked sooner | yes |
//! | what the read lacks is written later: the write that precedes it in the passing recording comes after it here | yes |
//! | a write was acknowledged, and what a later read shows of another thing is what it was before, and not in the passing recording | yes, at most likely |
//! | another test's write, which there is in every run, was acknowledged before, and the answer does not show it | yes, at most likely |
//! | … and both are the test's own | no: test-code, it did not wait for its own write |
//! | a poll ended as *not yet*, and in the passing recording it ended as there | yes |
//! | a look shows what an earlier look of the passing recording showed, which looked again | yes |
//! | a poll has come to show what none but the last look of the passing recording could have shown | at most likely: it may be over, and have come out otherwise |
//! | a poll ended with another form: a key under another name, everything one level deeper, another type | no: contract-change |
//! | several keys are gone, and others there in their place | no: it is an answer of another kind |
//! | a list has items that nobody in this recording made | no: shared state |
//! | what the read lacks are members of what is there, lists not, that no write of the test had sent | no: contract-change |
//! | a poll ended with 5xx | no: dependency-error |
//! | nothing was written, and nothing is read that the passing recording reads | no |

use std::collections::HashMap;
use std::time::Duration;

use model::{Cause, Owner, Role, Touch};

use super::{
    Stands, Suspect, contract_change, late, meanwhile, shared_state, stale_read, test_code,
};
use crate::calls::{Call, Outcome};
use crate::changes::{self, Change, Kind};
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::neighbours;
use crate::polls;
use crate::sentence;
use crate::state::{self, Before, Shows};
use crate::text;
use crate::track_record;
use crate::unmoved::{self, Unmoved};

/// Longest name of a test within a sentence, in characters.
const NAME_CHARS: usize = 80;

/// So many looks make a poll.
pub(crate) const POLLS: usize = 3;

/// A wait is shorter than another one when it is this part of it …
const SHORTER: u32 = 3;
/// … and by more than what any machine may take.
const NOISE: Duration = Duration::from_millis(50);

/// Reads that came too early.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter(|(call, _)| !state::writes(&context.calls[*call]))
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let (call, at) = place;
    let one = context.try_at(call, at);
    if one.exchange.status().is_some_and(|status| status >= 500)
        || stale_read::cached(one).is_some()
        || shared_state::touch(context, call).is_some()
        || meanwhile::took_away(context, call)
        || shared_state::has_strangers(context, call)
        || is_of_another_kind(context, call)
        || ended_otherwise(context, call)
        || lacks_what_was_left_out(context, call)
    {
        return None;
    }
    if let Some(late) = late::suspect(context, place) {
        return Some(late);
    }
    if is_another_shape(context, call) {
        return None;
    }
    if test_code::not_awaited(context, call).is_some() {
        return None;
    }
    if let Some(before) = state::before_write(context, call)
        && before.seen.is_none()
        && !is_lost(context, &before)
        && !track_record::always_fails_here(context)
    {
        return Some(too_early(context, place, &before));
    }
    if let Some(touch) = neighbours::not_shown(context, call)
        && !track_record::always_fails_here(context)
    {
        return Some(after_another_test(context, place, touch));
    }
    let unmoved = unmoved::as_before(context, call)
        .filter(|_| !track_record::always_fails_here(context))
        .map(|unmoved| shows_no_effect(context, place, unmoved));
    gave_up(context, place).or(unmoved)
}

/// Whether the passing recording shows there what a write of its own had made that this one left out: that cannot come.
pub(super) fn lacks_what_was_left_out(context: &Context, look: usize) -> bool {
    let Some(there) = context.counterpart(look) else {
        return false;
    };
    let mut missing = context.missing_of_the_test();
    missing.any(|write| {
        let over = write.last().known_at();
        let mut made = write.reply.ids.iter();
        state::writes(write)
            && over.is_some_and(|over| over <= there.last().exchange.start)
            && made.any(|id| there.reply.ids.iter().any(|shown| shown == id))
    })
}

/// Whether the look was made for a poll that was refused after it: then that ended the poll, and not what was seen.
pub(super) fn ended_otherwise(context: &Context, look: usize) -> bool {
    let is_it = |outer: usize| {
        let last = context.calls[outer].last();
        let before = context.known_at(look) <= last.exchange.start;
        before
            && context.is_inside(look, outer)
            && matches!(last.outcome(), Outcome::Refused { .. })
            && context.difference(outer) == Some(Difference::Outcome)
    };
    (0..context.calls.len()).any(is_it)
}

/// Whether the answer, or a part of it, has other keys in place of several that it had: what is there before a write has the
/// keys of what is there after it.
fn is_of_another_kind(context: &Context, read: usize) -> bool {
    const SEVERAL: usize = 3;
    let Some(comparison) = &context.comparison else {
        return false;
    };
    let place = |change: &Change| {
        let above = change.path.rsplit_once('.').map_or("", |(above, _)| above);
        changes::general(above)
    };
    let mut keys: HashMap<String, (usize, usize)> = HashMap::new();
    for change in &comparison.answered[read] {
        let known = keys.entry(place(change)).or_default();
        match change.kind {
            Kind::Added => known.0 += 1,
            Kind::Removed => known.1 += 1,
            _ => {}
        }
    }
    let is_fine = |call: &Call| call.last().is_fine();
    is_fine(&context.calls[read])
        && context.counterpart(read).is_some_and(is_fine)
        && keys
            .values()
            .any(|(added, removed)| *added > 0 && *removed >= SEVERAL)
}

/// Whether all that the read lacks are keys of what is there, which the test has not written.
pub(super) fn is_another_shape(context: &Context, read: usize) -> bool {
    let Some(comparison) = &context.comparison else {
        return false;
    };
    let answered = &comparison.answered[read];
    // A thing that is not there yet is missing whole; of a thing that is there a member may be missing.
    let is_member = |change: &Change| {
        let value = change.there.as_bytes().first();
        let in_item = change
            .path
            .rsplit_once('.')
            .is_some_and(|(item, _)| item.ends_with(']'));
        match value {
            Some(b'[') => false,
            Some(b'{') => in_item,
            _ => change.path.contains(['.', '[']),
        }
    };
    let is_of_shape = |change: &Change| {
        change.kind.is_of_shape()
            && is_member(change)
            && !contract_change::was_written(context, read, change.key())
    };
    context.calls[read].last().is_fine()
        && !answered.is_empty()
        && answered.iter().all(is_of_shape)
        && !contract_change::is_not_yet(context, read)
}

fn too_early(context: &Context, place: (usize, usize), before: &Before) -> Suspect {
    let look = &context.calls[place.0];
    let write = &context.calls[before.write];
    let waited = sentence::duration(
        look.last()
            .exchange
            .start
            .since(context.known_at(before.write)),
    );
    let shown = match &before.shows {
        Shows::Nothing => "it was not there yet".to_owned(),
        Shows::Less => "what had been written was not in the answer yet".to_owned(),
        Shows::Old { path, value } => format!("{path} was still {value}"),
        Shows::Still => "it was still there".to_owned(),
    };
    let clause = format!(
        "the test looked too early: {}, {waited} after {} was acknowledged, and {shown}",
        looked(context, place),
        sentence::call(write),
    );
    let mut suspect = told(place, "before-write", clause, 85);
    if !before.names_it {
        suspect.stands = Stands::Never;
    }
    suspect.findings.push(format!(
        "{} {} at {}.",
        sentence::call(write),
        sentence::came_out(write.last()),
        sentence::offset(context, write, context.known_at(before.write))
    ));
    suspect.doubt =
        Some("whether the data would have arrived with a longer wait, or never".to_owned());
    if let Some((there, shorter)) = waited_there(context, place.0, before.write) {
        suspect.findings.push(format!(
            "Between the two the passing recording lets {} go by, this one {waited}.",
            sentence::duration(there)
        ));
        if shorter {
            suspect.doubt = None;
        } else if look.peer.role == Role::Product && look.tries.len() >= POLLS {
            suspect.strength = 45;
        } else if look.peer.role == Role::Product || !before.names_it {
            // At the pace of the passing recording the product contradicts what it has itself acknowledged.
            suspect.strength = 60;
        }
    }
    if let Some(later) = shown_later(context, place.0) {
        suspect.doubt = None;
        suspect.findings.push(format!(
            "{} shows it at {}: it arrived after the test had looked.",
            sentence::call(&context.calls[later]),
            sentence::offset(context, &context.calls[later], context.known_at(later))
        ));
    }
    suspect
}

/// A write of another test, which there is in every run, does not show.
fn after_another_test(context: &Context, place: (usize, usize), touch: &Touch) -> Suspect {
    let look = &context.calls[place.0];
    let end = touch.call.end.unwrap_or(touch.call.start);
    let clause = format!(
        "the test looked too early: {}, {} after another test, “{}”, had called {} {}, and {}",
        looked(context, place),
        sentence::duration(look.last().exchange.start.since(end)),
        text::one_line(&touch.test, NAME_CHARS),
        touch.call.method,
        text::one_line(&touch.call.path, NAME_CHARS),
        sentence::came_out(look.last())
    );
    let mut suspect = told(place, "before-write", clause, 85);
    suspect.findings.push(
        "In the passing run the other test made the same call before, and its effect was there."
            .to_owned(),
    );
    suspect.doubt =
        Some("whether the data would have arrived with a longer wait, or never".to_owned());
    if look.peer.role == Role::Product {
        suspect.strength = 60;
    }
    suspect
}

/// A write whose effect on something else does not show.
fn shows_no_effect(context: &Context, place: (usize, usize), unmoved: Unmoved) -> Suspect {
    let look = &context.calls[place.0];
    let (write, known) = (&context.calls[unmoved.write], &context.calls[unmoved.known]);
    let waited = look.last().exchange.start;
    let clause = format!(
        "the test looked too early: {}, {} after {} was acknowledged, and all was as {} had left it",
        looked(context, place),
        sentence::duration(waited.since(context.known_at(unmoved.write))),
        sentence::call(write),
        sentence::call(known),
    );
    let mut suspect = told(place, "before-write", clause, 78);
    suspect.stands = Stands::Never;
    suspect.doubt =
        Some("whether the effect would have shown with a longer wait, or never".to_owned());
    if look.peer.role == Role::Product {
        suspect.strength = 60;
    }
    suspect
}

/// The time between write and read in the passing recording, and whether this one waited less.
fn waited_there(context: &Context, read: usize, write: usize) -> Option<(Duration, bool)> {
    let (read_there, write_there) = (context.counterpart(read)?, context.counterpart(write)?);
    let there = read_there
        .last()
        .exchange
        .start
        .since(write_there.last().known_at()?);
    let here = context.calls[read]
        .last()
        .exchange
        .start
        .since(context.known_at(write));
    Some((
        there,
        here * SHORTER < there && there.saturating_sub(here) > NOISE,
    ))
}

/// A later read of the same thing that was answered as in the passing recording.
fn shown_later(context: &Context, read: usize) -> Option<usize> {
    let look = &context.calls[read];
    let there = context.counterpart(read)?;
    (0..context.calls.len()).find(|later| {
        let one = &context.calls[*later];
        *later != read
            && one.reply.text == there.reply.text
            && one.start() >= context.known_at(read)
            && one.signature.peer == look.signature.peer
            && state::path(one) == state::path(look)
            && one.signature.method == look.signature.method
            && one.request.text == look.request.text
            && one.last().is_fine()
            && one.reply != look.reply
    })
}

/// Whether the acknowledgement of the write lacks what it acknowledges: then it was lost, not late.
fn is_lost(context: &Context, before: &Before) -> bool {
    context
        .comparison
        .as_ref()
        .is_some_and(|comparison| !comparison.answered[before.write].is_empty())
}

/// A poll that ended as *not yet*, and in the passing recording as there.
fn gave_up(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let look = &context.calls[place.0];
    let there = context.counterpart(place.0)?;
    let polled =
        look.tries.len() >= POLLS || there.tries.len() >= POLLS || polls::is_not_yet(look, there);
    let differs = matches!(
        context.difference(place.0),
        Some(Difference::Outcome | Difference::Content)
    );
    let not_yet = state::is_not_there(look) || look.last().is_fine();
    let never_passes = track_record::always_fails_here(context);
    if !polled || !differs || !not_yet || !there.last().is_fine() || never_passes {
        return None;
    }
    // What is not there yet has no other form.
    let is_of_form =
        |change: &Change| matches!(change.kind, Kind::Wrapped | Kind::Renamed | Kind::Type);
    let comparison = context.comparison.as_ref()?;
    if comparison.answered[place.0].iter().any(is_of_form) {
        return None;
    }
    let took = |call: &Call| {
        let end = call.last().known_at().unwrap_or(call.start());
        end.since(call.start())
    };
    let (here, needed) = (took(look), took(there));
    let clause = format!(
        "the test gave up too early: it asked {} {} times in {}, and it was not there yet",
        sentence::call(look),
        look.tries.len(),
        sentence::duration(here)
    );
    let mut suspect = told(place, "gave-up", clause, 80);
    suspect.findings.push(format!(
        "In the passing recording it was there after {}, at the {} look.",
        sentence::duration(needed),
        ordinal(there.tries.len())
    ));
    let waited_as_long = needed < here;
    if waited_as_long {
        suspect.doubt =
            Some("whether the data would have arrived with a longer wait, or never".to_owned());
    }
    if look.peer.role == Role::Product && waited_as_long {
        suspect.strength = 45;
    }
    // On its way, or over and otherwise.
    if polls::has_moved_on(look, there) {
        suspect.strength = suspect.strength.min(60);
        suspect.stands = Stands::Never;
    }
    Some(suspect)
}

fn ordinal(number: usize) -> String {
    match number {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        other => format!("{other}th"),
    }
}

pub(super) fn looked(context: &Context, place: (usize, usize)) -> String {
    let look = &context.calls[place.0];
    let at = context.try_at(place.0, place.1).exchange.start;
    format!(
        "{} at {}",
        sentence::call(look),
        sentence::offset(context, look, at)
    )
}

pub(super) fn told(place: (usize, usize), class: &str, clause: String, strength: u32) -> Suspect {
    Suspect::told(
        Cause::Race,
        place,
        class,
        clause,
        strength,
        Some(Owner::Test),
    )
}
