//! Two stores seen as one: what was written lately lies over what was written before.
//!
//! Writes go to the upper store only. What the lower one can no longer give is taken as absent: it is there because
//! something has gone wrong with it already.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{
    Attempt, AttemptId, Gap, GapKind, Listener, Review, Run, RunId, SpanId, Test, TestId,
    Timestamp, TraceId,
};

use crate::{
    AttemptQuery, Batch, Chunk, Derived, DerivedKind, DiagnosisQuery, Kept, Part, PrefixMatch,
    Process, RunQuery, Store, StoreError, StoredDiagnosis,
};

pub(crate) struct Overlay {
    pub(crate) below: Arc<dyn Store>,
    pub(crate) above: Arc<dyn Store>,
    /// What of the store below is of an attempt by now.
    pub(crate) adopted: Arc<Adoptions>,
}

/// A store in memory over another one, to which nothing is written any more.
///
/// # Errors
/// When there is no memory for it.
pub fn overlaid(below: Arc<dyn Store>) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(Overlay {
        below,
        above: crate::open_in_memory()?,
        adopted: Arc::default(),
    }))
}

/// Traces of runs that were adopted, each with the attempt.
#[derive(Default)]
pub(crate) struct Adoptions(Mutex<BTreeSet<(RunId, TraceId, AttemptId)>>);

impl Adoptions {
    pub(crate) fn list(&self) -> Vec<(RunId, TraceId, AttemptId)> {
        self.lock().iter().copied().collect()
    }

