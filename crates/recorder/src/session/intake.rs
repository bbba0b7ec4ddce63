//! What was read becomes what is written: each line decoded, its bodies made readable, masked, attributed, and put into
//! the batch of the tick. Does no I/O, so that it can be tested as text in, batches out.

mod received;

use std::collections::{BTreeMap, HashSet};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use model::{
    AttemptKind, AttemptStatus, GapKind, Listener, Log, RunId, Span, SpanId, SpanKind, Timestamp,
    TraceId, attribute,
};
use store::{Batch, BatchId, Chunk, Store, StoreError};

use super::Progress;
use super::gaps::GapLedger;
use super::processes::Processes;
use crate::attribution::{Attribution, Sighting};
use crate::content;
use crate::decode::{self, Record, Tag};
use crate::mask::Masker;
use crate::spool::{Line, SegmentName, Unclosed, Verdict};

/// Tags of a run or an attempt that are set from inside it are bounded: a loop must not fill the store.
const RUN_TAGS: usize = 256;

/// The state of a run that grows line by line.
pub(super) struct Intake {
    run_id: RunId,
    masker: Masker,
    /// How many secrets the run had shown when the first record of the pending batch was masked.
    learned: u64,
    attribution: Attribution,
    processes: Processes,
    pub(super) gaps: GapLedger,
    chunks: BTreeMap<Option<TraceId>, Chunk>,
    listeners: Vec<Listener>,
    run_tags: BTreeMap<String, String>,
    /// Spans that came in through the door and have ended.
    received: HashSet<(TraceId, SpanId)>,
    /// Calls to these are of exporters that hand over their spans.
    endpoints: Vec<String>,
    /// The latest time in any record.
    latest: Timestamp,
}

impl Intake {
    pub(super) fn new(run_id: RunId, project: String, root: PathBuf, masker: &Masker) -> Self {
        let masker = masker.for_run();
        Self {
            run_id,
            learned: masker.learned(),
            masker,
            attribution: Attribution::new(run_id, project, root),
            processes: Processes::new(run_id),
            gaps: GapLedger::default(),
            chunks: BTreeMap::new(),
            listeners: Vec::new(),
            run_tags: BTreeMap::new(),
            received: HashSet::new(),
            endpoints: Vec::new(),
            latest: Timestamp(0),
        }
    }

    /// Calls to these addresses are of exporters that hand over their spans: not part of any test.
    pub(super) fn leave_out(&mut self, endpoints: Vec<String>) {
        self.endpoints = endpoints;
    }

    /// The latest time that any record speaks of.
    pub(super) fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Takes in a line of a segment.
    pub(super) fn line(&mut self, name: &SegmentName, line: Line<'_>) -> Verdict {
        let (text, is_new) = match line {
            Line::Whole(text) => (text, true),
            Line::Known(text) => (text, false),
            Line::TooLong => {
                self.gaps.run(GapKind::RecordTooLong, 1, None);
                return Verdict::Open;
            }
        };
        // A defect in here must cost the one record that shows it, not the recording, and not every later recovery of it.
        let taken = panic::catch_unwind(AssertUnwindSafe(|| self.text(name, text, is_new)));
        taken.unwrap_or_else(|_| {
            self.gaps.run(
                GapKind::MaskingFailed,
                u64::from(is_new),
                Some("a defect of the recorder".into()),
            );
            Verdict::Open
        })
    }

    fn text(&mut self, name: &SegmentName, text: &[u8], is_new: bool) -> Verdict {
        match decode::line(text) {
            Ok(decoded) => {
                if is_new {
                    self.gaps.run(
                        GapKind::RecordInvalid,
                        decoded.lost,
                        Some("parts of records".into()),
                    );
                }
                self.record(name, decoded.record, is_new)
            }
            Err(kind) => {
                self.gaps.run(kind, u64::from(is_new), None);
                Verdict::Open
            }
        }
    }

    /// What is known of whose is what.
    pub(super) fn attribution(&self) -> &Attribution {
        &self.attribution
    }

    /// Takes in that a trace is that of a test of another process, which has a run of its own.
    pub(super) fn test_elsewhere(&mut self, test: TraceId) {
        self.attribution.test_elsewhere(test);
    }

