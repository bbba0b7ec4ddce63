//! A run's life cycle: started, tailed, drained, sealed; or found orphaned and recovered.

mod gaps;
mod intake;
mod processes;
mod recovery;
mod served;
mod worker;

#[cfg(test)]
mod proof;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use model::{Exit, Gap, Run, Timestamp};
use store::Store;

pub use recovery::{Recovered, Recovery, recover};
pub use served::{Keeper, KeeperOptions};

use crate::door::Inbox;
use crate::logfile::LogFile;
use crate::mask::Masker;
use crate::spool::{Spool, Ticker};
use worker::Worker;

/// What a session needs.
pub struct SessionOptions {
    /// Where the recording goes.
    pub store: Arc<dyn Store>,
    /// The run's spool.
    pub spool: Spool,
    /// What came in through the door of the run, and comes while it goes on.
    pub inbox: Arc<Inbox>,
    /// The addresses of that door, if it has any. Calls of exporters to them are not part of the recording.
    pub endpoints: Vec<String>,
    /// Log files of services.
    pub log_files: Vec<LogFile>,
    /// The run, as it is known at its start.
    pub run: Run,
    /// How values are masked.
    pub masker: Arc<Masker>,
    /// The project whose tests are run.
    pub project: String,
    /// Files of tests are named relative to this folder.
    pub project_root: PathBuf,
    /// The wall clock.
    pub clock: fn() -> Timestamp,
}

/// How far a run is. Attempts that the runner tries again count nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Tests that were left out.
    pub skipped: u64,
    /// Tests that have started and not ended.
    pub running: u64,
    /// Outgoing calls.
    pub exchanges: u64,
    /// Spans, each counted once.
    pub spans: u64,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The run as it was sealed.
    pub run: Run,
    /// Spans, each counted once.
    pub spans: u64,
    /// Outgoing calls, each counted once.
    pub exchanges: u64,
    /// What is known to be missing; equal ones added up.
    pub gaps: Vec<Gap>,
    /// Processes (and threads with an agent of their own) that reported.
    pub processes: usize,
    /// Attempts of tests; fixtures are not counted.
    pub attempts: usize,
    /// What went wrong in recording, for people. Empty as a rule.
    pub problems: Vec<String>,
}

/// Why a session could not begin.
#[derive(Debug, thiserror::Error)]
#[error("start the recorder: {0}")]
pub struct StartError(std::io::Error);

/// The recording of one run, going on in a thread of its own.
pub struct Session {
    ticker: Arc<Ticker>,
    progress: Arc<Mutex<Progress>>,
    thread: JoinHandle<Worker>,
    /// The run as it began, for the case that the thread is lost.
    run: Run,
}

impl Session {
    /// Writes the run to the store and begins to follow its spool.
    ///
    /// # Errors
    /// When the system gives no thread. A store that fails is a problem in the [`Summary`], not an error.
    pub fn start(options: SessionOptions) -> Result<Self, StartError> {
        let ticker = Arc::new(Ticker::default());
        let progress = Arc::new(Mutex::new(Progress::default()));
        let run = options.run.clone();
        let worker = Worker::new(options);
        let (ticks, shared) = (Arc::clone(&ticker), Arc::clone(&progress));
        let thread = thread::Builder::new()
            .name("flakescope-recorder".into())
            .spawn(move || worker.follow(&ticks, &shared))
            .map_err(StartError)?;
        Ok(Self {
            ticker,
            progress,
            thread,
            run,
        })
    }

    /// How far the run is, as of the last look.
    #[must_use]
    pub fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is left, seals the run and removes the spool. `exit`: how the command ended, if it was started; one
    /// that says so ([`Exit::is_interruption`]) makes the run an interrupted one. When the recorder itself broke, the
    /// summary says so and the spool is left for [`recover`].
    #[must_use]
    pub fn finish(self, exit: Option<Exit>) -> Summary {
        let interrupted = exit.is_some_and(Exit::is_interruption);
        self.seal(exit, interrupted)
    }

    /// Like [`Session::finish`], for a command that was asked to end before it was done, whatever it exits with: many
    /// runners take the signal and end with a code of their own.
    #[must_use]
    pub fn finish_interrupted(self, exit: Option<Exit>) -> Summary {
        self.seal(exit, true)
    }

    fn seal(self, exit: Option<Exit>, interrupted: bool) -> Summary {
        self.ticker.finish();
        let progress = self.progress();
        match self.thread.join() {
            Ok(worker) => worker.seal(exit, interrupted),
            Err(_) => Summary {
                run: self.run,
                spans: progress.spans,
                exchanges: progress.exchanges,
                gaps: Vec::new(),
                processes: 0,
                attempts: 0,
                problems: vec![
                    "the recorder broke; what was spooled is taken in at the next run".into(),
                ],
            },
        }
    }
}
