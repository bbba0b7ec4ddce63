//! Changes to a JSON answer: what a new version of a server might do to its shape.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A change to one place of a JSON body. `at` is a JSON pointer in which `*` stands for every element of a list; a place
/// that is not there stays so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Edit {
    /// Another name for a key.
    Rename {
        /// Where.
        at: String,
        /// The other name.
        to: String,
    },
    /// No longer there.
    Drop {
        /// Where.
        at: String,
    },
    /// Another value.
    Set {
        /// Where.
        at: String,
        /// The other value.
        value: Value,
    },
    /// The same as another type: a number as text, text in a list, a list as an object by index, an object as a list.
    Retype {
        /// Where.
        at: String,
    },
    /// A key or element more.
    Add {
        /// Where; `-` at the end stands for the end of a list.
        at: String,
        /// What.
        value: Value,
    },
    /// Inside an object, under this key.
    Wrap {
        /// Where.
        at: String,
        /// The key.
        key: String,
    },
    /// A list, object or text without anything in it.
    Empty {
        /// Where.
        at: String,
    },
    /// A list without its last element.
    DropLast {
        /// Where.
        at: String,
    },
    /// A list in the opposite order.
    Reverse {
        /// Where.
        at: String,
    },
}

/// The body after all changes.
pub(super) fn apply(edits: &[Edit], mut body: Value) -> Value {
    for edit in edits {
        match edit {
            Edit::Rename { at, to } => {
                on_parents(&mut body, at, &|object, key| {
                    if let Some(value) = object.remove(key) {
                        object.insert(to.clone(), value);
                    }
                });
            }
            Edit::Drop { at } => {
                on_parents(&mut body, at, &|object, key| {
                    object.remove(key);
                });
            }
            Edit::Add { at, value } => {
                on_parents(&mut body, at, &|object, key| {
                    object.insert(key.to_owned(), value.clone());
                });
                on_parent_lists(&mut body, at, &|list| list.push(value.clone()));
            }
            Edit::Set { at, value } => on_places(&mut body, at, &|_| value.clone()),
            Edit::Retype { at } => on_places(&mut body, at, &retyped),
            Edit::Wrap { at, key } => on_places(&mut body, at, &|value| {
                Value::Object(Map::from_iter([(key.clone(), value)]))
            }),
            Edit::Empty { at } => on_places(&mut body, at, &emptied),
            Edit::DropLast { at } => on_places(&mut body, at, &|mut value| {
                if let Value::Array(list) = &mut value {
                    list.pop();
                }
                value
            }),
            Edit::Reverse { at } => on_places(&mut body, at, &|value| match value {
                Value::Array(list) => list.into_iter().rev().collect(),
                other => other,
            }),
        }
    }
    body
}

fn retyped(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::String(text) => Value::Array(vec![Value::String(text)]),
        Value::Array(list) => {
            let keys = (0..).map(|index: usize| index.to_string());
            Value::Object(keys.zip(list).collect())
        }
        Value::Object(object) => Value::Array(object.into_iter().map(|(_, value)| value).collect()),
        Value::Null => Value::Bool(false),
    }
}

fn emptied(value: Value) -> Value {
    match value {
        Value::Array(_) => Value::Array(Vec::new()),
        Value::Object(_) => Value::Object(Map::new()),
        _ => Value::String(String::new()),
    }
}

/// Puts something else at each place that `at` names.
fn on_places(body: &mut Value, at: &str, change: &dyn Fn(Value) -> Value) {
    walk(body, &parts(at), &mut |place| {
        *place = change(std::mem::take(place));
    });
}

/// Hands each object that has, or could have, the last part of `at` as a key.
fn on_parents(body: &mut Value, at: &str, change: &dyn Fn(&mut Map<String, Value>, &str)) {
    let parts = parts(at);
    if let Some((key, parents)) = parts.split_last() {
        walk(body, parents, &mut |place| {
            if let Value::Object(object) = place {
                change(object, key);
            }
        });
    }
}

/// Hands each list to which `at` ends with `-`.
fn on_parent_lists(body: &mut Value, at: &str, change: &dyn Fn(&mut Vec<Value>)) {
    let parts = parts(at);
    if let Some((key, parents)) = parts.split_last()
        && key == "-"
    {
        walk(body, parents, &mut |place| {
            if let Value::Array(list) = place {
                change(list);
            }
        });
    }
}

fn parts(at: &str) -> Vec<String> {
    let unescape = |part: &str| part.replace("~1", "/").replace("~0", "~");
    at.split('/').skip(1).map(unescape).collect()
}

fn walk(place: &mut Value, parts: &[String], change: &mut dyn FnMut(&mut Value)) {
    let Some((part, rest)) = parts.split_first() else {
        change(place);
        return;
    };
    match place {
        Value::Array(list) if part == "*" => {
            for element in list {
                walk(element, rest, change);
            }
        }
        Value::Array(list) => {
            let index: Option<usize> = part.parse().ok();
            if let Some(element) = index.and_then(|index| list.get_mut(index)) {
                walk(element, rest, change);
            }
        }
        Value::Object(object) => {
            if let Some(value) = object.get_mut(part) {
                walk(value, rest, change);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(edit: Value, body: Value, expected: Value) {
        let edit: Edit = serde_json::from_value(edit).unwrap();
        assert_eq!(apply(&[edit], body), expected);
    }

    #[test]
    fn each_change_is_made_where_it_is_said() {
        let body = json!({"data": {"id": "a", "n": 1}, "list": [{"x": 1}, {"x": 2}]});
        let with = |pointer: &str, value: Value| {
            let mut changed = body.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            changed
        };
        let cases = [
            (
                json!({"op": "rename", "at": "/data/id", "to": "key"}),
                with("/data", json!({"key": "a", "n": 1})),
            ),
            (
                json!({"op": "drop", "at": "/list/*/x"}),
                with("/list", json!([{}, {}])),
            ),
            (
                json!({"op": "set", "at": "/list/1/x", "value": 9}),
                with("/list/1/x", json!(9)),
            ),
            (
                json!({"op": "retype", "at": "/data/n"}),
                with("/data/n", json!("1")),
            ),
            (
                json!({"op": "add", "at": "/data/extra", "value": true}),
                with("/data", json!({"id": "a", "n": 1, "extra": true})),
            ),
            (
                json!({"op": "add", "at": "/list/-", "value": 3}),
                with("/list", json!([{"x": 1}, {"x": 2}, 3])),
            ),
            (
                json!({"op": "wrap", "at": "/data/id", "key": "v"}),
                with("/data/id", json!({"v": "a"})),
            ),
            (
                json!({"op": "empty", "at": "/list"}),
                with("/list", json!([])),
            ),
            (
                json!({"op": "drop-last", "at": "/list"}),
                with("/list", json!([{"x": 1}])),
            ),
            (
                json!({"op": "reverse", "at": "/list"}),
                with("/list", json!([{"x": 2}, {"x": 1}])),
            ),
            (json!({"op": "drop", "at": "/nowhere/x"}), body.clone()),
        ];
        for (edit, expected) in cases {
            check(edit, body.clone(), expected);
        }
    }
}
