//! A proxy that injects labelled faults between a test and the server that it calls.
//!
//! The real server stays behind it: what a rule does not touch goes through as it is. Faults are data ([`Plan`]), so that
//! a case of the matrix in `bench/diagnosis/` is a few lines of a file. It stands on threads and on its own reading of
//! HTTP/1.1, because it must do what no HTTP library lets one do: cut, reset, stay silent.

mod act;
mod admin;
mod edit;
mod http;
mod machine;
mod plan;
mod proxy;
mod snapshot;
mod state;
mod text;
mod wire;

pub use admin::serve as serve_admin;
pub use edit::Edit;
pub use plan::{Answer, Call, Fault, Plan, PlanError, Replacement, Rule, When, Wire};
pub use proxy::Proxy;
pub use snapshot::send;
pub use state::Passed;
