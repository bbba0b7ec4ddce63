//! Where recordings live.
