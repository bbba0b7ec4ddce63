//! `cargo xtask bench diagnosis`: installs the suites of the fault matrix, records its cases and evaluates them.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{npm, process, suites, workspace};

/// Where suites, recordings and the report are.
const FOLDER: &str = "target/bench-diagnosis";

/// Runs the task. `--evaluate-only` asks again about what was recorded before, `--install-only` installs the suites; other
/// words are handed on (`--suite NAME`, `--only PATTERN`, `--again`, `--publish`).
///
/// # Errors
/// When something does not build, install or start.
pub(crate) fn run(words: &[String]) -> Result<()> {
    if words.iter().any(|word| word == "--install-only") {
        return install(words);
    }
    let root = workspace::root();
    let records = !words.iter().any(|word| word == "--evaluate-only");
    let mut packages = vec!["-p", "bench"];
    if records {
        packages.extend(["-p", "flakescope-cli"]);
    }
    let build = ["build", "--locked", "--bins"];
    process::run(&mut process::cargo(
        &[&build[..], &packages].concat(),
        &root,
    ))?;
    let product = workspace::product("debug")?;
    let matrix = product.with_file_name("diagnosis-matrix");
    if records {
        install(words)?;
        start(&mut isolated(&matrix, &root, "record"), &product, words)?;
    }
    let mut evaluate = process::command(&matrix.to_string_lossy(), &["evaluate"], &root);
    start(&mut evaluate, &product, words)
}

fn install(words: &[String]) -> Result<()> {
    npm::install("examples/insights")?;
    suites::install(FOLDER, words)
}

fn start(command: &mut Command, product: &Path, words: &[String]) -> Result<()> {
    let root = workspace::root();
    let handed_on = words.iter().filter(|word| *word != "--evaluate-only");
    command
        .args(handed_on)
        .env("FLAKESCOPE_BENCH_BINARY", product)
        .env("FLAKESCOPE_BENCH_FOLDER", root.join(FOLDER))
        .env("FLAKESCOPE_BENCH_REPOSITORY", root);
    process::run(command)
}

/// The matrix in a network of its own, where that can be made: the suites have fixed ports, and nothing may get out.
fn isolated(matrix: &Path, root: &Path, task: &str) -> Command {
    let matrix = matrix.display().to_string();
    for options in [&["-n"][..], &["-rn"][..]] {
        let trial = [options, &["ip", "link", "set", "lo", "up"]].concat();
        if process::succeeds("unshare", &trial) {
            let script = "ip link set lo up; exec \"$0\" \"$@\"";
            let words = [options, &["bash", "-c", script, &matrix, task]].concat();
            return process::command("unshare", &words, root);
        }
    }
    process::command(&matrix, &[task], root)
}
