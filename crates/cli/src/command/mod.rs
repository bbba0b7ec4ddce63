//! One file per command, and what the commands that read have in common.

pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod dispute;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod open;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod why;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use store::{Store, StoreError};

use crate::args::PlaceArgs;
use crate::config;
use crate::exit::{self, Ending, Failure};
use crate::project::Project;

/// Opens the store that is meant. Unlike a run, a command that reads stops at wrong settings.
fn open_store(place: &PlaceArgs) -> Result<Arc<dyn Store>, Failure> {
    Ok(open_store_in(place)?.1)
}

/// The same, with the store's folder.
fn open_store_in(place: &PlaceArgs) -> Result<(PathBuf, Arc<dyn Store>), Failure> {
    let cwd = std::env::current_dir().context("read the working directory")?;
    let project = Project::locate(&cwd, place.config.as_deref());
    let (config, mistakes) = config::load(project.config.as_deref());
    if let Some(mistakes) = mistakes {
        return Err(Failure::new(exit::FAILED, mistakes));
    }
    let folder = project.store(&cwd, place.store.as_deref());
    if !folder.exists() {
        return Err(Failure::message(
            exit::FAILED,
            format!("nothing is recorded here: there is no {}", folder.display()),
        )
        .hint(
            "record a run with `flakescope run -- COMMAND`, or name another store with --store",
        ));
    }
    let store = store::open_existing(&folder).map_err(unopened)?;
    run::recover::before_reading(&store, &folder, &project, &config);
    Ok((folder, store))
}

/// Why a store cannot be read, with what the reader can do about it.
fn unopened(error: StoreError) -> Failure {
    let hint = match &error {
        // Says itself what to do.
        StoreError::TooNew { .. } => None,
        StoreError::Busy => Some("try again when the other command has ended"),
        StoreError::Full => Some("make room; reading a store takes a little of it too"),
        StoreError::Open { .. } | StoreError::Engine { .. } => Some(
            "reading takes the right to write in the store's folder; --store names another one",
        ),
        StoreError::Corrupt(_) => {
            Some("move the folder away to begin a new store, or name another one with --store")
        }
    };
    let failure = Failure::new(exit::FAILED, error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Writes data to stdout. Whoever closes it early has seen enough.
fn print(data: &[u8]) -> Result<Ending, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(data).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(exit::FAILED, error))
        }
        _ => Ok(Ending::Done),
    }
}
