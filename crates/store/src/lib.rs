//! Where recordings live.
//!
//! [`open`] gives a [`Store`]: one trait of primitive reads and writes, whose doc comments are its specification and
//! whose conformance suite every implementation runs. What needs thought (a merged recording, the evidence of a
//! failure) is built above the trait, in [`recording`] and [`evidence`], and knows no engine.

mod api;

pub use api::{
    AttemptQuery, Batch, BatchId, Chunk, PrefixMatch, Process, RunQuery, Store, StoreError,
    StoredDiagnosis,
};
