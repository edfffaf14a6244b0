-- What begins by the calendar: how far it was done, and when it is due next.

CREATE TABLE schedules (
    office    TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    procedure TEXT    NOT NULL,
    way       INTEGER NOT NULL,
    spec      TEXT    NOT NULL,
    last      INTEGER NOT NULL,
    next      INTEGER NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedules_next ON schedules (next);
