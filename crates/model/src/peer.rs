//! Peers: whom an exchange goes to, and in what role.

use std::net::IpAddr;

use crate::Listener;

/// Whom an exchange goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// What it is called: as declared, else what listens there, else the host. Never holds a port.
    pub name: String,
    /// What it is to the tests.
    pub role: Role,
    /// How the role is known.
    pub basis: RoleBasis,
}

/// What a peer is to the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The software under test.
    Product,
    /// Somebody else's service.
    Dependency,
    /// Databases, queues and such of the test environment.
    Infrastructure,
    /// Not known. A cause is still named, its owner is not.
    Unknown,
}

impl Role {
    /// The name in files, reports and `flakescope.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Dependency => "dependency",
            Self::Infrastructure => "infrastructure",
            Self::Unknown => "unknown",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Product,
            Self::Dependency,
            Self::Infrastructure,
            Self::Unknown,
        ]
        .into_iter()
        .find(|role| role.as_str() == name)
    }
}

/// How a role is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleBasis {
    /// `flakescope.toml` says so.
    Declared,
    /// Its own spans are in the trace.
    OwnSpans,
    /// It listens in a process that the command started.
    StartedByCommand,
    /// It listens in the very process that runs the tests: the product, or a stand-in for something else.
    InTestProcess,
    /// It has a public address, or a public name.
    PublicHost,
    /// Nothing says anything.
    Nothing,
}

/// A peer as `flakescope.toml` declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerDeclaration {
    /// What it is called.
    pub name: String,
    /// `host`, `host:port`, `*.suffix` or `*.suffix:port`, any of which means this peer.
    pub hosts: Vec<String>,
    /// The script or program that listens: its name, or its path from any folder on. For servers with random ports.
    pub process: Option<String>,
    /// What it is to the tests.
    pub role: Role,
}

impl PeerDeclaration {
    /// Whether this declaration names that host and port.
    #[must_use]
    pub fn matches(&self, host: &str, port: Option<u16>) -> bool {
        self.hosts
            .iter()
            .any(|pattern| pattern_matches(pattern, host, port))
    }

    /// Whether this declaration names the process that has this server socket.
    #[must_use]
    pub fn runs(&self, listener: &Listener) -> bool {
        let process = self.process.as_deref();
        process.is_some_and(|pattern| is_program(pattern, &listener.program))
    }
}

/// The declaration that means this host and port, by host or by the process that listens there; the first counts.
#[must_use]
pub fn declared<'a>(
    declarations: &'a [PeerDeclaration],
    listeners: &[Listener],
    host: &str,
    port: Option<u16>,
) -> Option<&'a PeerDeclaration> {
    let listener = listener_at(listeners, host, port);
    declarations.iter().find(|declaration| {
        declaration.matches(host, port)
            || listener.is_some_and(|listener| declaration.runs(listener))
    })
}

/// Whom a declaration by `process` means at this host and port as far as another run tells, of which `elsewhere` are the
/// server sockets: where nobody listens there in this run, and the process nowhere, its port is still known. A process that
/// listens at another port has moved, and says nothing of the old one.
#[must_use]
pub fn is_known_elsewhere(
    declarations: &[PeerDeclaration],
    listeners: &[Listener],
    elsewhere: &[Listener],
    host: &str,
    port: Option<u16>,
) -> bool {
    if listener_at(listeners, host, port).is_some() {
        return false;
    }
    let known = declared(declarations, elsewhere, host, port);
    known.is_some_and(|known| !listeners.iter().any(|listener| known.runs(listener)))
}

/// The name by which a peer is the same one in every run, whatever its port: the declared one, `local` for this machine,
/// else the host.
#[must_use]
pub fn key(
    declarations: &[PeerDeclaration],
    listeners: &[Listener],
    host: &str,
    port: Option<u16>,
) -> String {
    if let Some(declared) = declared(declarations, listeners, host, port) {
        return declared.name.clone();
    }
    if is_loopback(host) {
        "local".to_owned()
    } else {
        host.to_ascii_lowercase()
    }
}

