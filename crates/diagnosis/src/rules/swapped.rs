//! What the test does in another order than in the passing recording; rows of the table in `test_code.rs`.

use model::{Cause, Owner};

use super::{Stands, Suspect};
use crate::calls::Call;
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::sentence;
use crate::state;

/// Answers that differ, and a write of the test's own on their other side than in the passing recording.
pub(super) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter(|(call, _)| context.is_own(*call))
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = place.0;
    let here = &context.calls[call];
    let there = twin(context, call)?;
    let came_otherwise = match context.difference(call)? {
        Difference::Outcome | Difference::Content => true,
        Difference::Extra => here.last().outcome() != there.last().outcome(),
        Difference::None | Difference::Request => false,
    };
    if !came_otherwise {
        return None;
    }
    let mut writes = (0..context.calls.len()).filter(|write| {
        *write != call && context.is_own(*write) && state::writes(&context.calls[*write])
    });
    let (write, sides) =
        writes.find_map(|write| Some((write, sides(context, (call, there), write)?)))?;
    let clause = format!(
        "the test calls {} {} {}, where the passing recording has it {}, and the latter {}",
        sentence::call(&context.calls[write]),
        sides.0,
        sentence::call(here),
        sides.1,
        sentence::came_out(here.last())
    );
    let told = Suspect::told(
        Cause::TestCode,
        place,
        "order",
        clause,
        91,
        Some(Owner::Test),
    );
    Some(Suspect {
        stands: Stands::Never,
        doubt: Some("why the test does it in another order".to_owned()),
        ..told
    })
}

/// The same call in the passing recording. Alignment keeps the order: what has moved is too much here and missing there.
fn twin<'c>(context: &'c Context, call: usize) -> Option<&'c Call> {
    let one = &context.calls[call];
    let comparison = context.comparison.as_ref()?;
    let same =
        |other: &&Call| other.signature == one.signature && other.request.text == one.request.text;
    // Of several that are the same nobody knows which has moved.
    let is_only = |calls: &[Call]| calls.iter().filter(same).count() == 1;
    let found = comparison.calls.iter().find(same);
    let found = found.filter(|_| is_only(&context.calls) && is_only(&comparison.calls));
    context.counterpart(call).or(found)
}

/// On which side of a call a write is, here and there, where these are not the same.
fn sides(
    context: &Context,
    (call, there): (usize, &Call),
    write: usize,
) -> Option<(&'static str, &'static str)> {
    const BEFORE: &str = "before";
    const AFTER: &str = "after";
    let moved = twin(context, write)?;
    let is_over = |one: &Call, other: &Call| {
        let over = one.last().known_at();
        over.is_some_and(|over| over <= other.start())
    };
    if context.precedes(write, call) && is_over(there, moved) {
        return Some((BEFORE, AFTER));
    }
    (context.precedes(call, write) && is_over(moved, there)).then_some((AFTER, BEFORE))
}
