-- What is forgotten after a while is found by its age.
ALTER TABLE messages ADD at INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET at = unixepoch() * 1000000;
