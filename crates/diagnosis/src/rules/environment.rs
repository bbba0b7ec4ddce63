//! `environment`: the machine, not the software: a resource that ran out, a clock that is off, everything slow.
//!
//! | the recording | environment? |
//! |---|---|
//! | an answer, an error or the failure speaks of a full disk, too many open files or connections, or memory | yes |
//! | an answer of a dependency speaks of its own pool of connections | no: dependency-error |
//! | the clock of a peer is off by more than 30 s, and was not in the passing recording | yes |
//! | an answer says that it was asked too early or too late by its clock | yes |
//! | a certificate is outside its dates, and a peer's clock is a day or more apart from this machine's | yes |
//! | somebody answers on the port on which the passing run had a server of its own, and that program does not listen there now | yes, at most likely |
//! | a peer refused everything from the run's first call on, and this is set-up | yes, not ready |
//! | a peer refused every call of this recording, and this is set-up, and it had not answered earlier in the run | yes, not ready, at most likely |
//! | the time ran out, no call is an outlier, and all took at least twice as long as in the passing recording | yes, at most likely |
//! | … with no passing recording: and the middle one of at least three took half a second or more | yes, at most likely |
//! | one call took most of the time | no: dependency-slow |

use std::collections::BTreeSet;
use std::time::Duration;

use model::{Cause, Listener, Outage, Owner, Phase, Role, peer};

use super::{Stands, Suspect, stale_read};
use crate::calls::Try;
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::sentence;
use crate::trouble::Trouble;

/// A resource of a program, and not of the machine that it runs on.
const POOL: &str = "no connection left in the pool";

/// Words of a resource that ran out, in lower case, and what it is called.
const EXHAUSTED: &[(&str, &str)] = &[
    ("enospc", "no space left on the disk"),
    ("no space left", "no space left on the disk"),
    ("disk full", "no space left on the disk"),
    ("emfile", "too many open files"),
    ("enfile", "too many open files"),
    ("too many open files", "too many open files"),
    ("too many connections", "too many connections"),
    ("too many clients", "too many connections"),
    ("connection pool exhausted", POOL),
    ("queuepool limit", POOL),
    ("out of memory", "out of memory"),
    ("enomem", "out of memory"),
    ("cannot allocate memory", "out of memory"),
    ("insufficient storage", "no space left on the disk"),
];

/// What says that two clocks are apart, in lower case.
const SKEWED: &[&str] = &[
    "requesttimetooskewed",
    "time too skewed",
    "clock skew",
    "clock is skewed",
    "not yet valid",
    "used before issued",
    "signature not yet current",
    "issued in the future",
    "too far in the future",
];

/// A clock that is off by less may only be slow to answer.
const SKEW: Duration = Duration::from_secs(30);

/// Certificates are dated by days.
const DAY: Duration = Duration::from_hours(24);

/// Everything is slow when the middle call takes so many times as long as in the passing recording.
const SLOWER: f64 = 2.0;
/// So many calls must be compared for that.
const COMPARED: usize = 3;
/// A call that took so many times as long as the middle one stands out: it is the one that was slow.
const OUTLIER: u32 = 4;
/// And so does one that took so many times as long as the next …
const TWICE: u32 = 2;
/// … or this part of the test's time.
const MOST: f64 = 0.7;
/// What a call takes as far as nothing is known of it: with no passing recording.
const USUAL: Duration = Duration::from_millis(250);
/// Nobody notices that a call takes less.
const NOTICED: Duration = Duration::from_millis(50);
/// The class of everything being slow.
pub(super) const SLOW: &str = "slow";

/// What the machine did.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    let open = innocence::open_to_question(context);
    let mut suspects: Vec<Suspect> = open
        .iter()
        .filter_map(|place| {
            exhausted(context, *place)
                .or_else(|| not_ready(context, *place))
                .or_else(|| not_there(context, *place))
        })
        .collect();
    suspects.extend(clock(context, &open));
    suspects.extend(
        open.iter()
            .filter_map(|place| outside_dates(context, *place)),
    );
    suspects.extend(open.iter().filter_map(|place| skewed(context, *place)));
    suspects.extend(
        open.iter()
            .filter_map(|place| another_program(context, *place)),
    );
    suspects.extend(all_slow(context, &open));
    suspects
}

fn exhausted(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    if one.is_fine() {
        return None;
    }
    let what = ran_out(one)?;
    // How many connections a service allows itself is no matter of the machine.
    let is_of_a_service = context.calls[place.0].peer.role == Role::Dependency;
    if is_of_a_service && one.exchange.response.is_some() && what == POOL {
        return None;
    }
    let clause = format!(
        "the machine ran out of something ({what}): {} {}",
        sentence::call(&context.calls[place.0]),
        sentence::came_out(one)
    );
    Some(told(place, "exhausted", clause, 97))
}

