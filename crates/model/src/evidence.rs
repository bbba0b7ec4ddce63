//! Evidence: the bounded bundle that a diagnosis reads, and nothing else.

use std::collections::BTreeMap;

use crate::{
    Attempt, AttemptId, AttemptStatus, Exit, Listener, Peer, PeerDeclaration, Recording, RunId,
    Signature, Test, Timestamp, Touch, peer,
};

/// All that a diagnosis may know. Assembled by the store's side, serialisable by `archive`.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The test that failed.
    pub test: Test,
    /// The attempt that failed.
    ///
    /// Of a failed hook whose calls are in the recording of the one test that it serves: that test, failing as the hook
    /// did, under the hook's id.
    pub attempt: Attempt,
    /// What was captured of it.
    pub recording: Recording,
    /// Recordings of the fixtures that it uses.
    pub fixtures: Vec<Recording>,
    /// The best passing recording to compare with, if there is one.
    pub baseline: Option<Baseline>,
    /// Further passing recordings, best first: what differs between these and the baseline differs by itself. At most
    /// [`VARIANT_LIMIT`].
    pub variants: Vec<Baseline>,
    /// What passing recordings looked like, those of the baseline and the variants among them, best first; their calls
    /// without identifiers, which nobody compares with those of another recording. At most [`SIGNATURE_LIMIT`].
    pub signatures: Vec<Signature>,
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

/// The most passing recordings beside the baseline that evidence holds whole.
pub const VARIANT_LIMIT: usize = 2;

/// The most passing recordings of which evidence holds the signature.
pub const SIGNATURE_LIMIT: usize = 20;

/// The most writes of other tests that evidence holds; those nearest to the failure's end are kept.
pub const TOUCH_LIMIT: usize = 500;

/// The most other attempts of the same test that evidence holds; the newest are kept.
pub const PAST_LIMIT: usize = 50;

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
    /// What other attempts of its run wrote to peers that it called, before it ended, by start: what
    /// [`RunFacts::touches`] is for the failing run, with its bounds. At most [`TOUCH_LIMIT`].
    ///
    /// Of [`Evidence::baseline`] only. Also empty where it is not known: in evidence that was written without it, and beyond
    /// the bounds of what is read of passing runs, which is a gap of `recording`.
    pub touches: Vec<Touch>,
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
    /// How other attempts of the same test came out, newest first. At most [`PAST_LIMIT`].
    pub past: Vec<PastAttempt>,
    /// What other attempts of this run wrote to peers that this one called, before this one ended, by start. At most
    /// [`TOUCH_LIMIT`].
    pub touches: Vec<Touch>,
    /// Stretches of this run in which a peer refused most of what it was asked, by peer and start.
    pub outages: Vec<Outage>,
}

/// Another attempt of the same test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAttempt {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// Its run.
    pub run_id: RunId,
    /// How it went.
    pub status: AttemptStatus,
    /// When it began.
    pub start: Timestamp,
    /// The commit on which it ran, if known.
    pub commit: Option<String>,
    /// The branch on which it ran, if known.
    pub branch: Option<String>,
    /// Type and message of its failure, if it failed.
    pub said: Option<String>,
    /// The cause that was named, if one was.
    pub fingerprint: Option<String>,
}

/// A stretch in which a peer refused most of what a run asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// The peer, as the signatures name it.
    pub peer: String,
    /// The first refusal.
    pub from: Timestamp,
    /// The end of the last refusal.
    pub to: Timestamp,
    /// Calls in between that were refused or got no answer.
    pub refused: u64,
    /// All calls in between.
    pub calls: u64,
    /// Attempts that met a refusal.
    pub attempts: u64,
    /// The first refusal was the first that the run asked of it.
    pub from_the_start: bool,
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
