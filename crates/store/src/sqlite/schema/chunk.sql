-- Records of spans and logs, as compressed archives. The rowid is the order of writing.
CREATE TABLE chunk (
    id       INTEGER PRIMARY KEY,
    run_id   BLOB NOT NULL,
    trace_id BLOB,
    data     BLOB NOT NULL
);

CREATE INDEX chunk_trace ON chunk (trace_id);
CREATE INDEX chunk_run ON chunk (run_id, trace_id);

-- Batches that were written, so that one that is sent again is known.
CREATE TABLE batch_seen (
    id     BLOB PRIMARY KEY,
    run_id BLOB NOT NULL
) WITHOUT ROWID;
