//! Errors as the API answers them: a code for programs, a message and a hint for people.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// The body of every answer that is not 2xx or 304.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct ErrorBody {
    /// What went wrong.
    pub(super) error: ErrorEntry,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct ErrorEntry {
    /// For programs: `not-an-id`, `not-an-instant`, `unknown`, `ambiguous`, `host`, `origin`, `token`, `store`.
    pub(super) code: String,
    /// For people.
    pub(super) message: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
}

/// An answer that is an error.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    hint: Option<&'static str>,
}

impl ApiError {
    pub(super) fn not_an_id(text: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "not-an-id",
            message: format!("not an id: {text}"),
            hint: Some("an id has at least 6 of the digits 0-9 and a-f"),
        }
    }

    pub(super) fn not_an_instant(text: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "not-an-instant",
            message: format!("not an instant: {text}"),
            hint: Some(
                "write it as 2026-11-22T10:00:00Z, or give what another answer has as `next`",
            ),
        }
    }

    pub(super) fn format(name: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "unknown",
            message: format!("there is no format {name}"),
            hint: Some("the formats are otlp.json and har"),
        }
    }

    pub(super) fn unknown(what: &str, id: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "unknown",
            message: format!("there is no {what} {id}"),
            hint: Some("it may be in another store, or retention has removed it"),
        }
    }

    pub(super) fn no_such_path(path: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "unknown",
            message: format!("the API has no {path}"),
            hint: Some("see /api/v1/openapi.json"),
        }
    }

    pub(super) fn ambiguous(id: &str) -> Self {
        Self {
            status: StatusCode::CONFLICT,
            code: "ambiguous",
            message: format!("several ids begin with {id}"),
            hint: Some("give more digits"),
        }
    }

    pub(super) fn host(host: &str) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "host",
            message: format!("this server is not to be reached as {host}"),
            hint: Some("use localhost or 127.0.0.1, or serve with --listen on that address"),
        }
    }

    pub(super) fn origin(origin: &str) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "origin",
            message: format!("pages from {origin} may not read recordings"),
            hint: None,
        }
    }

    pub(super) fn token() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            code: "token",
            message: "this server asks for a token".to_owned(),
            hint: Some(
                "open the address that `flakescope serve` printed, or send Authorization: Bearer TOKEN",
            ),
        }
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: "store",
            message: format!("{error:#}"),
            hint: None,
        }
    }
}

impl From<store::StoreError> for ApiError {
    fn from(error: store::StoreError) -> Self {
        anyhow::Error::from(error).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            error: ErrorEntry {
                code: self.code.to_owned(),
                message: self.message,
                hint: self.hint.map(str::to_owned),
            },
        };
        (self.status, Json(body)).into_response()
    }
}
