//! `test-code`: the test itself asks for something else than in the passing recording, or calls with another set-up.
//!
//! | the earliest difference from the passing recording | test-code? |
//! |---|---|
//! | the test's own request: another value, another field | yes |
//! | … in what varies among passing recordings | no |
//! | the test's own call that no passing recording makes, or one that all make and this one left out | yes |
//! | the request of a service | no: product |
//! | a URL with `undefined`, `null` or `None` in it | yes, also with nothing to compare with |
//! | none, and an assertion failed | yes (`conclude` says so: there is no call to point at) |
//! | a read of the test's own that began before its own write of the same thing was over, and in the passing recording after it | yes |
//! | … one of several looks, of which the passing recording has the first before the write was over | no: it does not wait for the write |
//! | a write of the test's own is before a call whose answer differs, and after it in the passing recording, or the other way round | yes, at most likely |
//! | an answer, before it | no: what follows is a consequence |

use model::{Cause, Owner};

use super::{Stands, Suspect, swapped};
use crate::changes::Change;
use crate::compare::Difference;
use crate::context::Context;
use crate::headers;
use crate::innocence;
use crate::rank;
use crate::relations;
use crate::sentence;
use crate::state;
use crate::text;

/// What stands in a URL when a variable was not set, as a segment or value of its own.
const UNSET: &[&str] = &["undefined", "null", "None", "NaN", "%5Bobject%20Object%5D"];

/// Longest value within a sentence, in characters.
const VALUE_CHARS: usize = 60;

/// Requests that are the test's own doing.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    let mut suspects: Vec<Suspect> = innocence::open_to_question(context)
        .into_iter()
        .filter(|(call, _)| context.is_own(*call))
        .filter_map(|place| unset(context, place))
        .collect();
    suspects.extend(first_request(context));
    suspects.extend(another_of_them(context));
    suspects.extend(swapped::consider(context));
    suspects.extend((0..context.calls.len()).filter_map(|read| hasty(context, read)));
    suspects
}

/// A read that began before a write of the test's own was over, while the passing recording has the one after the other.
fn hasty(context: &Context, read: usize) -> Option<Suspect> {
    let look = &context.calls[read];
    let differs = matches!(
        context.difference(read),
        Some(Difference::Outcome | Difference::Content)
    );
    if !differs || !context.counts(read) || state::writes(look) {
        return None;
    }
    let write = not_awaited(context, read)?;
    let clause = format!(
        "the test did not wait for its own {}: {} came before it was over, and {}",
        sentence::call(&context.calls[write]),
        sentence::call(look),
        sentence::came_out(look.last())
    );
    Some(told((read, look.deciding_try()), "not-awaited", clause, 92))
}

/// The write of the test's own that was not over when it asked for the same thing, and was in the passing recording.
pub(super) fn not_awaited(context: &Context, read: usize) -> Option<usize> {
    let look = &context.calls[read];
    let look_there = context.counterpart(read)?;
    let is_it = |write: &usize| {
        let one = &context.calls[*write];
        let Some(there) = context.counterpart(*write) else {
            return false;
        };
        let over_there = there.last().known_at();
        *write != read
            && context.is_own(*write)
            && context.is_own(read)
            && state::writes(one)
            && one.fixture == look.fixture
            && context.known_at(*write) > look.last().exchange.start
            // Who looks again and again, whatever is written meanwhile, does not wait for it.
            && over_there.is_some_and(|over| over <= look_there.tries[0].exchange.start)
            && state::is_about_the_same(one, look)
    };
    (0..context.calls.len()).find(is_it)
}

fn unset(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    let url = &one.exchange.url;
    let word = UNSET.iter().find(|word| {
        url.split(['/', '?', '&', '=', ':', '#'])
            .any(|part| part == **word)
    })?;
    if one.is_fine() && context.counterpart(place.0).is_some() {
        return None;
    }
    let clause = format!(
        "the test asked for `{word}`, a value that was not set: {} {}",
        sentence::call(&context.calls[place.0]),
        sentence::came_out(one)
    );
    Some(told(place, "unset", clause, 90))
}

