//! Filters in a query, such as `?status=open`, and items of the answer that they should have left out.
//!
//! | a parameter of the query | items here | items in the passing recording | unheeded? |
//! |---|---|---|---|
//! | `status=open`, `filter[status]=open` | one has another `status` | all that have a `status` are open | yes |
//! | `status=open` | all are open, but more | all are open | no |
//! | `status=open` | one has another `status` | one has another `status`, too | no: it is no filter, or not by equality |
//! | `status=open&status=new` | one has another `status` | | no: several are asked for |
//! | `name=ada` | one has `ada2` | all have `ada` | no: it may be a search |
//! | `limit=10` | no item has a `limit` | | no |

use serde_json::Value as Json;

use crate::calls::Call;

/// Lists are looked for so deep in an answer, and values so deep in their items.
const DEPTH: usize = 4;

/// The most parameters of a query that are looked at.
const PARAMETERS: usize = 32;

/// An item that its own query leaves out.
#[derive(Debug, PartialEq)]
pub(crate) struct Unheeded {
    /// The parameter, which the items have as a key.
    pub(crate) key: String,
    /// What was asked for.
    pub(crate) wanted: String,
    /// What an item has.
    pub(crate) found: String,
}

/// The first filter of a call that its answer does not heed and the answer of the passing recording does.
pub(crate) fn unheeded(here: &Call, there: &Call) -> Option<Unheeded> {
    let (asked, items) = (parameters(here), answered(here)?);
    let (asked_there, items_there) = (parameters(there), answered(there)?);
    let asks_once = |key: &str| asked.iter().filter(|(other, _)| other == key).count() == 1;
    let once = asked.iter().filter(|(key, _)| asks_once(key));
    once.cloned().find_map(|(key, wanted)| {
        let (_, wanted_there) = asked_there.iter().find(|(other, _)| *other == key)?;
        let usual = values(&items_there, &key);
        if usual.is_empty() || usual.iter().any(|value| value != wanted_there) {
            return None;
        }
        let found = values(&items, &key).into_iter();
        // Where it has a part of it, the filter may be a search.
        let found = found.into_iter().find(|value| !value.contains(&wanted))?;
        Some(Unheeded { key, wanted, found })
    })
}

/// Parameters of the query and their values; of `filter[status]` the key is `status`.
fn parameters(call: &Call) -> Vec<(String, String)> {
    let query = call.last().exchange.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| {
            let inner = name
                .strip_suffix(']')
                .and_then(|name| name.rsplit_once('['));
            let key = inner.map_or(&*name, |(_, key)| key).to_owned();
            (key, value.into_owned())
        })
        .filter(|(key, value)| !key.is_empty() && !value.is_empty())
        .take(PARAMETERS)
        .collect()
}

fn answered(call: &Call) -> Option<Json> {
    let response = call.last().exchange.response.as_ref()?;
    serde_json::from_str(response.body.text()?).ok()
}

/// What the items of an answer have under a key: objects in its lists.
fn values(answer: &Json, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    lists(answer, key, DEPTH, &mut found);
    found
}

fn lists(value: &Json, key: &str, depth: usize, found: &mut Vec<String>) {
    match value {
        Json::Array(items) => found.extend(items.iter().filter_map(|item| member(item, key, 2))),
        Json::Object(members) if depth > 0 => {
            for value in members.values() {
                lists(value, key, depth - 1, found);
            }
        }
        _ => {}
    }
}

/// A plain value of an item, or of an object in it that groups its values: JSON:API's `attributes`.
fn member(item: &Json, key: &str, depth: usize) -> Option<String> {
    let members = item.as_object()?;
    match members.get(key) {
        Some(Json::String(text)) => Some(text.clone()),
        Some(value @ (Json::Number(_) | Json::Bool(_))) => Some(value.to_string()),
        Some(_) => None,
        None if depth > 1 => members
            .values()
            .find_map(|value| member(value, key, depth - 1)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_have_values() {
        let check = |answer: &str, key: &str, expected: &[&str]| {
            let answer: Json = serde_json::from_str(answer).unwrap();
            assert_eq!(values(&answer, key), expected, "{answer}");
        };
        check(r#"[{"a":"x"},{"a":1},{"b":2}]"#, "a", &["x", "1"]);
        check(r#"{"data":{"list":[{"a":true}]}}"#, "a", &["true"]);
        check(r#"{"data":[{"attributes":{"a":"x"}}]}"#, "a", &["x"]);
        check(r#"{"a":"x"}"#, "a", &[]);
        check(r#"[{"a":["x"]}]"#, "a", &[]);
    }
}