    /// Moves to their tests what was stored before it was known to be theirs. To be called when all batches are written;
    /// what does not work is tried again the next time.
    ///
    /// # Errors
    /// When the store could not be written.
    pub(super) fn adopt(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        let mut adopted = self.attribution.take_adopted();
        while let Some((trace, test)) = adopted.pop() {
            if let Err(error) = store.adopt(self.run_id, trace, test.into()) {
                adopted.push((trace, test));
                self.attribution.give_back_adopted(adopted);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Whether any process reported.
    pub(super) fn processes(&self) -> usize {
        self.processes.len()
    }

    /// Tags that were set for the whole run, from inside its tests.
    pub(super) fn run_tags(&self) -> BTreeMap<String, String> {
        let mut tags = self.run_tags.clone();
        tags.values_mut()
            .for_each(|value| self.masker.text_again(value));
        tags
    }

    /// How far the run is.
    pub(super) fn progress(&self) -> Progress {
        let tally = self.attribution.tally();
        Progress {
            passed: tally.passed,
            failed: tally.failed,
            skipped: tally.skipped,
            running: tally.running,
            exchanges: self.attribution.exchanges(),
            spans: self.attribution.spans(),
        }
    }

    /// Attempts of tests.
    pub(super) fn attempts(&self) -> usize {
        let of_tests = |(attempt, _): &(model::Attempt, _)| attempt.kind == AttemptKind::Test;
        self.attribution.attempts().filter(of_tests).count()
    }

    /// Everything since the last batch; none when there is nothing.
    pub(super) fn take_batch(&mut self, id: BatchId) -> Option<Batch> {
        self.listeners
            .extend(self.processes.take_settled_listeners(false));
        let unlearned = self.masker.take_unlearned();
        self.gaps.run(
            GapKind::MaskingFailed,
            unlearned,
            Some("secrets beyond the limit, masked in their own place only".into()),
        );
        let mut batch = Batch {
            id,
            run_id: self.run_id,
            chunks: std::mem::take(&mut self.chunks).into_values().collect(),
            attempts: self.attribution.take_changed(),
            gaps: self.gaps.take_pending(self.run_id),
            processes: self.processes.take_changed(),
            listeners: std::mem::take(&mut self.listeners),
        };
        let is_empty = batch.chunks.is_empty()
            && batch.attempts.is_empty()
            && batch.gaps.is_empty()
            && batch.processes.is_empty()
            && batch.listeners.is_empty();
        self.mask_again(&mut batch);
        (!is_empty).then_some(batch)
    }

    /// What was masked before the run had shown a secret that stands in it. Rows are derived from records that may be of
    /// earlier batches, so they are always looked at.
    fn mask_again(&mut self, batch: &mut Batch) {
        for (attempt, _) in &mut batch.attempts {
            self.masker.attempt_again(attempt);
        }
        for process in &mut batch.processes {
            self.masker.process_again(process);
        }
        let details = batch.gaps.iter_mut().filter_map(|gap| gap.detail.as_mut());
        details.for_each(|detail| self.masker.text_again(detail));
        let learned = self.masker.learned();
        if learned == std::mem::replace(&mut self.learned, learned) {
            return;
        }
        for chunk in &mut batch.chunks {
            chunk
                .spans
                .iter_mut()
                .for_each(|span| self.masker.span_again(span));
            chunk
                .logs
                .iter_mut()
                .for_each(|log| self.masker.log_again(log));
        }
    }

    /// A batch that could not be written and will be sent again: as if it had never come, but for what was learned of it.
    pub(super) fn undo(&mut self, batch: Batch) {
        let spans = batch.chunks.iter().flat_map(|chunk| &chunk.spans);
        for span in spans {
            self.received.remove(&(span.trace_id, span.span_id));
        }
        self.gaps.give_back(batch.gaps);
        self.attribution
            .give_back(batch.attempts.iter().map(|(attempt, _)| attempt.id));
    }

    /// A batch that could not be written: its spans and logs are counted as lost, the rest goes with the next one.
    pub(super) fn give_back(&mut self, batch: Batch) {
        let records: usize = batch
            .chunks
            .iter()
            .map(|chunk| chunk.spans.len() + chunk.logs.len())
            .sum();
        self.gaps.give_back(batch.gaps);
        self.gaps
            .run(GapKind::StoreWriteFailed, records as u64, None);
        self.attribution
            .give_back(batch.attempts.iter().map(|(attempt, _)| attempt.id));
        self.processes.give_back(&batch.processes);
        self.listeners.extend(batch.listeners);
    }

    /// Everything is read: counts what never ended and never came. `stored` says whether a span was stored by an earlier
    /// recorder of this run.
    pub(super) fn close(
        &mut self,
        unclosed: &[Unclosed],
        stored: &dyn Fn(TraceId, model::SpanId) -> bool,
    ) {
        self.attribution.settle_by_time();
        for segment in unclosed {
            self.gaps
                .run(GapKind::RecordTorn, u64::from(segment.torn), None);
            if !segment.alive {
                self.processes.ended(&segment.name.instance, "killed");
            }
        }
        let mut pids: Vec<u32> = unclosed
            .iter()
            .filter(|segment| !segment.alive)
            .map(|segment| segment.name.pid)
            .collect();
        pids.sort_unstable();
        pids.dedup();
        for name in pids
            .into_iter()
            .filter_map(|pid| self.processes.killed(pid))
        {
            self.gaps.run(GapKind::ProcessKilled, 1, Some(name));
        }
        if self.processes.len() == 0 {
            self.gaps.run(GapKind::NoAgent, 1, None);
        }
        for (attempt, _) in self.attribution.attempts().collect::<Vec<_>>() {
            if attempt.status == AttemptStatus::Unfinished {
                let trace = Some(TraceId::from(attempt.id));
                self.gaps.at(
                    GapKind::AttemptUnfinished,
                    trace,
                    Some(attempt.root_span_id),
                    1,
                );
            }
        }
        for (trace, parents) in self.attribution.missing_parents() {
            let orphans = parents
                .into_iter()
                .filter(|(parent, _)| !stored(trace, *parent))
                .map(|(_, orphans)| orphans)
                .sum();
            self.gaps
                .at(GapKind::ParentMissing, Some(trace), None, orphans);
        }
        self.listeners
            .extend(self.processes.take_settled_listeners(true));
    }

    fn record(&mut self, name: &SegmentName, record: Record, is_new: bool) -> Verdict {
        match record {
            Record::Head(head) => {
                let left_out = self.processes.head(name, head, &self.masker);
                self.gaps.run(GapKind::MaskingFailed, left_out, None);
            }
            Record::Span(span) => self.span(&name.instance, *span, is_new),
            Record::Listen(listen) => {
                if !self.processes.listen(&name.instance, listen) {
                    self.gaps
                        .run(GapKind::RecordInvalid, 1, Some("server sockets".into()));
                }
            }
            Record::Tag(tag) => self.tag(tag),
            Record::Log(log) if is_new => self.log(&name.instance, *log),
            Record::Gap(gap) if is_new => {
                let detail = gap.detail.map(|detail| self.masker.text(&detail));
                self.gaps
                    .add((gap.kind, gap.trace_id, gap.span_id, detail), gap.count);
            }
            Record::Log(_) | Record::Gap(_) | Record::Spawn => {}
            Record::End { exited } => {
                if exited {
                    self.processes.ended(&name.instance, "exit");
                }
                self.listeners
                    .extend(self.processes.take_listeners(&name.instance));
                return Verdict::Closed;
            }
        }
        Verdict::Open
    }

    fn span(&mut self, instance: &str, mut span: Span, is_new: bool) {
        if self.is_export(&span) {
            return;
        }
        span.resource = self.processes.resource(instance);
        if self.take_span(&mut span, is_new) {
            self.processes.runs_tests(instance);
        }
        let home = self.attribution.home(&span);
        self.attribution.stored(home, Sighting::of_ours(&span));
        if is_new {
            self.chunk(Some(span.trace_id)).spans.push(span);
        }
    }

    /// Makes a span ready for the store. Returns whether it is the root of an attempt or a fixture.
    fn take_span(&mut self, span: &mut Span, is_new: bool) -> bool {
        let place = (Some(span.trace_id), Some(span.span_id));
        self.latest = self
            .latest
            .max(span.start)
            .max(span.end.unwrap_or(span.start));
        for (kind, side) in content::read_bodies(span) {
            let gap = (kind, place.0, place.1, Some(side.to_owned()));
            self.gaps.add(gap, u64::from(is_new));
        }
        let left_out = self.masker.span(span);
        self.gaps
            .at(GapKind::MaskingFailed, place.0, place.1, left_out);
        self.attribution.span(span)
    }

    /// Whether a span is the call by which an exporter hands over its spans.
    fn is_export(&self, span: &Span) -> bool {
        let facts = &span.attributes;
        if span.kind != SpanKind::Client || facts.str(attribute::HTTP_METHOD) != Some("POST") {
            return false;
        }
        let url = facts.str(attribute::URL_FULL).unwrap_or_default();
        let mut paths = self
            .endpoints
            .iter()
            .filter_map(|endpoint| url.strip_prefix(endpoint.as_str()));
        paths.any(|path| matches!(path, "" | "/") || path.starts_with("/v1/"))
    }

    fn log(&mut self, instance: &str, mut log: Log) {
        log.resource = self.processes.resource(instance);
        self.take_log(&mut log);
        self.chunk(log.trace_id).logs.push(log);
    }

    /// Makes a log record ready for the store.
    fn take_log(&mut self, log: &mut Log) {
        self.latest = self.latest.max(log.time);
        let left_out = self.masker.log(log);
        self.gaps
            .at(GapKind::MaskingFailed, log.trace_id, log.span_id, left_out);
    }

    fn tag(&mut self, tag: Tag) {
        let (key, value) = (
            self.masker.text(&tag.key),
            self.masker.named(&tag.key, &tag.value),
        );
        match tag.trace_id {
            Some(trace) => self.attribution.tag(trace, key, value),
            None if self.run_tags.len() < RUN_TAGS || self.run_tags.contains_key(&key) => {
                self.run_tags.insert(key, value);
            }
            None => self
                .gaps
                .run(GapKind::RecordInvalid, 1, Some("tags of the run".into())),
        }
    }

    fn chunk(&mut self, trace_id: Option<TraceId>) -> &mut Chunk {
        self.chunks.entry(trace_id).or_insert_with(|| Chunk {
            trace_id,
            ..Chunk::default()
        })
    }
}
