-- What machines are asked to do, and the machines that may do it.

CREATE TABLE jobs (
    office    TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    case_id   TEXT    NOT NULL,
    number    TEXT    NOT NULL,
    procedure TEXT    NOT NULL,
    step      TEXT    NOT NULL,
    name      TEXT    NOT NULL, -- kind of work
    most      INTEGER NOT NULL,
    given     INTEGER NOT NULL,
    free      INTEGER NOT NULL, -- from when on it may be given out
    fence     INTEGER NOT NULL,
    worker    TEXT    NOT NULL,
    body      BLOB    NOT NULL,
    PRIMARY KEY (office, id)
) STRICT;
CREATE INDEX jobs_free ON jobs (name, free);

CREATE TABLE workers (
    office     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    names      TEXT    NOT NULL, -- a JSON array
    hash       BLOB    NOT NULL,
    changed    INTEGER NOT NULL,
    changed_by TEXT    NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX workers_hash ON workers (hash);
