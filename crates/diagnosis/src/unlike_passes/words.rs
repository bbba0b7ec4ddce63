//! What is said of an oddity: the call, what is odd, and what that may mean.

use std::time::Duration;

use model::{CallSignature, Oddity};

use super::Told;
use super::outcome::Came;
use crate::answer::Content;
use crate::changes::{self, Change, Kind};
use crate::sentence;
use crate::text;

/// Longest path of a call, or place in an answer, in characters.
const PATH_CHARS: usize = 80;
/// Places in an answer that are named.
const PLACES: usize = 3;

pub(super) const WAS_NOT_MADE: &str = "was not made, as every other pass does";

pub(super) const OF_ERROR: &str = "An error that a test swallows may hide a defect.";
pub(super) const OF_MISSING: &str = "A test that leaves out a call may be checking nothing.";
pub(super) const OF_CREDENTIAL: &str = "It may have tested as somebody else.";
pub(super) const OF_SHAPE: &str = "Whoever reads that will notice; this test did not.";

/// `DELETE /v1/buckets/*`, with the operation where one path serves many.
pub(super) fn call(call: &CallSignature) -> String {
    let path = text::one_line(&call.template, PATH_CHARS);
    match &call.operation {
        Some(operation) => {
            let operation = text::one_line(operation, PATH_CHARS);
            format!("{} {path} ({operation})", call.method)
        }
        None => format!("{} {path}", call.method),
    }
}

/// `answered 500, 404 in the others`; with the codes of the errors where the statuses are the same.
pub(super) fn came_out_otherwise(here: &CallSignature, there: &CallSignature) -> String {
    match (status(here), status(there)) {
        (Some(own), Some(other)) if own != other => {
            format!("answered {own}, {other} in the others")
        }
        (Some(_), Some(_)) => format!("answered {}, {} in the others", here.outcome, there.outcome),
        _ => format!("{}, {} in the others", came_out(here), came_out(there)),
    }
}

/// `answered 500, as in no other pass`.
pub(super) fn failed_besides(call: &CallSignature) -> String {
    format!("{}, as in no other pass", came_out(call))
}

/// What another outcome may mean.
pub(super) fn of_outcome(there: Came<'_>, here: Came<'_>) -> &'static str {
    match (there, here) {
        (_, Came::Fine) => "A test that passes without the refusal may be checking nothing.",
        (Came::Refused(_), _) => "A test that passes on another error may be checking nothing.",
        _ => "A test that passes in spite of an error may be checking nothing.",
    }
}

pub(super) fn presented_another(call: &CallSignature) -> String {
    match call.credential {
        Some(_) => "presented another credential than in the others",
        None => "presented no credential, as it does in the others",
    }
    .to_owned()
}

/// `answered without data.deleted, which the others have`.
pub(super) fn broken(changes: &[&Change]) -> Option<String> {
    let of = |kind: Kind| changes.iter().filter(move |change| change.kind == kind);
    let place = |change: &&&Change| match change.path.as_str() {
        "" => "the answer".to_owned(),
        path => format!("`{}`", text::one_line(&changes::general(path), PATH_CHARS)),
    };
    let mut gone: Vec<String> = of(Kind::Removed)
        .chain(of(Kind::Renamed))
        .map(|change| place(&change))
        .collect();
    gone.dedup();
    if let Some(first) = gone.first() {
        let more = match gone.len() {
            1 => String::new(),
            2..=PLACES => format!(", {}", gone[1..].join(", ")),
            many => format!(
                ", {} and {} more",
                gone[1..PLACES].join(", "),
                many - PLACES
            ),
        };
        return Some(format!("answered without {first}{more}, unlike the others"));
    }
    let another = of(Kind::Type).chain(of(Kind::Wrapped)).next()?;
    let place = place(&another);
    Some(match another.kind {
        Kind::Type => format!("answered with another type of {place} than in the others"),
        _ => format!("answered with another nesting of {place} than in the others"),
    })
}

/// `answered HTML, JSON in the others`.
pub(super) fn another_content(here: Content, there: Content) -> String {
    format!(
        "answered {}, {} in the others",
        content(here),
        content(there)
    )
}

fn content(content: Content) -> &'static str {
    match content {
        Content::Empty => "without a body",
        Content::Json => "JSON",
        Content::BrokenJson => "with JSON that cannot be read",
        Content::Xml => "XML",
        Content::BrokenXml => "with XML that cannot be read",
        Content::Html => "HTML",
        Content::Other | Content::Unknown => "another kind of content",
    }
}

/// `Passed, but not like its 3 other passes: DELETE /v1/buckets/* at 812 ms answered 500, 404 in the others. A test …`
pub(super) fn summary(passes: usize, first: &Told, all: &[Told]) -> String {
    let Oddity { call, text, at, .. } = &first.oddity;
    let at = at.map(|nanos| format!(" at {}", sentence::duration(Duration::from_nanos(nanos))));
    let at = at.unwrap_or_default();
    let more = match all.len() - 1 {
        0 => String::new(),
        1 => " (and 1 more difference)".to_owned(),
        more => format!(" (and {more} more differences)"),
    };
    let moral = first.moral;
    format!("Passed, but not like its {passes} other passes: {call}{at} {text}{more}. {moral}")
}

/// `answered 500`, `ended with ECONNRESET`, `was not answered in time`.
fn came_out(call: &CallSignature) -> String {
    let outcome = &call.outcome;
    match outcome.as_str() {
        "timeout" => "was not answered in time".to_owned(),
        "garbled" => "was answered only in part".to_owned(),
        _ => match status(call) {
            Some(_) => format!("answered {outcome}"),
            None => format!("ended with {outcome}"),
        },
    }
}

/// The status with which an outcome begins.
fn status(call: &CallSignature) -> Option<&str> {
    let first = call.outcome.split(' ').next()?;
    first
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(first)
}
