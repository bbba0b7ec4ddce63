//! Evidence: the bounded bundle that a diagnosis reads, and nothing else.

use std::collections::BTreeMap;

use crate::{
    Attempt, Exit, Listener, Peer, PeerDeclaration, Recording, RunId, Test, Timestamp, peer,
};

/// All that a diagnosis may know. Assembled by the store's side, serialisable by `archive`.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The test that failed.
    pub test: Test,
    /// The attempt that failed.
    pub attempt: Attempt,
    /// What was captured of it.
    pub recording: Recording,
    /// Recordings of the fixtures that it uses.
    pub fixtures: Vec<Recording>,
    /// The best passing recording to compare with, if there is one.
    pub baseline: Option<Baseline>,
    /// Peers that the project declares.
    pub peers: Vec<PeerDeclaration>,
    /// Server sockets of the run's processes.
    pub listeners: Vec<Listener>,
    /// Facts about the rest of this run and about history.
    pub facts: RunFacts,
}

impl Evidence {
    /// The peer at a host and port, by declaration, listener and address.
    #[must_use]
    pub fn peer(&self, host: &str, port: Option<u16>) -> Peer {
        peer::resolve(&self.peers, &self.listeners, host, port)
    }
}

/// A passing recording of the same test.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The attempt that passed.
    pub attempt: Attempt,
    /// What was captured of it.
    pub recording: Recording,
    /// Recordings of the fixtures that it uses.
    pub fixtures: Vec<Recording>,
    /// Server sockets of its run's processes: their ports may be others than in the failing run.
    pub listeners: Vec<Listener>,
    /// Why this one was chosen.
    pub basis: BaselineBasis,
    /// When its run began.
    pub run_started: Timestamp,
    /// Tags of its run: the commit and branch that it was recorded on.
    pub tags: BTreeMap<String, String>,
}

/// Why a baseline was chosen; better ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaselineBasis {
    /// A passing attempt of the same run.
    SameRun,
    /// Recorded on the same commit.
    SameCommit,
    /// Recorded on the branch that this one goes to.
    BaseBranch,
    /// The newest there is.
    Newest,
}

/// Facts about the rest of the run and about history, computed once for all failures of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunFacts {
    /// The run of the attempt.
    pub run_id: Option<RunId>,
    /// The commit of the run, if known.
    pub commit: Option<String>,
    /// How the command of the run ended, once it has.
    pub exit: Option<Exit>,
    /// The processes in which tests ran and that are over, by process id: whether it ended by itself, rather than being
    /// killed.
    pub ended: BTreeMap<u32, bool>,
    /// Where the fingerprint of a cause was seen before.
    pub sightings: Vec<Sighting>,
}

/// An earlier failure with a known fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The fingerprint.
    pub fingerprint: String,
    /// The commit on which it was seen, if known.
    pub commit: Option<String>,
    /// The branch on which it was seen, if known.
    pub branch: Option<String>,
    /// How many attempts failed with it there.
    pub attempts: u32,
}
