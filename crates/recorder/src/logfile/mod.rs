//! Log files of services: followed from where they end when the run begins, through rotation and truncation.

mod line;

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use model::{Attributes, Log, Resource, Timestamp, attribute};

/// A longer line is cut, in bytes.
const LINE_BYTES: usize = 64 << 10;
/// So much is read of a file in one look, in bytes.
const LOOK_BYTES: u64 = 1 << 20;
/// So much is read of a file in a run, in bytes.
const RUN_BYTES: u64 = 64 << 20;

/// A log file that is followed.
#[derive(Debug)]
pub struct LogFile {
    path: PathBuf,
    resource: Arc<Resource>,
    open: Option<Open>,
    left: u64,
    /// Nothing was there when the run began, so that all of the file is new.
    from_start: bool,
}

#[derive(Debug)]
struct Open {
    file: File,
    identity: (u64, u64),
    position: u64,
    /// The beginning of a line whose end is not written yet.
    partial: Vec<u8>,
    /// How much of that line was cut.
    cut: bool,
}

/// What a look at a file found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) logs: Vec<Log>,
    /// Bytes that were read.
    pub(crate) bytes: u64,
    /// Lines that were cut, and whether the rest of the file is left out.
    pub(crate) cut: u64,
}

impl LogFile {
    /// Follows the file of a service from where it ends now. It need not be there yet.
    #[must_use]
    pub fn follow(service: &str, path: PathBuf) -> Self {
        let path_text = path.display().to_string();
        let attributes: Attributes = [
            (attribute::SERVICE_NAME, service),
            ("log.file.path", &path_text),
        ]
        .into_iter()
        .collect();
        let mut file = Self {
            path,
            resource: Arc::new(Resource { attributes }),
            open: None,
            left: RUN_BYTES,
            from_start: false,
        };
        // A file that cannot be opened now is looked for again.
        let _absent = file.reopen();
        file.from_start = true;
        file
    }

    /// Reads what was written since the last look. `ends`: nobody will look again, so that a line without an end is one.
    pub(crate) fn look(&mut self, now: Timestamp, ends: bool) -> Found {
        let mut found = Found::default();
        self.drain(now, &mut found);
        if self.is_another() {
            // What was written before it was moved away was read; the last line may have no end.
            self.finish(now, &mut found);
            if self.reopen().is_ok() {
                self.drain(now, &mut found);
            }
        }
        if ends {
            self.finish(now, &mut found);
        }
        found
    }

    /// Whether the path leads to another file than the one that is open, or that one was emptied.
    fn is_another(&self) -> bool {
        let Ok(there) = fs::metadata(&self.path) else {
            return false;
        };
        self.open.as_ref().is_none_or(|open| {
            open.identity != (there.dev(), there.ino()) || there.len() < open.position
        })
    }

    fn reopen(&mut self) -> io::Result<()> {
        let mut file = File::open(&self.path)?;
        let there = file.metadata()?;
        if !there.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let position = if self.from_start { 0 } else { there.len() };
        file.seek(SeekFrom::Start(position))?;
        self.open = Some(Open {
            file,
            identity: (there.dev(), there.ino()),
            position,
            partial: Vec::new(),
            cut: false,
        });
        Ok(())
    }

    fn drain(&mut self, now: Timestamp, found: &mut Found) {
        let Some(open) = &mut self.open else {
            return;
        };
        let mut bytes = Vec::new();
        let most = LOOK_BYTES.min(self.left);
        // What was read before an error counts; the rest is tried at the next look.
        let _failed = (&open.file).take(most).read_to_end(&mut bytes);
        let read = bytes.len() as u64;
        open.position += read;
        found.bytes += read;
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LINE_BYTES.saturating_sub(open.partial.len());
            let text = part.strip_suffix(b"\n").unwrap_or(part);
            open.cut |= text.len() > room;
            open.partial
                .extend_from_slice(&text[..text.len().min(room)]);
            if part.ends_with(b"\n") {
                open.line(&self.resource, now, found);
            }
        }
        let had = self.left > 0;
        self.left -= read;
        found.cut += u64::from(had && self.left == 0);
    }

    fn finish(&mut self, now: Timestamp, found: &mut Found) {
        if let Some(open) = &mut self.open {
            open.line(&self.resource, now, found);
        }
    }
}

impl Open {
    fn line(&mut self, resource: &Arc<Resource>, now: Timestamp, found: &mut Found) {
        let text = std::mem::take(&mut self.partial);
        found.cut += u64::from(std::mem::take(&mut self.cut));
        let text = text.trim_ascii_end();
        if !text.is_empty() {
            found.logs.push(Log {
                resource: Arc::clone(resource),
                ..line::read(text, now)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn append(path: &std::path::Path, text: &str) {
        let file = File::options().create(true).append(true).open(path);
        file.unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn check(file: &mut LogFile, ends: bool, expected: &[&str]) {
        let found = file.look(Timestamp(1), ends);
        let bodies: Vec<_> = found
            .logs
            .iter()
            .filter_map(|log| log.body.as_str())
            .collect();
        assert_eq!(bodies, expected);
        let service = |log: &Log| log.resource.attributes.str("service.name") == Some("api");
        assert!(found.logs.iter().all(service));
    }

    #[test]
    fn only_what_is_new_is_read_through_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.log");
        append(&path, "before\n");
        let mut file = LogFile::follow("api", path.clone());
        check(&mut file, false, &[]);
        append(&path, "one\ntw");
        check(&mut file, false, &["one"]);
        append(&path, "o\r\n\nlast");
        check(&mut file, false, &["two"]);
        fs::rename(&path, folder.path().join("api.log.1")).unwrap();
        check(&mut file, false, &[]);
        append(&path, "rotated\n");
        check(&mut file, false, &["last", "rotated"]);
        fs::write(&path, "cut\n").unwrap();
        check(&mut file, false, &["cut"]);
        append(&path, "no end");
        check(&mut file, false, &[]);
        check(&mut file, true, &["no end"]);
    }

    #[test]
    fn a_file_may_come_later() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.log");
        let mut file = LogFile::follow("api", path.clone());
        check(&mut file, false, &[]);
        append(&path, "one\n");
        check(&mut file, false, &["one"]);
    }

    #[test]
    fn lines_and_files_have_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.log");
        let mut file = LogFile::follow("api", path.clone());
        append(&path, &"x".repeat(LINE_BYTES + 9));
        append(&path, "\nshort\n");
        let found = file.look(Timestamp(1), false);
        let lengths: Vec<_> = found
            .logs
            .iter()
            .map(|log| log.body.as_str().unwrap().len())
            .collect();
        assert_eq!((lengths, found.cut), (vec![LINE_BYTES, 5], 1));
        file.left = 3;
        append(&path, "abcdef\n");
        assert_eq!(file.look(Timestamp(1), false).cut, 1);
        assert_eq!(file.look(Timestamp(1), false).bytes, 0);
    }
}
