//! The shape of an endpoint's answers, learned from those that tests were content with, and what of it changed.
//!
//! A shape says which keys an answer's JSON has and of which kind their values are, not which values. Keys that are
//! identifiers stand as `*`, elements of a list as `[]`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::calls::template;

/// Keys of one endpoint that are kept.
const PATHS: usize = 200;
/// Levels of an answer that are read.
const DEPTH: usize = 6;
/// Elements of a list that are read.
const ELEMENTS: usize = 20;
/// A change is told when the key's place was there in so many answers before …
const BEFORE: u64 = 5;
/// … and in so many now.
const NOW: u64 = 2;
/// Changes of one endpoint that are told.
const CHANGES: usize = 20;

/// What answers look like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// By path: in how many answers, and of which kinds. The empty path is the whole answer.
    pub paths: BTreeMap<String, Place>,
}

/// A key, in all answers that have it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Answers that have it.
    pub answers: u64,
    /// Kinds of its values: `text`, `number`, `true or false`, `list`, `object`. `null` says nothing and is left out.
    pub kinds: BTreeSet<String>,
}

/// A change of an answer's shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShapeChange {
    /// The key: `items[].price`.
    pub path: String,
    /// What became of it.
    pub kind: ShapeChangeKind,
    /// Answers before that have the object in which it is or was.
    pub before: u64,
    /// Answers now that have it.
    pub now: u64,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShapeChangeKind {
    /// Every answer before had it, none has it now.
    Gone,
    /// No answer before had it, every one has it now.
    New,
    /// Its values are of another kind.
    Retyped {
        /// The kinds before.
        from: String,
        /// The kinds now.
        to: String,
    },
}

impl Shape {
    /// Learns from the text of one more answer; from what is no JSON, nothing.
    pub fn learn(&mut self, text: &str) {
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            return;
        };
        let mut seen = BTreeMap::new();
        walk(&value, String::new(), 0, &mut seen);
        for (path, kinds) in seen {
            if self.paths.len() >= PATHS && !self.paths.contains_key(&path) {
                continue;
            }
            let place = self.paths.entry(path).or_default();
            place.answers += 1;
            place.kinds.extend(kinds.into_iter().map(str::to_owned));
        }
    }

    /// Adds what was learned elsewhere.
    pub fn add(&mut self, other: Self) {
        for (path, theirs) in other.paths {
            if self.paths.len() >= PATHS && !self.paths.contains_key(&path) {
                continue;
            }
            let place = self.paths.entry(path).or_default();
            place.answers += theirs.answers;
            place.kinds.extend(theirs.kinds);
        }
    }

    fn answers(&self, path: &str) -> u64 {
        self.paths.get(path).map_or(0, |place| place.answers)
    }

    /// Whether all keys had room: of a shape that is cut, nobody knows what is new or gone.
    fn is_whole(&self) -> bool {
        self.paths.len() < PATHS
    }

    /// What changed since `before`; at most 20 changes. A key within something that is new or gone is not told apart.
    #[must_use]
    pub fn changes_since(&self, before: &Self) -> Vec<ShapeChange> {
        if !self.is_whole() || !before.is_whole() {
            return Vec::new();
        }
        let all: BTreeSet<&String> = self.paths.keys().chain(before.paths.keys()).collect();
        let changes = all.into_iter().filter_map(|path| self.change(before, path));
        changes.take(CHANGES).collect()
    }

    fn change(&self, before: &Self, path: &str) -> Option<ShapeChange> {
        let parent = parent(path)?;
        let (was, is) = (before.answers(parent), self.answers(parent));
        if was < BEFORE || is < NOW {
            return None;
        }
        let kind = match (before.paths.get(path), self.paths.get(path)) {
            // A list may be empty by chance.
            (Some(_), None) if path.ends_with("[]") => None,
            (None, Some(_)) if path.ends_with("[]") => None,
            (Some(place), None) if place.answers == was => Some(ShapeChangeKind::Gone),
            (None, Some(place)) if place.answers == is => Some(ShapeChangeKind::New),
            (Some(old), Some(new)) => retyped(&old.kinds, &new.kinds),
            _ => None,
        };
        Some(ShapeChange {
            path: path.to_owned(),
            kind: kind?,
            before: was,
            now: is,
        })
    }
}

/// Only where no kind is in both.
fn retyped(from: &BTreeSet<String>, to: &BTreeSet<String>) -> Option<ShapeChangeKind> {
    if from.is_empty() || to.is_empty() || !from.is_disjoint(to) {
        return None;
    }
    let joined = |kinds: &BTreeSet<String>| {
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        kinds.join(" or ")
    };
    Some(ShapeChangeKind::Retyped {
        from: joined(from),
        to: joined(to),
    })
}

