//! The order against what it must hold for every set of spans, and the bytes of one timeline.

use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Resource, RunId, Span, SpanId,
    SpanKind, SpanStatus, TestId, Timestamp, TraceId,
};
use proptest::prelude::*;

use super::order::{Place, rows};

fn span(id: u8, parent: Option<u8>, start: u8) -> Span {
    Span {
        trace_id: TraceId([1; 16]),
        span_id: SpanId([id; 8]),
        parent_span_id: parent.map(|id| SpanId([id; 8])),
        name: format!("span {id}"),
        kind: SpanKind::Internal,
        start: Timestamp(i64::from(start)),
        end: None,
        attributes: Attributes::new(),
        events: vec![],
        links: vec![],
        status: SpanStatus::default(),
        resource: Arc::new(Resource::default()),
    }
}

/// Spans with parents of all kinds: one another, themselves, in circles, and ones that never arrived.
fn any_spans() -> impl Strategy<Value = Vec<Span>> {
    let one = (proptest::option::of(0u8..20), 0u8..5);
    proptest::collection::vec(one, 0..16).prop_map(|facts| {
        let numbered = (0u8..).zip(facts);
        numbered
            .map(|(id, (parent, start))| span(id, parent, start))
            .collect()
    })
}

fn check(spans: &[Span], rows: &[Place]) {
    let mut seen: Vec<usize> = rows.iter().map(|row| row.span).collect();
    seen.sort_unstable();
    let all: Vec<usize> = (0..spans.len()).collect();
    assert_eq!(seen, all, "every span is shown once");
    for (at, row) in rows.iter().enumerate() {
        match row.parent {
            Some(parent) => {
                assert!(parent < at, "a parent comes before its children");
                assert_eq!(row.depth, rows[parent].depth + 1);
                assert!(rows[parent].end >= row.end, "a subtree holds its subtrees");
            }
            None => assert_eq!(row.depth, 0),
        }
        // The naive meaning of a subtree: the rows whose chain of parents leads here, which follow one another.
        let below = (at + 1..rows.len()).filter(|&other| leads_to(rows, other, at));
        let below: Vec<usize> = below.collect();
        assert_eq!(below, (at + 1..row.end).collect::<Vec<_>>());
    }
}

fn leads_to(rows: &[Place], mut row: usize, above: usize) -> bool {
    while let Some(parent) = rows[row].parent {
        if parent == above {
            return true;
        }
        row = parent;
    }
    false
}

proptest! {
    #[test]
    fn every_set_of_spans_is_a_tree(spans in any_spans(), root in 0u8..20) {
        check(&spans, &rows(&spans, SpanId([root; 8])));
    }

    #[test]
    fn parents_that_arrived_are_kept(starts in proptest::collection::vec(0u8..5, 1..16)) {
        // Each span under one before it: the usual case, in which nothing is cut.
        let numbered = (0u8..).zip(starts);
        let spans: Vec<Span> = numbered
            .map(|(id, start)| span(id, id.checked_sub(1 + start), start))
            .collect();
        for row in rows(&spans, SpanId([0; 8])) {
            prop_assert!(!row.orphan);
        }
    }
}

#[test]
fn spans_whose_parent_did_not_arrive_hang_on_the_root() {
    let spans = [span(0, None, 0), span(1, Some(9), 1), span(2, Some(1), 2)];
    let rows = rows(&spans, SpanId([0; 8]));
    let told: Vec<(usize, Option<usize>, bool)> = rows
        .iter()
        .map(|row| (row.span, row.parent, row.orphan))
        .collect();
    assert_eq!(
        told,
        [(0, None, false), (1, Some(0), true), (2, Some(1), false)]
    );
}

#[test]
fn depth_is_no_limit() {
    let spans: Vec<Span> = (0..u16::MAX)
        .map(|id| {
            let bytes = |id: u16| {
                SpanId(
                    [[0; 6].as_slice(), &id.to_be_bytes()]
                        .concat()
                        .try_into()
                        .unwrap(),
                )
            };
            Span {
                span_id: bytes(id),
                parent_span_id: id.checked_sub(1).map(bytes),
                ..span(0, None, 0)
            }
        })
        .collect();
    let rows = rows(&spans, SpanId([0; 8]));
    assert_eq!(rows.len(), usize::from(u16::MAX));
    assert_eq!(rows.last().unwrap().depth, u16::MAX - 1);
}

#[test]
fn the_bytes_are_as_described() {
    let recording = model::Recording {
        spans: vec![span(1, None, 5), span(2, Some(1), 7)],
        ..model::Recording::default()
    };
    let attempt = Attempt {
        id: AttemptId([1; 16]),
        run_id: RunId([1; 16]),
        test_id: TestId([1; 16]),
        kind: AttemptKind::Test,
        number: 1,
        status: AttemptStatus::Passed,
        retried: false,
        root_span_id: SpanId([1; 8]),
        start: Timestamp(5),
        end: Some(Timestamp(5_000_005)),
        line: None,
        worker: None,
        timeout_ms: None,
        failure: None,
        skip_reason: None,
        not_run: None,
        fixtures: vec![],
        tags: Default::default(),
    };
    let timeline = super::Timeline {
        attempt: &attempt,
        recording: &recording,
        diagnosis: None,
        peer: &|host, _| host.to_owned(),
        service: &|_| "unknown service".to_owned(),
    };
    let bytes = timeline.encode();
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!(&bytes[..4], b"FSTL");
    let (version, json, rows) = (number(4), number(8) as usize, number(12));
    assert_eq!((version, json % 4, rows), (1, 0, 2));
    let head: serde_json::Value = serde_json::from_slice(&bytes[16..16 + json]).unwrap();
    insta::assert_json_snapshot!(head);
    let column = |name: &str| {
        let columns = head["columns"].as_array().unwrap();
        let found = columns
            .iter()
            .find(|column| column["name"] == name)
            .unwrap();
        16 + json + usize::try_from(found["offset"].as_u64().unwrap()).unwrap()
    };
    assert_eq!(number(column("id")), 0x0101_0101);
    assert_eq!(number(column("duration")), u32::MAX);
    assert_eq!((number(column("end")), number(column("end") + 4)), (2, 2));
    assert_eq!(
        (number(column("parent")), number(column("parent") + 4)),
        (u32::MAX, 0)
    );
}
