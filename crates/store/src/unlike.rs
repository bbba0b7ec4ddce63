//! How passing attempts are not like the other passes of their tests, kept beside their recordings: found out once, when a
//! run is over, and then read with the run.

use model::{AttemptId, UNLIKE_VERSION, Unlike};

use crate::{Derived, DerivedKind, Kept, Part, Store, StoreError};

/// [`archive::row`]; nothing, where an attempt turned out to be like the others after all.
const UNLIKE: DerivedKind = DerivedKind {
    name: "unlike",
    version: UNLIKE_VERSION,
};

/// For each of these parts in what its attempt is not like the other passes, as far as that was found out.
///
/// # Errors
/// When the store cannot be read.
pub fn kept_unlike(store: &dyn Store, parts: &[Part]) -> Result<Vec<Option<Unlike>>, StoreError> {
    let mut kept = store.derived(UNLIKE, parts)?;
    kept.resize(parts.len(), Kept::default());
    Ok(kept.into_iter().map(read).collect())
}

/// Keeps what was found out of attempts, in place of what was found out before. Like everything computed it may be lost, and
/// is as soon as more of the attempt arrives.
///
/// # Errors
/// When the store cannot be written.
pub fn keep_unlike(
    store: &dyn Store,
    found: &[(AttemptId, Option<Unlike>)],
) -> Result<(), StoreError> {
    let part = |(attempt, _): &(AttemptId, _)| Part::Trace((*attempt).into());
    let parts: Vec<Part> = found.iter().map(part).collect();
    let mut derived = Vec::with_capacity(parts.len());
    let kept = store.derived(UNLIKE, &parts)?;
    for ((part, kept), (_, unlike)) in parts.into_iter().zip(kept).zip(found) {
        derived.push(Derived {
            part,
            mark: kept.mark,
            kind: UNLIKE,
            data: match unlike {
                Some(unlike) => written(unlike)?,
                None => Vec::new(),
            },
        });
    }
    store.put_derived(&derived)
}

fn written(unlike: &Unlike) -> Result<Vec<u8>, StoreError> {
    match archive::row::encode(unlike) {
        Ok(text) => Ok(text.into_bytes()),
        Err(error) => Err(StoreError::Corrupt(error.to_string())),
    }
}

/// What cannot be read is as if it had never been found out.
fn read(kept: Kept) -> Option<Unlike> {
    let text = String::from_utf8(kept.data?).ok()?;
    archive::row::decode(&text).ok()
}

#[cfg(test)]
mod tests {
    use model::{Oddity, OddityKind, Run, RunId, RunState, Timestamp, TraceId};

    use super::*;
    use crate::{Batch, BatchId, Chunk};

    const RUN: RunId = RunId([1; 16]);

    fn unlike(text: &str) -> Unlike {
        Unlike {
            passes: 3,
            nearest: AttemptId([9; 16]),
            summary: String::new(),
            oddities: vec![Oddity {
                kind: OddityKind::Missing,
                call: "GET /".into(),
                text: text.into(),
                at: None,
                span_id: None,
                other_span_id: None,
            }],
            left_out: 0,
        }
    }

    fn arrives(store: &dyn Store, number: u8, trace: u8) {
        let chunk = Chunk {
            trace_id: Some(TraceId([trace; 16])),
            ..Chunk::default()
        };
        let batch = Batch {
            id: BatchId([number; 16]),
            run_id: RUN,
            chunks: vec![chunk],
            attempts: vec![],
            gaps: vec![],
            processes: vec![],
            listeners: vec![],
        };
        store.append(&batch).unwrap();
    }

    #[test]
    fn what_is_odd_is_known_until_more_arrives() {
        let store = crate::open_in_memory().unwrap();
        let run = Run {
            id: RUN,
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
        };
        store.put_run(&run).unwrap();
        arrives(&*store, 1, 1);
        arrives(&*store, 2, 2);
        let id = |byte: u8| AttemptId([byte; 16]);
        let parts = [1, 2].map(|byte| Part::Trace(id(byte).into()));
        let known = || kept_unlike(&*store, &parts).unwrap();
        assert_eq!(known(), [None, None]);
        keep_unlike(&*store, &[(id(1), Some(unlike("a"))), (id(2), None)]).unwrap();
        assert_eq!(known(), [Some(unlike("a")), None]);
        keep_unlike(
            &*store,
            &[(id(1), Some(unlike("b"))), (id(2), Some(unlike("c")))],
        )
        .unwrap();
        assert_eq!(known(), [Some(unlike("b")), Some(unlike("c"))]);
        arrives(&*store, 3, 1);
        assert_eq!(known(), [None, Some(unlike("c"))]);
        keep_unlike(&*store, &[(id(2), None)]).unwrap();
        assert_eq!(known(), [None, None]);
    }
}
