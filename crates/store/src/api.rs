//! The trait of a store, and the values that go through it.

use std::path::PathBuf;
use std::time::Duration;

use model::{
    Attempt, AttemptId, Diagnosis, Gap, Listener, Log, Review, Run, RunId, Span, Test, TestId,
    Timestamp, TraceId,
};

/// Where recordings live: primitive reads and writes, safe to use from several threads.
///
/// Several processes may have the same store open. A writer that meets another waits for it, up to a limit, and then
/// fails with [`StoreError::Busy`].
pub trait Store: Send + Sync {
    /// Writes a run, in place of what was known of it.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn put_run(&self, run: &Run) -> Result<(), StoreError>;

    /// Writes a batch, all of it or nothing. When it returns, the batch is durable and readable.
    /// Idempotent by the batch's id: a batch that is known already is not written again.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn append(&self, batch: &Batch) -> Result<(), StoreError>;

    /// From now on, what is stored of a run under `trace` is of the attempt `test`: a link that came after it says so.
    /// Doing it again changes nothing.
    ///
    /// # Errors
    /// When the store could not be written.
    fn adopt(&self, run: RunId, trace: TraceId, test: AttemptId) -> Result<(), StoreError>;

    /// Keeps diagnoses, each in place of an earlier one of its attempt; all of them or none.
    ///
    /// # Errors
    /// When they could not be made durable.
    fn put_diagnoses(&self, diagnoses: &[StoredDiagnosis]) -> Result<(), StoreError>;

    /// Keeps one diagnosis. Several at once cost no more than one.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn put_diagnosis(&self, diagnosis: &StoredDiagnosis) -> Result<(), StoreError> {
        self.put_diagnoses(std::slice::from_ref(diagnosis))
    }

    /// Keeps what was computed of recordings, each in place of an earlier one of its part and kind. It may be lost at any
    /// time: who needs it computes it again.
    ///
    /// # Errors
    /// When it could not be written.
    fn put_derived(&self, derived: &[Derived]) -> Result<(), StoreError>;

    /// For each of these parts its mark, and what was kept of this kind and version under that mark.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn derived(&self, kind: DerivedKind, parts: &[Part]) -> Result<Vec<Kept>, StoreError>;

    /// The run with this id.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn run(&self, id: RunId) -> Result<Option<Run>, StoreError>;

    /// Runs, newest first; those that began at the same instant by their id.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn runs(&self, query: &RunQuery) -> Result<Vec<Run>, StoreError>;

    /// Attempts, by run (newest first), then start. Each with its test.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn attempts(&self, query: &AttemptQuery) -> Result<Vec<(Attempt, Test)>, StoreError>;

    /// Chunks of a trace in the order in which they were written; spans and logs not merged. Empty when nothing is
    /// known of the trace.
    ///
    /// # Errors
    /// When the store cannot be read, or a chunk is of a newer format.
    fn chunks(&self, trace: TraceId) -> Result<Vec<Chunk>, StoreError>;

    /// Chunks of a run that belong to no attempt: traces of services, logs of no test.
    ///
    /// # Errors
    /// When the store cannot be read, or a chunk is of a newer format.
    fn unattributed(&self, run: RunId) -> Result<Vec<Chunk>, StoreError>;

    /// Gaps of a run; equal ones added up.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn gaps(&self, run: RunId) -> Result<Vec<Gap>, StoreError>;

    /// Processes of a run that reported, with their server sockets.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn processes(&self, run: RunId) -> Result<Vec<Process>, StoreError>;

    /// Server sockets of a run, by time.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn listeners(&self, run: RunId) -> Result<Vec<Listener>, StoreError>;

    /// The diagnosis kept for an attempt.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn diagnosis(&self, attempt: AttemptId) -> Result<Option<StoredDiagnosis>, StoreError>;

    /// Diagnoses with this fingerprint in other runs than `except`, newest run first, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn sightings(
        &self,
        fingerprint: &str,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError>;

    /// Diagnoses that have a fingerprint, of other runs than `except`, newest run first, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn recent_diagnoses(
        &self,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError>;

    /// Diagnoses of runs that are known, newest run first, then by attempt.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn diagnoses(&self, query: &DiagnosisQuery) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError>;

    /// All tests and fixtures that an attempt is known of, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn tests(&self) -> Result<Vec<(TestId, Test)>, StoreError>;

    /// Keeps a review, in place of an earlier one of its attempt.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn put_review(&self, review: &Review) -> Result<(), StoreError>;

    /// All reviews, those that were taken back too, newest first, then by attempt.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn reviews(&self) -> Result<Vec<Review>, StoreError>;

    /// Runs and attempts whose id begins with these hex digits, at most `limit` of them.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn find(&self, hex_prefix: &str, limit: usize) -> Result<Vec<PrefixMatch>, StoreError>;

    /// The length of the shortest prefix, at least `minimum`, that tells this id from all others of its kind.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn unique_prefix(&self, id: PrefixMatch, minimum: usize) -> Result<usize, StoreError>;
}

/// What the recorder hands over at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Its identity, for [`Store::append`] to know it again.
    pub id: BatchId,
    /// The run that it belongs to.
    pub run_id: RunId,
    /// Spans and logs by trace.
    pub chunks: Vec<Chunk>,
    /// Attempts as they are known now, with their tests; each in place of what was known of it.
    pub attempts: Vec<(Attempt, Test)>,
    /// What is known to be missing; counts add up.
    pub gaps: Vec<Gap>,
    /// Processes as they are known now.
    pub processes: Vec<Process>,
    /// Server sockets that were opened or closed.
    pub listeners: Vec<Listener>,
}

