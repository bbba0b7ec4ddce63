//! The web pages, embedded as `npm run build` in `ui/` made them.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::PREFIX;
use super::error::ApiError;

/// Empty when the pages were not built before the program: `cargo build` never needs Node.
#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Pages;

/// The page that the router of the pages starts from, whatever their address.
const INDEX: &str = "index.html";
/// Files below it have a hash of their content in their name.
const HASHED: &str = "assets/";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Flakescope</title>\
    <h1>The web pages are not in this program</h1>\
    <p>It was built without them: run <code>cargo xtask pages</code> and build it again. The API is at \
    <a href=\"/api/v1/openapi.json\">/api/v1</a>.</p></html>";

/// A file, or the page that shows what the address means.
pub(super) async fn page(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if uri.path().starts_with(PREFIX) {
        return ApiError::no_such_path(uri.path()).into_response();
    }
    if let Some(file) = Pages::get(path) {
        let lifetime = match path.starts_with(HASHED) {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        };
        let kind = file.metadata.mimetype().to_owned();
        let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, lifetime.to_owned())];
        return (headers, file.data).into_response();
    }
    let html = |text: Vec<u8>| {
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-cache"),
        ];
        (headers, text).into_response()
    };
    match Pages::get(INDEX) {
        Some(_) if path.starts_with(HASHED) => StatusCode::NOT_FOUND.into_response(),
        Some(index) => html(index.data.into_owned()),
        None => html(NOT_BUILT.as_bytes().to_vec()),
    }
}

/// Whether the pages are in this program.
#[must_use]
pub fn are_embedded() -> bool {
    Pages::get(INDEX).is_some()
}
