//! A real store whose writes fail from some point on, as on a full disk. It can still be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::{Attempt, AttemptId, Gap, Listener, Review, Run, RunId, Test, TestId, TraceId};
use store::{
    AttemptQuery, Batch, Chunk, Derived, DerivedKind, DiagnosisQuery, Kept, Part, PrefixMatch,
    Process, RunQuery, Store, StoreError, StoredDiagnosis,
};

pub(crate) struct Failing {
    real: Arc<dyn Store>,
    writes_left: AtomicI64,
}

impl Failing {
    pub(crate) fn after(real: Arc<dyn Store>, writes: i64) -> Self {
        let writes_left = AtomicI64::new(writes);
        Self { real, writes_left }
    }

    /// There is room again.
    pub(crate) fn recover(&self) {
        self.writes_left.store(i64::MAX, Ordering::SeqCst);
    }

    fn write(&self) -> Result<&dyn Store> {
        match self.writes_left.fetch_sub(1, Ordering::SeqCst) > 0 {
            true => Ok(self.real.as_ref()),
            false => Err(StoreError::Full),
        }
    }
}

type Result<T> = std::result::Result<T, StoreError>;

impl Store for Failing {
    fn put_run(&self, run: &Run) -> Result<()> {
        self.write()?.put_run(run)
    }
    fn append(&self, batch: &Batch) -> Result<()> {
        self.write()?.append(batch)
    }
    fn adopt(&self, run: RunId, trace: TraceId, test: AttemptId) -> Result<()> {
        self.write()?.adopt(run, trace, test)
    }
    fn put_diagnoses(&self, diagnoses: &[StoredDiagnosis]) -> Result<()> {
        self.write()?.put_diagnoses(diagnoses)
    }
    fn put_derived(&self, derived: &[Derived]) -> Result<()> {
        self.write()?.put_derived(derived)
    }
    fn derived(&self, kind: DerivedKind, parts: &[Part]) -> Result<Vec<Kept>> {
        self.real.derived(kind, parts)
    }
    fn run(&self, id: RunId) -> Result<Option<Run>> {
        self.real.run(id)
    }
    fn runs(&self, query: &RunQuery) -> Result<Vec<Run>> {
        self.real.runs(query)
    }
    fn attempts(&self, query: &AttemptQuery) -> Result<Vec<(Attempt, Test)>> {
        self.real.attempts(query)
    }
    fn chunks(&self, trace: TraceId) -> Result<Vec<Chunk>> {
        self.real.chunks(trace)
    }
    fn unattributed(&self, run: RunId) -> Result<Vec<Chunk>> {
        self.real.unattributed(run)
    }
    fn gaps(&self, run: RunId) -> Result<Vec<Gap>> {
        self.real.gaps(run)
    }
    fn processes(&self, run: RunId) -> Result<Vec<Process>> {
        self.real.processes(run)
    }
    fn listeners(&self, run: RunId) -> Result<Vec<Listener>> {
        self.real.listeners(run)
    }
    fn diagnosis(&self, attempt: AttemptId) -> Result<Option<StoredDiagnosis>> {
        self.real.diagnosis(attempt)
    }
    fn sightings(
        &self,
        fingerprint: &str,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>> {
        self.real.sightings(fingerprint, except, limit)
    }
    fn recent_diagnoses(&self, except: RunId, limit: usize) -> Result<Vec<(StoredDiagnosis, Run)>> {
        self.real.recent_diagnoses(except, limit)
    }
    fn diagnoses(&self, query: &DiagnosisQuery) -> Result<Vec<(StoredDiagnosis, Run)>> {
        self.real.diagnoses(query)
    }
    fn tests(&self) -> Result<Vec<(TestId, Test)>> {
        self.real.tests()
    }
    fn put_review(&self, review: &Review) -> Result<()> {
        self.write()?.put_review(review)
    }
    fn reviews(&self) -> Result<Vec<Review>> {
        self.real.reviews()
    }
    fn find(&self, hex_prefix: &str, limit: usize) -> Result<Vec<PrefixMatch>> {
        self.real.find(hex_prefix, limit)
    }
    fn unique_prefix(&self, id: PrefixMatch, minimum: usize) -> Result<usize> {
        self.real.unique_prefix(id, minimum)
    }
}
