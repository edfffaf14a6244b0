-- What machines are asked to do, and the machines that may do it.

CREATE TABLE jobs (
    given     bigint NOT NULL,
    most      bigint NOT NULL,
    free      bigint NOT NULL, -- from when on it may be given out
    fence     bigint NOT NULL,
    office    text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    case_id   text COLLATE "C" NOT NULL,
    number    text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    step      text COLLATE "C" NOT NULL,
    name      text COLLATE "C" NOT NULL, -- kind of work
    worker    text COLLATE "C" NOT NULL,
    body      bytea NOT NULL,
    PRIMARY KEY (office, id)
);
CREATE INDEX jobs_free ON jobs (name, free);

CREATE TABLE workers (
    changed    bigint NOT NULL,
    office     text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    title      text COLLATE "C" NOT NULL,
    changed_by text COLLATE "C" NOT NULL,
    names      text[] COLLATE "C" NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (office, id)
);
CREATE INDEX workers_hash ON workers (hash);

SELECT guicheng_lock('jobs'), guicheng_lock('workers');
