-- What is of greater priority comes first in the inbox: rank is the priority with its sign turned, so that all of an
-- offer's key runs the same way.
ALTER TABLE tasks ADD rank INTEGER NOT NULL DEFAULT 0;
CREATE TABLE ranked_offers (
    office    TEXT    NOT NULL,
    candidate TEXT    NOT NULL,
    rank      INTEGER NOT NULL DEFAULT 0,
    due_key   INTEGER NOT NULL, -- the greatest integer where there is no clock
    opened    INTEGER NOT NULL,
    task      TEXT    NOT NULL,
    PRIMARY KEY (office, candidate, rank, due_key, opened, task)
) STRICT, WITHOUT ROWID;
INSERT INTO ranked_offers (office, candidate, due_key, opened, task)
    SELECT office, candidate, due_key, opened, task FROM offers;
DROP TABLE offers;
ALTER TABLE ranked_offers RENAME TO offers;
