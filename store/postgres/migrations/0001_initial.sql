-- Every primary and unique key begins with the office, so that one database can be spread by office. The exceptions
-- are links and sessions, which are found by a secret before the office is known.
-- Times are microseconds since 1970 in UTC; 0 is no time. Texts are ordered by their bytes, whatever the database's
-- locale: pages and prefixes rely on it.
-- Where a table has several indexes, the primary key is made last: while a table is too small for a difference in cost,
-- the planner takes the youngest.

CREATE TABLE cases (
    office     text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    revision   bigint NOT NULL,
    version    integer NOT NULL,
    started    bigint NOT NULL,
    ended      bigint NOT NULL,
    last_event bigint NOT NULL, -- number of the last event in history; 0 = none
    first_at   bigint NOT NULL, -- between these its history is: only those months are read
    last_at    bigint NOT NULL,
    procedure  text COLLATE "C" NOT NULL,
    number     text COLLATE "C" NOT NULL,
    title      text COLLATE "C" NOT NULL,
    status     text COLLATE "C" NOT NULL,
    outcome    text COLLATE "C" NOT NULL,
    starter    text COLLATE "C" NOT NULL,
    parent     text COLLATE "C" NOT NULL,
    state      bytea NOT NULL,
    CONSTRAINT event_comes_once CHECK (last_event >= 0)
) WITH (fillfactor = 80); -- a step changes no indexed column: there is room for it on the page
CREATE UNIQUE INDEX cases_number ON cases (office, number) WHERE number <> '';
CREATE INDEX cases_started ON cases (office, started, id);
CREATE INDEX cases_procedure ON cases (office, procedure, started, id);
CREATE INDEX cases_status ON cases (office, status, started, id);
CREATE INDEX cases_starter ON cases (office, starter, started, id) WHERE starter <> '';
ALTER TABLE cases ADD PRIMARY KEY (office, id);

-- History: append only, one row for each change, found by the number of its last event. A partition for each month is
-- made ahead; what has no month of its own, as after a clock that was far off, is in history_rest.
CREATE TABLE history (
    office  text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    last    bigint NOT NULL,
    at      bigint NOT NULL, -- of the last event
    events  bytea  NOT NULL, -- a JSON array in UTF-8
    PRIMARY KEY (office, case_id, last, at)
) PARTITION BY RANGE (at);
CREATE TABLE history_rest PARTITION OF history DEFAULT;

-- Open work only: a task that is done has no row.
CREATE TABLE tasks (
    office     text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL, -- begins with the case's id and a dot
    case_id    text COLLATE "C" NOT NULL,
    slot       bigint NOT NULL,
    act        bigint NOT NULL,
    opened     bigint NOT NULL,
    due        bigint NOT NULL,
    number     text COLLATE "C" NOT NULL,
    procedure  text COLLATE "C" NOT NULL,
    step       text COLLATE "C" NOT NULL,
    title      text COLLATE "C" NOT NULL,
    row_name   text COLLATE "C" NOT NULL,
    candidates text COLLATE "C" NOT NULL, -- with U+001F between them
    holder     text COLLATE "C" NOT NULL,
    draft      bytea, -- null = none
    PRIMARY KEY (office, id)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.05);

-- One row for each candidate who may see a task now, in the order of the inbox: its page is a range of this key.
CREATE TABLE offers (
    office    text COLLATE "C" NOT NULL,
    candidate text COLLATE "C" NOT NULL,
    due_key   bigint NOT NULL, -- the greatest integer where there is no clock
    opened    bigint NOT NULL,
    task      text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, candidate, due_key, opened, task)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.05);

