//! Marks of somebody else: rows that this recording did not write, and paths that have a name in common.

use crate::changes::Change;
use crate::context::Context;
use crate::rules::is_product;
use crate::scan;
use crate::state;
use crate::text;
use crate::things;

/// Shortest part of a path that names something in particular.
pub(crate) const NAMED_CHARS: usize = 4;

/// Whether the items are rows of plain values, one of which this recording never sent, in the list of somebody who is not
/// the product.
pub(crate) fn are_nameless_rows(context: &Context, call: usize, change: &Change) -> bool {
    let here = &context.calls[call];
    let rows: Vec<&str> = scan::items(&change.here).collect();
    let is_row = |row: &&str| row.starts_with('[') && !row.contains('{');
    let mut values = rows.iter().flat_map(|row| scan::items(row));
    let usual = |value: &str| {
        let there = context.counterpart(call);
        there.is_some_and(|there| text::has_token(&there.reply.text, value.trim_matches('"')))
    };
    let sent = |value: &str| {
        let mut writes = (0..context.calls.len()).filter(|other| context.precedes(*other, call));
        writes.any(|other| {
            let one = &context.calls[other];
            state::writes(one) && text::has_token(&one.request.text, value.trim_matches('"'))
        })
    };
    !is_product(&here.peer)
        && !rows.is_empty()
        && rows.iter().all(is_row)
        && values.any(|value| is_name(value) && !usual(value) && !sent(value))
        && state::before_write(context, call).is_none()
}

/// The name of an item that nobody here has sent, where the passing recording has one that this test made, which comes further
/// down here, or on a later page.
pub(crate) fn in_front(context: &Context, call: usize) -> Option<String> {
    let comparison = context.comparison.as_ref()?;
    let (here, there) = (&context.calls[call], context.counterpart(call)?);
    let bare = |value: &str| value.trim_matches('"').to_owned();
    let said = |other: usize, name: &str| {
        let one = &context.calls[other];
        text::has_token(&one.request.text, name) || text::has_token(&one.reply.text, name)
    };
    let before = || (0..context.calls.len()).filter(|other| context.precedes(*other, call));
    let is_later = |name: &str| {
        let quoted = format!("\"{name}\"");
        let pages = (0..context.calls.len()).filter(|other| {
            let one = &context.calls[*other];
            *other == call
                || context.precedes(call, *other) && state::path(one) == state::path(here)
        });
        let mut pages = pages.filter(|other| context.calls[*other].reply.text.contains(&quoted));
        pages.next().is_some()
    };
    let is_it = |change: &&Change| {
        let (name, own) = (bare(&change.here), bare(&change.there));
        let in_list = change.path.contains(']') && things::names_one(change.key());
        in_list
            && change.here.starts_with('"')
            && !before().any(|other| said(other, &name))
            && !text::has_token(&there.reply.text, &name)
            && before().any(|other| state::writes(&context.calls[other]) && said(other, &own))
            && is_later(&own)
    };
    let found = comparison.answered[call].iter().find(is_it)?;
    (!is_product(&here.peer)).then(|| found.here.clone())
}

/// A text with a letter: numbers are measured anew in each run.
fn is_name(value: &str) -> bool {
    let letter = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    value.starts_with('"') && !value.contains('<') && letter
}

/// Whether the last part of one path is a part of another one that begins like it: `/ada/dev/lamp` and
/// `/ada/dev/simple/lamp/1.0`.
pub(crate) fn names_within(path: &str, other: &str) -> bool {
    let Some((parent, last)) = other.rsplit_once('/') else {
        return false;
    };
    let below = path.strip_prefix(parent).filter(|_| !parent.is_empty());
    let below = below.filter(|below| below.starts_with('/'));
    last.len() >= NAMED_CHARS
        && below.is_some_and(|below| below.split('/').skip(1).any(|part| part == last))
}