/// Finds out who listens at `host` and `port`. The first of these that says something decides: a declaration; a listener
/// in the run's processes; whether the host is public. Spans of the peer's own are the caller's to look for.
#[must_use]
pub fn resolve(
    declarations: &[PeerDeclaration],
    listeners: &[Listener],
    host: &str,
    port: Option<u16>,
) -> Peer {
    if let Some(declared) = declared(declarations, listeners, host, port) {
        return Peer {
            name: declared.name.clone(),
            role: declared.role,
            basis: RoleBasis::Declared,
        };
    }
    if let Some(listener) = listener_at(listeners, host, port) {
        return listening_peer(listener, host);
    }
    if is_public(host) {
        return Peer {
            name: host.to_owned(),
            role: Role::Dependency,
            basis: RoleBasis::PublicHost,
        };
    }
    Peer {
        name: host.to_owned(),
        role: Role::Unknown,
        basis: RoleBasis::Nothing,
    }
}

/// A server in the test's own process may be the product (as with supertest) or a stand-in for a dependency. Nothing
/// that is recorded tells the two apart, so its role stays unknown.
fn listening_peer(listener: &Listener, host: &str) -> Peer {
    if listener.runs_tests {
        return Peer {
            name: host.to_owned(),
            role: Role::Unknown,
            basis: RoleBasis::InTestProcess,
        };
    }
    Peer {
        name: listener.service.clone(),
        role: Role::Product,
        basis: RoleBasis::StartedByCommand,
    }
}

fn listener_at<'a>(
    listeners: &'a [Listener],
    host: &str,
    port: Option<u16>,
) -> Option<&'a Listener> {
    listeners
        .iter()
        .find(|listener| listens(listener, host, port))
}

/// A name such as `localhost` may resolve to any loopback address; an address means itself.
fn listens(listener: &Listener, host: &str, port: Option<u16>) -> bool {
    let asked = bare(host);
    let is_name = asked.parse::<IpAddr>().is_err();
    listener.open
        && Some(listener.port) == port
        && is_loopback(host)
        && (asked == bare(&listener.host)
            || is_any(&listener.host)
            || (is_name && is_loopback(&listener.host)))
}

/// The host without the brackets of an IPv6 literal.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

fn is_any(host: &str) -> bool {
    matches!(host, "" | "0.0.0.0" | "::")
}

/// Whether the host is this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let host = bare(host);
    if host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost") {
        return true;
    }
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback(),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback()
                || address
                    .to_ipv4_mapped()
                    .is_some_and(|mapped| mapped.is_loopback())
        }
        Err(_) => false,
    }
}

/// Whether the host is on the public internet: a public address, or a name with a dot whose last part is not one of
/// those kept for private use (RFC 6761, RFC 6762, RFC 8375 and `internal`).
fn is_public(host: &str) -> bool {
    let host = bare(host);
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified())
        }
        Ok(IpAddr::V6(address)) => {
            let local = address.is_unique_local() || address.is_unicast_link_local();
            !(local
                || address.is_loopback()
                || address.is_unspecified()
                || address.to_ipv4_mapped().is_some())
        }
        Err(_) => has_public_suffix(host),
    }
}

fn has_public_suffix(host: &str) -> bool {
    const PRIVATE: &[&str] = &[
        "local",
        "localhost",
        "internal",
        "test",
        "invalid",
        "example",
        "arpa",
        "lan",
        "home",
    ];
    host.trim_end_matches('.')
        .rsplit_once('.')
        .is_some_and(|(_, last)| {
            !PRIVATE
                .iter()
                .any(|private| last.eq_ignore_ascii_case(private))
        })
}

fn pattern_matches(pattern: &str, host: &str, port: Option<u16>) -> bool {
    let (pattern_host, pattern_port) = split_port(pattern);
    if pattern_port.is_some() && pattern_port != port {
        return false;
    }
    match pattern_host.strip_prefix("*.") {
        Some(suffix) => {
            let host = host.to_ascii_lowercase();
            host.strip_suffix(&suffix.to_ascii_lowercase())
                .is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
        }
        None => bare(pattern_host).eq_ignore_ascii_case(bare(host)),
    }
}

/// Whether the pattern is the program's name, or the end of its path that begins at a folder.
fn is_program(pattern: &str, program: &str) -> bool {
    let pattern = pattern.trim_start_matches("./");
    program
        .strip_suffix(pattern)
        .is_some_and(|rest| !pattern.is_empty() && (rest.is_empty() || rest.ends_with('/')))
}

/// Splits `host:port`; an IPv6 address needs brackets to have a port.
fn split_port(pattern: &str) -> (&str, Option<u16>) {
    match pattern.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (pattern, None),
        },
        _ => (pattern, None),
    }
}

