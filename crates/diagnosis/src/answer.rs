//! What an answer says about itself: its kind of content, and the error that it names, in whichever envelope.
//!
//! Envelopes: AWS (`x-amzn-errortype`, `__type`, XML `<Code>`), gRPC (`grpc-status`), Slack (`{"ok":false}`), GraphQL
//! (`errors[]`), Google (`error.status`), OpenStack (`{"overLimit":{…}}`), OAuth (`error`, `error_description`), problem details, plain text, HTML.
//! Inside an answer below 400 only Slack's, GraphQL's and gRPC's envelopes, failed parts of batches, and an error that has
//! nothing beside it count as errors.

use model::{Response, Value};
use serde_json::Value as Json;

use crate::normalize::{self, Normal};
use crate::packed;
use crate::text;

mod batch;

/// So much is read of what an error says of fields, so deep.
const DETAILS: usize = 32;
const DETAIL_DEPTH: usize = 4;

/// Longest error code that is believed to be one.
const CODE_CHARS: usize = 64;

/// An answer, read once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The body in its normal form, where it is JSON or XML; taken out for the call whose answer it is.
    pub(crate) json: Option<Normal>,
    /// The kind of content.
    pub(crate) content: Content,
    /// The code of the error that it names.
    pub(crate) code: Option<String>,
    /// The message of the error that it names.
    pub(crate) message: Option<String>,
    /// What else an error says, of the fields of a request that it does not take.
    pub(crate) details: Vec<String>,
    /// Its `grpc-status`, where there is one.
    pub(crate) grpc_status: Option<u32>,
    /// An error in an envelope that says success.
    pub(crate) error_inside: bool,
    /// The status of that error, where a batch gives each part one of its own.
    pub(crate) inner_status: Option<u16>,
}

/// The kind of content of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Content {
    /// Not captured, so not known.
    #[default]
    Unknown,
    /// Nothing.
    Empty,
    /// JSON.
    Json,
    /// Announced as JSON, and not JSON.
    BrokenJson,
    /// XML, and no page for people.
    Xml,
    /// Announced as XML, and not XML.
    BrokenXml,
    /// An HTML page.
    Html,
    /// Anything else.
    Other,
}

impl Answer {
    /// Whether the message of an error has one of these words, or what it says of the fields of a request.
    pub(crate) fn says_of_fields(&self, words: &[&str]) -> bool {
        let mut details = self.details.iter().map(|text| text.to_ascii_lowercase());
        self.says(words) || details.any(|text| words.iter().any(|word| text.contains(word)))
    }

    /// Whether the message of an error has one of these words, which are in lower case.
    pub(crate) fn says(&self, words: &[&str]) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        let message = message.to_ascii_lowercase();
        words.iter().any(|word| message.contains(word))
    }
}

/// Reads an answer.
pub(crate) fn read(response: &Response) -> Answer {
    let kind = response.header("content-type").unwrap_or_default();
    let text = packed::text(&response.body, kind).unwrap_or_default();
    let text = text.as_ref();
    let normal = may_be_json(response, text)
        .then(|| normalize::json(text))
        .flatten();
    let as_xml = (normal.is_none() && may_be_xml(response, text))
        .then(|| normalize::xml(text))
        .flatten();
    let mut answer = Answer {
        content: match &as_xml {
            Some(_) => Content::Xml,
            None => content(response, text, normal.is_some()),
        },
        grpc_status: response
            .header("grpc-status")
            .and_then(|text| text.trim().parse().ok()),
        ..Answer::default()
    };
    // Only errors are looked into, so only for them a tree is built.
    let may_be_error =
        |normal: &Normal| response.status >= 400 || may_have_error_inside(&normal.text);
    let json: Option<Json> = normal
        .as_ref()
        .filter(|normal| may_be_error(normal) || answer.grpc_status.is_some())
        .and_then(|_| serde_json::from_str(text).ok());
    let part = json.as_ref().and_then(batch::failed_part);
    answer.error_inside = json.as_ref().is_some_and(error_inside)
        || part.is_some()
        || answer.grpc_status.is_some_and(|status| status != 0);
    if response.status >= 400 || answer.error_inside {
        answer.code = code(response, json.as_ref(), text);
        answer.message = message(response, json.as_ref(), text, answer.content);
        answer.details = json.as_ref().map(details).unwrap_or_default();
    }
    if let Some(part) = part.filter(|_| response.status < 400) {
        answer.code = part.code.as_deref().and_then(clean_code).or(answer.code);
        answer.message = part.message.or(answer.message);
        answer.inner_status = part.status;
    }
    if answer.error_inside && response.status < 400 && answer.inner_status.is_none() {
        answer.inner_status = answer.message.as_deref().and_then(status_of);
    }
    answer.json = normal.or(as_xml);
    answer
}

