//! `dependency-slow`: a client gave up waiting, or the test's time ran out while it waited.
//!
//! | the call | dependency-slow? |
//! |---|---|
//! | ETIMEDOUT, ECONNABORTED, headers or body timeout, `TimeoutError` | yes |
//! | cut by the client after its own limit | yes |
//! | cut by the client, and the failure speaks of a timeout | yes |
//! | cut by the client, failure of another kind | no |
//! | cut by a service, which then answered 504 to whom it was made for, and waited far longer than the passing one | yes |
//! | cut by the client after the assertion had failed | no: a consequence |
//! | open when the runner's limit struck, for at least a quarter of it | yes |
//! | open then, but only for an instant (one poll of many) | no |
//! | open when the process was killed | yes, at most likely |
//! | over, but took half of the limit longer than in the passing recording, and the limit struck | yes |
//! | several of one kind, that together took half of the limit longer, and the limit struck | yes, the last of them |
//! | open in the passing recording too | no |
//! | slow, but in time | no |
//! | any of these, and the caller's event loop was busy for half of the wait or for what it was longer | no: nobody looked for the answer |

use std::collections::BTreeMap;
use std::time::Duration;

use model::{Cause, Timestamp};

use super::Suspect;
use crate::busy;
use crate::calls::Call;
use crate::context::Context;
use crate::innocence;
use crate::sentence::duration;
use crate::trouble::Trouble;

/// Of the runner's limit, the part that an open call must have waited: one in so many.
const AWAITED_PART: u32 = 4;
/// Of the runner's limit, the part that a call must have taken longer than in the passing recording.
const LONGER_PART: u32 = 2;
/// With a passing recording an open call counts when it has waited so many times longer …
const TIMES_LONGER: u32 = 3;
/// … and at least this part of the limit.
const AWAITED_PART_COMPARED: u32 = 10;

/// Calls that somebody waited for in vain.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    all(context)
        .into_iter()
        .filter(|suspect| hidden(context, suspect).is_none())
        .map(|mut suspect| {
            let place = (suspect.call, suspect.at);
            let far = how_far_it_got(context, &suspect).map(str::to_owned);
            suspect.findings.extend(busy::fact(context, place));
            suspect.findings.extend(far);
            suspect
        })
        .collect()
}

/// The wait that would be held against its peer, had the caller not been busy meanwhile: as a clause and as its call.
pub(crate) fn busy_instead(context: &Context) -> Option<(String, usize)> {
    let hidden = |suspect: &Suspect| {
        let clause = hidden(context, suspect)?;
        Some((clause, suspect.call))
    };
    all(context).iter().find_map(hidden)
}

/// The same, of a call that was made for another one: then the other call's answer may be due to the busy process.
pub(crate) fn busy_within(context: &Context, outer: usize) -> Option<(String, usize)> {
    let hidden = |suspect: &Suspect| {
        let is_inside = context.is_inside(suspect.call, outer);
        let clause = hidden(context, suspect).filter(|_| is_inside)?;
        Some((clause, suspect.call))
    };
    all(context).iter().find_map(hidden)
}

fn hidden(context: &Context, suspect: &Suspect) -> Option<String> {
    let place = (suspect.call, suspect.at);
    let busy = busy::hides_the_answer(context, place)?;
    Some(busy::clause(context, place, busy))
}

/// How far a call got that nobody ended, where our own agent would have said more.
fn how_far_it_got(context: &Context, suspect: &Suspect) -> Option<&'static str> {
    let exchange = &context.try_at(suspect.call, suspect.at).exchange;
    if exchange.end.is_some() || exchange.response.is_some() {
        return None;
    }
    let connected = exchange.connected_after.is_some() || exchange.reused_connection == Some(true);
    match (connected, exchange.sent_after.is_some()) {
        (_, true) => Some("The request was sent, and no answer began."),
        (true, false) => Some("The connection stood; that the request was sent is not recorded."),
        (false, false) => None,
    }
}

