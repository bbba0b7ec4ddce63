-- What somebody says of the diagnosis of an attempt; the latest counts.
CREATE TABLE review (
    attempt_id    BLOB PRIMARY KEY,
    run_id        BLOB NOT NULL,
    test_id       BLOB NOT NULL,
    fingerprint   TEXT NOT NULL,
    claimed       TEXT NOT NULL,
    -- agreed, disputed or withdrawn.
    verdict       TEXT NOT NULL,
    -- The cause that is said to be the right one, where the claim is disputed; else empty.
    cause         TEXT NOT NULL,
    note          TEXT,
    time          INTEGER NOT NULL,
    rules_version INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX diagnosis_test ON diagnosis (test_id);
