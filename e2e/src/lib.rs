//! Whole-product tests: the real binary against real test runners. There is nothing to call here; see `tests/it`.
