//! Opening a store: making it whole or not at all, and never touching a file that is not ours.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::{NO_SHARED_MEMORY, Trying as _};
use super::schema::{APPLICATION_ID, FORMAT, STEPS, TABLES};
use crate::StoreError;

/// The database in the store's folder.
const FILE: &str = "store.db";

/// So long a writer waits for another.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// So many pages may gather in the write-ahead log before they go to the file: 32 MB.
const CHECKPOINT_PAGES: u32 = 4000;

/// The most pages of a store in memory: 512 MiB.
const MEMORY_PAGES: u32 = 65_536;

const PAGE_BYTES: u32 = 8192;

const IGNORE_FILE: &str = ".gitignore";
const README_FILE: &str = "README";

const README: &str = "Recordings of tests, made by flakescope. This folder can be removed at any time; its history goes with it.\n";

/// The path of the database in a store folder; the folder and the database are made where they are missing.
pub(super) fn prepare(dir: &Path) -> Result<PathBuf, StoreError> {
    let path = dir.join(FILE);
    if path.exists() {
        return Ok(path);
    }
    make_folder(dir).map_err(|error| refused(dir, &error.to_string()))?;
    create(dir, &path)?;
    Ok(path)
}

/// The path of the database in a store folder that must be there.
pub(super) fn find(dir: &Path) -> Result<PathBuf, StoreError> {
    let path = dir.join(FILE);
    match path.try_exists() {
        Ok(true) => Ok(path),
        Ok(false) => Err(refused(
            dir,
            "there is none; `flakescope run -- COMMAND` makes one",
        )),
        Err(error) => Err(refused(dir, &error.to_string())),
    }
}

/// Opens a database that is there, after making sure that it is ours. One of an older format becomes one of ours.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    const OPEN: &str = "open the store";
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).trying(OPEN)?;
    connection.busy_timeout(BUSY_TIMEOUT).trying(OPEN)?;
    let found = check_identity(&connection, path)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
        .trying(OPEN)?;
    if mode != "wal" {
        return Err(refused(path, NO_SHARED_MEMORY));
    }
    configure(&connection)?;
    if found < FORMAT {
        migrate(&mut connection).trying("bring the store to the present format")?;
    }
    Ok(connection)
}

/// Opens a further connection that only reads.
pub(super) fn connect_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path)?;
    connection
        .pragma_update(None, "query_only", true)
        .trying("open the store")?;
    Ok(connection)
}

/// Makes a store in memory, bounded.
pub(super) fn in_memory() -> Result<Connection, StoreError> {
    const OPEN: &str = "open a store in memory";
    let mut connection = Connection::open_in_memory().trying(OPEN)?;
    connection
        .pragma_update(None, "page_size", PAGE_BYTES)
        .trying(OPEN)?;
    make_tables(&mut connection).trying(OPEN)?;
    connection
        .pragma_update_and_check(None, "max_page_count", MEMORY_PAGES, |_| Ok(()))
        .trying(OPEN)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    const OPEN: &str = "open the store";
    // In WAL mode only FULL syncs at commit, and a batch is acknowledged as durable.
    connection
        .pragma_update(None, "synchronous", "full")
        .trying(OPEN)?;
    connection
        .pragma_update(None, "trusted_schema", false)
        .trying(OPEN)?;
    connection
        .pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))
        .trying(OPEN)
}

/// The format of a store of ours that this version can read.
fn check_identity(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    let number = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i32>(0))
            .trying("open the store")
    };
    if number("application_id")? != APPLICATION_ID {
        return Err(refused(path, "not a store of flakescope"));
    }
    match u32::try_from(number("user_version")?).unwrap_or(0) {
        found @ 1..=FORMAT => Ok(found),
        0 => Err(StoreError::Corrupt("it has no format".to_owned())),
        found => Err(StoreError::TooNew {
            found,
            supported: FORMAT,
            path: path.to_owned(),
        }),
    }
}

/// Takes the steps that are missing, all of them or none. Of several processes that do so at once, the others find
/// nothing left to do.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u16 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(usize::from(found.saturating_sub(1))) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Makes the folder, private and hidden from git. In a folder that holds anything else nothing is hidden.
fn make_folder(dir: &Path) -> io::Result<()> {
    if !dir.is_dir() {
        if let Some(parent) = dir.parent() {
            fs::create_dir_all(parent)?;
        }
        match DirBuilder::new().mode(0o700).create(dir) {
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => {}
            other => other?,
        }
    }
    if holds_only_ours(dir)? {
        write(&dir.join(IGNORE_FILE), "*\n")?;
        write(&dir.join(README_FILE), README)?;
    }
    Ok(())
}

fn holds_only_ours(dir: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name != IGNORE_FILE && name != README_FILE && !name.starts_with(FILE) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    private_file(path)?.write_all(content.as_bytes())
}

/// An empty file that only its owner can read.
fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

/// Makes the database under another name and gives it its own when it is whole, so that no process ever sees half of
/// one. Of several processes that do so at once, the first wins and the others use its.
fn create(dir: &Path, path: &Path) -> Result<(), StoreError> {
    let draft = dir.join(format!("{FILE}.new-{}", draft_name()));
    let made = make_database(&draft)
        .and_then(|()| publish(&draft, path).map_err(|error| refused(path, &error.to_string())));
    // The draft is only a second name by now, or useless.
    remove(&draft);
    made?;
    // Makes the new name durable. Where folders cannot be synced the file system does it on its own.
    let _ = File::open(dir).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Unique among processes and threads of this machine.
fn draft_name() -> String {
    format!("{}-{:?}", std::process::id(), std::thread::current().id()).replace(['(', ')'], "")
}

fn make_database(draft: &Path) -> Result<(), StoreError> {
    const CREATE: &str = "make the store";
    // A leftover of a process with the same number that died right here.
    remove(draft);
    private_file(draft).map_err(|error| refused(draft, &error.to_string()))?;
    let mut connection = Connection::open(draft).trying(CREATE)?;
    connection
        .pragma_update(None, "page_size", PAGE_BYTES)
        .trying(CREATE)?;
    make_tables(&mut connection).trying(CREATE)?;
    // Only now, so that all is in this very file, and nothing in a log that would lose its name.
    connection
        .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
        .trying(CREATE)?;
    connection
        .close()
        .map_err(|(_, error)| error)
        .trying(CREATE)
}

/// Removes a draft and what the engine may have put beside it.
fn remove(draft: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut name = draft.as_os_str().to_owned();
        name.push(suffix);
        // Not being there is the usual case, and a leftover does no harm.
        let _ = fs::remove_file(name);
    }
}

fn make_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for sql in TABLES {
        transaction.execute_batch(sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Gives a file its name unless that is taken.
fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // A file system without links: a rename is as good, but for two processes within the same microseconds.
        Err(_) if !path.exists() => fs::rename(draft, path),
        other => other,
    }
}

fn refused(path: &Path, reason: &str) -> StoreError {
    StoreError::Open {
        reason: reason.to_owned(),
        path: path.to_owned(),
    }
}
