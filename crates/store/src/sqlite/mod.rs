//! The embedded store: one SQLite database in WAL mode. Reasons and figures: `docs/design/0002-store.md`.

mod error;
mod open;
mod read;
mod review;
mod schema;
mod write;

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Attempt, AttemptId, Gap, Listener, Review, Run, RunId, Test, TestId, TraceId};
use rusqlite::{Connection, TransactionBehavior};

use crate::{
    AttemptQuery, Batch, Chunk, Derived, DerivedKind, DiagnosisQuery, Kept, Part, PrefixMatch,
    Process, RunQuery, Store, StoreError, StoredDiagnosis,
};
use error::{Trying as _, WRITE};

/// So many connections for reading are kept open between reads.
const IDLE_READERS: usize = 4;

/// Opens the store in this folder; makes both where they are missing.
///
/// A new folder is private (0700), and hidden from git by an ignore file of its own; the database is private too (0600).
///
/// # Errors
/// When the folder cannot be used, or what is in it is not a store, or is one of a newer format.
pub fn open(dir: &Path) -> Result<Arc<dyn Store>, StoreError> {
    let path = open::prepare(dir)?;
    Ok(Arc::new(Sqlite::on_disk(&path)?))
}

/// Opens the store in this folder, which must be there.
///
/// # Errors
/// When there is none, with the advice how to make one; and as [`open`].
pub fn open_existing(dir: &Path) -> Result<Arc<dyn Store>, StoreError> {
    let path = open::find(dir)?;
    Ok(Arc::new(Sqlite::on_disk(&path)?))
}

/// Makes an empty store in memory, of at most 512 MiB. It is gone when it is dropped.
///
/// # Errors
/// When the engine cannot be started.
pub fn open_in_memory() -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(Sqlite {
        main: Mutex::new(open::in_memory()?),
        file: None,
    }))
}

struct Sqlite {
    /// Writes, and reads too when there is no file.
    main: Mutex<Connection>,
    file: Option<DatabaseFile>,
}

struct DatabaseFile {
    path: PathBuf,
    /// Device and inode, by which a file that was removed or replaced is noticed.
    identity: (u64, u64),
    /// Connections for reading, which in WAL mode never wait for the writer.
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    fn on_disk(path: &Path) -> Result<Self, StoreError> {
        let main = open::connect(path)?;
        Ok(Self {
            main: Mutex::new(main),
            file: Some(DatabaseFile {
                path: path.to_owned(),
                identity: identity(path)?,
                readers: Mutex::new(Vec::new()),
            }),
        })
    }

    /// Runs `work` in a transaction that takes the right to write at once, so that two writers cannot deadlock.
    fn write(
        &self,
        work: impl FnOnce(&Connection) -> Result<Outcome, StoreError>,
    ) -> Result<(), StoreError> {
        let mut connection = lock(&self.main);
        if let Some(file) = &self.file {
            file.check_in_place()?;
        }
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .trying(WRITE)?;
        match work(&transaction)? {
            Outcome::Keep => transaction.commit().trying(WRITE),
            Outcome::Discard => transaction.rollback().trying(WRITE),
        }
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Some(file) = &self.file else {
            return work(&lock(&self.main));
        };
        let idle = lock(&file.readers).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => match file.connect_reader() {
                Ok(reader) => reader,
                // The file has lost its name; what the first connection holds can still be read.
                Err(_) => return work(&lock(&self.main)),
            },
        };
        let result = work(&reader);
        let mut readers = lock(&file.readers);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        result
    }
}

/// Whether a write is to stay.
enum Outcome {
    Keep,
    Discard,
}

impl DatabaseFile {
    fn connect_reader(&self) -> Result<Connection, StoreError> {
        self.check_in_place()?;
        open::connect_reader(&self.path)
    }

    /// SQLite goes on writing to a file without a name, which nobody would ever read.
    fn check_in_place(&self) -> Result<(), StoreError> {
        match identity(&self.path) {
            Ok(identity) if identity == self.identity => Ok(()),
            _ => Err(StoreError::Open {
                reason: "it was removed or replaced while in use".to_owned(),
                path: self.path.clone(),
            }),
        }
    }
}

