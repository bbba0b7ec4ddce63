//! Reading what nobody wrote so: damaged, hostile, newer.

use std::io::Write as _;

use archive::{ArchiveError, NESTING_LIMIT, PROBLEM_LIMIT, chunk, evidence, recording};
use model::{Attributes, Evidence, Recording, Span, SpanId, SpanKind, Timestamp, TraceId, Value};
use proptest::prelude::*;

use crate::arbitrary;

const HEADER: &str = r#"{"format":"flakescope","version":1,"kind":"chunk"}"#;

fn span_line(id: u8) -> String {
    format!(
        r#"{{"t":"span","trace":"{}","id":"{}","start":"{id}"}}"#,
        "ab".repeat(16),
        format!("{id:02x}").repeat(8)
    )
}

/// Reads a chunk of these lines and gives the starts of its spans and the lines with problems.
fn check(lines: &[&str], spans: &[i64], problems: &[u64]) {
    let text = [&[HEADER], lines].concat().join("\n");
    let (chunk, found) = chunk::decode(text.as_bytes()).unwrap();
    let starts: Vec<i64> = chunk.spans.iter().map(|span| span.start.0).collect();
    assert_eq!(starts, spans, "{lines:?}");
    let numbers: Vec<u64> = found.iter().map(|problem| problem.line).collect();
    assert_eq!(numbers, problems, "{found:?}");
}

#[test]
fn a_bad_line_leaves_its_neighbours() {
    let (one, two) = (span_line(1), span_line(2));
    check(&[&one, &two], &[1, 2], &[]);
    check(&[&one, "", &two, ""], &[1, 2], &[]);
    for bad in [
        "nonsense",
        "{}",
        "[]",
        r#"{"t":"span"}"#,
        r#"{"t":"span","trace":"00","id":"00","start":"1"}"#,
        r#"{"t":"hologram"}"#,
        r#"{"t":"resource","attrs":{}}"#,
        r#"{"t":"log","time":"1","body":{"$bytes":"?"}}"#,
        r#"{"t":"log","time":"1","body":{"$map":["k"]}}"#,
        &"[".repeat(100_000),
    ] {
        check(&[&one, bad, &two], &[1, 2], &[3]);
    }
}

#[test]
fn unknown_keys_and_resources_are_no_problem() {
    let known = span_line(1);
    let newer = known.replace("{\"t\"", "{\"colour\":{\"a\":[1]},\"resource\":7,\"t\"");
    check(&[&newer], &[1], &[]);
}

#[test]
fn problems_are_bounded() {
    let text = format!("{HEADER}\n{}", "nonsense\n".repeat(1000));
    let (_, problems) = chunk::decode(text.as_bytes()).unwrap();
    assert_eq!(problems.len(), PROBLEM_LIMIT + 1);
    assert!(problems[PROBLEM_LIMIT].reason.starts_with("900 more"));
}

#[test]
fn an_archive_that_ends_early_keeps_its_beginning() {
    let spans: Vec<Span> = (0..20_000).map(span).collect();
    let whole = chunk::encode(&spans, &[]).unwrap();
    let (chunk, problems) = chunk::decode(&whole[..whole.len() / 2]).unwrap();
    assert!(!chunk.spans.is_empty());
    assert_eq!(chunk.spans[..], spans[..chunk.spans.len()]);
    assert!(
        problems
            .iter()
            .any(|problem| problem.reason.contains("ends early"))
    );
}

/// A damaged archive may give less than was written, with a problem or an error, but never something else in silence.
#[test]
fn no_flipped_bit_goes_unnoticed() {
    let spans: Vec<Span> = (0..20).map(span).collect();
    let whole = chunk::encode(&spans, &[]).unwrap();
    for bit in 0..8 * whole.len() {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        match chunk::decode(&damaged) {
            Ok((read, problems)) if problems.is_empty() => assert_eq!(read.spans, spans, "{bit}"),
            _ => {}
        }
    }
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.write_all(format!("{HEADER}\n").as_bytes()).unwrap();
    let mut line = vec![b'x'; 1 << 20];
    line.push(b'\n');
    for _ in 0..=(archive::SIZE_LIMIT >> 20) {
        encoder.write_all(&line).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(
        chunk::decode(&bomb),
        Err(ArchiveError::TooLarge { .. })
    ));
}

