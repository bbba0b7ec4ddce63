//! What Flakescope hands out of a store: the documents that the terminal, `--json` and the HTTP API share.

pub mod document;
pub mod time;
