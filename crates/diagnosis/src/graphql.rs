//! GraphQL requests (<https://spec.graphql.org/October2021/>): what a document does, and what it is called.
//!
//! Documents are read by the words that stand outside of all arguments, texts and comments, and not parsed: what is
//! recorded may be masked, and is then no document any more.

use std::borrow::Cow;

use model::Exchange;
use serde::Deserialize;

pub(crate) const MUTATION: &str = "mutation";

/// What an operation may be; a fragment is none.
const KINDS: &[&str] = &["query", MUTATION, "subscription"];

/// A request is one document or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Sent<'a> {
    #[serde(borrow)]
    One(Request<'a>),
    #[serde(borrow)]
    Several(Vec<Request<'a>>),
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    query: Cow<'a, str>,
    #[serde(borrow, rename = "operationName")]
    name: Option<Cow<'a, str>>,
}

/// An operation of a document: its kind, its name, and its first field.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Operation<'d> {
    kind: &'d str,
    name: Option<&'d str>,
    field: Option<&'d str>,
}

/// `mutation Refund`, `query orders`: the operation that is asked for, by its name or else its first field; of several
/// requests at once the first that changes something, else the first.
pub(crate) fn operation(exchange: &Exchange) -> Option<String> {
    let in_address = || {
        let is_graphql = exchange.path().trim_end_matches('/').ends_with("graphql");
        let query = exchange.query().filter(|_| is_graphql)?;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let (_, document) = pairs.find(|(name, _)| name == "query")?;
        Some(Request {
            query: Cow::Owned(document.into_owned()),
            name: None,
        })
    };
    let requests = sent(exchange);
    let request = requests.iter().find(|one| changes(one));
    let address = in_address();
    let request = request.or(requests.first()).or(address.as_ref())?;
    let operations = operations(&request.query);
    let wanted = request.name.as_deref().filter(|name| !name.is_empty());
    let named = operations
        .iter()
        .find(|one| one.name == wanted && wanted.is_some());
    let change = operations.iter().find(|one| one.kind == MUTATION);
    let one = named.or(change).or(operations.first())?;
    let name = one.name.or(one.field)?;
    Some(format!("{} {name}", one.kind))
}

fn changes(request: &Request<'_>) -> bool {
    let operations = operations(&request.query);
    operations.iter().any(|one| one.kind == MUTATION)
}

/// The kind of an operation that [`operation`] has named.
pub(crate) fn kind(operation: &str) -> Option<&str> {
    let (kind, _) = operation.split_once(' ')?;
    KINDS.contains(&kind).then_some(kind)
}

fn sent(exchange: &Exchange) -> Vec<Request<'_>> {
    let text = exchange.request_body.text().unwrap_or_default();
    if !text.contains("\"query\"") {
        return Vec::new();
    }
    match serde_json::from_str(text) {
        Ok(Sent::One(request)) => vec![request],
        Ok(Sent::Several(requests)) => requests,
        Err(_) => Vec::new(),
    }
}

/// The operations of a document, in order; none of what is no document.
fn operations(document: &str) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    // What has been read of the next one, before its fields begin.
    let mut next = Operation::default();
    let mut words = Words {
        rest: document,
        depth: 0,
    };
    while let Some(word) = words.next() {
        let (text, depth) = word;
        match (text, depth) {
            ("{", 0) => {
                let kind = if next.kind.is_empty() {
                    KINDS[0]
                } else {
                    next.kind
                };
                if kind != FRAGMENT {
                    found.push(Operation { kind, ..next });
                }
                next = Operation::default();
            }
            (_, 0) if KINDS.contains(&text) || text == FRAGMENT => {
                next = Operation {
                    kind: text,
                    ..Operation::default()
                };
            }
            (_, 0) if next.kind.is_empty() => return Vec::new(),
            (_, 0) => next.name = next.name.or(Some(text)),
            (_, 1) if text.starts_with(is_of_word) => {
                let alias = words.rest.trim_start().starts_with(':');
                if let Some(last) = found.last_mut().filter(|_| !alias) {
                    last.field = last.field.or(Some(text));
                }
            }
            _ => {}
        }
    }
    found
}

const FRAGMENT: &str = "fragment";

/// The words of a document outside of arguments, and the braces, each with the depth of braces before it.
struct Words<'d> {
    rest: &'d str,
    depth: usize,
}

impl<'d> Iterator for Words<'d> {
    type Item = (&'d str, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let first = self.rest.chars().next()?;
            let length = match first {
                '(' | '[' => bracketed(self.rest),
                '#' => self.rest.find('\n').unwrap_or(self.rest.len()),
                '"' => text_length(self.rest),
                _ if is_of_word(first) => self
                    .rest
                    .find(|c| !is_of_word(c))
                    .unwrap_or(self.rest.len()),
                _ => first.len_utf8(),
            };
            let (word, rest) = self.rest.split_at_checked(length)?;
            self.rest = rest;
            let depth = self.depth;
            match first {
                '{' => self.depth += 1,
                '}' => self.depth = depth.saturating_sub(1),
                _ if is_of_word(first) => {}
                _ => continue,
            }
            return Some((word, depth));
        }
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Length of what is in brackets at the start, brackets included.
fn bracketed(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        match first {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        at += match first {
            '#' => text[at..].find('\n').unwrap_or(text.len() - at),
            '"' => text_length(&text[at..]),
            _ => first.len_utf8(),
        };
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Length of the text in quotes at the start, quotes included.
fn text_length(text: &str) -> usize {
    if let Some(block) = text.strip_prefix(r#"""""#) {
        return block.find(r#"""""#).map_or(text.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: &[(&str, Option<&str>, Option<&str>)]) {
        let found: Vec<_> = operations(document)
            .iter()
            .map(|one| (one.kind, one.name, one.field))
            .collect();
        assert_eq!(found, expected, "{document}");
    }

    #[test]
    fn documents_name_their_operations() {
        check("{ orders { id } }", &[("query", None, Some("orders"))]);
        check(
            "mutation A($x: In = {a: [1]}) @live { made: place(x: $x) { id } }",
            &[("mutation", Some("A"), Some("place"))],
        );
        check(
            "# mutation {\nquery A { x(a: \"mutation {\") }\nmutation { y }",
            &[
                ("query", Some("A"), Some("x")),
                ("mutation", None, Some("y")),
            ],
        );
        check(
            "fragment F on T { id }\nsubscription S { news { ...F } }",
            &[("subscription", Some("S"), Some("news"))],
        );
        // As far as it was masked.
        check(
            "mutation LogIn($password: [masked:07a7:3386a6071990]) { logIn { jwt } }",
            &[("mutation", Some("LogIn"), Some("logIn"))],
        );
        check("shoes { }", &[]);
        check("query optimisation tips", &[]);
        check("", &[]);
    }

    #[test]
    fn hostile_documents_end() {
        for document in [
            "\"", "\"\\", "\"\"\"", "{{{", "}}}", "é#", "mutatio", "(((", "({é\"", "]",
        ] {
            let _ = operations(document);
        }
    }
}
