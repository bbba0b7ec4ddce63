//! Tries the agents out: runs the project's own interpreter under `flakescope run`, with a store that is thrown away, and
//! looks whether the agent reported. So whatever would keep it from loading here is met here.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use store::RunQuery;

use super::checkup::{Agent, Runner};
use crate::os;

/// How long an interpreter may take to start and end under `run`.
const PATIENCE: Duration = Duration::from_secs(30);

/// An agent, and a program that does nothing and loads it.
struct Trial {
    language: &'static str,
    program: &'static str,
    version: &'static [&'static str],
    idle: &'static [&'static str],
}

const TRIALS: &[Trial] = &[Trial {
    language: "node",
    program: "node",
    version: &["--version"],
    idle: &["-e", "0"],
}];

/// Tries each agent whose interpreter is there, from the folder `root` with our own environment.
pub(super) fn try_out(root: &Path, _runners: &[Runner]) -> Vec<Agent> {
    TRIALS
        .iter()
        .map(|trial| {
            let mut asked = Command::new(trial.program);
            asked.args(trial.version).current_dir(root);
            let interpreter = os::output_within(asked, PATIENCE);
            let interpreter = interpreter.map(|text| text.trim().to_owned());
            Agent {
                language: trial.language,
                reports: interpreter.is_some() && reports(trial, root),
                interpreter,
            }
        })
        .collect()
}

/// Whether the agent reported from an idle program. Whatever fails on the way means that it did not.
fn reports(trial: &Trial, root: &Path) -> bool {
    let Ok(folder) = tempfile::Builder::new()
        .prefix("flakescope-doctor-")
        .tempdir()
    else {
        return false;
    };
    let Ok(ourselves) = std::env::current_exe() else {
        return false;
    };
    let mut run = Command::new(ourselves);
    run.args(["run", "--no-report", "--store"])
        .arg(folder.path())
        .arg("--")
        .arg(trial.program)
        .args(trial.idle)
        .current_dir(root)
        .stdin(Stdio::null());
    os::output_within(run, PATIENCE).is_some() && reported(folder.path(), trial.language)
}

fn reported(store: &Path, language: &str) -> bool {
    let Ok(store) = store::open_existing(store) else {
        return false;
    };
    let runs = store.runs(&RunQuery::default()).unwrap_or_default();
    let processes = runs
        .iter()
        .flat_map(|run| store.processes(run.id).unwrap_or_default());
    processes
        .into_iter()
        .any(|process| process.agent.split(' ').next() == Some(language))
}
