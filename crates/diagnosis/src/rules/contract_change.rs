//! `contract-change`: an answer's shape changed, and the test or client could not cope.
//!
//! | the same request was answered with | contract-change? |
//! |---|---|
//! | a key under another name, with the same value | yes |
//! | its value one level deeper | yes |
//! | a list in place of an object, a text in place of a number | yes |
//! | a key too many, and the failure speaks of it, not from the product | yes |
//! | a key too many, from the product, and the failure speaks of it | no: product |
//! | a key too many, and nothing else | no: clients cope with that |
//! | a key too many that tells of further pages, and a list that ends sooner, from a dependency | yes |
//! | a key too few, from a dependency | yes |
//! | a key too few, from the product, or one that this test had written | no: product |
//! | its items in another order, from a dependency | yes, at most likely |
//! | a word such as `queued` in place of another one, at the last of several looks | no: it is under way |
//! | another word, from a dependency: a new value of an enumeration | yes, at most likely |
//! | a word that nobody says in the passing recording, under a key that names no thing | yes, before another content |
//! | a list of words with a word too many, from a dependency | yes, at most likely |
//! | 400, 422 or an error of validation that names what it does not know or misses, from a dependency | yes |
//! | 404, 405 or 410 that says that the call, and not a thing, was removed or deprecated, from a dependency | yes |
//! | without a list that was there, and nothing in its place | yes, at most likely: many servers leave out an empty list |
//! | what an earlier look of the passing recording was answered, too | no: race |
//! | a key too few and none too many, to a write that had met 5xx or a broken connection before | no: the first try may have done it |
//! | with a header too many of which the failure speaks, not from the product | yes |
//! | another number or text | no |
//! | something else, to another request | no |

use std::collections::BTreeSet;

use model::{Cause, Owner, Role};

use super::{Stands, Suspect, race};
use crate::answer::Content;
use crate::calls::{Call, Outcome};
use crate::changes::{Change, Kind};
use crate::compare::Difference;
use crate::context::Context;
use crate::headers;
use crate::innocence;
use crate::normal;
use crate::polls;
use crate::scan;
use crate::sentence;
use crate::state;
use crate::text;
use crate::things;

/// A change of a contract is in so many kinds of places at most.
const PLACES: usize = 3;

/// What says that a request itself is not understood, in lower case.
const INVALID: &[&str] = &[
    "graphql_validation_failed",
    "cannot query field",
    "unknown argument",
    "unknown field",
    "unknown parameter",
    "unknown property",
    "unrecognized",
    "unexpected field",
    "unexpected property",
    "additional properties",
    "is required",
    "field required",
    "of required type",
    "is not defined by type",
    "required property",
    "missing required",
    "must provide",
    "must be provided",
    "unsupported version",
    "no longer supported",
];

/// What says that a call itself is no longer there, in lower case.
const RETIRED: &[&str] = &[
    "was removed",
    "been removed",
    "is removed",
    "no longer supported",
    "no longer available",
    "deprecated",
    "retired",
    "sunset",
    "end of life",
    "discontinued",
];

/// Shortest end of a path by which a message names a call.
const NAMED: usize = 6;

/// Longest value or name within a sentence, in characters.
const VALUE_CHARS: usize = 60;

