//! Makes the folder of a run with all that an agent must find in it, and finds folders whose recorder died.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use model::RunId;
use serde::{Deserialize, Serialize};

use super::alive::Alive;
use crate::key::{Key, write_private};

/// Folders of runs begin with this, so that nothing else in the base folder is ever touched.
const PREFIX: &str = "flakescope-";
const PROTOCOL: u32 = 1;

/// How to make a spool.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    /// The folder in which the run's own folder is made.
    pub base: PathBuf,
    /// Above so many bytes in all segments, agents stop writing until the recorder has caught up.
    pub cap_bytes: u64,
    /// Above so many bytes an agent goes on in a new segment.
    pub segment_bytes: u64,
    /// What agents take in.
    pub capture: Capture,
    /// `host` or `host:port` to which agents may send `traceparent` although it is not local.
    pub declared_hosts: Vec<String>,
    /// The store, to know whose orphan it is.
    pub store_dir: PathBuf,
    /// The project's root folder.
    pub project_root: PathBuf,
}

/// What agents take in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Bytes of one body; beyond, it is cut.
    pub body_bytes: u64,
    /// Bytes of all bodies of one attempt; beyond, they are left out.
    pub attempt_bytes: u64,
    /// Whether console output is taken as logs.
    pub console: bool,
    /// `auto`, `always` or `never`: whether `traceparent` is put into outgoing calls.
    pub propagate: String,
}

impl Default for Capture {
    fn default() -> Self {
        Self {
            body_bytes: 256 << 10,
            attempt_bytes: 16 << 20,
            console: true,
            propagate: "auto".into(),
        }
    }
}

/// A spool folder, ours for as long as this lives: its lock is held.
#[derive(Debug)]
pub struct Spool {
    dir: PathBuf,
    run_id: RunId,
    _lock: File,
    /// None where the store's folder does not exist or cannot be written to.
    alive: Option<Alive>,
}

/// Why there is no spool.
#[derive(Debug, thiserror::Error)]
#[error("make the spool: {source}: {}", path.display())]
pub struct SpoolError {
    /// What the system says.
    source: io::Error,
    /// Where.
    path: PathBuf,
}

/// A folder whose recorder died, now locked by us.
pub(crate) struct Orphan {
    pub(crate) spool: Spool,
    pub(crate) project_root: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct RunFile {
    protocol: u32,
    run_id: String,
    store: PathBuf,
    project_root: PathBuf,
    key_id: String,
    spool_cap_bytes: u64,
    segment_bytes: u64,
    capture: Capture,
    declared_hosts: Vec<String>,
}

impl Spool {
    /// Makes the folder with mode 0700 and all that agents look for in it. The lock is taken before `run.json` appears,
    /// so that nobody takes it for an orphan.
    ///
    /// # Errors
    /// When a file cannot be made; what was made is removed again.
    pub fn create(run_id: RunId, options: &SpoolOptions, key: &Key) -> Result<Self, SpoolError> {
        let dir = options.base.join(format!("{PREFIX}{run_id}"));
        let failed = |source| SpoolError {
            source,
            path: dir.clone(),
        };
        DirBuilder::new().mode(0o700).create(&dir).map_err(failed)?;
        let made = fill(&dir, run_id, options, key);
        if made.is_err() {
            // Nothing of value is in it yet, and the first error is the one to tell.
            let _ = fs::remove_dir_all(&dir);
        }
        let lock = made.map_err(failed)?;
        Ok(Self {
            dir,
            run_id,
            _lock: lock,
            alive: Alive::begin(&options.store_dir, run_id).ok(),
        })
    }

    /// The folder, for `FLAKESCOPE_SPOOL`.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The run that it belongs to.
    pub(crate) fn run_id(&self) -> RunId {
        self.run_id
    }

    /// Removes the folder with all that is in it.
    pub(crate) fn remove(self) -> io::Result<()> {
        let removed = match fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        };
        if let Some(alive) = self.alive {
            alive.end();
        }
        removed
    }
}

fn fill(dir: &Path, run_id: RunId, options: &SpoolOptions, key: &Key) -> io::Result<File> {
    let lock = open_lock(dir)?;
    lock.lock()?;
    write_private(&dir.join("key"), key.to_hex().as_bytes())?;
    let run = RunFile {
        protocol: PROTOCOL,
        run_id: run_id.to_string(),
        store: options.store_dir.clone(),
        project_root: options.project_root.clone(),
        key_id: key.id(),
        spool_cap_bytes: options.cap_bytes,
        segment_bytes: options.segment_bytes,
        capture: options.capture.clone(),
        declared_hosts: options.declared_hosts.clone(),
    };
    // Under its name only when it is whole: an agent may look at any time.
    let draft = dir.join("run.json.new");
    write_private(&draft, serde_json::to_string(&run)?.as_bytes())?;
    fs::rename(draft, dir.join("run.json"))?;
    Ok(lock)
}

fn open_lock(dir: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(dir.join("lock"))
}

/// Folders of dead recorders in these base folders that belong to the store; each is locked by the time it is returned.
/// Folders of others, of other stores and of living recorders are passed over.
pub(crate) fn orphans(bases: &[PathBuf], store_dir: &Path) -> Vec<Orphan> {
    let mut found = Vec::new();
    for base in bases {
        let Ok(entries) = fs::read_dir(base) else {
            continue;
        };
        for entry in entries.flatten() {
            let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            if is_ours && let Some(orphan) = orphan(&entry.path(), store_dir) {
                found.push(orphan);
            }
        }
    }
    found.sort_by(|left, right| left.spool.dir.cmp(&right.spool.dir));
    found.dedup_by(|left, right| left.spool.dir == right.spool.dir);
    found
}

fn orphan(dir: &Path, store_dir: &Path) -> Option<Orphan> {
    let text = fs::read(dir.join("run.json")).ok()?;
    let run: RunFile = serde_json::from_slice(&text).ok()?;
    if run.protocol != PROTOCOL || !same_folder(&run.store, store_dir) {
        return None;
    }
    let lock = OpenOptions::new().write(true).open(dir.join("lock")).ok()?;
    lock.try_lock().ok()?;
    // Between the reading and the lock, another recovery may have finished with it.
    if !dir.join("run.json").exists() {
        return None;
    }
    let run_id = run.run_id.parse().ok()?;
    Some(Orphan {
        spool: Spool {
            dir: dir.to_owned(),
            run_id,
            _lock: lock,
            alive: Alive::of_dead(store_dir, run_id),
        },
        project_root: run.project_root,
    })
}

fn same_folder(left: &Path, right: &Path) -> bool {
    left == right
        || match (left.canonicalize(), right.canonicalize()) {
            (Ok(left), Ok(right)) => left == right,
            _ => false,
        }
}
