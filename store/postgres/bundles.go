package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const versionColumns = "office, procedure, version, title, hash, bundle, at"

func scanVersion(r scanner) (v store.VersionRow, err error) {
	var at int64
	err = r.Scan(&v.Office, &v.Procedure, &v.Version, &v.Title, &v.Hash, &v.Bundle, &at)
	v.At = fromMicros(at)
	return v, err
}

const (
	sqlPutBundle = `INSERT INTO bundles (office, hash, files, at, by, warnings) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (office, hash) DO UPDATE SET at = excluded.at, by = excluded.by, warnings = excluded.warnings`
	sqlBundle = "SELECT hash, files, at, by, warnings FROM bundles WHERE office = $1 AND hash = $2"
	sqlNewest = "SELECT " + versionColumns + ` FROM versions
	WHERE office = $1 AND procedure = $2 ORDER BY version DESC LIMIT 1`
	sqlVersion  = "SELECT " + versionColumns + " FROM versions WHERE office = $1 AND procedure = $2 AND version = $3"
	sqlVersions = "SELECT DISTINCT ON (procedure) " + versionColumns + ` FROM versions WHERE office = $1
	ORDER BY procedure, version DESC`

	// Of two nodes that deploy to an office at once, the second waits here, and then sees what the first did.
	sqlTurn = "SELECT pg_advisory_xact_lock(hashtextextended('deploy ' || $1, 0))"

	sqlDeploy = `WITH r AS (
	SELECT procedure, title, hash FROM unnest($2::text[], $3::text[], $4::text[]) AS r(procedure, title, hash)
), newest AS (
	SELECT DISTINCT ON (v.procedure) v.procedure, v.version, v.hash FROM versions v JOIN r ON v.procedure = r.procedure
	WHERE v.office = $1 ORDER BY v.procedure, v.version DESC
)
INSERT INTO versions (office, procedure, version, title, hash, bundle, at)
SELECT $1, r.procedure, coalesce(n.version, 0) + 1, r.title, r.hash, $5, $6
FROM r LEFT JOIN newest n ON n.procedure = r.procedure WHERE n.hash IS DISTINCT FROM r.hash`

	sqlInForce = "SELECT DISTINCT ON (procedure) " + versionColumns + ` FROM versions
	WHERE office = $1 AND procedure = ANY ($2) ORDER BY procedure, version DESC`
)

// Deploy keeps a bundle and numbers what is new in it.
func (s *Store) Deploy(ctx context.Context, office string, b store.BundleRow, procedures []store.ProcedureHash,
) ([]store.VersionRow, error) {
	names, titles, hashes := []string{}, []string{}, []string{}
	for _, p := range procedures {
		names, titles, hashes = append(names, p.Procedure), append(titles, p.Title), append(hashes, p.Hash)
	}
	var inForce []store.VersionRow
	err := s.change(ctx, "deploy to "+office, func() *pgx.Batch {
		inForce = nil
		q := s.begin(named(office))
		q.Queue(sqlTurn, office)
		q.Queue(sqlPutBundle, office, b.Hash, blob(b.Files), micros(b.At), b.By, blob(b.Warnings))
		q.Queue(sqlDeploy, office, names, titles, hashes, b.Hash, micros(b.At))
		q.Queue(sqlInForce, office, names).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				v, err := scanVersion(rows)
				if err != nil {
					return err
				}
				inForce = append(inForce, v)
			}
			return rows.Err()
		})
		return q
	})
	if err != nil {
		return nil, err
	}
	s.news.office(office)
	return inForce, nil
}

// Bundle returns a bundle by hash.
func (s *Store) Bundle(ctx context.Context, office, hash string) (store.BundleRow, error) {
	return find(ctx, s, "bundle "+hash, named(office), func(r scanner) (b store.BundleRow, err error) {
		var at int64
		err = r.Scan(&b.Hash, &b.Files, &at, &b.By, &b.Warnings)
		b.At = fromMicros(at)
		return b, err
	}, sqlBundle, office, hash)
}

// Versions lists the newest version of each procedure of an office, by id.
func (s *Store) Versions(ctx context.Context, office string) ([]store.VersionRow, error) {
	return list(ctx, s, "versions of "+office, named(office), scanVersion, sqlVersions, office)
}

// Version returns one version; version 0 means the newest.
func (s *Store) Version(ctx context.Context, office, procedure string, version int) (store.VersionRow, error) {
	what := fmt.Sprintf("version %d of procedure %s", version, procedure)
	if version == 0 {
		return find(ctx, s, what, named(office), scanVersion, sqlNewest, office, procedure)
	}
	return find(ctx, s, what, named(office), scanVersion, sqlVersion, office, procedure, version)
}
