//! Recordings of what comes in without a run: any SDK's traces, kept before their sender is told so.
//!
//! Each process that sends has a run of its own until it pauses for a minute. Masking, attribution and what becomes of
//! records is one code with that of a run; here is only which run, and what is a test.

mod roots;
mod runs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{PeerDeclaration, Resource, Run, RunId, RunState, Span, Timestamp, TraceId};
use store::{AttemptQuery, Store};

use super::intake::Intake;
use super::worker::batch_id;
use crate::door::{Delivery, NotKept};
use crate::mask::Masker;
use roots::Orphans;
use runs::Identity;

/// A process that has sent nothing for so long begins a new run with what it sends next, in seconds.
const PAUSE: i64 = 60;
/// A root that has not come so long after the last span below it is taken to be lost, in seconds: twice the time after
/// which exporters hand over what has ended.
const PATIENCE: i64 = 10;
const SECOND: i64 = 1_000_000_000;
/// Processes that send at the same time; of more, the one that is longest silent begins a new run.
const MOST_RUNS: usize = 256;
/// Tests that are told to processes which begin later, so that what links to them finds them.
const MOST_TESTS: usize = 100_000;
/// Traces of one run that wait for their root; of more, those that wait already are waited for.
const MOST_ORPHANS: usize = 10_000;

/// What a keeper needs.
pub struct KeeperOptions {
    /// Where recordings go.
    pub store: Arc<dyn Store>,
    /// How values are masked.
    pub masker: Arc<Masker>,
    /// The project whose tests these are; without one, each service is a project.
    pub project: Option<String>,
    /// Files of tests are named relative to this folder.
    pub project_root: PathBuf,
    /// The peers that the project declares.
    pub peers: Vec<PeerDeclaration>,
    /// The wall clock.
    pub clock: fn() -> Timestamp,
}

/// Keeps what comes in. Safe to share between threads.
pub struct Keeper {
    options: KeeperOptions,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    served: BTreeMap<Identity, Served>,
    /// The tests of all of them, the first that came.
    tests: BTreeSet<TraceId>,
    /// Runs in which an attempt changed.
    changed: BTreeSet<RunId>,
}

/// The run of one process.
struct Served {
    run: Run,
    intake: Intake,
    orphans: BTreeMap<TraceId, Orphans>,
    /// Whether the store knows the run: not before it has a test.
    is_shown: bool,
    last: Timestamp,
}

impl Keeper {
    /// Keeps for a store.
    #[must_use]
    pub fn new(options: KeeperOptions) -> Self {
        Self {
            options,
            state: Mutex::default(),
        }
    }

    /// Keeps a delivery durably.
    ///
    /// # Errors
    /// When the store could not be written. The same delivery may come again, and what of it was kept is not kept twice.
    pub fn keep(&self, delivery: Delivery) -> Result<(), NotKept> {
        let now = (self.options.clock)();
        let mut state = self.lock();
        for (identity, resource, part) in parts(delivery) {
            let served = self.served(&mut state, identity, &resource, now)?;
            let part = served.prepare(part, now);
            served.intake.delivery(part);
            let changed = self.write(served)?;
            self.tell(&mut state, changed);
        }
        Ok(())
    }

    /// Gives up on roots that have not come. To be called about once a second, and with `ends` when nothing comes any more.
    ///
    /// # Errors
    /// When the store could not be written.
    pub fn settle(&self, ends: bool) -> Result<(), NotKept> {
        let now = (self.options.clock)();
        let mut state = self.lock();
        let services = runs::services_with_tests(&state.served);
        let begun = begun(&state.served);
        let mut written = Vec::new();
        for (identity, served) in &mut state.served {
            let roots = self.lost_roots(served, &begun, now, ends);
            let is_elsewhere =
                !services.is_empty() && !services.contains(&identity.service().map(str::to_owned));
            if !roots.is_empty() && !is_elsewhere {
                served.intake.delivery(Delivery {
                    spans: roots,
                    ..Delivery::default()
                });
                written.push(self.write(served));
            }
        }
        let mut result = Ok(());
        for written in written {
            match written {
                Ok(changed) => self.tell(&mut state, changed),
                Err(error) => result = Err(error),
            }
        }
        result
    }

