-- What a deployment warned of stays readable.

ALTER TABLE bundles ADD COLUMN warnings bytea NOT NULL DEFAULT '';
