//! One call as an entry.

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::http::StatusCode;
use model::{Exchange, Span, SpanId, Timestamp, attribute};
use serde::Serialize;

use super::message::{
    Content, Cookie, PostData, UNDECODABLE, request_cookies, response_cookies, size,
};
use super::text::{Pair, query};
use super::timings::Timings;
use crate::document::Peers;
use crate::time::instant;

/// A call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pageref: Option<&'a str>,
    started_date_time: String,
    time: f64,
    request: Request,
    response: Response,
    cache: NoCache,
    timings: Timings,
    #[serde(rename = "serverIPAddress", skip_serializing_if = "Option::is_none")]
    server_ip_address: Option<&'a str>,
    #[serde(rename = "_flakescope")]
    flakescope: Facts,
}

/// Nothing was cached, or nobody said so.
#[derive(Serialize)]
struct NoCache {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    http_version: String,
    cookies: Vec<Cookie>,
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i8,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status: u16,
    status_text: String,
    http_version: String,
    cookies: Vec<Cookie>,
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i8,
    body_size: i64,
    /// What went wrong, where browsers say it.
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// What an entry has of ours.
#[derive(Serialize)]
struct Facts {
    span_id: String,
    phase: &'static str,
    peer: String,
    role: &'static str,
    error: Option<Failure>,
    /// It was never seen to end; the times are those until then.
    unfinished: bool,
    mocked: Option<String>,
}

#[derive(Serialize)]
struct Failure {
    #[serde(rename = "type")]
    error_type: String,
    message: String,
}

/// What is known around the calls of a recording.
pub(super) struct Around<'a> {
    /// The id of their page, if they have one.
    pub(super) page: Option<&'a str>,
    /// When their attempt was over.
    pub(super) until: Option<Timestamp>,
    pub(super) peers: &'a Peers,
    /// Bodies that could not be decoded, each by its call and side.
    pub(super) undecodable: &'a BTreeSet<(SpanId, &'static str)>,
}

/// The length of headers on the wire is not recorded.
const UNKNOWN: i8 = -1;

impl<'a> Entry<'a> {
    /// The entry of a span, if it is a call.
    pub(super) fn of(span: &'a Span, around: &Around<'a>) -> Option<Self> {
        let call = Exchange::from_span(span)?;
        let timings = Timings::of(&call, around.until);
        let undecodable = |side| around.undecodable.contains(&(call.span_id, side));
        let (sent, answered) = (undecodable("request"), undecodable("response"));
        let address = span.attributes.str(attribute::PEER_ADDRESS);
        let version = http_version(span);
        Some(Self {
            pageref: around.page,
            started_date_time: instant(call.start),
            time: timings.sum(),
            response: response(&call, &version, around.until, answered),
            cache: NoCache {},
            timings,
            server_ip_address: address.filter(|text| text.parse::<IpAddr>().is_ok()),
            flakescope: facts(&call, around.peers),
            request: request(call, version, sent),
        })
    }
}

fn http_version(span: &Span) -> String {
    match span.attributes.str(attribute::PROTOCOL_VERSION) {
        Some(version) => format!("HTTP/{version}"),
        None => "unknown".to_owned(),
    }
}

fn request(call: Exchange, http_version: String, undecodable: bool) -> Request {
    let kind = call.request_header("content-type").map(str::to_owned);
    Request {
        http_version,
        cookies: request_cookies(&call.request_headers),
        query_string: query(call.query().unwrap_or_default()),
        post_data: PostData::of(&call.request_body, kind, undecodable),
        headers_size: UNKNOWN,
        body_size: size(&call.request_body),
        headers: call.request_headers.into_iter().map(Pair::from).collect(),
        method: call.method,
        url: call.url,
    }
}

/// The answer; without one, what browsers write: status 0, and what went wrong in place of its text.
fn response(
    call: &Exchange,
    http_version: &str,
    until: Option<Timestamp>,
    undecodable: bool,
) -> Response {
    let error = what_went_wrong(call, until, undecodable);
    let Some(response) = &call.response else {
        let kind = call.error.as_ref().map(|error| error.error_type.clone());
        return Response {
            status: 0,
            status_text: kind.unwrap_or_default(),
            error,
            http_version: http_version.to_owned(),
            cookies: vec![],
            headers: vec![],
            content: Content::none(),
            redirect_url: String::new(),
            headers_size: UNKNOWN,
            body_size: -1,
        };
    };
    let reason = StatusCode::from_u16(response.status).ok();
    let reason = reason.and_then(|status| status.canonical_reason());
    Response {
        status: response.status,
        status_text: reason.unwrap_or_default().to_owned(),
        http_version: http_version.to_owned(),
        cookies: response_cookies(&response.headers),
        headers: response.headers.iter().cloned().map(Pair::from).collect(),
        content: Content::of(&response.body, response.header("content-type"), undecodable),
        error,
        redirect_url: response.header("location").unwrap_or_default().to_owned(),
        headers_size: UNKNOWN,
        body_size: size(&response.body),
    }
}

/// In words: that it never ended, else its error, else that its answer could not be decoded.
fn what_went_wrong(call: &Exchange, until: Option<Timestamp>, undecodable: bool) -> Option<String> {
    if call.end.is_none() {
        let said = match until {
            Some(until) if until > call.start => "never ended; the time is until its attempt did",
            _ => "never ended",
        };
        return Some(said.to_owned());
    }
    let error = call
        .error
        .as_ref()
        .map(|error| match error.message.as_str() {
            "" => error.error_type.clone(),
            message => format!("{}: {message}", error.error_type),
        });
    error.or_else(|| undecodable.then(|| UNDECODABLE.to_owned()))
}

fn facts(call: &Exchange, peers: &Peers) -> Facts {
    let peer = peers.peer(&call.host, call.port);
    Facts {
        span_id: call.span_id.to_string(),
        phase: call.phase.as_str(),
        role: peer.role.as_str(),
        peer: peer.name,
        error: call.error.clone().map(|error| Failure {
            error_type: error.error_type,
            message: error.message,
        }),
        unfinished: call.end.is_none(),
        mocked: call.mocked.clone(),
    }
}
