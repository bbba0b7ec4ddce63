//! The documents of a run and of a recording, built from a store.

#[path = "support/sample.rs"]
mod sample;

use model::{AttemptId, RunId};
use server::document::{build, recording};

use sample::{RUN, sample_store};

#[test]
fn a_document_is_built_from_a_store() {
    let document = build(&*sample_store().unwrap(), RUN).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn a_recording_is_built_from_a_store() {
    let recording = recording(&*sample_store().unwrap(), AttemptId([2; 16])).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&recording).unwrap());
}

#[test]
fn what_is_not_there_is_an_error() {
    let store = sample_store().unwrap();
    let error = build(&*store, RunId([0; 16])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "read run 00000000000000000000000000000000: the store does not know it"
    );
    assert!(recording(&*store, AttemptId([0; 16])).is_err());
}
