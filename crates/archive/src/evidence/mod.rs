//! Evidence as an archive: what a diagnosis was computed from, to compute it again or to report a bug with it.

mod read;
mod write;

use std::collections::BTreeMap;

use model::{Attempt, BaselineBasis, Exit, Listener, RunId, Timestamp, Touch};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ArchiveError;
use crate::scalar::{list, one, option};

pub use read::decode;
pub use write::{encode, encode_text};

/// The names of parts: of the failing attempt, of its baseline, of further passing recordings, and of their fixtures.
const RECORDING: &str = "recording";
const FIXTURE: &str = "fixture:";
const BASELINE: &str = "baseline";
const BASELINE_FIXTURE: &str = "baseline-fixture:";
const VARIANT: &str = "variant:";
const VARIANT_FIXTURE: &str = "variant-fixture:";

/// SHA-256 of the text, as hex: two diagnoses with the same hash were computed from the same evidence.
///
/// # Errors
/// When the text would be larger than [`crate::SIZE_LIMIT`].
pub fn hash(evidence: &model::Evidence) -> Result<String, ArchiveError> {
    let digest = Sha256::digest(encode_text(evidence)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// How many fixtures there are: the recording of one may be empty and have no line of its own.
#[derive(Serialize, Deserialize)]
struct Parts {
    fixtures: usize,
    baseline_fixtures: usize,
}

#[derive(Serialize, Deserialize)]
struct BaselineLine {
    #[serde(with = "one")]
    basis: BaselineBasis,
    #[serde(with = "one")]
    run_started: Timestamp,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    /// Here rather than in lines of their own, which an older reader would take for those of the failing run.
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    touches: Vec<Touch>,
}

/// A further passing recording, but for its records. All in one line of a type of its own, so that a reader that knows no
/// variants does not take a part of it for something else.
#[derive(Serialize, Deserialize)]
struct VariantLine {
    /// Its number, from 0.
    variant: usize,
    #[serde(flatten)]
    baseline: BaselineLine,
    #[serde(with = "one")]
    attempt: Attempt,
    /// How many fixtures it has.
    #[serde(default)]
    fixtures: usize,
    #[serde(with = "list", default, skip_serializing_if = "Vec::is_empty")]
    listeners: Vec<Listener>,
}

#[derive(Serialize, Deserialize)]
struct FactsLine {
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    run: Option<RunId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(with = "option", default, skip_serializing_if = "Option::is_none")]
    exit: Option<Exit>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ended: BTreeMap<u32, bool>,
}
