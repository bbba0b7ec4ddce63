//! Calls that every other pass makes and this one did not.
//!
//! Most of what a test leaves out has an innocent explanation: somebody before it has fetched the token, a cache has the
//! answer, it looked less often. So only writes count, and looks that come behind one, and only where the test is otherwise
//! the same.

use model::{CallSignature, Evidence, GapKind, OddityKind, Phase, TOUCH_LIMIT, Touch};

use super::field::{Field, Found, Key};
use super::words;

/// The calls that may have been left out, each as another pass made it.
pub(super) fn suspects<'a>(field: &Field<'a>) -> Vec<&'a CallSignature> {
    if !field.never_turned() {
        return Vec::new();
    }
    let body = |key: &&Key<'a>| key.phase == Phase::Body && !key.mocked;
    let body = field.everywhere().filter(body);
    body.filter_map(|key| left_out(field, key)).collect()
}

/// Those of them that nothing explains.
pub(super) fn odd<'a>(field: &Field<'a>, evidence: &Evidence) -> Vec<Found<'a>> {
    if is_torn(evidence) {
        return Vec::new();
    }
    let touches = &evidence.facts.touches;
    let suspects = suspects(field).into_iter();
    suspects
        .filter(|call| !is_explained(call, touches))
        .map(|call| Found {
            kind: OddityKind::Missing,
            weight: 0,
            here: None,
            there: Some(call),
            text: words::WAS_NOT_MADE.to_owned(),
            moral: words::OF_MISSING,
        })
        .collect()
}

/// A call of this kind that is missing: all others make equally many, this one fewer.
fn left_out<'a>(field: &Field<'a>, key: &Key<'a>) -> Option<&'a CallSignature> {
    let (here, there) = (field.here(key), field.there(key));
    let first = there.first()?;
    let is_settled = there.iter().all(|calls| calls.len() == first.len());
    let calls_peer = field.calls().any(|call| call.peer == key.peer);
    if !is_settled || here.len() >= first.len() || !calls_peer {
        return None;
    }
    let everywhere = |request: u64| {
        let has = |calls: &&Vec<&CallSignature>| calls.iter().any(|one| one.request == request);
        there.iter().all(has)
    };
    let mut wanted = first.iter().filter(|call| {
        let is_here = here.iter().any(|own| own.request == call.request);
        !is_here && (here.is_empty() || everywhere(call.request))
    });
    // How often somebody looks is no matter.
    let mut all = there.iter().flat_map(|calls| calls.iter());
    let is_steady = all.all(|call| call.tries == 1);
    wanted
        .find(|call| is_steady && (call.writes || field.follows_a_write(call)))
        .copied()
}

/// Whether records of the attempt were lost, so that a call may have been made all the same.
fn is_torn(evidence: &Evidence) -> bool {
    let loses = |kind: GapKind| {
        !matches!(
            kind,
            GapKind::BodyCut
                | GapKind::BodyUndecodable
                | GapKind::HeaderCut
                | GapKind::AttributeCut
                | GapKind::LogCut
        )
    };
    evidence.recording.gaps.iter().any(|gap| loses(gap.kind))
}

/// Whether another attempt of the run has sent the same, so that it need not be sent again. Where not all that others wrote
/// is known, it may have.
fn is_explained(call: &CallSignature, touches: &[Touch]) -> bool {
    let sent = |touch: &Touch| {
        let other = &touch.call;
        (
            &other.peer,
            &other.method,
            &other.template,
            &other.operation,
            other.request,
        ) == (
            &call.peer,
            &call.method,
            &call.template,
            &call.operation,
            call.request,
        )
    };
    touches.len() >= TOUCH_LIMIT || touches.iter().any(sent)
}
