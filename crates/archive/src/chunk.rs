//! Chunks: records of one trace that are stored together.

use model::{Log, Span};

use crate::lines::{self, Place, Resources, Writer};
use crate::{ArchiveError, Kind, Problem};

/// Records of spans and logs; not merged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chunk {
    /// Records of spans, in the order in which they came.
    pub spans: Vec<Span>,
    /// Log records, in the order in which they came.
    pub logs: Vec<Log>,
}

/// Chunks are compressed on the way of every record, so fast rather than small: level 3 saves 6 % for half the speed.
const ZSTD_LEVEL: i32 = 1;

/// The archive of these records, compressed.
///
/// # Errors
/// When it would be larger than [`crate::SIZE_LIMIT`].
pub fn encode(spans: &[Span], logs: &[Log]) -> Result<Vec<u8>, ArchiveError> {
    let mut writer = Writer::new(Kind::Chunk)?;
    let place = Place::default();
    for span in spans {
        writer.span(&place, span)?;
    }
    for log in logs {
        writer.log(&place, log)?;
    }
    writer.compress(ZSTD_LEVEL)
}

/// The records of an archive, and what could not be read of it.
///
/// # Errors
/// When it is not an archive of a chunk, of a newer format, or larger than [`crate::SIZE_LIMIT`].
pub fn decode(bytes: &[u8]) -> Result<(Chunk, Vec<Problem>), ArchiveError> {
    let mut chunk = Chunk::default();
    let mut resources = Resources::default();
    let problems = lines::read(bytes, Kind::Chunk, |record| {
        match record.t.as_ref() {
            "resource" => resources.read(record)?,
            "span" => chunk.spans.push(resources.span(record)?),
            "log" => chunk.logs.push(resources.log(record)?),
            other => return Err(format!("unknown type `{other}`")),
        }
        Ok(())
    })?;
    Ok((chunk, problems))
}