/// Answers of another shape than in the passing recording.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| match context.difference(place.0)? {
            Difference::Content => suspect(context, place),
            Difference::Outcome => refused_as_invalid(context, place),
            _ => None,
        })
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let comparison = context.comparison.as_ref()?;
    if is_not_yet(context, place.0) {
        return None;
    }
    let changes = &comparison.answered[place.0];
    let role = context.calls[place.0].peer.role;
    let is_late = state::before_write(context, place.0).is_some();
    let lacks_members = !is_late || race::is_another_shape(context, place.0);
    let is_smaller = !changes.iter().any(|change| change.kind == Kind::Added);
    let done_already = is_smaller && may_be_done_already(context, place.0);
    let found = changes.iter().find(|change| match change.kind {
        Kind::Removed if !lacks_members || done_already => false,
        _ => is_contract(context, place.0, change, role),
    })?;
    let shape = found.kind.is_of_shape();
    let empty = is_left_out(found);
    let strength = strength(context, place.0, found);
    let mut suspect = Suspect::new(
        Cause::ContractChange,
        place,
        class(found),
        format!(
            "answered {} in another shape than in the passing recording",
            sentence::request(&context.calls[place.0])
        ),
        strength,
    );
    suspect.detail = Some(said(found));
    // Where everything is otherwise, it may be the answer to something else.
    let places: BTreeSet<_> = changes
        .iter()
        .map(|change| (change.kind as u8, change.key()))
        .collect();
    if !shape || empty || places.len() > PLACES {
        suspect.stands = Stands::Never;
    }
    if is_late {
        suspect.stands = Stands::Never;
        suspect.doubt = Some("whether that had not arrived yet".to_owned());
    }
    if names_another(context, place.0) {
        suspect.doubt = Some(
            "whether it is the answer to this request at all: the passing one names the address that was asked for"
                .to_owned(),
        );
    }
    if changes.len() > 1 {
        suspect.findings.push(format!(
            "{} places of the answer differ from the passing recording.",
            changes.len()
        ));
    }
    if role == Role::Unknown {
        suspect.owner = Some(Owner::Unknown);
    }
    Some(suspect)
}

fn strength(context: &Context, call: usize, found: &Change) -> u32 {
    match found.kind {
        Kind::Removed if is_left_out(found) => 66,
        Kind::Renamed | Kind::Wrapped | Kind::Type => 92,
        Kind::Added if is_of_pages(context, call, found) => 92,
        Kind::Added | Kind::Removed => 86,
        _ if found.is_another_spelling() => 86,
        Kind::Word if is_new_word(context, found) => 80,
        _ => 70,
    }
}

/// Whether a try of this write had met an error, and that of the passing recording none: the first try may have done it, and
/// this one is answered that it is done.
fn may_be_done_already(context: &Context, call: usize) -> bool {
    let met_error = |call: &Call| {
        let (_, earlier) = call.tries.split_last().unwrap_or((call.last(), &[]));
        earlier.iter().any(|one| {
            one.trouble.is_some() || one.exchange.status().is_some_and(|status| status >= 500)
        })
    };
    let one = &context.calls[call];
    state::writes(one) && met_error(one) && !context.counterpart(call).is_some_and(met_error)
}

/// Whether the passing answer names the address that was asked for, and this one does not.
fn names_another(context: &Context, call: usize) -> bool {
    let names_its_own = |call: &Call| {
        let response = call.last().exchange.response.as_ref();
        let body = response
            .and_then(|response| response.body.text())
            .unwrap_or_default();
        let path = state::path(call);
        path.len() > 1 && body.contains(path)
    };
    context.counterpart(call).is_some_and(names_its_own) && !names_its_own(&context.calls[call])
}

/// The same request is no longer understood.
fn refused_as_invalid(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = &context.calls[place.0];
    let one = call.last();
    let Outcome::Refused { status, .. } = one.outcome() else {
        return None;
    };
    let answer = &one.answer;
    let said = [&answer.code, &answer.message].map(|text| text.as_deref().unwrap_or_default());
    let said = said.join(" ").to_ascii_lowercase();
    let says = |list: &[&str]| list.iter().any(|words| said.contains(words));
    let there = context.counterpart(place.0)?;
    let is_invalid = (matches!(status, 400 | 422) || status < 300) && says(INVALID);
    // Of a call, and not of a thing: what was asked for may have been removed, too.
    let of_a_call = || {
        const CALLS: &[&str] = &["endpoint", "route", "api", "version", "method"];
        let path = state::path(call).to_ascii_lowercase();
        let names =
            |word: &str| word.len() >= NAMED && word.starts_with('/') && path.ends_with(word);
        let named =
            !path.is_empty() && (said.contains(&path) || said.split_whitespace().any(names));
        named || CALLS.iter().any(|word| text::has_token(&said, word))
    };
    let is_retired = matches!(status, 404 | 405 | 410) && says(RETIRED) && of_a_call();
    if !(is_invalid || is_retired) || !there.last().is_fine() || call.peer.role == Role::Product {
        return None;
    }
    let happened = format!(
        "no longer understands {}, and {}",
        sentence::request(call),
        sentence::answered(one)
    );
    let mut suspect = Suspect::new(Cause::ContractChange, place, "refused", happened, 92);
    suspect.detail = Some("to the request of the passing recording".to_owned());
    Some(suspect)
}

