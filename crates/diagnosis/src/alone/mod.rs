//! What one recording says by itself, where there is no passing one to hold it against.
//!
//! What the test wanted stands in for the passing recording, as far as the failure says it (`wanted`). It is laid over the
//! answer that the test was looking at (`look`), and both over what this recording had itself written before (`written`).
//! An answer that contradicts an acknowledged write, a test that wants what nobody ever sent, an answer with a look-alike of
//! the key: each says who it was, though never more than *likely*. The rules (`rules::alone`) make suspects of it.

mod counts;
mod keys;
mod look;
mod names;
mod parts;
mod wanted;
mod written;

use crate::calls::Outcome;
use crate::context::Context;
use crate::how_many;
use crate::normal;
use crate::rules::stale_read;
use crate::state;
use crate::text;
use look::Look;
use names::alike;
use parts::Differing;
use wanted::Want;

/// What the recording says, and of which answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The answer.
    pub(crate) call: usize,
    pub(crate) says: Says,
}

/// What an answer, what was wanted of it, and what was written before say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Says {
    /// It does not show a write that had been acknowledged.
    NotShown { write: usize, what: NotShown },
    /// The acknowledgement of a write is itself without what it was sent.
    Dropped { key: String },
    /// There is one more than was made, and a write had been tried again.
    Twice { write: usize, at: usize },
    /// There is more than this recording made.
    Strange { met: usize, made: usize },
    /// There is something with a name that this recording never used.
    Stranger { name: String },
    /// What the test wanted stands at another place than where it met nothing.
    Elsewhere { path: String },
    /// It shows what this recording wrote, and the test wants something else.
    AsWritten { wanted: String, met: String },
    /// The test reads a key of another name than it wrote.
    OtherKey { wrote: String, wanted: String },
    /// The key is there under another name.
    Renamed { key: String, now: String },
    /// The key is there at another place.
    Moved { key: String, path: String },
    /// The value is there, as another type.
    Retyped { path: String, now: String },
    /// There is something in it that the test does not know.
    Added { name: String },
    /// Something in it is of another kind than the test takes it for.
    OtherKind,
    /// The key is not there.
    Lacks { key: String },
    /// It is a page, or cut off, or empty, where the test reads JSON.
    NoJson,
}

/// What is not shown of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotShown {
    /// Some or all of it.
    Item,
    /// This value; in its place there is another one.
    Value { path: String, met: String },
    /// That it took something away.
    Deletion,
}

/// What the recording says by itself. Nothing where there is a passing one, or where a call failed that may explain all.
pub(crate) fn read(context: &Context) -> Option<Reading> {
    let failure = &context.failure;
    let over = !failure.killed && !failure.out_of_time && !failure.speaks_of_time();
    if context.comparison.is_some() || !over || is_something_broken(context) {
        return None;
    }
    if let Some(call) = look::unreadable(context) {
        return Some(Reading {
            call,
            says: Says::NoJson,
        });
    }
    let looks = look::looks(context);
    let want = wanted::want(failure)?;
    if want != Want::Error && !failure.is_slip() {
        return None;
    }
    of_want(context, &looks, &want).or_else(|| from_a_cache(context, looks.first()?))
}

fn of_want(context: &Context, looks: &[Look], want: &Want) -> Option<Reading> {
    match want {
        Want::Key(key) => keys::of_key(context, looks.first()?, key),
        Want::Value { wanted, met } => of_value(context, looks, wanted, met),
        Want::Items { wanted, met } => counts::of_items(context, looks, *wanted, *met),
        Want::Member(name) => of_member(context, looks, name),
        Want::NoMember(name) => of_no_member(context, looks, name),
        Want::Error => of_error(context, looks.first()?),
        Want::Kind => {
            let look = looks.first().filter(|look| !look.is_empty())?;
            look.reading(Says::OtherKind)
        }
    }
}

/// The last answer came from a cache, and something had been written before.
fn from_a_cache(context: &Context, look: &Look) -> Option<Reading> {
    stale_read::cached(context.calls[look.call].last())?;
    let write = *written::writes_before(context, look.call).first()?;
    look.reading(Says::NotShown {
        write,
        what: NotShown::Item,
    })
}

/// Whether a call came to nothing or to an error that is no answer to a question.
fn is_something_broken(context: &Context) -> bool {
    let is_answer = |call: usize| match context.calls[call].last().outcome() {
        Outcome::Fine { .. } => true,
        Outcome::Refused { status, .. } => matches!(status, 404 | 409 | 410 | 412),
        Outcome::Broken(_) | Outcome::Open => false,
    };
    !context.counting().into_iter().all(is_answer)
}

fn of_value(context: &Context, looks: &[Look], wanted: &str, met: &str) -> Option<Reading> {
    if let Some(part) = parts::differing(wanted, met) {
        return of_part(context, looks, part);
    }
    let (wanted, met) = (bare(wanted), bare(met));
    if matches!(met, "undefined" | "null" | "None") {
        return of_nothing(looks.first()?, wanted);
    }
    for (wanted, met) in [(wanted, met), (met, wanted)] {
        for look in looks {
            let leaves = look.leaves();
            // Of equal values the one under a key that was written.
            let writes = written::writes_before(context, look.call);
            let place = leaves
                .iter()
                .filter(|leaf| leaf.text == met)
                .max_by_key(|leaf| {
                    let sends =
                        |write: &usize| written::sends_key(&context.calls[*write], leaf.key());
                    (writes.iter().any(sends), how_many::is_one(leaf.key()))
                });
            let reading =
                place.and_then(|leaf| of_leaf(context, look, leaf, (wanted, met), &writes));
            if reading.is_some() {
                return reading;
            }
        }
    }
    let number = |text: &str| text.parse::<usize>().ok();
    match (number(wanted), number(met)) {
        (Some(wanted), Some(met)) => counts::of_items(context, looks, Some(wanted), Some(met)),
        _ => None,
    }
}

