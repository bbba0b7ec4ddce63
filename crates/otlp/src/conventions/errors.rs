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
    let error_type = fact(name::ERROR_TYPE)
        .or_else(|| exception(name::EXCEPTION_TYPE))
        .or_else(|| fact("http.error_name"))
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
