//! `dependency-error`: an error or a malformed answer of the other side.
//!
//! | the answer | dependency-error? |
//! |---|---|
//! | 500, 502, 503, 504 | yes |
//! | 503 with `Retry-After` | no: rate-limited |
//! | `grpc-status: 13` or `14` | yes |
//! | 200 announced as JSON or XML that is none | yes, unless the passing recording has that too |
//! | 200 announced as gzip, and the failure is a decoder's | yes |
//! | 200 cut before its end | yes |
//! | 200 whose content was not kept, the last answer, and the failure is that of a reader of JSON | yes, at most likely |
//! | 200 HTML or empty, where the passing recording has JSON or XML | yes |
//! | 304, whose content the client has already | no |
//! | 200 that begins as JSON and is none, whatever it announces, where the passing recording has JSON | yes |
//! | 200 HTML, with nothing to compare with, and nobody reads JSON | no |
//! | 200 with GraphQL error code `INTERNAL_SERVER_ERROR` | yes |
//! | 200 with another error in a GraphQL, Slack or JSON-RPC answer, where the passing recording has none | yes |
//! | 200 with a part of a batch that has a status of 500 or more | yes |
//! | bytes that are no HTTP | yes |
//! | 503 applied, then 412 on the retry | yes, the 503 |
//! | 503 applied, then 200 on the retry of a POST, and what is read later has more of it | yes, the 503 |
//! | 500, then 200 on the retry | no: absorbed |
//! | 500, then 200 with broken JSON on the retry | yes, the 200 |
//! | 500 or more that says that something is not there, and another test of the run took something away from that server meanwhile, and not in the passing run | yes, at most likely |
//! | 500 or more of a service that had itself given up a call for it, which is answered three times as fast in the passing recording | yes, at most likely |
//! | 404 alone | no |

use model::{Cause, Touch};
use serde::de::IgnoredAny;

use super::{Stands, Suspect, credentials, dependency_slow, meanwhile, rate_limited, shared_state};
use crate::answer::Content;
use crate::calls::Try;
use crate::changes::{Change, Kind};
use crate::context::Context;
use crate::how_many;
use crate::innocence;
use crate::neighbours;
use crate::packed;
use crate::sentence;
use crate::state::{self, Before, Shows};
use crate::trouble::Trouble;
use crate::unmoved;
use crate::writes;

/// The class of what only its reader could say something of.
const UNREAD: &str = "unread";

/// Calls that were answered with an error of the other side, or not properly.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    let open = innocence::open_to_question(context);
    let mut suspects: Vec<Suspect> = open
        .iter()
        .filter_map(|place| suspect(context, *place))
        .collect();
    suspects.extend(open.iter().filter_map(|place| done_twice(context, *place)));
    suspects
}

/// A write that was answered with an error although it had been carried out, and that the retry carried out once more:
/// what is read later has more of it than in the passing recording.
fn done_twice(context: &Context, (call, _): (usize, usize)) -> Option<Suspect> {
    let write = &context.calls[call];
    let last = write.tries.len() - 1;
    let at = write.tries[..last]
        .iter()
        .position(Try::may_have_been_applied)?;
    let once_more = write.signature.method == "POST" && write.last().is_fine();
    let comparison = context.comparison.as_ref()?;
    let has_more = |later: usize| {
        let is_more = |change: &Change| match change.kind {
            Kind::Longer => true,
            Kind::Value | Kind::Word => {
                how_many::numbers(change).is_some_and(|(here, there)| here > there)
            }
            _ => false,
        };
        // Not what another test made, nor what was there before, nor what this test had deleted and is still shown.
        let still = |before: Before| before.shows == Shows::Still;
        context.precedes(call, later)
            && comparison.answered[later].iter().any(is_more)
            && shared_state::touch(context, later).is_none()
            && !meanwhile::may_be_behind(context, later)
            && unmoved::as_before(context, later).is_none()
            && !state::before_write(context, later).is_some_and(still)
    };
    if !once_more || !state::writes(write) {
        return None;
    }
    let later = (0..context.calls.len()).find(|later| has_more(*later))?;
    let one = context.try_at(call, at);
    let class = error(one).map_or_else(|| "no answer".to_owned(), |(class, _)| class);
    let mut suspect = Suspect::new(
        Cause::DependencyError,
        (call, at),
        class,
        format!(
            "{} although it had carried out the call",
            sentence::came_out(one)
        ),
        96,
    );
    suspect.detail = Some("and the retry carried it out once more".to_owned());
    suspect.findings.push(format!(
        "{} shows more than in the passing recording.",
        sentence::call(&context.calls[later])
    ));
    Some(suspect)
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    if rate_limited::refusal(one).is_some() {
        return None;
    }
    let (class, happened) = error(one)
        .or_else(|| malformed(context, place))
        .or_else(|| unlike_the_passing_one(context, place))?;
    let mut suspect = Suspect::new(Cause::DependencyError, place, class, happened, 90);
    if suspect.class == UNREAD {
        suspect.stands = Stands::Never;
    }
    if may_have_been_taken_away(context, place) {
        suspect.stands = Stands::Never;
        suspect.doubt = Some(
            "whether another test of the run took away what the answer says is not there"
                .to_owned(),
        );
    }
    if let Some(cut) = cut_by_itself(context, place) {
        suspect.stands = Stands::Never;
        suspect.doubt = Some(format!(
            "whether it failed for {}, for which it did not wait to the end",
            sentence::call(&context.calls[cut])
        ));
    }
    let last = context.calls[place.0].last();
    if place.1 + 1 < context.calls[place.0].tries.len() && !last.is_fine() {
        let status = last.exchange.status().unwrap_or_default();
        suspect.findings.push(format!(
            "The retry was answered {status}: the first try had been applied all the same."
        ));
    }
    Some(suspect)
}

