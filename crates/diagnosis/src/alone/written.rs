//! What a recording itself had written before an answer: which writes were of the same thing, what they sent, and how many
//! things they made.

use std::collections::BTreeSet;

use crate::calls::Call;
use crate::context::Context;
use crate::state;
use crate::text;
use crate::things;

/// Shortest value that is looked for anywhere in a request; shorter ones count under the same key only.
const TELLING_CHARS: usize = 4;

/// The acknowledged writes before a call that are of the same thing, the latest first.
pub(crate) fn writes_before(context: &Context, read: usize) -> Vec<usize> {
    acknowledged(context, read, is_of_the_same)
}

/// All acknowledged writes to the peer before a call, the latest first.
pub(crate) fn writes_to_the_peer(context: &Context, read: usize) -> Vec<usize> {
    acknowledged(context, read, |write, look| {
        write.signature.peer == look.signature.peer
    })
}

fn acknowledged(
    context: &Context,
    read: usize,
    is_wanted: impl Fn(&Call, &Call) -> bool,
) -> Vec<usize> {
    let look = &context.calls[read];
    let mut writes: Vec<usize> = (0..context.calls.len())
        .filter(|write| {
            let one = &context.calls[*write];
            state::writes(one)
                && one.last().is_fine()
                && context.precedes(*write, read)
                && is_wanted(one, look)
        })
        .collect();
    writes.sort_by_key(|write| std::cmp::Reverse(context.calls[*write].start()));
    writes
}

/// Whether a write is of what is read: the same path, an item of the list that is read, the list to which an item was
/// added, or, where one path serves all, something that both name.
fn is_of_the_same(write: &Call, read: &Call) -> bool {
    let (one, other) = (state::path(write), state::path(read));
    if one == other && serves_all(read) {
        return !things::entities(write).is_disjoint(&things::entities(read));
    }
    write.signature.peer == read.signature.peer
        && (one == other
            || parent(one) == other
            || write.signature.method == "POST" && parent(other) == one
            || is_batch_of(write, other))
}

/// Whether it carries requests for the path: `{"requests":[{"method":"PUT","path":"/v1/notes/7"}]}`.
fn is_batch_of(write: &Call, path: &str) -> bool {
    !path.is_empty() && count_paths(write, path) > 0
}

/// How many requests for the path or an item of it a batch carries.
fn count_paths(write: &Call, path: &str) -> usize {
    let body = write.tries[0].exchange.request_body.text();
    // Within a batch the version may be left out: `/notes/7` of `/v1/notes/7`.
    let inner = path
        .trim_start_matches('/')
        .split_once('/')
        .filter(|(first, _)| first.starts_with('v') && first.len() <= 3)
        .map_or(path, |(first, _)| &path[first.len() + 1..]);
    body.map_or(0, |body| {
        body.matches("\"path\":")
            .count()
            .min(body.matches(inner).count())
    })
}

/// Whether one path serves many operations, so that it says nothing of what a call is about.
fn serves_all(call: &Call) -> bool {
    call.signature.operation.is_some() || state::path(call).is_empty()
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Whether a write sends this key.
pub(crate) fn sends_key(write: &Call, key: &str) -> bool {
    write.request.text.contains(&format!("\"{key}\":"))
}

/// Whether a write sends this value under this key.
pub(crate) fn sends_as(write: &Call, key: &str, value: &str) -> bool {
    let quoted = format!("\"{value}\"");
    [quoted.as_str(), value]
        .iter()
        .any(|value| state::sends_under(write, key, value))
}

/// Whether a write sends this value under this key, or, where it is long enough to tell, anywhere.
pub(crate) fn sends(write: &Call, key: &str, value: &str) -> bool {
    sends_as(write, key, value) || value.len() >= TELLING_CHARS && names(write, value)
}

/// Whether a write makes something of this name: it sends the name, was answered it, or has it at the end of its path.
pub(crate) fn makes(write: &Call, name: &str) -> bool {
    let exchange = &write.tries[0].exchange;
    let body = exchange.request_body.text().unwrap_or_default();
    let reply = write.last().exchange.response.as_ref();
    let reply = reply
        .and_then(|reply| reply.body.text())
        .unwrap_or_default();
    let is_put = exchange.method == "PUT" && state::path(write).ends_with(&format!("/{name}"));
    is_put || text::has_token(body, name) || text::has_token(reply, name)
}

/// Whether a write names something, in its path or its body.
pub(crate) fn names(write: &Call, name: &str) -> bool {
    let exchange = &write.tries[0].exchange;
    let body = exchange.request_body.text().unwrap_or_default();
    text::has_token(&exchange.url, name) || text::has_token(body, name)
}

/// How many things this recording may have made and left where a call looks, by every way to count them.
pub(crate) fn made(context: &Context, read: usize) -> Vec<usize> {
    let writes = writes_before(context, read);
    let look = &context.calls[read];
    if serves_all(look) {
        return by_operation(context, &writes);
    }
    let path = state::path(look);
    let mut oldest_first = writes;
    oldest_first.reverse();
    let mut things = BTreeSet::new();
    let mut unnamed = 0_usize;
    for write in oldest_first {
        let one = &context.calls[write];
        let place = state::path(one);
        match (state::deletes(one), place == path) {
            (true, true) => {
                things.clear();
                unnamed = 0;
            }
            (true, false) if !things.remove(place) => unnamed = unnamed.saturating_sub(1),
            (true, false) => {}
            (false, true) => unnamed += 1,
            (false, false) if parent(place) == path => {
                things.insert(place.to_owned());
            }
            (false, false) => unnamed += count_paths(one, path),
        }
    }
    vec![things.len() + unnamed]
}

/// By operation, how often it was carried out: two messages were sent, three tags set.
fn by_operation(context: &Context, writes: &[usize]) -> Vec<usize> {
    let operation = |write: &usize| context.calls[*write].signature.operation.clone();
    let operations: BTreeSet<_> = writes.iter().filter_map(operation).collect();
    let count = |name: &String| {
        let of_it = |write: &&usize| operation(write).as_ref() == Some(name);
        writes.iter().filter(of_it).count()
    };
    operations.iter().map(count).collect()
}
