//! What went wrong on the network or in the client, in one vocabulary for all clients.

use model::{AbortedBy, Exchange, ExchangeError};

/// The kind of trouble, whatever the client calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A client's own time limit struck.
    Timeout,
    /// The client cut the call for a reason that it did not give.
    Cancelled,
    /// Nothing listens there.
    Refused,
    /// The connection was cut by the other side or the network.
    Reset,
    /// The name does not exist.
    NameUnknown,
    /// The resolver gave no answer.
    ResolverFailed,
    /// There is no route.
    NoRoute,
    /// The certificate is past its date.
    CertificateExpired,
    /// The certificate is not trusted.
    CertificateUntrusted,
    /// The certificate is for another name.
    CertificateName,
    /// The TLS handshake failed otherwise.
    Tls,
    /// What arrived was not HTTP, or its coding was broken.
    Garbled,
    /// Something that says nothing about the other side.
    Other,
}

/// Codes and classes of errors, in the words of Node's core, undici, axios, got, and Python's core and clients (asyncio,
/// anyio, requests, urllib3, httpx, aiohttp), whose classes an SDK tells with or without their module.
const CODES: &[(&str, Trouble)] = &[
    // OpenTelemetry's own word.
    ("timeout", Trouble::Timeout),
    ("ETIMEDOUT", Trouble::Timeout),
    ("ESOCKETTIMEDOUT", Trouble::Timeout),
    ("ECONNABORTED", Trouble::Timeout),
    ("UND_ERR_HEADERS_TIMEOUT", Trouble::Timeout),
    ("UND_ERR_BODY_TIMEOUT", Trouble::Timeout),
    ("UND_ERR_CONNECT_TIMEOUT", Trouble::Timeout),
    ("HeadersTimeoutError", Trouble::Timeout),
    ("BodyTimeoutError", Trouble::Timeout),
    ("ConnectTimeoutError", Trouble::Timeout),
    ("TimeoutError", Trouble::Timeout),
    ("Timeout", Trouble::Timeout),
    ("ReadTimeout", Trouble::Timeout),
    ("ConnectTimeout", Trouble::Timeout),
    ("WriteTimeout", Trouble::Timeout),
    ("PoolTimeout", Trouble::Timeout),
    ("ReadTimeoutError", Trouble::Timeout),
    ("ServerTimeoutError", Trouble::Timeout),
    ("SocketTimeoutError", Trouble::Timeout),
    ("ConnectionTimeoutError", Trouble::Timeout),
    ("AbortError", Trouble::Cancelled),
    ("ABORT_ERR", Trouble::Cancelled),
    ("ERR_CANCELED", Trouble::Cancelled),
    ("UND_ERR_ABORTED", Trouble::Cancelled),
    ("CancelledError", Trouble::Cancelled),
    ("Cancelled", Trouble::Cancelled),
    ("ECONNREFUSED", Trouble::Refused),
    ("ConnectionRefusedError", Trouble::Refused),
    ("ECONNRESET", Trouble::Reset),
    ("EPIPE", Trouble::Reset),
    ("ConnectionResetError", Trouble::Reset),
    ("BrokenPipeError", Trouble::Reset),
    ("RemoteDisconnected", Trouble::Reset),
    ("ServerDisconnectedError", Trouble::Reset),
    ("UND_ERR_SOCKET", Trouble::Reset),
    ("SocketError", Trouble::Reset),
    ("ENOTFOUND", Trouble::NameUnknown),
    ("NameResolutionError", Trouble::NameUnknown),
    ("EAI_AGAIN", Trouble::ResolverFailed),
    ("EHOSTUNREACH", Trouble::NoRoute),
    ("ENETUNREACH", Trouble::NoRoute),
    ("CERT_HAS_EXPIRED", Trouble::CertificateExpired),
    ("CERT_NOT_YET_VALID", Trouble::CertificateExpired),
    ("SELF_SIGNED_CERT_IN_CHAIN", Trouble::CertificateUntrusted),
    ("DEPTH_ZERO_SELF_SIGNED_CERT", Trouble::CertificateUntrusted),
    (
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        Trouble::CertificateUntrusted,
    ),
    ("UNABLE_TO_GET_ISSUER_CERT", Trouble::CertificateUntrusted),
    (
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        Trouble::CertificateUntrusted,
    ),
    ("ERR_TLS_CERT_ALTNAME_INVALID", Trouble::CertificateName),
    ("EPROTO", Trouble::Tls),
];

/// What our agents say when the peer closed the connection in order, but in the middle of its answer.
const EARLY_END: &str = "premature-end";

/// Words of messages, for clients that give no code. Lower case.
const MESSAGES: &[(&str, Trouble)] = &[
    ("due to timeout", Trouble::Timeout),
    ("timed out", Trouble::Timeout),
    ("timeout", Trouble::Timeout),
    ("socket hang up", Trouble::Reset),
    ("other side closed", Trouble::Reset),
    ("connection reset", Trouble::Reset),
    ("econnreset", Trouble::Reset),
    ("econnrefused", Trouble::Refused),
    ("connection refused", Trouble::Refused),
    ("enotfound", Trouble::NameUnknown),
    ("name or service not known", Trouble::NameUnknown),
    ("eai_again", Trouble::ResolverFailed),
    ("certificate has expired", Trouble::CertificateExpired),
];