fn is_contract(context: &Context, call: usize, change: &Change, role: Role) -> bool {
    if tells_of_a_token(context, call) {
        return false;
    }
    match change.kind {
        Kind::Renamed | Kind::Wrapped | Kind::Type => true,
        Kind::Added if is_of_pages(context, call, change) => true,
        // Of headers there are only those of which the failure speaks.
        Kind::Added if change.path.starts_with(headers::HEADER) => role != Role::Product,
        Kind::Added => {
            role != Role::Product
                && context.failure.mentions(change.key())
                && state::before_write(context, call).is_none()
        }
        Kind::Removed => {
            let content = context.calls[call].last().answer.content;
            // XML has no empty lists: without items there is nothing.
            let is_list = content == Content::Xml && change.there.starts_with("[{");
            role != Role::Product && !is_list && !was_written(context, call, change.key())
        }
        Kind::Word => {
            let are_texts = change.here.starts_with('"') && change.there.starts_with('"');
            role == Role::Dependency
                && are_texts
                && (!says_that_it_failed(&change.here) || begin_alike(change))
                && !was_sent(context, call, change)
                && !polls::is_pending(&context.calls[call], change)
                && state::before_write(context, call).is_none()
        }
        Kind::Longer => role != Role::Product && has_new_words(change),
        Kind::Order => role == Role::Dependency,
        Kind::Value | Kind::Shorter => false,
    }
}

/// Whether an answer says otherwise than in the passing recording whether a token is `active` (RFC 7662): what else it says
/// hangs on that.
pub(crate) fn tells_of_a_token(context: &Context, call: usize) -> bool {
    let changes = context.comparison.as_ref().map(|one| &one.answered[call]);
    let asks = state::path(&context.calls[call]).contains("introspect");
    asks && changes.is_some_and(|changes| changes.iter().any(|change| change.path == "active"))
}

/// Whether a word of a state says that something went wrong: no new value, but an error.
fn says_that_it_failed(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "failed", "failure", "error", "errored", "crashed", "aborted",
    ];
    let word = value.trim_matches('"').to_ascii_lowercase();
    WORDS.contains(&word.as_str())
}

/// Whether it is another form of the same word: `ABORTED` in place of `ABORT`.
fn begin_alike(change: &Change) -> bool {
    const CHARS: usize = 4;
    let bare = |text: &str| text.trim_matches('"').to_ascii_lowercase();
    let (here, there) = (bare(&change.here), bare(&change.there));
    let same = here
        .bytes()
        .zip(there.bytes())
        .take_while(|(one, other)| one == other);
    same.count() >= CHARS
}

/// Whether a list is missing that many servers leave out when there is nothing in it.
fn is_left_out(change: &Change) -> bool {
    change.kind == Kind::Removed && change.there.starts_with('[')
}

/// Whether it tells of further pages, of a list of a dependency that ends sooner than in the passing recording.
fn is_of_pages(context: &Context, call: usize, change: &Change) -> bool {
    const NAMES: &[&str] = &[
        "next",
        "cursor",
        "page",
        "offset",
        "limit",
        "hasmore",
        "pagination",
        "paging",
        "continuation",
    ];
    let key = change.key().replace(['_', '-'], "").to_ascii_lowercase();
    let ends_sooner = state::changed(context, call, |kind| kind == Kind::Shorter).is_some();
    let is_product = context.calls[call].peer.role == Role::Product;
    !is_product && ends_sooner && NAMES.iter().any(|name| key.starts_with(name))
}

