//! Evidence as a store in memory, with the diagnosis of it: what shows a recording reads stores only.

use std::sync::Arc;

use anyhow::Result;
use model::{Evidence, Recording, Run, RunState, Timestamp, TraceId};
use store::{Batch, BatchId, Chunk, Store, StoredDiagnosis};

/// A store of the attempt and its fixtures, and what is concluded from the evidence now.
///
/// # Errors
/// When the store cannot be written.
pub(crate) fn present(evidence: &Evidence) -> Result<Arc<dyn Store>> {
    let store = store::open_in_memory()?;
    let attempt = &evidence.attempt;
    store.put_run(&run(evidence))?;
    let own = (TraceId::from(attempt.id), &evidence.recording);
    let fixtures = attempt.fixtures.iter().copied().zip(&evidence.fixtures);
    let parts: Vec<(TraceId, &Recording)> = fixtures.chain([own]).collect();
    store.append(&Batch {
        id: BatchId(attempt.id.0),
        run_id: attempt.run_id,
        chunks: parts.iter().map(|part| chunk(*part)).collect(),
        attempts: vec![(attempt.clone(), evidence.test.clone())],
        gaps: parts
            .iter()
            .flat_map(|(_, recording)| recording.gaps.clone())
            .collect(),
        processes: Vec::new(),
        listeners: evidence.listeners.clone(),
    })?;
    store.put_diagnosis(&StoredDiagnosis {
        attempt_id: attempt.id,
        run_id: attempt.run_id,
        test_id: attempt.test_id,
        evidence_hash: archive::evidence::hash(evidence)?,
        diagnosis: diagnosis::diagnose(evidence),
    })?;
    Ok(store)
}

/// What evidence says of the run.
fn run(evidence: &Evidence) -> Run {
    let commit = evidence.facts.commit.iter();
    Run {
        id: evidence.attempt.run_id,
        name: None,
        project: evidence.test.project.clone(),
        command: Vec::new(),
        started: earliest(evidence),
        ended: None,
        exit: evidence.facts.exit,
        state: RunState::Sealed,
        tags: commit
            .map(|commit| ("vcs.ref.head.revision".to_owned(), commit.clone()))
            .collect(),
        peers: evidence.peers.clone(),
        parent: None,
        recorder_version: String::new(),
    }
}

fn earliest(evidence: &Evidence) -> Timestamp {
    let recordings = evidence.fixtures.iter().chain([&evidence.recording]);
    let starts = recordings.filter_map(|recording| Some(recording.spans.first()?.start));
    starts
        .chain([evidence.attempt.start])
        .min()
        .unwrap_or(evidence.attempt.start)
}

fn chunk((trace, recording): (TraceId, &Recording)) -> Chunk {
    Chunk {
        trace_id: Some(trace),
        spans: recording.spans.clone(),
        logs: recording.logs.clone(),
    }
}
