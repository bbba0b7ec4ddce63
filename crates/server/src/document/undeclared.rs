//! The part of a run's document that says which peers nobody declared, where a failure is held against them: what to write
//! into `flakescope.toml` so that the next diagnosis can be surer and name an owner.

use std::collections::BTreeSet;

use anyhow::Result;
use model::{Confidence, Role, RoleBasis, RunId};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use super::Peers;
use super::types::{Diagnosis, Test};

/// A peer that nobody declared, as a declaration could have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct UndeclaredPeer {
    /// What it is called here; anything is as good.
    pub name: String,
    /// `host:port` as it was called; null where `process` says it better.
    pub host: Option<String>,
    /// The name of its script or program, where the command started it: its port may be another one each time.
    pub process: Option<String>,
    /// What it may be: `product` where the command started it, else `dependency`. Only who wrote the tests knows.
    pub role: String,
}

/// The peers that nobody declared and that a diagnosis which is only likely holds a failure against, each once, by name.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn undeclared(
    store: &dyn Store,
    run: RunId,
    tests: &[Test],
) -> Result<Vec<UndeclaredPeer>> {
    let attempts = tests.iter().filter_map(Test::decisive);
    let diagnoses = attempts.filter_map(|attempt| attempt.diagnosis.as_ref());
    let urls: BTreeSet<&str> = diagnoses.filter_map(blamed_url).collect();
    if urls.is_empty() {
        return Ok(Vec::new());
    }
    let peers = Peers::of_run(store, run)?;
    let found = urls.into_iter().filter_map(|url| entry(&peers, url));
    let found: BTreeSet<UndeclaredPeer> = found.collect();
    Ok(found.into_iter().collect())
}

fn blamed_url(diagnosis: &Diagnosis) -> Option<&str> {
    let likely = diagnosis.confidence == Confidence::Likely.as_str();
    let culprit = diagnosis.culprit.as_ref().filter(|_| likely)?;
    Some(&culprit.url)
}

fn entry(peers: &Peers, url: &str) -> Option<UndeclaredPeer> {
    let (host, port) = host_and_port(url)?;
    let peer = peers.peer(host, port);
    let address = match port {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    match peer.basis {
        RoleBasis::StartedByCommand => {
            let process = peers.program(&peer.name, port);
            Some(UndeclaredPeer {
                host: process.is_none().then_some(address),
                process,
                name: peer.name,
                role: Role::Product.as_str().to_owned(),
            })
        }
        RoleBasis::InTestProcess | RoleBasis::Nothing => Some(UndeclaredPeer {
            name: address.clone(),
            host: Some(address),
            process: None,
            role: Role::Dependency.as_str().to_owned(),
        }),
        RoleBasis::Declared | RoleBasis::OwnSpans | RoleBasis::PublicHost => None,
    }
}

/// Host and port of a URL; an IPv6 address keeps its brackets, as a declaration needs them.
fn host_and_port(url: &str) -> Option<(&str, Option<u16>)> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, after)| after);
    let split = match authority.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            port.parse().ok().map(|port| (host, Some(port)))
        }
        _ => None,
    };
    let (host, port) = split.unwrap_or((authority, None));
    (!host.is_empty()).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_say_who_was_called() {
        let check = |url: &str, expected| assert_eq!(host_and_port(url), expected, "{url}");
        check(
            "http://127.0.0.1:4100/a?b:c",
            Some(("127.0.0.1", Some(4100))),
        );
        check("https://api.example.org/x", Some(("api.example.org", None)));
        check("http://[::1]:80/", Some(("[::1]", Some(80))));
        check("http://[::1]/", Some(("[::1]", None)));
        check("http://u:p@host:1", Some(("host", Some(1))));
        check("no address", None);
        check("file:///tmp", None);
    }
}
