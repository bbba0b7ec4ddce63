//! Arbitrary files: bundles of recordings, and evidence.

use archive::recording::{Bundle, Home};
use model::{AttemptId, Baseline, Evidence, Recording, RunFacts, Sighting};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;

use super::diagnosis::{basis, diagnosis};
use super::signature::{outage, past, signature, touch};
use super::{
    attempt, exit, gap, listener, log, peer, run, run_id, span, test, text, time, trace_id,
};

fn home() -> impl Strategy<Value = Home> {
    (run_id(), of(trace_id())).prop_map(|(run, recording)| Home { run, recording })
}

pub(crate) fn bundle() -> impl Strategy<Value = Bundle> {
    let head = (
        vec(run(), 0..3),
        vec((attempt(), test()), 0..3),
        vec((home(), span()), 0..4),
    );
    let tail = (
        vec((home(), log()), 0..3),
        vec(gap(), 0..3),
        vec((run_id(), listener()), 0..3),
    );
    let attempt_id = any::<[u8; 16]>().prop_map(AttemptId);
    (head, tail, vec((attempt_id, diagnosis()), 0..2)).prop_map(|(head, tail, diagnoses)| Bundle {
        runs: head.0,
        attempts: head.1,
        spans: head.2,
        logs: tail.0,
        gaps: tail.1,
        listeners: tail.2,
        diagnoses,
    })
}

fn recording() -> impl Strategy<Value = Recording> {
    (vec(span(), 0..3), vec(log(), 0..2), vec(gap(), 0..2))
        .prop_map(|(spans, logs, gaps)| Recording { spans, logs, gaps })
}

fn baseline() -> impl Strategy<Value = Baseline> {
    let parts = (
        attempt(),
        recording(),
        vec(recording(), 0..3),
        basis(),
        time(),
        btree_map(text(), text(), 0..3),
        vec(listener(), 0..2),
        vec(touch(), 0..2),
    );
    parts.prop_map(|parts| Baseline {
        attempt: parts.0,
        recording: parts.1,
        fixtures: parts.2,
        basis: parts.3,
        run_started: parts.4,
        tags: parts.5,
        listeners: parts.6,
        touches: parts.7,
    })
}

fn run_facts() -> impl Strategy<Value = RunFacts> {
    let sighting = (text(), of(text()), of(text()), any::<u32>());
    let sighting = sighting.prop_map(|parts| Sighting {
        fingerprint: parts.0,
        commit: parts.1,
        branch: parts.2,
        attempts: parts.3,
    });
    let ended = btree_map(any::<u32>(), any::<bool>(), 0..3);
    let facts = (
        of(run_id()),
        of(text()),
        vec(sighting, 0..3),
        of(exit()),
        ended,
        vec(past(), 0..3),
        vec(touch(), 0..2),
        vec(outage(), 0..2),
    );
    facts.prop_map(|parts| RunFacts {
        run_id: parts.0,
        commit: parts.1,
        sightings: parts.2,
        exit: parts.3,
        ended: parts.4,
        past: parts.5,
        touches: parts.6,
        outages: parts.7,
    })
}

pub(crate) fn evidence() -> impl Strategy<Value = Evidence> {
    let head = (
        test(),
        attempt(),
        recording(),
        vec(recording(), 0..3),
        of(baseline()),
        vec(baseline(), 0..3),
        vec(signature(), 0..3),
    );
    (head, vec(peer(), 0..2), vec(listener(), 0..2), run_facts()).prop_map(
        |(head, peers, listeners, facts)| Evidence {
            test: head.0,
            attempt: head.1,
            recording: head.2,
            fixtures: head.3,
            baseline: head.4,
            variants: head.5,
            signatures: head.6,
            peers,
            listeners,
            facts,
        },
    )
}