fn ran_out(one: &Try) -> Option<&'static str> {
    let body = one
        .exchange
        .response
        .as_ref()
        .and_then(|response| response.body.text())
        .unwrap_or_default();
    let error = one
        .exchange
        .error
        .as_ref()
        .map(|error| format!("{} {}", error.error_type, error.message))
        .unwrap_or_default();
    let said = format!("{error} {body}").to_ascii_lowercase();
    let is_full = one.exchange.status() == Some(507);
    let named = EXHAUSTED.iter().find(|(words, _)| said.contains(words));
    named
        .map(|(_, what)| *what)
        .or(is_full.then_some("no space left on the disk"))
}

/// A service that refused every call of this recording, in a set-up.
fn not_there(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = &context.calls[place.0];
    let is_refused = |one: &Try| one.trouble == Some(Trouble::Refused);
    let of_it = context
        .calls
        .iter()
        .filter(|other| other.signature.peer == call.signature.peer);
    let tries: Vec<&Try> = of_it.flat_map(|other| &other.tries).collect();
    let never = tries.iter().all(|one| is_refused(one));
    let outages = &context.evidence.facts.outages;
    let fell_over = |outage: &Outage| outage.peer == call.signature.peer && !outage.from_the_start;
    if !never || outages.iter().any(fell_over) || call.signature.phase != Phase::Setup {
        return None;
    }
    let clause = format!(
        "{} was not ready: it refused all {} calls of this recording",
        crate::text::one_line(&call.peer.name, 60),
        tries.len()
    );
    let mut suspect = told(place, "not-ready", clause, 96);
    suspect.doubt = Some("whether it was late, or is not there at all".to_owned());
    Some(suspect)
}

/// A service that was not there from the beginning, in a set-up.
fn not_ready(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = &context.calls[place.0];
    let one = context.try_at(place.0, place.1);
    let refused = matches!(one.trouble, Some(Trouble::Refused | Trouble::Reset))
        || one.exchange.status() == Some(503);
    let start = call.start();
    let outage = context.evidence.facts.outages.iter().find(|outage| {
        outage.from_the_start
            && outage.peer == call.signature.peer
            && outage.from <= start
            && start <= outage.to
    })?;
    let several = outage.attempts > 1 || outage.refused == outage.calls;
    if !refused || call.signature.phase != Phase::Setup || !several {
        return None;
    }
    let clause = format!(
        "{} was not ready: it refused {} of the run's first {} calls",
        crate::text::one_line(&call.peer.name, 60),
        outage.refused,
        outage.calls
    );
    Some(told(place, "not-ready", clause, 96))
}

/// A peer whose clock is off, as its `Date` headers tell.
fn clock(context: &Context, open: &[(usize, usize)]) -> Option<Suspect> {
    let place = *open
        .iter()
        .find(|(call, at)| moved(context, *call, *at).is_some_and(|by| by > SKEW.as_secs()))?;
    let seconds = skew(context.try_at(place.0, place.1))?;
    let way = if seconds > 0 { "ahead" } else { "behind" };
    let clause = format!(
        "the clock of {} is {} {way}: {} says so in its `Date` header",
        crate::text::one_line(&context.calls[place.0].peer.name, 60),
        sentence::duration(Duration::from_secs(seconds.unsigned_abs())),
        sentence::call(&context.calls[place.0])
    );
    Some(told(place, "clock", clause, 94))
}

/// A certificate that is outside its dates only by this machine's clock.
fn outside_dates(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    if context.try_at(place.0, place.1).trouble != Some(Trouble::CertificateExpired) {
        return None;
    }
    let (other, seconds) = days_apart(context)?;
    let way = if seconds > 0 { "behind" } else { "ahead of" };
    let clause = format!(
        "the clock of this machine is {} {way} that of {}, and {} {}",
        sentence::duration(Duration::from_secs(seconds.unsigned_abs())),
        crate::text::one_line(&context.calls[other].peer.name, 60),
        sentence::call(&context.calls[place.0]),
        sentence::came_out(context.try_at(place.0, place.1)),
    );
    Some(told(place, "clock", clause, 99))
}

/// A call that was answered by a clock which is days apart from this machine's, and the seconds by which it is ahead.
pub(super) fn days_apart(context: &Context) -> Option<(usize, i64)> {
    let agrees = |skew: i64| skew.unsigned_abs() <= SKEW.as_secs();
    let mut skews = context.calls.iter().filter_map(|call| skew(call.last()));
    if skews.any(agrees) {
        return None;
    }
    context.calls.iter().enumerate().find_map(|(call, one)| {
        let moved = moved(context, call, one.tries.len() - 1)?;
        (moved >= DAY.as_secs()).then(|| Some((call, skew(one.last())?)))?
    })
}

