//! `cargo xtask gen`: writes the committed generated files again.
//!
//! Each is held against its source by a test of the crate that knows the source. Most are written by that same test,
//! told so; OTLP's messages by a crate outside the workspace, so that no test run builds a protobuf compiler.

use anyhow::{Result, bail};

use crate::{process, workspace};

/// Tells the tests that hold generated files to write them instead.
const UPDATE: &str = "UPDATE_PROTOCOL";

/// The crate that writes OTLP's messages, and where it is built.
const MESSAGES: [&str; 2] = ["crates/otlp/generate/Cargo.toml", "target/generate"];

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
    let [manifest, target] = MESSAGES;
    let arguments = ["run", "--manifest-path", manifest, "--locked", "--quiet"];
    process::run(process::cargo(&arguments, &root).env("CARGO_TARGET_DIR", root.join(target)))?;
    process::run(&mut process::command(
        "git",
        &["status", "--short", "protocol", "crates/otlp/src/proto"],
        &root,
    ))
}
