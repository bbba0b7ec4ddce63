//! What this recording knows of a thing before a write and after a look: what it had been, who had seen it, and whether it was
//! there all the time.

use crate::calls::Try;
use crate::changes::{Change, Kind};
use crate::context::Context;
use crate::scan;
use crate::state::{Shows, asks_for_the_same, is_about_the_same, path, writes};
use crate::text;

/// A value that an earlier write sent in place of the one that this write sends, in whatever format they are written.
pub(crate) fn older(context: &Context, write: usize, change: &Change) -> Option<Shows> {
    const TOLD_APART: usize = 3;
    let (here, there) = (
        change.here.trim_matches('"'),
        change.there.trim_matches('"'),
    );
    let as_form = |call: usize, value: &str| {
        let request = &context.calls[call].request.text;
        let key = change.key();
        [format!("{key}={value}\""), format!("{key}]={value}\"")]
            .iter()
            .any(|pair| request.contains(pair.as_str()))
    };
    let long = here.len().min(there.len()) >= TOLD_APART;
    let has = |call: usize, value: &str| {
        as_form(call, value) || long && text::has_token(&context.calls[call].request.text, value)
    };
    let is_value = matches!(change.kind, Kind::Value | Kind::Word);
    if !is_value || !has(write, there) {
        return None;
    }
    // One that names what it replaces, as those that compare first do, is told from the write of that.
    let names_both = has(write, here);
    let mut earlier = (0..context.calls.len()).filter(|other| context.precedes(*other, write));
    let was_written = |other: usize| {
        let one = &context.calls[other];
        writes(one)
            && is_about_the_same(one, &context.calls[write])
            && has(other, here)
            && !(names_both && has(other, there))
    };
    earlier.any(was_written).then(|| Shows::Old {
        path: change.path.clone(),
        value: change.here.clone(),
    })
}

/// Whether what the member said before the write is known of this recording, and is something else than what it says now:
/// then this is no old value, but one that it never had.
pub(crate) fn was_otherwise(context: &Context, write: usize, read: usize, change: &Change) -> bool {
    let look = &context.calls[read];
    let earlier = (0..context.calls.len()).filter(|other| {
        let one = &context.calls[*other];
        let is_before = *other == write || context.precedes(*other, write);
        is_before && one.last().is_fine() && is_about_the_same(one, look)
    });
    let texts = earlier.flat_map(|other| {
        let one = &context.calls[other];
        [one.request.text.as_str(), one.reply.text.as_str()]
    });
    let values: Vec<&str> = texts
        .flat_map(|text| scan::under(text, change.key()))
        .collect();
    let is_other = |value: &&&str| **value != change.there && !value.starts_with(['{', '[']);
    values.iter().any(|value| is_other(&value)) && !values.contains(&change.here.as_str())
}

/// A call between the write and the read whose answer had shown the write: then it was there, and somebody took it away.
pub(crate) fn seen_before(
    context: &Context,
    write: usize,
    read: usize,
    shows: &Shows,
) -> Option<usize> {
    let wanted = &context.calls[read];
    // Looks at one thing are one call: an earlier one may have found it.
    let earlier = &wanted.tries[..wanted.tries.len() - 1];
    if *shows == Shows::Nothing && earlier.iter().any(Try::is_fine) {
        return Some(read);
    }
    if *shows == Shows::Nothing && changes_what_is_there(context, write, read) {
        return Some(write);
    }
    (0..context.calls.len()).find(|call| {
        let one = &context.calls[*call];
        let between = context.precedes(write, *call) && context.precedes(*call, read);
        let same_thing = path(one) == path(wanted) && one.signature.peer == wanted.signature.peer;
        between
            && same_thing
            && *shows == Shows::Nothing
            && one.last().is_fine()
            && path(wanted) != "/"
    })
}

/// Whether the very thing was answered or changed once more when this look was over, and nobody had made it anew: then nobody
/// had taken it away, whoever it was that did not see it.
pub(crate) fn is_there_after(context: &Context, look: usize) -> bool {
    let wanted = &context.calls[look];
    let is_it = |other: usize| {
        let one = &context.calls[other];
        let keeps = matches!(one.signature.method.as_str(), "GET" | "PATCH");
        keeps
            && other != look
            && one.last().is_fine()
            && asks_for_the_same(one, wanted)
            && context.known_at(other) >= context.known_at(look)
    };
    let is_made_anew = |other: usize| {
        let one = &context.calls[other];
        let makes = matches!(one.signature.method.as_str(), "POST" | "PUT");
        makes && context.precedes(look, other) && is_about_the_same(one, wanted)
    };
    let mut calls = 0..context.calls.len();
    path(wanted).len() > 1 && calls.clone().any(is_it) && !calls.any(is_made_anew)
}

/// Whether the write had changed the very thing that is now not there, as the same request did: then it was there. A POST
/// names a collection, and not what it makes in it (RFC 9110, section 9.3.3).
fn changes_what_is_there(context: &Context, write: usize, look: usize) -> bool {
    let (one, look) = (&context.calls[write], &context.calls[look]);
    let made_before = |other: usize| {
        let first = &context.calls[other];
        let same_place = path(first) == path(look) && first.signature.peer == look.signature.peer;
        same_place && writes(first) && first.last().is_fine() && context.precedes(other, write)
    };
    matches!(look.signature.method.as_str(), "PUT" | "PATCH")
        && path(one) == path(look)
        && one.signature == look.signature
        && (0..context.calls.len()).any(made_before)
}
