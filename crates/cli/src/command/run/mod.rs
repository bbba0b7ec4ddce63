//! `flakescope run`: runs a test command and records it. One file per step, in this order.
//!
//! The rule of all steps: recording never changes a test's result. A step that fails notes what is lost by that
//! ([`notes::Notes`]) and the command runs on; only a command that cannot be started is a [`Failure`]. A bug that panics
//! is a loss like any other.

mod agents;
mod child;
pub(crate) mod diagnose;
mod door;
mod drain;
pub(crate) mod notes;
pub(crate) mod passes;
pub(crate) mod prepare;
pub(crate) mod recover;
mod report;
mod spool;

use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::Command;

use model::Exit;
use recorder::LogFile;
use store::Store;

use self::drain::{End, Recording, WaysIn};
use self::notes::Notes;
use self::prepare::Prepared;
use crate::args::RunArgs;
use crate::evidence;
use crate::exit::{Ending, Failure};
use crate::os::{self, Relay};
use crate::report::style::ColorChoice;
use crate::talk::{self, Output};

/// Runs the command and ends as it ends.
///
/// # Errors
/// When the command cannot be started.
pub(crate) fn run(args: &RunArgs, color: ColorChoice) -> Result<Ending, Failure> {
    if std::env::var_os("FLAKESCOPE_DISABLE").is_some_and(|value| value == "1") {
        return Err(become_command(args));
    }
    let mut notes = Notes::new(talk::style(Output::Stderr, color));
    let ready = match guarded(|| set_up(args, &mut notes)) {
        Ok(Ok(ready)) => ready,
        Ok(Err(error)) => return Err(unrecorded(args, &notes, &format!("{error:#}"))),
        Err(bug) => return Err(unrecorded(args, &notes, &bug)),
    };
    record(args, ready, notes).map(Ending::As)
}

/// All that there is when the command can start.
struct Ready {
    prepared: Prepared,
    ways_in: Option<WaysIn>,
    command: Command,
    relay: Relay,
}

fn set_up(args: &RunArgs, notes: &mut Notes) -> anyhow::Result<Ready> {
    let relay = Relay::start()?;
    let prepared = prepare::prepare(args, notes)?;
    // Without the one the other is of no use.
    let agents = agents::unpack(notes);
    let spool = agents.as_ref().and_then(|_| spool::make(&prepared, notes));
    let otlp = args.otlp.or(prepared.config.capture.otlp);
    // What comes in has its place beside what agents write.
    let door = spool
        .as_ref()
        .and_then(|_| door::bind(otlp, &prepared.environment, notes));
    let mut command = match (&spool, &agents) {
        (Some(spool), Some(agents)) => {
            if child::is_confined(&args.command) {
                notes.lose(
                    "Node is not recorded: its permission model keeps the agent from its files",
                );
            }
            child::recorded(&args.command, prepared.run_id, spool.dir(), agents)
        }
        _ => child::plain(&args.command),
    };
    if let Some(door) = &door {
        door::hand_on(door, &prepared.environment, &mut command);
    }
    if spool.is_some() {
        report::announce(args, &prepared, notes);
    }
    let follow = |(name, path): &(String, _)| LogFile::follow(name, PathBuf::clone(path));
    let ways_in = spool.map(|spool| WaysIn {
        spool,
        door,
        // What the files hold by now is of before the command.
        log_files: args.logs.iter().map(follow).collect(),
    });
    Ok(Ready {
        prepared,
        ways_in,
        command,
        relay,
    })
}

fn record(args: &RunArgs, ready: Ready, mut notes: Notes) -> Result<Exit, Failure> {
    let Ready {
        mut prepared,
        ways_in,
        mut command,
        relay,
    } = ready;
    let mut child = match os::spawn(&mut command) {
        Ok(child) => child,
        Err(error) => {
            ways_in
                .into_iter()
                .for_each(|ways_in| spool::discard(ways_in.spool));
            return Err(child::not_started(&args.command, &error));
        }
    };
    relay.attach(&child);
    let recording = guarded(|| {
        let recording = drain::start(args, &mut prepared, ways_in, &mut notes);
        recover::during_a_run(&prepared, &recording.run.project, &mut notes);
        recording
    });
    let exit = relay.wait(&mut child)?;
    let end = End {
        exit,
        asked_to_stop: relay.asked_to_stop(),
    };
    let told = recording
        .and_then(|recording| guarded(|| tell(args, &prepared, recording, end, &mut notes)));
    if let Err(bug) = told {
        notes.warn(&bug, "the tests were not affected by it");
    }
    Ok(exit)
}

/// Everything that comes after the command: takes in what is left, finds out why tests failed, and reports it.
fn tell(args: &RunArgs, prepared: &Prepared, recording: Recording, end: End, notes: &mut Notes) {
    let store: &dyn Store = &*prepared.store;
    let run = drain::finish(recording, end, store, notes);
    let (elsewhere, unread) = evidence::baselines(&args.baselines);
    for error in unread {
        notes.lose(format!("failures are compared with less: {error:#}"));
    }
    diagnose::all(store, run.id, &elsewhere, notes);
    passes::all(store, run.id, &elsewhere, notes);
    keep(prepared, notes);
    report::all(args, store, run.id, &prepared.project.settings(), notes);
}

/// Tries once more to bring to disk what could not be written; if that fails, says that only this report tells of it.
fn keep(prepared: &Prepared, notes: &mut Notes) {
    // What it says is in the loss too.
    let _unsettled = prepared.store.settle();
    if let Some(loss) = prepared.store.lost() {
        notes.lose(format!("the store does not keep this run: {}", loss.reason));
    }
}

/// Becomes the command, as if we had never been there. Returns only why that cannot be.
fn become_command(args: &RunArgs) -> Failure {
    let error = os::exec(&mut child::plain(&args.command));
    child::not_started(&args.command, &error)
}

fn unrecorded(args: &RunArgs, notes: &Notes, reason: &str) -> Failure {
    notes.warn(
        &format!("nothing is recorded: {reason}"),
        "the tests run all the same",
    );
    become_command(args)
}

/// Runs a step. A panic, which is a bug, is an error like any other.
fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(step)).map_err(|panic| {
        let words = panic
            .downcast_ref::<&str>()
            .map(|words| (*words).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        format!("a bug in Flakescope: {}", words.unwrap_or_default())
    })
}
