//! Folders and files with the right owner and mode, in the right place.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::process::user_id;

/// Free space that a memory file system must have for a spool to go there: the spool's default cap and as much again,
/// because the tests may want it too.
const ROOM_FOR_SPOOL: u64 = 1 << 30;

/// Where spools may be made, best first: where `asked` says, else in memory if there is room, else the temporary folder.
pub(crate) fn spool_folders(asked: Option<&OsStr>) -> Vec<PathBuf> {
    if let Some(folder) = asked {
        return vec![PathBuf::from(folder)];
    }
    let memory = PathBuf::from("/dev/shm");
    let mut folders = Vec::new();
    if free_bytes(&memory).is_some_and(|free| free >= ROOM_FOR_SPOOL) {
        folders.push(memory);
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where it is chosen"
    )]
    folders.push(std::env::temp_dir());
    folders
}

/// Where agents may be unpacked, best first: where `asked` says, else the user's cache, else a folder of the user's own
/// that outlives the run. A folder that others cannot reach comes last: a command may go on as another user, and Node ends
/// a process that cannot read what it is to preload. `variable` reads the environment.
pub(crate) fn agent_folders(variable: impl Fn(&str) -> Option<PathBuf>) -> Vec<PathBuf> {
    if let Some(folder) = variable("FLAKESCOPE_AGENT_DIR") {
        return vec![folder];
    }
    let absolute = |name: &str| variable(name).filter(|path| path.is_absolute());
    let cache =
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    let own = Path::new("/var/tmp").join(format!("flakescope-{}", user_id()));
    let cache = cache.map(|cache| cache.join("flakescope/agents"));
    let mut folders: Vec<PathBuf> = cache.into_iter().chain([own]).collect();
    folders.sort_by_key(|folder| !is_reachable(folder));
    folders
}

/// Whether every user may go through the folders above `path`, as far as they are there.
fn is_reachable(path: &Path) -> bool {
    let mut there = path
        .ancestors()
        .filter_map(|folder| fs::metadata(folder).ok());
    there.all(|folder| folder.mode() & 0o001 != 0)
}

/// Whether we may write to `folder`, or make it where it is not there yet.
///
/// # Errors
/// When we may not, with what the system says.
pub(crate) fn writable(folder: &Path) -> io::Result<()> {
    let there = folder.ancestors().find(|folder| folder.exists());
    let access = rustix::fs::Access::WRITE_OK;
    Ok(rustix::fs::access(there.unwrap_or(folder), access)?)
}

/// Free bytes for us on the file system of `folder`.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    stat.f_bavail.checked_mul(stat.f_frsize)
}

/// Whether `path` is what it seems and nobody else can change it: no symbolic link, owned by us or root, and not
/// writable for everybody.
///
/// # Errors
/// When it cannot be looked at, or says otherwise.
pub(crate) fn private_owner(path: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(path)?;
    let sticky = meta.mode() & 0o1000 != 0;
    let reason = if meta.file_type().is_symlink() {
        "is a symbolic link"
    } else if meta.uid() != user_id() && meta.uid() != 0 {
        "belongs to another user"
    } else if meta.mode() & 0o002 != 0 && !sticky {
        "is writable for everybody"
    } else {
        return Ok(());
    };
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("{} {reason}", path.display()),
    ))
}

/// Puts a file in place at once, whole or not at all. A reader that has the old one open keeps it. `mode` is exact when
/// given; else it is that of any new file.
///
/// # Errors
/// When it cannot be written. Nothing is left behind then.
pub(crate) fn replace_file(path: &Path, content: &[u8], mode: Option<u32>) -> io::Result<()> {
    replace_file_with(path, mode, |file| file.write_all(content))
}

/// The same, of a file that is too large to be put together first: `write` fills it.
///
/// # Errors
/// When it cannot be written, or `write` fails. Nothing is left behind then.
pub(crate) fn replace_file_with<T, E: From<io::Error>>(
    path: &Path,
    mode: Option<u32>,
    write: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    // A device or a pipe cannot be replaced, and whoever names one means it.
    if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return write(&mut OpenOptions::new().write(true).open(path)?);
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let temporary = temporary_beside(&path)?;
    let written = write_new(&temporary, mode, write).and_then(|done| {
        fs::rename(&temporary, &path)
            .map(|()| done)
            .map_err(E::from)
    });
    if written.is_err() {
        // It may never have been made; the error that matters is the first.
        let _gone = fs::remove_file(&temporary);
    }
    written
}

fn temporary_beside(path: &Path) -> io::Result<PathBuf> {
    let mut name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))?
        .to_owned();
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    name.push(format!(".{:016x}.tmp", u64::from_ne_bytes(random)));
    Ok(path.with_file_name(name))
}

fn write_new<T, E: From<io::Error>>(
    path: &Path,
    mode: Option<u32>,
    write: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o666)
        .open(path)?;
    if let Some(mode) = mode {
        // Set on the open file, because the umask has a say in the mode at creation.
        file.set_permissions(fs::Permissions::from_mode(mode))?;
    }
    write(&mut file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_go_where_they_outlive_the_run() {
        let own = format!("/var/tmp/flakescope-{}", user_id());
        let check = |pairs: &[(&str, &str)], expected: &[&str]| {
            let folders = agent_folders(|name| {
                let pair = pairs.iter().find(|(key, _)| *key == name);
                pair.map(|(_, value)| PathBuf::from(value))
            });
            let expected: Vec<PathBuf> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(folders, expected, "{pairs:?}");
        };
        check(
            &[("HOME", "/home/a")],
            &["/home/a/.cache/flakescope/agents", &own],
        );
        check(
            &[("HOME", "/home/a"), ("XDG_CACHE_HOME", "/c")],
            &["/c/flakescope/agents", &own],
        );
        check(
            &[("HOME", "/home/a"), ("XDG_CACHE_HOME", "relative")],
            &["/home/a/.cache/flakescope/agents", &own],
        );
        check(
            &[("HOME", "/home/a"), ("FLAKESCOPE_AGENT_DIR", "/x")],
            &["/x"],
        );
        check(&[], &[&own]);
        let home = tempfile::tempdir().unwrap();
        let cache = home.path().join(".cache/flakescope/agents");
        let (home, cache) = (home.path().to_str().unwrap(), cache.to_str().unwrap());
        let open = |mode| fs::set_permissions(home, fs::Permissions::from_mode(mode)).unwrap();
        open(0o700);
        check(&[("HOME", home)], &[&own, cache]);
        open(0o711);
        check(&[("HOME", home)], &[cache, &own]);
    }

    #[test]
    fn files_are_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        replace_file(&file, b"one", None).unwrap();
        replace_file(&file, b"two", Some(0o604)).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o604);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace_file(&link, b"three", None).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"three");
        replace_file(Path::new("/dev/null"), b"gone", None).unwrap();
        replace_file(&folder.path().join("no/such/folder"), b"x", None).unwrap_err();
        replace_file(folder.path(), b"x", None).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_others_can_change_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let check = |mode: u32, trusted: bool| {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(private_owner(folder.path()).is_ok(), trusted, "{mode:o}");
        };
        check(0o755, true);
        check(0o777, false);
        check(0o1777, true);
        check(0o700, true);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        assert!(private_owner(&link).is_err());
        assert!(private_owner(&folder.path().join("missing")).is_err());
    }
}
