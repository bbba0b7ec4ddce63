//! The values in which two calls differ: found in what was parsed, never in raw text, and sorted into those that differ
//! by themselves in any two recordings and those that say something.

use std::collections::BTreeMap;

use model::{Body, Exchange};
use serde_json::Value as Json;

use crate::calls::{self, Call};
use crate::normal::Ids;
use crate::volatile;

/// Values of one call that are named; the others are counted.
const LIMIT: usize = 100;

/// A value that differs between two calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    /// The part of the call.
    pub part: Part,
    /// Where in the part: `hits.total`, `items[3].id`, the name of a parameter; empty for the whole.
    pub path: String,
    /// The value here, as JSON; none where only the other call has it.
    pub here: Option<String>,
    /// The value there.
    pub there: Option<String>,
    /// Whether it says something.
    pub kind: ChangeKind,
}

/// A part of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The port of the address.
    Port,
    /// A segment of the path.
    Path,
    /// A parameter of the query.
    Query,
    /// The body of the request.
    Request,
    /// The body of the answer.
    Response,
}

/// What kind of value differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// One that says something.
    Value,
    /// An identifier: any two recordings have other ones.
    Identifier,
    /// An instant.
    Time,
    /// A port of this machine.
    Port,
}

/// What differs between the first requests and the last answers of two calls, and how much more.
pub(crate) fn changes(here: &Call, there: &Call) -> (Vec<ValueChange>, usize) {
    let mut changes = Changes {
        part: Part::Port,
        found: Vec::new(),
        left_out: 0,
    };
    let first = |call: &Call| call.tries[0].exchange.clone();
    let (left, right) = (first(here), first(there));
    changes.address(&left, &right);
    changes.part = Part::Query;
    changes.queries(left.query(), right.query());
    changes.part = Part::Request;
    changes.bodies(&left.request_body, &right.request_body);
    changes.part = Part::Response;
    let (left, right) = (&here.last().exchange, &there.last().exchange);
    if let (Some(left), Some(right)) = (&left.response, &right.response) {
        changes.bodies(&left.body, &right.body);
    }
    (changes.found, changes.left_out)
}

struct Changes {
    part: Part,
    found: Vec<ValueChange>,
    left_out: usize,
}

impl Changes {
    fn push(&mut self, path: &str, here: Option<&Json>, there: Option<&Json>, kind: ChangeKind) {
        if self.found.len() >= LIMIT {
            self.left_out += 1;
            return;
        }
        self.found.push(ValueChange {
            part: self.part,
            path: path.to_owned(),
            here: here.map(Json::to_string),
            there: there.map(Json::to_string),
            kind,
        });
    }

    fn address(&mut self, here: &Exchange, there: &Exchange) {
        if here.port != there.port {
            let port = |call: &Exchange| call.port.map(Json::from);
            let (left, right) = (port(here), port(there));
            self.push("", left.as_ref(), right.as_ref(), ChangeKind::Port);
        }
        self.part = Part::Path;
        let segments = here.path().split('/').zip(there.path().split('/'));
        for (at, (left, right)) in segments
            .enumerate()
            .filter(|(_, (left, right))| left != right)
        {
            // A segment that the template leaves open is an identifier; others are equal, or this is no pair.
            let kind = match calls::template(left) == calls::template(right) {
                true => ChangeKind::Identifier,
                false => ChangeKind::Value,
            };
            let (left, right) = (Json::from(left), Json::from(right));
            self.push(&at.to_string(), Some(&left), Some(&right), kind);
        }
    }

    fn queries(&mut self, here: Option<&str>, there: Option<&str>) {
        let (here, there) = (parameters(here), parameters(there));
        self.value("", "", &here, &there);
    }

    /// What was cut or not kept says nothing.
    fn bodies(&mut self, here: &Body, there: &Body) {
        let (Some(left), Some(right)) = (here.text(), there.text()) else {
            return;
        };
        if here.truncated || there.truncated || left == right {
            return;
        }
        match (parsed(left), parsed(right)) {
            (Some(left), Some(right)) => self.value("", "", &left, &right),
            _ => self.value("", "", &Json::from(left), &Json::from(right)),
        }
    }

