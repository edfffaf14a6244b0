package sqlite

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/store"
)

// Wakes says nothing: no other process can open the file.
func (s *Store) Wakes(ctx context.Context) <-chan store.Wake {
	wakes := make(chan store.Wake)
	beside(ctx, "wakes", func(ctx context.Context) {
		defer close(wakes)
		select {
		case <-ctx.Done():
		case <-s.end:
		}
	})
	return wakes
}

// sweepAtOnce rows of a kind are forgotten in one transaction: commits wait no longer than that.
const sweepAtOnce = 1_000

// old is a kind of row that is forgotten: its key, and which rows are meant by a time.
type old struct {
	table, key, where string
	counter           *int64
	before            time.Time
}

// Upkeep forgets what r says. History is kept in one table, and not forgotten.
func (s *Store) Upkeep(ctx context.Context, now time.Time, r store.Retention) (store.Forgotten, error) {
	var f store.Forgotten
	kinds := []old{
		{"links", "hash", "until <= ?", &f.Secrets, now},
		{"sessions", "hash", "until <= ?", &f.Secrets, now},
		{"kept_messages", "office, id", "until <= ?", &f.Messages, now},
	}
	if r.Answers > 0 {
		before := now.Add(-r.Answers)
		kinds = append(kinds, old{"answers", "office, key", "at < ?", &f.Answers, before},
			old{"messages", "office, id", "at < ?", &f.Answers, before})
	}
	if r.Uploads > 0 {
		kinds = append(kinds, old{"files", "office, id", `case_id = '' AND at < ? AND NOT EXISTS (
			SELECT 1 FROM file_shares s WHERE s.office = files.office AND s.id = files.id)`, &f.Uploads, now.Add(-r.Uploads)})
	}
	for _, kind := range kinds {
		if err := s.sweep(ctx, kind); err != nil {
			return f, err
		}
	}
	return f, nil
}

// sweep looks by a connection that reads, because that takes long, and then by the one that writes.
func (s *Store) sweep(ctx context.Context, o old) error {
	columns := strings.Count(o.key, ",") + 1
	look := "SELECT " + o.key + " FROM " + o.table + " WHERE " + o.where + " LIMIT ?"
	for ctx.Err() == nil {
		found, err := list(ctx, s, "old "+o.table, func(r scanner) ([]any, error) {
			key, to := make([]any, columns), make([]any, columns)
			for i := range key {
				to[i] = &key[i]
			}
			return key, r.Scan(to...)
		}, look, micros(o.before), sweepAtOnce)
		if err != nil || len(found) == 0 {
			return err
		}
		if err := s.writing(ctx, "forget "+o.table, len(found), func(ctx context.Context, q *statements) error {
			return o.forget(ctx, q, found)
		}); err != nil || len(found) < sweepAtOnce {
			return err
		}
	}
	return ctx.Err()
}

// forget deletes rows that are still as old as they were.
func (o *old) forget(ctx context.Context, q *statements, found [][]any) error {
	marks := strings.Repeat(", ?", strings.Count(o.key, ",")+1)[2:]
	text := "DELETE FROM " + o.table + " WHERE (" + o.key + ") = (" + marks + ") AND " + o.where
	for _, key := range found {
		n, err := q.exec(ctx, text, append(slices.Clone(key), micros(o.before))...)
		if err != nil {
			return err
		}
		if n > 0 && o.table == "files" {
			if _, err := q.exec(ctx, "DELETE FROM file_bodies WHERE office = ? AND id = ?", key...); err != nil {
				return err
			}
		}
		*o.counter += n
	}
	return nil
}
