//! Real requests, damaged anywhere: something is read, nothing panics, and what was read can be written.

use proptest::prelude::*;

use crate::{Encoding, Limits, Signal, decode, encode_logs, encode_spans};

const REQUESTS: [(Encoding, Signal, &[u8]); 5] = [
    (
        Encoding::Json,
        Signal::Traces,
        include_bytes!("../../tests/fixtures/js-orphans.traces.json"),
    ),
    (
        Encoding::Json,
        Signal::Logs,
        include_bytes!("../../tests/fixtures/js.logs.json"),
    ),
    (
        Encoding::Protobuf,
        Signal::Traces,
        include_bytes!("../../tests/fixtures/node-vanilla.traces.pb"),
    ),
    (
        Encoding::Protobuf,
        Signal::Logs,
        include_bytes!("../../tests/fixtures/python.logs.pb"),
    ),
    (
        Encoding::Protobuf,
        Signal::Metrics,
        include_bytes!("../../tests/fixtures/node-vanilla.metrics.pb"),
    ),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_is_survived(
        request in prop::sample::select(REQUESTS.to_vec()),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        length in any::<prop::sample::Index>(),
    ) {
        let (encoding, signal, bytes) = request;
        let mut bytes = bytes.to_vec();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        // Half of the requests also break off.
        let length = length.index(2 * bytes.len()).min(bytes.len());
        let decoded = decode(encoding, signal, &bytes[..length], &Limits::default());
        for encoding in [Encoding::Json, Encoding::Protobuf] {
            let spans = encode_spans(encoding, &decoded.spans);
            let again = decode(encoding, Signal::Traces, &spans, &Limits::default());
            prop_assert_eq!(again.spans.len(), decoded.spans.len());
            let logs = encode_logs(encoding, &decoded.logs);
            let again = decode(encoding, Signal::Logs, &logs, &Limits::default());
            prop_assert_eq!(again.logs.len(), decoded.logs.len());
        }
    }
}
