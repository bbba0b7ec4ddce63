//! Where recordings live.
//!
//! [`open`] gives a [`Store`]: one trait of primitive reads and writes, whose doc comments are its specification and
//! whose conformance suite every implementation runs. What needs thought (a merged recording, the evidence of a
//! failure) is built above the trait, in [`recording`] and [`evidence`], and knows no engine.

mod api;
mod call_block;
mod derived;
mod evidence;
mod overlay;
mod packed;
mod prefix;
mod recording;
mod resilient;
mod run_outages;
mod signature_block;
mod sqlite;
mod tally;
mod unlike;

pub use api::{
    AttemptQuery, Batch, BatchId, CallQuery, CallStat, Chunk, Derived, DerivedKind, DiagnosisQuery,
    Kept, Mark, Part, PrefixMatch, Process, RunQuery, Store, StoreError, StoredDiagnosis,
};
pub use derived::{calls, tallies};
pub use evidence::{
    EVIDENCE_LIMIT, Elsewhere, HISTORY_LIMIT, RUN_LIMIT, RunContext, SAID_BYTES, SIGHTING_LIMIT,
    Sign, Signer, evidence,
};
pub use overlay::overlaid;
pub use recording::recording;
pub use resilient::{Loss, Resilient, open_resilient, resilient};
pub use run_outages::{keep_outages, kept_outages};
pub use sqlite::{open, open_existing, open_in_memory};
pub use tally::Tally;
pub use unlike::{keep_unlike, kept_unlike};
