//! Where two values in their normal form differ, leaf by leaf, what kind of difference each is, and whether it differs
//! by itself.
//!
//! Lists are compared as bags: another order is no difference, an item too many or too few is one. A key that went and a
//! key that came with the same value are one renamed key. What differs among passing recordings ([`Varying`](crate::varying::Varying)) is never
//! held against a failing one.

mod names;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::normal;
use crate::scan;
use crate::volatile;

/// So many changes of one value are told apart.
const LIMIT: usize = 64;
/// Deepest nesting that is looked into.
const NESTING: usize = 64;
/// Longest list of which the items are matched; beyond it they are compared place by place.
const ITEMS: usize = 2_000;

/// Last words of keys whose numbers and texts measure, and so differ by themselves.
const MEASURES: &[&str] = &[
    "took",
    "duration",
    "elapsed",
    "uptime",
    "latency",
    "ms",
    "ns",
    "age",
    "timestamp",
    "modified",
    "etag",
    "nonce",
    "time",
    "at",
    "date",
    "expires",
    "pid",
    "port",
    "hostname",
    "seed",
];

/// Last words of keys whose numbers every write of a server raises, whoever made it.
const COUNTERS: &[&str] = &["revision", "rev", "seq", "sequence", "lsn"];

/// How a place differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A key that only this one has.
    Added,
    /// A key that only the other one has.
    Removed,
    /// A key under another name, with the same value: here the new name, there the old one.
    Renamed,
    /// The whole value stands one level deeper.
    Wrapped,
    /// A list in place of an object, a text in place of a number.
    Type,
    /// Another word, truth value or nothing.
    Word,
    /// Another number or text.
    Value,
    /// A list with more items.
    Longer,
    /// A list with fewer items.
    Shorter,
    /// A list with the same items in another order, where that is known to say something.
    Order,
}

impl Kind {
    /// Whether it concerns the form of the value rather than what it says.
    pub(crate) fn is_of_shape(self) -> bool {
        matches!(
            self,
            Self::Added | Self::Removed | Self::Renamed | Self::Wrapped | Self::Type
        )
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Where: `hits.total`, `items[3].state`; empty for the whole.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    /// What is there in the one, in its normal form; of a list that is longer the items that are too many.
    pub(crate) here: String,
    /// And in the other.
    pub(crate) there: String,
    /// Of lists of other lengths these.
    pub(crate) lengths: Option<(usize, usize)>,
}

impl Change {
    /// The key of the place, or the name that a renamed key had.
    pub(crate) fn key(&self) -> &str {
        let last = self.path.rsplit('.').next().unwrap_or_default();
        last.split('[').next().unwrap_or_default()
    }

    /// Whether it says something with a single recording to compare with: numbers and texts may vary by themselves.
    pub(crate) fn is_telling(&self) -> bool {
        self.kind != Kind::Value
    }

    /// Whether it is the same word but for capitals and what stands between its parts: `READ_WRITE` and `readwrite`.
    pub(crate) fn is_another_spelling(&self) -> bool {
        self.kind == Kind::Word && is_another_spelling(&self.here, &self.there)
    }

