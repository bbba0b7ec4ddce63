//! Answers with a tag, so that a browser that has one need not fetch it again.

use std::hash::{DefaultHasher, Hasher};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::ApiError;

/// An answer in JSON.
pub(super) fn json(asked: &HeaderMap, value: &impl Serialize) -> Result<Response, ApiError> {
    let bytes = serde_json::to_vec(value).map_err(anyhow::Error::from)?;
    Ok(bytes_of(asked, "application/json", bytes))
}

/// An answer in bytes, or 304 when the client has the same.
pub(super) fn bytes_of(asked: &HeaderMap, content_type: &str, bytes: Vec<u8>) -> Response {
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let known = asked
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    // What is shown may change with the next write to the store: ask again, and get 304 when it has not.
    let headers = [(ETAG, tag), (CACHE_CONTROL, "no-cache".to_owned())];
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = [(CONTENT_TYPE, content_type.to_owned())];
    (headers, kind, bytes).into_response()
}
