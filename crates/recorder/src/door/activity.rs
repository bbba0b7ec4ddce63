//! When the door was last in use, for those who wait until it is quiet.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Requests through a door.
#[derive(Debug, Default)]
pub(super) struct Activity {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Requests that are under way.
    open: usize,
    /// When a request began or ended last; none as long as there was none.
    last: Option<Instant>,
}

/// A request that is under way, as long as this lives.
pub(super) struct Request<'a>(&'a Activity);

impl Activity {
    /// A request begins.
    pub(super) fn begin(&self) -> Request<'_> {
        self.note(|state| state.open += 1);
        Request(self)
    }

    /// Waits until nothing has come for `quiet`, counted from now, but no longer than `most`. Returns at once when there
    /// never was a request.
    pub(super) fn wait_until_quiet(&self, quiet: Duration, most: Duration) {
        let begun = Instant::now();
        let mut state = self.lock();
        while let Some(last) = state.last {
            let now = Instant::now();
            let waited = now.duration_since(begun);
            let calm = if state.open > 0 {
                Duration::ZERO
            } else {
                now.duration_since(last.max(begun))
            };
            if calm >= quiet || waited >= most {
                return;
            }
            let pause = (quiet - calm).min(most - waited);
            let woken = self.changed.wait_timeout(state, pause);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn note(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        state.last = Some(Instant::now());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        self.0.note(|state| state.open -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn nobody_waits_for_a_door_that_was_never_used() {
        Activity::default().wait_until_quiet(LONG, LONG);
    }

    #[test]
    fn a_request_that_is_under_way_is_waited_for_up_to_a_limit() {
        let activity = Activity::default();
        let _request = activity.begin();
        activity.wait_until_quiet(Duration::ZERO, Duration::ZERO);
        activity.wait_until_quiet(LONG, Duration::from_millis(1));
    }

    #[test]
    fn a_request_that_ends_is_the_beginning_of_quiet() {
        let activity = Activity::default();
        let request = activity.begin();
        std::thread::scope(|scope| {
            scope.spawn(|| activity.wait_until_quiet(Duration::from_millis(1), LONG));
            drop(request);
        });
    }
}
