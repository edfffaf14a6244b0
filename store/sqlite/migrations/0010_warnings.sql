-- What a deployment warned of stays readable.

ALTER TABLE bundles ADD COLUMN warnings BLOB NOT NULL DEFAULT x'';