    /// Runs in which a test was added or changed since the last call.
    pub fn take_changed(&self) -> Vec<RunId> {
        let mut state = self.lock();
        std::mem::take(&mut state.changed).into_iter().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run of a process that goes on, or a new one.
    fn served<'a>(
        &self,
        state: &'a mut State,
        identity: Identity,
        resource: &Resource,
        now: Timestamp,
    ) -> Result<&'a mut Served, NotKept> {
        let goes_on = |served: &Served| now.0.saturating_sub(served.last.0) <= PAUSE * SECOND;
        if !state.served.get(&identity).is_some_and(goes_on) {
            if state.served.len() >= MOST_RUNS {
                let silent = state.served.iter().min_by_key(|(_, served)| served.last);
                let silent = silent.map(|(identity, _)| identity.clone());
                silent.and_then(|silent| state.served.remove(&silent));
            }
            let mut new = self.begin(&identity, resource, now)?;
            for test in &state.tests {
                new.intake.test_elsewhere(*test);
            }
            state.served.insert(identity.clone(), new);
        }
        let served = state.served.get_mut(&identity).ok_or(NotKept::Busy)?;
        served.last = now;
        Ok(served)
    }

    fn begin(
        &self,
        identity: &Identity,
        resource: &Resource,
        now: Timestamp,
    ) -> Result<Served, NotKept> {
        let KeeperOptions {
            masker,
            project,
            project_root,
            peers,
            ..
        } = &self.options;
        let mut id = [0; RunId::BYTES];
        getrandom::fill(&mut id).map_err(|_| NotKept::Busy)?;
        let id = RunId(id);
        let service = identity.service().map(|service| masker.text(service));
        let project = project.clone().or_else(|| service.clone());
        let project = project.unwrap_or_else(|| "unknown".to_owned());
        let tags = runs::tags(&resource.attributes);
        let tags = tags
            .into_iter()
            .map(|(key, value)| (masker.text(&key), masker.named(&key, &value)));
        let run = Run {
            id,
            name: service,
            project: project.clone(),
            command: masker.command(&runs::command(&resource.attributes)),
            started: now,
            ended: None,
            exit: None,
            // It is over when nothing more comes, which nobody says; what is stored is whole at any time.
            state: RunState::Sealed,
            tags: tags.collect(),
            peers: peers.clone(),
            parent: None,
            recorder_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        Ok(Served {
            intake: Intake::new(id, project, project_root.clone(), masker),
            run,
            orphans: BTreeMap::new(),
            is_shown: false,
            last: now,
        })
    }

    /// Writes what was taken in. Returns the run and its tests that changed.
    fn write(&self, served: &mut Served) -> Result<Changed, NotKept> {
        let mut changed = Changed {
            run: served.run.id,
            tests: Vec::new(),
        };
        let Some(batch) = served.intake.take_batch(batch_id()) else {
            return Ok(changed);
        };
        let tests = batch.attempts.iter();
        changed.tests = tests.map(|(attempt, _)| attempt.id.into()).collect();
        let starts = batch.attempts.iter().map(|(attempt, _)| attempt.start);
        served.run.started = starts.fold(served.run.started, Timestamp::min);
        served.run.ended = Some(served.intake.latest().max(served.run.started));
        served.is_shown |= !changed.tests.is_empty();
        let store = &self.options.store;
        let shown = if served.is_shown {
            store.put_run(&served.run)
        } else {
            Ok(())
        };
        if shown.and_then(|()| store.append(&batch)).is_err() {
            served.intake.undo(batch);
            return Err(NotKept::Store);
        }
        self.adopt(served);
        Ok(changed)
    }

    /// Brings to their tests what is stored without them. It is kept either way, and what fails is tried again with the
    /// next delivery.
    fn adopt(&self, served: &mut Served) {
        let _later = served.intake.adopt(&*self.options.store);
    }

    /// Tells all other processes of tests that they may link to.
    fn tell(&self, state: &mut State, changed: Changed) {
        if changed.tests.is_empty() {
            return;
        }
        let is_new = |test: &TraceId| !state.tests.contains(test);
        let new: Vec<TraceId> = changed.tests.into_iter().filter(is_new).collect();
        let others = state.served.values_mut();
        for other in others.filter(|other| other.run.id != changed.run) {
            new.iter()
                .for_each(|test| other.intake.test_elsewhere(*test));
            self.adopt(other);
        }
        let room = MOST_TESTS.saturating_sub(state.tests.len());
        state.tests.extend(new.into_iter().take(room));
        state.changed.insert(changed.run);
    }

    /// What stands in for roots that are taken to be lost.
    fn lost_roots(
        &self,
        served: &mut Served,
        begun: &BTreeMap<TraceId, Timestamp>,
        now: Timestamp,
        ends: bool,
    ) -> Vec<Span> {
        let is_late =
            |orphans: &Orphans| ends || now.0.saturating_sub(orphans.last.0) >= PATIENCE * SECOND;
        let attribution = served.intake.attribution();
        let (late, waiting): (BTreeMap<_, _>, BTreeMap<_, _>) = std::mem::take(&mut served.orphans)
            .into_iter()
            .filter(|(trace, _)| !attribution.is_test(*trace))
            .partition(|(_, orphans)| is_late(orphans));
        served.orphans = waiting;
        let attribution = served.intake.attribution();
        late.into_iter()
            .filter(|(trace, orphans)| begun.get(trace) == Some(&orphans.start))
            .filter(|(trace, orphans)| {
                !attribution.knows(*trace, orphans.parent()) && !self.is_known(*trace)
            })
            .map(|(trace, orphans)| orphans.root(trace))
            .collect()
    }

    /// Whether a trace is that of a test in the store: of a run, or of another process.
    fn is_known(&self, trace: TraceId) -> bool {
        let query = AttemptQuery {
            attempt: Some(trace.into()),
            limit: Some(1),
            ..AttemptQuery::default()
        };
        let found = self.options.store.attempts(&query);
        // A test too few is better than one that there is not.
        found.is_ok_and(|found| !found.is_empty())
    }
}

