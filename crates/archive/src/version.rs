//! The header of an archive: what it is, and which readers can read it.

use serde::{Deserialize, Serialize};

use crate::ArchiveError;

/// The word by which an archive of ours is known.
pub const FORMAT: &str = "flakescope";

/// The version of the format. Raised only by a change that an older reader cannot survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormatVersion(pub u32);

impl FormatVersion {
    /// The version that this program writes, and the newest that it reads.
    pub const CURRENT: Self = Self(1);

    /// Whether a reader of version `reader` can read this.
    ///
    /// # Errors
    /// When this is newer than the reader, with the advice to use a newer one.
    pub fn check_readable_by(self, reader: Self) -> Result<(), ArchiveError> {
        if self <= reader {
            return Ok(());
        }
        Err(ArchiveError::TooNew {
            found: self.0,
            supported: reader.0,
        })
    }
}

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Records of one trace that were stored together.
    Chunk,
    /// Runs, attempts and what they recorded: `.flakescope` files and fixtures.
    Recording,
    /// What a diagnosis reads.
    Evidence,
}

impl Kind {
    /// The name in the header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chunk => "chunk",
            Self::Recording => "recording",
            Self::Evidence => "evidence",
        }
    }
}

/// The first line.
#[derive(Serialize)]
pub(crate) struct Header {
    format: &'static str,
    version: FormatVersion,
    kind: Kind,
}

impl Header {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            format: FORMAT,
            version: FormatVersion::CURRENT,
            kind,
        }
    }
}

/// The first line as found: the kind is text, because a newer version may have kinds that this one does not know.
#[derive(Deserialize)]
struct FoundHeader {
    format: String,
    version: FormatVersion,
    kind: String,
}

/// Checks the first line of an archive that should hold `kind`.
pub(crate) fn check_header(line: &[u8], kind: Kind) -> Result<(), ArchiveError> {
    let header: FoundHeader =
        serde_json::from_slice(line).map_err(|_| ArchiveError::NotAnArchive)?;
    if header.format != FORMAT {
        return Err(ArchiveError::NotAnArchive);
    }
    header.version.check_readable_by(FormatVersion::CURRENT)?;
    if header.kind != kind.as_str() {
        return Err(ArchiveError::WrongKind {
            expected: kind.as_str(),
            found: header.kind.chars().take(40).collect(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<(), &str>) {
        let found = check_header(line.as_bytes(), Kind::Chunk).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{line}");
    }

    #[test]
    fn headers_are_checked() {
        check(
            r#"{"format":"flakescope","version":1,"kind":"chunk"}"#,
            Ok(()),
        );
        check(
            r#"{"kind":"chunk","version":1,"format":"flakescope","more":[]}"#,
            Ok(()),
        );
        check(
            r#"{"format":"flakescope","version":2,"kind":"hologram"}"#,
            Err(
                "read the archive: it has format 2, this version reads up to 1; use a newer flakescope",
            ),
        );
        check(
            r#"{"format":"flakescope","version":1,"kind":"evidence"}"#,
            Err("read the archive: it holds evidence, chunk was wanted"),
        );
        let not_ours = Err("read the archive: not a flakescope archive");
        check(r#"{"format":"har","version":1,"kind":"chunk"}"#, not_ours);
        check(r#"{"version":1}"#, not_ours);
        check("", not_ours);
    }
}