/// The status that an error would have had that has none of its own, where its message leaves no doubt.
pub(crate) fn status_of(message: &str) -> Option<u16> {
    const SAID: &[(&str, u16)] = &[
        ("not found", 404),
        ("does not exist", 404),
        ("doesn't exist", 404),
        ("no such", 404),
    ];
    // What a schema does not have is another matter than what is not there.
    const OF_SCHEMAS: &[&str] = &[
        "field",
        "type",
        "method",
        "column",
        "function",
        "argument",
        "operation",
    ];
    let message = message.to_ascii_lowercase();
    if OF_SCHEMAS
        .iter()
        .any(|word| text::has_token(&message, word))
    {
        return None;
    }
    let found = SAID.iter().find(|(words, _)| message.contains(words));
    found.map(|(_, status)| *status)
}

fn may_be_json(response: &Response, text: &str) -> bool {
    !response.body.truncated
        && (announces_json(response) || text.trim_start().starts_with(['{', '[']))
}

fn may_be_xml(response: &Response, text: &str) -> bool {
    !response.body.truncated && text.trim_start().starts_with('<') && !is_page(text)
}

/// Whether it is made for people.
fn is_page(text: &str) -> bool {
    let start = text.trim_start();
    let start = start.get(..15).unwrap_or(start).to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// Whether [`error_inside`] is worth asking, by the JSON in its normal form.
fn may_have_error_inside(normal: &str) -> bool {
    normal.starts_with('[') && batch::may_have_failed_part(normal)
        || normal.starts_with('{')
            && (normal.contains(r#""ok":false"#)
                || normal.contains(r#""errors":[{"#)
                || normal.starts_with(r#"{"error":"#)
                || normal.starts_with(r#"{"errcode":"#)
                || batch::may_have_failed_part(normal))
}

fn announces_json(response: &Response) -> bool {
    let media = response.header("content-type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json")
        || media.to_ascii_lowercase().ends_with("+json")
        || media
            .to_ascii_lowercase()
            .starts_with("application/x-amz-json")
}

fn announces_xml(response: &Response) -> bool {
    let media = response.header("content-type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    let media = media.to_ascii_lowercase();
    media == "application/xml"
        || media == "text/xml"
        || media.ends_with("+xml") && !media.contains("xhtml")
}

fn content(response: &Response, text: &str, parsed: bool) -> Content {
    let body = &response.body;
    if parsed {
        return Content::Json;
    }
    if body.size == Some(0) || matches!(&body.content, Some(Value::String(text)) if text.is_empty())
    {
        return Content::Empty;
    }
    if body.content.is_none() {
        return Content::Unknown;
    }
    if is_page(text) {
        return Content::Html;
    }
    let kind = response.header("content-type").unwrap_or_default();
    // It was not read above: MessagePack that is none is as broken as JSON that is none.
    if packed::is_announced(kind) && !body.truncated {
        return Content::BrokenJson;
    }
    let (json, xml) = (announces_json(response), announces_xml(response));
    // A prefix cannot be judged, and neither can what our own decoding could not read.
    let is_unjudged = body.truncated || body.text().is_none();
    match (json, xml) {
        (false, false) => Content::Other,
        _ if is_unjudged => Content::Unknown,
        (true, _) => Content::BrokenJson,
        (false, true) => Content::BrokenXml,
    }
}

fn error_inside(json: &Json) -> bool {
    let slack = json.get("ok") == Some(&Json::Bool(false))
        && json.get("error").is_some_and(Json::is_string);
    let graphql = json
        .get("errors")
        .and_then(Json::as_array)
        .is_some_and(|errors| {
            !errors.is_empty() && errors.iter().all(|error| error.get("message").is_some())
        });
    // What explains an error may stand beside it, and nothing else.
    const EXPLAINS: &[&str] = &[
        "error",
        "reason",
        "errcode",
        "message",
        "detail",
        "details",
        "status",
        "code",
        "path",
        "timestamp",
        "request_id",
        "requestId",
        "error_description",
        "error_uri",
    ];
    const NONE: &[&str] = &["", "none", "no", "ok", "false", "null", "success"];
    let explains = |key: &str| EXPLAINS.contains(&key);
    let members = json.as_object();
    let sole = members
        .filter(|members| members.keys().all(|key| explains(key)))
        .and_then(|members| members.get("error"));
    let alone = sole.is_some_and(|error| match error {
        Json::String(text) => !NONE.contains(&text.to_ascii_lowercase().as_str()),
        Json::Object(members) => !members.is_empty(),
        _ => false,
    });
    slack || graphql || alone
}

fn code(response: &Response, json: Option<&Json>, text: &str) -> Option<String> {
    const PATHS: &[&str] = &[
        "/__type",
        "/error/code",
        "/error/status",
        "/error/type",
        "/error",
        "/code",
        "/Code",
        "/Error/Code",
        "/errors/0/extensions/code",
        "/errors/0/code",
        "/errors/0/type",
    ];
    let header = response.header("x-amzn-errortype").and_then(clean_code);
    let sole = || {
        let (key, inner) = sole_member(json?)?;
        inner.get("message")?;
        clean_code(key)
    };
    header
        .or_else(sole)
        .or_else(|| {
            PATHS
                .iter()
                .find_map(|path| json?.pointer(path)?.as_str().and_then(clean_code))
        })
        .or_else(|| element(text, "Code").and_then(clean_code))
}

/// The one member of an error that has nothing beside it: OpenStack's `{"overLimit":{"code":413,"message":"…"}}`. What is
/// called `error` names no code.
fn sole_member(json: &Json) -> Option<(&str, &Json)> {
    let members = json.as_object()?;
    let (key, inner) = members.iter().next()?;
    let names = members.len() == 1 && inner.is_object() && !key.eq_ignore_ascii_case("error");
    names.then_some((key.as_str(), inner))
}

/// `com.amazon#ThrottlingException:http://…` is `ThrottlingException`. A text with spaces is a message, not a code, and
/// so is `TypeError: no`.
fn clean_code(text: &str) -> Option<String> {
    if text.contains(char::is_whitespace) {
        return None;
    }
    let code = text.rsplit('#').next().unwrap_or_default();
    let code = code.split(':').next().unwrap_or_default();
    let plain = !code.is_empty()
        && code.len() <= CODE_CHARS
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        && code.bytes().any(|byte| byte.is_ascii_alphabetic());
    plain.then(|| code.to_owned())
}

fn message(
    response: &Response,
    json: Option<&Json>,
    text: &str,
    content: Content,
) -> Option<String> {
    const PATHS: &[&str] = &[
        "/message",
        "/Message",
        "/error/message",
        "/error_description",
        "/errors/0/message",
        "/Error/Message",
        "/detail/0/msg",
        "/exception_detail/0/msg",
        "/errors/0/msg",
        "/detail",
        "/error",
        "/title",
        "/reason",
    ];
    if let Some(message) = response.header("grpc-message") {
        return Some(message.to_owned());
    }
    let found = match content {
        Content::Json => {
            let known = || {
                PATHS
                    .iter()
                    .filter_map(|path| json?.pointer(path)?.as_str())
            };
            // A word is rather a code, where something else has a sentence.
            let is_sentence = |text: &&str| text.trim().contains(char::is_whitespace);
            let sole = || sole_member(json?)?.1.get("message")?.as_str();
            known()
                .find(is_sentence)
                .or_else(|| known().next())
                .or_else(sole)
        }
        Content::Html => element(text, "title"),
        Content::Other | Content::Xml => element(text, "Message").or_else(|| plain_line(text)),
        _ => None,
    };
    found
        .map(str::to_owned)
        .filter(|message| !message.trim().is_empty())
}

/// What an error says of the fields of a request, wherever it says it: `{"errors":{"email":["has already been taken"]}}`,
/// `{"data":{"email":{"message":"Value must be unique."}}}`.
fn details(json: &Json) -> Vec<String> {
    fn gather(json: &Json, depth: usize, found: &mut Vec<String>) {
        let inner: Vec<&Json> = match json {
            Json::Object(members) => members.values().collect(),
            Json::Array(items) => items.iter().collect(),
            Json::String(text) => return found.push(text.clone()),
            _ => return,
        };
        for one in inner.into_iter().take_while(|_| depth > 0) {
            if found.len() < DETAILS {
                gather(one, depth - 1, found);
            }
        }
    }
    const OF_FIELDS: &[&str] = &[
        "data",
        "errors",
        "details",
        "detail",
        "violations",
        "fields",
    ];
    let mut found = Vec::new();
    let parts = OF_FIELDS.iter().filter_map(|key| json.get(key));
    for part in parts {
        gather(part, DETAIL_DEPTH, &mut found);
    }
    found
}

fn plain_line(text: &str) -> Option<&str> {
    text.lines()
        .next()
        .filter(|line| !line.trim_start().starts_with('<'))
}

/// The text of the first XML element with this name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once("</").map(|(inner, _)| inner)
}

#[cfg(test)]
mod tests {
    use model::{Body, Header};

    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        read(&Response {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| Header {
                    name: (*name).into(),
                    value: (*value).into(),
                })
                .collect(),
            body: Body {
                content: Some(Value::from(body)),
                ..Body::default()
            },
            complete: Some(true),
        })
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]
    fn errors_are_read_from_every_envelope() {
        let check =
            |status: u16, headers: &[(&str, &str)], body: &str, code: &str, message: &str| {
                let answer = answer(status, headers, body);
                assert_eq!(answer.code.as_deref().unwrap_or_default(), code, "{body}");
                assert_eq!(
                    answer.message.as_deref().unwrap_or_default(),
                    message,
                    "{body}"
                );
            };
        let json = [("content-type", "application/json")];
        check(
            400,
            &json,
            r#"{"__type":"com.amazon.coral#ThrottlingException","message":"Rate exceeded"}"#,
            "ThrottlingException",
            "Rate exceeded",
        );
        check(
            429,
            &[("x-amzn-errortype", "TooManyRequestsException:http://x")],
            r#"{"Message":"Rate Exceeded."}"#,
            "TooManyRequestsException",
            "Rate Exceeded.",
        );
        check(
            413,
            &json,
            r#"{"overLimit":{"code":413,"message":"This request was rate-limited."}}"#,
            "overLimit",
            "This request was rate-limited.",
        );
        check(
            503,
            &[],
            "<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>",
            "SlowDown",
            "Reduce your rate",
        );
        check(
            200,
            &json,
            r#"{"ok":false,"error":"ratelimited"}"#,
            "ratelimited",
            "ratelimited",
        );
        check(
            200,
            &json,
            r#"{"data":null,"errors":[{"message":"no","extensions":{"code":"RATE_LIMITED"}}]}"#,
            "RATE_LIMITED",
            "no",
        );
        check(
            200,
            &[("grpc-status", "8"), ("grpc-message", "slow down")],
            "",
            "",
            "slow down",
        );
        check(
            400,
            &json,
            r#"{"error":"invalid_grant","error_description":"expired"}"#,
            "invalid_grant",
            "expired",
        );
        check(500, &[], "boom\nat x.js", "", "boom");
        check(
            502,
            &[],
            "<html><head><title>Bad Gateway</title>",
            "",
            "Bad Gateway",
        );
        check(
            200,
            &json,
            "{\"err\\u006fr\" : \"ratelimited\",\n\"ok\" : false}",
            "ratelimited",
            "ratelimited",
        );
        check(
            200,
            &json,
            r#"{ "errors" : [ { "message" : "no" } ] }"#,
            "",
            "no",
        );
        check(200, &json, r#"{"ok":false,"error":1795372965}"#, "", "");
        check(200, &json, r#"{"error":"none","message":"fine"}"#, "", "");
        check(200, &json, r#"{"error":"timeout"}"#, "timeout", "timeout");
        check(
            200,
            &json,
            r#"{"error":"timeout","reason":"the queue did not answer"}"#,
            "timeout",
            "the queue did not answer",
        );
        check(200, &json, r#"{"error":null}"#, "", "");
        check(
            500,
            &json,
            r#"{"error":"TypeError: no"}"#,
            "",
            "TypeError: no",
        );
        check(
            403,
            &json,
            r#"{"error":"forbidden","reason":"only replicators may write here"}"#,
            "forbidden",
            "only replicators may write here",
        );
        check(
            404,
            &json,
            r#"{"error":"not here, sorry"}"#,
            "",
            "not here, sorry",
        );
    }

    #[test]
    fn content_is_what_it_is() {
        let check = |kind: &str, body: &str, expected: Content| {
            assert_eq!(
                answer(200, &[("content-type", kind)], body).content,
                expected,
                "{kind} {body}"
            );
        };
        check("application/json; charset=utf-8", "{}", Content::Json);
        check("application/json", "{\"a\":", Content::BrokenJson);
        check("application/problem+json", "nope", Content::BrokenJson);
        check("application/x-ndjson", "{}\n{}", Content::Other);
        check("application/json", "<!DOCTYPE html><p>", Content::Html);
        check("text/html", "<html>", Content::Html);
        check("text/plain", "{\"a\":1}", Content::Json);
        check("application/json", "", Content::Empty);
        check("text/plain", "éééééééééé", Content::Other);
    }
}
