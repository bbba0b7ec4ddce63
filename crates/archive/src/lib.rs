//! The versioned format of recordings and evidence.
//!
//! What `protocol/archive.md` promises is kept here and nowhere else: JSON Lines behind a header, compressed with zstd
//! where space matters. The model itself is not serialisable; its written shapes are the private module `shape`.
//! Reading is tolerant: a line that cannot be read is a [`Problem`] beside the value, and its neighbours are kept.

pub mod chunk;
mod error;
pub mod evidence;
mod lines;
pub mod recording;
pub mod row;
mod scalar;
mod shape;
mod value;
mod version;

pub use error::{ArchiveError, PROBLEM_LIMIT, Problem};
pub use lines::{LINE_LIMIT, SIZE_LIMIT};
pub use value::NESTING_LIMIT;
pub use version::{FORMAT, FormatVersion, Kind};
