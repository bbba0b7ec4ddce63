//! Runs, their gaps and server sockets, each read once: the failures of a run are compared with the same few passing runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Attempt, Gap, Listener, Recording, Run, RunId, TraceId};

use super::hooks::{self, Served};
use super::neighbours::Neighbours;
use super::signing::{Signed, Signer};
use crate::recording::with_gaps;
use crate::{AttemptQuery, Store, StoreError};

/// A store of which runs, gaps and server sockets are remembered.
pub(super) struct History<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) signer: Signer,
    /// Whether what is computed is kept: in the store of the attempt, not in one that is only compared with.
    pub(super) keeps: bool,
    pub(super) signed: Signed,
    pub(super) neighbours: Neighbours,
    runs: Mutex<HashMap<RunId, Option<Arc<Run>>>>,
    gaps: Mutex<HashMap<RunId, Arc<GapsByTrace>>>,
    listeners: Mutex<HashMap<RunId, Arc<Vec<Listener>>>>,
    served: Mutex<HashMap<RunId, Arc<Served>>>,
}

type GapsByTrace = HashMap<TraceId, Vec<Gap>>;

impl<'a> History<'a> {
    pub(super) fn new(store: &'a dyn Store, signer: Signer) -> Self {
        Self {
            store,
            signer,
            keeps: true,
            signed: Signed::default(),
            neighbours: Neighbours::default(),
            runs: Mutex::default(),
            gaps: Mutex::default(),
            listeners: Mutex::default(),
            served: Mutex::default(),
        }
    }

    /// The same of a store that is left as it is.
    pub(super) fn of_another(store: &'a dyn Store, signer: Signer) -> Self {
        Self {
            keeps: false,
            ..Self::new(store, signer)
        }
    }

    /// The run with this id.
    pub(super) fn run(&self, id: RunId) -> Result<Option<Arc<Run>>, StoreError> {
        if let Some(known) = lock(&self.runs).get(&id) {
            return Ok(known.clone());
        }
        let run = self.store.run(id)?.map(Arc::new);
        lock(&self.runs).insert(id, run.clone());
        Ok(run)
    }

    /// Server sockets of a run.
    pub(super) fn listeners(&self, run: RunId) -> Result<Arc<Vec<Listener>>, StoreError> {
        if let Some(known) = lock(&self.listeners).get(&run) {
            return Ok(Arc::clone(known));
        }
        let listeners = Arc::new(self.store.listeners(run)?);
        lock(&self.listeners).insert(run, Arc::clone(&listeners));
        Ok(listeners)
    }

    /// Everything captured of a trace of this run.
    pub(super) fn recording(&self, run: RunId, trace: TraceId) -> Result<Recording, StoreError> {
        let gaps = self.gaps(run)?;
        let of_trace = gaps.get(&trace).cloned().unwrap_or_default();
        with_gaps(self.store, trace, of_trace)
    }

    /// The recordings of the fixtures of an attempt.
    pub(super) fn fixtures(&self, attempt: &Attempt) -> Result<Vec<Recording>, StoreError> {
        let read = |trace: &TraceId| self.recording(attempt.run_id, *trace);
        attempt.fixtures.iter().map(read).collect()
    }

    /// The attempt of the one test that a hook serves.
    pub(super) fn served_by(
        &self,
        run: RunId,
        hook: TraceId,
    ) -> Result<Option<Attempt>, StoreError> {
        if let Some(known) = lock(&self.served).get(&run) {
            return Ok(known.get(&hook).cloned().flatten());
        }
        let query = AttemptQuery {
            run: Some(run),
            ..AttemptQuery::default()
        };
        let attempts = self.store.attempts(&query)?.into_iter();
        let served = Arc::new(hooks::served(attempts.map(|(attempt, _)| attempt)));
        let test = served.get(&hook).cloned().flatten();
        lock(&self.served).insert(run, served);
        Ok(test)
    }

    fn gaps(&self, run: RunId) -> Result<Arc<GapsByTrace>, StoreError> {
        if let Some(known) = lock(&self.gaps).get(&run) {
            return Ok(Arc::clone(known));
        }
        let mut by_trace = GapsByTrace::new();
        for gap in self.store.gaps(run)? {
            if let Some(trace) = gap.trace_id {
                by_trace.entry(trace).or_default().push(gap);
            }
        }
        let by_trace = Arc::new(by_trace);
        lock(&self.gaps).insert(run, Arc::clone(&by_trace));
        Ok(by_trace)
    }
}

/// What is remembered is whole after each step, also when a thread panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
