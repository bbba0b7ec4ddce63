//! What was decoded, as text for snapshots.

use std::fmt::Write as _;
use std::sync::Arc;

use model::{Attributes, Body, Exchange, Header, Log, Resource, Span, Value};
use otlp::Decoded;

/// Longer texts are shown by their beginning and their length.
const SHOWN: usize = 160;

/// Everything.
pub(crate) fn all(decoded: &Decoded) -> String {
    let mut text = head(decoded);
    let mut resource = None;
    for span in &decoded.spans {
        resource_once(&mut text, &mut resource, &span.resource);
        show_span(&mut text, span);
    }
    for log in &decoded.logs {
        resource_once(&mut text, &mut resource, &log.resource);
        show_log(&mut text, log);
    }
    text
}

/// The exchanges as diagnosis and pages see them, the other spans by name.
pub(crate) fn exchanges(decoded: &Decoded) -> String {
    let mut text = head(decoded);
    let mut resource = None;
    for span in &decoded.spans {
        resource_once(&mut text, &mut resource, &span.resource);
        match Exchange::from_span(span) {
            Some(exchange) => show_exchange(&mut text, &exchange),
            None => writeln!(
                text,
                "{:?} {:?} {:?} {} events",
                span.kind,
                clipped(&span.name),
                span.status.code,
                span.events.len()
            )
            .unwrap(),
        }
    }
    text
}

fn head(decoded: &Decoded) -> String {
    let mut text = format!("{:?}\n", decoded.counts);
    for problem in &decoded.problems {
        writeln!(text, "problem: {problem} (span {:?})", problem.span_id).unwrap();
    }
    text
}

fn resource_once(text: &mut String, known: &mut Option<Arc<Resource>>, resource: &Arc<Resource>) {
    if known.as_ref() != Some(resource) {
        writeln!(text, "resource").unwrap();
        show_attributes(text, &resource.attributes);
        *known = Some(Arc::clone(resource));
    }
}

fn show_span(text: &mut String, span: &Span) {
    let duration = span.end.map(|end| end.since(span.start));
    writeln!(
        text,
        "span {} {} in {:?}: {:?} {:?} at {} for {duration:?}, {:?} {:?}",
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        span.kind,
        span.name,
        span.start.0,
        span.status.code,
        clipped(&span.status.message)
    )
    .unwrap();
    show_attributes(text, &span.attributes);
    for event in &span.events {
        writeln!(
            text,
            "  event {:?} at {}",
            clipped(&event.name),
            event.time.0
        )
        .unwrap();
        show_attributes(text, &event.attributes);
    }
    for link in &span.links {
        writeln!(text, "  link {} {}", link.trace_id, link.span_id).unwrap();
        show_attributes(text, &link.attributes);
    }
}

fn show_log(text: &mut String, log: &Log) {
    writeln!(
        text,
        "log {:?} {:?} at {} {} {:?}: {}",
        log.trace_id,
        log.span_id,
        log.time.0,
        log.severity,
        log.severity_text,
        value(&log.body)
    )
    .unwrap();
    show_attributes(text, &log.attributes);
}

fn show_attributes(text: &mut String, attributes: &Attributes) {
    for (key, shown) in attributes.iter() {
        writeln!(text, "  {key} = {}", value(shown)).unwrap();
    }
}

fn show_exchange(text: &mut String, exchange: &Exchange) {
    let status = exchange
        .status()
        .map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    writeln!(
        text,
        "{} {} at {}:{:?} -> {status}",
        exchange.method, exchange.url, exchange.host, exchange.port
    )
    .unwrap();
    if let Some(error) = &exchange.error {
        writeln!(
            text,
            "  error {}: {:?}",
            error.error_type,
            clipped(&error.message)
        )
        .unwrap();
    }
    show_side(
        text,
        "sent",
        &exchange.request_headers,
        &exchange.request_body,
    );
    if let Some(response) = &exchange.response {
        show_side(text, "got", &response.headers, &response.body);
    }
}

fn show_side(text: &mut String, side: &str, headers: &[Header], body: &Body) {
    let headers: Vec<String> = headers
        .iter()
        .map(|header| format!("{}: {}", header.name, header.value))
        .collect();
    let content = body
        .content
        .as_ref()
        .map_or_else(|| "none".to_owned(), value);
    let cut = if body.truncated { " (cut)" } else { "" };
    writeln!(text, "  {side} [{}]", headers.join("; ")).unwrap();
    writeln!(text, "  {side} body {content}{cut}").unwrap();
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", clipped(text)),
        other => clipped(&format!("{other:?}")),
    }
}

fn clipped(text: &str) -> String {
    let length = text.chars().count();
    if length <= SHOWN {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(SHOWN).collect();
    format!("{beginning}… ({length})")
}