/// The path of what holds it; none of the whole answer.
fn parent(path: &str) -> Option<&str> {
    match path.strip_suffix("[]") {
        Some(list) => Some(list),
        None if path.is_empty() => None,
        None => Some(path.rfind('.').map_or("", |at| &path[..at])),
    }
}

fn walk(
    value: &Value,
    path: String,
    depth: usize,
    seen: &mut BTreeMap<String, BTreeSet<&'static str>>,
) {
    let kinds = seen.entry(path.clone()).or_default();
    kinds.extend(kind(value));
    if depth == DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                // A dot in a key would look like a level.
                let key = template(key).replace(['.', '['], "_");
                let inner = if path.is_empty() {
                    key
                } else {
                    format!("{path}.{key}")
                };
                walk(member, inner, depth + 1, seen);
            }
        }
        Value::Array(elements) => {
            for element in elements.iter().take(ELEMENTS) {
                walk(element, format!("{path}[]"), depth + 1, seen);
            }
        }
        _ => {}
    }
}

fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("true or false"),
        Value::Number(_) => Some("number"),
        Value::String(_) => Some("text"),
        Value::Array(_) => Some("list"),
        Value::Object(_) => Some("object"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape(answer: &str, times: u64) -> Shape {
        let mut shape = Shape::default();
        (0..times).for_each(|_| shape.learn(answer));
        shape
    }

    #[test]
    fn changes_of_keys_and_kinds_are_told() {
        let check = |before: (&str, u64), now: (&str, u64), expected: &[&str]| {
            let changes = shape(now.0, now.1).changes_since(&shape(before.0, before.1));
            let told: Vec<String> = changes
                .iter()
                .map(|change| match &change.kind {
                    ShapeChangeKind::Gone => format!("-{}", change.path),
                    ShapeChangeKind::New => format!("+{}", change.path),
                    ShapeChangeKind::Retyped { from, to } => {
                        format!("{}: {from} -> {to}", change.path)
                    }
                })
                .collect();
            assert_eq!(told, expected, "{before:?} {now:?}");
        };
        let old = r#"{"id": 1, "price": 2, "tags": []}"#;
        check((old, 5), (old, 2), &[]);
        check(
            (old, 5),
            (r#"{"id": 1, "price": "2", "tags": ["a"]}"#, 2),
            &["price: number -> text"],
        );
        check(
            (old, 5),
            (r#"{"id": 1, "cost": 2, "tags": []}"#, 2),
            &["+cost", "-price"],
        );
        check(
            (r#"[{"a": {"b": 1}}]"#, 9),
            (r#"[{"c": true}]"#, 9),
            &["-[].a", "+[].c"],
        );
        // Null says nothing of a kind, and few answers say nothing at all.
        check(
            (old, 5),
            (r#"{"id": 1, "price": null, "tags": []}"#, 2),
            &[],
        );
        check((old, 4), ("{}", 2), &[]);
        check((old, 5), ("{}", 1), &[]);
        // Identifiers are no keys.
        check(
            (r#"{"u": {"a1b2c3d4e5f6": 1}}"#, 5),
            (r#"{"u": {"f6e5d4c3b2a1": 1}}"#, 2),
            &[],
        );
        check(("no JSON", 5), ("{}", 2), &[]);
    }

    #[test]
    fn what_some_answers_have_is_optional() {
        let mut before = shape(r#"{"a": 1, "b": 1}"#, 9);
        before.learn(r#"{"a": 1}"#);
        let now = shape(r#"{"a": 1}"#, 9);
        assert_eq!(now.changes_since(&before), []);
        assert_eq!(before.changes_since(&now), []);
    }

    proptest! {
        /// Learning apart and adding is learning together.
        #[test]
        fn shapes_add_up(texts in prop::collection::vec("[{\\[\"a:1,\\]}]{0,12}|\\{\"[ab]\":([12]|\"x\"|\\[1\\])\\}", 0..8), at in 0..8usize) {
            let learn = |texts: &[String]| {
                let mut shape = Shape::default();
                texts.iter().for_each(|text| shape.learn(text));
                shape
            };
            let (left, right) = texts.split_at(at.min(texts.len()));
            let mut sum = learn(left);
            sum.add(learn(right));
            prop_assert_eq!(sum, learn(&texts));
        }
    }
}
