//! What is in the way of a write, and when it is the product that should not mind; rows of the table in `shared_state.rs`.

use model::Role;

use super::shared_state::told;
use super::{Stands, Suspect};
use crate::compare::Difference;
use crate::context::Context;
use crate::sentence;

/// What is in the way had been written before this test.
pub(super) fn suspect(context: &Context, place: (usize, usize)) -> Suspect {
    let here = &context.calls[place.0];
    let clause = format!(
        "what this test relies on had been written before: {} {}",
        sentence::call(here),
        sentence::came_out(here.last())
    );
    Suspect {
        stands: Stands::Never,
        doubt: Some("who wrote it: an earlier run that was not cleaned up, or somebody whose calls were not recorded".to_owned()),
        ..told(place, "in-the-way", clause, 85)
    }
}

/// Whether the product refuses by itself.
pub(super) fn is_by_the_product(context: &Context, call: usize) -> bool {
    decides_by_itself(context, call) || has_made_it_itself(context, call)
}

/// Whether the product refuses although whom it asks has answered it as ever.
fn decides_by_itself(context: &Context, call: usize) -> bool {
    let asked = || (0..context.calls.len()).filter(|other| context.is_inside(*other, call));
    let as_ever = |other: usize| context.difference(other) == Some(Difference::None);
    context.calls[call].peer.role == Role::Product
        && asked().next().is_some()
        && asked().all(as_ever)
}

/// Whether the product refuses what this recording has asked it for before, word for word, and it accepts twice in the
/// passing one.
fn has_made_it_itself(context: &Context, call: usize) -> bool {
    let here = &context.calls[call];
    let same = |other: usize| {
        let one = &context.calls[other];
        context.precedes(other, call)
            && one.signature == here.signature
            && one.request.text == here.request.text
            && one.last().is_fine()
    };
    let was_fine = context
        .counterpart(call)
        .is_some_and(|there| there.last().is_fine());
    here.peer.role == Role::Product && was_fine && (0..context.calls.len()).any(same)
}
