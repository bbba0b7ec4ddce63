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
