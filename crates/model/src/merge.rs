//! The one rule by which several records of the same span become one.
//!
//! A span is written when it starts, perhaps again when more is known, and when it ends; OTLP clients resend what
//! they think was lost. Ended beats started, more complete beats less, equal is a duplicate. The rule picks the
//! greatest of a total order and nothing else, so it is associative, commutative and idempotent, and it does not
//! matter which reader merges what in which order.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::{Log, Span, SpanId, TraceId, Value};

/// The better of two records of one span.
#[must_use]
pub fn better(left: Span, right: Span) -> Span {
    if compare(&left, &right) == Ordering::Less {
        right
    } else {
        left
    }
}

/// Merges records of spans into one span each, sorted by start, then trace and id.
#[must_use]
pub fn spans(records: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut known: BTreeMap<(TraceId, SpanId), Span> = BTreeMap::new();
    for record in records {
        let key = (record.trace_id, record.span_id);
        let merged = match known.remove(&key) {
            Some(before) => better(before, record),
            None => record,
        };
        known.insert(key, merged);
    }
    let mut spans: Vec<Span> = known.into_values().collect();
    spans.sort_by_key(|span| span.start);
    spans
}

/// Sorts logs by time and drops repetitions of the same record.
#[must_use]
pub fn logs(records: impl IntoIterator<Item = Log>) -> Vec<Log> {
    let mut keyed: Vec<(String, Log)> = records
        .into_iter()
        .map(|log| (log_key(&log), log))
        .collect();
    keyed.sort_by(|left, right| {
        left.1
            .time
            .cmp(&right.1.time)
            .then_with(|| left.0.cmp(&right.0))
    });
    keyed.dedup_by(|left, right| left.0 == right.0);
    keyed.into_iter().map(|(_, log)| log).collect()
}

fn log_key(log: &Log) -> String {
    format!(
        "{:?}",
        (
            log.time,
            log.trace_id,
            log.span_id,
            log.severity,
            &log.body,
            &log.attributes,
            &log.resource
        )
    )
}

/// Total order: the greater record wins. The last comparisons only make ties impossible between records that differ.
fn compare(left: &Span, right: &Span) -> Ordering {
    left.end
        .is_some()
        .cmp(&right.end.is_some())
        .then_with(|| weight(left).cmp(&weight(right)))
        .then_with(|| left.end.cmp(&right.end))
        .then_with(|| format!("{left:?}").cmp(&format!("{right:?}")))
}

/// How much a record says: parts first, then bytes, so that a longer body beats a shorter one.
fn weight(span: &Span) -> (usize, usize) {
    let parts = span.attributes.len() + span.events.len() + span.links.len();
    let bytes = span
        .attributes
        .iter()
        .map(|(key, value)| key.len() + value_bytes(value))
        .sum();
    (parts, bytes)
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Empty => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::Double(_) => 8,
        Value::String(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Array(items) => items.iter().map(value_bytes).sum(),
        Value::Map(pairs) => pairs
            .iter()
            .map(|(key, value)| key.len() + value_bytes(value))
            .sum(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Attributes, SpanKind, SpanStatus, Timestamp};

    fn record() -> impl Strategy<Value = Span> {
        let attributes = proptest::collection::vec(("[a-c]", "[x-z]{0,2}"), 0..3);
        (
            0..2u8,
            0..2u8,
            0..3i64,
            proptest::option::of(3..5i64),
            attributes,
        )
            .prop_map(|(trace, span, start, end, attributes)| Span {
                trace_id: TraceId([trace; 16]),
                span_id: SpanId([span; 8]),
                parent_span_id: None,
                name: String::new(),
                kind: SpanKind::Client,
                start: Timestamp(start),
                end: end.map(Timestamp),
                attributes: attributes.into_iter().collect::<Attributes>(),
                events: vec![],
                links: vec![],
                status: SpanStatus::default(),
                resource: Default::default(),
            })
    }

    fn records() -> impl Strategy<Value = Vec<Span>> {
        proptest::collection::vec(record(), 0..8)
    }

    proptest! {
        #[test]
        fn order_does_not_matter(mut records in records(), seed in any::<u64>()) {
            let merged = spans(records.clone());
            let turn = if records.is_empty() { 0 } else { seed as usize % records.len() };
            records.rotate_left(turn);
            records.reverse();
            prop_assert_eq!(spans(records), merged);
        }

        #[test]
        fn grouping_does_not_matter(left in records(), right in records()) {
            let at_once = spans(left.iter().chain(&right).cloned());
            let in_turn = spans(spans(left).into_iter().chain(spans(right)));
            prop_assert_eq!(in_turn, at_once);
        }

        #[test]
        fn repetition_does_not_matter(records in records()) {
            let once = spans(records.clone());
            prop_assert_eq!(spans(records.iter().chain(&records).cloned()), once);
        }

        #[test]
        fn an_end_is_never_lost(records in records()) {
            let merged = spans(records.clone());
            for record in records.iter().filter(|record| record.end.is_some()) {
                let kept = merged.iter().find(|span| (span.trace_id, span.span_id) == (record.trace_id, record.span_id));
                prop_assert!(kept.is_some_and(|span| span.end.is_some()));
            }
        }
    }
}
