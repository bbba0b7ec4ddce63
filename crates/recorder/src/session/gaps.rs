//! Adds up gaps: those to be written with the next batch, and all of the run for its summary.

use std::collections::BTreeMap;

use model::{Gap, GapKind, RunId, SpanId, TraceId};

/// Beyond so many different gaps, only their kinds are told apart.
const DISTINCT: usize = 4096;

type Place = (GapKind, Option<TraceId>, Option<SpanId>, Option<String>);

/// All gaps of a run.
#[derive(Default)]
pub(super) struct GapLedger {
    pending: BTreeMap<Place, u64>,
    total: BTreeMap<Place, u64>,
}

impl GapLedger {
    /// One of a kind that is missing from the run as a whole.
    pub(super) fn run(&mut self, kind: GapKind, count: u64, detail: Option<String>) {
        self.add((kind, None, None, detail), count);
    }

    /// Missing from a trace or a span.
    pub(super) fn at(
        &mut self,
        kind: GapKind,
        trace: Option<TraceId>,
        span: Option<SpanId>,
        count: u64,
    ) {
        self.add((kind, trace, span, None), count);
    }

    /// Any gap.
    pub(super) fn add(&mut self, place: Place, count: u64) {
        if count == 0 {
            return;
        }
        let is_new = !self.total.contains_key(&place);
        let place = if is_new && self.total.len() >= DISTINCT {
            (place.0, None, None, None)
        } else {
            place
        };
        for sums in [&mut self.pending, &mut self.total] {
            let sum = sums.entry(place.clone()).or_default();
            *sum = sum.saturating_add(count);
        }
    }

    /// What was added since the last call.
    pub(super) fn take_pending(&mut self, run_id: RunId) -> Vec<Gap> {
        gaps(run_id, std::mem::take(&mut self.pending))
    }

    /// Gaps that were taken and could not be written.
    pub(super) fn give_back(&mut self, gaps: Vec<Gap>) {
        for gap in gaps {
            let place = (gap.kind, gap.trace_id, gap.span_id, gap.detail);
            let sum = self.pending.entry(place).or_default();
            *sum = sum.saturating_add(gap.count);
        }
    }

    /// All of the run, equal ones added up.
    pub(super) fn total(&self, run_id: RunId) -> Vec<Gap> {
        gaps(run_id, self.total.clone())
    }
}

fn gaps(run_id: RunId, sums: BTreeMap<Place, u64>) -> Vec<Gap> {
    sums.into_iter()
        .map(|((kind, trace_id, span_id, detail), count)| Gap {
            run_id,
            trace_id,
            span_id,
            kind,
            count,
            detail,
        })
        .collect()
}
