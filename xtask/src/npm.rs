//! Installing the npm packages of the folders that have some, exactly as their lock files say.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process;
use crate::workspace;

/// Folders whose packages the tests need; a folder without a lock file has nothing to install.
const FOR_TESTS: [&str; 6] = [
    "agents/node/test",
    "agents/conformance",
    "examples/first-recording",
    "examples/insights",
    "e2e",
    "ui",
];

/// Test runners of the conformance scenarios, each version of one in a folder of its own.
const RUNNERS: &str = "agents/conformance/runners";

/// Left in `node_modules` after a whole install: the lock file that was installed.
const STAMP: &str = ".installed-lock";

/// Installs everything that the tests need.
///
/// # Errors
/// When npm fails or a folder cannot be read or written.
pub(crate) fn install_for_tests() -> Result<()> {
    FOR_TESTS.iter().try_for_each(|folder| install(folder))?;
    let directory = workspace::root().join(RUNNERS);
    let entries = fs::read_dir(&directory)
        .with_context(|| format!("failed to list {}", directory.display()))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names
        .collect::<std::io::Result<Vec<String>>>()
        .with_context(|| format!("failed to list {}", directory.display()))?;
    names.sort();
    names
        .iter()
        .try_for_each(|name| install(&format!("{RUNNERS}/{name}")))
}

/// Installs the packages of `folder` unless they are there already.
///
/// # Errors
/// When npm fails or the stamp cannot be written.
pub(crate) fn install(folder: &str) -> Result<()> {
    let directory = workspace::root().join(folder);
    let Ok(lock) = fs::read(directory.join("package-lock.json")) else {
        return Ok(());
    };
    let stamp = directory.join("node_modules").join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("{folder}: packages are as the lock file says");
        return Ok(());
    }
    println!("{folder}:");
    npm_ci(&directory)?;
    fs::write(&stamp, lock).with_context(|| format!("failed to write {}", stamp.display()))
}

/// Install scripts are not run: no package here needs one, and a test must not run code of strangers at install.
fn npm_ci(directory: &Path) -> Result<()> {
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    process::run(&mut process::command("npm", &arguments, directory))
}
