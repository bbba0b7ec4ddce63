//! What the looks of a poll have shown: whether it was waited for, or had become something else.
//!
//! | the last look here | and | it is |
//! |---|---|---|
//! | shows what an earlier look of the passing recording showed | that has more looks | not yet there |
//! | has a word such as `queued` in place of another one | there were several | not yet there |
//! | shows something else than the first ones | no earlier look of the passing recording shows it | over, and otherwise |

use crate::calls::{Call, Try};
use crate::changes::{Change, Kind, changes};
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

/// Whether the last of several looks shows a word that says that it will go on, where the passing recording has another.
pub(crate) fn is_pending(look: &Call, change: &Change) -> bool {
    const PENDING: &[&str] = &[
        "queued",
        "pending",
        "processing",
        "running",
        "scheduled",
        "waiting",
        "in_progress",
        "inprogress",
        "in-progress",
        "starting",
        "building",
        "enqueued",
        "submitted",
    ];
    let bare = |text: &str| text.trim_matches('"').to_ascii_lowercase();
    let is_word = |text: &str| PENDING.contains(&bare(text).as_str());
    look.tries.len() > 1 && is_word(&change.here) && !is_word(&change.there)
}

/// Whether the looks have come to show something that no look before the last has shown in the passing recording.
pub(crate) fn has_moved_on(look: &Call, there: &Call) -> bool {
    let (Some((last, before)), Some((_, earlier))) =
        (look.tries.split_last(), there.tries.split_last())
    else {
        return false;
    };
    let last = shown(last);
    let has_changed = before.iter().any(|look| !is_alike(&last, &shown(look)));
    has_changed && !shows(earlier, &last)
}

fn shows(looks: &[Try], wanted: &Shown) -> bool {
    let mut latest = looks.iter().rev().take(LOOKS);
    latest.any(|look| is_alike(wanted, &shown(look)))
}

/// The status and the body of an answer.
type Shown = (Option<u16>, String);

/// What a look was answered.
fn shown(look: &Try) -> Shown {
    let body = normalize::reply(&look.exchange, None).text;
    (look.exchange.status(), body)
}

/// Numbers and texts of a body count how far it is.
fn is_alike((status, body): &Shown, (other_status, other): &Shown) -> bool {
    let of_state = |change: &Change| change.kind != Kind::Value;
    status == other_status && !changes(body, other).iter().any(of_state)
}