/// What a delivery changed.
struct Changed {
    run: RunId,
    /// Tests that are new or not as they were.
    tests: Vec<TraceId>,
}

impl Served {
    /// Marks what is a test, and notes whose root has not come.
    fn prepare(&mut self, mut delivery: Delivery, now: Timestamp) -> Delivery {
        for span in &mut delivery.spans {
            roots::mark(span);
            roots::note(&mut self.orphans, span, now, MOST_ORPHANS);
        }
        delivery
    }
}

/// When each trace without a root began, in whichever process: it is the root of that one's span that is missing. Another
/// process of the same trace was asked by it, and has died before it could say so.
fn begun(served: &BTreeMap<Identity, Served>) -> BTreeMap<TraceId, Timestamp> {
    let mut begun = BTreeMap::new();
    for (trace, orphans) in served.values().flat_map(|served| &served.orphans) {
        let first = begun.entry(*trace).or_insert(orphans.start);
        *first = orphans.start.min(*first);
    }
    begun
}

/// A delivery by the processes that its records are of. What is lost of it goes with the first.
fn parts(delivery: Delivery) -> Vec<(Identity, Arc<Resource>, Delivery)> {
    let mut parts: BTreeMap<Identity, (Arc<Resource>, Delivery)> = BTreeMap::new();
    for span in delivery.spans {
        part_of(&mut parts, &span.resource).spans.push(span);
    }
    for log in delivery.logs {
        part_of(&mut parts, &log.resource).logs.push(log);
    }
    for resource in &delivery.measured {
        part_of(&mut parts, resource);
    }
    let parts = parts.into_iter();
    let mut parts: Vec<_> = parts
        .map(|(identity, (resource, part))| (identity, resource, part))
        .collect();
    if let Some((_, _, first)) = parts.first_mut() {
        first.losses = delivery.losses;
    }
    parts
}

fn part_of<'a>(
    parts: &'a mut BTreeMap<Identity, (Arc<Resource>, Delivery)>,
    resource: &Arc<Resource>,
) -> &'a mut Delivery {
    let entry = parts.entry(Identity::of(&resource.attributes));
    let new = || (Arc::clone(resource), Delivery::default());
    &mut entry.or_insert_with(new).1
}