    /// Whether it measures something, which is another value in each run.
    pub(crate) fn measures(&self) -> bool {
        let word = last_word(self.key());
        let is_number = |value: &str| {
            value
                .trim_matches('"')
                .bytes()
                .all(|byte| byte.is_ascii_digit())
        };
        let counts =
            || COUNTERS.contains(&word.as_str()) && is_number(&self.here) && is_number(&self.there);
        matches!(self.kind, Kind::Value) && (MEASURES.contains(&word.as_str()) || counts())
    }
}

/// Whether two texts are one word but for capitals and what stands between its parts. Not with digits: `v1.21` is another
/// version than `v12.1`.
fn is_another_spelling(here: &str, there: &str) -> bool {
    let letters = |text: &str| {
        let letters = text.chars().filter(|one| one.is_alphabetic());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let own = letters(here);
    let has_digits = |text: &str| text.contains(char::is_numeric);
    here != there
        && !own.is_empty()
        && !has_digits(here)
        && !has_digits(there)
        && own == letters(there)
}

/// The last word of a key: `at` of `createdAt` and `created_at`.
fn last_word(key: &str) -> String {
    let start = key
        .char_indices()
        .rev()
        .find(|(_, character)| character.is_ascii_uppercase() || !character.is_alphanumeric());
    let word = match start {
        Some((at, character)) if character.is_ascii_uppercase() => &key[at..],
        Some((at, character)) => &key[at + character.len_utf8()..],
        None => key,
    };
    word.to_ascii_lowercase()
}

/// The differences, in the order of the keys; at most [`LIMIT`].
pub(crate) fn changes(here: &str, there: &str) -> Vec<Change> {
    let mut walk = Walk {
        path: String::new(),
        found: Vec::new(),
    };
    walk.value(here, there, NESTING);
    walk.found
}

/// The first list that has the same items in another order, if there is one: with those items in their orders.
pub(crate) fn reordered(here: &str, there: &str) -> Option<Change> {
    in_another_order(here, there, "", NESTING)
}

fn in_another_order(here: &str, there: &str, path: &str, depth: usize) -> Option<Change> {
    if here == there || depth == 0 {
        return None;
    }
    match (here.as_bytes().first(), there.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let others: BTreeMap<_, _> = scan::members(there).collect();
            scan::members(here).find_map(|(key, left)| {
                let right = others.get(&key)?;
                in_another_order(left, right, &member(path, &key), depth - 1)
            })
        }
        (Some(b'['), Some(b'[')) => {
            let (left, right): (Vec<_>, Vec<_>) =
                (scan::items(here).collect(), scan::items(there).collect());
            let same = left.len() == right.len()
                && left.len() <= ITEMS
                && surplus(&left, &right).is_empty();
            same.then(|| Change {
                path: path.to_owned(),
                kind: Kind::Order,
                here: here.to_owned(),
                there: there.to_owned(),
                lengths: None,
            })
        }
        _ => None,
    }
}

/// The place without the numbers of list items.
pub(crate) fn general(path: &str) -> String {
    let mut general = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        general.push(character);
    }
    general
}

type Key<'a> = std::borrow::Cow<'a, str>;
type Members<'a> = BTreeMap<Key<'a>, &'a str>;

struct Walk {
    path: String,
    found: Vec<Change>,
}

impl Walk {
    fn push(&mut self, kind: Kind, here: &str, there: &str) {
        if self.found.len() < LIMIT {
            self.found.push(Change {
                path: self.path.clone(),
                kind,
                here: here.to_owned(),
                there: there.to_owned(),
                lengths: None,
            });
        }
    }

    /// Walks within a member or an item.
    fn within(&mut self, step: &str, walk: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        walk(self);
        self.path.truncate(length);
    }

    fn value(&mut self, here: &str, there: &str, depth: usize) {
        if here == there || depth == 0 {
            return;
        }
        match (kind(here), kind(there)) {
            (b'{', b'{') => self.objects(here, there, depth),
            (b'[', b'[') => self.arrays(here, there, depth),
            (b'"', b'"') if are_the_same_words(here, there) => {}
            (b'"', b'"') if volatile::same_but_for_tokens(here, there) => {}
            (b'"', b'"') => {
                let bare = |text: &'_ str| normal::is_word(text.trim_matches('"'));
                let words = bare(here) && bare(there)
                    || names::are_of_other_kinds(here, there)
                    || is_another_spelling(here, there);
                self.push(if words { Kind::Word } else { Kind::Value }, here, there);
            }
            (b'0', b'0') => self.push(Kind::Value, here, there),
            (b't' | b'f' | b'n', b't' | b'f' | b'n') | (b'n', _) | (_, b'n') => {
                self.push(Kind::Word, here, there);
            }
            (b'{', _) if holds(here, there) => self.push(Kind::Wrapped, here, there),
            (_, b'{') if holds(there, here) => self.push(Kind::Wrapped, here, there),
            _ => self.push(Kind::Type, here, there),
        }
    }

