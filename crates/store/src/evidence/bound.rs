//! Keeps evidence within its limit. What is cut first is what a diagnosis needs least, and each cut leaves a gap.

use std::cmp::Reverse;

use model::{
    Attributes, Evidence, Gap, GapKind, Log, Recording, RunId, Span, TraceId, Value, attribute,
};

/// The most bytes of text and values that evidence may hold: 32 MiB. Beyond it, in this order and no further than
/// needed: bodies of the baseline (largest first), its logs, bodies of fixtures, logs of the attempt, bodies of the
/// attempt, the baseline, the fixtures, and the attempt's latest spans.
pub const EVIDENCE_LIMIT: usize = 32 << 20;

const BODIES: [&str; 2] = [attribute::HTTP_REQUEST_BODY, attribute::HTTP_RESPONSE_BODY];

/// A cut, and by how many bytes the evidence is too large.
type Step = fn(&mut Evidence, usize);

const STEPS: [Step; 8] = [
    |evidence, excess| {
        let run = run_of_baseline(evidence);
        cut_bodies(run, of_baseline(evidence), excess);
    },
    |evidence, _| {
        let run = run_of_baseline(evidence);
        of_baseline(evidence).for_each(|recording| cut_logs(run, recording));
    },
    |evidence, excess| {
        let run = evidence.attempt.run_id;
        cut_bodies(run, evidence.fixtures.iter_mut(), excess);
    },
    |evidence, _| cut_logs(evidence.attempt.run_id, &mut evidence.recording),
    |evidence, excess| {
        let run = evidence.attempt.run_id;
        cut_bodies(run, [&mut evidence.recording].into_iter(), excess);
    },
    |evidence, _| {
        let count = evidence.baseline.take().iter().len();
        note(evidence, count, "a baseline");
    },
    |evidence, _| {
        let count = std::mem::take(&mut evidence.fixtures).len();
        note(evidence, count, "fixtures");
    },
    |evidence, excess| cut_spans(evidence.attempt.run_id, &mut evidence.recording, excess),
];

/// Cuts until the evidence is within `limit`.
pub(super) fn bound(evidence: &mut Evidence, limit: usize) {
    for step in STEPS {
        let size = size_of(evidence);
        if size <= limit {
            return;
        }
        step(evidence, size - limit);
    }
}

fn run_of_baseline(evidence: &Evidence) -> RunId {
    let baseline = evidence.baseline.as_ref();
    baseline.map_or(evidence.attempt.run_id, |baseline| baseline.attempt.run_id)
}

fn of_baseline(evidence: &mut Evidence) -> impl Iterator<Item = &mut Recording> {
    evidence.baseline.iter_mut().flat_map(|baseline| {
        let fixtures = baseline.fixtures.iter_mut();
        fixtures.chain([&mut baseline.recording])
    })
}

/// A gap of the attempt's own recording, for parts that leave as a whole.
fn note(evidence: &mut Evidence, count: usize, what: &str) {
    let trace = evidence.recording.trace_id();
    let gap = gap(
        evidence.attempt.run_id,
        trace,
        GapKind::AttemptBudget,
        count,
        what,
    );
    evidence.recording.gaps.extend((count > 0).then_some(gap));
}

/// Takes out bodies, the largest first, until `excess` bytes are gone.
fn cut_bodies<'a>(run: RunId, recordings: impl Iterator<Item = &'a mut Recording>, excess: usize) {
    let mut recordings: Vec<&mut Recording> = recordings.collect();
    let mut bodies = Vec::new();
    for (recording_at, recording) in recordings.iter().enumerate() {
        for (span_at, span) in recording.spans.iter().enumerate() {
            for key in BODIES {
                if let Some(body) = span.attributes.get(key) {
                    bodies.push((Reverse(value_size(body)), recording_at, span_at, key));
                }
            }
        }
    }
    bodies.sort_unstable();
    let mut left = excess;
    let mut cut = vec![0; recordings.len()];
    for (Reverse(size), recording_at, span_at, key) in bodies {
        if left == 0 {
            break;
        }
        recordings[recording_at].spans[span_at]
            .attributes
            .remove(key);
        cut[recording_at] += 1;
        left = left.saturating_sub(size);
    }
    for (recording, count) in recordings.iter_mut().zip(cut) {
        let trace = recording.trace_id();
        let gap = gap(run, trace, GapKind::AttemptBudget, count, "bodies");
        recording.gaps.extend((count > 0).then_some(gap));
    }
}

fn cut_logs(run: RunId, recording: &mut Recording) {
    let count = std::mem::take(&mut recording.logs).len();
    let gap = gap(run, recording.trace_id(), GapKind::LogCut, count, "logs");
    recording.gaps.extend((count > 0).then_some(gap));
}

/// Takes out the latest spans; never the first, which is the root.
fn cut_spans(run: RunId, recording: &mut Recording, excess: usize) {
    let trace = recording.trace_id();
    let mut left = excess;
    let mut count = 0;
    while left > 0 && recording.spans.len() > 1 {
        if let Some(span) = recording.spans.pop() {
            left = left.saturating_sub(span_size(&span));
            count += 1;
        }
    }
    let gap = gap(run, trace, GapKind::AttemptBudget, count, "spans");
    recording.gaps.extend((count > 0).then_some(gap));
}

fn gap(run_id: RunId, trace_id: Option<TraceId>, kind: GapKind, count: usize, what: &str) -> Gap {
    Gap {
        run_id,
        trace_id,
        span_id: None,
        kind,
        count: count as u64,
        detail: Some(format!("{what} left out of the evidence")),
    }
}

fn size_of(evidence: &Evidence) -> usize {
    let baseline = evidence.baseline.iter();
    let of_baseline =
        baseline.flat_map(|baseline| baseline.fixtures.iter().chain([&baseline.recording]));
    let all = evidence
        .fixtures
        .iter()
        .chain([&evidence.recording])
        .chain(of_baseline);
    all.map(recording_size).sum()
}

fn recording_size(recording: &Recording) -> usize {
    let spans: usize = recording.spans.iter().map(span_size).sum();
    let logs: usize = recording.logs.iter().map(log_size).sum();
    spans + logs
}

/// What ids, times and the names of fields take, roughly.
const RECORD_BYTES: usize = 200;

fn span_size(span: &Span) -> usize {
    let events = span
        .events
        .iter()
        .map(|event| event.name.len() + attributes_size(&event.attributes));
    let links = span
        .links
        .iter()
        .map(|link| attributes_size(&link.attributes));
    RECORD_BYTES
        + span.name.len()
        + span.status.message.len()
        + attributes_size(&span.attributes)
        + events.sum::<usize>()
        + links.sum::<usize>()
}

fn log_size(log: &Log) -> usize {
    RECORD_BYTES + value_size(&log.body) + attributes_size(&log.attributes)
}

fn attributes_size(attributes: &Attributes) -> usize {
    attributes
        .iter()
        .map(|(key, value)| key.len() + value_size(value))
        .sum()
}

fn value_size(value: &Value) -> usize {
    match value {
        Value::Empty | Value::Bool(_) | Value::Int(_) | Value::Double(_) => 8,
        Value::String(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Array(items) => items.iter().map(value_size).sum(),
        Value::Map(pairs) => pairs
            .iter()
            .map(|(key, value)| key.len() + value_size(value))
            .sum(),
    }
}
