//! Batches: an answer that says success, and parts of it that do not.
//!
//! | answer | a failed part |
//! |---|---|
//! | `{"errors":true,"items":[{"index":{"status":429,"error":{"type":…,"reason":…}}}]}` (Elasticsearch bulk) | a status of 400 or more |
//! | `{"Failed":[{"Code":…,"Message":…}]}` (SQS, SNS) | any in the list |
//! | `{"FailedEntryCount":1,"Entries":[{"ErrorCode":…,"ErrorMessage":…}]}` (EventBridge, Kinesis: `FailedRecordCount`, `Records`) | an entry with an error code |
//! | `{"UnprocessedItems":{…}}`, `{"UnprocessedKeys":{…}}` (DynamoDB) | not empty |
//! | `{"responses":[{"status":404,"body":…}]}` (Kinto, Microsoft Graph) | a status of 400 or more |
//! | `{"results":[{"statement_id":0,"error":…}]}` (InfluxDB) | a result with an error, a text or an object |
//! | `[{"success":…},{"error":{"code":141,"error":…}}]` (Parse), `[{"ok":true,"id":…},{"id":…,"error":"conflict","reason":…}]` (CouchDB) | a part with an error, and nothing beside it but what it is the part of |
//! | `{"jsonrpc":"2.0","error":{"code":-32603,"message":…}}` | the error |

use serde_json::Value as Json;

/// The first part of a batch that failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FailedPart {
    pub(super) status: Option<u16>,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

