//! `cargo xtask pages`: builds the web pages, which the next build of the server embeds.

use anyhow::{Result, bail};

use crate::{npm, process, workspace};

/// The folder of the pages.
pub(crate) const FOLDER: &str = "ui";

/// Runs the task.
///
/// # Errors
/// When something does not install or build.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`cargo xtask pages` takes no arguments");
    }
    build()
}

/// Installs what the pages need, and builds them.
///
/// # Errors
/// When something does not install or build.
pub(crate) fn build() -> Result<()> {
    npm::install(FOLDER)?;
    npm_run("build")
}

/// Checks the pages without a browser: types, rules, and what needs no page.
///
/// # Errors
/// When a check fails.
pub(crate) fn check() -> Result<()> {
    ["types:check", "lint", "test"]
        .into_iter()
        .try_for_each(npm_run)
}

/// Uses the pages of the program that was built, in a browser.
///
/// # Errors
/// When a test fails.
pub(crate) fn in_browser() -> Result<()> {
    let product = workspace::product("debug")?;
    let folder = workspace::root().join(FOLDER);
    let mut command = process::command("npm", &["run", "--silent", "e2e"], &folder);
    process::run(command.env("FLAKESCOPE", product))
}

fn npm_run(script: &str) -> Result<()> {
    let folder = workspace::root().join(FOLDER);
    process::run(&mut process::command(
        "npm",
        &["run", "--silent", script],
        &folder,
    ))
}
