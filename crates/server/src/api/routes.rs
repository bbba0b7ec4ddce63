//! What each path about a run or an attempt answers; those about many runs are in [`super::across`]. The paths stand once more in [`super::openapi`]; a test holds the two together.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use model::{AttemptId, RunId, SpanId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::PrefixMatch;

use super::error::ApiError;
use super::{Api, across, answer, assets, openapi};
use crate::document::{self, Place};
use crate::export as formats;
use crate::export::Format;
use crate::timeline::Timeline;

/// Shorter beginnings of ids are refused: they are hard to tell from a word.
pub(super) const SHORTEST_ID: usize = 6;
/// Runs in one answer: without a wish, and at most.
const RUNS: usize = 50;
const MOST_RUNS: usize = 500;

/// Digits of an id in the name of an exported file.
const FILE_DIGITS: usize = 12;

/// The content type of a timeline.
pub(super) const TIMELINE: &str = "application/vnd.flakescope.timeline";

pub(super) type Shared = State<Arc<Api>>;
pub(super) type Answer = Result<Response, ApiError>;

pub(super) fn router() -> Router<Arc<Api>> {
    Router::new()
        .route("/openapi.json", get(description))
        .route("/health", get(health))
        .route("/runs", get(runs))
        .route("/runs/{run}", get(run))
        .route("/attempts/{attempt}", get(head))
        .route("/attempts/{attempt}/timeline", get(timeline))
        .route("/attempts/{attempt}/exchanges", get(exchanges))
        .route("/attempts/{attempt}/logs", get(logs))
        .route("/attempts/{attempt}/graph", get(graph))
        .route("/attempts/{attempt}/spans/{span}", get(span))
        .route("/attempts/{attempt}/export/{format}", get(export))
        .route("/find/{prefix}", get(find))
        .merge(across::router())
}

/// The server's own state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Health {
    /// The version of the program.
    pub(super) version: String,
    /// The folder of the store.
    pub(super) store: String,
    /// Whether the web pages are in the program.
    pub(super) pages: bool,
}

/// What an id names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Found {
    /// `run` or `attempt`.
    pub(super) kind: String,
    /// The whole id.
    pub(super) id: String,
}

#[derive(Deserialize)]
struct RunsQuery {
    limit: Option<usize>,
    before: Option<String>,
}

async fn description(headers: HeaderMap) -> Answer {
    answer::json(&headers, &openapi::document())
}

async fn health(State(api): Shared, headers: HeaderMap) -> Answer {
    let health = Health {
        version: api.version.to_owned(),
        store: api.folder.display().to_string(),
        pages: assets::are_embedded(),
    };
    answer::json(&headers, &health)
}

async fn runs(State(api): Shared, Query(query): Query<RunsQuery>, headers: HeaderMap) -> Answer {
    let limit = query.limit.unwrap_or(RUNS).clamp(1, MOST_RUNS);
    let before = match &query.before {
        Some(text) => Some(Place::read(text).ok_or_else(|| ApiError::not_an_instant(text))?),
        None => None,
    };
    let page = read(api, move |api| {
        document::run_page(&*api.store, limit, before)
    })
    .await?;
    answer::json(&headers, &page)
}

async fn run(State(api): Shared, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let document = read(api, move |api| {
        let id = run_id(api, &id)?;
        Ok::<_, ApiError>(document::build(&*api.store, id)?)
    });
    answer::json(&headers, &document.await?)
}

async fn head(State(api): Shared, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let head = of_attempt(api, id, document::head);
    answer::json(&headers, &head.await?)
}

async fn exchanges(State(api): Shared, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let calls = of_attempt(api, id, document::calls);
    answer::json(&headers, &calls.await?)
}

async fn logs(State(api): Shared, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let logs = of_attempt(api, id, document::logs);
    answer::json(&headers, &logs.await?)
}

async fn graph(State(api): Shared, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let graph = of_attempt(api, id, document::graph);
    answer::json(&headers, &graph.await?)
}

