//! The thread of a session: looks at the spool, hands batches to the store, and at the end seals the run.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::{Exit, GapKind, Listener, Run, RunState, SpanId, Timestamp, TraceId};
use store::{BatchId, Store};

use super::intake::Intake;
use super::{Progress, SessionOptions, Summary};
use crate::door::{Delivery, Inbox};
use crate::logfile::LogFile;
use crate::spool::{Spool, Tail, Ticker};

/// Pause between two looks while lines come in.
const BUSY: Duration = Duration::from_millis(25);
/// Pause between two looks while nothing happens.
const IDLE: Duration = Duration::from_millis(100);
/// What was read waits in memory, and in the spool for the case that the recorder dies, for so many looks or until it is
/// so much: what a run shows to be secret in that time is masked in all of it.
const HELD_LOOKS: u32 = 20;
const HELD_BYTES: u64 = Tail::TICK_BYTES;
/// Processes that still run when the command has exited get so long to end by themselves, looked at step by step.
/// What they write afterwards is not part of the run.
const GRACE_STEPS: u32 = 25;
const GRACE_STEP: Duration = Duration::from_millis(10);

/// All that the thread works with.
pub(super) struct Worker {
    store: Arc<dyn Store>,
    spool: Spool,
    tail: Tail,
    inbox: Arc<Inbox>,
    log_files: Vec<LogFile>,
    intake: Intake,
    run: Run,
    clock: fn() -> Timestamp,
    problems: Vec<String>,
    told_gone: bool,
    /// What was read and is not yet written: bytes, and looks since the first of them.
    held: (u64, u32),
    /// Server sockets that an earlier recorder of this run has stored.
    known_listeners: Vec<Listener>,
}

impl Worker {
    pub(super) fn new(options: SessionOptions) -> Self {
        let tail = Tail::new(options.spool.dir().to_owned());
        let root = absolute(options.project_root);
        let run_id = options.run.id;
        let mut intake = Intake::new(run_id, options.project, root, &options.masker);
        intake.leave_out(options.endpoints);
        let mut worker = Self {
            intake,
            inbox: options.inbox,
            log_files: options.log_files,
            store: options.store,
            spool: options.spool,
            tail,
            run: options.run,
            clock: options.clock,
            problems: Vec::new(),
            told_gone: false,
            held: (0, 0),
            known_listeners: Vec::new(),
        };
        worker.put_run();
        worker
    }

    /// Follows the spool until the ticker is finished.
    pub(super) fn follow(mut self, ticker: &Ticker, progress: &Mutex<Progress>) -> Self {
        let mut pause = Duration::ZERO;
        while !ticker.wait(pause) {
            let read = self.look();
            if self.held.0 >= HELD_BYTES || self.held.1 >= HELD_LOOKS {
                self.write();
            }
            if read > 0 {
                let now = self.intake.progress();
                *progress.lock().unwrap_or_else(PoisonError::into_inner) = now;
            }
            pause = match read {
                0 => IDLE,
                read if read >= Tail::TICK_BYTES => Duration::ZERO,
                _ => BUSY,
            };
        }
        self
    }

    /// Takes in what is left and seals the run. `interrupted`: somebody ended the command before it was done.
    pub(super) fn seal(mut self, exit: Option<Exit>, interrupted: bool) -> Summary {
        self.drain();
        self.run.exit = exit;
        let state = if interrupted {
            RunState::Interrupted
        } else {
            RunState::Sealed
        };
        let now = (self.clock)();
        self.close(state, now)
    }

    /// Takes in what a dead recorder left behind. The run was over with its last record, however much later this is.
    pub(super) fn recover(mut self) -> Summary {
        self.known_listeners = self.store.listeners(self.run.id).unwrap_or_default();
        self.drain();
        let ended = self.intake.latest().max(self.run.started);
        self.close(RunState::Recovered, ended)
    }

    fn close(mut self, state: RunState, ended: Timestamp) -> Summary {
        let unclosed = self.tail.unclosed();
        let store = Arc::clone(&self.store);
        let stored = |trace: TraceId, span: SpanId| {
            let chunks = store.chunks(trace).unwrap_or_default();
            chunks
                .iter()
                .flat_map(|chunk| &chunk.spans)
                .any(|known| known.span_id == span)
        };
        self.intake.close(&unclosed, &stored);
        self.flush();
        self.adopt();
        self.run.tags.extend(self.intake.run_tags());
        self.run.state = state;
        self.run.ended = Some(ended);
        self.put_run();
        let progress = self.intake.progress();
        let summary = Summary {
            spans: progress.spans,
            exchanges: progress.exchanges,
            gaps: self.intake.gaps.total(self.run.id),
            processes: self.intake.processes(),
            attempts: self.intake.attempts(),
            problems: self.problems,
            run: self.run,
        };
        match self.spool.remove() {
            Ok(()) => summary,
            Err(error) => Summary {
                problems: [summary.problems, vec![format!("remove the spool: {error}")]].concat(),
                ..summary
            },
        }
    }

