//! What became of the connection after an exchange that opened a WebSocket.

use crate::AbortedBy;
use crate::attribute as name;
use crate::value::Attributes;

/// A WebSocket, as it was told last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WebSocket {
    /// Messages that the client sent.
    pub sent: u64,
    /// Messages that the client received.
    pub received: u64,
    /// How it was closed; none while nobody has.
    pub close: Option<WebSocketClose>,
}

/// How a WebSocket was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSocketClose {
    /// The code of RFC 6455; 1006 for a connection that was cut.
    pub code: u16,
    /// What was said with it.
    pub reason: Option<String>,
    /// Who said so first.
    pub by: Option<AbortedBy>,
}

impl WebSocket {
    /// What these attributes of an exchange tell; none where it opened none.
    pub(crate) fn of(facts: &Attributes) -> Option<Self> {
        let count = |key| facts.int(key).and_then(|count| u64::try_from(count).ok());
        let sent = count(name::WEBSOCKET_SENT);
        let received = count(name::WEBSOCKET_RECEIVED);
        let code = facts.int(name::WEBSOCKET_CLOSE_CODE);
        let close = code
            .and_then(|code| u16::try_from(code).ok())
            .map(|code| WebSocketClose {
                code,
                reason: facts
                    .str(name::WEBSOCKET_CLOSE_REASON)
                    .filter(|reason| !reason.is_empty())
                    .map(str::to_owned),
                by: facts
                    .str(name::WEBSOCKET_CLOSE_BY)
                    .and_then(AbortedBy::from_name),
            });
        if sent.is_none() && received.is_none() && close.is_none() {
            return None;
        }
        Some(Self {
            sent: sent.unwrap_or_default(),
            received: received.unwrap_or_default(),
            close,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    #[test]
    fn an_exchange_tells_of_its_socket() {
        let check = |facts: &[(&str, Value)], expected: Option<WebSocket>| {
            let facts = facts
                .iter()
                .map(|(key, value)| (*key, value.clone()))
                .collect();
            assert_eq!(WebSocket::of(&facts), expected, "{facts:?}");
        };
        let close = |code, reason: Option<&str>, by| WebSocketClose {
            code,
            reason: reason.map(str::to_owned),
            by,
        };
        check(&[], None);
        check(&[(name::HTTP_STATUS, Value::Int(101))], None);
        check(
            &[(name::WEBSOCKET_RECEIVED, Value::Int(3))],
            Some(WebSocket {
                received: 3,
                ..WebSocket::default()
            }),
        );
        check(
            &[
                (name::WEBSOCKET_SENT, Value::Int(-1)),
                (name::WEBSOCKET_CLOSE_CODE, Value::Int(1011)),
                (name::WEBSOCKET_CLOSE_REASON, Value::from("overloaded")),
                (name::WEBSOCKET_CLOSE_BY, Value::from("peer")),
            ],
            Some(WebSocket {
                close: Some(close(1011, Some("overloaded"), Some(AbortedBy::Peer))),
                ..WebSocket::default()
            }),
        );
        check(&[(name::WEBSOCKET_CLOSE_CODE, Value::Int(70_000))], None);
    }
}
