//! Old names of attributes and the current ones, as a table.
//!
//! From the deprecation tables of the semantic conventions 1.45; the old names of HTTP are those up to 1.20, which
//! SDKs still send unless told otherwise.

use model::{Attributes, SpanKind, Value, attribute as name};

/// On which side of a call a span is. Some old names mean another thing on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
    Neither,
}

impl Side {
    pub(super) fn of(kind: SpanKind) -> Self {
        match kind {
            SpanKind::Client | SpanKind::Producer => Self::Client,
            SpanKind::Server | SpanKind::Consumer => Self::Server,
            SpanKind::Internal | SpanKind::Unspecified => Self::Neither,
        }
    }
}

/// A row of the table.
struct Row {
    old: &'static str,
    new: &'static str,
    /// The side on which it means that; `None` for all.
    side: Option<Side>,
    /// Whether the value is a whole number, which some senders write as text.
    is_number: bool,
}

const fn text(old: &'static str, new: &'static str) -> Row {
    Row {
        old,
        new,
        side: None,
        is_number: false,
    }
}

const fn number(old: &'static str, new: &'static str) -> Row {
    Row {
        is_number: true,
        ..text(old, new)
    }
}

const fn on(side: Side, row: Row) -> Row {
    Row {
        side: Some(side),
        ..row
    }
}

/// Where several old names have one new name, the better one comes first.
const TABLE: &[Row] = &[
    text("http.method", name::HTTP_METHOD),
    text("http.url", name::URL_FULL),
    text("http.scheme", name::URL_SCHEME),
    number("http.status_code", name::HTTP_STATUS),
    number("http.request_content_length", name::HTTP_REQUEST_BODY_SIZE),
    number(
        "http.response_content_length",
        name::HTTP_RESPONSE_BODY_SIZE,
    ),
    number("http.resend_count", name::HTTP_RESEND_COUNT),
    text("http.user_agent", "user_agent.original"),
    text("http.client_ip", name::CLIENT_ADDRESS),
    text("http.flavor", name::PROTOCOL_VERSION),
    text("net.protocol.name", "network.protocol.name"),
    text("net.protocol.version", name::PROTOCOL_VERSION),
    on(Side::Client, text("net.peer.name", name::SERVER_ADDRESS)),
    on(Side::Client, number("net.peer.port", name::SERVER_PORT)),
    on(Side::Server, text("net.host.name", name::SERVER_ADDRESS)),
    on(Side::Server, number("net.host.port", name::SERVER_PORT)),
    on(Side::Server, number("net.peer.port", name::PEER_PORT)),
    text("net.sock.peer.addr", name::PEER_ADDRESS),
    text("net.peer.ip", name::PEER_ADDRESS),
    number("net.sock.peer.port", name::PEER_PORT),
    text("db.system", "db.system.name"),
    text("db.name", "db.namespace"),
    text("db.statement", "db.query.text"),
    text("db.operation", "db.operation.name"),
    text("db.sql.table", "db.collection.name"),
    text("db.mongodb.collection", "db.collection.name"),
    text("db.cassandra.table", "db.collection.name"),
    text("rpc.system", "rpc.system.name"),
    text("rpc.grpc.status_code", "rpc.status_code"),
    text("rpc.response.status_code", "rpc.status_code"),
    text("messaging.system", "messaging.system.name"),
    text("messaging.destination", "messaging.destination.name"),
    text("peer.service", "service.peer.name"),
    text("code.function", "code.function.name"),
    text("code.filepath", name::CODE_FILE),
    number("code.lineno", name::CODE_LINE),
    number("code.column", "code.column.number"),
];

/// Moves values to the current names. A value stays where the current name already has another one, and where it is
/// not of the type.
pub(super) fn rename(facts: &mut Attributes, side: Side) {
    // Most names of a span are current. Comparing texts begins with their lengths, so that this pass costs next to
    // nothing beside looking each row up.
    let is_sent = |row: &&Row| facts.iter().any(|(key, _)| key == row.old);
    let sent: Vec<&Row> = TABLE.iter().filter(is_sent).collect();
    for row in sent {
        if row.side.is_some_and(|wanted| wanted != side) {
            continue;
        }
        let Some(old) = facts.get(row.old) else {
            continue;
        };
        let Some(value) = converted(row, old) else {
            continue;
        };
        if facts.get(row.new).is_none_or(|known| *known == value) {
            facts.remove(row.old);
            facts.set(row.new, value);
        }
    }
}

fn converted(row: &Row, value: &Value) -> Option<Value> {
    if !row.is_number {
        return Some(value.clone());
    }
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_int(),
    };
    number.map(Value::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(side: Side, sent: &[(&str, Value)], expected: &[(&str, Value)]) {
        let facts = |pairs: &[(&str, Value)]| -> Attributes { pairs.iter().cloned().collect() };
        let mut renamed = facts(sent);
        rename(&mut renamed, side);
        assert_eq!(renamed, facts(expected));
        rename(&mut renamed, side);
        assert_eq!(renamed, facts(expected), "a second time");
    }

    #[test]
    fn a_peer_is_who_is_on_the_other_side() {
        let sent = [
            ("net.peer.name", Value::from("a")),
            ("net.peer.port", Value::from(80)),
            ("net.host.name", Value::from("b")),
        ];
        let client = [
            ("server.address", Value::from("a")),
            ("server.port", Value::from(80)),
            ("net.host.name", Value::from("b")),
        ];
        let server = [
            ("net.peer.name", Value::from("a")),
            ("network.peer.port", Value::from(80)),
            ("server.address", Value::from("b")),
        ];
        check(Side::Client, &sent, &client);
        check(Side::Server, &sent, &server);
        check(Side::Neither, &sent, &sent);
    }

    #[test]
    fn numbers_may_be_written_as_text() {
        check(
            Side::Client,
            &[("http.status_code", "429".into())],
            &[("http.response.status_code", Value::Int(429))],
        );
        check(
            Side::Client,
            &[("http.status_code", Value::Double(429.0))],
            &[("http.response.status_code", Value::Int(429))],
        );
        let odd = [("http.status_code", Value::from("teapot"))];
        check(Side::Client, &odd, &odd);
    }

    #[test]
    fn what_is_known_already_is_not_replaced() {
        check(
            Side::Client,
            &[
                ("http.method", "GET".into()),
                ("http.request.method", "GET".into()),
            ],
            &[("http.request.method", "GET".into())],
        );
        let differing = [
            ("http.method", Value::from("get")),
            ("http.request.method", Value::from("GET")),
        ];
        check(Side::Client, &differing, &differing);
        check(
            Side::Client,
            &[
                ("net.peer.ip", "::1".into()),
                ("net.sock.peer.addr", "::2".into()),
            ],
            &[
                ("net.peer.ip", "::1".into()),
                ("network.peer.address", "::2".into()),
            ],
        );
    }

    #[test]
    fn every_row_is_needed() {
        for (index, row) in TABLE.iter().enumerate() {
            let same = |other: &&Row| {
                other.old == row.old
                    && (other.side.is_none() || row.side.is_none() || other.side == row.side)
            };
            assert_eq!(TABLE[..index].iter().filter(same).count(), 0, "{}", row.old);
            assert!(
                TABLE.iter().all(|other| other.old != row.new),
                "{} is renamed again",
                row.new
            );
        }
    }
}
