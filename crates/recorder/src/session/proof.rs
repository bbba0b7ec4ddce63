//! Properties of the intake: how lines of different processes interleave, and where batches are cut, does not matter; no
//! line that cannot be read costs a neighbour.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use model::{Attempt, Gap, GapKind, Listener, Log, RunId, Span, Test, merge};
use proptest::prelude::*;
use store::{BatchId, Process};

use super::intake::Intake;
use crate::key::Key;
use crate::mask::{MaskRules, Masker};
use crate::spool::{Line, SegmentName};

type Lines = Vec<(SegmentName, Vec<u8>)>;

/// All that a reader of the store can see in the end.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    attempts: BTreeMap<String, (Attempt, Test)>,
    spans: Vec<Span>,
    logs: Vec<Log>,
    gaps: BTreeMap<String, u64>,
    processes: BTreeMap<String, Process>,
    listeners: Vec<Listener>,
}

/// Real segments, and one of a service that listens.
fn segments() -> Vec<Lines> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut segments = Vec::new();
    for folder in ["parallel", "fixture", "service"] {
        for entry in fs::read_dir(data.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name: SegmentName = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
            let text = fs::read(path).unwrap();
            let lines = text
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty());
            segments.push(lines.map(|line| (name.clone(), line.to_vec())).collect());
        }
    }
    segments
}

/// The segments' lines, each segment's in order, the next line always taken from the segment that `picks` names.
fn interleave(mut segments: Vec<Lines>, picks: &[prop::sample::Index]) -> Lines {
    let mut all = Vec::new();
    let mut picks = picks.iter().cycle();
    while !segments.is_empty() {
        let at = picks.next().map_or(0, |pick| pick.index(segments.len()));
        if segments[at].is_empty() {
            segments.remove(at);
        } else {
            all.push(segments[at].remove(0));
        }
    }
    all
}

/// Takes the lines in, with a batch after every `cut` lines.
fn outcome(lines: &Lines, cut: usize) -> Outcome {
    let run_id = RunId([7; 16]);
    let key = Key::from_hex(&"07".repeat(32)).unwrap();
    let masker = Arc::new(Masker::new(&MaskRules::default(), key).unwrap());
    let mut intake = Intake::new(run_id, "shop".into(), "/p".into(), &masker);
    let mut outcome = Outcome::default();
    for (at, (name, line)) in lines.iter().enumerate() {
        intake.line(name, Line::Whole(line));
        if at % cut == 0 {
            outcome.take(&mut intake);
        }
    }
    intake.close(&[], &|_, _| false);
    outcome.take(&mut intake);
    outcome.spans = merge::spans(std::mem::take(&mut outcome.spans));
    outcome
        .spans
        .sort_by_key(|span| (span.trace_id, span.span_id));
    outcome.logs = merge::logs(std::mem::take(&mut outcome.logs));
    outcome
        .listeners
        .sort_by_key(|listener| (listener.time, listener.port));
    outcome
}

impl Outcome {
    fn take(&mut self, intake: &mut Intake) {
        let Some(batch) = intake.take_batch(BatchId([0; 16])) else {
            return;
        };
        for (attempt, test) in batch.attempts {
            self.attempts
                .insert(attempt.id.to_string(), (attempt, test));
        }
        for chunk in batch.chunks {
            self.spans.extend(chunk.spans);
            self.logs.extend(chunk.logs);
        }
        for Gap {
            kind,
            count,
            trace_id,
            ..
        } in batch.gaps
        {
            *self.gaps.entry(format!("{kind} {trace_id:?}")).or_default() += count;
        }
        for process in batch.processes {
            self.processes.insert(process.instance.clone(), process);
        }
        self.listeners.extend(batch.listeners);
    }
}

fn picks() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    proptest::collection::vec(any::<prop::sample::Index>(), 1..64)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn interleaving_and_batches_do_not_matter(picks in picks(), cut in 1..40_usize) {
        let in_order: Lines = segments().concat();
        prop_assert_eq!(outcome(&interleave(segments(), &picks), cut), outcome(&in_order, usize::MAX));
    }

    #[test]
    fn what_cannot_be_read_costs_no_neighbour(at in any::<prop::sample::Index>(), junk in proptest::collection::vec(any::<u8>(), 1..40)) {
        let mut lines: Lines = segments().concat();
        let clean = outcome(&lines, 10);
        let at = at.index(lines.len());
        let junk: Vec<u8> = [b"\x01".as_slice(), &junk].concat().into_iter().filter(|byte| *byte != b'\n').collect();
        let name = lines[at].0.clone();
        lines.insert(at, (name, junk));
        let mut found = outcome(&lines, 10);
        prop_assert_eq!(found.gaps.remove(&format!("{} None", GapKind::RecordInvalid)), Some(1));
        prop_assert_eq!(found, clean);
    }
}
