//! Single nouns as one JSON object each, in the shape that they have in an archive: how a store keeps its rows.

use model::{Attempt, Diagnosis, Outage, Run, Test, Unlike};

use crate::ArchiveError;
use crate::scalar::{As, Shape};

/// A noun that can be kept as a row.
pub trait Row: Shape {}

impl Row for Run {}
impl Row for Test {}
impl Row for Attempt {}
impl Row for Diagnosis {}
impl Row for Unlike {}
impl Row for Outage {}

/// The row as JSON, without a line break.
///
/// # Errors
/// When it cannot be written, which no value of the model leads to.
pub fn encode(row: &impl Row) -> Result<String, ArchiveError> {
    serde_json::to_string(&As(row)).map_err(|error| ArchiveError::Write(error.to_string()))
}

/// The row that a JSON text is.
///
/// # Errors
/// When it is not one.
pub fn decode<T: Row>(json: &str) -> Result<T, ArchiveError> {
    match serde_json::from_str::<As<T>>(json) {
        Ok(row) => Ok(row.0),
        Err(error) => Err(ArchiveError::Record(error.to_string())),
    }
}

/// Texts as a JSON array.
///
/// # Errors
/// When they cannot be written, which no texts lead to.
pub fn encode_texts(texts: &[String]) -> Result<String, ArchiveError> {
    serde_json::to_string(texts).map_err(|error| ArchiveError::Write(error.to_string()))
}

/// The texts of a JSON array.
///
/// # Errors
/// When it is not one.
pub fn decode_texts(json: &str) -> Result<Vec<String>, ArchiveError> {
    serde_json::from_str(json).map_err(|error| ArchiveError::Record(error.to_string()))
}
