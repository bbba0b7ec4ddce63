//! The part of the document that says what of passing tests is not like their other passes. It changes no status and no count.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::types::{Kind, Test};
use crate::time::javascript;

/// How a passing attempt is not like the other passes of its test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unlike {
    /// One or two sentences for people, about the first oddity.
    pub summary: String,
    /// How many other passes it was held against; none of them has any of this.
    pub passes: u64,
    /// The pass to lay beside it.
    pub attempt: String,
    /// The shortest beginning of that id that `flakescope show` understood when this was written.
    pub short_id: String,
    /// What is odd, the most telling first; never empty, at most 10.
    pub oddities: Vec<Oddity>,
    /// So many more were found.
    pub left_out: u64,
}

/// A call that went as in no other pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Oddity {
    /// `outcome` (it came out otherwise), `error` (it failed, and no other pass has such a call), `missing` (it was not made),
    /// `credential` (it presented another one), `shape` (its answer has another shape). More may come.
    pub kind: String,
    /// The call, identifiers in its path as `*`.
    pub call: String,
    /// What is odd about it, to stand behind the call.
    pub text: String,
    /// When it began, from the beginning of the attempt; null for a call that was not made.
    pub at_ms: Option<u64>,
    /// Its span; null for a call that was not made.
    pub span_id: Option<String>,
    /// The span of the same call in the other pass, if it has one.
    pub other_span_id: Option<String>,
}

/// Passing tests of a run that are odd in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnlikeGroup {
    /// In what: the kind of the first oddity of each.
    pub kind: String,
    /// The call and what is odd about it.
    pub text: String,
    /// The tests, never none; the first is the one to show.
    pub passes: Vec<UnlikePass>,
}

/// A passing test in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnlikePass {
    /// The id of the test or fixture, in `tests`.
    pub test: String,
    /// The id of its attempt.
    pub attempt: String,
}

/// The entry for an attempt; `short_id` is that of the pass to lay beside it.
pub(super) fn entry(unlike: model::Unlike, short_id: String) -> Unlike {
    /// A millisecond.
    const NANOS: u64 = 1_000_000;
    let oddity = |oddity: model::Oddity| Oddity {
        kind: oddity.kind.as_str().to_owned(),
        call: oddity.call,
        text: oddity.text,
        at_ms: oddity.at.map(|nanos| nanos / NANOS),
        span_id: oddity.span_id.map(|id| id.to_string()),
        other_span_id: oddity.other_span_id.map(|id| id.to_string()),
    };
    Unlike {
        summary: unlike.summary,
        passes: javascript(unlike.passes),
        attempt: unlike.nearest.to_string(),
        short_id,
        oddities: unlike.oddities.into_iter().map(oddity).collect(),
        left_out: javascript(unlike.left_out),
    }
}

/// The passing tests that are not like their other passes, by what is odd first about them: those of most tests first, then
/// in the order of the tests.
#[must_use]
pub fn unlike_groups(tests: &[Test]) -> Vec<UnlikeGroup> {
    let mut places: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let mut groups: Vec<UnlikeGroup> = Vec::new();
    // A set-up is told before the tests that it serves.
    let (fixtures, others): (Vec<_>, Vec<_>) =
        tests.iter().partition(|test| test.kind == Kind::Fixture);
    for test in fixtures.into_iter().chain(others) {
        for attempt in &test.attempts {
            let Some(first) = attempt
                .unlike
                .as_ref()
                .and_then(|unlike| unlike.oddities.first())
            else {
                continue;
            };
            let next = groups.len();
            let place = *places
                .entry((&first.kind, &first.call, &first.text))
                .or_insert(next);
            if place == next {
                groups.push(UnlikeGroup {
                    kind: first.kind.clone(),
                    text: format!("{} {}", first.call, first.text),
                    passes: Vec::new(),
                });
            }
            groups[place].passes.push(UnlikePass {
                test: test.id.clone(),
                attempt: attempt.id.clone(),
            });
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.passes.len()));
    groups
}
