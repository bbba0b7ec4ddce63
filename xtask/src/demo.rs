//! `cargo xtask demo`: builds the product and shows it on `examples/first-recording`, on a good day and on a bad one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{npm, process, workspace};

const EXAMPLE: &str = "examples/first-recording";

/// Tests of the example that fail on the bad day.
const FAILURES: i64 = 6;

/// Runs the task. `--no-serve` is for scripts: the demo ends without waiting for anybody. This version has no server,
/// so the demo always ends that way.
///
/// # Errors
/// When something does not build or install, or the demo did not show what it should.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.iter().find(|argument| *argument != "--no-serve") {
        bail!("there is no option `{unknown}`; there is `--no-serve`");
    }
    let root = workspace::root();
    let build = ["build", "--workspace", "--bins", "--locked"];
    process::run(&mut process::cargo(&build, &root))?;
    npm::install(EXAMPLE)?;
    let demo = Demo {
        product: workspace::product("debug")?,
        project: root.join(EXAMPLE),
    };

    heading("A good day: every service answers");
    demo.record("good", 0)?;
    heading("A bad day: the same tests, and services that misbehave");
    let report = demo.record("bad", FAILURES)?;
    check(&report)?;
    heading("What was recorded");
    process::run(&mut demo.flakescope(&["list"]))?;
    println!("{}", demo.next_steps());
    Ok(())
}

/// The product and the project that it is shown on.
struct Demo {
    product: PathBuf,
    project: PathBuf,
}

impl Demo {
    fn flakescope(&self, arguments: &[&str]) -> std::process::Command {
        process::command(&self.product.to_string_lossy(), arguments, &self.project)
    }

    /// Records the suite and gives the report. Mocha exits with the number of failed tests.
    fn record(&self, day: &str, failures: i64) -> Result<Value> {
        let file = self.product.with_file_name(format!("demo-{day}.json"));
        let mut run = self.flakescope(&[
            "run",
            "--name",
            &format!("demo: {day} day"),
            "--report-json",
        ]);
        run.arg(&file)
            .args(["--", "npx", "mocha"])
            .env("SERVICES", day);
        let code = process::status(&mut run)?.context("the run was ended by a signal")?;
        if i64::from(code) != failures {
            bail!("on the {day} day {failures} tests should fail, and the run exited with {code}");
        }
        read(&file)
    }

    fn next_steps(&self) -> String {
        let product = self.product.display();
        let project = self.project.display();
        format!(
            "\nThis version has no server yet, so nothing is left running. To look further:\n\n  \
             cd {project}\n  {product} show last\n  {product} list tests\n  \
             {product} show last --json"
        )
    }
}

fn heading(text: &str) {
    println!("\n--- {text}\n");
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))
}

/// Every failure must have a diagnosis, and all but the wrong assertion a cause.
fn check(report: &Value) -> Result<()> {
    let tests = report["tests"]
        .as_array()
        .context("the report has no tests")?;
    let failed = tests.iter().filter(|test| test["status"] == "failed");
    let causes: Vec<&str> = failed
        .filter_map(|test| test["attempts"][0]["diagnosis"]["cause"].as_str())
        .collect();
    let named = causes
        .iter()
        .filter(|cause| **cause != "undetermined")
        .count();
    println!("causes: {}", causes.join(", "));
    if i64::try_from(causes.len())? != FAILURES || i64::try_from(named)? != FAILURES - 1 {
        bail!("of {FAILURES} failures all but one should have a named cause");
    }
    Ok(())
}
