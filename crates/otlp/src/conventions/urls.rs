//! Addresses that older conventions have in parts: host and target.

use model::{Attributes, SpanKind, attribute as name};

/// `host[:port]`, as in the header.
const HOST: &str = "http.host";
/// Path and query, as in the request line.
const TARGET: &str = "http.target";

/// Puts the parts of an address together for a client, and takes them apart for a server.
pub(super) fn complete(facts: &mut Attributes, kind: SpanKind) {
    if facts.get(name::HTTP_METHOD).is_none() {
        return;
    }
    address(facts);
    match kind {
        SpanKind::Client => client(facts),
        SpanKind::Server => server(facts),
        _ => {}
    }
}

fn address(facts: &mut Attributes) {
    if facts.get(name::SERVER_ADDRESS).is_some() {
        return;
    }
    let Some(host) = facts.str(HOST) else {
        return;
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port))
            if !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit()) =>
        {
            (host, port.parse::<i64>().ok())
        }
        _ => (host, None),
    };
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    facts.set(name::SERVER_ADDRESS, host);
    if let (Some(port), None) = (port, facts.get(name::SERVER_PORT)) {
        facts.set(name::SERVER_PORT, port);
    }
}

/// A target that is part of the whole URL says nothing more, and its query would be masked only there.
fn client(facts: &mut Attributes) {
    let Some(target) = facts.str(TARGET) else {
        return;
    };
    match facts.str(name::URL_FULL) {
        Some(url) if url.ends_with(target) => {
            facts.remove(TARGET);
        }
        Some(_) => {}
        None => {
            let Some(host) = facts.str(HOST) else {
                return;
            };
            let scheme = facts.str(name::URL_SCHEME).unwrap_or("http");
            let url = format!("{scheme}://{host}{target}");
            facts.remove(TARGET);
            facts.set(name::URL_FULL, url);
        }
    }
}

fn server(facts: &mut Attributes) {
    if facts.get(name::URL_PATH).is_some() {
        return;
    }
    let Some(target) = facts.str(TARGET) else {
        return;
    };
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (target.to_owned(), None),
    };
    facts.remove(TARGET);
    facts.set(name::URL_PATH, path);
    if let (Some(query), None) = (query, facts.get(name::URL_QUERY)) {
        facts.set(name::URL_QUERY, query);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Value;

    fn check(kind: SpanKind, sent: &[(&str, &str)], expected: &[(&str, Value)]) {
        let mut facts: Attributes = sent.iter().copied().collect();
        facts.set(name::HTTP_METHOD, "GET");
        complete(&mut facts, kind);
        facts.remove(name::HTTP_METHOD);
        let expected: Attributes = expected.iter().cloned().collect();
        assert_eq!(facts, expected);
    }

    #[test]
    fn a_client_has_the_whole_url() {
        check(
            SpanKind::Client,
            &[("http.host", "a:81"), ("http.target", "/b?c=d")],
            &[
                ("http.host", "a:81".into()),
                ("server.address", "a".into()),
                ("server.port", Value::Int(81)),
                ("url.full", "http://a:81/b?c=d".into()),
            ],
        );
        check(
            SpanKind::Client,
            &[
                ("url.full", "https://a/b?c"),
                ("http.target", "/b?c"),
                ("server.address", "a"),
            ],
            &[
                ("url.full", "https://a/b?c".into()),
                ("server.address", "a".into()),
            ],
        );
        check(
            SpanKind::Client,
            &[("http.host", "[::1]:81")],
            &[
                ("http.host", "[::1]:81".into()),
                ("server.address", "::1".into()),
                ("server.port", Value::Int(81)),
            ],
        );
    }

    #[test]
    fn a_server_has_path_and_query() {
        check(
            SpanKind::Server,
            &[("http.target", "/b?c=d"), ("server.address", "a")],
            &[
                ("server.address", "a".into()),
                ("url.path", "/b".into()),
                ("url.query", "c=d".into()),
            ],
        );
        check(
            SpanKind::Internal,
            &[("http.target", "/")],
            &[("http.target", "/".into())],
        );
    }
}