async fn span(
    State(api): Shared,
    Path((id, span)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let span_id: SpanId = span.parse().map_err(|_| ApiError::not_an_id(&span))?;
    let found = of_attempt(api, id, move |store, id| document::span(store, id, span_id)).await?;
    let found = found.ok_or_else(|| ApiError::unknown("span", &span))?;
    answer::json(&headers, &found)
}

async fn timeline(State(api): Shared, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let bytes = of_attempt(api, id, |store, id| Timeline::read(store, id)).await?;
    Ok(answer::bytes_of(&headers, TIMELINE, bytes))
}

async fn export(
    State(api): Shared,
    Path((id, format)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let format = Format::from_name(&format).ok_or_else(|| ApiError::format(&format))?;
    let version = api.version;
    let made = of_attempt(api, id, move |store, id| {
        let mut bytes = Vec::new();
        formats::write(store, PrefixMatch::Attempt(id), format, version, &mut bytes)?;
        Ok((id, bytes))
    });
    let (id, bytes) = made.await?;
    let mut response = answer::bytes_of(&headers, "application/json", bytes);
    let id: String = id.to_string().chars().take(FILE_DIGITS).collect();
    let file = format!("attachment; filename=\"flakescope-{id}.{}\"", format.name());
    let file = HeaderValue::try_from(file).map_err(anyhow::Error::from)?;
    response.headers_mut().insert(CONTENT_DISPOSITION, file);
    Ok(response)
}

async fn find(State(api): Shared, Path(prefix): Path<String>, headers: HeaderMap) -> Answer {
    let found = read(api, move |api| {
        let found = one(api, &prefix, "run or attempt", |_| true)?;
        let (kind, id) = match found {
            PrefixMatch::Run(id) => ("run", id.to_string()),
            PrefixMatch::Attempt(id) => ("attempt", id.to_string()),
        };
        Ok::<_, ApiError>(Found {
            kind: kind.to_owned(),
            id,
        })
    });
    answer::json(&headers, &found.await?)
}

/// Reads from the store, on a thread that may wait.
pub(super) async fn read<T, E>(
    api: Arc<Api>,
    read: impl FnOnce(&Api) -> Result<T, E> + Send + 'static,
) -> Result<T, ApiError>
where
    T: Send + 'static,
    E: Into<ApiError> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(move || read(&api)).await;
    let done = done.map_err(|error| ApiError::from(anyhow::Error::from(error)))?;
    done.map_err(Into::into)
}

/// Reads a document about one attempt.
async fn of_attempt<T: Send + 'static>(
    api: Arc<Api>,
    id: String,
    make: impl FnOnce(&dyn store::Store, AttemptId) -> anyhow::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    read(api, move |api| {
        let is_attempt = |found: &PrefixMatch| matches!(found, PrefixMatch::Attempt(_));
        match one(api, &id, "attempt", is_attempt)? {
            PrefixMatch::Attempt(id) => Ok(make(&*api.store, id)?),
            PrefixMatch::Run(_) => Err(ApiError::unknown("attempt", &id)),
        }
    })
    .await
}

fn run_id(api: &Api, id: &str) -> Result<RunId, ApiError> {
    match one(api, id, "run", |found| matches!(found, PrefixMatch::Run(_)))? {
        PrefixMatch::Run(id) => Ok(id),
        PrefixMatch::Attempt(_) => Err(ApiError::unknown("run", id)),
    }
}

/// The only thing of the wanted kind whose id begins so.
fn one(
    api: &Api,
    prefix: &str,
    what: &str,
    wanted: impl Fn(&PrefixMatch) -> bool,
) -> Result<PrefixMatch, ApiError> {
    let prefix = prefix.to_ascii_lowercase();
    let digits = prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
    if prefix.len() < SHORTEST_ID || !digits {
        return Err(ApiError::not_an_id(&prefix));
    }
    // A run and an attempt may begin alike, and an id that is whole may be of both kinds.
    let mut found = api.store.find(&prefix, 3)?;
    found.retain(wanted);
    match *found {
        [only] => Ok(only),
        [] => Err(ApiError::unknown(what, &prefix)),
        [..] => Err(ApiError::ambiguous(&prefix)),
    }
}
