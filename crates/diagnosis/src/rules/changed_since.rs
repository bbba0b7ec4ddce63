//! What somebody else changed between two calls of this recording, by the mark that the thing itself carries of its last
//! change; rows of the table in `shared_state.rs`.
//!
//! | the mark of a thing, such as `updated`, `version` or `etag` in its body | changed by somebody? |
//! |---|---|
//! | is another one than after this recording's latest call about it, which is equal in the passing recording | yes, at most likely |
//! | … and this recording wrote in between | no |
//! | … and it is older than it was | no: race or stale-read |
//! | is the same, and the content is not | no: the answer is wrong |
//! | is that of a thing of the product | no: it may change it by itself |

use model::Role;

use super::shared_state::told;
use super::{Stands, Suspect};
use crate::calls::Call;
use crate::compare::Difference;
use crate::context::Context;
use crate::sentence;
use crate::state;

/// Keys under which a thing says when it was changed, or as which version, in lower case and without separators.
const MARKS: &[&str] = &[
    "updated",
    "updatedat",
    "updatedon",
    "updatetime",
    "modified",
    "modifiedat",
    "lastmodified",
    "lastupdated",
    "lastupdatetime",
    "lastupdatedtimestamp",
    "version",
    "revision",
    "rev",
    "resourceversion",
    "generation",
    "etag",
];

/// The largest body that is read for its mark, in bytes.
const READ: usize = 64 * 1024;

/// A thing that changed between the latest call about it and this one.
pub(super) fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let (call, _) = place;
    let look = &context.calls[call];
    let differs = context.difference(call) == Some(Difference::Content);
    // What the product keeps it may change by itself.
    let is_products = look.peer.role == Role::Product;
    if !differs || is_products || state::writes(look) || !look.last().is_fine() {
        return None;
    }
    let there = context.counterpart(call)?;
    let known = latest_about(context, call)?;
    let known_there = context.counterpart(known)?;
    let (key, now) = mark(look)?;
    let (before, passing, passing_before) = (
        marked(&context.calls[known], &key)?,
        marked(there, &key)?,
        marked(known_there, &key)?,
    );
    if now == before || passing != passing_before || is_older(&now, &before) {
        return None;
    }
    let clause = format!(
        "somebody else changed what this test relies on: {} says `{key}` is {now}, and after {} it was {before}",
        sentence::call(look),
        sentence::call(&context.calls[known]),
    );
    Some(Suspect {
        stands: Stands::Never,
        doubt: Some("who changed it: no recorded call of this run did".to_owned()),
        ..told(place, "changed-since", clause, 82)
    })
}

/// The latest call about the very thing that was over before, where nothing was written since, nor while this call was under
/// way.
fn latest_about(context: &Context, call: usize) -> Option<usize> {
    let look = &context.calls[call];
    let is_of_it = |other: &usize| {
        let one = &context.calls[*other];
        *other != call
            && one.start() <= context.known_at(call)
            && state::is_about_the_same(one, look)
            && (state::writes(one) || state::asks_for_the_same(one, look))
    };
    let latest = (0..context.calls.len())
        .filter(is_of_it)
        .max_by_key(|other| context.known_at(*other))?;
    let one = &context.calls[latest];
    (context.precedes(latest, call) && one.last().is_fine()).then_some(latest)
}

/// The one mark of the thing that was answered.
fn mark(call: &Call) -> Option<(String, String)> {
    let body = members(call)?;
    let is_mark = |key: &str| {
        let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        MARKS.contains(&plain.to_ascii_lowercase().as_str())
    };
    let found = body
        .iter()
        .find(|(key, value)| is_mark(key) && is_plain(value))?;
    Some((found.0.clone(), text_of(found.1)))
}

fn marked(call: &Call, key: &str) -> Option<String> {
    let body = members(call)?;
    let value = body.get(key).filter(|value| is_plain(value))?;
    Some(text_of(value))
}

/// The members of the thing that was answered: of the body, or of the one object within it.
fn members(call: &Call) -> Option<serde_json::Map<String, serde_json::Value>> {
    let body = &call.last().exchange.response.as_ref()?.body;
    let text = body
        .text()
        .filter(|text| text.len() <= READ && !body.truncated)?;
    let serde_json::Value::Object(members) = serde_json::from_str(text).ok()? else {
        return None;
    };
    let mut values = members.values();
    match (values.next(), values.next()) {
        (Some(serde_json::Value::Object(inner)), None) => Some(inner.clone()),
        _ => Some(members),
    }
}

fn is_plain(value: &serde_json::Value) -> bool {
    value.is_string() || value.is_number()
}

fn text_of(value: &serde_json::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a mark comes before another one, as far as that can be told: of numbers by their value, of times that are written
/// alike by their text.
fn is_older(now: &str, before: &str) -> bool {
    match (now.parse::<f64>(), before.parse::<f64>()) {
        (Ok(now), Ok(before)) => now < before,
        _ => now.len() == before.len() && now.starts_with(char::is_numeric) && now < before,
    }
}
