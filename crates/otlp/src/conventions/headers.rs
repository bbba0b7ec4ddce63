//! Headers that are sent as one text, as an attribute for each of them.

use model::{Attributes, attribute as name};

use super::literal::{self, Literal};
use super::{Trouble, body};
use crate::ProblemKind;
use crate::decode::unescape_json;

/// The names of one direction of a call.
pub(super) struct Side {
    /// Where the Lumigo distributions put all headers.
    sent_headers: &'static str,
    /// Where the Lumigo distributions put the body.
    pub(super) sent_body: &'static str,
    pub(super) prefix: &'static str,
    order: &'static str,
    pub(super) body: &'static str,
    pub(super) truncated: &'static str,
}

pub(super) const SIDES: [Side; 2] = [
    Side {
        sent_headers: "http.request.headers",
        sent_body: "http.request.body",
        prefix: name::HTTP_REQUEST_HEADER_PREFIX,
        order: name::REQUEST_HEADER_ORDER,
        body: name::HTTP_REQUEST_BODY,
        truncated: name::REQUEST_BODY_TRUNCATED,
    },
    Side {
        sent_headers: "http.response.headers",
        sent_body: "http.response.body",
        prefix: name::HTTP_RESPONSE_HEADER_PREFIX,
        order: name::RESPONSE_HEADER_ORDER,
        body: name::HTTP_RESPONSE_BODY,
        truncated: name::RESPONSE_BODY_TRUNCATED,
    },
];

/// A header line.
type Line = (String, String);

/// Puts each header under its own name, lower case, and their order beside them. The text stays when it is no list of
/// headers, or when headers are there already.
pub(super) fn take(facts: &mut Attributes, side: &Side) -> Option<Trouble> {
    let has_headers = facts.iter().any(|(key, _)| key.starts_with(side.prefix));
    if has_headers {
        return None;
    }
    let read = read(facts.str(side.sent_headers)?)?;
    let lines = lines(read.literal)?;
    facts.remove(side.sent_headers);
    let mut order = Vec::with_capacity(lines.len());
    for (wire_name, value) in lines {
        let key = format!("{}{}", side.prefix, wire_name.to_ascii_lowercase());
        let mut values: Vec<String> = facts.strings(&key).into_iter().map(str::to_owned).collect();
        values.push(value);
        facts.set(key, values);
        order.push(wire_name);
    }
    if !order.is_empty() && facts.get(side.order).is_none() {
        facts.set(side.order, order);
    }
    read.is_torn
        .then_some((ProblemKind::Torn, side.sent_headers))
}

/// A long JSON text that JavaScript's distribution cut is no JSON to it any more, so that it puts it into quotes.
fn read(sent: &str) -> Option<literal::Read> {
    let inner = sent
        .strip_prefix('"')
        .map(|rest| body::unquoted(sent).unwrap_or_else(|| unescape_json(rest)));
    literal::read(inner.as_deref().unwrap_or(sent))
}

/// Python's SDK writes `user_agent` for `user-agent`, as it does in the environment variables of CGI.
pub(super) fn dashes(facts: &mut Attributes) {
    let is_underscored = |key: &str| {
        SIDES.iter().any(|side| {
            key.strip_prefix(side.prefix)
                .is_some_and(|header| header.contains('_'))
        })
    };
    let keys: Vec<String> = facts
        .iter()
        .map(|(key, _)| key)
        .filter(|key| is_underscored(key))
        .map(str::to_owned)
        .collect();
    for key in keys {
        // The prefixes themselves have no underscore.
        let dashed = key.replace('_', "-");
        if facts.get(&dashed).is_none()
            && let Some(value) = facts.remove(&key)
        {
            facts.set(dashed, value);
        }
    }
}

fn lines(literal: Literal) -> Option<Vec<Line>> {
    match literal {
        Literal::Text(_) => None,
        Literal::Pairs(pairs) if is_cgi(&pairs) => Some(
            pairs
                .into_iter()
                .filter_map(|(key, value)| Some((cgi_header(&key)?, value.into_text()?)))
                .collect(),
        ),
        Literal::Pairs(pairs) => Some(
            pairs
                .into_iter()
                .flat_map(|(key, value)| line(&key, value))
                .collect(),
        ),
        Literal::List(items) => items.into_iter().map(pair).collect(),
    }
}

