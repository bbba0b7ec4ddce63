//! What people do without a diagnosis: read only the failure's message, or take the first red span of the waterfall.
//!
//! The same two that `crates/diagnosis/tests/naive.rs` counts on stories, here for the evidence of real runs.

use model::{AttemptStatus, Cause, Evidence, Exchange};

/// Words in a message, and the cause that they make one think of; the first that fits counts.
const WORDS: [(&[&str], Cause); 5] = [
    (
        &[
            "429",
            "rate exceeded",
            "rate limit",
            "throttl",
            "too many requests",
        ],
        Cause::RateLimited,
    ),
    (
        &[
            "econnrefused",
            "econnreset",
            "enotfound",
            "eai_again",
            "socket hang up",
            "certificate",
            "connection refused",
            "connection reset",
            "connectionreseterror",
            "remote end closed",
            "name or service not known",
            "failed to resolve",
            "name resolution",
            "could not connect",
            "sslerror",
        ],
        Cause::Unreachable,
    ),
    (
        &["timeout", "timed out", "etimedout", "aborted"],
        Cause::DependencySlow,
    ),
    (
        &[
            "401",
            "403",
            "unauthorized",
            "forbidden",
            "expired",
            "token",
        ],
        Cause::Credentials,
    ),
    (
        &["500", "502", "503", "504", "service unavailable"],
        Cause::DependencyError,
    ),
];

/// The cause, as far as the message alone says.
pub(super) fn message_only(evidence: &Evidence) -> Cause {
    let Some(failure) = &evidence.attempt.failure else {
        return Cause::Undetermined;
    };
    let text = format!("{} {}", failure.error_type, failure.message).to_lowercase();
    let found = WORDS
        .iter()
        .find(|(words, _)| words.iter().any(|word| text.contains(word)));
    found.map_or(Cause::Undetermined, |(_, cause)| *cause)
}

/// The cause, as the first exchange that looks bad says.
pub(super) fn first_red_span(evidence: &Evidence) -> Cause {
    if evidence.attempt.status == AttemptStatus::Passed {
        return Cause::Undetermined;
    }
    let fixtures = evidence
        .fixtures
        .iter()
        .flat_map(|fixture| fixture.exchanges());
    fixtures
        .chain(evidence.recording.exchanges())
        .find_map(|exchange| red(&exchange))
        .unwrap_or(Cause::Undetermined)
}

fn red(exchange: &Exchange) -> Option<Cause> {
    if let Some(error) = &exchange.error {
        let error = error.error_type.to_lowercase();
        let is_slow = ["timedout", "timeout", "abort"]
            .iter()
            .any(|word| error.contains(word));
        return Some(if is_slow {
            Cause::DependencySlow
        } else {
            Cause::Unreachable
        });
    }
    match exchange.status() {
        None => Some(Cause::DependencySlow),
        Some(429) => Some(Cause::RateLimited),
        Some(401 | 403) => Some(Cause::Credentials),
        Some(400..) => Some(Cause::DependencyError),
        Some(_) => None,
    }
}
