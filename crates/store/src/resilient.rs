//! A store that goes on in memory when the one on disk fails, so that a run still has its report.
//!
//! Nothing that was written before is copied: reads see the failed store below and memory above it. At the end of the
//! run, [`Resilient::settle`] tries once more to bring to disk what is only in memory.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{
    Attempt, AttemptId, Gap, GapKind, Listener, Review, Run, RunId, Test, TestId, TraceId,
};

use crate::overlay::{Adoptions, Overlay, add_up};
use crate::{
    AttemptQuery, Batch, BatchId, Chunk, Derived, DerivedKind, DiagnosisQuery, Kept, Part,
    PrefixMatch, Process, RunQuery, Store, StoreError, StoredDiagnosis, open, open_in_memory,
};

/// Makes a store that survives the failure of `primary`, or that it could not be opened.
#[must_use]
pub fn resilient(primary: Result<Arc<dyn Store>, StoreError>) -> Arc<Resilient> {
    Arc::new(Resilient::new(primary, None))
}

/// Opens the store in this folder as a resilient one. Should folder or store be removed, or not be there yet for some
/// other reason, [`Resilient::settle`] makes them again.
#[must_use]
pub fn open_resilient(dir: &Path) -> Arc<Resilient> {
    Arc::new(Resilient::new(open(dir), Some(dir.to_owned())))
}

/// A store on disk while that works, else in memory. Its writes do not fail: what cannot even be kept in memory is
/// dropped, and counted both as [`Loss::dropped`] and as a gap of its run.
pub struct Resilient {
    /// Where the store can be opened again.
    dir: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The store on disk, if it could be opened.
    primary: Option<Arc<dyn Store>>,
    /// Where writes go since the primary failed.
    fallback: Option<Fallback>,
    loss: Option<Loss>,
    /// Records that were dropped, by run.
    dropped: BTreeMap<RunId, u64>,
}

struct Fallback {
    memory: Arc<dyn Store>,
    /// Memory over what the failed store still gives.
    view: Arc<dyn Store>,
    /// What of the failed store the view has as an attempt's.
    adopted: Arc<Adoptions>,
    /// The runs of which something is in memory only.
    runs: BTreeSet<RunId>,
}

/// What is not, or not yet, on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loss {
    /// Why, for people.
    pub reason: String,
    /// Writes that are in memory only.
    pub batches: u64,
    /// Writes that memory had no room for either.
    pub dropped: u64,
}

impl Resilient {
    fn new(primary: Result<Arc<dyn Store>, StoreError>, dir: Option<PathBuf>) -> Self {
        let mut state = State::default();
        match primary {
            Ok(primary) => state.primary = Some(primary),
            Err(error) => state.fall_back(&error),
        }
        Self {
            dir,
            state: Mutex::new(state),
        }
    }

    /// What is not on disk. None: everything is.
    #[must_use]
    pub fn lost(&self) -> Option<Loss> {
        self.lock().loss.clone()
    }

