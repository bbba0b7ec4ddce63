-- The latest diagnosis of an attempt.
CREATE TABLE diagnosis (
    attempt_id    BLOB PRIMARY KEY,
    run_id        BLOB NOT NULL,
    test_id       BLOB NOT NULL,
    fingerprint   TEXT NOT NULL,
    evidence_hash TEXT NOT NULL,
    document      TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX diagnosis_fingerprint ON diagnosis (fingerprint);
CREATE INDEX diagnosis_run ON diagnosis (run_id);
