//! Cookies and bodies of requests and responses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Body, Header, Value};
use serde::Serialize;

use crate::time::instant;

/// A cookie. Its value is masked, its name and its attributes are not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cookie {
    name: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secure: Option<bool>,
}

impl Cookie {
    fn named(pair: &str) -> Self {
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        Self {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            ..Self::default()
        }
    }
}

/// The cookies that a request sends.
pub(super) fn request_cookies(headers: &[Header]) -> Vec<Cookie> {
    values(headers, "cookie")
        .flat_map(|value| value.split(';'))
        .filter(|pair| !pair.trim().is_empty())
        .map(Cookie::named)
        .collect()
}

/// The cookies that an answer sets.
pub(super) fn response_cookies(headers: &[Header]) -> Vec<Cookie> {
    values(headers, "set-cookie").map(set_cookie).collect()
}

fn set_cookie(value: &str) -> Cookie {
    let mut parts = value.split(';');
    let mut cookie = Cookie::named(parts.next().unwrap_or_default());
    cookie.http_only = Some(false);
    cookie.secure = Some(false);
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "path" => cookie.path = Some(value.to_owned()),
            "domain" => cookie.domain = Some(value.to_owned()),
            "expires" => cookie.expires = http_date(value),
            "httponly" => cookie.http_only = Some(true),
            "secure" => cookie.secure = Some(true),
            _ => {}
        }
    }
    cookie
}

/// A date of HTTP as HAR wants it. The older spellings of dates are left out.
fn http_date(text: &str) -> Option<String> {
    let time = jiff::fmt::rfc2822::parse(text).ok()?;
    let nanos = i64::try_from(time.timestamp().as_nanosecond()).ok()?;
    Some(instant(model::Timestamp(nanos)))
}

fn values<'a>(headers: &'a [Header], name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.as_str())
}

/// What a request sends. Forms are text too, as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostData {
    mime_type: String,
    text: String,
    /// HAR has no place for bytes in a request; they are `base64` here as they are in an answer.
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

impl PostData {
    /// The body of a request, if it has one that was kept.
    pub(super) fn of(body: &Body, kind: Option<String>, undecodable: bool) -> Option<Self> {
        let lost = || undecodable.then(|| (String::new(), None));
        let (text, encoding) = text(body).or_else(lost)?;
        let is_empty = text.is_empty() && body.size.unwrap_or(0) == 0;
        (!is_empty).then(|| Self {
            mime_type: kind.unwrap_or_else(|| UNKNOWN.to_owned()),
            comment: left_out(body, undecodable),
            text,
            encoding,
        })
    }
}

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content {
    size: u64,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// The type of content that nobody named.
const UNKNOWN: &str = "x-unknown";

impl Content {
    /// The content of an answer that never came.
    pub(super) fn none() -> Self {
        Self {
            size: 0,
            mime_type: UNKNOWN.to_owned(),
            text: None,
            encoding: None,
            comment: None,
        }
    }

    /// The content of an answer.
    pub(super) fn of(body: &Body, kind: Option<&str>, undecodable: bool) -> Self {
        let kept = text(body);
        let (text, encoding) = match kept {
            Some((text, encoding)) => (Some(text), encoding),
            None => (None, None),
        };
        // The length after decoding is only known of what was kept whole.
        let size = match length(body) {
            Some(length) if !body.truncated => length,
            length => body.size.or(length).unwrap_or(0),
        };
        Self {
            size,
            mime_type: kind.unwrap_or(UNKNOWN).to_owned(),
            text,
            encoding,
            comment: left_out(body, undecodable),
        }
    }
}

/// Said of a body whose coding could not be undone; its size is that on the wire.
pub(super) const UNDECODABLE: &str =
    "the body could not be decoded: it is not in the content coding that it announces";

/// Length on the wire; -1 when it is not known.
pub(super) fn size(body: &Body) -> i64 {
    body.size
        .and_then(|size| i64::try_from(size).ok())
        .unwrap_or(-1)
}

/// The content as text, with how bytes are written.
fn text(body: &Body) -> Option<(String, Option<&'static str>)> {
    match body.content.as_ref()? {
        Value::String(text) => Some((text.clone(), None)),
        Value::Bytes(bytes) => Some((STANDARD.encode(bytes), Some("base64"))),
        _ => None,
    }
}

fn length(body: &Body) -> Option<u64> {
    let length = match body.content.as_ref()? {
        Value::String(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => return None,
    };
    u64::try_from(length).ok()
}

/// Says what is missing of a body.
fn left_out(body: &Body, undecodable: bool) -> Option<String> {
    match (length(body), body.size) {
        _ if undecodable => Some(UNDECODABLE.to_owned()),
        (Some(kept), _) if body.truncated => Some(format!("only the first {kept} bytes were kept")),
        (None, Some(size)) if size > 0 => Some("the body was not kept".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> Header {
        Header {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn cookies_are_read() {
        let pair = |name: &str, value: &str| Cookie::named(&format!("{name}={value}"));
        let sent = [
            header("Cookie", "a=[masked:1:2]; b=c=d;"),
            header("cookie", "bare"),
        ];
        let expected = [
            pair("a", "[masked:1:2]"),
            pair("b", "c=d"),
            pair("", "bare"),
        ];
        assert_eq!(request_cookies(&sent), expected);
        let line = "sid=[masked:1:2]; Path=/x; Domain=example.org; Secure; HttpOnly; SameSite=Lax; \
            Expires=Wed, 21 Oct 2026 07:28:00 GMT";
        let expected = Cookie {
            path: Some("/x".into()),
            domain: Some("example.org".into()),
            expires: Some("2026-10-21T07:28:00.000Z".into()),
            http_only: Some(true),
            secure: Some(true),
            ..pair("sid", "[masked:1:2]")
        };
        assert_eq!(response_cookies(&[header("set-cookie", line)]), [expected]);
        let [bad] = <[Cookie; 1]>::try_from(response_cookies(&[header(
            "Set-Cookie",
            "a=b; expires=tomorrow",
        )]))
        .unwrap();
        assert_eq!((bad.expires, bad.secure), (None, Some(false)));
    }

    #[test]
    fn bodies_say_what_is_missing() {
        let check = |body: Body, size: u64, text: Option<&str>, comment: Option<&str>| {
            let content = Content::of(&body, None, false);
            assert_eq!(content.size, size, "{body:?}");
            assert_eq!(content.text.as_deref(), text, "{body:?}");
            assert_eq!(content.comment.as_deref(), comment, "{body:?}");
        };
        let body = |content: Option<Value>, size: Option<u64>, truncated: bool| Body {
            content,
            size,
            hash: None,
            truncated,
        };
        let text = || Some(Value::from("héllo"));
        check(body(text(), Some(3), false), 6, Some("héllo"), None);
        let cut = Some("only the first 6 bytes were kept");
        check(body(text(), Some(9000), true), 9000, Some("héllo"), cut);
        let bytes = Some(Value::Bytes(vec![0, 255]));
        check(body(bytes, None, false), 2, Some("AP8="), None);
        let missing = Some("the body was not kept");
        check(body(None, Some(12), false), 12, None, missing);
        check(Body::default(), 0, None, None);
    }
}