/// Identity of a batch, from its content or drawn at random by whoever might have to send it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub [u8; 16]);

/// Records of one trace that arrived together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chunk {
    /// The trace; none for logs of no trace.
    pub trace_id: Option<TraceId>,
    /// Records of spans.
    pub spans: Vec<Span>,
    /// Log records.
    pub logs: Vec<Log>,
}

/// A process of a run that reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// The run.
    pub run_id: RunId,
    /// The agent's own id for this process and thread, 8 hex digits.
    pub instance: String,
    /// Its process id.
    pub pid: u32,
    /// Its parent's.
    pub parent_pid: u32,
    /// The agent and its version, `node 0.1.0`.
    pub agent: String,
    /// The command line, masked.
    pub command: Vec<String>,
    /// Whether tests ran in it.
    pub runs_tests: bool,
    /// How it ended, as far as is known: `exit`, `killed`, or nothing while it runs.
    pub ended: Option<String>,
}

/// A diagnosis with what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDiagnosis {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// Its run.
    pub run_id: RunId,
    /// Its test.
    pub test_id: TestId,
    /// SHA-256 of the evidence in its archive form, as hex.
    pub evidence_hash: String,
    /// What was concluded.
    pub diagnosis: Diagnosis,
}

/// Chunks that are read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Those of a trace: [`Store::chunks`].
    Trace(TraceId),
    /// Those of a run that belong to no attempt: [`Store::unattributed`].
    Rest(RunId),
}

/// The state of a part: another one whenever chunks were added to it or taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// How many chunks it has.
    pub chunks: u64,
    /// The number of the one that was written last, in the order of writing.
    pub newest: u64,
}

/// What a store has of something that is computed of a part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The mark of the part now.
    pub mark: Mark,
    /// What was kept under this mark.
    pub data: Option<Vec<u8>>,
}

/// What was computed of chunks and is kept beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The chunks.
    pub part: Part,
    /// The mark that they had when they were read, or before.
    pub mark: Mark,
    /// What it is.
    pub kind: DerivedKind,
    /// It, in the form of this version of its kind.
    pub data: Vec<u8>,
}

/// What something computed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DerivedKind {
    /// Its name.
    pub name: &'static str,
    /// Raised whenever its form or meaning changes; what another version has kept is not found.
    pub version: u32,
}

/// Which runs to list. Nothing set: all.
#[derive(Debug, Clone, Default)]
pub struct RunQuery {
    /// At most so many.
    pub limit: Option<usize>,
    /// Only those of this project.
    pub project: Option<String>,
    /// Only those that a list of all runs has after this one, by its start and id. With an id of ones: that began earlier.
    pub after: Option<(Timestamp, RunId)>,
}

/// Which attempts to list. Nothing set: all.
#[derive(Debug, Clone, Default)]
pub struct AttemptQuery {
    /// Only those of this run.
    pub run: Option<RunId>,
    /// Only those of this test.
    pub test: Option<TestId>,
    /// Only this one.
    pub attempt: Option<AttemptId>,
    /// Only passing ones.
    pub passed_only: bool,
    /// At most so many.
    pub limit: Option<usize>,
}

/// Which diagnoses to list. Nothing set: all.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiagnosisQuery {
    /// Only those of this run.
    pub run: Option<RunId>,
    /// Only those of this test.
    pub test: Option<TestId>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// Which calls to count. Nothing set: all.
#[derive(Debug, Clone, Default)]
pub struct CallQuery {
    /// Only those of this run.
    pub run: Option<RunId>,
}

/// Calls to one host with one method and one outcome.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallStat {
    /// The host that was asked for.
    pub host: String,
    /// The method of the request.
    pub method: String,
    /// The status of the answer; none when none came.
    pub status: Option<u16>,
    /// How many there were.
    pub count: u64,
    /// How long they took together, to the microsecond.
    pub total: Duration,
    /// How long the longest took, to the microsecond.
    pub longest: Duration,
}

/// What a prefix of hex digits was found to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrefixMatch {
    /// A run.
    Run(RunId),
    /// An attempt.
    Attempt(AttemptId),
}

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or file cannot be used.
    #[error("open the store: {reason}: {}", path.display())]
    Open {
        /// What is wrong.
        reason: String,
        /// Where.
        path: PathBuf,
    },
    /// Written by a newer Flakescope.
    #[error("read the store: it has format {found}, this version reads up to {supported}; use a newer flakescope: {}", path.display())]
    TooNew {
        /// The format found.
        found: u32,
        /// The newest that is understood.
        supported: u32,
        /// Where.
        path: PathBuf,
    },
    /// Another process was writing for too long.
    #[error("write to the store: another process is busy with it")]
    Busy,
    /// No room left on the disk.
    #[error("write to the store: the disk is full")]
    Full,
    /// Content that cannot be read.
    #[error("read the store: {0}")]
    Corrupt(String),
    /// Anything else that the engine says.
    #[error("{operation}: {reason}")]
    Engine {
        /// What was tried.
        operation: &'static str,
        /// What the engine says.
        reason: String,
    },
}
