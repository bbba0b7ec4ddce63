-- One row a run; the document is the run as the archive writes it.
CREATE TABLE run (
    id       BLOB PRIMARY KEY,
    project  TEXT NOT NULL,
    started  INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX run_started ON run (started);
