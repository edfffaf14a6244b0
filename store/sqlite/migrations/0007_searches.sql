-- What is declared searchable is found by its value, youngest case first.

ALTER TABLE searches ADD COLUMN started INTEGER NOT NULL DEFAULT 0; -- of the case
CREATE INDEX searches_text ON searches (office, field, text, started, case_id) WHERE text <> '';
