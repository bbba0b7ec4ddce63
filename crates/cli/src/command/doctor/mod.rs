//! `flakescope doctor`: what will be recorded of this project's tests, what was in the last run, and what to do.
//!
//! Each step gathers facts into a [`Checkup`] and concludes nothing; [`advice`] reads them all and says what to do.

mod advice;
mod agents;
mod checkup;
mod last_run;
mod manifest;
mod support;

use std::path::Path;

use anyhow::Context as _;

use crate::args::DoctorArgs;
use crate::command::open_store_in;
use crate::config;
use crate::exit::{self, Ending, Failure};
use crate::os;
use crate::project::Project;
use crate::report::json;
use crate::report::style::ColorChoice;
use crate::talk::{self, Output};
use crate::view;

pub(crate) use checkup::{Advice, Agent, Checkup, Counted, LastRun, Place, Runner, Weight};
pub(crate) use support::Extent;

/// Examines the project in the working directory and prints what it found on stdout. Ends with 1 when something stands in
/// the way of recording.
///
/// # Errors
/// When the working directory cannot be read, or stdout cannot be written to. A store or settings that cannot be read
/// are findings.
pub(crate) fn run(args: &DoctorArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let checkup = examine(args)?;
    let mut out = Vec::new();
    if args.json {
        json::to_writer(&checkup, &mut out)?;
    } else {
        view::doctor(&checkup, &talk::style(Output::Stdout, color), &mut out)?;
    }
    super::print(&out)?;
    let obstacle = |advice: &Advice| advice.weight == Weight::Obstacle;
    match checkup.advice.iter().any(obstacle) {
        true => Ok(Ending::As(model::Exit::Code(i32::from(exit::FAILED)))),
        false => Ok(Ending::Done),
    }
}

fn examine(args: &DoctorArgs) -> Result<Checkup, Failure> {
    let cwd = std::env::current_dir().context("read the working directory")?;
    let project = Project::locate(&cwd, args.place.config.as_deref());
    let (_, mistakes) = config::load(project.config.as_deref());
    let packages = manifest::read(&project.root, &cwd);
    let runners = support::runners(&packages);
    let mut checkup = Checkup {
        schema: checkup::SCHEMA,
        place: Place {
            root: shown(&project.root),
            settings: project.config.as_deref().map(shown),
            mistakes: mistakes.map(|mistakes| mistakes.to_string()),
            store: shown(&project.store(&cwd, args.place.store.as_deref())),
        },
        agents: agents::try_out(&project.root),
        clients: support::clients(&packages),
        runners,
        last_run: None,
        store_problem: None,
        advice: Vec::new(),
    };
    if Path::new(&checkup.place.store).exists() {
        match open_store_in(&args.place) {
            Ok((_, store)) => checkup.last_run = last_run::read(&*store)?,
            // Wrong settings are told of already.
            Err(failure) if checkup.place.mistakes.is_none() => {
                checkup.store_problem = Some(failure.to_string());
            }
            Err(_) => {}
        }
    }
    if let Err(error) = os::writable(Path::new(&checkup.place.store)) {
        let problem = format!(
            "The store's folder cannot be written to: {error}. A run is then reported and not kept, unless `--store` or FLAKESCOPE_STORE names another."
        );
        checkup.store_problem.get_or_insert(problem);
    }
    checkup.advice = advice::give(&checkup);
    Ok(checkup)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
