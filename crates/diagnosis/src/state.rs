//! What an answer shows of what was written before it: whether it is the state before a write of the same recording.
//!
//! Two calls are about the same thing when one's path is the other's or its parent, or when they share an entity: an
//! identifier, or the value of a member such as `QueueUrl`, `TableName`, `user_id`.

use crate::answer::{self, Content};
use crate::calls::{Call, Outcome};
use crate::changes::{Change, Kind};
use crate::context::Context;
use crate::graphql;
use crate::how_many;
use crate::retry;
use crate::scan;
use crate::seen;
use crate::text;
use crate::things::{self, NAME_CHARS, are_nested};
use crate::writes;

/// Parts of error codes that say that something is not there.
const NOT_THERE: &[&str] = &[
    "NotFound",
    "NotExist",
    "NonExistent",
    "NoSuch",
    "not_found",
    "does_not_exist",
    "NOT_FOUND",
    "DOES_NOT_EXIST",
    "UNKNOWN_",
];

/// Parts of error codes that say that something is there already, or is another version.
const IN_THE_WAY: &[&str] = &[
    "AlreadyExist",
    "Conflict",
    "conflict",
    "Duplicate",
    "duplicate",
    "already_exists",
    "ConditionalCheckFailed",
    "PreconditionFailed",
];

/// What an answer shows in place of what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shows {
    /// That it is not there.
    Nothing,
    /// Something without it.
    Less,
    /// A value that it had before.
    Old { path: String, value: String },
    /// That it is still there, although it was deleted.
    Still,
}

/// An answer that shows the state before a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Before {
    /// The write.
    pub(crate) write: usize,
    pub(crate) shows: Shows,
    /// Whether the write names what is read, or its place: else they share no more than an identifier in the answer.
    pub(crate) names_it: bool,
    /// A call in between that had shown the write already.
    pub(crate) seen: Option<usize>,
}

/// Whether the call asks for a change.
pub(crate) fn writes(call: &Call) -> bool {
    !retry::only_asks(&call.tries[0].exchange, call.signature.operation.as_deref())
}

/// Whether it was told that the thing is not there.
pub(crate) fn is_not_there(call: &Call) -> bool {
    refused(call, &[404, 410], NOT_THERE) || is_said_not_to_be_there(call)
}

/// Whether a message says that it is not there, where the status says no more than that the request cannot be served.
fn is_said_not_to_be_there(call: &Call) -> bool {
    let last = call.last();
    let message = last.answer.message.as_deref().unwrap_or_default();
    matches!(last.outcome(), Outcome::Refused { status: 400, .. })
        && answer::status_of(message) == Some(404)
}

/// Whether it was told that something is in its way: the same thing, or another version of it.
pub(crate) fn is_in_the_way(call: &Call) -> bool {
    refused(call, &[409, 412], IN_THE_WAY) || is_taken(call)
}

/// Whether a message says that the name of what is to be made is taken, where the status says no more than that it went
/// wrong.
fn is_taken(call: &Call) -> bool {
    const TAKEN: &[&str] = &[
        "already exist",
        "already taken",
        "already in use",
        "already registered",
        "been taken",
        "duplicate key",
        "violates unique constraint",
        "must be unique",
        "must make a unique set",
        "not unique",
        "is not available",
    ];
    let last = call.last();
    matches!(
        last.outcome(),
        Outcome::Refused {
            status: 200 | 400 | 422,
            ..
        }
    ) && last.answer.says_of_fields(TAKEN)
}

fn refused(call: &Call, statuses: &[u16], codes: &[&str]) -> bool {
    match call.last().outcome() {
        Outcome::Refused { status, code } => {
            let named = |code: &String| codes.iter().any(|part| code.contains(part));
            statuses.contains(&status) || status < 500 && code.as_ref().is_some_and(named)
        }
        _ => false,
    }
}

/// Whether it takes something away.
pub(crate) fn deletes(call: &Call) -> bool {
    const VERBS: &[&str] = &[
        "Delete",
        "Remove",
        "Purge",
        "Terminate",
        "Untag",
        "Unset",
        "Detach",
        "Revoke",
        "Disable",
        "DROP",
        "DELETE",
        "TRUNCATE",
        "REVOKE",
    ];
    let operation = call.signature.operation.as_deref().unwrap_or_default();
    call.signature.method == "DELETE"
        || VERBS.iter().any(|verb| operation.starts_with(verb))
        || call.signature.method == "POST" && writes::path_deletes(path(call))
}