fn all(context: &Context) -> Vec<Suspect> {
    let cut_short = innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| {
            let happened = gave_up(context, place)?;
            Some(Suspect::new(
                Cause::DependencySlow,
                place,
                "timeout",
                happened,
                95,
            ))
        });
    let mut took_long: Vec<Suspect> = context
        .counting()
        .into_iter()
        .filter_map(|call| took_the_time(context, call))
        .collect();
    if took_long.is_empty() {
        took_long.extend(took_it_together(context));
    }
    // What was open at the end had only the time that was left.
    let awaited = context
        .counting()
        .into_iter()
        .filter(|_| took_long.is_empty())
        .filter_map(|call| was_awaited(context, call));
    let mut suspects: Vec<Suspect> = cut_short.chain(awaited).collect();
    suspects.extend(took_long);
    suspects
}

/// The client's own limit struck, or something that must be taken for it.
fn gave_up(context: &Context, place: (usize, usize)) -> Option<String> {
    let one = context.try_at(place.0, place.1);
    let exchange = &one.exchange;
    let waited = exchange.duration()?;
    let limit = exchange.timeout.filter(|limit| waited >= *limit);
    let cut = match one.trouble? {
        Trouble::Timeout => true,
        Trouble::Cancelled => {
            let says_so = context.failure.speaks_of_time() && !context.failure.out_of_time;
            limit.is_some() || says_so || is_told_of(context, place.0, waited)
        }
        _ => false,
    };
    let part = if exchange.response.is_some() {
        "the rest of the answer"
    } else {
        "an answer"
    };
    cut.then(|| match limit {
        Some(limit) => format!(
            "did not give {part} within the client's limit of {}",
            duration(limit)
        ),
        None => format!(
            "gave no answer until the client gave up after {}",
            duration(waited)
        ),
    })
}

/// Whether whoever cut the call told the one it was made for that a peer gave no answer in time: a gateway's 504, RFC 9110,
/// section 15.6.5. A service also cuts calls of which it needs no answer any more; those have not waited.
fn is_told_of(context: &Context, call: usize, waited: Duration) -> bool {
    let outer = (0..context.calls.len()).filter(|outer| context.is_inside(call, *outer));
    let mut answers = outer.map(|outer| context.calls[outer].last().exchange.status());
    is_much_longer(context, call, waited) && answers.any(|status| status == Some(504))
}

/// Whether somebody waited for a call many times as long as it took in the passing recording, where it came out well.
pub(super) fn is_much_longer(context: &Context, call: usize, waited: Duration) -> bool {
    let there = context.counterpart(call).map(Call::last);
    let took = there
        .filter(|there| there.is_fine())
        .and_then(|there| there.exchange.duration());
    took.is_some_and(|took| waited >= took * TIMES_LONGER)
}

/// Open when the runner's limit struck or the process was killed, whatever became of it later.
fn was_awaited(context: &Context, call: usize) -> Option<Suspect> {
    let failure = &context.failure;
    let one = context.calls[call].last();
    let open = |end: Option<Timestamp>| end.is_none_or(|end| end > failure.end());
    let ran_out = failure.out_of_time || failure.killed;
    if !ran_out || !open(one.exchange.end) || open_there_too(context, call) {
        return None;
    }
    if !open(one.known_at()) && !is_last(context, call) {
        // The head came, and the test went on: nobody waited for the body.
        return None;
    }
    let waited = failure.end().since(one.exchange.start);
    let other = context
        .counterpart(call)
        .and_then(|other| other.last().exchange.duration());
    if failure.out_of_time && !long_enough(waited, failure.limit, other) {
        return None;
    }
    let happened = if failure.out_of_time {
        format!(
            "had not answered after {} when the test's time ran out",
            duration(waited)
        )
    } else {
        "had not answered when the process ended".to_owned()
    };
    let place = (call, context.calls[call].tries.len() - 1);
    let mut suspect = Suspect::new(Cause::DependencySlow, place, "timeout", happened, 95);
    suspect.awaited = true;
    if failure.killed {
        suspect.strength = 70;
        suspect.doubt = Some("what ended the process: the wait, or something else".to_owned());
    }
    Some(suspect)
}

/// A stream or a long poll, which every run leaves open.
fn open_there_too(context: &Context, call: usize) -> bool {
    context
        .counterpart(call)
        .is_some_and(|other| other.last().exchange.end.is_none())
}