/// Whether this recording had sent the key before.
pub(crate) fn was_written(context: &Context, call: usize, key: &str) -> bool {
    let named = format!("\"{key}\":");
    (0..context.calls.len()).any(|other| {
        let one = &context.calls[other];
        (other == call || context.precedes(other, call))
            && state::writes(one)
            && one.request.text.contains(&named)
    })
}

/// Whether the passing recording was answered so, too, before it looked again.
pub(crate) fn is_not_yet(context: &Context, call: usize) -> bool {
    let there = context.counterpart(call);
    there.is_some_and(|there| polls::is_not_yet(&context.calls[call], there))
}

/// Whether a list of words has one that it did not have: a new value of an enumeration.
fn has_new_words(change: &Change) -> bool {
    let mut items = scan::items(&change.here).peekable();
    items.peek().is_some()
        && items.all(|item| item.starts_with('"') && normal::is_word(item.trim_matches('"')))
}

/// Whether a word is none that anybody says in the passing recording, under a key that names no thing: one more word of an
/// enumeration, rather than another of its words.
fn is_new_word(context: &Context, change: &Change) -> bool {
    let bare = change.here.trim_matches('"');
    let said = |call: &Call| {
        text::has_token(&call.reply.text, bare) || text::has_token(&call.request.text, bare)
    };
    let comparison = context.comparison.as_ref();
    let is_known = comparison.is_some_and(|comparison| comparison.calls.iter().any(said));
    normal::is_word(bare) && !things::names_one(change.key()) && !is_known
}

/// Whether a write of this recording had sent the value: then the answer only repeats it. A short one, such as 0, is sent
/// by chance, unless under the same key.
pub(crate) fn was_sent(context: &Context, call: usize, change: &Change) -> bool {
    const TOLD_APART: usize = 3;
    let bare = change.here.trim_matches('"');
    let sends = |one: &Call| {
        state::sends_under(one, change.key(), &change.here)
            || bare.len() >= TOLD_APART && text::has_token(&one.request.text, bare)
    };
    (0..context.calls.len()).any(|other| {
        let one = &context.calls[other];
        context.precedes(other, call) && state::writes(one) && sends(one)
    })
}

fn class(change: &Change) -> String {
    let kind = match change.kind {
        Kind::Renamed => "renamed",
        Kind::Wrapped => "wrapped",
        Kind::Type => "type",
        Kind::Added => "added",
        Kind::Removed => "removed",
        _ => "word",
    };
    format!("{kind} {}", change.key())
}

/// The change in words, to stand after what was answered: `with `title` renamed to `name``.
pub(crate) fn said(change: &Change) -> String {
    let path = match change.path.as_str() {
        "" => "the list".to_owned(),
        path => format!("`{}`", text::one_line(path, VALUE_CHARS)),
    };
    let (here, there) = (described(&change.here), described(&change.there));
    match change.kind {
        Kind::Renamed => format!(
            "with {path} renamed to `{}`",
            text::one_line(&change.here, VALUE_CHARS)
        ),
        Kind::Wrapped if change.path.is_empty() => "with everything at another level".to_owned(),
        Kind::Wrapped => format!("with {path} at another level"),
        Kind::Added => format!("with a new {path}"),
        Kind::Removed => format!("without {path}"),
        Kind::Longer => format!("with more items in {path}"),
        Kind::Order => format!("with {path} in another order"),
        Kind::Shorter => format!("with fewer items in {path}"),
        Kind::Type | Kind::Word | Kind::Value if change.path.is_empty() => {
            format!("with {here} in place of {there}")
        }
        Kind::Type | Kind::Word | Kind::Value => {
            format!("with {path} = {here} in place of {there}")
        }
    }
}

fn described(value: &str) -> String {
    match value.as_bytes().first() {
        Some(b'{') => "an object".to_owned(),
        Some(b'[') => "a list".to_owned(),
        _ => text::one_line(value, VALUE_CHARS),
    }
}
