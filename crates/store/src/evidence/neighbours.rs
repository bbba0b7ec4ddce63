//! What other tests wrote in the runs that failures are compared with: whether a neighbour's write was there when it passed.
//!
//! The failures of a run are compared with the same few runs, so each of these is read once, when the first failure is
//! compared with it. Bounded for all of them together, because somebody waits and each failure may have a run of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::{Attempt, PeerDeclaration, RunId, Signature};

use super::history::History;
use super::run_wide::{attempts, each_signature, newest};
use super::signing::Found;
use super::touches::Writes;
use crate::StoreError;
use crate::signature_block::Ids;

/// What may be read for all runs together.
struct Limits {
    /// Attempts and fixtures whose signatures are read. Of a run that goes beyond nothing is read.
    read: usize,
    /// Calls of attempts that are signed for this, where nobody has needed their signatures before. Attempts beyond are left
    /// out.
    signed: usize,
    /// Writes that are held, about a kilobyte each. The run that was longest not asked for goes first, and is read again when
    /// it is asked for; the one that is asked for stays.
    held: usize,
}

/// To sign so many calls takes some seconds, and to read so many signatures.
const LIMITS: Limits = Limits {
    read: 20_000,
    signed: 50_000,
    held: 200_000,
};

/// What other tests wrote in a run.
#[derive(Default)]
pub(super) struct Written {
    pub(super) writes: Writes,
    /// Attempts and fixtures that were not read.
    pub(super) left_out: u64,
}

/// What was read of runs so far.
pub(super) struct Neighbours {
    limits: Limits,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The one that was asked for last is the last.
    runs: Vec<(RunId, Arc<Written>)>,
    /// Signatures that were read.
    read: usize,
    /// Calls that were signed.
    signed: AtomicUsize,
}

impl Default for Neighbours {
    fn default() -> Self {
        Self {
            limits: LIMITS,
            known: Mutex::default(),
        }
    }
}

impl Neighbours {
    /// What was written in a run of this history, whose peers have the names that `peers` gives them. Who comes while a run
    /// is being read waits for it.
    pub(super) fn of(
        &self,
        history: &History<'_>,
        run: RunId,
        peers: &[PeerDeclaration],
    ) -> Result<Arc<Written>, StoreError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.runs.iter().position(|(other, _)| *other == run);
        let written = match before {
            Some(at) => known.runs.remove(at).1,
            None => Arc::new(known.read(history, (run, peers), &self.limits)?),
        };
        known.runs.push((run, Arc::clone(&written)));
        known.let_go(self.limits.held);
        Ok(written)
    }
}

impl Known {
    fn read(
        &mut self,
        history: &History<'_>,
        (run, peers): (RunId, &[PeerDeclaration]),
        limits: &Limits,
    ) -> Result<Written, StoreError> {
        let mut attempts = attempts(history, run)?;
        let mut written = Written {
            left_out: newest(&mut attempts),
            ..Written::default()
        };
        if self.read + attempts.len() > limits.read {
            written.left_out += attempts.len() as u64;
            return Ok(written);
        }
        self.read += attempts.len();
        let unsigned = AtomicUsize::new(0);
        let sign = |attempt: &Attempt| match history.kept_signature(attempt, peers, Ids::Read)? {
            Found::Kept(signature) => Ok(Some(signature)),
            Found::Nothing(_) if self.signed.load(Ordering::Relaxed) >= limits.signed => {
                unsigned.fetch_add(1, Ordering::Relaxed);
                Ok(None)
            }
            Found::Nothing(_) => {
                let made = history.signature(attempt, peers)?;
                let calls = |made: &Signature| made.calls.len();
                self.signed
                    .fetch_add(made.as_ref().map_or(0, calls), Ordering::Relaxed);
                Ok(made)
            }
        };
        each_signature(&attempts, sign, |attempt, test, signature| {
            written.writes.add(attempt, test, signature);
        })?;
        written.left_out += unsigned.into_inner() as u64;
        written.writes.sort();
        history.keep();
        Ok(written)
    }

