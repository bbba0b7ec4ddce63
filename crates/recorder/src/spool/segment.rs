//! One segment file: its name, and reading the lines that were added to it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::str::FromStr;

use rustix::fs::OFlags;

/// A longer line is skipped.
pub(crate) const LINE_BYTES: usize = 16 << 20;
/// So much of a segment is read again after its recorder died. Segments are about 4 MiB long.
const KNOWN_BYTES: u64 = 64 << 20;

/// `<pid>-<instance>-<seq>.seg`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SegmentName {
    pub(crate) pid: u32,
    pub(crate) instance: String,
    pub(crate) seq: u64,
}

impl FromStr for SegmentName {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let mut parts = name.strip_suffix(".seg").ok_or(())?.split('-');
        let (pid, instance, seq) = (parts.next(), parts.next(), parts.next());
        let (Some(pid), Some(instance), Some(seq), None) = (pid, instance, seq, parts.next())
        else {
            return Err(());
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        if instance.is_empty() || instance.len() > 32 || !instance.bytes().all(plain) {
            return Err(());
        }
        Ok(Self {
            pid: pid.parse().map_err(|_| ())?,
            instance: instance.to_owned(),
            seq: seq.parse().map_err(|_| ())?,
        })
    }
}

impl std::fmt::Display for SegmentName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}.seg", self.pid, self.instance, self.seq)
    }
}

/// A line of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Whole, without its newline.
    Whole(&'a [u8]),
    /// Whole, and taken in by an earlier recorder of this run; it only tells what later lines are about.
    Known(&'a [u8]),
    /// Longer than [`LINE_BYTES`]; skipped.
    TooLong,
}

/// A segment being read. The file stays open, so that what is in it can be read even when the folder was removed.
pub(crate) struct Segment {
    file: File,
    /// Everything before is read: always just after a newline, or within a line that is being skipped.
    offset: u64,
    skipping: bool,
}

impl Segment {
    /// Opens a segment to read on at `offset`. Anything but a regular file is refused.
    pub(crate) fn open(path: &Path, offset: u64) -> io::Result<Self> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            ));
        }
        Ok(Self {
            file,
            offset,
            skipping: false,
        })
    }

    /// How far it is read.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// How long the file is now.
    pub(crate) fn size(&self) -> u64 {
        self.file.metadata().map_or(self.offset, |file| file.len())
    }

    /// The lines that were read before it was opened here.
    pub(crate) fn known(&self, each: &mut dyn FnMut(Line<'_>)) -> io::Result<()> {
        let mut text = vec![0; usize::try_from(self.offset.min(KNOWN_BYTES)).unwrap_or(0)];
        self.file.read_exact_at(&mut text, 0)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
        for line in text[..whole].split(|byte| *byte == b'\n') {
            each(Line::Known(line));
        }
        Ok(())
    }

    /// Reads on, up to about `budget` bytes, but a line is never cut, and gives each line to `each`. Returns how many
    /// bytes it went forward.
    pub(crate) fn read(
        &mut self,
        budget: usize,
        each: &mut dyn FnMut(Line<'_>),
    ) -> io::Result<u64> {
        let before = self.offset;
        let mut buffer = Vec::new();
        loop {
            let grown = self.fill(&mut buffer, budget)?;
            let end = buffer.iter().rposition(|byte| *byte == b'\n');
            if let Some(end) = end {
                self.lines(&buffer[..end], each);
                self.offset += end as u64 + 1;
                return Ok(self.offset - before);
            }
            if buffer.len() > LINE_BYTES {
                self.skipping = true;
            }
            if self.skipping {
                self.offset += buffer.len() as u64;
                buffer.clear();
            }
            if !grown {
                return Ok(self.offset - before);
            }
        }
    }

    /// Appends what follows the buffer in the file; false when there is nothing yet.
    fn fill(&self, buffer: &mut Vec<u8>, budget: usize) -> io::Result<bool> {
        let start = buffer.len();
        let at = self.offset + start as u64;
        let left = usize::try_from(self.size().saturating_sub(at)).unwrap_or(usize::MAX);
        buffer.resize(start + left.min(budget.max(64 << 10)), 0);
        let read = loop {
            match self.file.read_at(&mut buffer[start..], at) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        buffer.truncate(start + read);
        Ok(read > 0)
    }

    fn lines(&mut self, text: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        for line in text.split(|byte| *byte == b'\n') {
            if self.skipping || line.len() > LINE_BYTES {
                self.skipping = false;
                each(Line::TooLong);
            } else if !line.iter().all(u8::is_ascii_whitespace) {
                each(Line::Whole(line));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    fn names(text: &str, expected: bool) {
        let parsed = text.parse::<SegmentName>();
        assert_eq!(parsed.is_ok(), expected, "{text}");
        if let Ok(name) = parsed {
            assert_eq!(name.to_string(), text);
        }
    }

    #[test]
    fn names_of_segments_are_known() {
        names("41-9f2c01aa-0.seg", true);
        names("41-9f2c01aa-0.seg.tmp", false);
        names("run.json", false);
        names("-9f2c01aa-0.seg", false);
        names("41-9f/c01aa-0.seg", false);
        names("41-9f2c01aa-0-1.seg", false);
    }

    /// Writes the pieces one after the other, reads after each, and gives all lines.
    fn check(pieces: &[&[u8]], budget: usize, expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let mut file = File::create(&path).unwrap();
        let mut segment = Segment::open(&path, 0).unwrap();
        let mut lines = Vec::new();
        for piece in pieces {
            file.write_all(piece).unwrap();
            let mut each = |line: Line<'_>| {
                lines.push(match line {
                    Line::Whole(line) | Line::Known(line) => {
                        String::from_utf8_lossy(line).into_owned()
                    }
                    Line::TooLong => "too long".to_owned(),
                });
            };
            while segment.read(budget, &mut each).unwrap() > 0 {}
        }
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_line_is_read_when_it_is_whole() {
        check(&[b"a\nb", b"c", b"\n", b"d"], 1, &["a", "bc"]);
        check(&[b"\n\n a\n"], 64, &[" a"]);
        check(&[b""], 64, &[]);
    }

    #[test]
    fn a_line_over_the_limit_is_skipped_and_its_neighbours_stay() {
        let long = vec![b'x'; LINE_BYTES + 1];
        check(
            &[b"a\n", &long, b"xx", b"\nb\n"],
            1 << 20,
            &["a", "too long", "b"],
        );
        check(
            &[b"a\n", &long, b"\nb\n", b"c\n"],
            64 << 20,
            &["a", "too long", "b", "c"],
        );
        let fits = vec![b'x'; LINE_BYTES];
        check(
            &[&fits, b"\n"],
            1 << 20,
            &[&String::from_utf8(fits.clone()).unwrap()],
        );
    }

    #[test]
    fn what_is_not_a_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        fs::write(folder.path().join("file"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path().join("file"), &link).unwrap();
        assert!(Segment::open(&link, 0).is_err());
        assert!(Segment::open(folder.path(), 0).is_err());
    }
}
