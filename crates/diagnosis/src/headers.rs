//! What differs in the headers of two requests or two answers, as far as that can matter.
//!
//! Headers are many, and most of them vary by themselves or say nothing: the date, the length, the tracing context. So of
//! requests only the names of headers count, and values that are words, as far as all passing recordings agree; of answers
//! only what the failure speaks of.

use model::Header;

use crate::calls::Call;
use crate::changes::{Change, Kind};
use crate::failure::Failure;
use crate::text;

/// Headers of requests that say nothing about what is asked for.
const IDLE: &[&str] = &[
    "host",
    "date",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "expect",
    "user-agent",
    "accept-encoding",
    "traceparent",
    "tracestate",
    "baggage",
    "b3",
    "newrelic",
    "sentry-trace",
    "elastic-apm-traceparent",
    // These are matters of credentials, and of what was answered before.
    "authorization",
    "proxy-authorization",
    "cookie",
    "if-modified-since",
    "if-unmodified-since",
    "if-match",
    "if-none-match",
    "origin",
    "referer",
    "x-goog-api-client",
    "x-client-info",
];

/// Beginnings of such.
const IDLE_FAMILIES: &[&str] = &[
    "x-datadog-",
    "x-b3-",
    "x-amz-",
    "amz-sdk-",
    "x-amzn-",
    "x-request-id",
    "x-correlation-id",
    "x-stainless-",
    "idempotency-",
    "sec-",
];

/// What stands before the name of a header in the path of a change.
pub(crate) const HEADER: &str = "header ";

/// What differs in what two calls send, where all further passing recordings agree.
pub(crate) fn sent(here: &Call, there: &Call, further: &[&[Header]]) -> Vec<Change> {
    let (own, other) = (request(here), request(there));
    // What was never sent has none, and so has what an agent does not see.
    if own.is_empty() || other.is_empty() || are_of_other_clients(own, other) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for Header { name, value: usual } in other.iter().filter(counts) {
        let all_have = |wanted: &dyn Fn(&str) -> bool| {
            let mut all = further.iter();
            all.all(|headers| value(headers, name).is_some_and(wanted))
        };
        match value(own, name) {
            None if all_have(&|_| true) => changes.push(change(name, "", usual)),
            Some(here)
                if (is_other_word(here, usual) || !further.is_empty() && is_other(here, usual))
                    && all_have(&|value| value == usual) =>
            {
                changes.push(change(name, here, usual));
            }
            _ => {}
        }
    }
    let is_unknown = |header: &&Header| {
        let mut passing = further.iter().chain([&other]);
        passing.all(|headers| value(headers, &header.name).is_none())
    };
    let added = own.iter().filter(counts).filter(is_unknown);
    changes.extend(added.map(|header| change(&header.name, &header.value, "")));
    changes
}

/// Whether two requests are of clients with other names: then they are hardly the same call.
fn are_of_other_clients(own: &[Header], other: &[Header]) -> bool {
    let name = |headers| {
        let agent: Option<&str> = value(headers, "user-agent");
        agent.map(|agent| {
            agent
                .split(['/', ' '])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    };
    matches!((name(own), name(other)), (Some(own), Some(other)) if own != other)
}

/// What differs in what two calls were answered, and the failure speaks of.
pub(crate) fn answered(here: &Call, there: &Call, failure: &Failure) -> Vec<Change> {
    let (own, other) = (response(here), response(there));
    let told = |header: &&Header| match value(own, &header.name) {
        Some(here) => here != header.value && failure.sets_against(here, &header.value),
        None => failure.misses(&header.value) || names(failure, &header.name),
    };
    let changed = other.iter().filter(told).map(|header| {
        let here = value(own, &header.name).unwrap_or_default();
        change(&header.name, here, &header.value)
    });
    let is_unknown = |header: &&Header| value(other, &header.name).is_none();
    let added = own.iter().filter(is_unknown).filter(|header| {
        names(failure, &header.name) && !other.is_empty() && failure.meets(&header.value)
    });
    changed
        .chain(added.map(|header| change(&header.name, &header.value, "")))
        .collect()
}

/// Whether the failure names a header, or what a header of somebody's own is for: `somekey` of `x-amz-meta-somekey`.
fn names(failure: &Failure, name: &str) -> bool {
    const OWN_CHARS: usize = 4;
    let last = name.rsplit('-').next().unwrap_or_default();
    let is_own = name
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    failure.mentions_header(name)
        || is_own && last.len() >= OWN_CHARS && failure.mentions(&last.to_ascii_lowercase())
}

fn request(call: &Call) -> &[Header] {
    &call.tries[0].exchange.request_headers
}

fn response(call: &Call) -> &[Header] {
    let response = call.last().exchange.response.as_ref();
    response.map_or(&[], |response| &response.headers)
}

/// The value of a header, by its name in any case.
fn value<'h>(headers: &'h [Header], name: &str) -> Option<&'h str> {
    let mut found = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name));
    found.next().map(|header| header.value.as_str())
}

fn counts(header: &&Header) -> bool {
    let name = header.name.to_ascii_lowercase();
    !IDLE.contains(&name.as_str()) && !IDLE_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Whether both are words, such as media types, and others.
/// Whether it is another value, which is told where several passing recordings have the same: no secret, and no number
/// that may count something.
fn is_other(here: &str, there: &str) -> bool {
    const CHARS: usize = 80;
    let is_plain = |value: &str| {
        !value.is_empty()
            && value.len() <= CHARS
            && !value.contains("[masked")
            && value.bytes().any(|byte| byte.is_ascii_alphabetic())
            // Versions, ports and tags have digits.
            && !value.bytes().any(|byte| byte.is_ascii_digit())
    };
    here != there && is_plain(here) && is_plain(there)
}

fn is_other_word(here: &str, there: &str) -> bool {
    let word = |value: &str| {
        let media = value.split(';').next().unwrap_or_default().trim();
        media.to_ascii_lowercase()
    };
    let is_word = |value: &str| {
        !value.is_empty()
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || b"/.+-*, ".contains(&byte))
    };
    let (here, there) = (word(here), word(there));
    here != there && is_word(&here) && is_word(&there)
}

fn change(name: &str, here: &str, there: &str) -> Change {
    let quoted = |value: &str| match value {
        "" => String::new(),
        value => format!("\"{}\"", text::one_line(value, text::QUOTE_CHARS)),
    };
    let bare = |value: &str| value.trim_matches('"').to_ascii_lowercase();
    let kind = match (here, there) {
        ("", _) => Kind::Removed,
        (_, "") => Kind::Added,
        (here, there) if bare(here) == bare(there) => Kind::Type,
        _ => Kind::Word,
    };
    Change {
        path: format!(
            "{HEADER}{}",
            text::one_line(&name.to_ascii_lowercase(), text::QUOTE_CHARS)
        ),
        kind,
        here: quoted(here),
        there: quoted(there),
        lengths: None,
    }
}