fn identity(path: &Path) -> Result<(u64, u64), StoreError> {
    let found = fs::metadata(path).map_err(|error| StoreError::Open {
        reason: error.to_string(),
        path: path.to_owned(),
    })?;
    Ok((found.dev(), found.ino()))
}

/// A thread that panicked left no transaction behind: dropping one rolls it back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store for Sqlite {
    fn put_run(&self, run: &Run) -> Result<(), StoreError> {
        self.write(|connection| write::run(connection, run))
    }

    fn append(&self, batch: &Batch) -> Result<(), StoreError> {
        // Compressed before the turn to write is taken.
        let prepared = write::Prepared::new(batch)?;
        self.write(|connection| write::batch(connection, batch, &prepared))
    }

    fn adopt(&self, run: RunId, trace: TraceId, test: AttemptId) -> Result<(), StoreError> {
        self.write(|connection| write::adopt(connection, run, trace, test))
    }

    fn put_diagnoses(&self, diagnoses: &[StoredDiagnosis]) -> Result<(), StoreError> {
        self.write(|connection| write::diagnoses(connection, diagnoses))
    }

    fn put_derived(&self, derived: &[Derived]) -> Result<(), StoreError> {
        self.write(|connection| write::derived(connection, derived))
    }

    fn derived(&self, kind: DerivedKind, parts: &[Part]) -> Result<Vec<Kept>, StoreError> {
        self.read(|connection| read::derived(connection, kind, parts))
    }

    fn run(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        self.read(|connection| read::run(connection, id))
    }

    fn runs(&self, query: &RunQuery) -> Result<Vec<Run>, StoreError> {
        self.read(|connection| read::runs(connection, query))
    }

    fn attempts(&self, query: &AttemptQuery) -> Result<Vec<(Attempt, Test)>, StoreError> {
        self.read(|connection| read::attempts(connection, query))
    }

    fn chunks(&self, trace: TraceId) -> Result<Vec<Chunk>, StoreError> {
        self.read(|connection| read::chunks(connection, trace))
    }

    fn unattributed(&self, run: RunId) -> Result<Vec<Chunk>, StoreError> {
        self.read(|connection| read::unattributed(connection, run))
    }

    fn gaps(&self, run: RunId) -> Result<Vec<Gap>, StoreError> {
        self.read(|connection| read::gaps(connection, run))
    }

    fn processes(&self, run: RunId) -> Result<Vec<Process>, StoreError> {
        self.read(|connection| read::processes(connection, run))
    }

    fn listeners(&self, run: RunId) -> Result<Vec<Listener>, StoreError> {
        self.read(|connection| read::listeners(connection, run))
    }

    fn diagnosis(&self, attempt: AttemptId) -> Result<Option<StoredDiagnosis>, StoreError> {
        self.read(|connection| read::diagnosis(connection, attempt))
    }

    fn sightings(
        &self,
        fingerprint: &str,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        self.read(|connection| read::sightings(connection, fingerprint, except, limit))
    }

    fn recent_diagnoses(
        &self,
        except: RunId,
        limit: usize,
    ) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        self.read(|connection| read::recent_diagnoses(connection, except, limit))
    }

    fn diagnoses(&self, query: &DiagnosisQuery) -> Result<Vec<(StoredDiagnosis, Run)>, StoreError> {
        self.read(|connection| read::diagnoses(connection, query))
    }

    fn tests(&self) -> Result<Vec<(TestId, Test)>, StoreError> {
        self.read(read::tests)
    }

    fn put_review(&self, review: &Review) -> Result<(), StoreError> {
        self.write(|connection| review::put(connection, review))
    }

    fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        self.read(review::all)
    }

    fn find(&self, hex_prefix: &str, limit: usize) -> Result<Vec<PrefixMatch>, StoreError> {
        self.read(|connection| read::find(connection, hex_prefix, limit))
    }

    fn unique_prefix(&self, id: PrefixMatch, minimum: usize) -> Result<usize, StoreError> {
        self.read(|connection| read::unique_prefix(connection, id, minimum))
    }
}
