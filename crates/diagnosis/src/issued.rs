//! Where a credential came from: the answer that hands it out, as that of a log-in does.

use model::{Credential, Response};

use crate::calls::{Call, Try};
use crate::context::Context;

/// Whether an answer of one of the calls has the credential in it.
pub(crate) fn is_by_any(calls: &[Call], credential: &Credential) -> bool {
    calls.iter().any(|call| is_by(call, credential))
}

/// Whether an answer of the call has the credential in it.
pub(crate) fn is_by(call: &Call, credential: &Credential) -> bool {
    let responses = |one: &Try| {
        one.exchange
            .response
            .as_ref()
            .is_some_and(|it| has(it, credential))
    };
    call.tries.iter().any(responses)
}

fn has(response: &Response, credential: &Credential) -> bool {
    let known = credential.pseudonym.as_str();
    let in_body = response
        .body
        .text()
        .is_some_and(|text| text.contains(known));
    let mut headers = response.headers.iter();
    in_body || headers.any(|header| header.value.contains(known))
}

/// Whether a call presents in the passing recording what an earlier answer there hands out, and here that answer handed out
/// nothing that the call presents.
pub(crate) fn is_withheld(context: &Context, earlier: usize, call: usize) -> bool {
    let there = (context.counterpart(earlier), context.counterpart(call));
    let (Some(from), Some(presents)) = there else {
        return false;
    };
    let known = presents.last().exchange.credential.as_ref();
    let own = context.calls[call].last().exchange.credential.as_ref();
    known.is_some_and(|known| is_by(from, known))
        && !own.is_some_and(|own| is_by(&context.calls[earlier], own))
}

/// Whether a later call lacks a credential that this answer hands out in the passing recording.
pub(crate) fn withholds(context: &Context, call: usize) -> bool {
    let mut later = (0..context.calls.len()).filter(|other| context.precedes(call, *other));
    later.any(|other| is_withheld(context, call, other))
}
