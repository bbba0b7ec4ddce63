//! What other tests of the run wrote, beside what they wrote in the run of the passing recording.
//!
//! Suites are written whose tests rely on each other: one makes a thing, the next one reads it. Then other tests' writes
//! belong to every run, and only beside the passing run can be told which of them are usual.
//!
//! | another test's write of the same thing, before this test began | in the passing run | then |
//! |---|---|---|
//! | is there | is there, too | usual: nobody is blamed for it; an answer that does not show it came too early, or the product lost it |
//! | is there | is not there | new: it may be what changed this test's answers; at most likely where the passing run has no write of others at all |
//! | is not there, or was refused | is there | missing: this test relies on it |
//! | is there | has more writes of others than are kept (500) | new, at most likely |

use std::collections::HashSet;

use model::{Evidence, TOUCH_LIMIT, Touch};

use crate::calls::Call;
use crate::changes;
use crate::compare::Difference;
use crate::context::Context;
use crate::elsewhere;
use crate::how_many;
use crate::state;
use crate::things;

/// Which writes are the same in two runs: whose it is, its method, its template and its operation.
type Kind<'e> = (&'e str, &'e str, &'e str, Option<&'e str>);

/// What is known of other tests' writes, computed once: rules ask for each call.
pub(crate) struct Neighbours<'e> {
    /// Of the passing run, before its attempt began.
    there: HashSet<Kind<'e>>,
    /// Of the passing run, whenever.
    ever_there: HashSet<Kind<'e>>,
    /// Of this run, as far as they were carried out.
    here: HashSet<Kind<'e>>,
    /// Whether the passing run may have had others: as many are known as are kept.
    more_there: bool,
}

impl<'e> Neighbours<'e> {
    pub(crate) fn of(evidence: &'e Evidence) -> Self {
        let touches = evidence.facts.touches.iter();
        let done = touches.filter(|touch| touch.call.fine);
        let of_baseline = evidence.baseline.as_ref();
        Self {
            there: there(evidence).map(kind).collect(),
            ever_there: of_baseline
                .into_iter()
                .flat_map(|baseline| baseline.touches.iter().map(kind))
                .collect(),
            here: done.map(kind).collect(),
            more_there: of_baseline.is_some_and(|there| there.touches.len() >= TOUCH_LIMIT),
        }
    }

    /// Whether it is known what other tests did in the passing run.
    pub(crate) fn are_known(&self) -> bool {
        !self.there.is_empty() && !self.more_there
    }
}

fn kind(touch: &Touch) -> Kind<'_> {
    let call = &touch.call;
    (
        &touch.test,
        &call.method,
        &call.template,
        call.operation.as_deref(),
    )
}

/// Whether a write of another test is there in every run: the passing one had it, too, before its own attempt began.
pub(crate) fn is_usual(context: &Context, touch: &Touch) -> bool {
    is_before(touch, context.evidence.attempt.start)
        && context.neighbours.there.contains(&kind(touch))
}

/// Whether it is new: the passing run did not have it.
pub(crate) fn is_new(context: &Context, touch: &Touch) -> bool {
    context.comparison.is_some() && !context.neighbours.there.contains(&kind(touch))
}

/// Whether nothing like it was done in the passing run, neither before its attempt nor beside it.
pub(crate) fn is_unheard_of(context: &Context, touch: &Touch) -> bool {
    context.comparison.is_some() && !context.neighbours.ever_there.contains(&kind(touch))
}

/// The latest usual write that this answer does not show, although it shows in the passing recording.
pub(crate) fn not_shown<'c>(context: &'c Context, call: usize) -> Option<&'c Touch> {
    let touches = context.evidence.facts.touches.iter();
    let of_it = touches.filter(|touch| lacks_effect(context, call, touch));
    let usual = of_it.filter(|touch| touch.call.fine && is_usual(context, touch));
    usual.max_by_key(|touch| touch.call.start)
}

