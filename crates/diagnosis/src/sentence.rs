//! The words: one sentence for each conclusion, and the pieces that it is made of.

use std::time::Duration;

use model::{Cause, Confidence, Peer, Role, RoleBasis, Timestamp};

use crate::calls::{Call, Try};
use crate::context::Context;
use crate::normal::Ids;
use crate::rules::Suspect;
use crate::text::{self, QUOTE_CHARS};
use crate::volatile;

/// Longest message of an answer within a sentence, in characters.
const MESSAGE_CHARS: usize = 60;
/// Longest URL or path within a sentence, in characters.
const URL_CHARS: usize = 80;

/// `answered 429 (Rate Exceeded)`.
pub(crate) fn answered(one: &Try) -> String {
    let status = one
        .exchange
        .status()
        .map_or("nothing".to_owned(), |status| status.to_string());
    let answer = &one.answer;
    let message = answer
        .message
        .as_deref()
        .map(|message| text::one_line(message, MESSAGE_CHARS));
    let message = message.map(|message| message.trim_end_matches('.').to_owned());
    let said = match (&answer.code, message) {
        (Some(code), Some(message)) if !same_words(code, &message) => {
            Some(format!("{code}: {message}"))
        }
        (None, Some(message)) => Some(message),
        (Some(code), _) => Some(code.clone()),
        (None, None) => None,
    };
    said.map_or(format!("answered {status}"), |said| {
        format!("answered {status} ({said})")
    })
}

fn same_words(code: &str, message: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    letters(code) == letters(message)
}

/// `Failed because AWS Lambda answered 429 (Rate Exceeded) at 3.2 s.`
pub(crate) fn blame(context: &Context, suspect: &Suspect, confidence: Confidence) -> String {
    let opening = match confidence {
        Confidence::Established => "Failed because",
        Confidence::Likely | Confidence::Undetermined => "Probably failed because",
    };
    format!("{opening} {}.", clause(context, suspect))
}

/// `AWS Lambda answered 429 (Rate Exceeded) at 3.2 s`.
pub(crate) fn clause(context: &Context, suspect: &Suspect) -> String {
    if let Some(clause) = &suspect.clause {
        return clause.clone();
    }
    let one = context.try_at(suspect.call, suspect.at);
    let call = &context.calls[suspect.call];
    let when = one
        .known_at()
        .filter(|known| *known <= context.failure.end())
        .unwrap_or(one.exchange.start);
    let at = match suspect.cause {
        _ if suspect.awaited => String::new(),
        Cause::DependencySlow => {
            format!(", asked at {}", offset(context, call, one.exchange.start))
        }
        _ => format!(" at {}", offset(context, call, when)),
    };
    let tries = which_try(call, suspect);
    let place = if call.fixture.is_some() {
        " of a shared set-up"
    } else {
        ""
    };
    let detail = suspect
        .detail
        .as_ref()
        .map(|detail| format!(", {detail}"))
        .unwrap_or_default();
    format!(
        "{} {}{at}{tries}{place}{detail}",
        who(&call.peer),
        suspect.happened
    )
}

/// `, the last of 3 tries`, where there were several.
fn which_try(call: &Call, suspect: &Suspect) -> String {
    let tries = call.tries.len();
    match (tries, suspect.at) {
        (0 | 1, _) => String::new(),
        (_, at) if at + 1 == tries => format!(", the last of {tries} tries"),
        (_, at) => format!(", try {} of {tries}", at + 1),
    }
}

/// The peer with what is known of its role.
fn who(peer: &Peer) -> String {
    let name = text::one_line(&peer.name, MESSAGE_CHARS);
    match (peer.role, peer.basis) {
        (Role::Product, RoleBasis::StartedByCommand) => {
            format!("{name}, which the test command started,")
        }
        (Role::Product, _) => format!("the product ({name})"),
        (Role::Unknown, RoleBasis::InTestProcess) => {
            format!("a server in the test's own process ({name})")
        }
        (Role::Unknown, _) => format!("{name} (role unknown)"),
        (Role::Dependency | Role::Infrastructure, _) => name,
    }
}

/// `POST /orders/17 to api`.
pub(crate) fn call(call: &Call) -> String {
    let peer = text::one_line(&call.peer.name, MESSAGE_CHARS);
    format!("{} to {peer}", request(call))
}