/// Whether [`failed_part`] is worth asking, by the JSON in its normal form.
pub(super) fn may_have_failed_part(normal: &str) -> bool {
    const SIGNS: &[&str] = &[
        r#""errors":true"#,
        r#""Failed":[{"#,
        r#""FailedEntryCount":"#,
        r#""FailedRecordCount":"#,
        r#""UnprocessedItems":{""#,
        r#""UnprocessedKeys":{""#,
        r#""responses":[{"#,
        r#""results":[{"#,
        r#""jsonrpc":"#,
    ];
    let is_list = normal.starts_with('[') && normal.contains(r#""error":"#);
    is_list || SIGNS.iter().any(|sign| normal.contains(sign))
}

/// The first part of the batch that failed, if it is a batch and one did.
pub(super) fn failed_part(json: &Json) -> Option<FailedPart> {
    bulk(json)
        .or_else(|| listed(json))
        .or_else(|| counted(json))
        .or_else(|| unprocessed(json))
        .or_else(|| responses(json))
        .or_else(|| results(json))
        .or_else(|| parts(json))
        .or_else(|| remote(json))
}

fn list<'j>(json: &'j Json, key: &str) -> &'j [Json] {
    json.get(key)
        .and_then(Json::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text(json: &Json, key: &str) -> Option<String> {
    json.get(key).and_then(Json::as_str).map(str::to_owned)
}

fn failed_status(json: &Json) -> Option<u16> {
    let status = u16::try_from(json.get("status")?.as_u64()?).ok()?;
    (400..600).contains(&status).then_some(status)
}

fn bulk(json: &Json) -> Option<FailedPart> {
    if json.get("errors") != Some(&Json::Bool(true)) {
        return None;
    }
    let mut items = list(json, "items").iter();
    items.find_map(|item| {
        let part = item.as_object()?.values().next()?;
        let error = part.get("error");
        Some(FailedPart {
            status: Some(failed_status(part)?),
            code: error.and_then(|error| text(error, "type")),
            message: error.and_then(|error| text(error, "reason")),
        })
    })
}

fn listed(json: &Json) -> Option<FailedPart> {
    let first = list(json, "Failed").first()?;
    let code = text(first, "Code")?;
    Some(FailedPart {
        status: None,
        code: Some(code),
        message: text(first, "Message"),
    })
}

fn counted(json: &Json) -> Option<FailedPart> {
    let count = ["FailedEntryCount", "FailedRecordCount"]
        .iter()
        .find_map(|key| json.get(*key)?.as_u64())?;
    let entries = list(json, "Entries").iter().chain(list(json, "Records"));
    let first = entries
        .into_iter()
        .find(|entry| entry.get("ErrorCode").is_some())?;
    (count > 0).then(|| FailedPart {
        status: None,
        code: text(first, "ErrorCode"),
        message: text(first, "ErrorMessage"),
    })
}

fn unprocessed(json: &Json) -> Option<FailedPart> {
    let key = ["UnprocessedItems", "UnprocessedKeys"]
        .into_iter()
        .find(|key| {
            let left = json.get(*key).and_then(Json::as_object);
            left.is_some_and(|left| !left.is_empty())
        })?;
    Some(FailedPart {
        status: None,
        code: Some(key.to_owned()),
        message: None,
    })
}

fn responses(json: &Json) -> Option<FailedPart> {
    list(json, "responses").iter().find_map(|part| {
        let body = part.get("body").unwrap_or(part);
        Some(FailedPart {
            status: Some(failed_status(part)?),
            code: text(body, "error").or_else(|| text(body, "code")),
            message: text(body, "message"),
        })
    })
}

fn results(json: &Json) -> Option<FailedPart> {
    // Items of a list may well have an error beside what they are, such as the last one of a job.
    const BESIDE: &[&str] = &["error", "statement_id", "messages", "series"];
    let is_part = |part: &&Json| {
        let members = part.as_object();
        members.is_some_and(|members| members.keys().all(|key| BESIDE.contains(&key.as_str())))
    };
    let parts = list(json, "results").iter().filter(is_part);
    let mut errors = parts.filter_map(|part| part.get("error"));
    errors.find_map(error_of)
}

/// A list of parts, each what came out well or what did not: with nothing but its error, and what it is the part of.
fn parts(json: &Json) -> Option<FailedPart> {
    const BESIDE: &[&str] = &[
        "error", "reason", "message", "code", "status", "id", "key", "rev",
    ];
    let mut parts = json.as_array()?.iter();
    parts.find_map(|part| {
        let members = part.as_object()?;
        let is_one = members.keys().all(|key| BESIDE.contains(&key.as_str()));
        let of_it = match members.get("error").filter(|_| is_one)? {
            // The error is the code, and what is beside it the message.
            Json::String(code) if members.len() > 1 => {
                let message = text(part, "reason").or_else(|| text(part, "message"))?;
                FailedPart {
                    status: failed_status(part).or_else(|| status_named(code)),
                    code: Some(code.clone()),
                    message: Some(message),
                }
            }
            error => error_of(error)?,
        };
        Some(of_it)
    })
}

/// The status that has this name.
fn status_named(code: &str) -> Option<u16> {
    match code {
        "bad_request" => Some(400),
        "unauthorized" => Some(401),
        "forbidden" => Some(403),
        "not_found" => Some(404),
        "conflict" => Some(409),
        "precondition_failed" => Some(412),
        "too_many_requests" => Some(429),
        _ => None,
    }
}

fn error_of(error: &Json) -> Option<FailedPart> {
    const MESSAGES: &[&str] = &["message", "reason", "error", "description"];
    match error {
        Json::String(message) if !message.is_empty() => Some(FailedPart {
            message: Some(message.clone()),
            ..FailedPart::default()
        }),
        Json::Object(members) if !members.is_empty() => Some(FailedPart {
            status: failed_status(error),
            code: text(error, "code").or_else(|| text(error, "type")),
            message: MESSAGES.iter().find_map(|key| text(error, key)),
        }),
        _ => None,
    }
}

fn remote(json: &Json) -> Option<FailedPart> {
    json.get("jsonrpc")?;
    let error = json.get("error").filter(|error| error.is_object())?;
    Some(FailedPart {
        status: None,
        code: None,
        message: text(error, "message"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table is as long as it has rows")]
    fn failed_parts_are_found() {
        let check = |text: &str, expected: Option<&str>| {
            let json: Json = serde_json::from_str(text).unwrap();
            let said = failed_part(&json).map(|part| {
                format!(
                    "{} {} {}",
                    part.status.unwrap_or_default(),
                    part.code.unwrap_or_default(),
                    part.message.unwrap_or_default()
                )
            });
            assert_eq!(said.as_deref(), expected, "{text}");
            assert!(said.is_none() || may_have_failed_part(text), "{text}");
        };
        check(
            r#"{"errors":true,"items":[{"index":{"status":201}},{"index":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue full"}}}]}"#,
            Some("429 es_rejected_execution_exception queue full"),
        );
        check(
            r#"{"errors":false,"items":[{"index":{"status":429}}]}"#,
            None,
        );
        check(
            r#"{"Successful":[],"Failed":[{"Id":"1","Code":"InternalError","Message":"no"}]}"#,
            Some("0 InternalError no"),
        );
        check(r#"{"Failed":[]}"#, None);
        check(
            r#"[{"success":{"id":1}},{"error":{"code":155,"error":"too many requests"}}]"#,
            Some("0  too many requests"),
        );
        check(
            r#"[{"ok":true,"id":"a"},{"id":"b","error":"too_many_requests","reason":"slow down"}]"#,
            Some("429 too_many_requests slow down"),
        );
        check(r#"[{"error":"none","name":"x"}]"#, None);
        check(r#"[{"error":"none","id":"x"}]"#, None);
        check(r#"[{"error":{}}]"#, None);
        check(
            r#"{"FailedEntryCount":1,"Entries":[{"EventId":"a"},{"ErrorCode":"ThrottlingException","ErrorMessage":"slow"}]}"#,
            Some("0 ThrottlingException slow"),
        );
        check(
            r#"{"FailedEntryCount":0,"Entries":[{"EventId":"a"}]}"#,
            None,
        );
        check(
            r#"{"UnprocessedItems":{"table":[]}}"#,
            Some("0 UnprocessedItems "),
        );
        check(r#"{"UnprocessedItems":{}}"#, None);
        check(
            r#"{"responses":[{"status":200,"body":{}},{"status":404,"body":{"error":"Not Found","message":"gone"}}]}"#,
            Some("404 Not Found gone"),
        );
        check(
            r#"{"jsonrpc":"2.0","error":{"code":-32603,"message":"internal"}}"#,
            Some("0  internal"),
        );
        check(r#"{"jsonrpc":"2.0","result":1}"#, None);
        check(
            r#"{"results":[{"series":[]},{"error":"database not found","statement_id":1}]}"#,
            Some("0  database not found"),
        );
        check(
            r#"{"results":[{"error":{"code":"busy","message":"no"}}]}"#,
            Some("0 busy no"),
        );
        check(
            r#"{"results":[{"error":null},{"error":""},{"id":1}]}"#,
            None,
        );
        check(
            r#"{"results":[{"id":1,"state":"failed","error":"card declined"}]}"#,
            None,
        );
        check("[]", None);
    }
}
