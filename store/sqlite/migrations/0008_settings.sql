-- What an office has made of the settings of its procedures.

CREATE TABLE settings (
    office     TEXT    NOT NULL,
    procedure  TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    value      BLOB    NOT NULL,
    changed    INTEGER NOT NULL,
    changed_by TEXT    NOT NULL,
    PRIMARY KEY (office, procedure, name)
) STRICT, WITHOUT ROWID;
