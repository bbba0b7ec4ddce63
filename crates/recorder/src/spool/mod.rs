//! The spool folder: made for a run, tailed while it goes on, found again when its recorder died. The format is
//! `protocol/spool.md`.

mod alive;
mod folder;
mod segment;
mod tail;
mod ticker;

pub(crate) use alive::Alive;
pub use folder::{Capture, Spool, SpoolError, SpoolOptions};
pub(crate) use folder::{Orphan, orphans};
pub(crate) use segment::{Line, SegmentName};
pub(crate) use tail::{Tail, Unclosed, Verdict};
pub(crate) use ticker::Ticker;
