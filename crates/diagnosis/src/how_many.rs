//! Numbers that say how many there are.

use crate::calls::Call;
use crate::changes::Change;
use crate::state;

/// The numbers of a change of a count, of which an answer consists that has no members.
pub(crate) fn counted(call: &Call, change: &Change) -> Option<(f64, f64)> {
    let last = state::path(call).rsplit('/').next().unwrap_or_default();
    match change.path.is_empty() && is_one(last) {
        true => numbers(change),
        false => of(change),
    }
}

/// Two numbers, which may be written as texts.
pub(crate) fn numbers(change: &Change) -> Option<(f64, f64)> {
    let number = |text: &str| text.trim_matches('"').parse::<f64>().ok();
    number(&change.here).zip(number(&change.there))
}

/// The numbers of a change of a count.
pub(crate) fn of(change: &Change) -> Option<(f64, f64)> {
    numbers(change).filter(|_| is_one(change.key()))
}

/// Whether a key names how many there are.
pub(crate) fn is_one(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "count", "total", "number", "size", "length", "amount", "hits",
    ];
    let key = key.to_ascii_lowercase();
    NAMES.iter().any(|name| key.contains(name))
}
