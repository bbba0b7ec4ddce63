//! One entry of a comparison: a call in one recording or in both.

use std::collections::HashMap;

use diagnosis::{ChangeKind, Pair, Part, Side, ValueChange};
use model::{Exchange, SpanId, Timestamp};

use super::types::{DiffCall, DiffKind, DiffValue, Difference};
use crate::time::millis;

/// A call is much slower when it takes this many times as long, and longer by so many milliseconds.
const SLOWER: (u64, u64) = (3, 500);
/// Characters of a value; longer ones are cut.
const VALUE_CHARS: usize = 300;

/// The calls of one recording by their span.
pub(super) struct Found {
    exchanges: HashMap<SpanId, Exchange>,
    start: Timestamp,
}

impl Found {
    /// The calls of a recording and of its fixtures, in an attempt that began then.
    pub(super) fn new(side: Side<'_>, start: Timestamp) -> Self {
        let recordings = side.fixtures.iter().chain([side.recording]);
        let exchanges = recordings.flat_map(|recording| recording.exchanges());
        Self {
            exchanges: exchanges.map(|call| (call.span_id, call)).collect(),
            start,
        }
    }

    fn tries(&self, spans: &[SpanId]) -> Vec<&Exchange> {
        spans
            .iter()
            .filter_map(|id| self.exchanges.get(id))
            .collect()
    }
}

/// The entry of a call; nothing when it does not differ.
pub(super) fn difference(
    pair: &Pair,
    here: &Found,
    there: &Found,
    all: bool,
) -> Option<Difference> {
    let (left, right) = (here.tries(&pair.here), there.tries(&pair.there));
    // In both a peer is named as here; a call has a try at least.
    let first = left.first().or(right.first())?;
    let (left_call, right_call) = (call(&left, here.start), call(&right, there.start));
    let kind = match (&left_call, &right_call) {
        (Some(_), None) => DiffKind::OnlyHere,
        (None, Some(_)) => DiffKind::OnlyThere,
        _ => DiffKind::Changed,
    };
    let wanted = |change: &&ValueChange| all || change.kind == ChangeKind::Value;
    let entry = Difference {
        kind,
        first_divergence: false,
        counts: pair.counts,
        slower: slower(left_call.as_ref(), right_call.as_ref()),
        phase: first.phase.as_str().to_owned(),
        peer: pair.peer.name.clone(),
        role: pair.peer.role.as_str().to_owned(),
        method: first.method.clone(),
        path: first.path().to_owned(),
        here: left_call,
        there: right_call,
        values: pair.values.iter().filter(wanted).map(value).collect(),
        values_left_out: u64::try_from(pair.values_left_out).unwrap_or(u64::MAX),
    };
    let differs = says_something(&entry) || !entry.values.is_empty();
    differs.then_some(entry)
}

/// Whether an entry has anything but what differs in any two recordings.
pub(super) fn says_something(entry: &Difference) -> bool {
    let outcome = |call: &Option<DiffCall>| {
        call.as_ref()
            .map(|call| (call.status, call.error.clone(), call.tries))
    };
    entry.kind != DiffKind::Changed
        || entry.slower
        || outcome(&entry.here) != outcome(&entry.there)
        || entry.values_left_out > 0
        || entry.values.iter().any(|value| value.kind == VALUE)
}

fn call(tries: &[&Exchange], start: Timestamp) -> Option<DiffCall> {
    let (first, last) = (tries.first()?, tries.last()?);
    let answered = |call: &&&Exchange| call.status().is_some_and(|status| status < 400);
    Some(DiffCall {
        span_id: last.span_id.to_string(),
        url: last.url.clone(),
        at_ms: millis(first.start.since(start)),
        duration_ms: last.duration().map(millis),
        status: last.status(),
        error: last.error.as_ref().map(|error| error.error_type.clone()),
        tries: u64::try_from(tries.len()).unwrap_or(u64::MAX),
        polled: tries[..tries.len() - 1].iter().any(|call| answered(&call)),
    })
}

fn slower(here: Option<&DiffCall>, there: Option<&DiffCall>) -> bool {
    let took = |call: Option<&DiffCall>| call.and_then(|call| call.duration_ms);
    let (times, more) = SLOWER;
    match (took(here), took(there)) {
        (Some(here), Some(there)) => {
            here >= there.saturating_mul(times) && here.saturating_sub(there) >= more
        }
        _ => false,
    }
}

/// The kind of a value that says something.
const VALUE: &str = "value";

fn value(change: &ValueChange) -> DiffValue {
    let part = match change.part {
        Part::Port => "port",
        Part::Path => "path",
        Part::Query => "query",
        Part::Request => "request",
        Part::Response => "response",
    };
    let kind = match change.kind {
        ChangeKind::Value => VALUE,
        ChangeKind::Identifier => "identifier",
        ChangeKind::Time => "time",
        ChangeKind::Port => "port",
    };
    DiffValue {
        part: part.to_owned(),
        path: change.path.clone(),
        here: change.here.as_deref().map(cut),
        there: change.there.as_deref().map(cut),
        kind: kind.to_owned(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(VALUE_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
