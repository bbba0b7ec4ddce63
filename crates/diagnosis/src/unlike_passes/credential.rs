//! Calls that presented another credential than in all other passes, although the old one is still in use: a test that meant
//! to be somebody else, or forgot to say who it is. Where the old one is gone, it was merely renewed.

use model::{CallSignature, Evidence, OddityKind};

use super::field::{Field, Found};
use super::outcome::Came;
use super::words;

/// The calls with another credential, each with the one that all others present.
pub(super) fn suspects<'a>(field: &Field<'a>) -> Vec<(&'a CallSignature, &'a str)> {
    let calls = field.calls().filter(|call| !field.had_turned(call));
    let odd = calls.filter_map(|call| Some((call, usual(field, call)?)));
    odd.collect()
}

/// Those of which the old credential is still used: by this attempt, or by another one of the run.
pub(super) fn odd<'a>(field: &Field<'a>, evidence: &Evidence) -> Vec<Found<'a>> {
    let touched = evidence.facts.touches.iter().map(|touch| &touch.call);
    let known: Vec<(&str, &str)> = touched
        .chain(&field.own.calls)
        .filter_map(|call| Some((call.peer.as_str(), call.credential.as_deref()?)))
        .collect();
    let is_in_use = |(call, usual): &(&CallSignature, &str)| {
        let is_it = |known: &(&str, &str)| *known == (call.peer.as_str(), *usual);
        known.iter().any(is_it)
    };
    let suspects = suspects(field).into_iter().filter(is_in_use);
    suspects
        .map(|(call, _)| Found {
            kind: OddityKind::Credential,
            weight: 0,
            here: Some(call),
            there: None,
            text: words::presented_another(call),
            moral: words::OF_CREDENTIAL,
        })
        .collect()
}

/// The one credential that all other passes present with this request, where this one presents another and was answered alike.
fn usual<'a>(field: &Field<'a>, call: &'a CallSignature) -> Option<&'a str> {
    let pool = field.pool(call)?;
    let there = || pool.there.iter().flatten();
    let usual = there().next()?.credential.as_deref()?;
    let is_usual = |other: &CallSignature| other.credential.as_deref() == Some(usual);
    let is_odd = there().all(|other| is_usual(other)) && !pool.here.iter().any(|own| is_usual(own));
    let is_answered_alike = there().any(|other| Came::of(other) == Came::of(call));
    (is_odd && is_answered_alike).then_some(usual)
}
