-- One row a test, and one a try of it. Rows of a run that never arrived are no error.
CREATE TABLE test (
    id       BLOB PRIMARY KEY,
    document TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE attempt (
    id       BLOB PRIMARY KEY,
    run_id   BLOB NOT NULL,
    test_id  BLOB NOT NULL,
    status   TEXT NOT NULL,
    start    INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX attempt_run ON attempt (run_id, start);
CREATE INDEX attempt_test ON attempt (test_id, status, start);
