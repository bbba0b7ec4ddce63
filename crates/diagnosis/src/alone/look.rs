//! The answer that the test was looking at when it failed: the latest of its own that fits what the failure says.

use serde_json::Value as Json;

use super::{Reading, Says};

use crate::answer::Content;
use crate::calls::Try;
use crate::context::Context;
use crate::state;
use crate::text;
use crate::writes;
use crate::xml;

/// So many answers before the failure are looked at.
const ANSWERS: usize = 8;
/// Deepest nesting of an answer that is looked into.
const NESTING: usize = 16;

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) call: usize,
    /// Null where it has no content.
    pub(crate) json: Json,
}

/// The test's own answers that were no errors, the latest first.
pub(crate) fn looks(context: &Context) -> Vec<Look> {
    own(context)
        .filter(|call| context.calls[*call].last().is_fine())
        .take(ANSWERS)
        .filter_map(|call| {
            let one = context.calls[call].last();
            let json = match one.answer.content {
                Content::Json => serde_json::from_str(text(one)?).ok()?,
                Content::Xml => xml::to_json(text(one)?)?,
                Content::Empty => Json::Null,
                _ => return None,
            };
            Some(Look { call, json })
        })
        .collect()
}

fn text(one: &Try) -> Option<&str> {
    one.exchange.response.as_ref()?.body.text()
}

/// The test's own calls, the latest first. Clearing away comes before some runners notice the failure; nobody looks at its
/// answer.
fn own(context: &Context) -> impl Iterator<Item = usize> {
    context.counting().into_iter().rev().filter(|call| {
        let one = &context.calls[*call];
        let operation = one.signature.operation.as_deref();
        context.is_own(*call) && !writes::sweeps(state::path(one), operation)
    })
}

/// The test's last answer, if it is a page or broken, or empty and the failure is a parser's.
pub(crate) fn unreadable(context: &Context) -> Option<usize> {
    let call = own(context).next()?;
    let one = context.calls[call].last();
    let cut = one
        .exchange
        .response
        .as_ref()
        .is_some_and(|response| response.complete == Some(false));
    let has_json = |call: &crate::calls::Call| call.last().answer.content == Content::Json;
    let usual = context
        .calls
        .iter()
        .any(|other| other.signature.peer == context.calls[call].signature.peer && has_json(other));
    let is_odd = match one.answer.content {
        Content::BrokenJson | Content::BrokenXml => true,
        Content::Html => usual || context.failure.speaks_of_parsing(),
        Content::Empty => context.failure.speaks_of_parsing(),
        Content::Json | Content::Xml | Content::Other | Content::Unknown => cut,
    };
    (is_odd && one.exchange.status() == Some(200)).then_some(call)
}

impl Look {
    /// What this answer says.
    pub(super) fn reading(&self, says: Says) -> Option<Reading> {
        Some(Reading {
            call: self.call,
            says,
        })
    }

    /// All places that are neither list nor object: path, key, and the value as text.
    pub(crate) fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        each(&self.json, "", NESTING, &mut |path, value| {
            let text = match value {
                Json::String(text) => text.clone(),
                Json::Number(number) => number.to_string(),
                Json::Bool(flag) => flag.to_string(),
                Json::Null => "null".to_owned(),
                Json::Array(_) | Json::Object(_) => return,
            };
            leaves.push(Leaf {
                path: path.to_owned(),
                text,
                is_text: value.is_string(),
            });
        });
        leaves
    }

    /// All keys, each with its path.
    pub(crate) fn keys(&self) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        each(&self.json, "", NESTING, &mut |path, value| {
            if let Json::Object(members) = value {
                let within = |key: &String| (key.clone(), join(path, key));
                keys.extend(members.keys().map(within));
            }
        });
        keys
    }

    /// The lengths of all lists.
    pub(crate) fn lengths(&self) -> Vec<usize> {
        let mut lengths = Vec::new();
        each(&self.json, "", NESTING, &mut |_, value| {
            if let Json::Array(items) = value {
                lengths.push(items.len());
            }
        });
        lengths
    }

    /// Whether there is nothing in it: no content, no members, only empty lists.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.json {
            Json::Null => true,
            Json::Array(items) => items.is_empty(),
            Json::Object(members) => members
                .values()
                .all(|value| value.as_array().is_some_and(Vec::is_empty)),
            _ => false,
        }
    }

    /// Whether a text or a key in it names this: `http://host/1/name` names `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        let names = |leaf: &Leaf| text::has_token(&leaf.text, name);
        self.leaves().iter().any(names) || self.keys().iter().any(|(key, _)| key == name)
    }

    /// Where a text of this name stands.
    pub(crate) fn place_of(&self, name: &str) -> Option<String> {
        let found = self.leaves().into_iter().find(|leaf| leaf.text == name);
        found.map(|leaf| leaf.path)
    }
}

/// A place that is neither list nor object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) path: String,
    pub(crate) text: String,
    /// Whether it is a text rather than a number or a truth value.
    pub(crate) is_text: bool,
}

impl Leaf {
    /// Its key.
    pub(crate) fn key(&self) -> &str {
        let last = self.path.rsplit('.').next().unwrap_or_default();
        last.split('[').next().unwrap_or_default()
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Tells of each value with its path, the outer ones first.
fn each(value: &Json, path: &str, depth: usize, tell: &mut impl FnMut(&str, &Json)) {
    tell(path, value);
    if depth == 0 {
        return;
    }
    match value {
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                each(item, &format!("{path}[{at}]"), depth - 1, tell);
            }
        }
        Json::Object(members) => {
            for (key, inner) in members {
                each(inner, &join(path, key), depth - 1, tell);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_read_place_by_place() {
        let look = Look {
            call: 0,
            json: json!({"data": [{"id": "a", "n": 1}, {"id": "b"}], "ok": true}),
        };
        let paths: Vec<String> = look.leaves().into_iter().map(|leaf| leaf.path).collect();
        assert_eq!(paths, ["data[0].id", "data[0].n", "data[1].id", "ok"]);
        assert_eq!(look.leaves()[2].key(), "id");
        assert_eq!(look.lengths(), [2]);
        assert!(look.has("b") && look.has("ok") && !look.has("c"));
        assert!(!look.is_empty());
    }

    #[test]
    fn nothing_is_empty_in_many_ways() {
        let check = |json: Json, expected: bool| {
            let look = Look { call: 0, json };
            assert_eq!(look.is_empty(), expected, "{look:?}");
        };
        check(json!(null), true);
        check(json!([]), true);
        check(json!({}), true);
        check(json!({"items": []}), true);
        check(json!({"items": [], "total": 0}), false);
        check(json!([1]), false);
    }
}
