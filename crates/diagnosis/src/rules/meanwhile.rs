//! What another test did meanwhile, of which the passing run knows nothing; rows of the table in `shared_state.rs`.
//!
//! | the other test's write, while this test was under way | is of what this call met when |
//! |---|---|
//! | took a thing away, or replaced it | the call sends the last word of its path, or has it within its own, and lacks it or is refused |
//! | is beside the call, below one parent: `/queues/a/contents`, `/queues/a/get` | this test had put the parent there, or made it |
//! | names a thing that this test had connected with what it asks for, by a write that names both | there is more in the answer |
//! | anything else at that server | the server is not the product, and no member is new or gone |

use model::Touch;

use super::shared_state::{self, lacks_or_refused};
use super::{Stands, Suspect, is_product};
use crate::calls::Call;
use crate::compare::Difference;
use crate::context::Context;
use crate::neighbours;
use crate::scan;
use crate::state;
use crate::strangers::NAMED_CHARS;
use crate::text;

/// How the write of another test and a call are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// By what both name.
    Named,
    /// By the time alone.
    Time,
}

/// What another test did while this one was under way.
pub(super) fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let (touch, link) = touch(context, place.0)?;
    let (strength, doubt) = match link {
        Link::Named => (88, "whether that is of the same thing"),
        Link::Time => (
            76,
            "whether the one has to do with the other: it came between",
        ),
    };
    Some(Suspect {
        stands: Stands::Never,
        strength,
        doubt: Some(doubt.to_owned()),
        ..shared_state::by_another(context, place, touch)
    })
}

/// The latest write of another test that may be what changed the answer, by what both name rather than by the time alone.
fn touch<'a>(context: &'a Context, call: usize) -> Option<(&'a Touch, Link)> {
    let differs = matches!(
        context.difference(call),
        Some(Difference::Outcome | Difference::Content)
    );
    if !differs {
        return None;
    }
    let until = context.known_at(call);
    let from = shared_state::last_as_ever(context, call);
    let touches = context.evidence.facts.touches.iter();
    let mut meanwhile: Vec<&Touch> = touches
        .filter(|touch| {
            touch.call.fine
                && touch.call.start <= until
                && touch.call.end.unwrap_or(touch.call.start) >= from
                && shared_state::is_same_server(context, touch, call)
                && neighbours::is_unheard_of(context, touch)
        })
        .collect();
    meanwhile.sort_by_key(|touch| std::cmp::Reverse(touch.call.start));
    let named = meanwhile
        .iter()
        .find(|touch| is_named(context, touch, call));
    let named = named.map(|touch| (*touch, Link::Named));
    named.or_else(|| {
        let first = meanwhile.first().copied();
        let first = first.filter(|_| is_of_values(context, call));
        first.map(|touch| (touch, Link::Time))
    })
}

/// Whether another test may be behind the answer.
pub(super) fn may_be_behind(context: &Context, call: usize) -> bool {
    touch(context, call).is_some()
}

/// Whether another test took away, or replaced, what the call names.
pub(super) fn took_away(context: &Context, call: usize) -> bool {
    let found = touch(context, call).filter(|(_, link)| *link == Link::Named);
    found.is_some_and(|(touch, _)| takes_it_away(context, touch, call))
}

fn is_named(context: &Context, touch: &Touch, call: usize) -> bool {
    takes_it_away(context, touch, call)
        || is_beside(context, touch, call)
        || is_connected(context, touch, call)
}

/// Whether the write took away, or replaced, what the call names, and the call lacks it.
fn takes_it_away(context: &Context, touch: &Touch, call: usize) -> bool {
    let here = &context.calls[call];
    let replaces = matches!(touch.call.method.as_str(), "DELETE" | "PUT");
    let last = parts(&touch.call.path).next_back().unwrap_or_default();
    // What is last in both paths is of two owners.
    let in_path = parts(state::path(here))
        .rev()
        .skip(1)
        .any(|part| part == last);
    let names = in_path
        || scan::items(&here.request.text)
            .skip(1)
            .any(|sent| text::has_token(sent, last));
    replaces && last.len() >= NAMED_CHARS && names && lacks_or_refused(context, call)
}

/// Whether both are of one thing: the parent of their paths, which this test had put there or made.
fn is_beside(context: &Context, touch: &Touch, call: usize) -> bool {
    let here = state::path(&context.calls[call]);
    let there = touch.call.path.trim_end_matches('/');
    let parent = here.rsplit_once('/').map_or("", |(parent, _)| parent);
    let same = there.rsplit_once('/').map(|(parent, _)| parent) == Some(parent);
    if !same || parent.is_empty() {
        return false;
    }
    let above = parent.rsplit('/').next().unwrap_or_default();
    (0..context.calls.len()).any(|other| {
        let one = &context.calls[other];
        let puts = one.signature.method == "PUT" && state::path(one) == parent;
        let makes = || state::writes(one) && one.reply.ids.iter().any(|id| id == above);
        context.precedes(other, call) && (puts || makes())
    })
}

/// Whether a write of this test names the thing of the other test's write, and the one that the call asks for, and there
/// is more than there was.
fn is_connected(context: &Context, touch: &Touch, call: usize) -> bool {
    let here = &context.calls[call];
    let (asked, written) = (state::path(here), touch.call.path.as_str());
    let theirs = alone_in(written, asked);
    let ours = alone_in(asked, written);
    shared_state::grew(context, call)
        && (0..context.calls.len()).any(|other| {
            let one = &context.calls[other];
            let names = |names: &[&str]| names.iter().any(|name| says(one, name));
            context.precedes(other, call) && state::writes(one) && names(&theirs) && names(&ours)
        })
}

/// Parts of a path that name something and that the other path has not.
fn alone_in<'p>(path: &'p str, other: &str) -> Vec<&'p str> {
    parts(path)
        .filter(|part| part.len() >= NAMED_CHARS && !parts(other).any(|one| one == *part))
        .collect()
}

/// Whether a call names it in its path or in what it sends.
fn says(call: &Call, name: &str) -> bool {
    parts(state::path(call)).any(|part| part == name) || text::has_token(&call.request.text, name)
}

fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Whether the answer of somebody who is not the product has other values or another length, and no other shape.
fn is_of_values(context: &Context, call: usize) -> bool {
    let changes = context
        .comparison
        .as_ref()
        .map_or(&[][..], |comparison| &comparison.answered[call]);
    let here = &context.calls[call];
    here.last().is_fine()
        && context.difference(call) == Some(Difference::Content)
        && !is_product(&here.peer)
        && !changes.is_empty()
        && !changes.iter().any(|change| change.kind.is_of_shape())
}
