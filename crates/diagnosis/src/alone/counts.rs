//! So many were wanted, and so many are there: were they made, and were they made by this recording?

use super::look::Look;
use super::written;
use super::{NotShown, Reading, Says};
use crate::context::Context;
use crate::state;

/// What the answer says that has a list of that length, or several pages of it.
pub(super) fn of_items(
    context: &Context,
    looks: &[Look],
    wanted: Option<usize>,
    met: Option<usize>,
) -> Option<Reading> {
    let fits = |look: &&Look| match met {
        Some(0) => look.is_empty() || look.lengths().contains(&0),
        Some(met) => look.lengths().contains(&met),
        None => !look.lengths().is_empty() || look.is_empty(),
    };
    let reads = || {
        let is_read = |look: &&Look| !state::writes(&context.calls[look.call]);
        looks.iter().filter(is_read)
    };
    let pages = || {
        let last = reads().next()?;
        let path = state::path(&context.calls[last.call]);
        let same = |look: &&Look| state::path(&context.calls[look.call]) == path;
        let longest = |look: &Look| look.lengths().into_iter().max().unwrap_or_default();
        let sum: usize = reads().take_while(same).map(longest).sum();
        (met == Some(sum)).then_some(last)
    };
    let look = reads().find(fits).or_else(pages)?;
    let met = met
        .or_else(|| look.lengths().into_iter().max())
        .unwrap_or_default();
    of_count(context, look, wanted, met)
}

/// What an answer says that has so many of what this recording may have made.
pub(super) fn of_count(
    context: &Context,
    look: &Look,
    wanted: Option<usize>,
    met: usize,
) -> Option<Reading> {
    let reading = |says| look.reading(says);
    let writes = written::writes_before(context, look.call);
    let made = written::made(context, look.call);
    let latest = |deletes: bool| {
        let is_it = |write: &&usize| state::deletes(&context.calls[**write]) == deletes;
        writes.iter().find(is_it).copied()
    };
    // It reached for an item that is not there: it wanted more.
    let more = || made.iter().copied().find(|made| *made > met);
    let Some(wanted) = wanted.or_else(more) else {
        let says = Says::AsWritten {
            wanted: "more".to_owned(),
            met: met.to_string(),
        };
        return reading(says).filter(|_| made.contains(&met));
    };
    if met < wanted && made.contains(&wanted) {
        return reading(Says::NotShown {
            write: latest(false)?,
            what: NotShown::Item,
        });
    }
    if met > wanted && made.contains(&wanted) {
        if let Some(write) = latest(true).filter(|write| still_shows(context, look, *write)) {
            return reading(Says::NotShown {
                write,
                what: NotShown::Deletion,
            });
        }
        if let Some((write, at)) = tried_again(context, &writes) {
            return reading(Says::Twice { write, at });
        }
        return reading(Says::Strange { met, made: wanted });
    }
    let says = Says::AsWritten {
        wanted: wanted.to_string(),
        met: met.to_string(),
    };
    reading(says).filter(|_| made.contains(&met) && !made.contains(&wanted))
}

/// Whether the answer still has what a deletion names, or anything where all was deleted.
fn still_shows(context: &Context, look: &Look, delete: usize) -> bool {
    let path = state::path(&context.calls[delete]);
    let last = path.rsplit('/').next().unwrap_or_default();
    path == state::path(&context.calls[look.call]) || look.has(last)
}

/// A write that may have been carried out before it was tried again.
fn tried_again(context: &Context, writes: &[usize]) -> Option<(usize, usize)> {
    writes.iter().find_map(|write| {
        let tries = &context.calls[*write].tries;
        let earlier = &tries[..tries.len() - 1];
        let at = earlier.iter().position(|one| one.may_have_been_applied())?;
        Some((*write, at))
    })
}
