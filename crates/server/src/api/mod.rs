//! The HTTP API over a store, and the web pages.
//!
//! `protocol/http-api.md` describes it. [`routes`] answers, [`guard`] decides who is answered, [`assets`] holds the pages,
//! and [`openapi`] describes it all to machines.

mod across;
mod answer;
mod assets;
mod error;
mod guard;
pub mod openapi;
mod routes;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use store::Store;

pub use assets::are_embedded;
pub use guard::Access;

/// What the API answers from.
pub struct Api {
    /// Where recordings are.
    pub store: Arc<dyn Store>,
    /// The folder of the store, for people.
    pub folder: PathBuf,
    /// Who is answered.
    pub access: Access,
    /// The version of the program.
    pub version: &'static str,
}

/// The path below which the API is; everything else is a web page.
pub const PREFIX: &str = "/api/v1";

/// The API and the pages.
pub fn router(api: Api) -> Router {
    let api = Arc::new(api);
    Router::new()
        .nest(PREFIX, routes::router())
        .fallback(assets::page)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&api),
            guard::check,
        ))
        .with_state(api)
}