/// The earliest difference, if it is on the test's side.
fn first_request(context: &Context) -> Option<Suspect> {
    let comparison = context.comparison.as_ref()?;
    let order = by_start(context);
    let first = order
        .into_iter()
        .find(|call| comparison.differences[*call] != Difference::None)?;
    if !context.is_own(first) {
        return None;
    }
    let place = (first, context.calls[first].deciding_try());
    if let Some(missing) = rank::missing_before(context, first) {
        let clause = format!(
            "the test left out {}, which the passing recording makes before {}",
            sentence::call(missing),
            sentence::call(&context.calls[first])
        );
        return Some(told(place, "left-out", clause, 85));
    }
    match comparison.differences[first] {
        Difference::Request => {
            let change = comparison.sent[first].first()?;
            let clause = format!(
                "the test asked for something else than in the passing recording: in {}, {}",
                sentence::call(&context.calls[first]),
                sent(change)
            );
            Some(told(place, "asks", clause, 85))
        }
        Difference::Extra => {
            let clause = format!(
                "the test made a call that the passing recording does not make: {}, which {}",
                sentence::call(&context.calls[first]),
                sentence::came_out(context.calls[first].last())
            );
            Some(told(place, "extra", clause, 75))
        }
        _ => None,
    }
}

/// A request that differs in nothing but whom it names: not what the same earlier call has there.
fn another_of_them(context: &Context) -> Option<Suspect> {
    let differs = |call: &usize| {
        matches!(
            context.difference(*call),
            Some(Difference::Outcome | Difference::Content)
        )
    };
    let mut order = by_start(context)
        .into_iter()
        .filter(|call| context.is_own(*call));
    let first = order.find(differs)?;
    let place = (first, context.calls[first].deciding_try());
    if let Some(known) = relations::of_somebody_else(context, first) {
        let clause = format!(
            "the test called with the credential of somebody else: in {}, and not with that of {}, as the passing recording does",
            sentence::call(&context.calls[first]),
            sentence::call(&context.calls[known])
        );
        return Some(Suspect {
            stands: Stands::Never,
            ..told(place, "another", clause, 93)
        });
    }
    let known = relations::broken(context, first)?;
    let clause = format!(
        "the test sent something else than it had from {}, while the passing recording sends the same: in {}",
        sentence::call(&context.calls[known]),
        sentence::call(&context.calls[first])
    );
    Some(Suspect {
        stands: Stands::Never,
        ..told(place, "another", clause, 93)
    })
}

/// The calls that count, by start: what was asked decides, not when it was answered.
fn by_start(context: &Context) -> Vec<usize> {
    let mut order = context.counting();
    order.sort_by_key(|call| context.calls[*call].start());
    order
}

/// What differs in a request, in words. A request in its normal form is a list of path, query and body.
pub(crate) fn sent(change: &Change) -> String {
    if let Some(name) = change.path.strip_prefix(headers::HEADER) {
        let value = |value: &str| match value {
            "" => "is not sent".to_owned(),
            value => format!("is {}", text::one_line(value, VALUE_CHARS)),
        };
        let was = value(&change.there).replacen("is", "was", 1);
        return format!("the header `{name}` {}, and {was}", value(&change.here));
    }
    let (part, path) = match change.path.as_bytes().get(..3) {
        Some(b"[0]") => ("the path", ""),
        Some(b"[1]") => ("the query", ""),
        _ => ("the body", change.path.get(3..).unwrap_or_default()),
    };
    let path = path.trim_start_matches('.');
    let place = if path.is_empty() {
        part.to_owned()
    } else {
        format!("`{}`", text::one_line(path, VALUE_CHARS))
    };
    let value = |value: &str| match value {
        "" => "nothing".to_owned(),
        value => text::one_line(value, VALUE_CHARS),
    };
    format!(
        "{place} is {}, and was {}",
        value(&change.here),
        value(&change.there)
    )
}

fn told(place: (usize, usize), class: &str, clause: String, strength: u32) -> Suspect {
    Suspect::told(
        Cause::TestCode,
        place,
        class,
        clause,
        strength,
        Some(Owner::Test),
    )
}
