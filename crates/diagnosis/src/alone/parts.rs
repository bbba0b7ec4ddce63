//! What differs first between two objects or lists that an assertion compared.

use serde_json::Value as Json;

/// Deepest nesting that is looked into.
const NESTING: usize = 16;

/// A part that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Differing {
    /// A key, or a text of a list, that only what was wanted has.
    Lacks(String),
    /// A key, or a text of a list, that only what was met has.
    Has(String),
    /// Another value at the same place.
    Value { wanted: String, met: String },
}

/// The first part that differs, where both are JSON objects or lists.
pub(crate) fn differing(wanted: &str, met: &str) -> Option<Differing> {
    let parse = |text: &str| -> Option<Json> {
        let is_nested = text.starts_with(['{', '[']);
        serde_json::from_str(text).ok().filter(|_| is_nested)
    };
    between(&parse(wanted)?, &parse(met)?, NESTING)
}

fn between(wanted: &Json, met: &Json, depth: usize) -> Option<Differing> {
    if depth == 0 || wanted == met {
        return None;
    }
    match (wanted, met) {
        (Json::Object(wanted), Json::Object(met)) => {
            let lacks = wanted.keys().find(|key| !met.contains_key(*key));
            let has = met.keys().find(|key| !wanted.contains_key(*key));
            match (lacks, has) {
                (Some(key), _) => Some(Differing::Lacks(key.clone())),
                (None, Some(key)) => Some(Differing::Has(key.clone())),
                (None, None) => {
                    let both =
                        |(key, value): (&String, &Json)| between(value, met.get(key)?, depth - 1);
                    wanted.iter().find_map(both)
                }
            }
        }
        (Json::Array(wanted), Json::Array(met)) => of_lists(wanted, met, depth),
        (wanted, met) => Some(Differing::Value {
            wanted: plain(wanted)?,
            met: plain(met)?,
        }),
    }
}

/// Lists of texts are held against each other as sets, others item by item.
fn of_lists(wanted: &[Json], met: &[Json], depth: usize) -> Option<Differing> {
    let only = |these: &[Json], those: &[Json]| {
        let text = these.iter().find(|item| !those.contains(item))?;
        text.as_str().map(str::to_owned)
    };
    if let Some(name) = only(wanted, met) {
        return Some(Differing::Lacks(name));
    }
    if let Some(name) = only(met, wanted) {
        return Some(Differing::Has(name));
    }
    let mut pairs = wanted.iter().zip(met);
    pairs.find_map(|(wanted, met)| between(wanted, met, depth - 1))
}

fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_that_differs_is_told() {
        let check = |wanted: &str, met: &str, expected: Option<Differing>| {
            assert_eq!(differing(wanted, met), expected, "{wanted} {met}");
        };
        let lacks = |name: &str| Some(Differing::Lacks(name.to_owned()));
        let has = |name: &str| Some(Differing::Has(name.to_owned()));
        let value = |wanted: &str, met: &str| {
            Some(Differing::Value {
                wanted: wanted.to_owned(),
                met: met.to_owned(),
            })
        };
        check(r#"{"a":1}"#, "{}", lacks("a"));
        check("{}", r#"{"a":1}"#, has("a"));
        check(r#"["r","w"]"#, r#"["w","s","r"]"#, has("s"));
        check(r#"{"a":{"b":1}}"#, r#"{"a":{"b":2}}"#, value("1", "2"));
        check(r#"[{"a":"x"}]"#, r#"[{"a":"y"}]"#, value("x", "y"));
        check(r#"{"a":1}"#, r#"{"a":1}"#, None);
        check("1", "2", None);
        check("{", "{}", None);
    }
}
