-- What a node was given is kept from the others until leased_until, by the database's clock. Neither column is in an
-- index, and there is room on the page, so that a lease is an update in place.
ALTER TABLE timers ADD leased_until bigint NOT NULL DEFAULT 0, ADD leased_by bigint NOT NULL DEFAULT 0;
ALTER TABLE letters ADD leased_until bigint NOT NULL DEFAULT 0, ADD leased_by bigint NOT NULL DEFAULT 0;
ALTER TABLE timers SET (fillfactor = 80);
ALTER TABLE letters SET (fillfactor = 80);

-- What is forgotten after a while is found by its age. The default is for a release that does not know the column yet.
ALTER TABLE messages ADD at bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
CREATE INDEX answers_at ON answers USING brin (at) WITH (autosummarize = on);
CREATE INDEX messages_at ON messages USING brin (at) WITH (autosummarize = on);
