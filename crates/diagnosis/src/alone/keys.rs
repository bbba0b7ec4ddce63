//! A key that the test reads, and that the answer does not have where the test reads it.

use super::look::Look;
use super::names::alike;
use super::written;
use super::{NotShown, Reading, Says};
use crate::context::Context;
use crate::rules::stale_read;
use crate::state;

/// What the answer says of a key that the test missed in it.
pub(super) fn of_key(context: &Context, look: &Look, key: &str) -> Option<Reading> {
    look.reading(says(context, look, key)?)
}

fn says(context: &Context, look: &Look, key: &str) -> Option<Says> {
    let call = &context.calls[look.call];
    let keys = look.keys();
    if stale_read::cached(call.last()).is_some() {
        return None;
    }
    if let Some((_, path)) = keys.iter().find(|(name, _)| name == key) {
        return (path != key).then(|| Says::Moved {
            key: key.to_owned(),
            path: path.clone(),
        });
    }
    let writes = written::writes_before(context, look.call);
    let sent = |name: &str| {
        let sends = |write: &usize| written::sends_key(&context.calls[*write], name);
        let own = [look.call].into_iter().filter(|_| state::writes(call));
        own.chain(writes.iter().copied()).find(sends)
    };
    let mut names = keys.iter().map(|(name, _)| name);
    if let Some(now) = names.find(|name| alike(name, key)) {
        let (key, now) = (key.to_owned(), now.clone());
        return Some(match (sent(&now), sent(&key)) {
            (Some(_), None) => Says::OtherKey {
                wrote: now,
                wanted: key,
            },
            _ => Says::Renamed { key, now },
        });
    }
    let item = |write| Says::NotShown {
        write,
        what: NotShown::Item,
    };
    match sent(key) {
        Some(write) if look.is_empty() => Some(item(write)),
        // There was something to see before it: an earlier write made the thing.
        Some(write) if write != look.call && was_there_before(context, &writes, write) => {
            Some(item(write))
        }
        Some(_) => Some(Says::Dropped {
            key: key.to_owned(),
        }),
        None if look.is_empty() && !writes.is_empty() => writes.first().copied().map(item),
        None => Some(Says::Lacks {
            key: key.to_owned(),
        }),
    }
}

/// Whether a write changed what another one had made.
fn was_there_before(context: &Context, writes: &[usize], write: usize) -> bool {
    let place = state::path(&context.calls[write]);
    let earlier = |other: &&usize| {
        let one = &context.calls[**other];
        context.precedes(**other, write) && state::path(one) == place && !state::deletes(one)
    };
    context.calls[write].signature.method == "PATCH" || writes.iter().any(|other| earlier(&other))
}
