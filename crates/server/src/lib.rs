//! What Flakescope hands out of a store: the documents that the terminal, `--json` and the HTTP API share, exports for
//! other tools, the bytes of a timeline, and the HTTP API with the web pages.

pub mod api;
pub mod document;
pub mod export;
mod service;
mod signer;
pub mod time;
pub mod timeline;

pub use signer::SIGNER;
