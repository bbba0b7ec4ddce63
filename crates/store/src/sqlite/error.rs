//! What the engine's errors mean to a user of the store.

use rusqlite::{Error, ErrorCode, ffi};

use crate::StoreError;

/// Gives an engine's error the meaning that callers act on.
pub(super) fn translate(operation: &'static str, error: &Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        Some(ErrorCode::DiskFull) => StoreError::Full,
        // The file by which processes share memory could not grow.
        _ if extended_code(error) == Some(ffi::SQLITE_IOERR_SHMSIZE) => StoreError::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Corrupt(error.to_string())
        }
        _ if lacks_shared_memory(error) => StoreError::Engine {
            operation,
            reason: format!("{error}: {NO_SHARED_MEMORY}"),
        },
        _ => StoreError::Engine {
            operation,
            reason: error.to_string(),
        },
    }
}

/// What to do on a file system where several processes cannot share memory.
pub(super) const NO_SHARED_MEMORY: &str = "this file system has no shared memory, which several processes need; choose another with --store";

fn lacks_shared_memory(error: &Error) -> bool {
    let codes = [
        ffi::SQLITE_IOERR_SHMOPEN,
        ffi::SQLITE_IOERR_SHMLOCK,
        ffi::SQLITE_IOERR_SHMMAP,
    ];
    extended_code(error).is_some_and(|code| codes.contains(&code))
}

fn extended_code(error: &Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

/// Adds what was tried to an engine's error.
pub(super) trait Trying<T> {
    /// The value, or the error with its meaning.
    fn trying(self, operation: &'static str) -> Result<T, StoreError>;
}

impl<T> Trying<T> for Result<T, Error> {
    fn trying(self, operation: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| translate(operation, &error))
    }
}

pub(super) const READ: &str = "read the store";
pub(super) const WRITE: &str = "write to the store";
