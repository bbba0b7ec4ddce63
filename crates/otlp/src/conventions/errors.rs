//! Why a call has no answer, where a span says it in its status, in an event or under names of its own.

use model::{Span, SpanKind, StatusCode, attribute as name};

/// What the conventions have for an error without a type.
const OTHER: &str = "_OTHER";

/// Gives a failed HTTP call without an answer its error's type and message, and a programmatic error of Lumigo (an event
/// whose name is the message) the same.
pub(super) fn complete(span: &mut Span) {
    for event in &mut span.events {
        if let Some(error_type) = event.attributes.remove("lumigo.type") {
            event.attributes.set(name::ERROR_TYPE, error_type);
            event
                .attributes
                .set(name::ERROR_MESSAGE, event.name.clone());
        }
    }
    let is_call = span.kind == SpanKind::Client && span.attributes.get(name::HTTP_METHOD).is_some();
    if !is_call || span.attributes.get(name::HTTP_STATUS).is_some() {
        return;
    }
    let exception = |key| span.exception().and_then(|event| event.attributes.str(key));
    let fact = |key| span.attributes.str(key);
    let status = Some(span.status.message.as_str()).filter(|text| !text.is_empty());
    let other = (span.status.code == StatusCode::Error).then_some(OTHER);
    let named = [
        fact(name::ERROR_TYPE),
        exception(name::EXCEPTION_TYPE),
        fact("http.error_name"),
    ];
    let code = named.into_iter().flatten().find(|text| is_code(text));
    let error_type = code
        .or_else(|| named.into_iter().flatten().next())
        .or(other)
        .map(str::to_owned);
    let message = fact(name::ERROR_MESSAGE)
        .or_else(|| fact("http.error_message"))
        .or_else(|| exception(name::EXCEPTION_MESSAGE))
        .or(status)
        .map(str::to_owned);
    let Some(error_type) = error_type else {
        return;
    };
    span.attributes.set(name::ERROR_TYPE, error_type);
    if let Some(message) = message {
        span.attributes.set(name::ERROR_MESSAGE, message);
    }
}

/// Whether it is a code of the system (`ECONNRESET`) rather than a class (`Error`), which says less.
fn is_code(error_type: &str) -> bool {
    error_type.starts_with('E')
        && error_type
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Attributes, Event, Exchange, SpanId, SpanStatus, Timestamp, TraceId};

    use super::*;

    fn span(facts: &[(&str, &str)], exception: &[(&str, &str)], message: &str) -> Span {
        let mut attributes: Attributes = facts.iter().copied().collect();
        attributes.set(name::HTTP_METHOD, "GET");
        Span {
            trace_id: TraceId([1; 16]),
            span_id: SpanId([1; 8]),
            parent_span_id: None,
            name: "GET".to_owned(),
            kind: SpanKind::Client,
            start: Timestamp(1),
            end: None,
            attributes,
            events: vec![Event {
                name: "exception".to_owned(),
                time: Timestamp(1),
                attributes: exception.iter().copied().collect(),
            }],
            links: vec![],
            status: SpanStatus {
                code: StatusCode::Error,
                message: message.to_owned(),
            },
            resource: Arc::default(),
        }
    }

    #[test]
    fn a_failed_call_says_why() {
        let check = |mut span: Span, expected: (&str, &str)| {
            complete(&mut span);
            let error = Exchange::from_span(&span)
                .and_then(|exchange| exchange.error)
                .unwrap();
            assert_eq!((&*error.error_type, &*error.message), expected);
        };
        let refused = ("exception.type", "ECONNREFUSED");
        let class = ("error.type", "Error");
        check(span(&[], &[refused], "m"), ("ECONNREFUSED", "m"));
        check(span(&[class], &[refused], "m"), ("ECONNREFUSED", "m"));
        check(
            span(
                &[("error.type", "23")],
                &[("exception.type", "AbortError")],
                "",
            ),
            ("23", ""),
        );
        check(
            span(
                &[("http.error_name", "Error"), ("http.error_message", "h")],
                &[],
                "m",
            ),
            ("Error", "h"),
        );
        check(
            span(&[], &[("exception.message", "e")], "m"),
            ("_OTHER", "e"),
        );
    }

    #[test]
    fn an_answer_is_no_error_of_the_network() {
        let mut answered = span(&[], &[("exception.type", "AxiosError")], "m");
        answered.attributes.set(name::HTTP_STATUS, 429);
        complete(&mut answered);
        assert_eq!(answered.attributes.get(name::ERROR_TYPE), None);
    }

    #[test]
    fn a_programmatic_error_has_type_and_message() {
        let mut span = span(&[], &[], "");
        span.events[0].name = "no such customer".to_owned();
        span.events[0].attributes.set("lumigo.type", "Lookup");
        complete(&mut span);
        let facts: Vec<_> = span.events[0]
            .attributes
            .iter()
            .map(|(key, value)| (key, value.as_str()))
            .collect();
        assert_eq!(
            facts,
            [
                ("error.message", Some("no such customer")),
                ("error.type", Some("Lookup"))
            ]
        );
    }
}
