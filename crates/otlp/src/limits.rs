//! How much of a request is taken in.

/// Bounds of one request beside its length, which the caller bounds before. What goes over is left out and told as a
/// [`crate::Problem`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Spans or log records. A span of two ids is 30 bytes on the wire and ten times that in memory.
    pub records: usize,
    /// Values of attributes, events and links of all records together.
    pub values: usize,
    /// Entries of one list: attributes, events, links, elements of an array.
    pub entries: usize,
    /// Length of one text or of one value of bytes, in bytes; a longer one is cut.
    pub text_bytes: usize,
    /// Arrays and maps within each other.
    pub depth: usize,
    /// Problems that are told one by one; the rest is counted.
    pub problems: usize,
}

impl Default for Limits {
    /// Fits for a request of 64 MiB, the limit that OTLP recommends: the honest ones stay far below, and the worst one
    /// takes well under 1 GiB.
    fn default() -> Self {
        Self {
            records: 500_000,
            values: 4_000_000,
            entries: 10_000,
            text_bytes: 256 << 10,
            depth: 32,
            problems: 100,
        }
    }
}
