//! What the looks of a poll have shown: whether it was waited for, or had become something else.
//!
//! | the last look here | and | it is |
//! |---|---|---|
//! | shows what an earlier look of the passing recording showed | that has more looks | not yet there |
//! | shows what no earlier look showed, here or there | here are earlier looks | over, and otherwise |

use crate::calls::{Call, Try};
use crate::changes::{Kind, changes};
use crate::normalize;

/// So many looks are held against each other.
const LOOKS: usize = 50;

/// Whether the passing recording was shown the same, and looked again.
pub(crate) fn is_not_yet(look: &Call, there: &Call) -> bool {
    let Some((_, earlier)) = there.tries.split_last() else {
        return false;
    };
    let last = shown(look.last());
    !is_alike(&last, &shown(there.last())) && shows(earlier, &last)
}

/// Whether the last look shows something that no look before has shown, neither here nor there.
pub(crate) fn has_moved_on(look: &Call, there: &Call) -> bool {
    let (Some((last, before)), Some((_, earlier))) =
        (look.tries.split_last(), there.tries.split_last())
    else {
        return false;
    };
    let last = shown(last);
    !before.is_empty() && !shows(before, &last) && !shows(earlier, &last)
}

fn shows(looks: &[Try], wanted: &str) -> bool {
    let mut latest = looks.iter().rev().take(LOOKS);
    latest.any(|look| is_alike(wanted, &shown(look)))
}

/// What a look was answered.
fn shown(look: &Try) -> String {
    let status = look.exchange.status().unwrap_or_default();
    let answer = normalize::reply(&look.exchange, None).text;
    format!("[{status},{answer}]")
}

/// Numbers and texts count how far it is.
fn is_alike(one: &str, other: &str) -> bool {
    changes(one, other)
        .iter()
        .all(|change| change.kind == Kind::Value)
}
