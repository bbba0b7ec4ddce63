-- Gaps of a run. Empty stands for unknown, because NULL would never equal NULL and counts could not add up.
CREATE TABLE gap (
    run_id   BLOB NOT NULL,
    trace_id BLOB NOT NULL,
    span_id  BLOB NOT NULL,
    kind     TEXT NOT NULL,
    detail   TEXT NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (run_id, trace_id, span_id, kind, detail)
) WITHOUT ROWID;

CREATE TABLE process (
    run_id     BLOB NOT NULL,
    instance   TEXT NOT NULL,
    pid        INTEGER NOT NULL,
    parent_pid INTEGER NOT NULL,
    agent      TEXT NOT NULL,
    command    TEXT NOT NULL,
    runs_tests INTEGER NOT NULL,
    ended      TEXT,
    PRIMARY KEY (run_id, instance)
) WITHOUT ROWID;

CREATE TABLE listener (
    id         INTEGER PRIMARY KEY,
    run_id     BLOB NOT NULL,
    time       INTEGER NOT NULL,
    host       TEXT NOT NULL,
    port       INTEGER NOT NULL,
    open       INTEGER NOT NULL,
    pid        INTEGER NOT NULL,
    service    TEXT NOT NULL,
    runs_tests INTEGER NOT NULL,
    program    TEXT NOT NULL DEFAULT ''
);

CREATE INDEX listener_run ON listener (run_id, time);