#[test]
fn deep_values_are_cut_and_stay_readable() {
    let array = |inner| Value::Array(vec![inner]);
    let map = |inner| Value::Map(vec![("$".to_owned(), inner)]);
    for wrap in [array as fn(Value) -> Value, map] {
        let check = |depth: usize, is_kept: bool| {
            let mut deep = span(1);
            let value = (0..depth).fold(Value::Int(1), |inner, _| wrap(inner));
            deep.attributes.set("deep", value);
            let bytes = chunk::encode(std::slice::from_ref(&deep), &[]).unwrap();
            let (read, problems) = chunk::decode(&bytes).unwrap();
            assert_eq!(problems, []);
            assert_eq!(read.spans[0] == deep, is_kept, "{depth}");
            let text = format!("{:?}", read.spans[0]);
            assert_eq!(text.contains("nested too deep"), !is_kept, "{depth}");
        };
        check(NESTING_LIMIT, true);
        check(NESTING_LIMIT + 1, false);
        check(500, false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = chunk::decode(&bytes);
        let _ = recording::decode(&bytes);
        let _ = evidence::decode(&bytes);
    }

    /// Any one line may be damaged: as many problems, and all else is still there.
    #[test]
    fn any_line_may_be_damaged(bundle in arbitrary::bundle(), at in any::<prop::sample::Index>()) {
        let text = String::from_utf8(recording::encode_text(&bundle).unwrap()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        prop_assume!(lines.len() > 1);
        let at = 1 + at.index(lines.len() - 1);
        let is_resource = lines[at].starts_with(r#"{"t":"resource""#);
        lines[at] = "{";
        let (read, problems) = recording::decode(lines.join("\n").as_bytes()).unwrap();
        prop_assert_eq!(problems.len(), 1);
        let count = |bundle: &recording::Bundle| {
            bundle.runs.len() + bundle.attempts.len() + bundle.spans.len() + bundle.logs.len()
                + bundle.gaps.len() + bundle.listeners.len() + bundle.diagnoses.len()
        };
        prop_assert_eq!(count(&read) + usize::from(!is_resource), count(&bundle));
    }

    /// The same of evidence, but for the lines without which it is none.
    #[test]
    fn any_line_of_evidence_may_be_damaged(evidence in arbitrary::evidence(), at in any::<prop::sample::Index>()) {
        let text = String::from_utf8(evidence::encode_text(&evidence).unwrap()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        let at = 1 + at.index(lines.len() - 1);
        let is = |t: &str| lines[at].starts_with(&format!(r#"{{"t":"{t}""#));
        prop_assume!(!["test", "attempt", "parts", "resource", "facts", "baseline"].iter().any(|t| is(t)));
        // A variant is lost with its line; of its records nothing is left over.
        let lost = if is("variant") { (1, 0) } else { (0, 1) };
        lines[at] = "{";
        let (read, problems) = evidence::decode(lines.join("\n").as_bytes()).unwrap();
        prop_assert_eq!(problems.len(), 1);
        prop_assert_eq!(read.variants.len() + lost.0, evidence.variants.len());
        if lost.1 == 1 {
            prop_assert_eq!(count(&read) + 1, count(&evidence));
        }
    }
}

/// How much there is in evidence, its two lines that always are aside.
fn count(evidence: &Evidence) -> usize {
    let of =
        |recording: &Recording| recording.spans.len() + recording.logs.len() + recording.gaps.len();
    let passing = evidence.baseline.iter().chain(&evidence.variants);
    let of_passing = passing.map(|other| {
        of(&other.recording)
            + other.fixtures.iter().map(of).sum::<usize>()
            + other.listeners.len()
            + other.touches.len()
    });
    let facts = &evidence.facts;
    of(&evidence.recording)
        + evidence.fixtures.iter().map(of).sum::<usize>()
        + of_passing.sum::<usize>()
        + evidence.signatures.len()
        + evidence.peers.len()
        + evidence.listeners.len()
        + facts.sightings.len()
        + facts.past.len()
        + facts.touches.len()
        + facts.outages.len()
}

fn span(n: i64) -> Span {
    Span {
        trace_id: TraceId([1; 16]),
        // Spread, so that it does not compress to next to nothing.
        span_id: SpanId((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()),
        parent_span_id: None,
        name: "GET".into(),
        kind: SpanKind::Client,
        start: Timestamp(n),
        end: None,
        attributes: Attributes::new(),
        events: vec![],
        links: vec![],
        status: Default::default(),
        resource: Default::default(),
    }
}
