package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const fileColumns = `f.office, f.id, f.name, f.type, f.size, f.sha256, f.by, f.at, f.case_id,
	ARRAY(SELECT s.case_id FROM file_shares s WHERE s.office = f.office AND s.id = f.id ORDER BY s.case_id)`

const (
	sqlPutFile = `WITH put AS (
	INSERT INTO files (office, id, name, type, size, sha256, by, at, case_id)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '') ON CONFLICT DO NOTHING RETURNING id), body AS (
	INSERT INTO file_bodies (office, id, body) SELECT $1, put.id, $9 FROM put)
	SELECT count(*) FROM put`
	sqlFile = "SELECT " + fileColumns + `, b.body FROM files f JOIN file_bodies b ON b.office = f.office AND b.id = f.id
	WHERE f.office = $1 AND f.id = $2`
	sqlFileInfo = "SELECT " + fileColumns + " FROM files f WHERE f.office = $1 AND f.id = $2"
)

func scanFile(r scanner, more ...any) (f store.FileRow, err error) {
	var at int64
	var shared []string
	err = r.Scan(append([]any{&f.Office, &f.ID, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.By, &at, &f.Case, &shared},
		more...)...)
	f.At = fromMicros(at)
	if len(shared) > 0 {
		f.Shared = shared
	}
	return f, err
}

// PutFile keeps a new file that no case uses yet.
func (s *Store) PutFile(ctx context.Context, office string, f store.FileRow) error {
	what := "put file " + f.ID
	n := 0
	err := s.change(ctx, what, func() *pgx.Batch {
		b := s.begin(named(office))
		b.Queue(sqlPutFile, office, f.ID, f.Name, f.Type, len(f.Body), blob(f.SHA256), f.By, micros(f.At), blob(f.Body)).
			QueryRow(func(r pgx.Row) error { return r.Scan(&n) })
		return b
	})
	if err == nil && n == 0 {
		return failure(what, store.ErrRepeated)
	}
	return err
}

// File returns a file.
func (s *Store) File(ctx context.Context, office, id string) (store.FileRow, error) {
	return find(ctx, s, "file "+id, named(office), func(r scanner) (store.FileRow, error) {
		var body []byte
		f, err := scanFile(r, &body)
		f.Body = blob(body)
		return f, err
	}, sqlFile, office, id)
}

// FileInfo returns a file without its body.
func (s *Store) FileInfo(ctx context.Context, office, id string) (store.FileRow, error) {
	return find(ctx, s, "file "+id, named(office), func(r scanner) (store.FileRow, error) { return scanFile(r) },
		sqlFileInfo, office, id)
}
