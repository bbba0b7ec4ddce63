//! Passing recordings that are not in the attempt's own store: those of another store, or of an evidence file. In CI the
//! store of the base branch is such a one.

use std::sync::Arc;

use model::{Baseline, Evidence};

use crate::Store;

/// Further passing recordings to compare failures with.
#[derive(Default)]
pub struct Elsewhere {
    pub(super) stores: Vec<Arc<dyn Store>>,
    pub(super) recordings: Vec<Baseline>,
}

impl Elsewhere {
    /// Adds the recordings of a store, which is only read.
    pub fn add_store(&mut self, store: Arc<dyn Store>) {
        self.stores.push(store);
    }

    /// Adds the passing recordings of evidence, and says how many there are.
    pub fn add_evidence(&mut self, evidence: Evidence) -> usize {
        let before = self.recordings.len();
        self.recordings.extend(evidence.baseline);
        self.recordings.extend(evidence.variants);
        self.recordings.len() - before
    }
}
