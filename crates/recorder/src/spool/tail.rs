//! Follows all segments of a spool folder as they grow, and deletes those that are read to their end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::PathBuf;

use super::segment::{Line, Segment, SegmentName};
use crate::os::ProcessHandle;

/// How far each segment has been stored, for the recovery after a recorder that was killed.
const POSITIONS: &str = "stored.json";

/// What the reader of a line says about its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may grow.
    Open,
    /// It will not: its `end` line was read.
    Closed,
}

/// A segment that was never closed, found when everything is over.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unclosed {
    pub(crate) name: SegmentName,
    /// Its process still runs.
    pub(crate) alive: bool,
    /// A piece of a line is left at its end.
    pub(crate) torn: bool,
}

struct Open {
    segment: Segment,
    process: ProcessHandle,
    closed: bool,
    /// The last look found no whole line.
    idle: bool,
    /// Was idle, and its process dead, at the last look.
    dead: bool,
}

/// Follows the segments of a folder.
pub(crate) struct Tail {
    dir: PathBuf,
    open: BTreeMap<SegmentName, Open>,
    /// Read to their end and to be deleted once what was read is stored.
    drained: BTreeSet<SegmentName>,
    /// Never closed, but their process is gone and nothing is left to read.
    abandoned: Vec<Unclosed>,
    positions: BTreeMap<String, u64>,
    gone: bool,
}

impl Tail {
    /// Bytes read in one look over all segments, so that a tick holds a bounded amount in memory.
    pub(crate) const TICK_BYTES: u64 = 8 << 20;

    /// Follows the folder from where an earlier recorder got to, if there was one.
    pub(crate) fn new(dir: PathBuf) -> Self {
        let positions = fs::read(dir.join(POSITIONS))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        Self {
            dir,
            open: BTreeMap::new(),
            drained: BTreeSet::new(),
            abandoned: Vec::new(),
            positions,
            gone: false,
        }
    }

    /// Whether the folder was found missing.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone
    }

    /// Reads what is new, up to a bounded amount, and gives it line by line to `each`. Of a segment
    /// that an earlier recorder began, the lines that it had read come first, as known ones. Returns how many bytes were read: 0 when all is read.
    pub(crate) fn poll(&mut self, each: &mut dyn FnMut(&SegmentName, Line<'_>) -> Verdict) -> u64 {
        self.discover(each);
        let mut read = 0;
        for (name, open) in &mut self.open {
            if read >= Self::TICK_BYTES {
                break;
            }
            let budget = usize::try_from(Self::TICK_BYTES - read).unwrap_or(0);
            let mut closed = open.closed;
            let result = open.segment.read(budget, &mut |line| {
                closed |= each(name, line) == Verdict::Closed;
            });
            let grown = result.unwrap_or(0);
            open.closed = closed;
            open.idle = grown == 0;
            read += grown;
        }
        self.sort_out();
        read
    }

    /// Call when all that was read is stored: notes how far, and deletes what is not needed any more.
    pub(crate) fn stored(&mut self) {
        for name in std::mem::take(&mut self.drained) {
            // It may be gone with the whole folder; then there is nothing to delete.
            let _ = fs::remove_file(self.dir.join(name.to_string()));
            self.positions.remove(&name.to_string());
        }
        for (name, open) in &self.open {
            self.positions
                .insert(name.to_string(), open.segment.offset());
        }
        if self.gone {
            return;
        }
        // Without the note a recovery reads a segment again; records are merged, so that costs time only.
        let _ = self.note_positions();
    }

    /// How many bytes are there and not read.
    pub(crate) fn backlog(&self) -> u64 {
        let unread = |open: &Open| open.segment.size().saturating_sub(open.segment.offset());
        self.open.values().map(unread).sum()
    }

    /// Whether a process that may still write runs.
    pub(crate) fn any_process_alive(&self) -> bool {
        self.open
            .values()
            .any(|open| !open.closed && open.process.is_alive())
    }

    /// Segments that were never closed, with what is known of their processes.
    pub(crate) fn unclosed(&mut self) -> Vec<Unclosed> {
        let mut unclosed = std::mem::take(&mut self.abandoned);
        for (name, open) in &self.open {
            if !open.closed {
                unclosed.push(Unclosed {
                    name: name.clone(),
                    alive: open.process.is_alive(),
                    torn: open.segment.size() > open.segment.offset(),
                });
            }
        }
        unclosed
    }

    fn note_positions(&self) -> io::Result<()> {
        let draft = self.dir.join(format!("{POSITIONS}.new"));
        fs::write(&draft, serde_json::to_vec(&self.positions)?)?;
        fs::rename(draft, self.dir.join(POSITIONS))
    }

    fn discover(&mut self, each: &mut dyn FnMut(&SegmentName, Line<'_>) -> Verdict) {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) => {
                self.gone |= error.kind() == io::ErrorKind::NotFound;
                return;
            }
        };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().to_string_lossy().parse::<SegmentName>() else {
                continue;
            };
            if self.open.contains_key(&name) || self.drained.contains(&name) {
                continue;
            }
            let offset = self.positions.get(&name.to_string()).copied().unwrap_or(0);
            // Tried again at the next look: too many open files is a passing state.
            let Ok(segment) = Segment::open(&entry.path(), offset) else {
                continue;
            };
            // What cannot be read again is only context.
            let mut closed = false;
            let _ = segment.known(&mut |line| closed |= each(&name, line) == Verdict::Closed);
            let process = ProcessHandle::of(name.pid);
            let open = Open {
                segment,
                process,
                closed,
                idle: false,
                dead: false,
            };
            self.open.insert(name, open);
        }
    }

    /// Sets aside what is read to its end: closed segments, and those of dead processes when nothing came between two
    /// looks.
    fn sort_out(&mut self) {
        let mut done = Vec::new();
        for (name, open) in &mut self.open {
            let all_read = open.segment.offset() >= open.segment.size();
            if open.closed && all_read {
                done.push(name.clone());
            } else if !open.closed && open.idle && !open.process.is_alive() {
                if open.dead {
                    done.push(name.clone());
                }
                open.dead = true;
            }
        }
        for name in done {
            let Some(open) = self.open.remove(&name) else {
                continue;
            };
            if !open.closed {
                self.abandoned.push(Unclosed {
                    name: name.clone(),
                    alive: false,
                    torn: open.segment.size() > open.segment.offset(),
                });
            }
            self.drained.insert(name);
        }
    }
}
