//! Steps of a run: the recorder starts when the command runs, and takes in what is left when it has ended.

use std::path::Path;
use std::sync::Arc;

use model::{Exit, Gap, GapKind, Run, RunState};
use recorder::door::{Door, Inbox, OpenDoor};
use recorder::{LogFile, Session, SessionOptions, Spool, Summary};
use store::{Batch, BatchId, Store};

use super::notes::Notes;
use super::prepare::Prepared;
use crate::args::RunArgs;
use crate::os;
use crate::tags::{self, Environment, GitFacts, Tags};

/// How a run ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// How the command ended.
    pub(super) exit: Exit,
    /// Somebody asked it to stop while it ran.
    pub(super) asked_to_stop: bool,
}

impl End {
    /// Whether the command was cut short. One that was asked to stop and still succeeded had done all it had to.
    fn is_interruption(self) -> bool {
        self.exit.is_interruption() || (self.asked_to_stop && self.exit != Exit::Code(0))
    }
}

/// Where records come from.
pub(super) struct WaysIn {
    pub(super) spool: Spool,
    pub(super) door: Option<Door>,
    pub(super) log_files: Vec<LogFile>,
}

/// A recording that goes on.
pub(super) struct Recording {
    pub(super) run: Run,
    session: Option<Session>,
    door: Option<OpenDoor>,
}

/// Starts the recorder on a spool, and opens the door, while the command runs already. Without a spool the run is recorded
/// with nothing in it.
pub(super) fn start(
    args: &RunArgs,
    prepared: &mut Prepared,
    ways_in: Option<WaysIn>,
    notes: &mut Notes,
) -> Recording {
    let git = prepared
        .git
        .take()
        .map(|git| git.join().unwrap_or_default())
        .unwrap_or_default();
    let run = describe(args, prepared, &git);
    let Some(WaysIn {
        spool,
        door,
        log_files,
    }) = ways_in
    else {
        return Recording {
            run,
            session: None,
            door: None,
        };
    };
    let inbox = Arc::new(Inbox::default());
    let session = {
        let options = SessionOptions {
            store: Arc::clone(&prepared.store) as Arc<dyn Store>,
            spool,
            inbox: Arc::clone(&inbox),
            endpoints: door.as_ref().map(Door::endpoints).unwrap_or_default(),
            log_files,
            run: run.clone(),
            masker: Arc::clone(&prepared.masker),
            project: run.project.clone(),
            project_root: prepared.project.root.clone(),
            clock: os::now,
        };
        Session::start(options)
            .inspect_err(|error| notes.lose(format!("nothing is recorded: {error}")))
            .ok()
    };
    let door = door.and_then(|door| {
        door.open(inbox)
            .inspect_err(|error| {
                notes.lose(format!("what services trace is not recorded: {error}"))
            })
            .ok()
    });
    Recording { run, session, door }
}

/// Takes in what is left and seals the run.
pub(super) fn finish(recording: Recording, end: End, store: &dyn Store, notes: &mut Notes) -> Run {
    let Recording { run, session, door } = recording;
    let Some(session) = session else {
        return seal_empty(run, end, store, notes);
    };
    // Services that outlive the command, or are just ending, have spans to hand over.
    door.iter().for_each(OpenDoor::linger);
    let Summary { run, problems, .. } = match end.is_interruption() {
        true => session.finish_interrupted(Some(end.exit)),
        false => session.finish(Some(end.exit)),
    };
    problems.into_iter().for_each(|problem| notes.lose(problem));
    run
}

/// Seals a run of which nothing was recorded, with the reasons.
fn seal_empty(run: Run, end: End, store: &dyn Store, notes: &mut Notes) -> Run {
    let run = Run {
        ended: Some(os::now()),
        exit: Some(end.exit),
        state: match end.is_interruption() {
            true => RunState::Interrupted,
            false => RunState::Sealed,
        },
        ..run
    };
    let gap = Gap {
        run_id: run.id,
        trace_id: None,
        span_id: None,
        kind: GapKind::NoAgent,
        count: 1,
        detail: Some(notes.losses().join("; ")),
    };
    let batch = Batch {
        id: BatchId(run.id.0),
        run_id: run.id,
        chunks: Vec::new(),
        attempts: Vec::new(),
        gaps: vec![gap],
        processes: Vec::new(),
        listeners: Vec::new(),
    };
    if let Err(error) = store.put_run(&run).and_then(|()| store.append(&batch)) {
        notes.lose(error.to_string());
    }
    run
}

fn describe(args: &RunArgs, prepared: &Prepared, git: &GitFacts) -> Run {
    let words: Vec<String> = args
        .command
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let project = args
        .project
        .clone()
        .or_else(|| prepared.config.project.clone())
        .unwrap_or_else(|| {
            prepared
                .project
                .default_name(git.repository_url().as_deref())
        });
    Run {
        id: prepared.run_id,
        name: args.name.clone(),
        project,
        command: prepared.masker.command(&words),
        started: prepared.started,
        ended: None,
        exit: None,
        state: RunState::Recording,
        tags: tags(args, &prepared.environment, git)
            .into_iter()
            .map(|(key, value)| (key, prepared.masker.text(&value)))
            .collect(),
        peers: prepared.config.peers.clone(),
        parent: prepared.parent,
        recorder_version: env!("CARGO_PKG_VERSION").into(),
    }
}

fn tags(args: &RunArgs, environment: &Environment, git: &GitFacts) -> Tags {
    let event = environment
        .get(tags::EVENT_FILE)
        .and_then(|file| read_event(Path::new(file)));
    tags::collect(environment, event.as_ref(), git, &args.tags)
}

/// The event for which a CI job runs; nothing when it cannot be read, as outside of CI.
fn read_event(file: &Path) -> Option<serde_json::Value> {
    /// Events are some ten kilobytes.
    const LIMIT: u64 = 16 << 20;
    let size = std::fs::metadata(file).ok()?.len();
    let text = (size <= LIMIT)
        .then(|| std::fs::read(file).ok())
        .flatten()?;
    serde_json::from_slice(&text).ok()
}