/// A call of a service that answered 500 and more, which it had made for that and given up, and which has an answer in the
/// passing recording much sooner. It may have failed for that, or have given it up because it had failed already.
fn cut_by_itself(context: &Context, (call, at): (usize, usize)) -> Option<usize> {
    let status = context.try_at(call, at).exchange.status()?;
    let is_cut = |other: usize| {
        let was_given_up = matches!(
            context.calls[other].last().trouble,
            Some(Trouble::Cancelled | Trouble::Timeout)
        );
        let one = context.calls[other].last();
        let waited = one.known_at().map(|end| end.since(one.exchange.start));
        let was_slower =
            waited.is_some_and(|waited| dependency_slow::is_much_longer(context, other, waited));
        was_given_up && was_slower && context.is_inside(other, call)
    };
    let mut others = (0..context.calls.len()).filter(|_| status >= 500);
    others.find(|other| is_cut(*other))
}

/// Whether an error says that something is not there, and another test of the run had taken something away there meanwhile.
fn may_have_been_taken_away(context: &Context, (call, at): (usize, usize)) -> bool {
    let one = context.try_at(call, at);
    let message = one.answer.message.as_deref().unwrap_or_default();
    let is_absence = |word: &str| matches!(word, "no" | "not" | "missing" | "unknown" | "gone");
    let mut words = message.split(|one: char| !one.is_ascii_alphanumeric());
    let until = context.known_at(call);
    let took = |touch: &Touch| {
        let here = &touch.call;
        let deletes =
            here.method == "DELETE" || here.method == "POST" && writes::path_deletes(&here.path);
        deletes
            && here.fine
            && (context.evidence.attempt.start..=until).contains(&here.start)
            && shared_state::is_same_server(context, touch, call)
            && !neighbours::is_usual(context, touch)
    };
    one.exchange.status().is_some_and(|status| status >= 500)
        && words.any(|word| is_absence(&word.to_ascii_lowercase()))
        && context.evidence.facts.touches.iter().any(took)
}

fn error(one: &Try) -> Option<(String, String)> {
    let response = one.exchange.response.as_ref()?;
    let answer = &one.answer;
    let inner = answer.inner_status.filter(|status| *status >= 500);
    if let Some(status) = inner {
        return Some((status.to_string(), sentence::answered(one)));
    }
    if response.status >= 500 {
        return Some((response.status.to_string(), sentence::answered(one)));
    }
    if let Some(name) = answer.grpc_status.and_then(grpc_name) {
        return Some((name.to_owned(), sentence::answered(one)));
    }
    let internal = [
        "INTERNAL_SERVER_ERROR",
        "INTERNAL_ERROR",
        "INTERNAL",
        "UNAVAILABLE",
        "internal_error",
        "fatal_error",
        "InternalError",
        "InternalFailure",
        "ServiceUnavailable",
        "Internal Server Error",
    ];
    let code = answer
        .code
        .as_deref()
        .filter(|code| answer.error_inside && internal.contains(code))?;
    Some((code.to_owned(), sentence::answered(one)))
}

fn grpc_name(status: u32) -> Option<&'static str> {
    match status {
        13 => Some("INTERNAL"),
        14 => Some("UNAVAILABLE"),
        _ => None,
    }
}

