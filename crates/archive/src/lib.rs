//! The versioned format of recordings and evidence.
