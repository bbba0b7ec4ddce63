//! `cargo xtask test`: installs what the tests need and runs all of them.
//!
//! A failed step does not stop the next one; the table at the end says what failed and what took how long.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{npm, pages, process, system, venv, workspace};

/// One kind of test, by the name one gives to `cargo xtask test NAME`.
struct Step {
    name: &'static str,
    run: fn(&Path) -> Result<()>,
}

/// In the order of the shortest wait for a complaint. Cargo's steps share one profile and one feature set
/// (always the whole workspace), so nothing is built twice.
const STEPS: [Step; 10] = [
    Step {
        name: "fmt",
        run: fmt,
    },
    // Before anything is compiled, because the server embeds what it makes.
    Step {
        name: "pages",
        run: pages,
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "build",
        run: build,
    },
    Step {
        name: "rust",
        run: rust,
    },
    Step {
        name: "node-agent",
        run: node_agent,
    },
    Step {
        name: "python-agent",
        run: python_agent,
    },
    Step {
        name: "conformance",
        run: conformance,
    },
    Step {
        name: "e2e",
        run: e2e,
    },
    Step {
        name: "browser",
        run: browser,
    },
];

/// The environment in which Python's tests run, and what is in it.
const PYTHON: &str = "agents/conformance/python/.venv";
const PYTHON_PACKAGES: &str = "agents/conformance/python/requirements.txt";

/// What became of a step.
struct Outcome {
    name: &'static str,
    took: Duration,
    error: Option<anyhow::Error>,
}

/// Runs the task.
///
/// # Errors
/// When an argument is wrong, something is missing on the machine, or any step failed.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (flags, names): (Vec<&String>, Vec<&String>) = arguments
        .iter()
        .partition(|argument| argument.starts_with('-'));
    if let Some(flag) = flags.iter().find(|flag| **flag != "--install") {
        bail!("there is no option `{flag}`; there is `--install`");
    }
    let steps = chosen(&names)?;
    system::prepare(!flags.is_empty())?;

    let root = workspace::root();
    let mut outcomes = vec![outcome("packages", || install_packages(&steps))];
    for step in steps {
        outcomes.push(outcome(step.name, || (step.run)(&root)));
    }
    summarise(&outcomes)
}

fn chosen(names: &[&String]) -> Result<Vec<&'static Step>> {
    for name in names {
        if !STEPS.iter().any(|step| step.name == name.as_str()) {
            let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; there are {}", known.join(", "));
        }
    }
    let wanted = |step: &&Step| names.is_empty() || names.iter().any(|name| *name == step.name);
    Ok(STEPS.iter().filter(wanted).collect())
}

fn outcome(name: &'static str, run: impl FnOnce() -> Result<()>) -> Outcome {
    println!("\n=== {name}");
    let start = Instant::now();
    let error = run().err();
    if let Some(error) = &error {
        println!("=== {name} failed: {error:#}");
    }
    Outcome {
        name,
        took: start.elapsed(),
        error,
    }
}

fn summarise(outcomes: &[Outcome]) -> Result<()> {
    println!("\n=== summary");
    for Outcome { name, took, error } in outcomes {
        let word = if error.is_some() { "FAILED" } else { "ok" };
        println!("{word:<7}{:>8.1} s  {name}", took.as_secs_f64());
    }
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|o| o.error.is_some())
        .map(|o| o.name)
        .collect();
    println!(
        "{} steps passed, {} failed",
        outcomes.len() - failed.len(),
        failed.len()
    );
    if failed.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", failed.join(", "))
}

fn install_packages(steps: &[&Step]) -> Result<()> {
    let needs_packages = ["pages", "node-agent", "conformance", "e2e", "browser"];
    if !steps.iter().any(|step| needs_packages.contains(&step.name)) {
        return Ok(());
    }
    npm::install_for_tests()
}

fn fmt(root: &Path) -> Result<()> {
    process::run(&mut process::cargo(&["fmt", "--all", "--check"], root))
}

fn pages(_root: &Path) -> Result<()> {
    pages::build()?;
    pages::check()
}

/// Builds before: the program embeds the pages that it finds, and may be older than they are.
fn browser(root: &Path) -> Result<()> {
    build(root)?;
    pages::in_browser()
}

fn clippy(root: &Path) -> Result<()> {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ];
    process::run(&mut process::cargo(&arguments, root))
}

fn build(root: &Path) -> Result<()> {
    let arguments = ["build", "--workspace", "--bins", "--tests", "--locked"];
    process::run(&mut process::cargo(&arguments, root))
}

/// The end-to-end tests have a step of their own because they need packages of npm.
fn rust(root: &Path) -> Result<()> {
    let arguments = [
        "test",
        "--workspace",
        "--exclude",
        "e2e",
        "--locked",
        "--no-fail-fast",
    ];
    process::run(&mut process::cargo(&arguments, root))
}

fn e2e(root: &Path) -> Result<()> {
    build(root)?;
    venv::install(PYTHON, PYTHON_PACKAGES)?;
    let mut command = process::cargo(&["test", "--workspace", "--test", "e2e", "--locked"], root);
    command.env("FLAKESCOPE_E2E_BINARY", workspace::product("debug")?);
    process::run(&mut command)
}

fn node_agent(root: &Path) -> Result<()> {
    let directory = root.join("agents/node/test");
    let files = test_files(&directory)?;
    // Files are named one by one: what `--test FOLDER` means has changed between versions of Node.
    let mut command = process::command("node", &["--test"], &directory);
    process::run(command.args(files))
}

/// The agent's own tests, then the scenarios, with and without it.
fn python_agent(root: &Path) -> Result<()> {
    let python = venv::install(PYTHON, PYTHON_PACKAGES)?.join("bin/python");
    let python = python.display().to_string();
    let units = ["-B", "-m", "unittest", "discover", "-s", "test"];
    let agent = root.join("agents/python");
    process::run(&mut process::command(&python, &units, &agent))?;
    let scenarios = ["run-python.mjs", "--python", &python];
    let folder = root.join("agents/conformance");
    process::run(&mut process::command("node", &scenarios, &folder))
}

fn test_files(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory)
        .with_context(|| format!("failed to list {}", directory.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.context("failed to list the agent's tests")?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if [".test.js", ".test.cjs", ".test.mjs"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("there is no test in {}", directory.display());
    }
    files.sort();
    Ok(files)
}

/// The judge of the scenarios first, then the scenarios, then a suite that nobody here wrote.
fn conformance(root: &Path) -> Result<()> {
    let folder = root.join("agents/conformance");
    let judge = ["--test", "test/harness.test.mjs"];
    process::run(&mut process::command("node", &judge, &folder))?;
    process::run(&mut process::command("node", &["run.mjs"], &folder))?;
    let suite =
        "public.mjs --name http-proxy-agent --dir node_modules/http-proxy-agent-2 -- test/test.js";
    let suite: Vec<&str> = suite.split(' ').collect();
    process::run(&mut process::command("node", &suite, &folder))
}
