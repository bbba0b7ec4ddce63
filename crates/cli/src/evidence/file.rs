//! Reads and writes files of evidence.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use archive::Problem;
use model::Evidence;

use crate::os;

/// The evidence of a file, and what could not be read of it.
///
/// # Errors
/// When the file cannot be read, is too large, or is no evidence.
pub(crate) fn read(file: &Path) -> Result<(Evidence, Vec<Problem>)> {
    let bytes = bytes(file).with_context(|| format!("failed to read {}", file.display()))?;
    archive::evidence::decode(&bytes).with_context(|| format!("failed to read {}", file.display()))
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    if fs::metadata(file)?.len() > archive::SIZE_LIMIT as u64 {
        bail!("it is larger than {} bytes", archive::SIZE_LIMIT);
    }
    Ok(fs::read(file)?)
}

/// Writes evidence to a file, in place of what was there: compressed, or as text where the file is named `.jsonl`.
///
/// # Errors
/// When it is too large, or the file cannot be written. A file that was there before is then as it was.
pub(crate) fn write(evidence: &Evidence, file: &Path) -> Result<()> {
    let is_text = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl"));
    let bytes = match is_text {
        true => archive::evidence::encode_text(evidence)?,
        false => archive::evidence::encode(evidence)?,
    };
    os::replace_file(file, &bytes, None)
        .with_context(|| format!("failed to write {}", file.display()))
}
