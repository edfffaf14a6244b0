-- What is of greater priority comes first in the inbox: rank is the priority with its sign turned, so that all of an
-- offer's key runs the same way. The default is for a release that does not know the column yet.
ALTER TABLE tasks ADD rank bigint NOT NULL DEFAULT 0;
ALTER TABLE offers ADD rank bigint NOT NULL DEFAULT 0;
ALTER TABLE offers DROP CONSTRAINT offers_pkey, ADD PRIMARY KEY (office, candidate, rank, due_key, opened, task);
