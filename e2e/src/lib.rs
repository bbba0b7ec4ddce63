//! Whole-product tests: the real binary against real test runners.
