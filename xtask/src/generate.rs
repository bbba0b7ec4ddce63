//! `cargo xtask gen`: writes the committed generated files again.
//!
//! Each is held against its source by a test of the crate that knows the source; the same test, told so, writes it.

use anyhow::{Result, bail};

use crate::{process, workspace};

/// Tells the tests that hold generated files to write them instead.
const UPDATE: &str = "UPDATE_PROTOCOL";

/// The packages with such tests, and how their names begin.
const GENERATORS: [(&str, &str); 1] = [("flakescope-cli", "the_committed_schema_is_current")];

/// Runs the task.
///
/// # Errors
/// When a generator does not build or fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`cargo xtask gen` takes no arguments");
    }
    let root = workspace::root();
    for (package, tests) in GENERATORS {
        let arguments = ["test", "--package", package, "--locked", "--quiet", tests];
        process::run(process::cargo(&arguments, &root).env(UPDATE, "1"))?;
    }
    process::run(&mut process::command(
        "git",
        &["status", "--short", "protocol"],
        &root,
    ))
}