    /// Forgets runs until no more than so many writes are held.
    fn let_go(&mut self, limit: usize) {
        let mut held: usize = self.runs.iter().map(|(_, run)| run.writes.len()).sum();
        while held > limit && self.runs.len() > 1 {
            held -= self.runs.remove(0).1.writes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{
        AttemptKind, AttemptStatus, CallSignature, Listener, Phase, Recording, Run, RunState, Span,
        SpanId, SpanKind, Test, Timestamp, TraceId,
    };

    use super::*;
    use crate::{Batch, BatchId, Chunk, Signer, Store};

    /// Three calls that write.
    fn sign(
        attempt: &Attempt,
        _: &Recording,
        _: &[Recording],
        _: &[PeerDeclaration],
        _: &[Listener],
    ) -> Signature {
        let call = CallSignature {
            span_id: SpanId([1; 8]),
            start: Timestamp(1),
            end: None,
            phase: Phase::Body,
            in_fixture: false,
            peer: "h".into(),
            host: "h".into(),
            port: None,
            method: "POST".into(),
            path: "/".into(),
            template: "/".into(),
            operation: None,
            ids: vec![],
            made: vec![],
            request: 0,
            reply: 0,
            outcome: "200".into(),
            fine: true,
            refused: false,
            tries: 1,
            credential: None,
            writes: true,
            mocked: false,
        };
        Signature {
            attempt_id: attempt.id,
            run_id: attempt.run_id,
            start: attempt.start,
            end: attempt.end,
            calls: vec![call; 3],
            left_out: 0,
        }
    }

    const SIGNER: Signer = Signer { version: 1, sign };

    fn attempt(run: u8, n: u8) -> Attempt {
        Attempt {
            id: [run, n].repeat(8).try_into().map(model::AttemptId).unwrap(),
            run_id: RunId([run; 16]),
            test_id: Test::default().id(),
            kind: AttemptKind::Test,
            number: 1,
            status: AttemptStatus::Passed,
            retried: false,
            root_span_id: SpanId([1; 8]),
            start: Timestamp(i64::from(n)),
            end: Some(Timestamp(100)),
            line: None,
            worker: None,
            timeout_ms: None,
            failure: None,
            skip_reason: None,
            not_run: None,
            fixtures: vec![],
            tags: Default::default(),
        }
    }

    fn span(trace_id: TraceId) -> Span {
        Span {
            trace_id,
            span_id: SpanId([1; 8]),
            parent_span_id: None,
            name: "test".into(),
            kind: SpanKind::Internal,
            start: Timestamp(1),
            end: None,
            attributes: Default::default(),
            events: vec![],
            links: vec![],
            status: Default::default(),
            resource: Default::default(),
        }
    }

    /// A sealed run of four attempts.
    fn put(store: &dyn Store, run: u8) {
        let id = RunId([run; 16]);
        store
            .put_run(&Run {
                id,
                name: None,
                project: String::new(),
                command: vec![],
                started: Timestamp(0),
                ended: None,
                exit: None,
                state: RunState::Sealed,
                tags: Default::default(),
                peers: vec![],
                parent: None,
                recorder_version: String::new(),
            })
            .unwrap();
        let attempts: Vec<Attempt> = (0..4).map(|n| attempt(run, n)).collect();
        let chunk = |attempt: &Attempt| Chunk {
            trace_id: Some(attempt.id.into()),
            spans: vec![span(attempt.id.into())],
            logs: vec![],
        };
        let batch = Batch {
            id: BatchId([run; 16]),
            run_id: id,
            chunks: attempts.iter().map(chunk).collect(),
            attempts: attempts
                .into_iter()
                .map(|attempt| (attempt, Test::default()))
                .collect(),
            gaps: vec![],
            processes: vec![],
            listeners: vec![],
        };
        store.append(&batch).unwrap();
    }

    /// For each run that is asked for: how many writes are known of it, and how many attempts are not; and how many runs
    /// are held in the end.
    fn check(limits: Limits, asked: &[u8], expected: &[(usize, u64)], held: usize) {
        let store = crate::open_in_memory().unwrap();
        (1..=3).for_each(|run| put(&*store, run));
        let history = History::new(&*store, SIGNER);
        let neighbours = Neighbours {
            limits,
            known: Mutex::default(),
        };
        let found = asked.iter().map(|run| {
            let written = neighbours.of(&history, RunId([*run; 16]), &[]).unwrap();
            (written.writes.len(), written.left_out)
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert_eq!(neighbours.known.lock().unwrap().runs.len(), held);
    }

    #[test]
    fn what_is_read_is_bounded() {
        check(LIMITS, &[1, 2, 3, 1], &[(12, 0); 4], 3);
        // A run is read or it is not.
        let read = Limits { read: 9, ..LIMITS };
        check(read, &[1, 2, 3, 1], &[(12, 0), (12, 0), (0, 4), (12, 0)], 3);
        // What was read before does not count again.
        let twice = Limits { read: 8, ..LIMITS };
        check(twice, &[1, 1, 2], &[(12, 0); 3], 2);
        // The run that was longest not asked for is forgotten; the last one never is.
        let held = Limits { held: 24, ..LIMITS };
        check(held, &[1, 2, 1, 3], &[(12, 0); 4], 2);
        let none = Limits { held: 0, ..LIMITS };
        check(none, &[1, 2, 1], &[(12, 0); 3], 1);
    }

    /// Each thread may sign one more before it sees that it is enough.
    #[test]
    fn what_is_signed_is_bounded() {
        let store = crate::open_in_memory().unwrap();
        (1..=2).for_each(|run| put(&*store, run));
        let none = || Limits {
            signed: 0,
            ..LIMITS
        };
        let of = |limits: Limits, run: u8| {
            let history = History::new(&*store, SIGNER);
            let neighbours = Neighbours {
                limits,
                known: Mutex::default(),
            };
            let written = neighbours.of(&history, RunId([run; 16]), &[]).unwrap();
            (written.writes.len(), written.left_out)
        };
        assert_eq!(of(none(), 1), (0, 4));
        assert_eq!(of(LIMITS, 1), (12, 0));
        // They are kept now.
        assert_eq!(of(none(), 1), (12, 0));
        assert_eq!(of(none(), 2), (0, 4));
    }

    #[test]
    fn a_run_is_read_once() {
        let store = crate::open_in_memory().unwrap();
        put(&*store, 1);
        let history = History::new(&*store, SIGNER);
        let of = || {
            history
                .neighbours
                .of(&history, RunId([1; 16]), &[])
                .unwrap()
        };
        assert!(Arc::ptr_eq(&of(), &of()));
    }
}
