//! `cargo xtask bench diagnosis`: installs the suites of the fault matrix, records its cases and evaluates them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{npm, process, venv, workspace};

/// Where suites, recordings and the report are.
const FOLDER: &str = "target/bench-diagnosis";
/// Beside the cases.
const SUITES: &str = "bench/diagnosis/suites";
/// The suites, and the packages whose source distributions have their tests, as the requirements pin them.
const SOURCES: [(&str, &str); 2] = [("kinto", "kinto-http"), ("moto", "moto")];

/// Runs the task. `--evaluate-only` asks again about what was recorded before; other words are handed on
/// (`--suite NAME`, `--only PATTERN`, `--again`,
/// `--publish`).
///
/// # Errors
/// When something does not build, install or start.
pub(crate) fn run(words: &[String]) -> Result<()> {
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
        install(&root)?;
        start(&mut isolated(&matrix, &root, "record"), &product, words)?;
    }
    let mut evaluate = process::command(&matrix.to_string_lossy(), &["evaluate"], &root);
    start(&mut evaluate, &product, words)
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

fn install(root: &Path) -> Result<()> {
    npm::install("examples/insights")?;
    for (suite, package) in SOURCES {
        let requirements = format!("{SUITES}/{suite}.txt");
        let folder = root.join(FOLDER).join(suite);
        fs::create_dir_all(&folder)?;
        let environment = venv::install(&format!("{FOLDER}/{suite}/venv"), &requirements)?;
        let pinned = pinned(&root.join(requirements), package)?;
        sources(&folder, &environment, package, &pinned)?;
    }
    server_settings(&root.join(FOLDER).join("kinto"))
}

/// The line of a package in a file of requirements.
fn pinned(requirements: &Path, package: &str) -> Result<String> {
    let text = fs::read_to_string(requirements)?;
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("{package}==")));
    let line = line.with_context(|| format!("{package} is not among the requirements"))?;
    Ok(line.to_owned())
}

/// Unpacks the tests that a package publishes with its source.
fn sources(folder: &Path, environment: &Path, package: &str, pinned: &str) -> Result<()> {
    let stamp = folder.join(".unpacked");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == pinned) {
        return Ok(());
    }
    let python = environment.join("bin/python").display().to_string();
    let download = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-binary",
        package,
        "-d",
        "archive",
        pinned,
    ];
    process::run(&mut process::command(&python, &download, folder))?;
    let unpack = "rm -rf src && mkdir src && tar xzf archive/*.tar.gz --strip-components=1 -C src";
    process::run(&mut process::command("bash", &["-c", unpack], folder))?;
    fs::write(stamp, pinned).context("failed to note what was unpacked")
}

/// Kinto's settings as its client's tests bring them, on the loopback only, and not at the port that is the proxy's.
fn server_settings(folder: &Path) -> Result<()> {
    let text = fs::read_to_string(folder.join("src/tests/config/kinto.ini"))?;
    let text = text
        .replace("0.0.0.0", "127.0.0.1")
        .replace("port = 8888", "port = 8889");
    fs::write(folder.join("server.ini"), text).context("failed to write the server's settings")
}
