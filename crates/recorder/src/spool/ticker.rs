//! The pause between two looks at the spool: the only place of the recorder that waits.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A pause that can be cut short.
#[derive(Default)]
pub(crate) struct Ticker {
    finishing: Mutex<bool>,
    woken: Condvar,
}

impl Ticker {
    /// Waits for so long, or until it is finished. Returns whether it is.
    pub(crate) fn wait(&self, pause: Duration) -> bool {
        let guard = self
            .finishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .woken
            .wait_timeout_while(guard, pause, |finishing| !*finishing);
        match waited {
            Ok((finishing, _)) => *finishing,
            Err(poisoned) => *poisoned.into_inner().0,
        }
    }

    /// Ends this pause and all that follow.
    pub(crate) fn finish(&self) {
        *self
            .finishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.woken.notify_all();
    }
}
