//! Which traces that are no test's own belong to which test: what span links, and calls of tests, say of them, in whatever
//! order that comes. Pure.

use std::collections::{BTreeSet, HashMap, HashSet};

use model::TraceId;

use super::timed::Sighting;

/// Beyond so many traces, further ones stay with the run.
const TRACKED: usize = 1_000_000;

/// A trace that is to be kept with a test from now on: the trace, the test's trace.
pub(crate) type Adoption = (TraceId, TraceId);

/// What is known of traces without a test of their own.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Their tests. None: several tests tell of it.
    homes: HashMap<TraceId, Option<TraceId>>,
    /// Links to traces that are not known to be of a test: the trace that is linked, the trace that links.
    wanted: BTreeSet<(TraceId, TraceId)>,
    /// Tests of other processes, where those have runs of their own.
    elsewhere: HashSet<TraceId>,
    /// Traces of which something was handed to the store while their test was not known, and where and when that was.
    alone: HashMap<TraceId, Sighting>,
    adopted: Vec<Adoption>,
}

impl Links {
    /// The test that a trace belongs to.
    pub(super) fn home(&self, trace: TraceId) -> Option<TraceId> {
        self.homes.get(&trace).copied().flatten()
    }

    /// Whether a trace is that of a test of another process.
    pub(super) fn is_elsewhere(&self, trace: TraceId) -> bool {
        self.elsewhere.contains(&trace)
    }

    /// Takes in that a trace is that of a test of another process.
    pub(super) fn add_elsewhere(&mut self, test: TraceId) {
        if self.elsewhere.len() < TRACKED && self.elsewhere.insert(test) {
            self.test_known(test);
        }
    }

    /// Takes in that `trace` links to a trace that may yet turn out to be a test's.
    pub(super) fn want(&mut self, linked: TraceId, trace: TraceId) {
        if linked != trace && self.wanted.len() < TRACKED {
            self.wanted.insert((linked, trace));
        }
    }

    /// Takes in that a trace belongs to a test, unless it is known to belong to one.
    pub(super) fn settle(&mut self, trace: TraceId, test: TraceId) {
        self.settle_all(vec![trace], test);
    }

    /// Takes in that a call of a test is of this trace. One that several tests tell of belongs to none of them.
    pub(super) fn claim(&mut self, trace: TraceId, test: TraceId) {
        match self.homes.get_mut(&trace) {
            Some(home) => *home = home.filter(|home| *home == test),
            None => self.settle(trace, test),
        }
    }

    /// Takes in that a trace is that of a test, to which others may have linked before.
    pub(super) fn test_known(&mut self, test: TraceId) {
        let waiting = self.take_wanted(test);
        self.settle_all(waiting, test);
    }

    /// Takes in that something of a trace goes to the store under its own name.
    pub(super) fn stored_alone(&mut self, trace: TraceId, sighting: Sighting) {
        if let Some(known) = self.alone.get_mut(&trace) {
            known.add(sighting);
        } else if self.alone.len() < TRACKED {
            self.alone.insert(trace, sighting);
        }
    }

    /// Traces of which something is stored under their own name, and whose test is not known.
    pub(super) fn alone(&self) -> &HashMap<TraceId, Sighting> {
        &self.alone
    }

    /// What [`Links::take_adopted`] would give.
    pub(super) fn adopted(&self) -> &[Adoption] {
        &self.adopted
    }

    /// Traces of which something is stored under their own name, and whose test has become known since the last call.
    pub(super) fn take_adopted(&mut self) -> Vec<Adoption> {
        std::mem::take(&mut self.adopted)
    }

    /// Adoptions that were taken and could not be written.
    pub(super) fn give_back(&mut self, adopted: Vec<Adoption>) {
        self.adopted.extend(adopted);
    }

    /// These traces belong to a test, and so do those that link to them.
    fn settle_all(&mut self, mut traces: Vec<TraceId>, test: TraceId) {
        while let Some(trace) = traces.pop() {
            if self.homes.contains_key(&trace) || self.homes.len() >= TRACKED {
                continue;
            }
            self.homes.insert(trace, Some(test));
            if self.alone.remove(&trace).is_some() {
                self.adopted.push((trace, test));
            }
            traces.extend(self.take_wanted(trace));
        }
    }

    fn take_wanted(&mut self, linked: TraceId) -> Vec<TraceId> {
        let (first, last) = (TraceId([0; 16]), TraceId([u8::MAX; 16]));
        let waiting: Vec<_> = self
            .wanted
            .range((linked, first)..=(linked, last))
            .copied()
            .collect();
        for pair in &waiting {
            self.wanted.remove(pair);
        }
        waiting.into_iter().map(|(_, trace)| trace).collect()
    }
}
