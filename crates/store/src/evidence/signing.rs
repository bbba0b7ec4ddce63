//! Signatures of attempts, computed once and kept beside their recordings.
//!
//! What is kept is of one trace, without its fixtures: a fixture that serves a thousand tests is signed once. The names of
//! peers are those of the run in which it was recorded; whoever asks for a signature gets the names of today.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{
    Attempt, CALL_LIMIT, CallSignature, Listener, PeerDeclaration, Recording, Run, RunState,
    Signature, SmolStr, TraceId, peer,
};

use super::history::History;
use crate::signature_block::{self, Ids};
use crate::{Derived, DerivedKind, Mark, Part, StoreError};

/// How a recording is signed: by the diagnosis, which this crate does not know, so that whoever wires hands it in.
#[derive(Debug, Clone, Copy)]
pub struct Signer {
    /// Raised whenever a recording gets another signature than before.
    pub version: u32,
    /// The way.
    pub sign: Sign,
}

/// The signature of an attempt with these recordings: its own and its fixtures', in a run that declares these peers and has
/// these server sockets.
pub type Sign =
    fn(&Attempt, &Recording, &[Recording], &[PeerDeclaration], &[Listener]) -> Signature;

/// So many computed signatures wait to be kept together: each write costs one to the disk.
const WAITING_LIMIT: usize = 256;

/// The calls of one trace, and how many are not among them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Calls {
    calls: Vec<CallSignature>,
    left_out: u64,
}

/// What is kept of an attempt.
pub(super) enum Found {
    /// Its signature.
    Kept(Signature),
    /// Nothing; and the mark of its chunks, to be read before them.
    Nothing(Mark),
}

/// What was computed and is not kept yet, and what many attempts share.
#[derive(Default)]
pub(super) struct Signed {
    waiting: Mutex<Vec<Derived>>,
    fixtures: Mutex<HashMap<TraceId, Arc<Calls>>>,
}

