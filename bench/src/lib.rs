//! Benchmarks, each side by side with a reference.
