//! A lock beside the store for each run that is being recorded: by it the run of a dead recorder is known for one even
//! when its spool is gone, too (a machine that starts anew has an empty tmpfs).

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use model::RunId;

/// The folder of the locks, in that of the store.
const FOLDER: &str = "recording";

/// The lock of one run, ours for as long as this lives.
#[derive(Debug)]
pub(crate) struct Alive {
    path: PathBuf,
    _lock: File,
}

impl Alive {
    /// Takes the lock of a run that begins. It appears locked, so that nobody takes the run for a dead one.
    ///
    /// # Errors
    /// When the folder of the store is not there or cannot be written to. The run is then known by its spool alone.
    pub(crate) fn begin(store_dir: &Path, run_id: RunId) -> io::Result<Self> {
        let folder = store_dir.join(FOLDER);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let path = folder.join(run_id.to_string());
        let draft = folder.join(format!("{run_id}.new"));
        let lock = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)?;
        let ready = lock.lock().and_then(|()| fs::rename(&draft, &path));
        if ready.is_err() {
            // Nothing is in it, and the first error is the one to tell.
            let _ = fs::remove_file(&draft);
        }
        ready.map(|()| Self { path, _lock: lock })
    }

    /// The lock of a run whose recorder died. None: it lives, or there is no lock.
    pub(crate) fn of_dead(store_dir: &Path, run_id: RunId) -> Option<Self> {
        let path = store_dir.join(FOLDER).join(run_id.to_string());
        let lock = OpenOptions::new().write(true).open(&path).ok()?;
        lock.try_lock().ok()?;
        // Between the two, another recovery may have finished with it.
        path.exists().then_some(Self { path, _lock: lock })
    }

    /// All runs whose recorder died and that nobody has taken in, each locked.
    pub(crate) fn all_dead(store_dir: &Path) -> Vec<(RunId, Self)> {
        let Ok(entries) = fs::read_dir(store_dir.join(FOLDER)) else {
            return Vec::new();
        };
        let mut found: Vec<(RunId, Self)> = entries
            .flatten()
            .filter_map(|entry| {
                let run_id = entry.file_name().to_string_lossy().parse().ok()?;
                Some((run_id, Self::of_dead(store_dir, run_id)?))
            })
            .collect();
        found.sort_by_key(|(run_id, _)| *run_id);
        found
    }

    /// Lets go of the lock of a run that is over.
    pub(crate) fn end(self) {
        // What stays is taken for a run of a dead recorder, found to be over, and removed then.
        let _ = fs::remove_file(&self.path);
    }
}
