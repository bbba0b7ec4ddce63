-- What was computed of chunks. Holds while the part has as many chunks as it was computed of, and the same newest one.
-- Rows may be removed at any time. A part is a letter (t: trace, r: run without its attempts) and an id.
CREATE TABLE derived (
    part    BLOB NOT NULL,
    kind    TEXT NOT NULL,
    version INTEGER NOT NULL,
    chunks  INTEGER NOT NULL,
    newest  INTEGER NOT NULL,
    data    BLOB NOT NULL,
    PRIMARY KEY (part, kind)
);
