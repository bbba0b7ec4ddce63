//! What the test does in another order than in the passing recording; rows of the table in `test_code.rs`.

use std::collections::HashMap;

use model::{Cause, Owner};

use super::{Stands, Suspect};
use crate::calls::{Call, Signature};
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::sentence;
use crate::state;

/// Answers that differ, and a write of the test's own on their other side than in the passing recording.
pub(super) fn consider(context: &Context) -> Vec<Suspect> {
    let Some(comparison) = &context.comparison else {
        return Vec::new();
    };
    let twins = Twins::of(context, &comparison.calls);
    let is_own_write =
        |write: &usize| context.is_own(*write) && state::writes(&context.calls[*write]);
    let writes: Vec<(usize, &Call)> = (0..context.calls.len())
        .filter(is_own_write)
        .filter_map(|write| Some((write, twins.twin(context, write)?)))
        .collect();
    innocence::open_to_question(context)
        .into_iter()
        .filter(|(call, _)| context.is_own(*call))
        .filter_map(|place| suspect(context, place, twins.twin(context, place.0)?, &writes))
        .collect()
}

fn suspect(
    context: &Context,
    place: (usize, usize),
    there: &Call,
    writes: &[(usize, &Call)],
) -> Option<Suspect> {
    let call = place.0;
    let here = &context.calls[call];
    let came_otherwise = match context.difference(call)? {
        Difference::Outcome | Difference::Content => true,
        Difference::Extra => here.last().outcome() != there.last().outcome(),
        Difference::None | Difference::Request => false,
    };
    if !came_otherwise {
        return None;
    }
    let mut others = writes.iter().filter(|(write, _)| *write != call);
    let (write, sides) =
        others.find_map(|write| Some((write.0, sides(context, (call, there), *write)?)))?;
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

/// The same calls in the passing recording, also where they stand elsewhere: alignment keeps the order, so that what has
/// moved is too much here and missing there.
struct Twins<'c> {
    /// How often a request is made here, and the calls that make it there.
    made: HashMap<(&'c Signature, &'c str), (usize, Vec<&'c Call>)>,
}

impl<'c> Twins<'c> {
    fn of(context: &'c Context, there: &'c [Call]) -> Self {
        let mut made: HashMap<_, (usize, Vec<&Call>)> = HashMap::new();
        for one in &context.calls {
            made.entry(key(one)).or_default().0 += 1;
        }
        for one in there {
            made.entry(key(one)).or_default().1.push(one);
        }
        Self { made }
    }

    /// Of several that are the same nobody knows which has moved.
    fn twin(&self, context: &'c Context, call: usize) -> Option<&'c Call> {
        let moved = || match self.made.get(&key(&context.calls[call])) {
            Some((1, there)) if there.len() == 1 => there.first().copied(),
            _ => None,
        };
        context.counterpart(call).or_else(moved)
    }
}

fn key(call: &Call) -> (&Signature, &str) {
    (&call.signature, &call.request.text)
}

/// On which side of a call a write is, here and there, where these are not the same.
fn sides(
    context: &Context,
    (call, there): (usize, &Call),
    (write, moved): (usize, &Call),
) -> Option<(&'static str, &'static str)> {
    const BEFORE: &str = "before";
    const AFTER: &str = "after";
    let is_over = |one: &Call, other: &Call| {
        let over = one.last().known_at();
        over.is_some_and(|over| over <= other.start())
    };
    if context.precedes(write, call) && is_over(there, moved) {
        return Some((BEFORE, AFTER));
    }
    (context.precedes(call, write) && is_over(moved, there)).then_some((AFTER, BEFORE))
}
