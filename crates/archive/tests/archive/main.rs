//! The format from outside: what goes in comes out, and damage stays where it is.

mod arbitrary;
mod damage;
mod format;
mod round_trip;