    fn objects(&mut self, here: &str, there: &str, depth: usize) {
        if holds(here, there) || holds(there, here) {
            return self.push(Kind::Wrapped, here, there);
        }
        let others: BTreeMap<_, _> = scan::members(there).collect();
        let mut own: BTreeMap<_, _> = scan::members(here).collect();
        names::as_there(&mut own, &others);
        if self.maps(&own, &others, depth) {
            return;
        }
        let added = own.iter().filter(|(key, _)| !others.contains_key(*key));
        let mut added: Vec<_> = added.collect();
        for (key, right) in others.iter().filter(|(key, _)| !own.contains_key(*key)) {
            let renamed = added.iter().position(|(_, left)| same_value(left, right));
            let step = member(&self.path, key);
            match renamed {
                Some(at) => {
                    let (name, _) = added.remove(at);
                    self.within(&step, |walk| walk.push(Kind::Renamed, name, key));
                }
                None => self.within(&step, |walk| walk.push(Kind::Removed, "", right)),
            }
        }
        // One key that went and one that came, with values of one kind, are one key, too.
        self.name_renamed(&mut added, &own, &others);
        for (key, left) in added {
            let step = member(&self.path, key);
            self.within(&step, |walk| walk.push(Kind::Added, left, ""));
        }
        for (key, left) in &own {
            if let Some(right) = others.get(key).filter(|right| *right != left) {
                let step = member(&self.path, key);
                self.within(&step, |walk| walk.value(left, right, depth - 1));
            }
        }
    }

    /// Objects whose keys are names of things, such as `@ada:example.org`, are lists of these. Returns whether they are.
    fn maps(&mut self, own: &Members<'_>, others: &Members<'_>, depth: usize) -> bool {
        let all_names = |members: &Members<'_>| members.keys().all(|key| names::is_of_thing(key));
        if own.len() == others.len()
            || own.is_empty() && others.is_empty()
            || !all_names(own)
            || !all_names(others)
        {
            return false;
        }
        let list = |members: &Members<'_>, beside: &Members<'_>| {
            let only = members.iter().filter(|(key, _)| !beside.contains_key(*key));
            let items: Vec<String> = only
                .map(|(key, value)| format!("{{{}:{value}}}", Json::from(key.as_ref())))
                .collect();
            format!("[{}]", items.join(","))
        };
        let kind = match own.len() < others.len() {
            true => Kind::Shorter,
            false => Kind::Longer,
        };
        self.push(kind, &list(own, others), &list(others, own));
        if let Some(change) = self.found.last_mut() {
            change.lengths = Some((own.len(), others.len()));
        }
        for (key, left) in own {
            if let Some(right) = others.get(key).filter(|right| *right != left) {
                let step = member(&self.path, key);
                self.within(&step, |walk| walk.value(left, right, depth - 1));
            }
        }
        true
    }

