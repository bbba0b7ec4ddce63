//! Step of a run: puts the agents where processes of the run can load them.
//!
//! The folder's name is the hash of its content, everybody may read it, and no run deletes it: a daemon that outlives
//! the run still finds its preload, and two versions of Flakescope do not get into each other's way.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::notes::Notes;
use crate::os;

/// Files of an agent: path in its folder, content.
type Files = &'static [(&'static str, &'static [u8])];

const NODE: Files = include!(concat!(env!("OUT_DIR"), "/node_agent.rs"));
const PYTHON: Files = include!(concat!(env!("OUT_DIR"), "/python_agent.rs"));

/// The file of the Node agent that is preloaded.
const NODE_ENTRY: &str = "agent.cjs";

/// Where the agents are.
#[derive(Debug)]
pub(super) struct Agents {
    /// The file that Node preloads.
    pub(super) node: PathBuf,
    /// The folder that stands on `PYTHONPATH`; absent where its path cannot stand there.
    pub(super) python: Option<PathBuf>,
}

/// Unpacks the agents, unless they are there already. Without them nothing is recorded.
pub(super) fn unpack(notes: &mut Notes) -> Option<Agents> {
    let folders = os::agent_folders(|name| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    });
    let agents = unpack_in(&folders)
        .inspect_err(|reason| notes.lose(format!("the agents cannot be unpacked: {reason}")))
        .ok()?;
    if agents.python.is_none() {
        notes.lose("Python is not recorded: there is a colon in the path of its agent");
    }
    Some(agents)
}

/// Unpacks in the first of `folders` where that works. If it works in none, tells what was wrong with each.
fn unpack_in(folders: &[PathBuf]) -> Result<Agents, String> {
    let mut reasons = Vec::new();
    for folder in folders {
        let both = install(folder, NODE).and_then(|node| Ok((node, install(folder, PYTHON)?)));
        match both {
            Ok((node, python)) => {
                return Ok(Agents {
                    node: node.join(NODE_ENTRY),
                    python: Some(python)
                        .filter(|path| !path.as_os_str().as_bytes().contains(&b':')),
                });
            }
            Err(error) => reasons.push(format!("{}: {error}", folder.display())),
        }
    }
    Err(reasons.join("; "))
}

fn install(base: &Path, files: &[(&str, &[u8])]) -> io::Result<PathBuf> {
    make_folder(base)?;
    // Processes of the run may have another working directory.
    let folder = fs::canonicalize(base)?.join(content_hash(files));
    make_folder(&folder)?;
    for (name, content) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent().filter(|parent| *parent != folder) {
            make_folder(parent)?;
        }
        // Another run may be writing the same file: each puts a whole one in place, and they are equal.
        if !is_intact(&path, content) {
            os::replace_file(&path, content, Some(0o644))?;
        }
    }
    Ok(folder)
}

/// Makes a folder that everybody may read, and sees to it that nobody else can put files into it.
fn make_folder(path: &Path) -> io::Result<()> {
    if !path.exists() {
        if let Some(parent) = path.parent().filter(|parent| !parent.exists()) {
            make_folder(parent)?;
        }
        match fs::DirBuilder::new().mode(0o755).create(path) {
            // The umask has had its say.
            Ok(()) => fs::set_permissions(path, fs::Permissions::from_mode(0o755))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    os::private_owner(path)
}

fn is_intact(path: &Path, content: &[u8]) -> bool {
    let readable = |mode: u32| mode & 0o444 == 0o444;
    os::private_owner(path).is_ok()
        && fs::metadata(path).is_ok_and(|meta| readable(meta.permissions().mode()))
        && fs::read(path).is_ok_and(|found| found == content)
}

fn content_hash(files: &[(&str, &[u8])]) -> String {
    let mut hash = Sha256::new();
    for (name, content) in files {
        for field in [name.as_bytes(), content] {
            hash.update((field.len() as u64).to_le_bytes());
            hash.update(field);
        }
    }
    hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[(&str, &[u8])] = &[("agent.cjs", b"one"), ("lib/http.cjs", b"two")];

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_binary_carries_the_agents() {
        let check = |files: Files, entry: &str| {
            let left_out = ["test/", "node_modules", "__pycache__"];
            assert!(
                files
                    .iter()
                    .any(|(name, content)| *name == entry && !content.is_empty()),
                "{entry}"
            );
            for (name, _) in files {
                assert!(!left_out.iter().any(|part| name.contains(part)), "{name}");
            }
        };
        check(NODE, NODE_ENTRY);
        check(PYTHON, "sitecustomize.py");
        check(PYTHON, "flakescope_agent.dist-info/entry_points.txt");
    }

    #[test]
    fn a_colon_would_end_the_entry_of_a_path() {
        let top = tempfile::tempdir().unwrap();
        let agents = unpack_in(&[top.path().join("a:b")]).unwrap();
        assert!(agents.python.is_none(), "{agents:?}");
        assert!(unpack_in(&[top.path().join("a")]).unwrap().python.is_some());
    }

    #[test]
    fn everybody_may_read_what_is_unpacked() {
        let top = tempfile::tempdir().unwrap();
        let base = top.path().join("with space/agents");
        let folder = install(&base, FILES).unwrap();
        assert_eq!(fs::read(folder.join("lib/http.cjs")).unwrap(), b"two");
        for path in [&base, &folder, &folder.join("lib")] {
            assert_eq!(mode(path), 0o755, "{}", path.display());
        }
        assert_eq!(mode(&folder.join("agent.cjs")), 0o644);
        assert_eq!(install(&base, FILES).unwrap(), folder);
    }

    #[test]
    fn what_was_damaged_is_repaired() {
        let top = tempfile::tempdir().unwrap();
        let folder = install(top.path(), FILES).unwrap();
        let file = folder.join("agent.cjs");
        let truncate = |file: &Path| fs::write(file, b"o").unwrap();
        let hide =
            |file: &Path| fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
        for damage in [&truncate as &dyn Fn(&Path), &hide] {
            damage(&file);
            install(top.path(), FILES).unwrap();
            assert_eq!(
                (fs::read(&file).unwrap().as_slice(), mode(&file)),
                (&b"one"[..], 0o644)
            );
        }
    }

    #[test]
    fn other_content_has_another_folder() {
        let top = tempfile::tempdir().unwrap();
        let one = install(top.path(), FILES).unwrap();
        let other = install(top.path(), &[("agent.cjs", b"newer")]).unwrap();
        assert_ne!(one, other);
        assert!(one.join("agent.cjs").exists());
    }

    #[test]
    fn the_first_folder_that_works_is_taken() {
        let top = tempfile::tempdir().unwrap();
        let file = top.path().join("file");
        fs::write(&file, b"").unwrap();
        let open = top.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        let good = top.path().join("good");
        let agents = unpack_in(&[file.join("sub"), open.clone(), good.clone()]).unwrap();
        assert!(agents.node.starts_with(fs::canonicalize(&good).unwrap()));
        let reason = unpack_in(&[open]).unwrap_err();
        assert!(reason.contains("is writable for everybody"), "{reason}");
    }
}
