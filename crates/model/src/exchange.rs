//! The typed view of an outgoing call: one network attempt with its request and its response.

use std::time::Duration;

use crate::attribute as name;
use crate::{Attributes, Phase, Span, SpanId, SpanKind, Timestamp, Value, WebSocket};

/// One outgoing call with its request and its response. Retries are exchanges of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The span that it is a view of.
    pub span_id: SpanId,
    /// The span that made the call.
    pub parent_span_id: Option<SpanId>,
    /// The part of the attempt in which it was made.
    pub phase: Phase,
    /// The method, upper case.
    pub method: String,
    /// The whole URL, masked.
    pub url: String,
    /// The host that was asked for.
    pub host: String,
    /// The port that was asked for.
    pub port: Option<u16>,
    /// When it began.
    pub start: Timestamp,
    /// From its start to connected; none on a reused connection.
    pub connected_after: Option<Duration>,
    /// Whether it went over a connection that an earlier exchange had opened; none where the client did not say.
    pub reused_connection: Option<bool>,
    /// From its start to the request wholly sent.
    pub sent_after: Option<Duration>,
    /// From its start to the answer's head.
    pub first_byte_after: Option<Duration>,
    /// When it ended. None: the answer was still awaited when its process stopped being seen.
    pub end: Option<Timestamp>,
    /// Request headers, as on the wire.
    pub request_headers: Vec<Header>,
    /// What was sent.
    pub request_body: Body,
    /// The answer, if its head arrived.
    pub response: Option<Response>,
    /// What went wrong on the network or in the client.
    pub error: Option<ExchangeError>,
    /// Who cut it short, if somebody did.
    pub aborted_by: Option<AbortedBy>,
    /// The client's own limit for it.
    pub timeout: Option<Duration>,
    /// How long the event loop of the calling process was busy while it ran, and could not have read an answer.
    pub loop_active: Option<Duration>,
    /// Redirects and retries that the client says came before it.
    pub resend_count: u32,
    /// The same on the tries of one logical call, where the client says so.
    pub retry_group: Option<String>,
    /// What it showed of a credential.
    pub credential: Option<Credential>,
    /// The interceptor that answered instead of the network.
    pub mocked: Option<String>,
    /// The method that it calls, where it is an RPC.
    pub rpc: Option<Rpc>,
    /// What became of the WebSocket that it opened, if it did.
    pub websocket: Option<WebSocket>,
}

/// What an exchange is as the call of a remote method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rpc {
    /// `grpc`, `aws-api`.
    pub system: String,
    /// The method with its service: `package.Service/Method`, `Lambda/Invoke`.
    pub method: String,
    /// The name of its status, where the system has one of its own: `OK`, `RESOURCE_EXHAUSTED`.
    pub status: Option<String>,
}

impl Rpc {
    /// The name of its status, unless that says success.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.status.as_deref().filter(|status| *status != "OK")
    }
}

/// One header line. Values of credentials are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The name as on the wire.
    pub name: String,
    /// The value.
    pub value: String,
}

/// The answer of an exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers, as on the wire.
    pub headers: Vec<Header>,
    /// What was received.
    pub body: Body,
    /// Whether it was received to its end. None: the client never said.
    pub complete: Option<bool>,
}

impl Response {
    /// The first value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }
}

/// A body, masked and with its content coding undone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// The content that was kept: text or bytes.
    pub content: Option<Value>,
    /// Length of the whole on the wire, in bytes.
    pub size: Option<u64>,
    /// Keyed hash of the whole.
    pub hash: Option<String>,
    /// The content is a prefix.
    pub truncated: bool,
}

impl Body {
    /// The content, if it is text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.content.as_ref().and_then(Value::as_str)
    }
}

/// What went wrong with an exchange on the network or in the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeError {
    /// A code such as `ECONNRESET`, or the class of the error.
    pub error_type: String,
    /// The message, masked.
    pub message: String,
}

/// Who cut an exchange short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbortedBy {
    /// The client gave up.
    Client,
    /// The other side, or the network.
    Peer,
}

impl AbortedBy {
    /// Its word in attributes and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Peer => "peer",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Client, Self::Peer];
        all.into_iter().find(|by| by.as_str() == name)
    }
}

/// What an exchange showed of the credential that it presented. Never the credential itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// `Bearer`, `Basic`, `AWS4-HMAC-SHA256`, `Cookie`, `ApiKey` and so on.
    pub scheme: String,
    /// Its keyed hash.
    pub pseudonym: String,
    /// `exp` of a JWT, in seconds since the epoch.
    pub jwt_expires: Option<i64>,
    /// `nbf` of a JWT.
    pub jwt_not_before: Option<i64>,
    /// `iat` of a JWT.
    pub jwt_issued: Option<i64>,
}

