//! The timeline of a large recording is kept, and never older than what it is of.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which clippy cannot tell"
)]

#[path = "support/sample.rs"]
mod sample;

use model::{AttemptId, Span, SpanId, TraceId};
use sample::{RUN, sample_store};
use server::timeline::Timeline;
use store::{Batch, BatchId, Chunk, Derived, DerivedKind, Part, Store};

const ATTEMPT: AttemptId = AttemptId([2; 16]);
const PART: Part = Part::Trace(TraceId([2; 16]));
const KIND: DerivedKind = DerivedKind {
    name: "timeline",
    version: 1,
};

/// Adds so many spans to the recording.
fn add(store: &dyn Store, batch: u8, spans: u32) {
    let known = store::recording(store, TraceId([2; 16])).unwrap().spans;
    let span = |at: u32| {
        let mut id = [batch; 8];
        id[..4].copy_from_slice(&at.to_be_bytes());
        Span {
            span_id: SpanId(id),
            ..known[0].clone()
        }
    };
    let chunk = Chunk {
        trace_id: Some(TraceId([2; 16])),
        spans: (0..spans).map(span).collect(),
        logs: vec![],
    };
    let batch = Batch {
        id: BatchId([batch; 16]),
        run_id: RUN,
        chunks: vec![chunk],
        attempts: vec![],
        gaps: vec![],
        processes: vec![],
        listeners: vec![],
    };
    store.append(&batch).unwrap();
}

fn kept(store: &dyn Store) -> store::Kept {
    store.derived(KIND, &[PART]).unwrap().remove(0)
}

/// The number of rows that an answer has.
fn rows(answer: &[u8]) -> usize {
    let bytes = answer[12..16].try_into().unwrap();
    usize::try_from(u32::from_le_bytes(bytes)).unwrap()
}

#[test]
fn a_large_timeline_is_kept_until_it_changes() {
    let store = sample_store().unwrap();
    let read = || Timeline::read(&*store, ATTEMPT).unwrap();
    let small = rows(&read());
    assert_eq!(kept(&*store).data, None);
    add(&*store, 21, 5_000);
    let first = read();
    assert_eq!(rows(&first), small + 5_000);
    let found = kept(&*store);
    let data = found.data.unwrap();
    assert_eq!(read(), first);
    // It is the kept one that is given.
    let replace = |data: Vec<u8>| {
        let derived = Derived {
            part: PART,
            mark: found.mark,
            kind: KIND,
            data,
        };
        store.put_derived(&[derived]).unwrap();
    };
    let other = zstd::bulk::compress(b"other", 1).unwrap();
    replace([&data[..8], &other].concat());
    assert_eq!(read(), b"other");
    // One that is damaged, or of another diagnosis, is made again.
    replace(data[..20].to_vec());
    assert_eq!(read(), first);
    let mut diagnosis = store.diagnosis(ATTEMPT).unwrap().unwrap();
    diagnosis.diagnosis.culprit = None;
    diagnosis.diagnosis.findings.clear();
    store.put_diagnosis(&diagnosis).unwrap();
    let second = read();
    assert_ne!(second, first);
    // Late spans are on it.
    add(&*store, 22, 1);
    assert_eq!(rows(&read()), small + 5_001);
}
