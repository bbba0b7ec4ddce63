//! Arbitrary signatures, touches, past attempts and outages.

use model::{
    AttemptId, AttemptStatus, CallSignature, Outage, PastAttempt, Phase, Signature, SmolStr, Touch,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::{run_id, span_id, text, time};

fn attempt_id() -> impl Strategy<Value = AttemptId> {
    any::<[u8; 16]>().prop_map(AttemptId)
}

/// A text as signatures hold it.
fn short() -> impl Strategy<Value = SmolStr> {
    text().prop_map(SmolStr::from)
}

fn call() -> impl Strategy<Value = CallSignature> {
    let phases = vec![Phase::Setup, Phase::Body, Phase::Teardown, Phase::After];
    let head = (
        span_id(),
        time(),
        of(time()),
        select(phases),
        any::<bool>(),
        short(),
        short(),
        of(any::<u16>()),
    );
    let request = (
        short(),
        short(),
        short(),
        of(short()),
        vec(short(), 0..3),
        vec(short(), 0..2),
        any::<u64>(),
        any::<u64>(),
    );
    let tail = (
        short(),
        any::<bool>(),
        any::<u32>(),
        of(short()),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    (head, request, tail).prop_map(|(head, request, tail)| CallSignature {
        span_id: head.0,
        start: head.1,
        end: head.2,
        phase: head.3,
        in_fixture: head.4,
        peer: head.5,
        host: head.6,
        port: head.7,
        method: request.0,
        path: request.1,
        template: request.2,
        operation: request.3,
        ids: request.4,
        made: request.5,
        request: request.6,
        reply: request.7,
        outcome: tail.0,
        fine: tail.1,
        tries: tail.2,
        credential: tail.3,
        writes: tail.4,
        mocked: tail.5,
        refused: tail.6,
    })
}

pub(super) fn signature() -> impl Strategy<Value = Signature> {
    let parts = (
        attempt_id(),
        run_id(),
        time(),
        of(time()),
        vec(call(), 0..4),
        any::<u32>(),
    );
    parts.prop_map(|parts| Signature {
        attempt_id: parts.0,
        run_id: parts.1,
        start: parts.2,
        end: parts.3,
        calls: parts.4,
        left_out: u64::from(parts.5),
    })
}

pub(super) fn touch() -> impl Strategy<Value = Touch> {
    (attempt_id(), short(), of(short()), call()).prop_map(|(attempt_id, test, worker, call)| {
        Touch {
            attempt_id,
            test,
            worker,
            call,
        }
    })
}

pub(super) fn past() -> impl Strategy<Value = PastAttempt> {
    let statuses = vec![
        AttemptStatus::Passed,
        AttemptStatus::Failed,
        AttemptStatus::Skipped,
        AttemptStatus::Unfinished,
    ];
    let parts = (
        attempt_id(),
        run_id(),
        select(statuses),
        time(),
        of(text()),
        of(text()),
        of(text()),
        of(text()),
    );
    parts.prop_map(|parts| PastAttempt {
        attempt_id: parts.0,
        run_id: parts.1,
        status: parts.2,
        start: parts.3,
        commit: parts.4,
        branch: parts.5,
        said: parts.6,
        fingerprint: parts.7,
    })
}

pub(super) fn outage() -> impl Strategy<Value = Outage> {
    let counts = (any::<u32>(), any::<u32>(), any::<u32>());
    (text(), time(), time(), counts, any::<bool>()).prop_map(|(peer, from, to, counts, start)| {
        Outage {
            peer,
            from,
            to,
            refused: u64::from(counts.0),
            calls: u64::from(counts.1),
            attempts: u64::from(counts.2),
            from_the_start: start,
        }
    })
}
