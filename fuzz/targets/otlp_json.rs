//! A request in OTLP's JSON: whatever stands in it, there are records and problems, and what was read can be written and
//! reads the same.
#![no_main]

use otlp::{Encoding, Limits, Signal, decode, encode_logs, encode_spans};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let read = |signal, bytes: &[u8]| decode(Encoding::Json, signal, bytes, &limits);
    let spans = read(Signal::Traces, bytes).spans;
    let again = read(Signal::Traces, &encode_spans(Encoding::Json, &spans));
    assert_eq!(again.spans.len(), spans.len());
    let logs = read(Signal::Logs, bytes).logs;
    let again = read(Signal::Logs, &encode_logs(Encoding::Json, &logs));
    assert_eq!(again.logs.len(), logs.len());
    let _counted = read(Signal::Metrics, bytes);
});
