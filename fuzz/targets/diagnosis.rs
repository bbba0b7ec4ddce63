//! What services sent and what they were sent, of any content and type, in a failing recording beside a passing one:
//! a diagnosis comes of it, and always the same.
//!
//! The input is texts with `0xFF` between them: the content type, then the bodies in the order of the spans, here
//! and there; what is left out is as it was.
#![no_main]

use std::sync::LazyLock;

use model::{Evidence, Span, SpanKind, attribute};

/// Two calls about one thing, with a passing recording.
const STORY: &[u8] = include_bytes!("../../fixtures/looked-too-soon/evidence.jsonl");

static EVIDENCE: LazyLock<Evidence> = LazyLock::new(|| {
    let (evidence, problems) = archive::evidence::decode(STORY).expect("a fixture can be read");
    assert!(problems.is_empty());
    evidence
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut texts = bytes
        .split(|byte| *byte == 0xFF)
        .map(String::from_utf8_lossy);
    let kind = texts.next().unwrap_or_default().into_owned();
    let mut evidence = EVIDENCE.clone();
    let there = evidence
        .baseline
        .as_mut()
        .map(|baseline| &mut baseline.recording.spans);
    let spans = evidence
        .recording
        .spans
        .iter_mut()
        .chain(there.into_iter().flatten());
    for span in spans.filter(|span| span.kind == SpanKind::Client) {
        for name in [attribute::HTTP_REQUEST_BODY, attribute::HTTP_RESPONSE_BODY] {
            if let Some(text) = texts.next() {
                span.attributes.set(name, text.into_owned());
                announce(span, &kind);
            }
        }
    }
    let diagnosis = diagnosis::diagnose(&evidence);
    assert_eq!(diagnosis::diagnose(&evidence), diagnosis);
});

fn announce(span: &mut Span, kind: &str) {
    for side in ["request", "response"] {
        let name = format!("http.{side}.header.content-type");
        span.attributes.set(&name, vec![kind.to_owned()]);
    }
}
