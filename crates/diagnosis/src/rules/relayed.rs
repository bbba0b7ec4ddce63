//! What an answer says of somebody behind the one who gave it: a service that repeats in its own refusal what it met.
//!
//! | a refusal with 4xx, where the passing recording has an answer, that says | cause |
//! |---|---|
//! | `ECONNREFUSED`, `ENOTFOUND`, connection refused, no such host, … | unreachable, at most likely |
//! | `ETIMEDOUT`, `TimeoutError`, timed out, deadline exceeded | dependency-slow, at most likely |
//! | the same with 5xx | no: dependency-error, which is whose error it is |

use model::Cause;

use super::{Stands, Suspect};
use crate::calls::Outcome;
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::sentence;

/// What is not reached, in lower case.
const UNREACHABLE: &[&str] = &[
    "econnrefused",
    "econnreset",
    "enotfound",
    "ehostunreach",
    "eai_again",
    "connection refused",
    "connection reset",
    "no such host",
    "name or service not known",
    "no route to host",
];

/// What was waited for in vain, in lower case.
const SLOW: &[&str] = &[
    "etimedout",
    "timeouterror",
    "timed out",
    "deadline exceeded",
];

/// What runs out for the caller, in lower case.
const OF_CALLERS: &[&str] = &["session", "login", "log in", "sign in"];

/// Refusals that repeat what was met behind them.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    // What is said of who asks, or for how long, is said of the caller.
    let is_refused = matches!(
        one.outcome(),
        Outcome::Refused { status, .. } if status < 500 && !matches!(status, 401 | 403 | 408)
    );
    if !is_refused || context.difference(place.0) != Some(Difference::Outcome) {
        return None;
    }
    let says = |words: &[&str]| one.answer.says(words);
    let cause = match () {
        () if says(UNREACHABLE) => Cause::Unreachable,
        () if says(SLOW) && !says(OF_CALLERS) => Cause::DependencySlow,
        () => return None,
    };
    let mut suspect = Suspect::new(cause, place, "relayed", sentence::answered(one), 80);
    suspect.detail = Some("which repeats what it met itself".to_owned());
    suspect.stands = Stands::Never;
    suspect.doubt = Some("whom it had called: its own calls are not in this recording".to_owned());
    Some(suspect)
}
