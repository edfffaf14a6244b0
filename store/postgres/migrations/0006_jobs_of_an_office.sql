-- A worker fetches the jobs of its office; the senders of requests fetch those of all offices, by jobs_free.

CREATE INDEX jobs_office ON jobs (name, office, free);
