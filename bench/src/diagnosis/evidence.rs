//! The evidence of a recorded case, whole and with parts of it taken away.

use std::path::Path;

use anyhow::{Context as _, Result};
use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Evidence, PeerDeclaration, Role, Sighting, Test,
};
use store::{AttemptQuery, RunQuery, Signer, Store};

pub(super) const SIGNER: Signer = Signer {
    version: diagnosis::SIGNATURE_VERSION,
    sign: diagnosis::signature,
};

/// How much of the evidence a diagnosis gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Variant {
    /// How many passing recordings.
    pub(super) passes: usize,
    /// Whether the project declares what its peers are.
    pub(super) declared: bool,
}

/// All of them; the first is the one that most figures are of.
pub(super) const VARIANTS: [Variant; 6] = [
    variant(3, true),
    variant(1, true),
    variant(0, true),
    variant(3, false),
    variant(1, false),
    variant(0, false),
];

const fn variant(passes: usize, declared: bool) -> Variant {
    Variant { passes, declared }
}

impl Variant {
    /// Its name in reports.
    pub(super) fn name(self) -> String {
        let roles = if self.declared { "declared" } else { "unknown" };
        format!("{} passing, roles {roles}", self.passes)
    }

    /// The evidence as it would be with this much; `peers` is what the project declares.
    pub(super) fn of(self, whole: &Evidence, peers: &[PeerDeclaration]) -> Evidence {
        let mut evidence = whole.clone();
        evidence.peers = if self.declared {
            peers.to_vec()
        } else {
            Vec::new()
        };
        if self.passes >= 3 {
            return evidence;
        }
        evidence.variants.clear();
        let kept = evidence
            .baseline
            .as_ref()
            .map(|baseline| baseline.attempt.id);
        let kept = kept.filter(|_| self.passes == 1);
        if self.passes == 0 {
            evidence.baseline = None;
        }
        evidence
            .signatures
            .retain(|signature| Some(signature.attempt_id) == kept);
        let is_known = |id: AttemptId, status: AttemptStatus| {
            status != AttemptStatus::Passed || Some(id) == kept
        };
        evidence
            .facts
            .past
            .retain(|past| is_known(past.attempt_id, past.status));
        evidence
    }
}

/// A server as a project would declare it.
pub(super) fn declaration(name: &str, role: Role) -> PeerDeclaration {
    PeerDeclaration {
        name: name.to_owned(),
        // Servers that need a name have one of this domain, which is reserved for tests (RFC 6761, section 6.2).
        hosts: ["localhost", "127.0.0.1", "*.test"]
            .map(str::to_owned)
            .to_vec(),
        process: None,
        role,
    }
}

/// The same cause was seen before, on the commit that passed: what may let a diagnosis say that a change is innocent.
pub(super) fn with_sighting(evidence: &Evidence, fingerprint: &str) -> Evidence {
    let mut evidence = evidence.clone();
    evidence.facts.sightings.push(Sighting {
        fingerprint: fingerprint.to_owned(),
        commit: Some("a".repeat(40)),
        branch: Some("main".to_owned()),
        attempts: 2,
    });
    evidence
}

/// Whether a case took: a fault is only one if the test failed, a control only if it passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Failed,
    Passed,
}

impl Wanted {
    fn is(self, status: AttemptStatus) -> bool {
        match self {
            Self::Failed => matches!(status, AttemptStatus::Failed | AttemptStatus::Unfinished),
            Self::Passed => status == AttemptStatus::Passed,
        }
    }
}

/// The evidence of the first attempt of a test in the newest run of a store that ended as wanted. None: there is none.
pub(super) fn of_newest_run(folder: &Path, test: &str, wanted: Wanted) -> Result<Option<Evidence>> {
    let store = store::open_existing(folder).context("failed to open a store")?;
    let Some(attempt) = find(&*store, test, wanted)? else {
        return Ok(None);
    };
    store::evidence(&*store, attempt, SIGNER).context("failed to read evidence")
}

fn find(store: &dyn Store, test: &str, wanted: Wanted) -> Result<Option<AttemptId>> {
    let query = RunQuery {
        limit: Some(1),
        ..RunQuery::default()
    };
    let Some(run) = store.runs(&query)?.into_iter().next() else {
        return Ok(None);
    };
    let query = AttemptQuery {
        run: Some(run.id),
        ..AttemptQuery::default()
    };
    let ended = store.attempts(&query)?.into_iter();
    let ended: Vec<_> = ended
        .filter(|(attempt, _)| wanted.is(attempt.status))
        .collect();
    let is_test = |(attempt, known): &&(Attempt, Test)| {
        attempt.kind == AttemptKind::Test && (known.name == test || known.title() == test)
    };
    // A test may have passed, and what it made could not be taken away.
    let is_tear_down = |(attempt, known): &&(Attempt, Test)| {
        wanted == Wanted::Failed
            && attempt.kind == AttemptKind::Fixture
            && known.name == format!("teardown of {test}")
    };
    let found = ended
        .iter()
        .find(is_test)
        .or_else(|| ended.iter().find(is_tear_down));
    Ok(found.map(|(attempt, _)| attempt.id))
}