impl Trouble {
    /// What the exchange ran into, if it ran into something.
    ///
    /// A cut by the client is the client's, whatever its socket said afterwards: Node reports `ECONNRESET` when the
    /// caller destroys a request. What only the network can say stays the network's, also when the client cut the
    /// request in answer to it: a refusal, an unknown name, a reset that a system call met (`read ECONNRESET`).
    ///
    /// An answer that the peer ended too early is none of the network's: it is an answer that is not whole. One that
    /// its client leaves unread is no trouble at all.
    pub(crate) fn of(exchange: &Exchange) -> Option<Self> {
        if exchange.is_left_unread() {
            return None;
        }
        let error = exchange.error.as_ref();
        if exchange.response.is_some() && error.is_some_and(|error| error.error_type == EARLY_END) {
            return None;
        }
        let said = exchange.error.as_ref().map(Self::of_error);
        let met = |words: &str| {
            exchange
                .error
                .as_ref()
                .is_some_and(|error| error.message.starts_with(words))
        };
        match (exchange.aborted_by, said) {
            (
                Some(AbortedBy::Client),
                None | Some(Self::Cancelled | Self::Other | Self::Garbled),
            ) => Some(Self::Cancelled),
            (Some(AbortedBy::Client), Some(Self::Reset)) if !met("read ") && !met("write ") => {
                Some(Self::Cancelled)
            }
            (Some(AbortedBy::Peer), None) => Some(Self::Reset),
            (_, said) => said,
        }
    }

    fn of_error(error: &ExchangeError) -> Self {
        let code = error.error_type.as_str();
        // Python's classes may come with their module: `httpx.ReadTimeout`.
        let name = code.rsplit('.').next().unwrap_or(code);
        if let Some((_, trouble)) = CODES.iter().find(|(known, _)| *known == name) {
            return match trouble {
                Self::Cancelled if error.message.contains("due to timeout") => Self::Timeout,
                other => *other,
            };
        }
        if code.starts_with("HPE_") || code.starts_with("Z_") {
            return Self::Garbled;
        }
        if code.starts_with("ERR_SSL") || code.starts_with("ERR_TLS") || code.starts_with("CERT_") {
            return Self::Tls;
        }
        let message = error.message.to_ascii_lowercase();
        MESSAGES
            .iter()
            .find(|(words, _)| message.contains(words))
            .map_or(Self::Other, |(_, trouble)| *trouble)
    }

    /// Whether the request may have been carried out although no answer came.
    pub(crate) fn may_have_been_applied(self) -> bool {
        matches!(
            self,
            Self::Timeout | Self::Cancelled | Self::Reset | Self::Garbled
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_all_clients_have_one_name() {
        let check = |error_type: &str, message: &str, expected: Trouble| {
            let error = ExchangeError {
                error_type: error_type.into(),
                message: message.into(),
            };
            assert_eq!(
                Trouble::of_error(&error),
                expected,
                "{error_type}: {message}"
            );
        };
        check("timeout", "gave up", Trouble::Timeout);
        check("ETIMEDOUT", "", Trouble::Timeout);
        check(
            "AbortError",
            "This operation was aborted",
            Trouble::Cancelled,
        );
        check(
            "AbortError",
            "The operation was aborted due to timeout",
            Trouble::Timeout,
        );
        check("ECONNRESET", "socket hang up", Trouble::Reset);
        check("Error", "socket hang up", Trouble::Reset);
        check("TypeError", "other side closed", Trouble::Reset);
        check("ENOTFOUND", "getaddrinfo ENOTFOUND x", Trouble::NameUnknown);
        check("HPE_INVALID_CONSTANT", "Parse Error", Trouble::Garbled);
        check("ERR_SSL_WRONG_VERSION_NUMBER", "", Trouble::Tls);
        check("ERR_INVALID_URL", "Invalid URL", Trouble::Other);
    }

    #[test]
    fn the_classes_of_python_have_the_same_names() {
        let check = |error_types: &[&str], expected: Trouble| {
            for error_type in error_types {
                let error = ExchangeError {
                    error_type: (*error_type).into(),
                    message: String::new(),
                };
                assert_eq!(Trouble::of_error(&error), expected, "{error_type}");
            }
        };
        let cancelled = [
            "CancelledError",
            "asyncio.exceptions.CancelledError",
            "trio.Cancelled",
        ];
        check(&cancelled, Trouble::Cancelled);
        let timeouts = [
            "timeout",
            "TimeoutError",
            "asyncio.TimeoutError",
            "httpx.ReadTimeout",
            "httpx.PoolTimeout",
            "aiohttp.ServerTimeoutError",
            "aiohttp.client_exceptions.SocketTimeoutError",
            "aiohttp.client_exceptions.ConnectionTimeoutError",
            "requests.exceptions.Timeout",
            "requests.exceptions.ConnectTimeout",
            "urllib3.exceptions.ReadTimeoutError",
            "urllib3.exceptions.ConnectTimeoutError",
        ];
        check(&timeouts, Trouble::Timeout);
        check(&["ConnectionRefusedError"], Trouble::Refused);
        let resets = [
            "ConnectionResetError",
            "http.client.RemoteDisconnected",
            "aiohttp.client_exceptions.ServerDisconnectedError",
        ];
        check(&resets, Trouble::Reset);
        check(
            &["urllib3.exceptions.NameResolutionError"],
            Trouble::NameUnknown,
        );
        check(&["builtins.ValueError"], Trouble::Other);
    }
}
