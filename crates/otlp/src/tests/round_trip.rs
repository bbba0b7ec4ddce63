//! What is written reads the same; what generated messages hold reads as what they hold.

use std::sync::Arc;

use model::{Attributes, Log, Resource, Span, Value};
use proptest::prelude::*;
use prost::Message as _;

use super::arbitrary;
use crate::proto::logs::v1::LogsData;
use crate::proto::trace::v1::TracesData;
use crate::{Decoded, Encoding, Limits, Signal, decode, encode_logs, encode_spans};

const BOTH: [Encoding; 2] = [Encoding::Protobuf, Encoding::Json];

fn read(encoding: Encoding, signal: Signal, bytes: &[u8]) -> Decoded {
    decode(encoding, signal, bytes, &Limits::default())
}

/// Records come out grouped by resource and scope, so they are compared in an order of their own.
fn sorted<T: std::fmt::Debug>(mut records: Vec<T>) -> Vec<T> {
    records.sort_by_cached_key(|record| format!("{record:?}"));
    records
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_read_as_they_were_written(spans in arbitrary::spans()) {
        for encoding in BOTH {
            let bytes = encode_spans(encoding, &spans);
            let decoded = read(encoding, Signal::Traces, &bytes);
            prop_assert_eq!(&decoded.problems, &[]);
            prop_assert_eq!(sorted(decoded.spans), sorted(spans.clone()), "{:?}", encoding);
        }
    }

    #[test]
    fn logs_read_as_they_were_written(logs in arbitrary::logs()) {
        for encoding in BOTH {
            let bytes = encode_logs(encoding, &logs);
            let decoded = read(encoding, Signal::Logs, &bytes);
            prop_assert_eq!(&decoded.problems, &[]);
            prop_assert_eq!(sorted(decoded.logs), sorted(logs.clone()), "{:?}", encoding);
        }
    }

    /// In both encodings a message gives the same records in the same order.
    #[test]
    fn the_encodings_agree(spans in arbitrary::spans(), logs in arbitrary::logs()) {
        let both = BOTH.map(|encoding| {
            let spans = read(encoding, Signal::Traces, &encode_spans(encoding, &spans));
            let logs = read(encoding, Signal::Logs, &encode_logs(encoding, &logs));
            (spans, logs)
        });
        prop_assert_eq!(&both[0], &both[1]);
    }

    /// A decoder of whole messages, which prost generates, reads what we write.
    #[test]
    fn another_decoder_reads_it(spans in arbitrary::spans(), logs in arbitrary::logs()) {
        let traces = TracesData::decode(&*encode_spans(Encoding::Protobuf, &spans)).unwrap();
        let count: usize = traces
            .resource_spans
            .iter()
            .flat_map(|resource| &resource.scope_spans)
            .map(|scope| scope.spans.len())
            .sum();
        prop_assert_eq!(count, spans.len());
        LogsData::decode(&*encode_logs(Encoding::Protobuf, &logs)).unwrap();
        let json = encode_spans(Encoding::Json, &spans);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        prop_assert!(json["resourceSpans"].is_array());
    }

    /// Any prefix of a request gives the records that stand whole in it.
    #[test]
    fn a_request_that_breaks_off_keeps_its_beginning(
        spans in arbitrary::spans(),
        at in any::<prop::sample::Index>(),
    ) {
        for encoding in BOTH {
            let bytes = encode_spans(encoding, &spans);
            let whole = read(encoding, Signal::Traces, &bytes).spans;
            let cut = read(encoding, Signal::Traces, &bytes[..at.index(bytes.len() + 1)]).spans;
            prop_assert!(cut.len() <= whole.len());
            // The last one may be cut itself.
            let settled = cut.len().saturating_sub(1);
            for (cut, whole) in cut[..settled].iter().zip(&whole) {
                prop_assert_eq!((cut.trace_id, cut.span_id), (whole.trace_id, whole.span_id));
                prop_assert_eq!(&cut.events, &whole.events);
            }
        }
    }

    /// Any one damaged byte within a span leaves the spans before it and behind it as they were.
    #[test]
    fn a_damaged_span_costs_no_neighbour(
        spans in proptest::array::uniform3(arbitrary::spans()),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let spans: Vec<Span> = spans.into_iter().flatten().collect();
        prop_assume!(spans.len() >= 3);
        let mut messages: Vec<Vec<u8>> = spans
            .iter()
            .map(|span| innermost(&encode_spans(Encoding::Protobuf, std::slice::from_ref(span))))
            .collect();
        let damaged = &mut messages[1];
        let at = at.index(damaged.len());
        damaged[at] = byte;
        let mut scope = Vec::new();
        for message in &messages {
            prost::encoding::bytes::encode(2, message, &mut scope);
        }
        let (mut resource, mut request) = (Vec::new(), Vec::new());
        prost::encoding::bytes::encode(2, &scope, &mut resource);
        prost::encoding::bytes::encode(1, &resource, &mut request);
        let decoded = read(Encoding::Protobuf, Signal::Traces, &request);
        let ids = |span: &Span| (span.trace_id, span.span_id);
        prop_assert_eq!(decoded.spans.first().map(ids), spans.first().map(ids));
        prop_assert_eq!(decoded.spans.last().map(ids), spans.last().map(ids));
        let least = spans.len() - usize::from(decoded.counts.rejected > 0);
        prop_assert_eq!(decoded.spans.len(), least);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for encoding in BOTH {
            for signal in [Signal::Traces, Signal::Logs, Signal::Metrics] {
                let decoded = read(encoding, signal, &bytes);
                prop_assert!(decoded.counts.problems >= decoded.problems.len() as u64);
            }
        }
    }
}

/// The bytes of the one span in a request.
fn innermost(request: &[u8]) -> Vec<u8> {
    let traces = TracesData::decode(request).unwrap();
    traces.resource_spans[0].scope_spans[0].spans[0].encode_to_vec()
}

#[test]
fn nan_is_kept() {
    let log = Log {
        trace_id: None,
        span_id: None,
        time: model::Timestamp(1),
        severity: 0,
        severity_text: String::new(),
        body: Value::Double(f64::NAN),
        attributes: Attributes::new(),
        resource: Arc::new(Resource::default()),
    };
    for encoding in BOTH {
        let bytes = encode_logs(encoding, std::slice::from_ref(&log));
        let decoded = read(encoding, Signal::Logs, &bytes);
        let [
            Log {
                body: Value::Double(number),
                ..
            },
        ] = &decoded.logs[..]
        else {
            panic!("{encoding:?}: {decoded:?}");
        };
        assert!(number.is_nan());
    }
}
