//! Tries the agents out: runs the project's own interpreter under `flakescope run`, with a store that is thrown away, and
//! looks whether the agent reported. So whatever would keep it from loading here is met here.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use model::GapKind;
use store::{Process, RunQuery, StoreError};

use super::checkup::Agent;
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

const TRIALS: &[Trial] = &[
    Trial {
        language: "node",
        program: "node",
        version: &["--version"],
        idle: &["-e", "0"],
    },
    Trial {
        language: "python",
        program: "python3",
        version: &["--version"],
        idle: &["-c", "0"],
    },
];

/// Tries each agent whose interpreter is there, from the folder `root` with our own environment.
pub(super) fn try_out(root: &Path) -> Vec<Agent> {
    TRIALS
        .iter()
        .map(|trial| {
            let mut asked = Command::new(trial.program);
            asked.args(trial.version).current_dir(root);
            let interpreter = os::output_within(asked, PATIENCE);
            let interpreter = interpreter.map(|text| text.trim().to_owned());
            let outcome = match interpreter {
                Some(_) => outcome(trial, root),
                None => Outcome::default(),
            };
            Agent {
                language: trial.language,
                interpreter,
                reports: outcome.reports,
                failed_part: outcome.failed_part,
            }
        })
        .collect()
}

/// What became of a trial. Whatever fails on the way means that the agent did not report.
#[derive(Default)]
struct Outcome {
    reports: bool,
    failed_part: Option<String>,
}

/// Runs the idle program.
fn outcome(trial: &Trial, root: &Path) -> Outcome {
    let folder = tempfile::Builder::new()
        .prefix("flakescope-doctor-")
        .tempdir();
    let (Ok(folder), Ok(ourselves)) = (folder, std::env::current_exe()) else {
        return Outcome::default();
    };
    let mut run = Command::new(ourselves);
    run.args(["run", "--no-report", "--store"])
        .arg(folder.path())
        .arg("--")
        .arg(trial.program)
        .args(trial.idle)
        .current_dir(root)
        .stdin(Stdio::null());
    match os::output_within(run, PATIENCE) {
        Some(_) => recorded(folder.path(), trial.language).unwrap_or_default(),
        None => Outcome::default(),
    }
}

fn recorded(store: &Path, language: &str) -> Result<Outcome, StoreError> {
    let store = store::open_existing(store)?;
    let mut outcome = Outcome::default();
    for run in store.runs(&RunQuery::default())? {
        let processes = store.processes(run.id)?;
        let ours = |process: &Process| process.agent.split(' ').next() == Some(language);
        outcome.reports |= processes.iter().any(ours);
        let gaps = store.gaps(run.id)?;
        let failed = gaps.into_iter().find(|gap| gap.kind == GapKind::AgentError);
        outcome.failed_part = failed.map(|gap| gap.detail.unwrap_or_default());
    }
    Ok(outcome)
}
