-- Every primary and unique key begins with the office, so that one database can be spread by office. The exceptions
-- are links and sessions, which are found by a secret before the office is known.
-- Times are microseconds since 1970 in UTC; 0 is no time.

CREATE TABLE cases (
    office    TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    revision  INTEGER NOT NULL,
    procedure TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    number    TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    status    TEXT    NOT NULL,
    outcome   TEXT    NOT NULL,
    starter   TEXT    NOT NULL,
    started   INTEGER NOT NULL,
    ended     INTEGER NOT NULL,
    parent    TEXT    NOT NULL,
    state     BLOB    NOT NULL, -- last, so that lists need not read it
    PRIMARY KEY (office, id)
) STRICT;
CREATE UNIQUE INDEX cases_number ON cases (office, number) WHERE number <> '';
CREATE INDEX cases_started ON cases (office, started, id);
CREATE INDEX cases_procedure ON cases (office, procedure, started, id);
CREATE INDEX cases_status ON cases (office, status, started, id);
CREATE INDEX cases_starter ON cases (office, starter, started, id) WHERE starter <> '';

-- History: append only, one row for each change, found by the number of its last event.
CREATE TABLE history (
    office  TEXT    NOT NULL,
    case_id TEXT    NOT NULL,
    last    INTEGER NOT NULL,
    events  BLOB    NOT NULL, -- a JSON array
    PRIMARY KEY (office, case_id, last)
) STRICT, WITHOUT ROWID;

-- Open work only: a task that is done has no row.
CREATE TABLE tasks (
    office     TEXT    NOT NULL,
    id         TEXT    NOT NULL, -- begins with the case's id and a dot
    case_id    TEXT    NOT NULL,
    slot       INTEGER NOT NULL,
    act        INTEGER NOT NULL,
    number     TEXT    NOT NULL,
    procedure  TEXT    NOT NULL,
    step       TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    row_name   TEXT    NOT NULL,
    candidates TEXT    NOT NULL, -- a JSON array
    holder     TEXT    NOT NULL,
    opened     INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    draft      BLOB,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

-- One row for each candidate who may see a task now, in the order of the inbox: its page is a range of this key.
CREATE TABLE offers (
    office    TEXT    NOT NULL,
    candidate TEXT    NOT NULL,
    due_key   INTEGER NOT NULL, -- the greatest integer where there is no clock
    opened    INTEGER NOT NULL,
    task      TEXT    NOT NULL,
    PRIMARY KEY (office, candidate, due_key, opened, task)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
    office  TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    case_id TEXT    NOT NULL,
    timer   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_at ON timers (at, case_id, timer, office);

-- The hidden rowid of letters, subscriptions and kept messages is the order in which they came.
CREATE TABLE letters (
    office TEXT NOT NULL,
    id     TEXT NOT NULL,
    sender TEXT NOT NULL,
    addressee TEXT NOT NULL,
    kind   TEXT NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (office, id)
) STRICT;

CREATE TABLE subscriptions (
    office  TEXT NOT NULL,
    id      TEXT NOT NULL,
    case_id TEXT NOT NULL,
    name    TEXT NOT NULL,
    key     TEXT NOT NULL,
    PRIMARY KEY (office, id)
) STRICT;
CREATE INDEX subscriptions_key ON subscriptions (office, name, key);

CREATE TABLE kept_messages (
    office TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    name   TEXT    NOT NULL,
    key    TEXT    NOT NULL,
    sender TEXT    NOT NULL,
    body   BLOB    NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (office, id)
) STRICT;
CREATE INDEX kept_messages_key ON kept_messages (office, name, key);

-- Ids of messages from outside that were seen, whatever became of them.
CREATE TABLE messages (
    office TEXT NOT NULL,
    id     TEXT NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
    office  TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    request BLOB    NOT NULL,
    body    BLOB    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (office, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
    office TEXT    NOT NULL,
    series TEXT    NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (office, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE copies (
    office    TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    case_id   TEXT    NOT NULL,
    number    TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    document  TEXT    NOT NULL,
    edition   INTEGER NOT NULL,
    recipient TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX copies_recipient ON copies (office, recipient, at, id);

CREATE TABLE copy_reads (
    office TEXT    NOT NULL,
    copy   TEXT    NOT NULL,
    person TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (office, copy, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE searches (
    office  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    field   TEXT NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (office, case_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE files (
    office  TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    size    INTEGER NOT NULL,
    sha256  BLOB    NOT NULL,
    by      TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    case_id TEXT    NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

-- Apart, so that giving a file to a case does not write its content again.
CREATE TABLE file_bodies (
    office TEXT NOT NULL,
    id     TEXT NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (office, id)
) STRICT;

CREATE TABLE file_shares (
    office  TEXT NOT NULL,
    id      TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (office, id, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE bundles (
    office TEXT    NOT NULL,
    hash   TEXT    NOT NULL,
    files  BLOB    NOT NULL,
    at     INTEGER NOT NULL,
    by     TEXT    NOT NULL,
    PRIMARY KEY (office, hash)
) STRICT;

CREATE TABLE versions (
    office    TEXT    NOT NULL,
    procedure TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    title     TEXT    NOT NULL,
    hash      TEXT    NOT NULL,
    bundle    TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (office, procedure, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE persons (
    office  TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    posts   TEXT    NOT NULL, -- a JSON array
    unit    TEXT    NOT NULL,
    admin   INTEGER NOT NULL,
    gone    INTEGER NOT NULL,
    lang    TEXT    NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    hash    BLOB    NOT NULL PRIMARY KEY,
    office  TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    purpose TEXT    NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash   BLOB    NOT NULL PRIMARY KEY,
    office TEXT    NOT NULL,
    person TEXT    NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
