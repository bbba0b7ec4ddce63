//! Hooks of one test: what they call is in the recording of that test, so a failed one is looked at with its test.
//!
//! A runner that tears down after each test tells of a failure there as of a hook, when the test has passed already.

use std::collections::HashMap;

use model::{Attempt, AttemptKind, AttemptStatus, Failure, Phase, SpanKind, TraceId};

use super::history::History;
use crate::StoreError;

/// The attempt that a failed hook is looked at as: that of the one test that it serves, failing as the hook did. The
/// hook's own where it has calls of its own, or serves several.
pub(super) fn of_its_test(history: &History<'_>, hook: Attempt) -> Result<Attempt, StoreError> {
    let is_hook = hook.kind == AttemptKind::Fixture && hook.status != AttemptStatus::Passed;
    if !is_hook || has_calls(history, &hook)? {
        return Ok(hook);
    }
    let Some(test) = history.served_by(hook.run_id, hook.id.into())? else {
        return Ok(hook);
    };
    let fixtures = test.fixtures.iter().copied();
    Ok(Attempt {
        status: hook.status,
        end: hook.end.max(test.end),
        failure: hook.failure.map(|failure| Failure {
            phase: failure.phase.or(Some(Phase::Teardown)),
            ..failure
        }),
        line: hook.line,
        fixtures: fixtures.filter(|trace| *trace != hook.id.into()).collect(),
        ..test
    })
}

/// The attempts of tests by the hook that serves them and no other test.
pub(super) type Served = HashMap<TraceId, Option<Attempt>>;

/// Who is served by each hook of a run: its test, or nothing where there are several.
pub(super) fn served(attempts: impl Iterator<Item = Attempt>) -> Served {
    let mut served = Served::new();
    for attempt in attempts {
        for hook in &attempt.fixtures {
            let known = served.insert(*hook, Some(attempt.clone()));
            if known.is_some() {
                served.insert(*hook, None);
            }
        }
    }
    served
}

fn has_calls(history: &History<'_>, hook: &Attempt) -> Result<bool, StoreError> {
    let recording = history.recording(hook.run_id, hook.id.into())?;
    let mut spans = recording.spans.iter();
    Ok(spans.any(|span| span.kind == SpanKind::Client))
}
