//! Signals while a command runs: each reaches the command once, none ends the recorder before the command.
//!
//! What a terminal sends (Ctrl-C, Ctrl-\, hang-up) goes to the whole process group, so the command has it already. What
//! a process sends to us it means for the command, and is handed on. A signal that was ignored when we were started
//! (`nohup`, a background job of a script) stays ignored, because the command inherits that.

use std::io;
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::Exit;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

use super::process::{exit_of, leave_as};

const RELAYED: &[i32] = &[SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];

/// A signal that arrives so soon after the command's end is the one that ended it; a later one means us.
const SAME_MOMENT: Duration = Duration::from_millis(250);

/// Takes the signals of this process from its making until the process ends.
pub(crate) struct Relay {
    target: Arc<Mutex<Target>>,
    asked_to_stop: Arc<AtomicBool>,
}

/// Whom a signal is for.
enum Target {
    /// The command does not run yet; it gets these when it does.
    Waiting(Vec<i32>),
    /// The command runs.
    Running(Pid),
    /// It has ended.
    Ended(Exit, Instant),
}

impl Relay {
    /// Begins to take signals. Must be called before the command starts, or a signal in between ends the recorder alone.
    ///
    /// # Errors
    /// When the system lets us not take them.
    pub(crate) fn start() -> io::Result<Self> {
        let ignored = ignored_signals();
        let taken = RELAYED
            .iter()
            .filter(|signal| ignored >> (**signal - 1) & 1 == 0);
        if ignored >> (SIGCHLD - 1) & 1 == 1 {
            // Whoever ignores it never learns how a child ended. A handler of any kind ends that.
            signal_hook::flag::register(SIGCHLD, Arc::default())?;
        }
        let mut signals = SignalsInfo::<WithOrigin>::new(taken)?;
        let target = Arc::new(Mutex::new(Target::Waiting(Vec::new())));
        let shared = Arc::clone(&target);
        let asked_to_stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&asked_to_stop);
        std::thread::Builder::new()
            .name("signals".into())
            .spawn(move || {
                signals.forever().for_each(|origin| {
                    let runs = !matches!(*lock(&shared), Target::Ended(..));
                    asked.fetch_or(runs && is_request_to_stop(origin.signal), Ordering::Relaxed);
                    handle(&shared, &origin);
                })
            })?;
        Ok(Self {
            target,
            asked_to_stop,
        })
    }

    /// From now on signals are handed on to the command. It also gets those that came before it was there.
    pub(crate) fn attach(&self, child: &Child) {
        let pid = Pid::from_child(child);
        let mut target = lock(&self.target);
        if let Target::Waiting(early) = std::mem::replace(&mut *target, Target::Running(pid)) {
            early.into_iter().for_each(|signal| send(pid, signal));
        }
    }

    /// Whether somebody asked the command to stop while it ran. What it exits with need not say so.
    pub(crate) fn asked_to_stop(&self) -> bool {
        self.asked_to_stop.load(Ordering::Relaxed)
    }

    /// Waits for the command.
    ///
    /// # Errors
    /// When the system cannot tell how it ended.
    pub(crate) fn wait(&self, child: &mut Child) -> io::Result<Exit> {
        let pid = Pid::from_child(child);
        // The process is looked at and left as it is until nobody can send to its id any more: reaped first, the id
        // might be another process's by then.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Err(error) = rustix::process::waitid(WaitId::Pid(pid), options) {
            if error != rustix::io::Errno::INTR {
                break;
            }
        }
        let mut target = lock(&self.target);
        let exit = exit_of(child.wait()?);
        *target = Target::Ended(exit, Instant::now());
        Ok(exit)
    }
}

fn handle(target: &Mutex<Target>, origin: &Origin) {
    let by_process = matches!(origin.cause, Cause::Sent(_));
    match &mut *lock(target) {
        Target::Waiting(early) => early.push(origin.signal),
        Target::Running(pid) if by_process => send(*pid, origin.signal),
        Target::Running(_) => {}
        // Somebody wants us to stop while we drain. Nothing is lost: the next run takes in what is still spooled.
        Target::Ended(exit, at)
            if is_request_to_stop(origin.signal) && at.elapsed() > SAME_MOMENT =>
        {
            leave_as(*exit)
        }
        Target::Ended(..) => {}
    }
}

fn is_request_to_stop(signal: i32) -> bool {
    !matches!(signal, SIGUSR1 | SIGUSR2)
}

/// Fails only when the process has ended, and then there is nobody to tell.
fn send(pid: Pid, signal: i32) {
    if let Some(signal) = Signal::from_named_raw(signal) {
        let _ended = rustix::process::kill_process(pid, signal);
    }
}

fn lock(target: &Mutex<Target>) -> MutexGuard<'_, Target> {
    target.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Signals that this process ignores, as a bit set, signal 1 lowest. None if the system does not say.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}
