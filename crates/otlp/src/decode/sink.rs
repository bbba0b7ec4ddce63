//! Where both readers put what they read: limits, problems and positions are kept here.

use std::borrow::Cow;
use std::sync::Arc;

use model::{Log, Resource, Span, SpanId, Timestamp, TraceId, Value};

use super::{Counts, Decoded};
use crate::conventions;
use crate::{Limits, Place, Problem, ProblemKind};

/// A key and its value.
pub(crate) type Pair = (String, Value);

/// What was read so far, and where the reader is.
pub(crate) struct Sink<'l> {
    limits: &'l Limits,
    pub(crate) spans: Vec<Span>,
    pub(crate) logs: Vec<Log>,
    problems: Vec<Problem>,
    measured: Vec<Arc<Resource>>,
    pub(crate) counts: Counts,
    place: Place,
    values: usize,
    records: usize,
    /// The first problem of the record that is being read.
    record_problems: usize,
}

/// How many records there were when a resource or scope began: those since then are in it, wherever in the message it
/// is described.
#[derive(Clone, Copy)]
pub(super) struct Since {
    spans: usize,
    logs: usize,
    ignored: u64,
}

impl<'l> Sink<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            spans: Vec::new(),
            logs: Vec::new(),
            problems: Vec::new(),
            measured: Vec::new(),
            counts: Counts::default(),
            place: Place::default(),
            values: 0,
            records: 0,
            record_problems: 0,
        }
    }

    pub(super) fn into_decoded(self) -> Decoded {
        Decoded {
            spans: self.spans,
            logs: self.logs,
            problems: self.problems,
            measured: self.measured,
            counts: self.counts,
        }
    }

    pub(super) fn limits(&self) -> &'l Limits {
        self.limits
    }

    /// Tells a problem where the reader is.
    pub(super) fn problem(&mut self, kind: ProblemKind, field: &'static str) {
        self.tell(Problem {
            kind,
            place: self.place,
            field,
            trace_id: None,
            span_id: None,
        });
    }

    /// Tells a problem.
    pub(crate) fn tell(&mut self, problem: Problem) {
        self.counts.problems += 1;
        if self.problems.len() < self.limits.problems {
            self.problems.push(problem);
        }
    }

    pub(super) fn enter_resource(&mut self) -> Since {
        self.place = Place {
            resource: Some(next(self.place.resource)),
            ..Place::default()
        };
        self.since()
    }

    pub(super) fn enter_scope(&mut self) -> Since {
        self.place.scope = Some(next(self.place.scope));
        self.place.record = None;
        self.since()
    }

    /// Whether one more record may be read.
    pub(super) fn enter_record(&mut self) -> bool {
        self.place.record = Some(next(self.place.record));
        self.record_problems = self.problems.len();
        self.records += 1;
        if self.records <= self.limits.records {
            return true;
        }
        self.problem(ProblemKind::TooMany, "record");
        self.counts.rejected += 1;
        false
    }

    /// The reader has left a record; problems since it was entered are that record's.
    pub(super) fn leave_record(&mut self, trace_id: Option<TraceId>, span_id: Option<SpanId>) {
        for problem in self.problems.iter_mut().skip(self.record_problems) {
            problem.trace_id = trace_id;
            problem.span_id = span_id;
        }
    }

    /// The reader is outside of every resource.
    pub(super) fn leave_request(&mut self) {
        self.place = Place::default();
    }

    /// The reader is between resources again.
    pub(super) fn leave_resource(&mut self, since: Since, facts: Vec<Pair>) {
        let mut attributes = facts.into_iter().collect();
        conventions::of_resource(&mut attributes);
        let resource = Arc::new(Resource { attributes });
        for span in &mut self.spans[since.spans..] {
            span.resource = Arc::clone(&resource);
        }
        for log in &mut self.logs[since.logs..] {
            log.resource = Arc::clone(&resource);
        }
        if self.counts.ignored > since.ignored {
            self.measured.push(resource);
        }
        self.place.scope = None;
        self.place.record = None;
    }

    /// The reader is between scopes again.
    pub(super) fn leave_scope(&mut self, since: Since, facts: &[Pair]) {
        let spans = self.spans[since.spans..]
            .iter_mut()
            .map(|span| &mut span.attributes);
        let logs = self.logs[since.logs..]
            .iter_mut()
            .map(|log| &mut log.attributes);
        for attributes in spans.chain(logs) {
            for (key, value) in facts {
                attributes.set(key.clone(), value.clone());
            }
        }
        self.place.record = None;
    }

    fn since(&self) -> Since {
        Since {
            spans: self.spans.len(),
            logs: self.logs.len(),
            ignored: self.counts.ignored,
        }
    }

    /// Whether a list of `length` entries may have one more, and the request one more value.
    pub(super) fn admit(&mut self, length: usize, field: &'static str) -> bool {
        self.values += 1;
        if length < self.limits.entries && self.values <= self.limits.values {
            return true;
        }
        self.problem(ProblemKind::TooMany, field);
        false
    }

    /// Text within the limit.
    pub(super) fn text(&mut self, text: Cow<'_, str>, field: &'static str) -> String {
        if text.len() <= self.limits.text_bytes {
            return text.into_owned();
        }
        self.problem(ProblemKind::TooLong, field);
        text[..text.floor_char_boundary(self.limits.text_bytes)].to_owned()
    }

    /// Bytes within the limit.
    pub(super) fn bytes(&mut self, bytes: &[u8], field: &'static str) -> Vec<u8> {
        if bytes.len() > self.limits.text_bytes {
            self.problem(ProblemKind::TooLong, field);
        }
        bytes[..bytes.len().min(self.limits.text_bytes)].to_vec()
    }

    /// The sender says that it left so many parts of a record out.
    pub(super) fn dropped_by_sender(&mut self, count: u64) {
        self.counts.dropped_by_sender = self.counts.dropped_by_sender.saturating_add(count);
    }

    /// An instant; nothing when OTLP's zero stands for it or our years do not reach it.
    pub(super) fn time(&mut self, nanos: u64, field: &'static str) -> Option<Timestamp> {
        match i64::try_from(nanos) {
            Ok(0) => None,
            Ok(nanos) => Some(Timestamp(nanos)),
            Err(_) => {
                self.problem(ProblemKind::InvalidValue, field);
                None
            }
        }
    }
}

fn next(position: Option<u32>) -> u32 {
    position.map_or(0, |position| position.saturating_add(1))
}