fn line(key: &str, value: Literal) -> Vec<Line> {
    let values = match value {
        Literal::List(items) => items,
        text => vec![text],
    };
    values
        .into_iter()
        .filter_map(Literal::into_text)
        .map(|value| (key.to_owned(), value))
        .collect()
}

fn pair(item: Literal) -> Option<Line> {
    let Literal::List(items) = item else {
        return None;
    };
    let [key, value] = <[Literal; 2]>::try_from(items).ok()?;
    Some((key.into_text()?, value.into_text()?))
}

/// Whether it is the environment of a WSGI application, which has the headers among other things.
fn is_cgi(pairs: &[(String, Literal)]) -> bool {
    pairs.iter().any(|(key, _)| key == "REQUEST_METHOD")
}

fn cgi_header(variable: &str) -> Option<String> {
    let name = match variable {
        "CONTENT_TYPE" | "CONTENT_LENGTH" => variable,
        _ => variable.strip_prefix("HTTP_")?,
    };
    Some(name.to_ascii_lowercase().replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &str, expected: &[(&str, &[&str])], trouble: Option<ProblemKind>) {
        let mut facts = Attributes::new();
        facts.set("http.response.headers", sent);
        let found = take(&mut facts, &SIDES[1]).map(|(kind, _)| kind);
        let mut wanted = Attributes::new();
        for (key, values) in expected {
            let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
            wanted.set(*key, values);
        }
        if expected.is_empty() {
            wanted.set("http.response.headers", sent);
        }
        assert_eq!((facts, found), (wanted, trouble), "{sent}");
    }

    const ORDER: &str = name::RESPONSE_HEADER_ORDER;

    #[test]
    fn headers_are_read_in_each_way_they_are_printed() {
        check(
            r#"{"Content-Type":"text/plain","set-cookie":["a=1","b=2"]}"#,
            &[
                ("http.response.header.content-type", &["text/plain"]),
                ("http.response.header.set-cookie", &["a=1", "b=2"]),
                (ORDER, &["Content-Type", "set-cookie", "set-cookie"]),
            ],
            None,
        );
        check(
            "{'Retry-After': '2', \"x\": \"it's\"}",
            &[
                ("http.response.header.retry-after", &["2"]),
                ("http.response.header.x", &["it's"]),
                (ORDER, &["Retry-After", "x"]),
            ],
            None,
        );
        check(
            r#"[["A","1"],["A","2"]]"#,
            &[
                ("http.response.header.a", &["1", "2"]),
                (ORDER, &["A", "A"]),
            ],
            None,
        );
        check(
            r#"{"wsgi.version":"(1, 0)","REQUEST_METHOD":"GET","HTTP_X_ID":"7","CONTENT_TYPE":"a/b"}"#,
            &[
                ("http.response.header.x-id", &["7"]),
                ("http.response.header.content-type", &["a/b"]),
                (ORDER, &["x-id", "content-type"]),
            ],
            None,
        );
    }

    #[test]
    fn headers_that_were_cut_are_told() {
        check(
            r#"{"a":"1","b":"2"#,
            &[("http.response.header.a", &["1"]), (ORDER, &["a"])],
            Some(ProblemKind::Torn),
        );
        check(
            r#""{\"a\":\"1\",\"b\":\"2"#,
            &[("http.response.header.a", &["1"]), (ORDER, &["a"])],
            Some(ProblemKind::Torn),
        );
    }

    #[test]
    fn what_are_no_headers_stays() {
        check("\"****\"", &[], None);
        check("[1,2]", &[], None);
        check("", &[], None);
    }

    #[test]
    fn underscores_become_dashes() {
        let mut facts = Attributes::new();
        facts.set("http.request.header.user_agent", "x");
        facts.set("http.request.body_like", "y");
        dashes(&mut facts);
        let keys: Vec<&str> = facts.iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            ["http.request.body_like", "http.request.header.user-agent"]
        );
    }
}
