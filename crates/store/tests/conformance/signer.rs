//! A small way of signing, for the store's own tests: each exchange is a call, and a segment of a path with a digit is an
//! identifier.

use std::sync::atomic::{AtomicUsize, Ordering};

use model::{
    Attempt, CallSignature, Exchange, Listener, PeerDeclaration, Recording, Signature, SmolStr,
    peer,
};
use store::Signer;

pub(crate) const SIGNER: Signer = Signer { version: 1, sign };

/// The same, made to be seen when it is used.
pub(crate) const COUNTING: Signer = Signer {
    version: 2,
    sign: count,
};

/// How often [`COUNTING`] was used.
pub(crate) static COUNT: AtomicUsize = AtomicUsize::new(0);

fn count(
    attempt: &Attempt,
    recording: &Recording,
    fixtures: &[Recording],
    peers: &[PeerDeclaration],
    listeners: &[Listener],
) -> Signature {
    COUNT.fetch_add(1, Ordering::Relaxed);
    sign(attempt, recording, fixtures, peers, listeners)
}

pub(crate) fn sign(
    attempt: &Attempt,
    recording: &Recording,
    fixtures: &[Recording],
    peers: &[PeerDeclaration],
    listeners: &[Listener],
) -> Signature {
    let of = |recording: &Recording, in_fixture: bool| -> Vec<CallSignature> {
        let calls = recording.exchanges().into_iter();
        let call = |exchange| call(&exchange, in_fixture, peers, listeners);
        calls.map(call).collect()
    };
    let mut calls: Vec<CallSignature> = fixtures.iter().flat_map(|one| of(one, true)).collect();
    calls.extend(of(recording, false));
    Signature {
        attempt_id: attempt.id,
        run_id: attempt.run_id,
        start: attempt.start,
        end: attempt.end,
        calls,
        left_out: 0,
    }
}

fn call(
    exchange: &Exchange,
    in_fixture: bool,
    peers: &[PeerDeclaration],
    listeners: &[Listener],
) -> CallSignature {
    let has_digit = |part: &&str| part.bytes().any(|byte| byte.is_ascii_digit());
    let segments = || exchange.path().split('/');
    let template: Vec<&str> = segments()
        .map(|part| if has_digit(&part) { "*" } else { part })
        .collect();
    let status = exchange.status();
    CallSignature {
        span_id: exchange.span_id,
        start: exchange.start,
        end: exchange.end,
        phase: exchange.phase,
        in_fixture,
        peer: peer::key(peers, listeners, &exchange.host, exchange.port).into(),
        host: exchange.host.as_str().into(),
        port: exchange.port,
        method: exchange.method.as_str().into(),
        path: exchange.path().into(),
        template: template.join("/").into(),
        operation: None,
        ids: segments().filter(has_digit).map(SmolStr::new).collect(),
        made: Vec::new(),
        request: template.len() as u64,
        reply: 0,
        outcome: status.map_or("open".into(), |status| status.to_string().into()),
        fine: status.is_some_and(|status| status < 400),
        refused: status.is_none_or(|status| status >= 500),
        tries: 1,
        credential: None,
        writes: exchange.method != "GET",
        mocked: false,
    }
}
