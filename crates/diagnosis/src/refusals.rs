//! A refusal that the test wants, with the same request that comes out well afterwards, looks like a retry: it asks as
//! somebody else, or again when it may.
//!
//! | the passing recording | this one | they are |
//! |---|---|---|
//! | is refused, and then answered | is answered at once, and fails then | two calls: the first was to be refused |
//! | is refused, and then answered | is refused, and then answered | one call, with a retry |
//! | is refused, and then answered | is answered at once, and goes on | one call: there was nothing to retry |

use model::Phase;

use crate::calls::{Call, Outcome};

/// Takes such calls of a passing recording apart.
pub(crate) fn take_apart(here: &[Call], there: &mut Vec<Call>) {
    let Some(last) = last_of_the_test(here) else {
        return;
    };
    if is_refused(last) || !last.last().is_fine() {
        return;
    }
    let is_same =
        |call: &Call| call.signature == last.signature && call.request.text == last.request.text;
    let asked = here.iter().filter(|call| is_same(call)).count();
    if asked > 1 {
        return;
    }
    let Some(at) = there.iter().position(is_same) else {
        return;
    };
    if there[at].tries.len() < 2 || !is_refused(&there[at]) {
        return;
    }
    let mut again = there[at].clone();
    let first = again.tries.remove(0);
    let refused = Call {
        reply: crate::normalize::reply(&first.exchange, None),
        tries: vec![first],
        ..there[at].clone()
    };
    there[at] = refused;
    there.push(again);
    there.sort_by_key(|call| (call.fixture.is_none(), call.fixture, call.start()));
}

/// The last call of the body that was not made while another one was under way, as those of the servers are that are asked.
fn last_of_the_test(here: &[Call]) -> Option<&Call> {
    let of_body = |call: &&Call| call.fixture.is_none() && call.signature.phase == Phase::Body;
    let mut last: Option<&Call> = None;
    for call in here.iter().filter(of_body) {
        let under_way = last
            .and_then(|last| last.last().exchange.end)
            .is_some_and(|end| call.start() < end);
        if !under_way {
            last = Some(call);
        }
    }
    last
}

/// Whether the first try was refused for who asked. What is not there, or in the way, may be so for the moment only.
fn is_refused(call: &Call) -> bool {
    matches!(
        call.tries[0].outcome(),
        Outcome::Refused {
            status: 401 | 403,
            ..
        }
    )
}