/// `POST /orders/17`, with the operation where one path serves many: `POST /graphql (mutation Refund)`.
pub(crate) fn request(call: &Call) -> String {
    let exchange = &call.tries[0].exchange;
    let path = text::one_line(&with_short_names(exchange.path()), URL_CHARS);
    let operation = call.signature.operation.as_deref();
    let operation = operation.map(|name| format!(" ({})", text::one_line(name, MESSAGE_CHARS)));
    let operation = operation.unwrap_or_default();
    format!("{} {path}{operation}", exchange.method)
}

/// A path whose long identifiers are cut: `/projects/8c90500f…/insights`. What follows them says more, and a sentence has
/// its end; the call that a sentence cites has them whole.
fn with_short_names(path: &str) -> String {
    const LONG: usize = 20;
    const KEPT: usize = 8;
    let (mut normal, mut names) = (String::new(), Ids::default());
    volatile::replace(path, &mut normal, &mut names);
    let long = names.iter().filter(|name| name.len() > LONG);
    long.fold(path.to_owned(), |path, name| {
        let kept: String = name.chars().take(KEPT).collect();
        path.replace(name, &format!("{kept}…"))
    })
}

/// How a call came out: `answered 200`, or its error.
pub(crate) fn came_out(one: &Try) -> String {
    match (&one.exchange.response, &one.exchange.error) {
        (Some(_), _) => answered(one),
        (None, Some(error)) => format!(
            "ended with {}",
            text::one_line(&error.error_type, MESSAGE_CHARS)
        ),
        (None, None) if one.exchange.end.is_some() => "ended without an answer".to_owned(),
        (None, None) => "still open".to_owned(),
    }
}

/// The first of the answer's body, quoted.
pub(crate) fn quote(one: &Try) -> Option<String> {
    let body = one.exchange.response.as_ref()?.body.text()?;
    let line = text::one_line(body, QUOTE_CHARS);
    (!line.is_empty()).then_some(line)
}

/// The time since the call's own trace began: the attempt, or the fixture.
pub(crate) fn offset(context: &Context, call: &Call, at: Timestamp) -> String {
    let evidence = context.evidence;
    let fixture = call
        .fixture
        .and_then(|fixture| evidence.fixtures.get(fixture));
    let began = match fixture {
        Some(fixture) => fixture.spans.first().map_or(at, |span| span.start),
        None => evidence.attempt.start,
    };
    duration(at.since(began))
}

/// `118 ms`, `3.2 s`, `4 min`, `3 h`, `12 days`: as exact as people can use it.
pub(crate) fn duration(duration: Duration) -> String {
    let secs = duration.as_secs();
    match secs {
        0 => format!("{} ms", duration.as_millis()),
        1..=119 => {
            let tenths = duration.as_millis() / 100;
            if tenths.is_multiple_of(10) {
                format!("{} s", tenths / 10)
            } else {
                format!("{}.{} s", tenths / 10, tenths % 10)
            }
        }
        120..=7199 => format!("{} min", secs / 60),
        7200..=172_799 => format!("{} h", secs / 3600),
        _ => format!("{} days", secs / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        let check = |millis: u64, expected: &str| {
            assert_eq!(duration(Duration::from_millis(millis)), expected)
        };
        check(0, "0 ms");
        check(118, "118 ms");
        check(3_204, "3.2 s");
        check(2_000, "2 s");
        check(130_000, "2 min");
        check(7_200_000, "2 h");
        check(400_000_000, "4 days");
    }

    #[test]
    fn long_names_in_paths_are_cut() {
        let check = |path: &str, expected: &str| assert_eq!(with_short_names(path), expected);
        check(
            "/projects/8c90500f-757d-4c18-9a19-603f88677dc2/insights",
            "/projects/8c90500f…/insights",
        );
        check(
            "/rooms/!IZcn6iwgTrdOe5ARC370D0xnTqSxF2Do_siV5G0Jbjw:tea.test/send",
            "/rooms/!IZcn6iwg…:tea.test/send",
        );
        check(
            "/v1/charges/ch_rlLoQExR5bcmjF",
            "/v1/charges/ch_rlLoQExR5bcmjF",
        );
        check("/orders/17?limit=5", "/orders/17?limit=5");
        check(
            "/a/8c90500f-757d-4c18-9a19-603f88677dc2/b/8c90500f-757d-4c18-9a19-603f88677dc2",
            "/a/8c90500f…/b/8c90500f…",
        );
    }
}
