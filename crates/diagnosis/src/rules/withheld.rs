//! What is said of a credential without an error; rows of the table in `credentials.rs`.

use model::Cause;

use super::{Stands, Suspect, contract_change, is_product};
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::issued;
use crate::sentence;
use crate::text;

/// Longest place in an answer within a sentence, in characters.
const PATH_CHARS: usize = 60;

/// Answers that keep back a credential, or say that it is not good any more.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| gives_none(context, place).or_else(|| is_not_active(context, place)))
        .collect()
}

/// A log-in that is answered with nothing in place of a credential, and without an error.
fn gives_none(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = &context.calls[place.0];
    let comparison = context.comparison.as_ref()?;
    let mut changes = comparison.answered[place.0].iter();
    let none = changes.find(|change| change.here == "null" && change.there.starts_with('"'))?;
    let is_log_in = comparison.differences[place.0] == Difference::Content
        && call.last().is_fine()
        && !is_product(&call.peer)
        && issued::withholds(context, place.0);
    is_log_in.then(|| {
        let happened = format!(
            "answered {} with nothing in place of a credential",
            sentence::request(call)
        );
        let path = text::one_line(&none.path, PATH_CHARS);
        Suspect {
            detail: Some(format!("`{path}` is null")),
            stands: Stands::Never,
            doubt: Some("whether it refuses to log in, or what it answers has changed".to_owned()),
            ..Suspect::new(Cause::Credentials, place, "none", happened, 93)
        }
    })
}

/// A token that is not active any more, as who was asked about it says.
fn is_not_active(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = &context.calls[place.0];
    let comparison = context.comparison.as_ref()?;
    let mut changes = comparison.answered[place.0].iter();
    let is_it = contract_change::tells_of_a_token(context, place.0)
        && changes.any(|change| change.path == "active" && change.here == "false");
    is_it.then(|| Suspect {
        detail: Some("in the passing recording it is".to_owned()),
        stands: Stands::Never,
        doubt: Some("who took the token back".to_owned()),
        ..Suspect::new(
            Cause::Credentials,
            place,
            "inactive",
            format!(
                "answered {} that the token is not active",
                sentence::request(call)
            ),
            88,
        )
    })
}