/// Whether a credential is said to have run out, or not to be good yet, by a clock that is off.
pub(super) fn has_run_out_by_another_clock(context: &Context, (call, at): (usize, usize)) -> bool {
    let one = context.try_at(call, at);
    let says = one
        .answer
        .says(&["expired", "not yet valid", "issued in the future"]);
    says && moved(context, call, at).is_some_and(|by| by > SKEW.as_secs())
}

/// Whether something says that this machine's clock is right, as far as certificates go: the date of an answer, or that the
/// passing recording is not much older.
pub(super) fn is_clock_vouched_for(context: &Context) -> bool {
    const RECENT: Duration = Duration::from_hours(30 * 24);
    let agrees = |skew: i64| skew.unsigned_abs() < DAY.as_secs();
    let mut skews = context.calls.iter().filter_map(|call| skew(call.last()));
    let start = context.evidence.attempt.start;
    let baseline = context.evidence.baseline.as_ref();
    let is_recent = baseline.is_some_and(|one| start.since(one.attempt.start) < RECENT);
    is_recent || skews.any(agrees)
}

/// By how many seconds the clocks are apart, as far as they were not in the passing recording.
fn moved(context: &Context, call: usize, at: usize) -> Option<u64> {
    let here = skew(context.try_at(call, at))?;
    let there = context.counterpart(call);
    let there = there.and_then(|other| skew(other.last())).unwrap_or(0);
    // Stand-ins have the date of when they were made, in every run.
    (there.unsigned_abs() <= SKEW.as_secs()).then_some(here.unsigned_abs())
}

/// An answer that says that the clocks are apart.
fn skewed(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    if one.is_fine() {
        return None;
    }
    let said = [&one.answer.code, &one.answer.message];
    let said = said.map(|text| text.as_deref().unwrap_or_default());
    let said = said.join(" ").to_ascii_lowercase();
    if !SKEWED.iter().any(|words| said.contains(words)) {
        return None;
    }
    let call = &context.calls[place.0];
    let clause = format!(
        "the clocks of this machine and of {} are apart: {} {}",
        crate::text::one_line(&call.peer.name, 60),
        sentence::call(call),
        sentence::came_out(one)
    );
    Some(told(place, "clock", clause, 97))
}

/// Somebody answers on the port on which the passing run's own server listened, and no server of this run does.
fn another_program(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = &context.calls[place.0];
    let exchange = &context.try_at(place.0, place.1).exchange;
    let port = exchange.port?;
    let listens = |listeners: &'_ [Listener]| -> Vec<String> {
        let here = |listener: &&Listener| listener.port == port && listener.open;
        let listeners = listeners.iter().filter(here);
        listeners.map(|listener| listener.service.clone()).collect()
    };
    let there = &context.evidence.baseline.as_ref()?.listeners;
    let answered = exchange.response.is_some() && peer::is_loopback(&exchange.host);
    let differs = matches!(
        context.difference(place.0),
        Some(Difference::Outcome | Difference::Content)
    );
    let (own, usual) = (listens(&context.evidence.listeners), listens(there));
    let is_usual = own.iter().any(|service| usual.contains(service));
    if !answered || !differs || usual.is_empty() || is_usual {
        return None;
    }
    let clause = format!(
        "another program answers on port {port}, where the passing run had a server of its own: {} {}",
        sentence::call(call),
        sentence::came_out(context.try_at(place.0, place.1))
    );
    let mut suspect = told(place, "port", clause, 98);
    suspect.doubt = Some("whether it is the same server under another name".to_owned());
    Some(suspect)
}

/// Seconds by which the peer's clock is ahead of the recorder's.
fn skew(one: &Try) -> Option<i64> {
    let exchange = &one.exchange;
    let response = exchange.response.as_ref()?;
    // Of what a cache has kept it is the date of when that was fresh (RFC 9111, section 5.1).
    if response.header("age").is_some() || stale_read::cached(one).is_some() {
        return None;
    }
    let date = response.header("date")?;
    let there = http_date(date)?;
    let here = one.known_at()?;
    Some(there - here.0.div_euclid(1_000_000_000))
}

/// Seconds since 1970 of `Sun, 22 Nov 2026 18:42:45 GMT` (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<i64> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let instant = parser.parse_timestamp(text).ok()?;
    Some(instant.as_second())
}

