//! Who is answered, and what a browser may do with an answer.
//!
//! The pages show requests and responses of other people's services. So a page of another origin must not read them
//! (`Origin`), a name that somebody points at this machine must not reach them (`Host`, against DNS rebinding), and
//! nothing captured may run (content security policy).

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CONTENT_SECURITY_POLICY, COOKIE, HOST, LOCATION, ORIGIN, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Api;
use super::error::ApiError;

/// What the pages may load and do: only what comes from here, and no inline script or style.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The cookie that holds the token for the pages.
const TOKEN_COOKIE: &str = "flakescope_token";

/// Who is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Whoever can reach the loopback of this machine, by a name or an address of it.
    Loopback,
    /// Whoever has the token, from anywhere.
    Token(String),
}

/// Lets a request pass, or refuses it.
pub(super) async fn check(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let mut response = match refuse(&api.access, &request) {
        Ok(None) => next.run(request).await,
        Ok(Some(answer)) => answer,
        Err(error) => error.into_response(),
    };
    protect(response.headers_mut());
    response
}

/// An error, or an answer in place of the one that was asked for, or neither.
fn refuse(access: &Access, request: &Request) -> Result<Option<Response>, ApiError> {
    let headers = request.headers();
    let host = text(headers, HOST).unwrap_or_default();
    if let Some(origin) = text(headers, ORIGIN)
        && origin.split_once("://").map(|(_, authority)| authority) != Some(host)
    {
        return Err(ApiError::origin(origin));
    }
    match access {
        Access::Loopback if is_loopback(host) => Ok(None),
        Access::Loopback => Err(ApiError::host(host)),
        Access::Token(token) => token_of(token, request),
    }
}

/// A browser shows the token once, in the address that was printed, and from then on as a cookie.
fn token_of(token: &str, request: &Request) -> Result<Option<Response>, ApiError> {
    let headers = request.headers();
    let bearer = text(headers, AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let cookie = text(headers, COOKIE).and_then(|cookies| {
        let mut cookies = cookies.split(';').map(str::trim);
        cookies.find_map(|cookie| cookie.strip_prefix(TOKEN_COOKIE)?.strip_prefix('='))
    });
    if [bearer, cookie]
        .into_iter()
        .flatten()
        .any(|shown| same(shown, token))
    {
        return Ok(None);
    }
    let query = request.uri().query().unwrap_or_default();
    let mut asked = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("token="));
    if !asked.any(|shown| same(shown, token)) {
        return Err(ApiError::token());
    }
    let cookie = format!("{TOKEN_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict");
    let path = request.uri().path();
    let headers = [(SET_COOKIE, cookie), (LOCATION, path.to_owned())];
    Ok(Some((StatusCode::SEE_OTHER, headers).into_response()))
}

/// Compares in a time that does not tell how much was right.
fn same(shown: &str, token: &str) -> bool {
    let differing = shown
        .bytes()
        .zip(token.bytes())
        .fold(0, |bits, (one, other)| bits | (one ^ other));
    shown.len() == token.len() && differing == 0
}

/// Whether the host that was asked for, with or without a port, is the loopback.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    match name.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => {
            let name = name.to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn protect(headers: &mut HeaderMap) {
    let set = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_loopback_is_the_loopback() {
        let check = |host: &str, expected: bool| assert_eq!(is_loopback(host), expected, "{host}");
        check("localhost", true);
        check("LOCALHOST:4318", true);
        check("flakescope.localhost:80", true);
        check("127.0.0.1:4318", true);
        check("127.0.0.2", true);
        check("[::1]:4318", true);
        check("", false);
        check("example.org", false);
        check("localhost.example.org", false);
        check("10.0.0.1:4318", false);
        check("[::2]", false);
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(same("abc", "abc"));
        assert!(!same("ab", "abc"));
        assert!(!same("abcd", "abc"));
        assert!(!same("abd", "abc"));
        assert!(!same("", "abc"));
    }
}
