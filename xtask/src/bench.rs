//! `cargo xtask bench`: builds the product as it is shipped, installs the references and measures them beside it.

use anyhow::{Result, bail};

use crate::{npm, process, venv, workspace};

/// The references: other agents, as npm packages that only the benches need.
const REFERENCES: &str = "bench/node";
/// The same of Python: an environment for each agent, because they ask for different versions of OpenTelemetry.
const ENVIRONMENTS: [&str; 3] = ["plain", "vanilla", "lumigo"];
/// Where these are made.
const PYTHON: &str = "target/bench-python";

/// Runs the task; the names of benches are handed on.
///
/// # Errors
/// When something does not build or install, or a measurement fails.
pub(crate) fn run(names: &[String]) -> Result<()> {
    if let Some(option) = names.iter().find(|name| name.starts_with('-')) {
        bail!("there is no option `{option}`; name benches, or nothing for all");
    }
    let root = workspace::root();
    npm::install(REFERENCES)?;
    for name in ENVIRONMENTS {
        let requirements = format!("bench/python/{name}.txt");
        venv::install(&format!("{PYTHON}/{name}"), &requirements)?;
    }
    let build = [
        "build",
        "--release",
        "--locked",
        "-p",
        "flakescope-cli",
        "-p",
        "bench",
    ];
    process::run(&mut process::cargo(&build, &root))?;
    let product = workspace::product("release")?;
    let mut bench = process::command(
        &product.with_file_name("bench").to_string_lossy(),
        &[],
        &root,
    );
    bench.args(names).env("FLAKESCOPE_BENCH_BINARY", product);
    bench.env("FLAKESCOPE_BENCH_PYTHON", root.join(PYTHON));
    process::run(&mut bench)
}
