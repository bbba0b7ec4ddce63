//! Python environments with exactly the packages of a requirements file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::{process, workspace};

/// Left in an environment after a whole install: the requirements that were installed.
const STAMP: &str = ".installed-requirements";

/// The environment in `folder` (from the top of the repository) with the packages of the file `requirements`; makes it
/// anew unless it is as the file says.
///
/// # Errors
/// When Python has no `venv`, or a package cannot be installed.
pub(crate) fn install(folder: &str, requirements: &str) -> Result<PathBuf> {
    let root = workspace::root();
    let (directory, file) = (root.join(folder), root.join(requirements));
    let wanted = fs::read(&file).with_context(|| format!("failed to read {}", file.display()))?;
    let stamp = directory.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("{folder}: packages are as {requirements} says");
        return Ok(directory);
    }
    println!("{folder}:");
    make(&directory, &file, &root)?;
    fs::write(&stamp, wanted).with_context(|| format!("failed to write {}", stamp.display()))?;
    Ok(directory)
}

fn make(directory: &Path, requirements: &Path, root: &Path) -> Result<()> {
    let path = directory.display().to_string();
    let venv = ["-m", "venv", "--clear", &path];
    process::run(&mut process::command("python3", &venv, root))
        .context("failed to make a Python environment (Debian: apt install python3-venv)")?;
    let python = directory.join("bin/python").display().to_string();
    let file = requirements.display().to_string();
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "-r",
        &file,
    ];
    let mut command = process::command(&python, &install, root);
    // Asked of urllib3.future: it would put itself in the place of urllib3, which is tried beside it.
    process::run(command.env("URLLIB3_NO_OVERRIDE", "1"))
}
