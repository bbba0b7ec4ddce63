//! The outages of a run, kept beside it: found while its failures are explained, and then read with the run.

use model::{Outage, RunId};

use crate::{Derived, DerivedKind, Part, Store, StoreError};

/// One line of [`archive::row`] for each.
const OUTAGES: DerivedKind = DerivedKind {
    name: "outages",
    version: 1,
};

/// The outages of a run, by peer and start, as far as they were found.
///
/// # Errors
/// When the store cannot be read.
pub fn kept_outages(store: &dyn Store, run: RunId) -> Result<Vec<Outage>, StoreError> {
    let kept = store.derived(OUTAGES, &[Part::Rest(run)])?;
    let data = kept.into_iter().next().and_then(|kept| kept.data);
    let text = String::from_utf8(data.unwrap_or_default()).unwrap_or_default();
    // What cannot be read is as if it had never been found.
    let outages = text
        .lines()
        .filter_map(|line| archive::row::decode(line).ok());
    Ok(outages.collect())
}

/// Keeps the outages of a run, in place of those that were found before. They may be lost, and are as soon as more of the run
/// arrives that belongs to no test.
///
/// # Errors
/// When the store cannot be written.
pub fn keep_outages(store: &dyn Store, run: RunId, outages: &[Outage]) -> Result<(), StoreError> {
    let part = Part::Rest(run);
    let kept = store.derived(OUTAGES, &[part])?;
    let mut text = String::new();
    for outage in outages {
        let line = archive::row::encode(outage);
        text += &line.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        text.push('\n');
    }
    let derived = |mark| Derived {
        part,
        mark,
        kind: OUTAGES,
        data: text.into_bytes(),
    };
    match kept.into_iter().next() {
        Some(kept) => store.put_derived(&[derived(kept.mark)]),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use model::{Run, RunState, Timestamp};

    use super::*;

    #[test]
    fn outages_come_back() {
        let store = crate::open_in_memory().unwrap();
        let id = RunId([1; 16]);
        let run = Run {
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
        };
        store.put_run(&run).unwrap();
        let outage = |peer: &str| Outage {
            peer: peer.into(),
            from: Timestamp(1),
            to: Timestamp(2),
            refused: 3,
            calls: 4,
            attempts: 5,
            from_the_start: true,
        };
        assert_eq!(kept_outages(&*store, id).unwrap(), []);
        for found in [vec![outage("a\n"), outage("b")], vec![outage("c")], vec![]] {
            keep_outages(&*store, id, &found).unwrap();
            assert_eq!(kept_outages(&*store, id).unwrap(), found);
        }
    }
}
