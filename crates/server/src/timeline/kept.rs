//! The answers of large recordings, kept as they were given: unpacking and ordering a hundred thousand spans takes longer
//! than a reader should wait.

use std::hash::{DefaultHasher, Hasher};

use model::{Attempt, Diagnosis, Run, RunState};
use store::{Derived, DerivedKind, Mark, Part, Store};

use crate::service::Peers;

/// What is kept: the stamp in 8 bytes, and the answer, compressed.
const KIND: DerivedKind = DerivedKind {
    name: "timeline",
    version: 1,
};

/// Smaller recordings are ordered in some ten milliseconds, for which nothing need be kept.
const ROWS: usize = 5_000;

/// The most bytes that an answer may unpack to: 512 MiB, some ten million rows.
const SIZE_LIMIT: usize = 512 << 20;

/// What an answer was made of besides the spans, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp([u8; 8]);

impl Stamp {
    pub(super) fn of(attempt: &Attempt, diagnosis: Option<&Diagnosis>, peers: &Peers) -> Self {
        let mut hasher = DefaultHasher::new();
        // Another version may name things otherwise.
        hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
        hasher.write(format!("{attempt:?} {diagnosis:?} {peers:?}").as_bytes());
        Self(hasher.finish().to_le_bytes())
    }
}

/// The mark of a recording, and its answer, if it is kept and was made of the same.
pub(super) fn find(
    store: &dyn Store,
    part: Part,
    stamp: Stamp,
) -> anyhow::Result<(Mark, Option<Vec<u8>>)> {
    let kept = store.derived(KIND, &[part])?.pop().unwrap_or_default();
    let open = |data: &[u8]| {
        let packed = data.strip_prefix(&stamp.0)?;
        zstd::bulk::decompress(packed, SIZE_LIMIT).ok()
    };
    Ok((kept.mark, kept.data.as_deref().and_then(open)))
}

/// Keeps an answer, if that is worth it. That it could not be kept is no error.
pub(super) fn keep(
    store: &dyn Store,
    run: Option<&Run>,
    place: (Part, Mark),
    stamp: Stamp,
    (rows, answer): (usize, &[u8]),
) {
    // A run that goes on would have it kept again and again.
    let is_over = run.is_some_and(|run| run.state != RunState::Recording);
    if rows < ROWS || !is_over {
        return;
    }
    let Ok(packed) = zstd::bulk::compress(answer, 1) else {
        return;
    };
    let (part, mark) = place;
    let _unkept = store.put_derived(&[Derived {
        part,
        mark,
        kind: KIND,
        data: [&stamp.0, packed.as_slice()].concat(),
    }]);
}
