//! What is computed of recordings and kept: how much they hold, and the block of their calls. Computed together when one
//! of them is asked for the first time, which is when a run is reported, then read without unpacking a recording.

use model::{Exchange, Run, RunId, RunState, merge};

use crate::call_block::{self, Sums};
use crate::{
    AttemptQuery, CallQuery, CallStat, Derived, DerivedKind, Kept, Mark, Part, RunQuery, Store,
    StoreError, Tally,
};

/// [`Tally::write`].
const TALLY: DerivedKind = DerivedKind {
    name: "tally",
    version: 1,
};

/// [`call_block::encode`].
const CALLS: DerivedKind = DerivedKind {
    name: "calls",
    version: 1,
};

/// How much is in each of these parts of a run.
///
/// # Errors
/// When the store cannot be read.
pub fn tallies(store: &dyn Store, run: &Run, parts: &[Part]) -> Result<Vec<Tally>, StoreError> {
    let corrupt = || StoreError::Corrupt("a tally cannot be read".to_owned());
    all(store, run, parts, TALLY)?
        .iter()
        .map(|bytes| Tally::read(bytes).ok_or_else(corrupt))
        .collect()
}

/// What was called how often and how it went, by host, method and status. Counts exchanges that ended, each once.
///
/// # Errors
/// When the store cannot be read.
pub fn calls(store: &dyn Store, query: &CallQuery) -> Result<Vec<CallStat>, StoreError> {
    let runs = match query.run {
        Some(id) => store.run(id)?.into_iter().collect(),
        None => store.runs(&RunQuery::default())?,
    };
    let mut sums = Sums::default();
    for run in runs {
        for block in all(store, &run, &parts(store, run.id)?, CALLS)? {
            sums.add(&block)?;
        }
    }
    Ok(sums.into_stats())
}

/// The parts of a run: its attempts and fixtures, and the rest.
fn parts(store: &dyn Store, run: RunId) -> Result<Vec<Part>, StoreError> {
    let query = AttemptQuery {
        run: Some(run),
        ..AttemptQuery::default()
    };
    let attempts = store.attempts(&query)?.into_iter();
    let traces = attempts.map(|(attempt, _)| Part::Trace(attempt.id.into()));
    Ok(traces.chain([Part::Rest(run)]).collect())
}

/// What is derived of each part, kept or computed now. That something could not be kept is no error.
fn all(
    store: &dyn Store,
    run: &Run,
    parts: &[Part],
    kind: DerivedKind,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut found = Vec::with_capacity(parts.len());
    let mut computed = Vec::new();
    for (part, Kept { mark, data }) in parts.iter().zip(store.derived(kind, parts)?) {
        if let Some(data) = data {
            found.push(data);
            continue;
        }
        let of_part = compute(store, *part, mark)?;
        let wanted = of_part.iter().find(|derived| derived.kind == kind);
        found.push(
            wanted
                .map(|derived| derived.data.clone())
                .unwrap_or_default(),
        );
        computed.extend(of_part);
    }
    // A run that goes on would have it computed and written again and again.
    if run.state != RunState::Recording && !computed.is_empty() {
        let _unkept = store.put_derived(&computed);
    }
    Ok(found)
}

fn compute(store: &dyn Store, part: Part, mark: Mark) -> Result<[Derived; 2], StoreError> {
    let chunks = match part {
        Part::Trace(trace) => store.chunks(trace)?,
        Part::Rest(run) => store.unattributed(run)?,
    };
    let (mut spans, mut logs) = (Vec::new(), Vec::new());
    for chunk in chunks {
        spans.extend(chunk.spans);
        logs.extend(chunk.logs);
    }
    let mut spans = merge::spans(spans);
    model::relate(&mut spans);
    let logs = merge::logs(logs);
    let exchanges: Vec<Exchange> = spans.iter().filter_map(Exchange::from_span).collect();
    let derived = |kind, data| Derived {
        part,
        mark,
        kind,
        data,
    };
    let tally = Tally::of(&spans, &exchanges, &logs);
    Ok([
        derived(TALLY, tally.write()),
        derived(CALLS, call_block::encode(&exchanges)?),
    ])
}
