//! A suite to measure, and the ways to run it: plain, under Flakescope, and under other agents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::measure::Variant;

/// Variables by which agents of any kind come into a process.
const DOORS: [&str; 4] = [
    "NODE_OPTIONS",
    "PYTHONPATH",
    "PYTEST_ADDOPTS",
    "AUTOWRAPT_BOOTSTRAP",
];

/// A test command, where it runs, and what it calls.
#[derive(Debug, Clone)]
pub(crate) struct Suite {
    /// The program and its arguments.
    pub(crate) words: Vec<String>,
    /// The working directory.
    pub(crate) folder: PathBuf,
    /// Address of the service that its tests call.
    pub(crate) service: String,
}

impl Suite {
    /// A suite of these words.
    pub(crate) fn new(words: &[&str], folder: &Path, service: &str) -> Rc<Self> {
        Rc::new(Self {
            words: words.iter().map(|&word| word.to_owned()).collect(),
            folder: folder.to_owned(),
            service: service.to_owned(),
        })
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(&self.folder);
        command.env("BENCH_SERVICE", &self.service);
        for door in DOORS {
            command.env_remove(door);
        }
    }

    /// The command, with `words` in front of it.
    fn behind(&self, words: &[String]) -> Command {
        let mut all = words.iter().chain(&self.words);
        let mut command = Command::new(all.next().map_or("", String::as_str));
        command.args(all);
        self.prepare(&mut command);
        command
    }
}

/// The suite as it is.
pub(crate) fn plain(suite: &Rc<Suite>) -> Variant {
    other(suite, "plain", Vec::new(), Vec::new())
}

/// All that a user pays for: agent, recorder, store and report.
///
/// # Errors
/// When there is no room for a store.
pub(crate) fn whole(suite: &Rc<Suite>, product: &Path) -> Result<Variant> {
    let (suite, product) = (Rc::clone(suite), product.to_owned());
    let store: TempDir = tempfile::tempdir().context("failed to make a folder for the store")?;
    let command = move || {
        let mut command = Command::new(&product);
        command.args(["run", "--store"]).arg(store.path()).arg("--");
        command.args(&suite.words);
        suite.prepare(&mut command);
        Ok(command)
    };
    Ok(Variant {
        name: "flakescope run, recorder included",
        command: Box::new(command),
    })
}

/// The agent with a spool that nobody reads; `door` is the variable by which it comes in.
///
/// # Errors
/// When there is no room for spools.
pub(crate) fn agent_alone(suite: &Rc<Suite>, door: (&'static str, String)) -> Result<Variant> {
    let suite = Rc::clone(suite);
    let spools = tempfile::tempdir().context("failed to make a folder for spools")?;
    let round = std::cell::Cell::new(0);
    let command = move || {
        round.set(round.get() + 1);
        let spool = spools.path().join(round.get().to_string());
        make_spool(&spool)?;
        let mut command = suite.behind(&[]);
        command.env(door.0, &door.1).env("FLAKESCOPE_SPOOL", spool);
        Ok(command)
    };
    Ok(Variant {
        name: "Flakescope, agent alone",
        command: Box::new(command),
    })
}

fn make_spool(folder: &Path) -> Result<()> {
    const RUN: &str = r#"{"protocol":1,"run_id":"00000000000000000000000000000001","store":"/","project_root":"/",
        "key_id":"0000","spool_cap_bytes":1073741824,"segment_bytes":4194304,
        "capture":{"body_bytes":262144,"attempt_bytes":16777216,"console":true,"propagate":"auto"},"declared_hosts":[]}"#;
    fs::create_dir(folder).context("failed to make a spool")?;
    fs::write(folder.join("run.json"), RUN).context("failed to make a spool")?;
    fs::write(folder.join("key"), "0".repeat(64)).context("failed to make a spool")
}

/// Another agent: `words` in front of the command, and variables.
pub(crate) fn other(
    suite: &Rc<Suite>,
    name: &'static str,
    words: Vec<String>,
    variables: Vec<(&'static str, String)>,
) -> Variant {
    let suite = Rc::clone(suite);
    let command = move || {
        let mut command = suite.behind(&words);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        Ok(command)
    };
    Variant {
        name,
        command: Box::new(command),
    }
}
