-- People's skills, who stands in for whom, who did what how often, and what is sent on a case beside its papers.

ALTER TABLE persons ADD COLUMN skills TEXT NOT NULL DEFAULT '[]'; -- a JSON array

CREATE TABLE substitutes (
    office     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    person     TEXT    NOT NULL,
    substitute TEXT    NOT NULL,
    since      INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    procedures TEXT    NOT NULL, -- a JSON array; empty = all
    changed    INTEGER NOT NULL,
    changed_by TEXT    NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE deeds (
    office    TEXT    NOT NULL,
    procedure TEXT    NOT NULL,
    step      TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    times     INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (office, procedure, step, person)
) STRICT, WITHOUT ROWID;

ALTER TABLE copies ADD COLUMN kind TEXT NOT NULL DEFAULT ''; -- '' = a paper
ALTER TABLE copies ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE copies ADD COLUMN text TEXT NOT NULL DEFAULT '';
