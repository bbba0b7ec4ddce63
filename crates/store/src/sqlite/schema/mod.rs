//! The tables, in the order in which they are made, and what marks a file as ours.

/// Marks a SQLite file as a store of ours: `FLKS`.
pub(super) const APPLICATION_ID: i32 = 0x464c_4b53;

/// The format that this version writes. Raised by each change of the tables, together with a step that migrates.
pub(super) const FORMAT: u32 = 4;

/// The step from each format to the next: the first leads from format 1 to format 2.
pub(super) const STEPS: &[&str] = &[
    // What the listening process runs, so that a server with a random port can be declared.
    "ALTER TABLE listener ADD COLUMN program TEXT NOT NULL DEFAULT ''",
    // What can be computed again is kept, so that showing a run unpacks no recording; the calls too, which were counted
    // before it was known which of them are one.
    concat!("DROP TABLE call_block;\n", include_str!("derived.sql")),
    // What people say of diagnoses.
    include_str!("review.sql"),
];

/// The statements that make an empty store.
pub(super) const TABLES: &[&str] = &[
    include_str!("run.sql"),
    include_str!("attempt.sql"),
    include_str!("chunk.sql"),
    include_str!("facts.sql"),
    include_str!("diagnosis.sql"),
    include_str!("derived.sql"),
    include_str!("review.sql"),
];

#[cfg(test)]
mod tests {
    use super::TABLES;

    /// Signals arrive in any order, and some never: a span that never comes is evidence, not an error.
    #[test]
    fn no_table_refers_to_another() {
        for sql in TABLES {
            let upper = sql.to_ascii_uppercase();
            assert!(!upper.contains("REFERENCES"), "{sql}");
            assert!(!upper.contains("FOREIGN"), "{sql}");
        }
    }
}