    fn value(&mut self, path: &str, key: &str, here: &Json, there: &Json) {
        match (here, there) {
            _ if here == there => {}
            (Json::Object(here), Json::Object(there)) => self.objects(path, here, there),
            (Json::Array(here), Json::Array(there)) => self.arrays(path, key, here, there),
            _ => self.push(path, Some(here), Some(there), kind(key, here, there)),
        }
    }

    fn objects(&mut self, path: &str, here: &Object, there: &Object) {
        let inner = |key: &str| match path.is_empty() {
            true => key.to_owned(),
            false => format!("{path}.{key}"),
        };
        // Members whose names are identifiers find each other by what is left of the names.
        let mut renamed: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for key in there.keys().rev().filter(|key| !here.contains_key(*key)) {
            renamed.entry(replaced(key).0).or_default().push(key);
        }
        for (key, left) in here {
            let other = match there.contains_key(key) {
                true => Some(key),
                false => renamed.get_mut(&replaced(key).0).and_then(Vec::pop),
            };
            match other.and_then(|other| there.get(other)) {
                Some(right) => self.value(&inner(key), key, left, right),
                None => self.push(&inner(key), Some(left), None, ChangeKind::Value),
            }
        }
        for key in renamed.values().flatten() {
            self.push(&inner(key), None, there.get(*key), ChangeKind::Value);
        }
    }

    fn arrays(&mut self, path: &str, key: &str, here: &[Json], there: &[Json]) {
        for at in 0..here.len().max(there.len()) {
            let path = format!("{path}[{at}]");
            match (here.get(at), there.get(at)) {
                (Some(left), Some(right)) => self.value(&path, key, left, right),
                (left, right) => self.push(&path, left, right, ChangeKind::Value),
            }
        }
    }
}

type Object = serde_json::Map<String, Json>;

fn parsed(text: &str) -> Option<Json> {
    serde_json::from_str(text).ok()
}

/// The parameters by name, whatever their order; several of one name as an array.
fn parameters(query: Option<&str>) -> Json {
    let mut by_name: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    let parts = query.unwrap_or_default().split('&');
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        by_name.entry(name).or_default().push(Json::from(value));
    }
    let members = by_name.into_iter().map(|(name, mut values)| {
        let value = match values.len() {
            1 => values.remove(0),
            _ => Json::Array(values),
        };
        (name.to_owned(), value)
    });
    Json::Object(members.collect())
}

/// Whether a difference says something: by the name of the member that has it, and by what is left of both values when
/// their identifiers and instants are taken out.
fn kind(key: &str, here: &Json, there: &Json) -> ChangeKind {
    match (here, there) {
        (Json::String(here), Json::String(there)) => {
            let ((left, ids), (right, _)) = (replaced(here), replaced(there));
            match (left == right, without_ports(&left) == without_ports(&right)) {
                (true, _) if !ids => ChangeKind::Time,
                (false, true) if !ids => ChangeKind::Port,
                (true, _) | (_, true) => ChangeKind::Identifier,
                (false, false) => ChangeKind::Value,
            }
        }
        (Json::Number(here), Json::Number(there)) => {
            let is_instant = |number: &serde_json::Number| volatile::is_epoch(&number.to_string());
            if is_instant(here) && is_instant(there) {
                ChangeKind::Time
            } else if volatile::names_an_id(key) {
                ChangeKind::Identifier
            } else {
                ChangeKind::Value
            }
        }
        _ => ChangeKind::Value,
    }
}

/// A text without its identifiers and instants, and whether it had an identifier.
fn replaced(text: &str) -> (String, bool) {
    let (mut normal, mut ids) = (String::with_capacity(text.len()), Ids::default());
    volatile::replace(text, &mut normal, &mut ids);
    let has_ids = ids.iter().next().is_some();
    (normal, has_ids)
}

/// A text without the ports of addresses in it, such as those of URLs.
fn without_ports(text: &str) -> String {
    let mut parts = text.split(':');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let is_port = (2..=5).contains(&digits) && ends_with_host(&kept);
        kept.push(':');
        kept.push_str(&part[if is_port { digits } else { 0 }..]);
    }
    kept
}

