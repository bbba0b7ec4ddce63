//! What a recording says again: that a request names what an earlier call named, as in the passing recording.
//!
//! | the passing recording sends | this one | broken? |
//! |---|---|---|
//! | the password with which it made the account | another one | yes |
//! | the identifier of the first thing that it made | that of the second | yes |
//! | an identifier that nothing before has | any | no: nothing to hold it against |
//! | an identifier that an earlier call has, which came out otherwise here | any | no |
//! | the credential of an earlier call | that of another call, which has another one there | yes |
//! | an identifier that several earlier calls have | what one of them has in the same place | no |

use std::collections::{HashMap, HashSet};

use model::ID_LIMIT;

use crate::calls::Call;
use crate::compare::Difference;
use crate::context::Context;
use crate::normal::Normal;

/// The latest earlier call that has, in the passing recording, the identifier that this one sends, where none of those that
/// have it there has the one that is sent here.
pub(crate) fn broken(context: &Context, call: usize) -> Option<usize> {
    let there = context.counterpart(call)?;
    let here = &context.calls[call].request;
    // What is sent in bulk names too much to be held against each earlier call.
    if here.ids.parts.len() > ID_LIMIT
        || here.text != there.request.text
        || here.ids.parts.len() != there.request.ids.parts.len()
    {
        return None;
    }
    let sent = here.ids.iter().zip(there.request.ids.iter());
    let sent: Vec<(&str, &str)> = sent.filter(|(here, there)| here != there).collect();
    let holding = holding(
        context,
        call,
        sent.iter().map(|(_, there)| *there).collect(),
    );
    let mut sent = sent.into_iter();
    sent.find_map(|ids| unlike(context, holding.get(ids.1)?, ids))
}

/// The earlier calls that have, in the passing recording, each of these identifiers. There are many calls with many others.
fn holding<'c>(
    context: &'c Context,
    call: usize,
    wanted: HashSet<&str>,
) -> HashMap<&'c str, Vec<usize>> {
    let mut holding: HashMap<&str, Vec<usize>> = HashMap::new();
    if wanted.is_empty() {
        return holding;
    }
    for other in (0..context.calls.len()).filter(|other| context.precedes(*other, call)) {
        let Some(passing) = context.counterpart(other) else {
            continue;
        };
        for id in passing.request.ids.iter().chain(passing.reply.ids.iter()) {
            if wanted.contains(id) {
                holding.entry(id).or_default().push(other);
            }
        }
    }
    holding
}

fn unlike(context: &Context, holding: &[usize], (here, there): (&str, &str)) -> Option<usize> {
    let mut latest = None;
    for other in holding {
        let passing = context.counterpart(*other)?;
        match beside(&context.calls[*other], passing, (here, there)) {
            Some(true) => return None,
            // What came out otherwise may have given it another one.
            Some(false) if context.difference(*other) != Some(Difference::None) => return None,
            Some(false) => latest = Some(*other),
            None => {}
        }
    }
    latest
}

/// Whether a call has the identifier where the passing one has its own; nothing if that has it nowhere.
fn beside(call: &Call, passing: &Call, (here, there): (&str, &str)) -> Option<bool> {
    let sides = [
        (&call.request, &passing.request),
        (&call.reply, &passing.reply),
    ];
    let mut has = None;
    for (one, other) in sides {
        if one.text != other.text {
            // What is told apart otherwise cannot be compared place by place.
            if holds(other, there) && holds(one, here) {
                return Some(true);
            }
            continue;
        }
        for (id, known) in one.ids.iter().zip(other.ids.iter()) {
            if known == there {
                if id == here {
                    return Some(true);
                }
                has = Some(false);
            }
        }
    }
    has
}

/// The latest earlier call that presents, in the passing recording, the credential that this one presents there, where here
/// this one presents that of another call, which it does not there.
pub(crate) fn of_somebody_else(context: &Context, call: usize) -> Option<usize> {
    let presented = |call: &Call| {
        let credential = call.last().exchange.credential.as_ref();
        credential.map(|credential| credential.pseudonym.clone())
    };
    let here = presented(&context.calls[call])?;
    let there = presented(context.counterpart(call)?)?;
    let mut own = None;
    let mut is_of_another = false;
    for other in (0..context.calls.len()).filter(|other| context.precedes(*other, call)) {
        let passing = context.counterpart(other).and_then(presented);
        let presents = presented(&context.calls[other]).is_some_and(|known| known == here);
        match (passing.as_ref() == Some(&there), presents) {
            (true, true) => return None,
            (true, false) => own = Some(other),
            (false, true) => is_of_another |= passing.is_some(),
            (false, false) => {}
        }
    }
    own.filter(|_| is_of_another)
}

fn holds(normal: &Normal, wanted: &str) -> bool {
    normal.ids.iter().any(|id| id == wanted)
}
