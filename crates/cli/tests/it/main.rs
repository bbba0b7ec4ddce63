//! The real binary, as users and CI call it: what it prints, how it ends, and what is in the store afterwards.

mod broken;
mod commands;
mod passthrough;
mod runs;
mod sandbox;