/// Whether a text ends with what looks like a host: a dotted name or address, `localhost`, or brackets.
fn ends_with_host(text: &str) -> bool {
    let of_host = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let before = text.trim_end_matches(of_host);
    let host = &text[before.len()..];
    host.contains('.') || host == "localhost" || text.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(here: &str, there: &str) -> Vec<(String, String, String, ChangeKind)> {
        let mut changes = Changes {
            part: Part::Response,
            found: Vec::new(),
            left_out: 0,
        };
        let body = |text: &str| Body {
            content: Some(model::Value::from(text)),
            ..Body::default()
        };
        changes.bodies(&body(here), &body(there));
        let rows = changes.found.into_iter().map(|change| {
            let value = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
            (
                change.path,
                value(change.here),
                value(change.there),
                change.kind,
            )
        });
        rows.collect()
    }

    fn check(here: &str, there: &str, expected: &[(&str, &str, &str, ChangeKind)]) {
        let own = |text: &str| text.to_owned();
        let expected: Vec<_> = expected
            .iter()
            .map(|&(path, left, right, kind)| (own(path), own(left), own(right), kind))
            .collect();
        assert_eq!(found(here, there), expected, "{here} {there}");
    }

    #[test]
    fn values_are_found_by_their_place() {
        use ChangeKind::{Identifier, Value};
        check(r#"{"a":1, "b":2}"#, r#"{"b":2,"a":1}"#, &[]);
        check(
            r#"{"hits":{"total":3}}"#,
            r#"{"hits":{"total":{"value":3}}}"#,
            &[("hits.total", "3", r#"{"value":3}"#, Value)],
        );
        check(
            r#"{"items":[{"id":1},{"id":2}]}"#,
            r#"{"items":[{"id":7}]}"#,
            &[
                ("items[0].id", "1", "7", Identifier),
                ("items[1]", r#"{"id":2}"#, "-", Value),
            ],
        );
        check(
            r#"{"a":1}"#,
            r#"{"b":1}"#,
            &[("a", "1", "-", Value), ("b", "-", "1", Value)],
        );
        check(
            "rate exceeded",
            "{}",
            &[("", "\"rate exceeded\"", "\"{}\"", Value)],
        );
    }

    #[test]
    fn values_that_differ_anyway_are_of_a_kind() {
        use ChangeKind::{Identifier, Port, Time, Value};
        check(
            r#"{"at":"2026-11-22T18:42:45Z","n":1795372965}"#,
            r#"{"at":"2026-11-23T08:00:00Z","n":1795372970}"#,
            &[
                (
                    "at",
                    "\"2026-11-22T18:42:45Z\"",
                    "\"2026-11-23T08:00:00Z\"",
                    Time,
                ),
                ("n", "1795372965", "1795372970", Time),
            ],
        );
        check(
            r#"{"org-1795000000123":{"ok":true}}"#,
            r#"{"org-1795000000999":{"ok":false}}"#,
            &[("org-1795000000123.ok", "true", "false", Value)],
        );
        check(
            r#"{"url":"http://127.0.0.1:4017/x"}"#,
            r#"{"url":"http://127.0.0.1:38995/x"}"#,
            &[(
                "url",
                r#""http://127.0.0.1:4017/x""#,
                r#""http://127.0.0.1:38995/x""#,
                Port,
            )],
        );
        check(
            r#"{"ratio":"16:9000"}"#,
            r#"{"ratio":"16:1000"}"#,
            &[("ratio", r#""16:9000""#, r#""16:1000""#, Value)],
        );
        let (left, right) = ("[masked:1a2b:0123456789ab]", "[masked:1a2b:ba9876543210]");
        let quoted = |text: &str| format!("\"{text}\"");
        check(
            left,
            right,
            &[("", &quoted(left), &quoted(right), Identifier)],
        );
    }

    #[test]
    fn many_values_are_counted() {
        let list = |from: usize| format!("{:?}", (from..from + 250).collect::<Vec<_>>());
        let mut changes = Changes {
            part: Part::Response,
            found: Vec::new(),
            left_out: 0,
        };
        changes.value(
            "",
            "",
            &parsed(&list(0)).unwrap(),
            &parsed(&list(1)).unwrap(),
        );
        assert_eq!((changes.found.len(), changes.left_out), (LIMIT, 150));
    }

    #[test]
    fn parameters_have_no_order() {
        assert_eq!(
            parameters(Some("b=2&a=1&b=3")),
            parameters(Some("a=1&b=2&b=3"))
        );
        assert_ne!(parameters(Some("b=3&b=2")), parameters(Some("b=2&b=3")));
        assert_eq!(parameters(None), parameters(Some("")));
    }
}
