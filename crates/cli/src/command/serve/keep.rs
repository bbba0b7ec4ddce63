//! What comes in by OTLP while the server runs: kept, and explained beside it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, Result};
use recorder::door::{Delivery, Keep};
use recorder::{Keeper, KeeperOptions, Masker};
use store::{Elsewhere, Store};

use crate::command::run::{diagnose, notes::Notes, passes, prepare};
use crate::config::Config;
use crate::os;
use crate::project::Project;
use crate::report::style::Style;

/// Pause between two looks at what is to be explained, and at which roots are lost.
const LOOK: Duration = Duration::from_secs(1);

/// The keeper of a server, and the thread that explains what it keeps.
pub(super) struct Keeping {
    keeper: Arc<Keeper>,
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Keeping {
    /// Begins to keep in a store.
    ///
    /// # Errors
    /// When the rules of masking cannot be made, or the system gives no thread.
    pub(super) fn start(
        store: &Arc<dyn Store>,
        folder: &Path,
        project: &Project,
        config: &Config,
        style: Style,
    ) -> Result<Self> {
        let environment = prepare::readable(std::env::vars_os());
        let mut notes = Notes::new(style);
        let key = prepare::key(&environment, folder, &mut notes)?;
        let masker = Masker::new(&prepare::rules(config, &environment), key)
            .context("make the rules of masking")?;
        let keeper = Arc::new(Keeper::new(KeeperOptions {
            store: Arc::clone(store),
            masker: Arc::new(masker),
            project: config.project.clone(),
            project_root: project.root.clone(),
            peers: config.peers.clone(),
            clock: os::now,
        }));
        let (stop, stopped) = mpsc::channel::<()>();
        let (kept, store) = (Arc::clone(&keeper), Arc::clone(store));
        let thread = thread::Builder::new()
            .name("flakescope-keeper".into())
            .spawn(move || {
                let mut ends = false;
                while !ends {
                    ends = stopped.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout);
                    // What could not be written now is written with what comes next.
                    let _unwritten = kept.settle(ends);
                    explain(&kept, &*store, &mut notes);
                }
            })
            .context("start a thread")?;
        Ok(Self {
            keeper,
            stop,
            thread,
        })
    }

    /// What keeps a delivery.
    pub(super) fn keep(&self) -> Keep {
        let keeper = Arc::clone(&self.keeper);
        Arc::new(move |delivery: Delivery| keeper.keep(delivery))
    }

    /// Explains what is left. Nothing must come in any more.
    pub(super) fn finish(self) {
        drop(self.stop);
        // One that broke has nothing more to say.
        let _broken = self.thread.join();
    }
}

fn explain(keeper: &Keeper, store: &dyn Store, notes: &mut Notes) {
    let told = notes.losses().len();
    for run in keeper.take_changed() {
        diagnose::all(store, run, &Elsewhere::default(), notes);
        passes::all(store, run, &Elsewhere::default(), notes);
    }
    for loss in &notes.losses()[told..] {
        notes.warn(loss, "the recording can be read all the same");
    }
}
