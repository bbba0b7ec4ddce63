//! `cargo xtask demo`: builds the product and shows it on `examples/insights`, on a good day and on a bad one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{npm, pages, process, workspace};

const EXAMPLE: &str = "examples/insights";
/// What is to be concluded from the bad day.
const EXPECTED: &str = "expected.json";

/// Runs the task: records both days and serves the recordings until Ctrl-C. `--no-serve` is for scripts: the demo ends
/// without waiting for anybody.
///
/// # Errors
/// When something does not build or install, or the demo did not show what it should.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.iter().find(|argument| *argument != "--no-serve") {
        bail!("there is no option `{unknown}`; there is `--no-serve`");
    }
    let root = workspace::root();
    pages::build()?;
    let build = ["build", "--workspace", "--bins", "--locked"];
    process::run(&mut process::cargo(&build, &root))?;
    npm::install(EXAMPLE)?;
    let demo = Demo {
        product: workspace::product("debug")?,
        project: root.join(EXAMPLE),
    };
    let expected = read(&demo.project.join(EXPECTED))?;

    heading("A good day: every service answers");
    check_gaps(&demo.record("good", 0)?)?;
    heading("A bad day: the same tests, and services that misbehave");
    let failures = expected["run"]["exit_code"].as_i64();
    let report = demo.record("bad", failures.context("no exit code is expected")?)?;
    check(&report, &expected)?;
    check_gaps(&report)?;
    heading("What was recorded");
    process::run(&mut demo.flakescope(&["list"]))?;
    println!("{}", demo.next_steps());
    if arguments.is_empty() {
        demo.serve()?;
    }
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
        let name = format!("demo: {day} day");
        let mut run = self.flakescope(&["run", "--name", &name, "--report-json"]);
        run.arg(&file)
            .args(["--", "npx", "mocha"])
            .env("SERVICES", day);
        let code = process::status(&mut run)?.context("the run was ended by a signal")?;
        if i64::from(code) != failures {
            bail!("on the {day} day {failures} tests should fail, and the run exited with {code}");
        }
        read(&file)
    }

    /// Any free port: the usual one may be taken by a server of the user's own.
    fn serve(&self) -> Result<()> {
        heading("The recordings, as web pages");
        process::run(&mut self.flakescope(&["serve", "--listen", "127.0.0.1:0"]))
    }

    fn next_steps(&self) -> String {
        let product = self.product.display();
        let project = self.project.display();
        format!(
            "\nTo look further:\n\n  cd {project}\n  {product} show last\n  \
             {product} open last\n  {product} list tests"
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

/// Gaps that belong to the story: a test that is still waiting when its process ends, and metrics, which the services send
/// and nobody keeps.
const EXPECTED_GAPS: [&str; 3] = ["process-killed", "attempt-unfinished", "otlp-ignored"];

/// Nothing is missing from the recordings.
fn check_gaps(report: &Value) -> Result<()> {
    let gaps = report["run"]["gaps"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let kinds = gaps.iter().map(|gap| text(&gap["kind"]));
    let unexpected: Vec<&str> = kinds.filter(|kind| !EXPECTED_GAPS.contains(kind)).collect();
    if !unexpected.is_empty() {
        bail!("something was not recorded: {}", unexpected.join(", "));
    }
    Ok(())
}

/// Every failing test has the cause that its example says.
fn check(report: &Value, expected: &Value) -> Result<()> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let verdicts: Vec<(String, String)> = list(&report["tests"]).iter().map(verdict).collect();
    let mut wrong = Vec::new();
    let mut right = 0;
    for one in list(&expected["tests"]) {
        let name = text(&one["test"]);
        let cause = match text(&one["status"]) {
            "failed" => text(&one["cause"]),
            _ => continue,
        };
        match verdicts.iter().find(|(test, _)| test == name) {
            Some((_, found)) if found == cause => right += 1,
            Some((_, found)) => wrong.push(format!("{name}: {found}, not {cause}")),
            None => wrong.push(format!("{name}: not recorded")),
        }
    }
    println!("{right} verdicts are as examples/insights/expected.json says");
    if !wrong.is_empty() {
        bail!("wrong verdicts:\n  {}", wrong.join("\n  "));
    }
    Ok(())
}

/// A test's whole name, and the cause of its last attempt.
fn verdict(test: &Value) -> (String, String) {
    let suite = test["suite"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<&str> = suite.iter().map(text).collect();
    names.push(text(&test["name"]));
    let last = test["attempts"].as_array().and_then(|tries| tries.last());
    let cause = last.map(|last| text(&last["diagnosis"]["cause"]));
    (names.join(" › "), cause.unwrap_or_default().to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
