//! Tests of reading and writing together: whatever is written reads the same, in both encodings, and whatever is broken
//! costs no neighbour.

mod arbitrary;
mod damage;
mod lenient;
mod round_trip;
mod sources;
