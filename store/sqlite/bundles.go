package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/store"
)

const versionColumns = "office, procedure, version, title, hash, bundle, at"

func scanVersion(r scanner) (v store.VersionRow, err error) {
	var at int64
	err = r.Scan(&v.Office, &v.Procedure, &v.Version, &v.Title, &v.Hash, &v.Bundle, &at)
	v.At = fromMicros(at)
	return v, err
}

const sqlNewestVersion = "SELECT " + versionColumns + ` FROM versions
	WHERE office = ? AND procedure = ? ORDER BY version DESC LIMIT 1`

// Deploy keeps a bundle and numbers what is new in it.
func (s *Store) Deploy(ctx context.Context, office string, b store.BundleRow, procedures []store.ProcedureHash,
) ([]store.VersionRow, error) {
	var inForce []store.VersionRow
	err := s.writing(ctx, "deploy to "+office, len(procedures)+1, func(ctx context.Context, q *statements) error {
		if _, err := q.exec(ctx, `INSERT INTO bundles (office, hash, files, at, by, warnings)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (office, hash) DO UPDATE
			SET at = excluded.at, by = excluded.by, warnings = excluded.warnings`,
			office, b.Hash, blob(b.Files), micros(b.At), b.By, blob(b.Warnings)); err != nil {
			return fmt.Errorf("bundle %s: %w", b.Hash, err)
		}
		for _, p := range procedures {
			v, err := deployOne(ctx, q, office, b, p)
			if err != nil {
				return fmt.Errorf("procedure %s: %w", p.Procedure, err)
			}
			inForce = append(inForce, v)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(inForce, func(a, b store.VersionRow) int { return cmp.Compare(a.Procedure, b.Procedure) })
	return inForce, nil
}

func deployOne(ctx context.Context, q *statements, office string, b store.BundleRow, p store.ProcedureHash,
) (store.VersionRow, error) {
	newest, err := queryOne(ctx, q, scanVersion, sqlNewestVersion, office, p.Procedure)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return newest, err
	}
	if err == nil && newest.Hash == p.Hash {
		return newest, nil
	}
	v := store.VersionRow{Office: office, Procedure: p.Procedure, Version: newest.Version + 1, Title: p.Title,
		Hash: p.Hash, Bundle: b.Hash, At: fromMicros(micros(b.At))}
	_, err = q.exec(ctx, "INSERT INTO versions ("+versionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
		v.Office, v.Procedure, v.Version, v.Title, v.Hash, v.Bundle, micros(v.At))
	return v, err
}

// Bundle returns a bundle by hash.
func (s *Store) Bundle(ctx context.Context, office, hash string) (store.BundleRow, error) {
	return find(ctx, s, "bundle "+hash, func(r scanner) (b store.BundleRow, err error) {
		var at int64
		err = r.Scan(&b.Hash, &b.Files, &at, &b.By, &b.Warnings)
		b.At = fromMicros(at)
		return b, err
	}, "SELECT hash, files, at, by, warnings FROM bundles WHERE office = ? AND hash = ?", office, hash)
}

// Versions lists the newest version of each procedure of an office, by id.
func (s *Store) Versions(ctx context.Context, office string) ([]store.VersionRow, error) {
	return list(ctx, s, "versions of "+office, scanVersion, "SELECT "+versionColumns+` FROM versions v WHERE office = ?1
		AND version = (SELECT max(version) FROM versions w WHERE w.office = ?1 AND w.procedure = v.procedure)
		ORDER BY procedure`, office)
}

// Version returns one version; version 0 means the newest.
func (s *Store) Version(ctx context.Context, office, procedure string, version int) (store.VersionRow, error) {
	what := fmt.Sprintf("version %d of procedure %s", version, procedure)
	if version == 0 {
		return find(ctx, s, what, scanVersion, sqlNewestVersion, office, procedure)
	}
	return find(ctx, s, what, scanVersion,
		"SELECT "+versionColumns+" FROM versions WHERE office = ? AND procedure = ? AND version = ?",
		office, procedure, version)
}
