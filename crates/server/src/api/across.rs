//! What the paths about many runs answer: tests with their history, peers, incidents, and what people say of diagnoses.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::get;
use model::TestId;
use serde::Deserialize;

use super::error::ApiError;
use super::routes::{Answer, SHORTEST_ID, Shared, read};
use super::{Api, answer};
use crate::document;

/// Tests, peers or incidents in one answer: without a wish, and at most.
const ENTRIES: usize = 100;
const MOST_ENTRIES: usize = 10_000;

pub(super) fn router() -> Router<Arc<Api>> {
    Router::new()
        .route("/tests", get(tests))
        .route("/tests/{test}", get(test))
        .route("/dependencies", get(dependencies))
        .route("/incidents", get(incidents))
        .route("/reviews", get(reviews))
}

#[derive(Deserialize)]
struct Limit {
    limit: Option<usize>,
    flaky: Option<bool>,
}

impl Limit {
    fn entries(&self) -> usize {
        self.limit.unwrap_or(ENTRIES).clamp(1, MOST_ENTRIES)
    }
}

async fn tests(State(api): Shared, Query(query): Query<Limit>, headers: HeaderMap) -> Answer {
    let (limit, flaky) = (query.entries(), query.flaky.unwrap_or_default());
    let list = read(api, move |api| {
        document::test_list(&*api.store, limit, flaky)
    });
    answer::json(&headers, &list.await?)
}

async fn test(State(api): Shared, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let history = read(api, move |api| {
        let id = test_id(api, &id)?;
        Ok::<_, ApiError>(document::test_history(&*api.store, id)?)
    });
    answer::json(&headers, &history.await?)
}

async fn dependencies(
    State(api): Shared,
    Query(query): Query<Limit>,
    headers: HeaderMap,
) -> Answer {
    let limit = query.entries();
    let list = read(api, move |api| document::dependencies(&*api.store, limit));
    answer::json(&headers, &list.await?)
}

async fn incidents(State(api): Shared, Query(query): Query<Limit>, headers: HeaderMap) -> Answer {
    let limit = query.entries();
    let list = read(api, move |api| document::incidents(&*api.store, limit));
    answer::json(&headers, &list.await?)
}

async fn reviews(State(api): Shared, headers: HeaderMap) -> Answer {
    let list = read(api, |api| document::reviews(&*api.store));
    answer::json(&headers, &list.await?)
}

/// The only test whose id begins so.
fn test_id(api: &Api, prefix: &str) -> Result<TestId, ApiError> {
    let prefix = prefix.to_ascii_lowercase();
    let digits = prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
    if prefix.len() < SHORTEST_ID || !digits {
        return Err(ApiError::not_an_id(&prefix));
    }
    let tests = api.store.tests()?;
    let ids = tests.iter().map(|(id, _)| *id);
    let found: Vec<TestId> = ids
        .filter(|id| id.to_string().starts_with(&prefix))
        .collect();
    match *found {
        [only] => Ok(only),
        [] => Err(ApiError::unknown("test", &prefix)),
        [..] => Err(ApiError::ambiguous(&prefix)),
    }
}