impl Exchange {
    /// The exchange that a span is, if it is one: a CLIENT span with a request method that is not the outside of another
    /// ([`crate::relate`]). Old names of the HTTP conventions are not read here; decoders rename them.
    #[must_use]
    pub fn from_span(span: &Span) -> Option<Self> {
        let facts = &span.attributes;
        let method = facts.str(name::HTTP_METHOD)?;
        if span.kind != SpanKind::Client || facts.get(name::WRAPS).is_some() {
            return None;
        }
        let url = facts.str(name::URL_FULL).unwrap_or_default().to_owned();
        let (url_host, url_port) = host_and_port(&url);
        Some(Self {
            span_id: span.span_id,
            parent_span_id: span.parent_span_id,
            phase: facts
                .str(name::PHASE)
                .and_then(Phase::from_name)
                .unwrap_or(Phase::Body),
            method: method.to_ascii_uppercase(),
            host: facts
                .str(name::SERVER_ADDRESS)
                .map_or(url_host, str::to_owned),
            port: facts
                .int(name::SERVER_PORT)
                .and_then(|port| u16::try_from(port).ok())
                .or(url_port),
            url,
            start: span.start,
            connected_after: offset(facts, name::CONNECT_OFFSET),
            reused_connection: facts.bool(name::CONNECTION_REUSED),
            sent_after: offset(facts, name::REQUEST_OFFSET),
            first_byte_after: offset(facts, name::FIRST_BYTE_OFFSET),
            end: span.end,
            request_headers: headers(
                facts,
                name::HTTP_REQUEST_HEADER_PREFIX,
                name::REQUEST_HEADER_ORDER,
            ),
            request_body: request_body(facts),
            response: response(facts),
            error: error(facts),
            aborted_by: facts.str(name::ABORTED_BY).and_then(AbortedBy::from_name),
            timeout: facts.int(name::CLIENT_TIMEOUT_MS).and_then(millis),
            loop_active: facts.int(name::EVENT_LOOP_ACTIVE_MS).and_then(millis),
            resend_count: facts
                .int(name::HTTP_RESEND_COUNT)
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(0),
            retry_group: facts.str(name::RETRY_GROUP).map(str::to_owned),
            credential: credential(facts),
            mocked: facts.str(name::MOCKED).map(str::to_owned),
            rpc: rpc(facts),
            websocket: WebSocket::of(facts),
        })
    }

    /// How long it took, if it ended.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.end.map(|end| end.since(self.start))
    }

    /// The status code of its answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Whether its client had the head of the answer and had no use for the rest: over, without failing. Not so while it
    /// is under way, nor when the client says why it left.
    #[must_use]
    pub fn is_left_unread(&self) -> bool {
        let incomplete = self
            .response
            .as_ref()
            .is_some_and(|response| response.complete == Some(false));
        let left = self.end.is_some() && self.aborted_by == Some(AbortedBy::Client);
        incomplete && left && self.error.is_none()
    }

    /// What went wrong: on the network or in the client, else the status that an RPC has beside that of HTTP.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        let error = self.error.as_ref().map(|error| error.error_type.as_str());
        error.or_else(|| self.rpc.as_ref().and_then(Rpc::failure))
    }

    /// The first value of a request header, whatever the case of its name.
    #[must_use]
    pub fn request_header(&self, name: &str) -> Option<&str> {
        find_header(&self.request_headers, name)
    }

    /// The path of its URL, without query and fragment; `/` when there is none.
    #[must_use]
    pub fn path(&self) -> &str {
        let after_scheme = self
            .url
            .find("://")
            .map_or(self.url.as_str(), |at| &self.url[at + 3..]);
        let path = after_scheme.find('/').map_or("/", |at| &after_scheme[at..]);
        path.split(['?', '#']).next().unwrap_or("/")
    }

    /// The query of its URL, without the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        let url = self.url.split('#').next().unwrap_or_default();
        url.split_once('?').map(|(_, query)| query)
    }
}

fn find_header<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.as_str())
}

