//! Answers of another shape than in all other passes, which give the same answer each time: without a key that these have,
//! with a value of another type, without a body or with another kind of it. Added keys break nobody, and other values are
//! what a test is for.

use model::{CallSignature, Evidence, OddityKind, Phase};

use super::field::{Field, Found};
use super::words;
use crate::answer::Content;
use crate::calls::{self, Call, Directory};
use crate::changes::{self, Change, Kind};

/// The calls that were answered otherwise, with how the other passes were.
pub(super) fn suspects<'a>(field: &Field<'a>) -> Vec<(&'a CallSignature, &'a CallSignature)> {
    let calls = field.calls().filter(|call| call.phase != Phase::Teardown);
    let calls = calls.filter(|call| call.fine && !field.had_turned(call));
    let suspects = calls.filter_map(|call| {
        let pool = field.pool(call)?;
        let ([_], [first, others @ ..]) = (&*pool.here, &*pool.there) else {
            return None;
        };
        let [usual] = &**first else {
            return None;
        };
        let agrees = |calls: &Vec<&CallSignature>| match &**calls {
            [other] => other.fine && other.reply == usual.reply,
            _ => false,
        };
        // To be sent elsewhere, or told that nothing has changed, is no other shape.
        let is_alike = call.outcome.get(..1) == usual.outcome.get(..1);
        let is_odd =
            is_alike && usual.fine && others.iter().all(agrees) && usual.reply != call.reply;
        is_odd.then_some((call, *usual))
    });
    suspects.collect()
}

/// Those whose shape differs, not only their values.
pub(super) fn odd<'a>(field: &Field<'a>, evidence: &Evidence) -> Vec<Found<'a>> {
    let suspects = suspects(field);
    let Some(pass) = evidence.baseline.as_ref().filter(|_| !suspects.is_empty()) else {
        return Vec::new();
    };
    let here = Directory::here(evidence);
    let there = Directory::there(evidence, pass);
    let here = calls::read(here, &evidence.recording, &[], None);
    let there = calls::read(there, &pass.recording, &[], None);
    let find = |calls: &'_ [Call], wanted: &CallSignature| {
        let is_it = |call: &Call| call.tries[0].exchange.span_id == wanted.span_id;
        calls.iter().position(is_it)
    };
    let mut found = Vec::new();
    for (call, _) in suspects {
        let other = field.counterpart(call, pass.attempt.id);
        let pair = find(&here, call).zip(other.and_then(|other| find(&there, other)));
        let Some(text) = pair.and_then(|(one, other)| differs(&here[one], &there[other])) else {
            continue;
        };
        found.push(Found {
            kind: OddityKind::Shape,
            weight: 0,
            here: Some(call),
            there: None,
            text,
            moral: words::OF_SHAPE,
        });
    }
    found
}

/// In what the shapes of two answers differ, in words.
fn differs(here: &Call, there: &Call) -> Option<String> {
    let (own, other) = (here.last().answer.content, there.last().answer.content);
    match (own, other) {
        (Content::Json, Content::Json) | (Content::Xml, Content::Xml) => {
            let changes = changes::changes(&here.reply.text, &there.reply.text);
            let broken = changes.iter().filter(|change| breaks(change));
            words::broken(&broken.collect::<Vec<_>>())
        }
        // What was not captured is not known, and a body where there was none breaks nobody.
        (Content::Unknown, _) | (_, Content::Unknown | Content::Empty) => None,
        _ if own == other => None,
        _ => Some(words::another_content(own, other)),
    }
}

/// Whether who reads the place is not given what it was given before.
fn breaks(change: &Change) -> bool {
    matches!(
        change.kind,
        Kind::Removed | Kind::Renamed | Kind::Wrapped | Kind::Type
    )
}