    fn name_renamed(
        &mut self,
        added: &mut Vec<(&Key<'_>, &&str)>,
        own: &Members<'_>,
        others: &Members<'_>,
    ) {
        let mut removed = others.iter().filter(|(key, _)| !own.contains_key(*key));
        let (Some((old, right)), None, [(new, left)]) =
            (removed.next(), removed.next(), added.as_slice())
        else {
            return;
        };
        let as_id = [left, right].iter().any(|value| **value == IDENTIFIER);
        let is_it = is_alike(left, right) || as_id && names::are_related(old, new);
        if !is_it {
            return;
        }
        // It was told as removed a moment ago.
        let new = (*new).to_string();
        let step = member(&self.path, old);
        let removed = self.found.pop_if(|change| change.kind == Kind::Removed);
        if removed.is_some() {
            self.within(&step, |walk| walk.push(Kind::Renamed, &new, old));
            added.clear();
        }
    }

    fn arrays(&mut self, here: &str, there: &str, depth: usize) {
        let left: Vec<&str> = scan::items(here).collect();
        let right: Vec<&str> = scan::items(there).collect();
        if left.len().max(right.len()) > ITEMS {
            return self.push(Kind::Value, here, there);
        }
        let lengths = (left.len(), right.len());
        let (mut left, right) = (surplus(&left, &right), surplus(&right, &left));
        if left.len() == right.len() {
            for ((at, one), (_, other)) in left.into_iter().zip(right) {
                self.within(&format!("[{at}]"), |walk| walk.value(one, other, depth - 1));
            }
            return;
        }
        let list = |items: &[(usize, &str)]| {
            let items: Vec<&str> = items.iter().map(|(_, item)| *item).collect();
            format!("[{}]", items.join(","))
        };
        if left.len() < right.len() {
            self.push(Kind::Shorter, &list(&left), &list(&right));
        } else {
            left.truncate(LIMIT);
            self.push(Kind::Longer, &list(&left), &list(&right));
        }
        if let Some(change) = self.found.last_mut() {
            change.lengths = Some(lengths);
        }
    }
}

/// Items of a list, each with its place.
type Items<'a> = Vec<(usize, &'a str)>;

/// The items that the other list does not have, or not so often.
fn surplus<'a>(items: &[&'a str], others: &[&str]) -> Items<'a> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for item in others {
        *counts.entry(item).or_default() += 1;
    }
    let mut is_matched = |item: &str| match counts.get_mut(item).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            true
        }
        None => false,
    };
    let places = items.iter().copied().enumerate();
    places.filter(|(_, item)| !is_matched(item)).collect()
}

/// What stands for an identifier, such as the number under a key that ends with `Id`.
const IDENTIFIER: &str = r#""<id>""#;

/// An instant that is written as a number.
const EPOCH: &str = r#""<epoch>""#;

fn member(path: &str, key: &str) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    format!("{dot}{key}")
}

/// The first byte of a value, that of all numbers being `0`.
fn kind(value: &str) -> u8 {
    match value.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => b'0',
        Some(b'"') if value == EPOCH => b'0',
        first => first.copied().unwrap_or_default(),
    }
}

/// Whether two texts list the same words in another order: a set that somebody printed.
fn are_the_same_words(here: &str, there: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        let inner = text.trim_matches('"').split(',');
        let mut parts: Vec<String> = inner.map(|part| part.trim().to_owned()).collect();
        parts.sort_unstable();
        parts
    };
    here.len() == there.len() && here.contains(',') && parts(here) == parts(there)
}

/// Whether the object is nothing but a member that holds the value, and has none of its keys.
fn holds(object: &str, value: &str) -> bool {
    if kind(object) != b'{' || !matches!(kind(value), b'{' | b'[') {
        return false;
    }
    let mut members = scan::members(object);
    let (Some((_, inner)), None) = (members.next(), members.next()) else {
        return false;
    };
    kind(inner) == kind(value) && (inner == value || kind(value) == b'{' && same_keys(inner, value))
}

/// Whether two lists are equally long and of one kind of items, or two objects have the same keys.
fn is_alike(left: &str, right: &str) -> bool {
    match (kind(left), kind(right)) {
        (b'{', b'{') => same_keys(left, right),
        (b'[', b'[') => {
            let kinds = |list: &str| -> Vec<u8> { scan::items(list).map(kind).collect() };
            let (left, right) = (kinds(left), kinds(right));
            !left.is_empty() && left == right
        }
        _ => false,
    }
}

fn same_keys(left: &str, right: &str) -> bool {
    let keys = |object: &str| -> Vec<String> {
        scan::members(object)
            .map(|(key, _)| key.into_owned())
            .collect()
    };
    let (left, right) = (keys(left), keys(right));
    !left.is_empty() && left == right
}