    /// Reads what was written until now. Processes that still run get a moment to end by themselves: a worker that was
    /// told to stop writes its last lines after the command is gone.
    fn drain(&mut self) {
        self.catch_up();
        let pause = Ticker::default();
        for _ in 0..GRACE_STEPS {
            if !self.tail.any_process_alive() {
                break;
            }
            pause.wait(GRACE_STEP);
            self.catch_up();
        }
        // Once more after the last process was seen gone: it may have written in between.
        self.catch_up();
        self.read_log_files(true);
    }

    /// Reads all that is there now, but does not run after a process that goes on writing.
    fn catch_up(&mut self) {
        let mut left = self.step().saturating_add(self.tail.backlog());
        while left > 0 {
            match self.step() {
                0 => break,
                read => left = left.saturating_sub(read),
            }
        }
    }

    /// One look, and all that was read is written. Returns how many bytes were read.
    pub(super) fn step(&mut self) -> u64 {
        let read = self.look();
        self.write();
        read
    }

    /// One look: reads what is there. Returns how many bytes that is.
    fn look(&mut self) -> u64 {
        let intake = &mut self.intake;
        let read = self.tail.poll(&mut |name, line| intake.line(name, line));
        if self.tail.is_gone() && !self.told_gone {
            self.told_gone = true;
            self.intake.gaps.run(GapKind::SpoolGone, 1, None);
            self.problems.push("the spool folder was removed while the tests ran; what they did afterwards is not recorded".into());
        }
        let read = read
            .saturating_add(self.receive())
            .saturating_add(self.read_log_files(false));
        self.held.0 += read;
        self.held.1 += u32::from(self.held.0 > 0);
        read
    }

    /// Takes in what came through the door. Returns how many bytes that was.
    fn receive(&mut self) -> u64 {
        let mut bytes = 0_u64;
        for delivery in self.inbox.take() {
            // One that only tells of losses is news too.
            bytes = bytes.saturating_add(delivery.bytes.max(1) as u64);
            self.intake.delivery(delivery);
        }
        bytes
    }

    /// Reads what services wrote into their log files. Returns how many bytes that was.
    fn read_log_files(&mut self, ends: bool) -> u64 {
        let mut bytes = 0_u64;
        let now = (self.clock)();
        for file in &mut self.log_files {
            let found = file.look(now, ends);
            bytes = bytes.saturating_add(found.bytes);
            let detail = Some("log files".into());
            self.intake.gaps.run(GapKind::LogCut, found.cut, detail);
            self.intake.delivery(Delivery {
                logs: found.logs,
                ..Delivery::default()
            });
        }
        bytes
    }

    /// Writes a batch of what was read, and lets go of what is safe then.
    fn write(&mut self) {
        self.flush();
        if std::mem::take(&mut self.held).0 > 0 {
            self.tail.stored();
        }
    }

    /// Hands the batch of this look to the store. A batch that fails is tried once more, under the same id.
    fn flush(&mut self) {
        let Some(mut batch) = self.intake.take_batch(batch_id()) else {
            return;
        };
        let place =
            |listener: &Listener| (listener.pid, listener.port, listener.time, listener.open);
        let is_new = |listener: &Listener| {
            let mut known = self.known_listeners.iter();
            !known.any(|known| place(known) == place(listener))
        };
        batch.listeners.retain(is_new);
        let written = self
            .store
            .append(&batch)
            .or_else(|_| self.store.append(&batch));
        match written {
            Ok(()) => self.adopt(),
            Err(error) => {
                self.intake.give_back(batch);
                self.problem(error.to_string());
            }
        }
    }

    /// Brings to their tests what is stored without them. What fails is tried again at the next look.
    fn adopt(&mut self) {
        if let Err(error) = self.intake.adopt(&*self.store) {
            self.problem(error.to_string());
        }
    }

    fn put_run(&mut self) {
        if let Err(error) = self.store.put_run(&self.run) {
            self.problem(error.to_string());
        }
    }

    /// Each problem is told once, however often it comes up.
    fn problem(&mut self, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// Drawn at random, since nothing but a repetition of the very same batch may count as one. Without random numbers the
/// time and the address of a local are as good: the id only has to differ within a run.
pub(super) fn batch_id() -> BatchId {
    let mut id = [0; 16];
    if getrandom::fill(&mut id).is_err() {
        use std::hash::{BuildHasher, RandomState};
        id[..8].copy_from_slice(&RandomState::new().hash_one(0).to_le_bytes());
        id[8..].copy_from_slice(&RandomState::new().hash_one(1).to_le_bytes());
    }
    BatchId(id)
}

/// With links resolved, as runtimes report the files that they load.
fn absolute(root: PathBuf) -> PathBuf {
    root.canonicalize().unwrap_or(root)
}
