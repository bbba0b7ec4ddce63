//! Takes in what the recorders of earlier runs had to leave when they were killed, and explains it: while a command runs, so
//! that nobody waits for it, and before anybody reads.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use model::RunState;
use recorder::{Masker, Recovery};
use store::{Elsewhere, RunQuery, Store};

use super::notes::Notes;
use super::prepare::{self, Prepared};
use super::{diagnose, passes, spool};
use crate::config::Config;
use crate::os;
use crate::project::Project;
use crate::report::style::ColorChoice;
use crate::tags::GitFacts;
use crate::talk::{self, Output};

/// Runs looked at for one that is not over, the newest ones. An older one is taken in by the next run.
const LOOKED_AT: usize = 20;

/// Beside a command that runs.
pub(super) fn during_a_run(prepared: &Prepared, project: &str, notes: &mut Notes) {
    let store = Arc::clone(&prepared.store) as Arc<dyn Store>;
    let recovery = Recovery {
        store: &store,
        store_dir: &prepared.store_dir,
        spool_bases: &spool::folders(),
        masker: &prepared.masker,
        project,
        clock: os::now,
    };
    take_in(&recovery, notes);
}

/// Before the store is read, so that a killed run is not taken for one that goes on. Costs one query when all runs are
/// over. When it cannot be done the store can be read all the same, and the user hears why.
pub(crate) fn before_reading(
    store: &Arc<dyn Store>,
    store_dir: &Path,
    project: &Project,
    config: &Config,
) {
    let query = RunQuery {
        limit: Some(LOOKED_AT),
        ..RunQuery::default()
    };
    let goes_on = |run: &model::Run| run.state == RunState::Recording;
    let runs = store.runs(&query).unwrap_or_default();
    if !runs.iter().any(goes_on) {
        return;
    }
    let mut notes = Notes::new(talk::style(Output::Stderr, ColorChoice::Auto));
    if let Err(error) = take_in_with(store, store_dir, project, config, &mut notes) {
        notes.lose(format!("{error:#}"));
    }
    for loss in notes.losses() {
        notes.warn(
            loss,
            "a run whose recorder was killed may not be shown whole",
        );
    }
}

fn take_in_with(
    store: &Arc<dyn Store>,
    store_dir: &Path,
    project: &Project,
    config: &Config,
    notes: &mut Notes,
) -> Result<()> {
    let environment = prepare::readable(std::env::vars_os());
    let key = prepare::key(&environment, store_dir, notes)?;
    let masker = Arc::new(Masker::new(&prepare::rules(config, &environment), key)?);
    let name = config.project.clone().unwrap_or_else(|| {
        let git = GitFacts::gather(&project.root);
        project.default_name(git.repository_url().as_deref())
    });
    let recovery = Recovery {
        store,
        store_dir,
        spool_bases: &spool::folders(),
        masker: &masker,
        project: &name,
        clock: os::now,
    };
    take_in(&recovery, notes);
    Ok(())
}

fn take_in(recovery: &Recovery<'_>, notes: &mut Notes) {
    for recovered in recorder::recover(recovery) {
        let (store, run) = (&**recovery.store, recovered.run_id);
        diagnose::all(store, run, &Elsewhere::default(), notes);
        passes::all(store, run, &Elsewhere::default(), notes);
    }
}