    /// Tries once more to bring to disk what is in memory only. If that works, writing goes on there.
    ///
    /// # Errors
    /// When it did not work; what is in memory stays there.
    pub fn settle(&self) -> Result<(), StoreError> {
        let mut state = self.lock();
        let Some(fallback) = &state.fallback else {
            return Ok(());
        };
        let target = match (&self.dir, &state.primary) {
            (Some(dir), _) => open(dir)?,
            (None, Some(primary)) => Arc::clone(primary),
            (None, None) => {
                return Err(StoreError::Engine {
                    operation: "write to the store",
                    reason: "it could not be opened".to_owned(),
                });
            }
        };
        for run in &fallback.runs {
            let dropped = state
                .dropped
                .get(run)
                .map(|count| dropped_gap(*run, *count));
            fallback.copy_run(target.as_ref(), *run, dropped)?;
        }
        state.primary = Some(target);
        state.fallback = None;
        state.dropped.clear();
        state.loss = state.loss.take().filter(|loss| loss.dropped > 0);
        if let Some(loss) = &mut state.loss {
            loss.batches = 0;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T: Default>(
        &self,
        read: impl FnOnce(&dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let state = self.lock();
        let store = match &state.fallback {
            Some(fallback) => Some(Arc::clone(&fallback.view)),
            None => state.primary.clone(),
        };
        drop(state);
        store.map_or_else(|| Ok(T::default()), |store| read(store.as_ref()))
    }

    /// Writes so many records of a run, to disk while that works, else to memory.
    fn write(
        &self,
        run: RunId,
        records: u64,
        write: impl Fn(&dyn Store) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let state = self.lock();
        let working = state.primary.clone().filter(|_| state.fallback.is_none());
        // Writers of a working store wait for the engine only, not for each other.
        drop(state);
        let failure = match working.map(|primary| write(primary.as_ref())) {
            Some(Ok(())) => return Ok(()),
            Some(Err(error)) => Some(error),
            None => None,
        };
        let mut state = self.lock();
        if let (None, Some(error)) = (&state.fallback, &failure) {
            state.fall_back(error);
        }
        let is_kept = match &mut state.fallback {
            Some(fallback) => {
                fallback.know(run);
                write(fallback.view.as_ref()).is_ok()
            }
            None => false,
        };
        let loss = state.loss.get_or_insert_default();
        if is_kept {
            loss.batches += 1;
        } else {
            loss.dropped += 1;
            *state.dropped.entry(run).or_default() += records;
        }
        Ok(())
    }
}

impl State {
    fn fall_back(&mut self, error: &StoreError) {
        let loss = self.loss.get_or_insert_default();
        loss.reason = error.to_string();
        // Without memory there is nowhere to go: every write is tried on disk, then dropped and counted.
        let Ok(memory) = open_in_memory() else {
            return;
        };
        let adopted = Arc::new(Adoptions::default());
        let view = match &self.primary {
            Some(below) => Arc::new(Overlay {
                below: Arc::clone(below),
                above: Arc::clone(&memory),
                adopted: Arc::clone(&adopted),
            }),
            None => Arc::clone(&memory),
        };
        self.fallback = Some(Fallback {
            memory,
            view,
            adopted,
            runs: BTreeSet::new(),
        });
    }
}

impl Fallback {
    /// Brings the row of a run into memory before anything of it is written there, so that memory can sort by it.
    fn know(&mut self, run: RunId) {
        if !self.runs.insert(run) {
            return;
        }
        if let Ok(Some(known)) = self.view.run(run) {
            // Without room for it, what is written next is dropped and counted.
            let _ = self.memory.put_run(&known);
        }
    }

    /// Copies a run to `target`: what is in memory only, or everything when the target has never heard of the run,
    /// because it is not the store that failed but a new one. The run itself comes last, so that a target which knows it
    /// has all.
    fn copy_run(
        &self,
        target: &dyn Store,
        run: RunId,
        dropped: Option<Gap>,
    ) -> Result<(), StoreError> {
        let is_known = target.run(run)?.is_some();
        let source = if is_known { &self.memory } else { &self.view };
        let query = AttemptQuery {
            run: Some(run),
            ..AttemptQuery::default()
        };
        let attempts = source.attempts(&query)?;
        for (attempt, _) in &attempts {
            let mut batch = empty_batch(run);
            batch.chunks = source.chunks(attempt.id.into())?;
            target.append(&batch)?;
        }
        let mut batch = empty_batch(run);
        batch.chunks = source.unattributed(run)?;
        batch.attempts = attempts;
        batch.gaps = source.gaps(run)?;
        batch.gaps.extend(dropped);
        batch.processes = source.processes(run)?;
        batch.listeners = source.listeners(run)?;
        target.append(&batch)?;
        let adopted = self.adopted.list().into_iter();
        for (_, trace, test) in adopted.filter(|(of, ..)| *of == run) {
            target.adopt(run, trace, test)?;
        }
        // Memory may hold the diagnosis of an attempt that is on disk.
        let mut diagnoses = Vec::new();
        for (attempt, _) in self.view.attempts(&query)? {
            diagnoses.extend(source.diagnosis(attempt.id)?);
        }
        target.put_diagnoses(&diagnoses)?;
        for review in source
            .reviews()?
            .iter()
            .filter(|review| review.run_id == run)
        {
            target.put_review(review)?;
        }
        match source.run(run)? {
            Some(run) => target.put_run(&run),
            None => Ok(()),
        }
    }
}

fn empty_batch(run_id: RunId) -> Batch {
    // Two hashers with keys drawn at random: no batch of any process has the same.
    let random = || RandomState::new().build_hasher().finish().to_le_bytes();
    let mut id = [0; 16];
    id[..8].copy_from_slice(&random());
    id[8..].copy_from_slice(&random());
    Batch {
        id: BatchId(id),
        run_id,
        chunks: Vec::new(),
        attempts: Vec::new(),
        gaps: Vec::new(),
        processes: Vec::new(),
        listeners: Vec::new(),
    }
}

fn dropped_gap(run_id: RunId, count: u64) -> Gap {
    Gap {
        run_id,
        trace_id: None,
        span_id: None,
        kind: GapKind::StoreWriteFailed,
        count,
        detail: None,
    }
}

fn records(batch: &Batch) -> u64 {
    let of_chunk = |chunk: &Chunk| chunk.spans.len() + chunk.logs.len();
    let records: usize = batch.chunks.iter().map(of_chunk).sum();
    (records + batch.attempts.len()) as u64
}

impl Store for Resilient {
    fn put_run(&self, run: &Run) -> Result<(), StoreError> {
        self.write(run.id, 1, |store| store.put_run(run))
    }

    fn append(&self, batch: &Batch) -> Result<(), StoreError> {
        self.write(batch.run_id, records(batch), |store| store.append(batch))
    }

    fn adopt(&self, run: RunId, trace: TraceId, test: AttemptId) -> Result<(), StoreError> {
        // Nothing is lost when it fails: the records stay with the run.
        self.write(run, 0, |store| store.adopt(run, trace, test))
    }

    fn put_diagnoses(&self, diagnoses: &[StoredDiagnosis]) -> Result<(), StoreError> {
        // Each run's on their own: what is in memory only is known by run.
        for of_run in diagnoses.chunk_by(|left, right| left.run_id == right.run_id) {
            let records = of_run.len() as u64;
            self.write(of_run[0].run_id, records, |store| {
                store.put_diagnoses(of_run)
            })?;
        }
        Ok(())
    }

    /// Not kept is no loss: it can be computed again.
    fn put_derived(&self, derived: &[Derived]) -> Result<(), StoreError> {
        self.read(|store| store.put_derived(derived))
    }

    fn derived(&self, kind: DerivedKind, parts: &[Part]) -> Result<Vec<Kept>, StoreError> {
        let mut found = self.read(|store| store.derived(kind, parts))?;
        // A store that could not be opened gives nothing, not even an answer for each.
        found.resize(parts.len(), Kept::default());
        Ok(found)
    }

    fn run(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        self.read(|store| store.run(id))
    }

    fn runs(&self, query: &RunQuery) -> Result<Vec<Run>, StoreError> {
        self.read(|store| store.runs(query))
    }

    fn attempts(&self, query: &AttemptQuery) -> Result<Vec<(Attempt, Test)>, StoreError> {
        self.read(|store| store.attempts(query))
    }

    fn chunks(&self, trace: TraceId) -> Result<Vec<Chunk>, StoreError> {
        self.read(|store| store.chunks(trace))
    }

    fn unattributed(&self, run: RunId) -> Result<Vec<Chunk>, StoreError> {
        self.read(|store| store.unattributed(run))
    }

    fn gaps(&self, run: RunId) -> Result<Vec<Gap>, StoreError> {
        let mut gaps = self.read(|store| store.gaps(run))?;
        let dropped = self.lock().dropped.get(&run).copied();
        gaps.extend(dropped.map(|count| dropped_gap(run, count)));
        Ok(add_up(gaps))
    }

    fn processes(&self, run: RunId) -> Result<Vec<Process>, StoreError> {
        self.read(|store| store.processes(run))
    }

    fn listeners(&self, run: RunId) -> Result<Vec<Listener>, StoreError> {
        self.read(|store| store.listeners(run))
    }

    fn diagnosis(&self, attempt: AttemptId) -> Result<Option<StoredDiagnosis>, StoreError> {
        self.read(|store| store.diagnosis(attempt))
    }

    fn sightings(
        &self,
        fingerprint: &str,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        self.read(|store| store.sightings(fingerprint, except, limit))
    }

    fn recent_diagnoses(
        &self,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        self.read(|store| store.recent_diagnoses(except, limit))
    }

    fn diagnoses(&self, query: &DiagnosisQuery) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        self.read(|store| store.diagnoses(query))
    }

    fn tests(&self) -> Result<Vec<(TestId, Test)>, StoreError> {
        self.read(|store| store.tests())
    }

    fn put_review(&self, review: &Review) -> Result<(), StoreError> {
        self.write(review.run_id, 1, |store| store.put_review(review))
    }

    fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        self.read(|store| store.reviews())
    }

    fn find(&self, hex_prefix: &str, limit: usize) -> Result<Vec<PrefixMatch>, StoreError> {
        self.read(|store| store.find(hex_prefix, limit))
    }

    fn unique_prefix(&self, id: PrefixMatch, minimum: usize) -> Result<usize, StoreError> {
        self.read(|store| store.unique_prefix(id, minimum))
    }
}
