//! Arbitrary ways in which a passing attempt is not like the others.

use model::{AttemptId, Oddity, OddityKind, Unlike};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::{span_id, text};

pub(crate) fn unlike() -> impl Strategy<Value = Unlike> {
    let spans = (of(span_id()), of(span_id()));
    let oddity = (
        select(OddityKind::ALL),
        text(),
        text(),
        of(any::<u64>()),
        spans,
    );
    let oddity = oddity.prop_map(|(kind, call, text, at, spans)| Oddity {
        kind,
        call,
        text,
        at,
        span_id: spans.0,
        other_span_id: spans.1,
    });
    let parts = (
        any::<u64>(),
        any::<[u8; 16]>(),
        text(),
        vec(oddity, 0..3),
        any::<u64>(),
    );
    parts.prop_map(|(passes, nearest, summary, oddities, left_out)| Unlike {
        passes,
        nearest: AttemptId(nearest),
        summary,
        oddities,
        left_out,
    })
}