/// The latest write of this recording that the answer does not show, and that it shows in the passing recording.
pub(crate) fn before_write(context: &Context, read: usize) -> Option<Before> {
    let mut writes: Vec<usize> = (0..context.calls.len())
        .filter(|call| {
            let one = &context.calls[*call];
            *call != read
                && writes(one)
                && one.last().is_fine()
                && context.precedes(*call, read)
                && (is_about_the_same(one, &context.calls[read])
                    || is_found_elsewhere(context, *call, read))
        })
        .collect();
    writes.sort_by_key(|call| std::cmp::Reverse(context.calls[*call].start()));
    let mut newer_is_shown = false;
    for write in writes {
        let Some(shows) = shows(context, write, read) else {
            let (one, look) = (&context.calls[write], &context.calls[read]);
            newer_is_shown |= makes(one) || shows_what_was_sent(context, write, look);
            continue;
        };
        // What was written later is there: this was not late.
        if newer_is_shown && shows == Shows::Less {
            return None;
        }
        let seen = seen::seen_before(context, write, read, &shows);
        let seen = seen.filter(|_| !seen::is_there_after(context, read));
        return Some(Before {
            write,
            shows,
            names_it: is_about_the_same(&context.calls[write], &context.calls[read]),
            seen,
        });
    }
    None
}

/// Whether it makes something, rather than changing what is there.
fn makes(call: &Call) -> bool {
    call.last().exchange.status() == Some(201)
}

fn shows(context: &Context, write: usize, read: usize) -> Option<Shows> {
    let (one, look) = (&context.calls[write], &context.calls[read]);
    let there = context.counterpart(read);
    let fine_there = there.is_none_or(|there| there.last().is_fine());
    if is_not_there(look) {
        let same_thing = there.is_some() || made_the_thing(one, look);
        return (fine_there && !deletes(one) && same_thing).then_some(Shows::Nothing);
    }
    let there = there?;
    if !look.last().is_fine() {
        return None;
    }
    if deletes(one) {
        let grew = |kind| matches!(kind, Kind::Longer | Kind::Added);
        let still = changed(context, read, grew).is_some_and(|change| {
            change.kind == Kind::Added
                || is_written(one, &change.here)
                || still_names(context, write, read)
        });
        let counted = || changed_by_one(context, read);
        return (!there.last().is_fine() || still || counted()).then_some(Shows::Still);
    }
    if !there.last().is_fine() || !is_readable(look, there) {
        return None;
    }
    let comparison = context.comparison.as_ref()?;
    let changes = &comparison.answered[read];
    let is_there = || shows_what_was_sent(context, write, look);
    changes
        .iter()
        .find_map(|change| match shown(one, change) {
            Some(Shows::Less) if how_many::of(change).is_some() && is_there() => None,
            Some(Shows::Old { .. }) if seen::was_otherwise(context, write, read, change) => None,
            Some(shows) => Some(shows),
            None => seen::older(context, write, change),
        })
        .or_else(|| lacks_identifier(context, write, read).then_some(Shows::Less))
}

/// Whether a count is one more than in the passing recording.
fn changed_by_one(context: &Context, read: usize) -> bool {
    let comparison = context.comparison.as_ref();
    let mut changes = comparison.iter().flat_map(|one| &one.answered[read]);
    changes.any(|change| {
        how_many::of(change).is_some_and(|(here, there)| (here - there - 1.0).abs() < 0.5)
    })
}

/// Whether a text that this write alone sent in its body is a value of the answer: then a number beside it is wrong, and not
/// early.
fn shows_what_was_sent(context: &Context, write: usize, look: &Call) -> bool {
    let request = &context.calls[write].request.text;
    let parts: Vec<&str> = scan::items(request).collect();
    let body = parts.get(2).copied().unwrap_or_default();
    let sent_by_others = |bare: &str| {
        let mut others = (0..context.calls.len()).filter(|other| *other != write);
        others.any(|other| {
            let one = &context.calls[other];
            writes(one) && text::has_token(&one.request.text, bare)
        })
    };
    let mut values = scan::members(body).map(|(_, value)| value);
    values.any(|value| {
        let bare = value.trim_matches('"');
        let is_text = value.starts_with('"') && bare.len() >= NAME_CHARS && !bare.contains('<');
        is_text && is_value(&look.reply.text, value) && !sent_by_others(bare)
    })
}