impl History<'_> {
    /// The signature of an attempt if it is kept, those of its fixtures made where they are not. `peers` are those that are
    /// declared today.
    pub(super) fn kept_signature(
        &self,
        attempt: &Attempt,
        peers: &[PeerDeclaration],
        ids: Ids,
    ) -> Result<Found, StoreError> {
        match self.kept_calls(attempt.id.into(), ids)? {
            (_, Some(own)) => self.whole(attempt, own, peers).map(Found::Kept),
            (mark, None) => Ok(Found::Nothing(mark)),
        }
    }

    /// The signature of an attempt with this recording, made now and kept.
    pub(super) fn make_signature(
        &self,
        attempt: &Attempt,
        (recording, mark): (&Recording, Mark),
        peers: &[PeerDeclaration],
    ) -> Result<Signature, StoreError> {
        let own = self.make_calls(attempt, attempt.id.into(), (recording, mark))?;
        self.whole(attempt, own, peers)
    }

    /// The signature of an attempt, kept or made now. None when nothing is left of its recording.
    pub(super) fn signature(
        &self,
        attempt: &Attempt,
        peers: &[PeerDeclaration],
    ) -> Result<Option<Signature>, StoreError> {
        let mark = match self.kept_signature(attempt, peers, Ids::Read)? {
            Found::Kept(signature) => return Ok(Some(signature)),
            Found::Nothing(mark) => mark,
        };
        let recording = self.recording(attempt.run_id, attempt.id.into())?;
        if recording.spans.is_empty() {
            return Ok(None);
        }
        self.make_signature(attempt, (&recording, mark), peers)
            .map(Some)
    }

    /// Keeps what was computed. That it could not be kept is no error: it will be computed again.
    pub(super) fn keep(&self) {
        let waiting = std::mem::take(&mut *lock(&self.signed.waiting));
        if !waiting.is_empty() {
            let _unkept = self.store.put_derived(&waiting);
        }
    }

    fn whole(
        &self,
        attempt: &Attempt,
        own: Calls,
        peers: &[PeerDeclaration],
    ) -> Result<Signature, StoreError> {
        let mut all = Calls::default();
        for fixture in &attempt.fixtures {
            let calls = self.fixture_calls(attempt, *fixture)?;
            all.left_out += calls.left_out;
            let in_fixture = |call: &CallSignature| CallSignature {
                in_fixture: true,
                ..call.clone()
            };
            all.calls.extend(calls.calls.iter().map(in_fixture));
        }
        all.left_out += own.left_out;
        all.calls.extend(own.calls);
        all.left_out += all.calls.len().saturating_sub(CALL_LIMIT) as u64;
        all.calls.truncate(CALL_LIMIT);
        self.name_peers(attempt, &mut all.calls, peers)?;
        Ok(Signature {
            attempt_id: attempt.id,
            run_id: attempt.run_id,
            start: attempt.start,
            end: attempt.end,
            calls: all.calls,
            left_out: all.left_out,
        })
    }

    fn fixture_calls(&self, attempt: &Attempt, trace: TraceId) -> Result<Arc<Calls>, StoreError> {
        if let Some(known) = lock(&self.signed.fixtures).get(&trace) {
            return Ok(Arc::clone(known));
        }
        let calls = match self.kept_calls(trace, Ids::Read)? {
            (_, Some(kept)) => kept,
            (mark, None) => {
                let recording = self.recording(attempt.run_id, trace)?;
                self.make_calls(attempt, trace, (&recording, mark))?
            }
        };
        let calls = Arc::new(calls);
        lock(&self.signed.fixtures).insert(trace, Arc::clone(&calls));
        Ok(calls)
    }

    fn kind(&self) -> DerivedKind {
        DerivedKind {
            name: "signature",
            version: self.signer.version,
        }
    }

    fn kept_calls(&self, trace: TraceId, ids: Ids) -> Result<(Mark, Option<Calls>), StoreError> {
        let kept = self.store.derived(self.kind(), &[Part::Trace(trace)])?;
        let kept = kept.into_iter().next().unwrap_or_default();
        let decode = |block| signature_block::decode(block, ids);
        let decoded = kept.data.as_deref().and_then(decode);
        let calls = decoded.map(|(calls, left_out)| Calls { calls, left_out });
        Ok((kept.mark, calls))
    }

    /// Signs the recording of a trace: an attempt's own, or that of one of its fixtures.
    fn make_calls(
        &self,
        attempt: &Attempt,
        trace: TraceId,
        (recording, mark): (&Recording, Mark),
    ) -> Result<Calls, StoreError> {
        let run = self.run(attempt.run_id)?;
        let listeners = self.listeners(attempt.run_id)?;
        let peers = run.as_ref().map_or(&[][..], |run| &run.peers);
        let signature = (self.signer.sign)(attempt, recording, &[], peers, &listeners);
        let calls = Calls {
            calls: signature.calls,
            left_out: signature.left_out,
        };
        // What goes on would have it computed and written again and again.
        if run.is_some_and(|run| run.state != RunState::Recording) && self.keeps {
            self.wait(Derived {
                part: Part::Trace(trace),
                mark,
                kind: self.kind(),
                data: signature_block::encode(&calls.calls, calls.left_out),
            });
        }
        Ok(calls)
    }

    fn wait(&self, derived: Derived) {
        let mut waiting = lock(&self.signed.waiting);
        waiting.push(derived);
        let is_full = waiting.len() >= WAITING_LIMIT;
        drop(waiting);
        if is_full {
            self.keep();
        }
    }

    /// Names the peers as they are declared today: a declaration may be newer than the recording.
    fn name_peers(
        &self,
        attempt: &Attempt,
        calls: &mut [CallSignature],
        peers: &[PeerDeclaration],
    ) -> Result<(), StoreError> {
        let run = self.run(attempt.run_id)?;
        let then = run.as_deref().map_or(&[][..], |run: &Run| &run.peers);
        if then == peers {
            return Ok(());
        }
        let listeners = self.listeners(attempt.run_id)?;
        let mut names: HashMap<(SmolStr, Option<u16>), SmolStr> = HashMap::new();
        for call in calls {
            let name = names
                .entry((call.host.clone(), call.port))
                .or_insert_with(|| peer::key(peers, &listeners, &call.host, call.port).into());
            call.peer.clone_from(name);
        }
        Ok(())
    }
}

/// What is remembered is whole after each step, also when a thread panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