/// It met nothing: what it wanted may stand at one other place.
fn of_nothing(look: &Look, wanted: &str) -> Option<Reading> {
    let leaves = look.leaves();
    let mut places = leaves.iter().filter(|leaf| leaf.text == wanted);
    let (only, second) = (places.next()?, places.next());
    let path = only.path.clone();
    look.reading(Says::Elsewhere { path })
        .filter(|_| second.is_none())
}

/// What of two compared objects or lists differs first.
fn of_part(context: &Context, looks: &[Look], part: Differing) -> Option<Reading> {
    match part {
        Differing::Lacks(name) => {
            let reading = of_member(context, looks, &name);
            reading.or_else(|| keys::of_key(context, looks.first()?, &name))
        }
        Differing::Has(name) => {
            let look = looks.iter().find(|look| look.has(&name))?;
            let writes = written::writes_to_the_peer(context, look.call);
            let is_own = writes
                .iter()
                .any(|write| written::names(&context.calls[*write], &name));
            let says = if normal::is_word(&name) || look.place_of(&name).is_none() {
                Says::Added { name }
            } else {
                Says::Stranger { name }
            };
            look.reading(says).filter(|_| !is_own)
        }
        Differing::Value { wanted, met } => of_value(context, looks, &wanted, &met),
    }
}

fn of_leaf(
    context: &Context,
    look: &Look,
    leaf: &look::Leaf,
    (wanted, met): (&str, &str),
    writes: &[usize],
) -> Option<Reading> {
    let reading = |says| look.reading(says);
    let sends =
        |write: &usize, value: &str| written::sends(&context.calls[*write], leaf.key(), value);
    // The latest write that says what it should be: under this key, else anywhere.
    let under_it = |write: &&usize| {
        let call = &context.calls[**write];
        [wanted, met]
            .iter()
            .any(|value| written::sends_as(call, leaf.key(), value))
    };
    let latest = writes.iter().find(under_it).or_else(|| {
        let anywhere = |write: &&usize| sends(write, wanted) || sends(write, met);
        writes.iter().find(anywhere)
    });
    match latest {
        Some(write) if sends(write, wanted) => reading(Says::NotShown {
            write: *write,
            what: NotShown::Value {
                path: leaf.path.clone(),
                met: met.to_owned(),
            },
        }),
        Some(write) if under_it(&write) || !was_ever_told(context, wanted) => {
            reading(Says::AsWritten {
                wanted: wanted.to_owned(),
                met: met.to_owned(),
            })
        }
        Some(_) => None,
        None if wanted.eq_ignore_ascii_case(met) && leaf.is_text => reading(Says::Retyped {
            path: leaf.path.clone(),
            now: met.to_owned(),
        }),
        None => {
            let counted = how_many::is_one(leaf.key());
            let numbers = wanted.parse().ok().zip(met.parse().ok());
            let (wanted, met) = numbers.filter(|_| counted)?;
            counts::of_count(context, look, Some(wanted), met)
        }
    }
}

fn of_member(context: &Context, looks: &[Look], name: &str) -> Option<Reading> {
    let look = looks.first()?;
    let reading = |says| look.reading(says);
    if let Some(path) = look.place_of(name) {
        let key = name.to_owned();
        return reading(Says::Moved { key, path });
    }
    let writes = written::writes_to_the_peer(context, look.call);
    let made_it = |write: &&usize| {
        let call = &context.calls[**write];
        !state::deletes(call) && written::makes(call, name)
    };
    if let Some(write) = writes.iter().find(made_it) {
        return reading(Says::NotShown {
            write: *write,
            what: NotShown::Item,
        });
    }
    let keys = look.keys();
    let now = keys
        .iter()
        .map(|(key, _)| key)
        .find(|key| alike(key, name))?;
    reading(Says::Renamed {
        key: name.to_owned(),
        now: now.clone(),
    })
}

fn of_no_member(context: &Context, looks: &[Look], name: &str) -> Option<Reading> {
    let look = looks.iter().find(|look| look.has(name))?;
    let reading = |says| look.reading(says);
    let writes = written::writes_to_the_peer(context, look.call);
    let naming = |write: &&usize| written::names(&context.calls[**write], name);
    let delete = writes
        .iter()
        .find(|write| state::deletes(&context.calls[**write]) && naming(write));
    match (delete, writes.iter().find(naming)) {
        (Some(write), _) => reading(Says::NotShown {
            write: *write,
            what: NotShown::Deletion,
        }),
        // Nobody asked for it to be taken away.
        (None, Some(_)) => reading(Says::AsWritten {
            wanted: format!("no {name}"),
            met: name.to_owned(),
        }),
        (None, None) => None,
    }
}

/// An answer in place of the error that was wanted: is it of something that was deleted?
fn of_error(context: &Context, look: &Look) -> Option<Reading> {
    let writes = written::writes_before(context, look.call);
    let write = writes
        .into_iter()
        .find(|write| state::deletes(&context.calls[*write]))?;
    look.reading(Says::NotShown {
        write,
        what: NotShown::Deletion,
    })
}

/// Whether a value was in any request or answer of this recording.
fn was_ever_told(context: &Context, value: &str) -> bool {
    context.calls.iter().any(|call| {
        written::names(call, value)
            || call.tries.iter().any(|one| {
                let body = one
                    .exchange
                    .response
                    .as_ref()
                    .and_then(|response| response.body.text());
                body.is_some_and(|body| text::has_token(body, value))
            })
    })
}

fn bare(value: &str) -> &str {
    value.trim().trim_matches('"')
}