/// Whether a text in quotes stands in an answer, and not as a key.
fn is_value(answer: &str, quoted: &str) -> bool {
    let mut found = answer.match_indices(quoted);
    found.any(|(at, _)| !answer[at + quoted.len()..].starts_with(':'))
}

/// Whether an answer can be read as far as the passing one can: what cannot shows nothing.
fn is_readable(look: &Call, there: &Call) -> bool {
    let structured =
        |call: &Call| matches!(call.last().answer.content, Content::Json | Content::Xml);
    let is_empty = look.last().answer.content == Content::Empty;
    structured(look) || is_empty || !structured(there)
}

/// Whether a write made what a call asks for, or something within it: by its path, or by what it was answered.
fn made_the_thing(write: &Call, look: &Call) -> bool {
    let (one, other) = (path(write), path(look));
    let last = other.rsplit('/').next().unwrap_or_default();
    let reply = write.last().exchange.response.as_ref();
    let answered = reply
        .and_then(|reply| reply.body.text())
        .unwrap_or_default();
    let known = text::has_token(answered, last) || text::has_token(&write.request.text, last);
    if other.is_empty() || one == other && look.signature.operation.is_some() {
        return things::name_the_same(&things::entities(write), &things::entities(look));
    }
    one == other || one.starts_with(&format!("{other}/")) || other.starts_with(one) && known
}

/// What a change shows of the state before a write.
fn shown(write: &Call, change: &Change) -> Option<Shows> {
    let key = change.key();
    let sent_there = || sends(write, key, &change.there) && !sends(write, key, &change.here);
    match change.kind {
        Kind::Shorter if is_written(write, &change.there) => Some(Shows::Less),
        Kind::Value if how_many::of(change).is_some_and(|(here, there)| here < there) => {
            Some(Shows::Less)
        }
        _ if change.here == "null" && change.there.starts_with(['[', '{']) => Some(Shows::Less),
        // A list or a table that is left out when there is nothing in it.
        Kind::Removed if change.there.starts_with(['[', '{']) => Some(Shows::Less),
        Kind::Removed if write.request.text.contains(&format!("\"{key}\":")) => Some(Shows::Less),
        Kind::Value | Kind::Word if sent_there() && !change.is_another_spelling() => {
            Some(Shows::Old {
                path: change.path.clone(),
                value: change.here.clone(),
            })
        }
        _ => None,
    }
}

/// Whether there is more than before: a longer list, or one where there was none.
pub(crate) fn is_more(change: &Change) -> bool {
    change.kind == Kind::Longer || change.kind == Kind::Added && change.here.starts_with("[{")
}

/// Whether a write sends the value under this key, or, where it is long enough to tell, anywhere.
fn sends(write: &Call, key: &str, value: &str) -> bool {
    let request = &write.request.text;
    let bare = value.trim_matches('"');
    sends_under(write, key, value)
        || bare.len() >= NAME_CHARS && value.starts_with('"') && text::has_token(request, bare)
}

/// Whether a write sends the value, as JSON writes it, under this key; 1 is not the beginning of 12.
pub(crate) fn sends_under(write: &Call, key: &str, value: &str) -> bool {
    has_under(&write.request.text, key, value)
}

/// The same of a text in its normal form.
pub(crate) fn has_under(text: &str, key: &str, value: &str) -> bool {
    [format!("\"{key}\":{value}"), format!("\"{key}\":[{value}]")]
        .iter()
        .flat_map(|member| text.match_indices(member.as_str()))
        .any(|(at, member)| text[at + member.len()..].starts_with([',', '}', ']']))
}