CREATE TABLE timers (
    office  text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    timer   bigint NOT NULL,
    at      bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX timers_at ON timers (at, case_id, timer, office);
ALTER TABLE timers ADD PRIMARY KEY (office, id);

-- came is the order in which letters, subscriptions and kept messages were written.
CREATE TABLE letters (
    office    text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    came      bigint GENERATED ALWAYS AS IDENTITY,
    sender    text COLLATE "C" NOT NULL,
    addressee text COLLATE "C" NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    body      bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX letters_came ON letters (came);
ALTER TABLE letters ADD PRIMARY KEY (office, id);

CREATE TABLE subscriptions (
    office  text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    came    bigint GENERATED ALWAYS AS IDENTITY,
    case_id text COLLATE "C" NOT NULL,
    name    text COLLATE "C" NOT NULL,
    key     text COLLATE "C" NOT NULL
);
CREATE INDEX subscriptions_key ON subscriptions (office, name, key, came);
ALTER TABLE subscriptions ADD PRIMARY KEY (office, id);

CREATE TABLE kept_messages (
    office text COLLATE "C" NOT NULL,
    id     text COLLATE "C" NOT NULL,
    came   bigint GENERATED ALWAYS AS IDENTITY,
    until  bigint NOT NULL,
    name   text COLLATE "C" NOT NULL,
    key    text COLLATE "C" NOT NULL,
    sender text COLLATE "C" NOT NULL,
    body   bytea NOT NULL
);
CREATE INDEX kept_messages_key ON kept_messages (office, name, key, came);
ALTER TABLE kept_messages ADD PRIMARY KEY (office, id);

-- Ids of messages from outside that were seen, whatever became of them.
CREATE TABLE messages (
    office text COLLATE "C" NOT NULL,
    id     text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, id)
);

CREATE TABLE answers (
    office  text COLLATE "C" NOT NULL,
    key     text COLLATE "C" NOT NULL,
    at      bigint NOT NULL,
    request bytea NOT NULL,
    body    bytea NOT NULL,
    PRIMARY KEY (office, key)
);

CREATE TABLE counters (
    office text COLLATE "C" NOT NULL,
    series text COLLATE "C" NOT NULL,
    n      bigint NOT NULL,
    PRIMARY KEY (office, series)
) WITH (fillfactor = 50);

CREATE TABLE copies (
    office    text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    at        bigint NOT NULL,
    edition   integer NOT NULL,
    case_id   text COLLATE "C" NOT NULL,
    number    text COLLATE "C" NOT NULL,
    title     text COLLATE "C" NOT NULL,
    document  text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL
);
CREATE INDEX copies_recipient ON copies (office, recipient, at, id);
ALTER TABLE copies ADD PRIMARY KEY (office, id);

CREATE TABLE copy_reads (
    office text COLLATE "C" NOT NULL,
    copy   text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL,
    at     bigint NOT NULL,
    PRIMARY KEY (office, copy, person)
);

CREATE TABLE searches (
    office  text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    field   text COLLATE "C" NOT NULL,
    text    text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, case_id, field)
);

CREATE TABLE files (
    office  text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    size    bigint NOT NULL,
    at      bigint NOT NULL,
    name    text COLLATE "C" NOT NULL,
    type    text COLLATE "C" NOT NULL,
    sha256  bytea NOT NULL,
    by      text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, id)
);

-- Apart, so that giving a file to a case does not write its content again.
CREATE TABLE file_bodies (
    office text COLLATE "C" NOT NULL,
    id     text COLLATE "C" NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (office, id)
);

ALTER TABLE file_bodies ALTER body SET STORAGE EXTERNAL; -- what is uploaded is mostly compressed

CREATE TABLE file_shares (
    office  text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, id, case_id)
);

CREATE TABLE bundles (
    office text COLLATE "C" NOT NULL,
    hash   text COLLATE "C" NOT NULL,
    at     bigint NOT NULL,
    by     text COLLATE "C" NOT NULL,
    files  bytea NOT NULL,
    PRIMARY KEY (office, hash)
);

CREATE TABLE versions (
    office    text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    version   integer NOT NULL,
    at        bigint NOT NULL,
    title     text COLLATE "C" NOT NULL,
    hash      text COLLATE "C" NOT NULL,
    bundle    text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, procedure, version)
);

CREATE TABLE persons (
    office  text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    changed bigint NOT NULL,
    admin   boolean NOT NULL,
    gone    boolean NOT NULL,
    name    text COLLATE "C" NOT NULL,
    posts   text[] NOT NULL,
    unit    text COLLATE "C" NOT NULL,
    lang    text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, id)
);

CREATE TABLE links (
    hash    bytea NOT NULL PRIMARY KEY,
    until   bigint NOT NULL,
    office  text COLLATE "C" NOT NULL,
    person  text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL
);

CREATE TABLE sessions (
    hash   bytea NOT NULL PRIMARY KEY,
    until  bigint NOT NULL,
    office text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL
);

-- The second lock: a transaction sees the rows of the office that it has named in guicheng.office, or of several, with
-- U+001F around each. '*' is for the few statements that find work of all offices, or a session before its office is
-- known.
CREATE FUNCTION guicheng_lock(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY office ON %I USING (office = current_setting(''guicheng.office'', true) '
        'OR strpos(current_setting(''guicheng.office'', true), E''\x1f'' || office || E''\x1f'') > 0 '
        'OR current_setting(''guicheng.office'', true) = ''*'')', relation);
END $$;

SELECT guicheng_lock(relname) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> 'guicheng_schema';