/// Whether a value may be the other one under another key. `true`, `0` and nothing are in many places.
fn same_value(left: &str, right: &str) -> bool {
    left == right && (!matches!(left, "null" | "true" | "false" | "0" | "\"\"") || left.len() > 5)
        || matches!(kind(left), b'{') && kind(right) == b'{' && same_keys(left, right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize;

    fn normal(text: &str) -> String {
        normalize::json(text).map_or(String::new(), |normal| normal.text)
    }

    fn check(here: &str, there: &str, expected: &str) {
        let said: Vec<String> = changes(&normal(here), &normal(there))
            .iter()
            .map(|change| {
                format!(
                    "{:?} {}: {} | {}",
                    change.kind, change.path, change.here, change.there
                )
            })
            .collect();
        assert_eq!(said.join("; "), expected, "{here} {there}");
    }

    #[test]
    fn each_difference_has_a_place_and_a_kind() {
        check(r#"{"a":1}"#, r#"{"a":1}"#, "");
        check(r#"{"a":1}"#, r#"{"a":2}"#, "Value a: 1 | 2");
        check(
            r#"{"a":"open"}"#,
            r#"{"a":"paid"}"#,
            r#"Word a: "open" | "paid""#,
        );
        check(
            r#"{"a":{"b":[1,{"c":"x y"}]}}"#,
            r#"{"a":{"b":[1,{"c":"x z"}]}}"#,
            r#"Value a.b[1].c: "x y" | "x z""#,
        );
        check(
            r#"{"name":"ada","id":3}"#,
            r#"{"title":"ada","id":4}"#,
            "Renamed title: name | title",
        );
        check(
            r#"{"queues":["a b"]}"#,
            r#"{"urls":["c d"]}"#,
            "Renamed urls: queues | urls",
        );
        check(r#"{"a":1,"b":2}"#, r#"{"a":1}"#, "Added b: 2 | ");
        check(r#"{"a":1}"#, r#"{"a":1,"b":2}"#, "Removed b:  | 2");
        check(
            r#"{"data":{"a":1,"b":2}}"#,
            r#"{"a":1,"b":2}"#,
            r#"Wrapped : {"data":{"a":1,"b":2}} | {"a":1,"b":2}"#,
        );
        check(r#"{"a":"1"}"#, r#"{"a":1}"#, r#"Type a: "1" | 1"#);
        check(r#"{"a":[]}"#, r#"{"a":{}}"#, "Type a: [] | {}");
        check(r#"{"a":null}"#, r#"{"a":7}"#, "Word a: null | 7");
    }

    #[test]
    fn keys_end_with_a_word() {
        let check = |key: &str, expected: &str| assert_eq!(last_word(key), expected, "{key}");
        check("createdAt", "at");
        check("created_at", "at");
        check("Content-Age", "age");
        check("message", "message");
        check("", "");
    }

    #[test]
    fn lists_are_bags() {
        check("[3,1,2]", "[1,2,3]", "");
        check(r#"{"a":"x, y,z"}"#, r#"{"a":"z, x,y"}"#, "");
        check("[1,2]", "[1,2,3]", "Shorter : [] | [3]");
        check("[1,2,2]", "[1,2]", "Longer : [2] | []");
        check("[1,9,3]", "[3,1,2]", "Value [1]: 9 | 2");
        check(
            r#"[{"n":"a"},{"n":"b"}]"#,
            r#"[{"n":"b"},{"n":"c"}]"#,
            r#"Word [0].n: "a" | "c""#,
        );
    }

    #[test]
    fn a_word_has_several_spellings() {
        let check = |here: &str, there: &str, expected: bool| {
            assert_eq!(is_another_spelling(here, there), expected, "{here} {there}");
        };
        check("READ_WRITE", "readWrite", true);
        check("read", "read", false);
        check("read", "write", false);
        check("v1.21", "v12.1", false);
        check("--", "-", false);
    }
}
