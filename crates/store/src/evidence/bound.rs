//! Keeps evidence within its limit. What is cut first is what a diagnosis needs least, and each cut leaves a gap.

use std::cmp::Reverse;

use model::{
    Attributes, Baseline, CallSignature, Evidence, Gap, GapKind, Log, Recording, RunId, Signature,
    Span, Touch, TraceId, Value, attribute,
};

/// The most bytes of text and values that evidence may hold: 32 MiB. Beyond it, in this order and no further than
/// needed: the variants, the last first; signatures beyond a quarter of it, the last first; bodies of the baseline (largest
/// first), its logs, bodies of fixtures, logs of the attempt, the other signatures, writes of other tests, bodies of the
/// attempt, the baseline, the fixtures, and the attempt's latest spans.
pub const EVIDENCE_LIMIT: usize = 32 << 20;

const BODIES: [&str; 2] = [attribute::HTTP_REQUEST_BODY, attribute::HTTP_RESPONSE_BODY];

/// So many bytes of signatures stay, as long as there is something of the baseline to cut.
const SIGNATURE_BYTES: usize = EVIDENCE_LIMIT / 4;

/// A cut, and by how many bytes the evidence is too large.
type Step = fn(&mut Evidence, usize);

const STEPS: [Step; 12] = [
    |evidence, excess| {
        let count = drop_last(&mut evidence.variants, excess, baseline_size);
        note(evidence, count, "passing recordings");
    },
    |evidence, excess| {
        let size: usize = evidence.signatures.iter().map(signature_size).sum();
        let excess = excess.min(size.saturating_sub(SIGNATURE_BYTES));
        cut_signatures(evidence, excess);
    },
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
    |evidence, excess| cut_signatures(evidence, excess),
    |evidence, _| {
        // Of both runs, because they are compared.
        let there = evidence
            .baseline
            .iter_mut()
            .map(|baseline| &mut baseline.touches);
        let touches = there.chain([&mut evidence.facts.touches]);
        let count = touches.map(|touches| std::mem::take(touches).len()).sum();
        note(evidence, count, "writes of other tests");
    },
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

fn cut_signatures(evidence: &mut Evidence, excess: usize) {
    let count = drop_last(&mut evidence.signatures, excess, signature_size);
    note(evidence, count, "signatures of passing recordings");
}

/// Takes out the last ones until `excess` bytes are gone, and says how many.
fn drop_last<T>(items: &mut Vec<T>, excess: usize, size: impl Fn(&T) -> usize) -> usize {
    let mut left = excess;
    let mut count = 0;
    while left > 0
        && let Some(item) = items.pop()
    {
        left = left.saturating_sub(size(&item));
        count += 1;
    }
    count
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
    let passing = evidence.baseline.iter().chain(&evidence.variants);
    let own = evidence.fixtures.iter().chain([&evidence.recording]);
    let touches = evidence.facts.touches.iter();
    let past = evidence.facts.past.iter();
    own.map(recording_size).sum::<usize>()
        + passing.map(baseline_size).sum::<usize>()
        + evidence
            .signatures
            .iter()
            .map(signature_size)
            .sum::<usize>()
        + touches.map(touch_size).sum::<usize>()
        + past
            .map(|past| RECORD_BYTES + past.said.as_ref().map_or(0, String::len))
            .sum::<usize>()
}

fn baseline_size(baseline: &Baseline) -> usize {
    let recordings = baseline.fixtures.iter().chain([&baseline.recording]);
    let touches = baseline.touches.iter().map(touch_size);
    recordings.map(recording_size).sum::<usize>() + touches.sum::<usize>()
}

fn touch_size(touch: &Touch) -> usize {
    touch.test.len() + call_size(&touch.call)
}

fn signature_size(signature: &Signature) -> usize {
    RECORD_BYTES + signature.calls.iter().map(call_size).sum::<usize>()
}

fn call_size(call: &CallSignature) -> usize {
    let texts = [
        &call.peer,
        &call.host,
        &call.path,
        &call.template,
        &call.outcome,
    ];
    let lists = call.ids.iter().chain(&call.made);
    RECORD_BYTES
        + texts
            .into_iter()
            .chain(lists)
            .map(|text| text.len())
            .sum::<usize>()
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
