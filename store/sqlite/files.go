package sqlite

import (
	"context"
	"fmt"

	"github.com/guicheng/guicheng/store"
)

// bodyRow is about how many bytes of a file weigh as much as a row of anything else.
const bodyRow = 4 << 10

const fileColumns = `f.office, f.id, f.name, f.type, f.size, f.sha256, f.by, f.at, f.case_id,
	(SELECT json_group_array(s.case_id ORDER BY s.case_id) FROM file_shares s WHERE s.office = f.office AND s.id = f.id)`

func scanFile(r scanner, more ...any) (f store.FileRow, err error) {
	var at int64
	var shared string
	err = r.Scan(append([]any{&f.Office, &f.ID, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.By, &at, &f.Case, &shared},
		more...)...)
	if err != nil {
		return f, err
	}
	f.At = fromMicros(at)
	f.Shared, err = decodeList[string](shared)
	return f, err
}

// PutFile keeps a new file that no case uses yet.
func (s *Store) PutFile(ctx context.Context, office string, f store.FileRow) error {
	weight := 1 + len(f.Body)/bodyRow
	return s.writing(ctx, "put file "+f.ID, weight, func(ctx context.Context, q *statements) error {
		n, err := q.exec(ctx, `INSERT INTO files (office, id, name, type, size, sha256, by, at, case_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT DO NOTHING`,
			office, f.ID, f.Name, f.Type, len(f.Body), blob(f.SHA256), f.By, micros(f.At))
		if err != nil {
			return err
		}
		if n == 0 {
			return store.ErrRepeated
		}
		_, err = q.exec(ctx, "INSERT INTO file_bodies (office, id, body) VALUES (?, ?, ?)", office, f.ID, blob(f.Body))
		return err
	})
}

// File returns a file.
func (s *Store) File(ctx context.Context, office, id string) (store.FileRow, error) {
	return find(ctx, s, "file "+id, func(r scanner) (store.FileRow, error) {
		var body []byte
		f, err := scanFile(r, &body)
		f.Body = blob(body)
		return f, err
	}, "SELECT "+fileColumns+`, b.body FROM files f JOIN file_bodies b ON b.office = f.office AND b.id = f.id
		WHERE f.office = ? AND f.id = ?`, office, id)
}

// FileInfo returns a file without its body.
func (s *Store) FileInfo(ctx context.Context, office, id string) (store.FileRow, error) {
	return find(ctx, s, "file "+id, func(r scanner) (store.FileRow, error) { return scanFile(r) },
		"SELECT "+fileColumns+" FROM files f WHERE f.office = ? AND f.id = ?", office, id)
}

const sqlFileFree = `SELECT EXISTS (SELECT 1 FROM files f WHERE f.office = ?1 AND f.id = ?2 AND (f.case_id = ?3
	OR EXISTS (SELECT 1 FROM file_shares s WHERE s.office = ?1 AND s.id = ?2 AND s.case_id = ?3)
	OR f.case_id = '' AND NOT EXISTS (SELECT 1 FROM file_shares s WHERE s.office = ?1 AND s.id = ?2)))`

// checkFiles sees to it that a file is one case's, whoever else wants it at the same time.
func (a *applier) checkFiles(ctx context.Context) (store.Result, error) {
	for _, id := range a.c.Files {
		free, err := queryOne(ctx, a.q, scanInt, sqlFileFree, a.office, id, a.id)
		if err != nil {
			return 0, fmt.Errorf("file %q: %w", id, err)
		}
		if free == 0 {
			return store.Stale, nil
		}
	}
	return store.Applied, nil
}

func (a *applier) files(ctx context.Context) error {
	for _, id := range a.c.Files {
		if err := a.exec(ctx, `UPDATE files SET case_id = ?3 WHERE office = ?1 AND id = ?2 AND case_id = ''
			AND NOT EXISTS (SELECT 1 FROM file_shares WHERE office = ?1 AND id = ?2)`, a.office, id, a.id); err != nil {
			return fmt.Errorf("take file %q: %w", id, err)
		}
	}
	for _, id := range a.c.Shares {
		if err := a.exec(ctx, `INSERT INTO file_shares (office, id, case_id)
			SELECT office, id, ?3 FROM files WHERE office = ?1 AND id = ?2 AND case_id <> ?3 ON CONFLICT DO NOTHING`,
			a.office, id, a.id); err != nil {
			return fmt.Errorf("share file %q: %w", id, err)
		}
	}
	return nil
}