/// The latest write of another test that the passing run had before its attempt, and this one has not, and whose effect is
/// missing in the answer.
pub(crate) fn missing<'c>(context: &'c Context, call: usize) -> Option<&'c Touch> {
    let of_it = there(context.evidence).filter(|touch| lacks_effect(context, call, touch));
    let here = &context.neighbours.here;
    let gone = of_it.filter(|touch| touch.call.fine && !here.contains(&kind(touch)));
    gone.max_by_key(|touch| touch.call.start)
}

/// The writes of other tests before the passing attempt began.
fn there(evidence: &Evidence) -> impl Iterator<Item = &Touch> {
    let baseline = evidence.baseline.as_ref();
    baseline.into_iter().flat_map(|baseline| {
        let start = baseline.attempt.start;
        let touches = baseline.touches.iter();
        touches.filter(move |touch| is_before(touch, start))
    })
}

fn is_before(touch: &Touch, start: model::Timestamp) -> bool {
    touch.call.end.unwrap_or(touch.call.start) <= start
}

/// Whether an answer is as if a write had not been: nothing where something was made, something where it was taken away,
/// less than in the passing recording, or what was there before an update.
fn lacks_effect(context: &Context, call: usize, touch: &Touch) -> bool {
    let look = &context.calls[call];
    let Some(there) = context.counterpart(call) else {
        return false;
    };
    let differs = matches!(
        context.difference(call),
        Some(Difference::Outcome | Difference::Content)
    );
    if !differs {
        return false;
    }
    if state::writes(look) || !is_of(touch, look) {
        return false;
    }
    let deletes = touch.call.method == "DELETE";
    match (look.last().is_fine(), there.last().is_fine()) {
        (false, true) => !deletes && state::is_not_there(look),
        (true, false) => deletes,
        (false, false) => false,
        (true, true) => {
            let comparison = context.comparison.as_ref();
            let changes = comparison.map_or(&[][..], |comparison| &comparison.answered[call]);
            let less = |kind| matches!(kind, changes::Kind::Shorter | changes::Kind::Removed);
            changes
                .iter()
                .any(|change| match touch.call.method.as_str() {
                    "DELETE" => state::is_more(change),
                    "POST" => {
                        less(change.kind)
                            || how_many::of(change).is_some_and(|(here, there)| here < there)
                    }
                    _ => {
                        less(change.kind)
                            || matches!(change.kind, changes::Kind::Value | changes::Kind::Word)
                    }
                })
        }
    }
}

/// Whether the write is of what is read: the same path, an item of it, or the collection in which it was made.
fn is_of(touch: &Touch, look: &Call) -> bool {
    let (path, write) = (state::path(look), touch.call.path.trim_end_matches('/'));
    let last = path.rsplit('/').next().unwrap_or_default();
    let made_it = || {
        touch
            .call
            .made
            .iter()
            .chain(&touch.call.ids)
            .any(|id| id == last)
    };
    let nested = things::are_nested(path, write);
    is_same_server(touch, look)
        && (nested && (write.len() >= path.len() || made_it()) || shares(touch, look))
}

/// By its address: a name may be declared for one of the two runs only, and ports that systems hand out differ.
fn is_same_server(touch: &Touch, look: &Call) -> bool {
    let first = &look.tries[0].exchange;
    let differ = match (touch.call.port, first.port) {
        (Some(there), Some(here)) => elsewhere::differ(here, there),
        _ => false,
    };
    !differ && elsewhere::same_host(&touch.call.host, &first.host)
}

/// Where one path serves all: whether both name the same thing.
fn shares(touch: &Touch, look: &Call) -> bool {
    let is_generic = touch.call.operation.is_some() || touch.call.path == state::path(look);
    let named = things::entities(look);
    is_generic
        && touch
            .call
            .ids
            .iter()
            .chain(&touch.call.made)
            .any(|id| named.contains(id.as_str()))
}