    fn add(&self, run: RunId, trace: TraceId, test: AttemptId) {
        self.lock().insert((run, trace, test));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<(RunId, TraceId, AttemptId)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Overlay {
    fn below<T: Default>(&self, read: impl FnOnce(&dyn Store) -> Result<T, StoreError>) -> T {
        read(self.below.as_ref()).unwrap_or_default()
    }

    fn attempts_above(&self) -> Result<HashSet<AttemptId>, StoreError> {
        let all = self.above.attempts(&AttemptQuery::default())?;
        Ok(all.into_iter().map(|(attempt, _)| attempt.id).collect())
    }

    /// What the store below has of a trace that was adopted, as it has it.
    fn adopted_below(&self, run: RunId, trace: TraceId) -> Vec<Chunk> {
        let mut chunks = self.below(|store| store.unattributed(run));
        chunks.retain(|chunk| chunk.trace_id == Some(trace));
        chunks
    }

    fn has_attempt_below(&self, attempt: AttemptId) -> bool {
        let query = AttemptQuery {
            attempt: Some(attempt),
            ..AttemptQuery::default()
        };
        !self.below(|store| store.attempts(&query)).is_empty()
    }

    fn started(&self, runs: impl Iterator<Item = RunId>) -> Result<Starts, StoreError> {
        let mut starts = HashMap::new();
        for run in runs.collect::<HashSet<_>>() {
            let known = self.run(run)?;
            starts.insert(run, known.map(|run| run.started));
        }
        Ok(starts)
    }
}

/// When runs began; nothing for those of which only attempts are known.
type Starts = HashMap<RunId, Option<Timestamp>>;

impl Store for Overlay {
    fn put_run(&self, run: &Run) -> Result<(), StoreError> {
        self.above.put_run(run)
    }

    fn append(&self, batch: &Batch) -> Result<(), StoreError> {
        self.above.append(batch)
    }

    fn adopt(&self, run: RunId, trace: TraceId, test: AttemptId) -> Result<(), StoreError> {
        self.adopted.add(run, trace, test);
        self.above.adopt(run, trace, test)
    }

    fn put_diagnoses(&self, diagnoses: &[StoredDiagnosis]) -> Result<(), StoreError> {
        self.above.put_diagnoses(diagnoses)
    }

    /// Keeps nothing: what is above is gone when the process ends, and what is below has failed.
    fn put_derived(&self, _: &[Derived]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Nothing: neither store knows of the chunks in the other one.
    fn derived(&self, _: DerivedKind, parts: &[Part]) -> Result<Vec<Kept>, StoreError> {
        Ok(vec![Kept::default(); parts.len()])
    }

    fn run(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        match self.above.run(id)? {
            Some(run) => Ok(Some(run)),
            None => Ok(self.below(|store| store.run(id))),
        }
    }

    fn runs(&self, query: &RunQuery) -> Result<Vec<Run>, StoreError> {
        let above = self.above.runs(query)?;
        let below = self.below(|store| store.runs(query));
        let mut runs = over(above, below, |run| run.id);
        runs.sort_by(|left, right| (right.started, left.id).cmp(&(left.started, right.id)));
        truncate(&mut runs, query.limit);
        Ok(runs)
    }

    fn attempts(&self, query: &AttemptQuery) -> Result<Vec<(Attempt, Test)>, StoreError> {
        // One that passed below may have failed above, where the filter hides it.
        let newer = self.attempts_above()?;
        let wider = AttemptQuery {
            limit: query.limit.map(|limit| limit.saturating_add(newer.len())),
            ..query.clone()
        };
        let mut all = self.above.attempts(query)?;
        let below = self.below(|store| store.attempts(&wider));
        all.extend(
            below
                .into_iter()
                .filter(|(attempt, _)| !newer.contains(&attempt.id)),
        );
        let starts = self.started(all.iter().map(|(attempt, _)| attempt.run_id))?;
        all.sort_by(|(left, _), (right, _)| {
            let started = |attempt: &Attempt| starts.get(&attempt.run_id).copied().flatten();
            let order = |attempt: &Attempt| (attempt.run_id, attempt.start, attempt.id);
            started(right)
                .cmp(&started(left))
                .then_with(|| order(left).cmp(&order(right)))
        });
        truncate(&mut all, query.limit);
        Ok(all)
    }

    fn chunks(&self, trace: TraceId) -> Result<Vec<Chunk>, StoreError> {
        let mut chunks = self.below(|store| store.chunks(trace));
        for (run, adopted, test) in self.adopted.list() {
            if adopted == trace {
                let gone = self.adopted_below(run, adopted);
                chunks.retain(|chunk| !gone.contains(chunk));
            }
            if TraceId::from(test) == trace {
                let come = self.adopted_below(run, adopted).into_iter();
                chunks.extend(come.map(|chunk| Chunk {
                    trace_id: Some(trace),
                    ..chunk
                }));
            }
        }
        chunks.extend(self.above.chunks(trace)?);
        Ok(chunks)
    }

    fn unattributed(&self, run: RunId) -> Result<Vec<Chunk>, StoreError> {
        let newer = self.attempts_above()?;
        let mut chunks = self.below(|store| store.unattributed(run));
        let adopted = self.adopted.list();
        let is_adopted = |trace| {
            let mut all = adopted.iter();
            all.any(|(of, from, _)| *of == run && Some(*from) == trace)
        };
        chunks.retain(|chunk| {
            let attempt = chunk.trace_id.map(AttemptId::from);
            attempt.is_none_or(|attempt| !newer.contains(&attempt)) && !is_adopted(chunk.trace_id)
        });
        chunks.extend(self.above.unattributed(run)?.into_iter().filter(|chunk| {
            let attempt = chunk.trace_id.map(AttemptId::from);
            attempt.is_none_or(|attempt| !self.has_attempt_below(attempt))
        }));
        Ok(chunks)
    }

    fn gaps(&self, run: RunId) -> Result<Vec<Gap>, StoreError> {
        let mut gaps = self.below(|store| store.gaps(run));
        gaps.extend(self.above.gaps(run)?);
        Ok(add_up(gaps))
    }

    fn processes(&self, run: RunId) -> Result<Vec<Process>, StoreError> {
        let above = self.above.processes(run)?;
        let below = self.below(|store| store.processes(run));
        let mut all = over(above, below, |process| process.instance.clone());
        all.sort_by(|left, right| (left.pid, &left.instance).cmp(&(right.pid, &right.instance)));
        Ok(all)
    }

    fn listeners(&self, run: RunId) -> Result<Vec<Listener>, StoreError> {
        let mut all = self.below(|store| store.listeners(run));
        all.extend(self.above.listeners(run)?);
        all.sort_by_key(|listener| listener.time);
        Ok(all)
    }

    fn diagnosis(&self, attempt: AttemptId) -> Result<Option<StoredDiagnosis>, StoreError> {
        match self.above.diagnosis(attempt)? {
            Some(diagnosis) => Ok(Some(diagnosis)),
            None => Ok(self.below(|store| store.diagnosis(attempt))),
        }
    }

    fn sightings(
        &self,
        fingerprint: &str,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        let above = self.above.sightings(fingerprint, except, limit)?;
        let below = self.below(|store| store.sightings(fingerprint, except, limit));
        self.newest(above, below, limit)
    }

    fn recent_diagnoses(
        &self,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        let above = self.above.recent_diagnoses(except, limit)?;
        let below = self.below(|store| store.recent_diagnoses(except, limit));
        self.newest(above, below, limit)
    }

    fn diagnoses(&self, query: &DiagnosisQuery) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        let above = self.above.diagnoses(query)?;
        // What is above may stand for any of those below, so the limit is for both together.
        let wider = DiagnosisQuery {
            limit: query.limit.map(|limit| limit.saturating_add(above.len())),
            ..*query
        };
        let below = self.below(|store| store.diagnoses(&wider));
        self.newest(above, below, query.limit.unwrap_or(usize::MAX))
    }

    fn tests(&self) -> Result<Vec<(TestId, Test)>, StoreError> {
        let below = self.below(|store| store.tests());
        let mut tests = over(self.above.tests()?, below, |(id, _)| *id);
        tests.sort_by_key(|(id, _)| *id);
        Ok(tests)
    }

    fn put_review(&self, review: &Review) -> Result<(), StoreError> {
        self.above.put_review(review)
    }

    fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        let below = self.below(|store| store.reviews());
        let mut all = over(self.above.reviews()?, below, |review| review.attempt_id);
        all.sort_by_key(|review| (Reverse(review.time), review.attempt_id));
        Ok(all)
    }

    fn find(&self, hex_prefix: &str, limit: usize) -> Result<Vec<PrefixMatch>, StoreError> {
        let mut found = self.above.find(hex_prefix, limit)?;
        found.extend(self.below(|store| store.find(hex_prefix, limit)));
        found.sort_unstable();
        found.dedup();
        found.truncate(limit);
        Ok(found)
    }

    fn unique_prefix(&self, id: PrefixMatch, minimum: usize) -> Result<usize, StoreError> {
        let above = self.above.unique_prefix(id, minimum)?;
        Ok(above.max(self.below(|store| store.unique_prefix(id, minimum))))
    }
}

impl Overlay {
    /// Diagnoses of both stores. A run or a diagnosis that was replaced above counts as it is there.
    fn newest(
        &self,
        above: Vec<(StoredDiagnosis, Run)>,
        below: Vec<(StoredDiagnosis, Run)>,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        let mut all = above;
        for (stored, run) in below {
            if self.above.diagnosis(stored.attempt_id)?.is_none() {
                all.push((stored, run));
            }
        }
        all.sort_by(|(left, left_run), (right, right_run)| {
            (right_run.started, left.attempt_id).cmp(&(left_run.started, right.attempt_id))
        });
        all.truncate(limit);
        Ok(all)
    }
}

/// Values of above, then those of below that are not replaced.
fn over<T, K: Hash + Eq>(above: Vec<T>, below: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let known: HashSet<K> = above.iter().map(&key).collect();
    let mut all = above;
    all.extend(
        below
            .into_iter()
            .filter(|value| !known.contains(&key(value))),
    );
    all
}

fn truncate<T>(values: &mut Vec<T>, limit: Option<usize>) {
    if let Some(limit) = limit {
        values.truncate(limit);
    }
}

/// Adds up the counts of equal gaps, up to 2^63 - 1 as stores do.
pub(crate) fn add_up(gaps: Vec<Gap>) -> Vec<Gap> {
    type Key = (
        Option<TraceId>,
        Option<SpanId>,
        &'static str,
        Option<String>,
    );
    let key = |gap: &Gap| -> Key {
        let kind = GapKind::as_str(gap.kind);
        (gap.trace_id, gap.span_id, kind, gap.detail.clone())
    };
    let mut sums: BTreeMap<Key, Gap> = BTreeMap::new();
    for gap in gaps {
        let count = gap.count;
        sums.entry(key(&gap))
            .and_modify(|sum| sum.count = sum.count.saturating_add(count).min(i64::MAX as u64))
            .or_insert(gap);
    }
    sums.into_values().collect()
}