/// Whether a URL is of this machine, by its host.
#[must_use]
pub fn is_local_url(url: &str) -> bool {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    };
    host.is_some_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn patterns_mean_hosts() {
        let check = |pattern: &str, host: &str, port: u16, expected: bool| {
            assert_eq!(
                pattern_matches(pattern, host, Some(port)),
                expected,
                "{pattern} {host} {port}"
            );
        };
        check("127.0.0.1:4566", "127.0.0.1", 4566, true);
        check("127.0.0.1:4566", "127.0.0.1", 4567, false);
        check("127.0.0.1", "127.0.0.1", 4567, true);
        check(
            "*.amazonaws.com",
            "lambda.eu-west-1.amazonaws.com",
            443,
            true,
        );
        check("*.amazonaws.com", "amazonaws.com", 443, false);
        check("*.amazonaws.com", "evilamazonaws.com", 443, false);
        check("Slack.com", "slack.COM", 443, true);
        check("[::1]:80", "::1", 80, true);
        check("::1", "::1", 80, true);
        check("::1", "[::1]", 80, true);
    }

    #[test]
    fn a_process_is_meant_by_the_end_of_its_path() {
        let check = |pattern: &str, program: &str, expected: bool| {
            assert_eq!(
                is_program(pattern, program),
                expected,
                "{pattern} {program}"
            );
        };
        check("app.js", "/p/services/app.js", true);
        check("services/app.js", "/p/services/app.js", true);
        check("./services/app.js", "/p/services/app.js", true);
        check("/p/services/app.js", "/p/services/app.js", true);
        check("app.js", "app.js", true);
        check("app.js", "/p/webapp.js", false);
        check("vices/app.js", "/p/services/app.js", false);
        check("app.js", "/p/app.js/main.js", false);
        check("", "/p/", false);
        check("", "", false);
    }

    #[test]
    fn roles_follow_from_what_is_known() {
        let listener = |port: u16, runs_tests: bool| Listener {
            host: "::".into(),
            port,
            time: Timestamp(0),
            open: true,
            pid: 1,
            service: "api".into(),
            program: "/p/api.js".into(),
            runs_tests,
        };
        let declared = PeerDeclaration {
            name: "AWS Lambda".into(),
            hosts: vec!["localhost:1".into()],
            process: None,
            role: Role::Dependency,
        };
        let by_process = PeerDeclaration {
            name: "stock".into(),
            hosts: vec![],
            process: Some("stock.js".into()),
            role: Role::Infrastructure,
        };
        let bound = Listener {
            host: "127.0.0.8".into(),
            ..listener(5, false)
        };
        let stock = |port: u16, runs_tests: bool| Listener {
            program: "/p/stock.js".into(),
            ..listener(port, runs_tests)
        };
        let listeners = [
            listener(1, false),
            listener(2, false),
            listener(3, true),
            bound,
            stock(6, false),
            stock(7, true),
        ];
        let declarations = [declared, by_process];
        let check = |host: &str, port: u16, expected: &str| {
            let peer = resolve(&declarations, &listeners, host, Some(port));
            let Peer { name, role, basis } = peer;
            assert_eq!(format!("{name}: {role:?}, {basis:?}"), expected);
        };
        check("localhost", 1, "AWS Lambda: Dependency, Declared");
        check("127.0.0.1", 2, "api: Product, StartedByCommand");
        check("127.0.0.1", 3, "127.0.0.1: Unknown, InTestProcess");
        check("127.0.0.1", 4, "127.0.0.1: Unknown, Nothing");
        check("127.0.0.8", 5, "api: Product, StartedByCommand");
        check("localhost", 5, "api: Product, StartedByCommand");
        check("127.0.0.9", 5, "127.0.0.9: Unknown, Nothing");
        check("10.0.0.7", 2, "10.0.0.7: Unknown, Nothing");
        check("postgres", 2, "postgres: Unknown, Nothing");
        check("api.internal", 2, "api.internal: Unknown, Nothing");
        check("localhost", 6, "stock: Infrastructure, Declared");
        check("127.0.0.1", 7, "stock: Infrastructure, Declared");
        check("10.0.0.7", 6, "10.0.0.7: Unknown, Nothing");
        check("slack.com", 443, "slack.com: Dependency, PublicHost");
        check("8.8.8.8", 443, "8.8.8.8: Dependency, PublicHost");
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        let check = |url: &str, expected| assert_eq!(is_local_url(url), expected, "{url}");
        check("http://127.0.0.1:4000/items", true);
        check("http://[::1]:4000/items", true);
        check("http://localhost", true);
        check("https://api.example.org/localhost", false);
        check("", false);
    }
}