/// Whether items that a list lacks may be those that a write made: they have one of its names or values, or nothing that
/// can be told apart.
fn is_written(write: &Call, items: &str) -> bool {
    let names = things::names(items);
    let known = |name: &String| {
        text::has_token(&write.request.text, name)
            || path(write).split('/').any(|part| part == name)
    };
    names.is_empty() || names.iter().any(known)
}

/// Whether a list somewhere else, such as that of a search, has what was written, and here not yet.
fn is_found_elsewhere(context: &Context, write: usize, read: usize) -> bool {
    changed(context, read, |kind| kind == Kind::Shorter).is_some()
        && lacks_identifier(context, write, read)
}

/// Whether an identifier of the write is in the answer of the passing recording and not in this one.
fn lacks_identifier(context: &Context, write: usize, read: usize) -> bool {
    let (Some(write_there), Some(read_there)) =
        (context.counterpart(write), context.counterpart(read))
    else {
        return false;
    };
    let (one, look) = (&context.calls[write], &context.calls[read]);
    let alike = one.request.text == write_there.request.text;
    let sent = one.request.ids.iter().zip(write_there.request.ids.iter());
    let made = one.reply.ids.iter().zip(write_there.reply.ids.iter());
    // Where one has more, each stands for another one.
    let as_many = one.reply.ids.parts.len() == write_there.reply.ids.parts.len();
    let made = made.filter(|_| as_many);
    let holds = |call: &Call, wanted: &str| call.reply.ids.iter().any(|id| id == wanted);
    alike
        && sent
            .chain(made)
            .any(|(here, there)| holds(read_there, there) && !holds(look, here))
}

/// Whether the answer has an identifier that the write names, which it has not in the passing recording.
fn still_names(context: &Context, write: usize, read: usize) -> bool {
    let (Some(write_there), Some(read_there)) =
        (context.counterpart(write), context.counterpart(read))
    else {
        return false;
    };
    let look = &context.calls[read];
    let holds = |call: &Call, wanted: &str| call.reply.ids.iter().any(|id| id == wanted);
    let sent = context.calls[write].request.ids.iter();
    let mut sent = sent.zip(write_there.request.ids.iter());
    sent.any(|(here, there)| holds(look, here) && !holds(read_there, there))
}

/// The first change of such a kind in the answer.
pub(crate) fn changed<'c>(
    context: &'c Context,
    call: usize,
    is_wanted: impl Fn(Kind) -> bool,
) -> Option<&'c Change> {
    let comparison = context.comparison.as_ref()?;
    let mut changes = comparison.answered[call].iter();
    changes.find(|change| is_wanted(change.kind))
}

/// Whether the answer lacks something that the passing recording was answered.
pub(crate) fn lacks(context: &Context, call: usize) -> bool {
    is_not_there(&context.calls[call])
        || changed(context, call, |kind| {
            matches!(kind, Kind::Shorter | Kind::Removed)
        })
        .is_some()
}

/// The path that was asked for; nothing where it serves all, as that of GraphQL does.
pub(crate) fn path(call: &Call) -> &str {
    if is_graphql(call) {
        return "";
    }
    call.tries[0].exchange.path().trim_end_matches('/')
}

pub(crate) fn is_graphql(call: &Call) -> bool {
    let operation = call.signature.operation.as_deref();
    operation.is_some_and(|operation| graphql::kind(operation).is_some())
}

/// What a call is about: its path, of a question about a collection that of the collection (`/parts/_find`).
fn subject(call: &Call) -> &str {
    let path = path(call);
    match path.rsplit_once('/') {
        Some((above, last))
            if !above.is_empty() && (last == "list" || writes::is_question(last)) =>
        {
            above
        }
        _ => path,
    }
}

/// Whether two calls name one thing by their whole address: behind one path a query may name another.
pub(crate) fn asks_for_the_same(one: &Call, other: &Call) -> bool {
    let query = |call: &Call| call.tries[0].exchange.query().map(str::to_owned);
    one.signature.peer == other.signature.peer
        && path(one) == path(other)
        && query(one) == query(other)
}

/// Whether two calls are about the same thing.
pub(crate) fn is_about_the_same(one: &Call, other: &Call) -> bool {
    one.signature.peer == other.signature.peer && are_nested(subject(one), subject(other))
        || things::name_the_same(&things::entities(one), &things::entities(other))
}