fn is_last(context: &Context, call: usize) -> bool {
    context
        .counting()
        .iter()
        .all(|other| context.calls[*other].start() <= context.calls[call].start())
}

fn long_enough(waited: Duration, limit: Option<Duration>, other: Option<Duration>) -> bool {
    match (limit, other) {
        (Some(limit), Some(other)) => {
            waited >= other * TIMES_LONGER && waited >= limit / AWAITED_PART_COMPARED
        }
        (Some(limit), None) => waited >= limit / AWAITED_PART,
        (None, Some(other)) => waited >= other * TIMES_LONGER,
        (None, None) => true,
    }
}

/// Over in the end, but it used up the test's time.
fn took_the_time(context: &Context, call: usize) -> Option<Suspect> {
    let failure = &context.failure;
    let limit = failure.limit.filter(|_| failure.out_of_time)?;
    let one = context.calls[call].last();
    let took = one
        .exchange
        .end
        .filter(|end| *end <= failure.end())
        .and_then(|_| one.exchange.duration())?;
    let other = context.counterpart(call)?.last().exchange.duration()?;
    if !one.is_fine() || took.saturating_sub(other) < limit / LONGER_PART {
        return None;
    }
    let place = (call, context.calls[call].tries.len() - 1);
    let happened = format!(
        "took {} to answer ({} in the passing recording) and the test's time ran out",
        duration(took),
        duration(other)
    );
    let mut suspect = Suspect::new(Cause::DependencySlow, place, "timeout", happened, 90);
    suspect.used_up = true;
    Some(suspect)
}

/// Calls of one kind, none of which took so long by itself, that together used up the test's time.
fn took_it_together(context: &Context) -> Option<Suspect> {
    let failure = &context.failure;
    let limit = failure.limit.filter(|_| failure.out_of_time)?;
    let mut kinds: BTreeMap<_, Vec<(usize, Span, Duration)>> = BTreeMap::new();
    for call in context.counting() {
        let one = &context.calls[call];
        if !context.is_own(call) || one.fixture.is_some() || !one.last().is_fine() {
            continue;
        }
        let exchange = &one.last().exchange;
        let there = context
            .counterpart(call)
            .and_then(|there| there.last().exchange.duration());
        let over = exchange.end.filter(|end| *end <= failure.end());
        if let (Some(end), Some(there)) = (over, there) {
            let span = (exchange.start, end);
            kinds
                .entry(&one.signature)
                .or_default()
                .push((call, span, there));
        }
    }
    let longer = |of: &Vec<(usize, Span, Duration)>| {
        let there: Duration = of.iter().map(|(_, _, there)| *there).sum();
        (covered(of), there)
    };
    let slow = kinds.into_values().filter(|of| of.len() > 1);
    let slow = slow.max_by_key(|of| {
        let (took, there) = longer(of);
        took.saturating_sub(there)
    })?;
    let (took, there) = longer(&slow);
    if took.saturating_sub(there) < limit / LONGER_PART {
        return None;
    }
    let call = slow.last()?.0;
    let happened = format!(
        "took {} to answer {} such calls ({} in the passing recording) and the test's time ran out",
        duration(took),
        slow.len(),
        duration(there)
    );
    let place = (call, context.calls[call].tries.len() - 1);
    let mut suspect = Suspect::new(Cause::DependencySlow, place, "timeout", happened, 88);
    suspect.used_up = true;
    // Where all was slow, these were slow with the others.
    suspect.awaited = true;
    Some(suspect)
}

/// From when to when.
type Span = (Timestamp, Timestamp);

/// How long at least one of the calls was under way.
fn covered(calls: &[(usize, Span, Duration)]) -> Duration {
    let mut spans: Vec<Span> = calls.iter().map(|(_, span, _)| *span).collect();
    spans.sort_unstable();
    let mut until = None;
    let mut covered = Duration::ZERO;
    for (start, end) in spans {
        let from = until.map_or(start, |until: Timestamp| until.max(start));
        covered += end.since(from);
        until = Some(until.map_or(end, |until: Timestamp| until.max(end)));
    }
    covered
}
