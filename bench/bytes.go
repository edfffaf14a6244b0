package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// bytesOfCase says how much a finished W3 leaves behind, indexes and history included: the growth of the database over
// many cases, after others have made room for what is open at once.
func bytesOfCase(ctx context.Context, c contestant, cases int) (bytes float64, err error) {
	const clients = 8
	err = c.with(ctx, clients, func(p *player) error {
		if err := finish(ctx, p, clients, cases/2); err != nil {
			return err
		}
		before, err := size(ctx, p.at)
		if err != nil {
			return err
		}
		if err := finish(ctx, p, clients, cases); err != nil {
			return err
		}
		after, err := size(ctx, p.at)
		bytes = float64(after-before) / float64(cases)
		return err
	})
	return bytes, err
}

// finish works so many cases off.
func finish(ctx context.Context, p *player, clients, cases int) error {
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, clients)
	for i := range errs {
		group.Go(func() {
			for errs[i] == nil && next.Add(1) <= int64(cases) {
				errs[i] = p.w3(ctx, func() {})
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// size is how much the database holds: free pages, and rows that are gone, do not count.
func size(ctx context.Context, at string) (int64, error) {
	if strings.HasPrefix(at, "postgres") {
		return sizePostgres(ctx, at)
	}
	db, err := sql.Open("sqlite", "file:"+at)
	if err != nil {
		return 0, err
	}
	var bytes int64
	err = db.QueryRowContext(ctx, `SELECT (page_count - freelist_count) * page_size
		FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&bytes)
	return bytes, errors.Join(err, db.Close())
}

func sizePostgres(ctx context.Context, at string) (int64, error) {
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx) //nolint:errcheck // it has answered
	var bytes int64
	if _, err := conn.Exec(ctx, "VACUUM"); err != nil {
		return 0, err
	}
	err = conn.QueryRow(ctx, `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`).Scan(&bytes)
	return bytes, err
}