/// A peer that was slow among others that were slow, too, may be as fast as ever.
pub(super) fn unless_slow_as_all(context: &Context, suspect: Suspect) -> Suspect {
    if suspect.cause != Cause::DependencySlow || suspect.doubt.is_some() {
        return suspect;
    }
    let mut paces: Vec<f64> = context
        .counting()
        .into_iter()
        .filter(|call| *call != suspect.call)
        .filter_map(|call| {
            let took = |one: &Try| one.exchange.duration().map(|took| took.as_secs_f64());
            let here = took(context.calls[call].last())?;
            let there = took(context.counterpart(call)?.last())?;
            (here > NOTICED.as_secs_f64()).then(|| here / there.max(0.001))
        })
        .collect();
    paces.sort_by(f64::total_cmp);
    let middle = paces.get(paces.len() / 2).copied().unwrap_or_default();
    if paces.len() < COMPARED || middle < SLOWER {
        return suspect;
    }
    Suspect {
        doubt: Some(format!(
            "whether the machine was slow: the other calls took {middle:.1} times as long as in the passing recording, too"
        )),
        ..suspect
    }
}

/// Everything took longer than in the passing recording, and the time ran out.
fn all_slow(context: &Context, open: &[(usize, usize)]) -> Option<Suspect> {
    if !context.failure.out_of_time {
        return None;
    }
    let until = context.failure.end();
    let took = |one: &Try| {
        let took = one.exchange.duration();
        took.unwrap_or_else(|| until.since(one.exchange.start))
    };
    let mut paces: Vec<(f64, Duration)> = context
        .counting()
        .into_iter()
        .filter_map(|call| {
            let here = took(context.calls[call].last());
            let there = match &context.comparison {
                Some(_) => took(context.counterpart(call)?.last()),
                None => USUAL,
            };
            let there = there.max(Duration::from_millis(1));
            Some((here.as_secs_f64() / there.as_secs_f64(), here))
        })
        .collect();
    if paces.len() < COMPARED {
        return None;
    }
    let longest = paces
        .iter()
        .map(|(_, here)| *here)
        .max()
        .unwrap_or_default();
    paces.sort_by_key(|(_, here)| *here);
    let usual = paces[(paces.len() - 1) / 2].1;
    let second = paces[paces.len() - 2].1;
    paces.sort_by(|one, other| one.0.total_cmp(&other.0));
    let slower = paces[(paces.len() - 1) / 2].0;
    let share = context.failure.limit.map(|limit| limit.mul_f64(MOST));
    let stands_out = longest > usual * OUTLIER
        || longest > second * TWICE
        || share.is_some_and(|share| longest > share);
    if slower < SLOWER || stands_out || usual < NOTICED || is_of_one_kind(context) {
        return None;
    }
    let place = *open.last()?;
    let pace = match &context.comparison {
        Some(_) => format!("{slower:.1} times as long as in the passing recording"),
        None => sentence::duration(usual),
    };
    let clause = format!(
        "everything was slow: of {} calls the middle one took {pace}, and none stands out",
        paces.len()
    );
    Some(Suspect {
        stands: Stands::Never,
        awaited: true,
        ..told(place, SLOW, clause, 96)
    })
}

/// Whether the calls that are slower than in the passing recording are those of one kind, and there are others.
fn is_of_one_kind(context: &Context) -> bool {
    let mut slow = BTreeSet::new();
    let mut usual = BTreeSet::new();
    for call in context.counting() {
        let one = &context.calls[call];
        let there = context
            .counterpart(call)
            .and_then(|there| there.last().exchange.duration());
        if let (Some(here), Some(there)) = (one.last().exchange.duration(), there) {
            let noticed = here > there.mul_f64(SLOWER) && here.saturating_sub(there) > NOTICED;
            if noticed { &mut slow } else { &mut usual }.insert(&one.signature);
        }
    }
    slow.len() == 1 && !usual.is_empty()
}

fn told(place: (usize, usize), class: &str, clause: String, strength: u32) -> Suspect {
    Suspect::told(
        Cause::Environment,
        place,
        class,
        clause,
        strength,
        Some(Owner::Environment),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        let check =
            |text: &str, expected: Option<i64>| assert_eq!(http_date(text), expected, "{text}");
        check("Thu, 01 Jan 1970 00:00:00 GMT", Some(0));
        check("Tue, 29 Feb 2000 12:00:00 GMT", Some(951_825_600));
        check("Sun, 22 Nov 2026 18:42:45 GMT", Some(1_795_372_965));
        check("22 Nov 2026", None);
        check("Sun, 22 Nox 2026 18:42:45 GMT", None);
        check("", None);
    }
}
