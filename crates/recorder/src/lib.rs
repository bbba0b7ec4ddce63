//! Spool to store: admits, masks, attributes and writes a run.
