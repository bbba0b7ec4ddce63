//! Whether a call went to another port than its peer's: then the request differs, and it is not the peer's doing.
//!
//! | the port | another one? |
//! |---|---|
//! | not that of the same call in the passing recording | yes |
//! | not one that the passing recording calls at this host, by a public or private name | yes |
//! | not the one with which `flakescope.toml` declares the only peer of this host | yes |
//! | not the one on which the same peer answers in this recording, and refused, or answers that there is no such thing | yes |
//! | one that the passing recording calls at this host, too | no: a peer may have several |
//! | of another scheme, or at another host, than the same call in the passing recording | yes |
//! | one on which a server of this run listens, or listened | no: a run's own servers are where they are |
//! | both 32768 or higher, where systems hand out ports by themselves | no |

use model::{Evidence, Listener, PeerDeclaration, peer};

use crate::calls::Call;
use crate::context::Context;
use crate::state;
use crate::text;

/// Linux hands out ports from here on to servers that ask for any, and so do container engines.
const EPHEMERAL: u16 = 32_768;

/// Where else the peer was to be expected, to stand in a sentence: `the passing recording calls it on port 7000`.
pub(crate) fn expected(context: &Context, call: usize) -> Option<String> {
    let here = &context.calls[call];
    let (host, port) = address(here)?;
    if listened(&context.evidence.listeners, host, port) || here.last().exchange.mocked.is_some() {
        return None;
    }
    if let Some(there) = passing_port(context, call, host, port) {
        return Some(format!("the passing recording calls it on port {there}"));
    }
    if is_usual(context, host, port) {
        return None;
    }
    if let Some((name, there)) = declared_port(context.evidence, host, port) {
        return Some(format!("{name} is declared on port {there}"));
    }
    let there = answering_port(context, call, host, port)?;
    Some(format!("it answers on port {there}"))
}

/// The other address at which the passing recording makes the call, to stand in a sentence: `the passing recording
/// calls it over http`, `the passing recording calls payments.test`.
pub(crate) fn other_address(context: &Context, call: usize) -> Option<String> {
    let comparison = context.comparison.as_ref()?;
    let here = &context.calls[call];
    if here.last().exchange.mocked.is_some() || !context.is_own(call) {
        return None;
    }
    if let Some(there) = comparison.counterpart(call) {
        let (scheme, other) = (scheme(here)?, scheme(there)?);
        return (scheme != other).then(|| format!("the passing recording calls it over {other}"));
    }
    let (signature, host) = (&here.signature, &here.tries[0].exchange.host);
    let mut missing = comparison.missing.iter().map(|at| &comparison.calls[*at]);
    let there = missing.find(|there| {
        there.signature.method == signature.method
            && there.signature.template == signature.template
            && !same_host(host, &there.tries[0].exchange.host)
    })?;
    let host = text::one_line(&there.tries[0].exchange.host, text::QUOTE_CHARS);
    Some(format!("the passing recording calls {host}"))
}

fn scheme(call: &Call) -> Option<&str> {
    let url = &call.tries[0].exchange.url;
    url.split_once("://").map(|(scheme, _)| scheme)
}

/// Whether the passing recording made the same call at another port: what answered there may be somebody else.
pub(crate) fn moved(context: &Context, call: usize) -> bool {
    let Some((host, port)) = address(&context.calls[call]) else {
        return false;
    };
    let there = context.counterpart(call).and_then(address);
    there.is_some_and(|(_, there)| differ(port, there))
        && !listened(&context.evidence.listeners, host, port)
}

fn address(call: &Call) -> Option<(&str, u16)> {
    let exchange = &call.tries[0].exchange;
    Some((exchange.host.as_str(), exchange.port?))
}

/// Whether two calls of one host go to ports that are not both handed out by chance.
pub(crate) fn differ(here: u16, there: u16) -> bool {
    here != there && (here < EPHEMERAL || there < EPHEMERAL)
}

fn listened(listeners: &[Listener], host: &str, port: u16) -> bool {
    peer::is_loopback(host) && listeners.iter().any(|listener| listener.port == port)
}

pub(crate) fn same_host(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || peer::is_loopback(left) && peer::is_loopback(right)
}

/// The port of the same call in the passing recording. On this machine many peers share a host, so that only a call that
/// asks for the same counts; elsewhere every call to the host does.
fn passing_port(context: &Context, call: usize, host: &str, port: u16) -> Option<u16> {
    let comparison = context.comparison.as_ref()?;
    if let Some((_, there)) = comparison.counterpart(call).and_then(address) {
        return differ(port, there).then_some(there);
    }
    let there: Vec<(&Call, u16)> = comparison
        .calls
        .iter()
        .filter_map(|other| {
            let (there, port) = address(other)?;
            same_host(host, there).then_some((other, port))
        })
        .collect();
    if there.iter().any(|(_, there)| !differ(port, *there)) {
        return None;
    }
    let signature = &context.calls[call].signature;
    let alike = |other: &Call| {
        other.signature.method == signature.method && other.signature.template == signature.template
    };
    let found = there
        .iter()
        .find(|(other, _)| alike(other) || !peer::is_loopback(host));
    found.map(|(_, there)| *there)
}

/// Whether the passing recording calls this port of the host as well.
fn is_usual(context: &Context, host: &str, port: u16) -> bool {
    let comparison = context.comparison.as_ref();
    let calls = comparison.iter().flat_map(|comparison| &comparison.calls);
    calls
        .filter_map(address)
        .any(|(there, other)| same_host(host, there) && !differ(port, other))
}

/// The one peer that is declared at this host, and only with other ports.
fn declared_port(evidence: &Evidence, host: &str, port: u16) -> Option<(String, u16)> {
    let matches = |declared: &PeerDeclaration, port: u16| {
        peer::declared(std::slice::from_ref(declared), &[], host, Some(port)).is_some()
    };
    if evidence
        .peers
        .iter()
        .any(|declared| matches(declared, port))
    {
        return None;
    }
    let mut found = evidence.peers.iter().flat_map(|declared| {
        let ports = declared
            .hosts
            .iter()
            .filter_map(|pattern| pattern.rsplit_once(':')?.1.parse().ok());
        ports
            .filter(|there| matches(declared, *there) && differ(port, *there))
            .map(|there| (declared.name.clone(), there))
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The port on which the same peer, if it is declared for the host as a whole or is another machine, answers the test.
fn answering_port(context: &Context, call: usize, host: &str, port: u16) -> Option<u16> {
    let here = &context.calls[call];
    // Who refuses for another reason, or cannot be found by name, is not mistaken for somebody else.
    let refused = here.last().exchange.failure() == Some("ECONNREFUSED");
    if !refused && !state::is_not_there(here) {
        return None;
    }
    let peer = &here.peer;
    let shared = peer::is_loopback(host) && peer.basis != model::RoleBasis::Declared;
    let others = context
        .calls
        .iter()
        .filter(|other| other.peer == *peer && !shared);
    let mut answering = others
        .filter(|other| other.last().is_fine())
        .filter_map(address);
    if answering.clone().any(|(_, there)| !differ(port, there)) {
        return None;
    }
    answering.next().map(|(_, there)| there)
}
