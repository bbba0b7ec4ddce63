//! The format from outside: what goes in comes out, and damage stays where it is.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which clippy cannot tell"
)]

mod arbitrary;
mod damage;
mod format;
mod round_trip;
