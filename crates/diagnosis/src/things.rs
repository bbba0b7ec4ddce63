//! What a call names: the things that it is about, as far as values say so that stand under keys such as `id` and `Name`, and
//! which paths are within which.

use std::collections::HashSet;

use crate::calls::Call;
use crate::how_many;
use crate::scan;
use crate::state;
use crate::writes;

/// Ends of keys whose value names a thing.
const NAMING: &[&str] = &[
    "Url", "Arn", "ARN", "Name", "Id", "ID", "Key", "url", "arn", "name", "id", "key", "slug",
];

/// Parameters of a query that name what is asked, where one path serves all.
const CONTAINERS: &[&str] = &["db", "database", "bucket", "table", "topic", "queue"];

/// How deep names are looked for in a body.
const DEPTH: usize = 8;

/// Shortest value that names a thing.
pub(crate) const NAME_CHARS: usize = 4;

/// What the request names, and the identifiers that it was answered.
pub(crate) fn entities(call: &Call) -> HashSet<String> {
    let ids = call.request.ids.iter().chain(call.reply.ids.iter());
    let mut entities: HashSet<String> = ids.map(str::to_owned).collect();
    let parts: Vec<&str> = scan::items(&call.request.text).collect();
    if let Some(body) = parts.get(2) {
        named(body, &mut entities, DEPTH);
    }
    // Where no path tells them apart, things are known by their numbers.
    if state::is_graphql(call) {
        let sent = parts.get(2).copied().unwrap_or_default();
        numbered(sent, names_a_thing, &mut entities, DEPTH);
        numbered(&call.reply.text, names_one, &mut entities, DEPTH);
    }
    let query = call.tries[0].exchange.query().unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let containers = pairs.filter(|(key, value)| CONTAINERS.contains(key) && !value.is_empty());
    let peer = &call.signature.peer;
    entities.extend(containers.map(|(key, value)| format!("{peer}?{key}={value}")));
    if let Some(kind) = writes::kind_of_procedure(state::path(call)) {
        let body = parts.get(2).copied().unwrap_or_default();
        let place = format!("{peer}{kind}");
        entities.extend(parameters(query, body).flat_map(|(key, value)| {
            let named = format!("{place}?{key}={value}");
            let long = value.len() >= NAME_CHARS;
            [Some(named), long.then_some(value)].into_iter().flatten()
        }));
    }
    entities
}

/// The parameters of a procedure that name a thing, by a short value, too: those of its address and of its body.
fn parameters<'a>(query: &'a str, body: &'a str) -> impl Iterator<Item = (String, String)> + 'a {
    let asked = form_urlencoded::parse(query.as_bytes());
    let asked = asked.map(|(key, value)| (key.into_owned(), value.into_owned()));
    let sent = scan::members(body).filter(|(_, value)| value.starts_with('"'));
    let sent = sent.map(|(key, value)| (key.to_string(), value.trim_matches('"').to_owned()));
    let named = asked.chain(sent).filter(|(key, _)| names_one(key));
    named.filter(|(_, value)| !value.is_empty() && value != "<id>")
}

/// The values in it that name a thing.
pub(crate) fn names(value: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    named(value, &mut names, DEPTH);
    names
}

/// Whether the value under the key names a thing.
pub(crate) fn names_one(key: &str) -> bool {
    NAMING.iter().any(|end| key.ends_with(end))
}

/// Whether a value of a naming member is an identifier, which the normal form leaves out.
pub(crate) fn has_drawn_names(value: &str) -> bool {
    NAMING
        .iter()
        .any(|end| value.contains(&format!("{end}\":\"<id>\"")))
}

/// Whether two calls name the same thing, or one names the place of what the other names: the key `/berths/7` is within
/// `/berths/`.
pub(crate) fn name_the_same(one: &HashSet<String>, other: &HashSet<String>) -> bool {
    fn places(names: &HashSet<String>) -> impl Iterator<Item = &str> {
        let places = names
            .iter()
            .filter(|name| name.contains('/') && !name.contains("://"));
        places.map(|name| name.trim_end_matches('/'))
    }
    !one.is_disjoint(other)
        || places(one).any(|place| places(other).any(|inner| are_nested(place, inner)))
}

fn named(value: &str, entities: &mut HashSet<String>, depth: usize) {
    if depth == 0 {
        return;
    }
    match value.as_bytes().first() {
        Some(b'{') => {
            for (key, inner) in scan::members(value) {
                // What is a list of one text is a text in XML.
                let text = inner
                    .strip_prefix('[')
                    .and_then(|list| list.strip_suffix(']'));
                let text = text.filter(|text| text.starts_with('"')).unwrap_or(inner);
                let bare = text.trim_matches('"');
                if text.starts_with('"')
                    && names_one(&key)
                    && bare.len() >= NAME_CHARS
                    && bare != "<id>"
                {
                    entities.insert(bare.to_owned());
                }
                named(inner, entities, depth - 1);
            }
        }
        Some(b'[') => scan::items(value).for_each(|item| named(item, entities, depth - 1)),
        _ => {}
    }
}

/// Whether a number under the key names a thing, and does not say how many there are.
fn names_a_thing(key: &str) -> bool {
    const NUMBERS: &[&str] = &[
        "first", "last", "limit", "offset", "page", "skip", "take", "seats", "price", "version",
        "age", "quantity", "left",
    ];
    let last = key.rfind(|one: char| one.is_ascii_uppercase() || one == '_');
    let last = key[last.unwrap_or(0)..]
        .trim_start_matches('_')
        .to_ascii_lowercase();
    !how_many::is_one(key) && !NUMBERS.contains(&last.as_str())
}

/// The numbers in it that name a thing, by their key.
fn numbered(value: &str, names: fn(&str) -> bool, entities: &mut HashSet<String>, depth: usize) {
    if depth == 0 {
        return;
    }
    match value.as_bytes().first() {
        Some(b'{') => {
            for (key, inner) in scan::members(value) {
                let is_number =
                    !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
                if is_number && names(&key) {
                    entities.insert(format!("#{inner}"));
                }
                numbered(inner, names, entities, depth - 1);
            }
        }
        Some(b'[') => {
            scan::items(value).for_each(|item| numbered(item, names, entities, depth - 1));
        }
        _ => {}
    }
}

/// Whether a path is the other one, or one is the parent of the other. The root is everybody's parent, and so says
/// nothing.
pub(crate) fn are_nested(one: &str, other: &str) -> bool {
    let is_parent = |parent: &str, child: &str| {
        child
            .strip_prefix(parent)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    !one.is_empty() && !other.is_empty() && (is_parent(one, other) || is_parent(other, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_nested_by_segments() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(are_nested(one, other), expected, "{one} {other}");
        };
        check("/a/b", "/a/b", true);
        check("/a", "/a/b", true);
        check("/a/b", "/a", true);
        check("/a", "/ab", false);
        check("", "/a", false);
    }
}