/// Headers in the order of the wire where it is known, else sorted by name.
fn headers(facts: &Attributes, prefix: &str, order: &str) -> Vec<Header> {
    let mut left: Vec<(String, Vec<&str>)> = facts
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(prefix)?.to_owned(), value.as_strings())))
        .collect();
    let mut sorted = Vec::new();
    for wire_name in facts.strings(order) {
        let Some((_, values)) = left
            .iter_mut()
            .find(|(key, _)| key.eq_ignore_ascii_case(wire_name))
        else {
            continue;
        };
        if !values.is_empty() {
            sorted.push(Header {
                name: wire_name.to_owned(),
                value: values.remove(0).to_owned(),
            });
        }
    }
    for (key, values) in left {
        sorted.extend(values.into_iter().map(|value| Header {
            name: key.clone(),
            value: value.to_owned(),
        }));
    }
    sorted
}

fn request_body(facts: &Attributes) -> Body {
    Body {
        content: facts.get(name::HTTP_REQUEST_BODY).cloned(),
        size: facts
            .int(name::HTTP_REQUEST_BODY_SIZE)
            .and_then(|size| u64::try_from(size).ok()),
        hash: facts.str(name::REQUEST_BODY_HASH).map(str::to_owned),
        truncated: facts.bool(name::REQUEST_BODY_TRUNCATED).unwrap_or(false),
    }
}

fn response(facts: &Attributes) -> Option<Response> {
    let status = facts
        .int(name::HTTP_STATUS)
        .and_then(|status| u16::try_from(status).ok())?;
    Some(Response {
        status,
        headers: headers(
            facts,
            name::HTTP_RESPONSE_HEADER_PREFIX,
            name::RESPONSE_HEADER_ORDER,
        ),
        body: Body {
            content: facts.get(name::HTTP_RESPONSE_BODY).cloned(),
            size: facts
                .int(name::HTTP_RESPONSE_BODY_SIZE)
                .and_then(|size| u64::try_from(size).ok()),
            hash: facts.str(name::RESPONSE_BODY_HASH).map(str::to_owned),
            truncated: facts.bool(name::RESPONSE_BODY_TRUNCATED).unwrap_or(false),
        },
        complete: facts.bool(name::RESPONSE_COMPLETE),
    })
}

/// An `error.type` that only repeats the status of an answer, HTTP's or that of an RPC, is not an error of the network.
fn error(facts: &Attributes) -> Option<ExchangeError> {
    let error_type = facts.str(name::ERROR_TYPE)?;
    let repeats = |status: i64| {
        status.to_string() == error_type || facts.str(name::RPC_STATUS) == Some(error_type)
    };
    if facts.int(name::HTTP_STATUS).is_some_and(repeats) {
        return None;
    }
    Some(ExchangeError {
        error_type: error_type.to_owned(),
        message: facts
            .str(name::ERROR_MESSAGE)
            .unwrap_or_default()
            .to_owned(),
    })
}

fn rpc(facts: &Attributes) -> Option<Rpc> {
    Some(Rpc {
        method: facts.str(name::RPC_METHOD)?.to_owned(),
        system: facts.str(name::RPC_SYSTEM).unwrap_or_default().to_owned(),
        status: facts.str(name::RPC_STATUS).map(str::to_owned),
    })
}

fn credential(facts: &Attributes) -> Option<Credential> {
    Some(Credential {
        pseudonym: facts.str(name::CREDENTIAL_PSEUDONYM)?.to_owned(),
        scheme: facts
            .str(name::CREDENTIAL_SCHEME)
            .unwrap_or_default()
            .to_owned(),
        jwt_expires: facts.int(name::CREDENTIAL_JWT_EXP),
        jwt_not_before: facts.int(name::CREDENTIAL_JWT_NBF),
        jwt_issued: facts.int(name::CREDENTIAL_JWT_IAT),
    })
}

fn offset(facts: &Attributes, key: &str) -> Option<Duration> {
    facts
        .int(key)
        .and_then(|nanos| u64::try_from(nanos).ok())
        .map(Duration::from_nanos)
}

fn millis(number: i64) -> Option<Duration> {
    u64::try_from(number)
        .ok()
        .filter(|millis| *millis > 0)
        .map(Duration::from_millis)
}

