//! Where things are: the root of the repository, what git tracks, what cargo builds and where it puts it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The files that git tracks, relative to the root, in order; files deleted in the work tree are left out.
///
/// # Errors
/// When git cannot be asked.
pub(crate) fn tracked_files() -> Result<Vec<String>> {
    let root = root();
    let listing = process::output(&mut process::command("git", &["ls-files", "-z"], &root))?;
    let names = listing.split('\0').filter(|name| !name.is_empty());
    Ok(names
        .filter(|name| root.join(name).is_file())
        .map(str::to_owned)
        .collect())
}

/// What `cargo metadata` says about the workspace, without the packages of others.
///
/// # Errors
/// When cargo cannot be asked or answers something else than JSON.
pub(crate) fn metadata() -> Result<Value> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--locked"];
    let text = process::output(&mut process::cargo(&arguments, &root()))?;
    serde_json::from_str(&text).context("failed to read the output of `cargo metadata`")
}

/// The path that cargo builds the product's binary to.
///
/// # Errors
/// As [`metadata`].
pub(crate) fn product(profile: &str) -> Result<PathBuf> {
    let metadata = metadata()?;
    let target = metadata["target_directory"]
        .as_str()
        .context("`cargo metadata` names no target directory")?;
    Ok(Path::new(target).join(profile).join("flakescope"))
}