fn malformed(context: &Context, (call, at): (usize, usize)) -> Option<(String, String)> {
    let one = context.try_at(call, at);
    if one.trouble == Some(Trouble::Garbled) {
        return Some((
            "malformed".to_owned(),
            "answered with something that is not HTTP".to_owned(),
        ));
    }
    let response = one.exchange.response.as_ref()?;
    if response.status >= 400 || one.trouble.is_some() {
        return None;
    }
    if response.complete == Some(false) && one.exchange.end.is_some() {
        return Some((
            "truncated".to_owned(),
            format!("answered {}, and its body broke off", response.status),
        ));
    }
    if let Some(encoding) = response.header("content-encoding")
        && context.failure.speaks_of_decoding()
        && is_last(context, call)
    {
        let encoding = crate::text::one_line(encoding, 20);
        return Some((
            "malformed".to_owned(),
            format!(
                "answered {} with a body that is not the {encoding} it announces",
                response.status
            ),
        ));
    }
    let there = context
        .counterpart(call)
        .map(|other| other.last().answer.content);
    let kind = response.header("content-type").unwrap_or_default();
    let announced = match one.answer.content {
        Content::BrokenJson if packed::is_announced(kind) => "MessagePack",
        Content::BrokenJson => "JSON",
        Content::BrokenXml => "XML",
        Content::Unknown => return unread(context, call),
        _ => return None,
    };
    (there != Some(one.answer.content) && response.complete != Some(false)).then(|| {
        (
            "malformed".to_owned(),
            format!(
                "answered {} with a body that is not the {announced} it announces",
                response.status
            ),
        )
    })
}

/// What could not be kept, and is the last answer before a reader of JSON complains.
fn unread(context: &Context, call: usize) -> Option<(String, String)> {
    let response = context.calls[call].last().exchange.response.as_ref()?;
    let there = context.counterpart(call)?.last().answer.content;
    let is_it = there == Content::Json
        && !response.body.truncated
        && context.failure.speaks_of_json()
        && context.counting().last() == Some(&call);
    is_it.then(|| {
        let status = response.status;
        let happened = format!(
            "answered {status} with a body that could not be kept, and that is no JSON for who read it"
        );
        (UNREAD.to_owned(), happened)
    })
}

/// Whether it is the last answer in a compressed form that the test got.
fn is_last(context: &Context, call: usize) -> bool {
    let is_encoded = |other: &usize| {
        let response = context.calls[*other].last().exchange.response.as_ref();
        response.is_some_and(|response| response.header("content-encoding").is_some())
    };
    let mut own = context.counting().into_iter().rev();
    own.find(|other| context.is_own(*other) && is_encoded(other)) == Some(call)
}

fn unlike_the_passing_one(
    context: &Context,
    (call, at): (usize, usize),
) -> Option<(String, String)> {
    let one = context.try_at(call, at);
    let status = one
        .exchange
        .status()
        .filter(|status| *status < 400 && one.trouble.is_none())?;
    let other = context.counterpart(call)?;
    let expected = other.last().answer.content;
    let usual = if expected == Content::Xml {
        "XML"
    } else {
        "JSON"
    };
    if one.answer.error_inside {
        return error_in_an_answer(context, call, at);
    }
    let may_be_empty = matches!(status, 204 | 304);
    if !matches!(expected, Content::Json | Content::Xml) || !other.last().is_fine() || may_be_empty
    {
        return None;
    }
    match one.answer.content {
        Content::Other if expected == Content::Json && is_broken_json(one) => Some((
            "malformed".to_owned(),
            format!("answered {status} with JSON that is cut short or broken"),
        )),
        Content::Html => Some((
            "html".to_owned(),
            format!("answered {status} with an HTML page in place of {usual}"),
        )),
        // What is still coming when its client gives up is late, not empty.
        Content::Empty if one.exchange.aborted_by.is_none() && one.exchange.end.is_some() => {
            Some((
                "empty".to_owned(),
                format!("answered {status} with nothing in place of {usual}"),
            ))
        }
        _ => None,
    }
}

/// Whether the body begins as JSON does and is none, all of it being known; several values one after the other are no error.
fn is_broken_json(one: &Try) -> bool {
    // Of what its client left, no more than the head is known.
    let is_whole = one.exchange.aborted_by.is_none() && one.exchange.end.is_some();
    let response = one.exchange.response.as_ref().filter(|_| is_whole);
    let body = response
        .filter(|response| response.complete != Some(false))
        .map(|response| &response.body);
    let text = body
        .filter(|body| !body.truncated)
        .and_then(|body| body.text());
    let is_broken = |text: &str| {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
        text.trim_start().starts_with(['{', '[']) && values.next().is_none_or(|one| one.is_err())
    };
    text.is_some_and(is_broken)
}

/// An error in an envelope that says success, where the passing recording has none.
fn error_in_an_answer(context: &Context, call: usize, at: usize) -> Option<(String, String)> {
    let one = context.try_at(call, at);
    let there = context.counterpart(call)?.last();
    let of_credentials = credentials::refusal(one).is_some();
    let here = &context.calls[call];
    // What is not there, or in the way, may be nobody's error.
    if of_credentials || !there.is_fine() || state::is_not_there(here) || state::is_in_the_way(here)
    {
        return None;
    }
    let class = one.answer.code.clone();
    Some((
        class.unwrap_or_else(|| "error".to_owned()),
        sentence::answered(one),
    ))
}