/// Host and port of a URL, the port also from its scheme. Tolerant: whatever cannot be read is empty.
fn host_and_port(url: &str) -> (String, Option<u16>) {
    let Some((scheme, rest)) = url.split_once("://") else {
        return (String::new(), None);
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let default_port = match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    };
    let (host, port) = match authority
        .strip_prefix('[')
        .and_then(|text| text.split_once(']'))
    {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => authority
            .split_once(':')
            .map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    (
        host.to_owned(),
        port.and_then(|port| port.parse().ok()).or(default_port),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, host: &str, port: Option<u16>) {
        assert_eq!(host_and_port(url), (host.to_owned(), port), "{url}");
    }

    #[test]
    fn urls_give_host_and_port() {
        check("http://127.0.0.1:8080/a?b=c:d", "127.0.0.1", Some(8080));
        check("https://example.org", "example.org", Some(443));
        check("http://user:pass@example.org/x", "example.org", Some(80));
        check("http://[::1]:9/x", "::1", Some(9));
        check("http://[::1]/x", "::1", Some(80));
        check("example.org/x", "", None);
        check("", "", None);
    }

    #[test]
    fn who_has_no_use_for_the_rest_has_not_failed() {
        let check =
            |facts: &[(&str, &str)], complete: Option<bool>, ended: bool, expected: bool| {
                let mut attributes: Attributes = [
                    (name::HTTP_METHOD, Value::from("GET")),
                    (name::HTTP_STATUS, Value::Int(429)),
                ]
                .into_iter()
                .collect();
                for (key, value) in facts {
                    attributes.set(*key, *value);
                }
                if let Some(complete) = complete {
                    attributes.set(name::RESPONSE_COMPLETE, complete);
                }
                let exchange = Exchange::from_span(&Span {
                    trace_id: crate::TraceId([1; 16]),
                    span_id: SpanId([1; 8]),
                    parent_span_id: None,
                    name: String::new(),
                    kind: SpanKind::Client,
                    start: Timestamp(0),
                    end: ended.then_some(Timestamp(0)),
                    attributes,
                    events: vec![],
                    links: vec![],
                    status: crate::SpanStatus::default(),
                    resource: std::sync::Arc::default(),
                })
                .unwrap();
                assert_eq!(
                    exchange.is_left_unread(),
                    expected,
                    "{facts:?} {complete:?}"
                );
            };
        let client = (name::ABORTED_BY, "client");
        let status = (name::ERROR_TYPE, "429");
        check(&[client, status], Some(false), true, true);
        check(&[client], Some(false), true, true);
        check(&[client, status], Some(true), true, false);
        check(&[client, status], None, true, false);
        check(&[client, status], Some(false), false, false);
        check(&[status], Some(false), true, false);
        check(&[(name::ABORTED_BY, "peer")], Some(false), true, false);
        check(
            &[client, (name::ERROR_TYPE, "timeout")],
            Some(false),
            true,
            false,
        );
    }

    /// `error.type`, HTTP status and RPC status give an error of the network and a failure of the method.
    #[test]
    fn the_status_of_a_method_is_no_error_of_the_network() {
        let check = |kind: &str,
                     http: Option<i64>,
                     status: &str,
                     expected: (Option<&str>, Option<&str>)| {
            let mut facts: Attributes = [
                (name::ERROR_TYPE, Value::from(kind)),
                (name::RPC_METHOD, Value::from("shop.Cart/Add")),
                (name::RPC_STATUS, Value::from(status)),
            ]
            .into_iter()
            .collect();
            if let Some(http) = http {
                facts.set(name::HTTP_STATUS, Value::Int(http));
            }
            let network = error(&facts).map(|error| error.error_type);
            let method = rpc(&facts);
            let method = method.as_ref().and_then(Rpc::failure);
            assert_eq!((network.as_deref(), method), expected, "{kind} {status}");
        };
        let throttled = "RESOURCE_EXHAUSTED";
        check(throttled, Some(200), throttled, (None, Some(throttled)));
        check(
            "timeout",
            None,
            "DEADLINE_EXCEEDED",
            (Some("timeout"), Some("DEADLINE_EXCEEDED")),
        );
        check(
            "ECONNREFUSED",
            None,
            "UNAVAILABLE",
            (Some("ECONNREFUSED"), Some("UNAVAILABLE")),
        );
        check("503", Some(503), "OK", (None, None));
    }

    #[test]
    fn headers_keep_the_order_of_the_wire() {
        let facts: Attributes = [
            (
                "http.request.header.b",
                Value::from(vec!["2".to_owned(), "3".to_owned()]),
            ),
            ("http.request.header.a", Value::from("1")),
            (
                name::REQUEST_HEADER_ORDER,
                Value::from(vec!["B".to_owned(), "a".to_owned(), "B".to_owned()]),
            ),
        ]
        .into_iter()
        .collect();
        let names: Vec<_> = headers(
            &facts,
            name::HTTP_REQUEST_HEADER_PREFIX,
            name::REQUEST_HEADER_ORDER,
        )
        .into_iter()
        .map(|header| format!("{}={}", header.name, header.value))
        .collect();
        assert_eq!(names, ["B=2", "a=1", "B=3"]);
    }
}
