package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/guicheng/guicheng/store"
)

const (
	monthsAhead = 3
	historyRest = "history_rest"
	monthFormat = "200601"
	// monthsLock: a change of partitions stops all commits while it waits for those under way. It gives up early; there
	// is time until the month begins, and history_rest takes what has no month.
	monthsLock = "500"
)

// Upkeep makes the partitions of history for this month and the next ones, drops those that are too old, and forgets
// what r says. Any number of nodes may do it at once.
func (s *Store) Upkeep(ctx context.Context, now time.Time, r store.Retention) (store.Forgotten, error) {
	var f store.Forgotten
	if err := s.makeMonths(ctx); err != nil {
		return f, err
	}
	offices, err := s.OfficeIDs(ctx)
	if err != nil {
		return f, err
	}
	for _, office := range offices {
		if err := s.forget(ctx, office, now, r, &f); err != nil {
			return f, failure("upkeep of "+office, err)
		}
	}
	for _, text := range []string{sqlForgetLinks, sqlForgetSessions} {
		n, err := s.sweep(ctx, everyOffice, text, micros(now))
		if f.Secrets += n; err != nil {
			return f, failure("upkeep of sessions", err)
		}
	}
	if r.History > 0 {
		f.Months, err = s.dropHistory(ctx, now.Add(-r.History))
	}
	return f, err
}

// makeMonths makes what is missing. What others hinder is left for the next time.
func (s *Store) makeMonths(ctx context.Context) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for i := range monthsAhead + 1 {
		err := s.makeMonth(ctx, month.AddDate(0, i, 0))
		if err != nil && code(err) != lockNotAvailable && code(err) != deadlockFound {
			return failure("upkeep of history", err)
		}
	}
	return nil
}

func partition(month time.Time) string { return "history_" + month.Format(monthFormat) }

// makeMonth makes the partition of a month, with what history_rest has of it. Nodes take turns.
func (s *Store) makeMonth(ctx context.Context, month time.Time) error {
	name := partition(month)
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var there bool
		// Not to_regclass: what it did not find before the lock, it may not find behind it.
		const look = `SELECT EXISTS (SELECT FROM pg_class
			WHERE relname = $1 AND relnamespace = current_schema()::regnamespace)`
		if err := tx.QueryRow(ctx, look, name).Scan(&there); err != nil || there {
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", schemaLock); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, look, name).Scan(&there); err != nil || there {
			return err
		}
		from, to := month.UnixMicro(), month.AddDate(0, 1, 0).UnixMicro()
		for _, q := range []struct {
			text string
			args []any
		}{
			{sqlSettings, []any{everyOffice, s.limit.statement, monthsLock}},
			{"LOCK TABLE history IN SHARE ROW EXCLUSIVE MODE", nil},
			{"CREATE TABLE " + name + " (LIKE history INCLUDING ALL)", nil},
			{"SELECT guicheng_lock($1)", []any{name}},
			{"WITH moved AS (DELETE FROM " + historyRest + " WHERE at >= $1 AND at < $2 RETURNING *) INSERT INTO " + name +
				" (office, case_id, last, at, events) SELECT office, case_id, last, at, events FROM moved", []any{from, to}},
			{fmt.Sprintf("ALTER TABLE history ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)", name, from, to), nil},
		} {
			if _, err := tx.Exec(ctx, q.text, q.args...); err != nil {
				return fmt.Errorf("partition %s: %.60s: %w", name, q.text, err)
			}
		}
		return nil
	})
}

const sqlPartitions = `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
	WHERE i.inhparent = 'history'::regclass ORDER BY c.relname`

// dropHistory drops the months of history that ended at or before the given time, of all offices, and returns how many
// there were. Cases keep their state; what they did in those months cannot be read any more.
func (s *Store) dropHistory(ctx context.Context, before time.Time) (int64, error) {
	names, err := list(ctx, s, "months of history", everyOffice, scanString, sqlPartitions)
	if err != nil {
		return 0, err
	}
	dropped := int64(0)
	for _, name := range names {
		month, err := time.Parse(monthFormat, strings.TrimPrefix(name, "history_"))
		if err != nil || month.AddDate(0, 1, 0).After(before) { // history_rest is no month
			continue
		}
		b := s.begin(everyOffice)
		b.Queue("SELECT set_config('lock_timeout', $1, true)", monthsLock)
		b.Queue("DROP TABLE IF EXISTS " + pgx.Identifier{name}.Sanitize())
		switch err := s.write(ctx, b); code(err) {
		case "":
			if err != nil {
				return dropped, failure("drop "+name, err)
			}
			dropped++
		case lockNotAvailable, deadlockFound:
		default:
			return dropped, failure("drop "+name, err)
		}
	}
	return dropped, nil
}

// What is forgotten goes in small transactions. $2 is the time; older rows go.
const (
	sweepAtOnce      = 1_000
	sqlForgetAnswers = `DELETE FROM answers WHERE office = $1 AND key IN (
	SELECT key FROM answers WHERE office = $1 AND at < $2 LIMIT 1000)`
	sqlForgetMessages = `DELETE FROM messages WHERE office = $1 AND id IN (
	SELECT id FROM messages WHERE office = $1 AND at < $2 LIMIT 1000)`
	sqlForgetKept = `DELETE FROM kept_messages WHERE office = $1 AND id IN (
	SELECT id FROM kept_messages WHERE office = $1 AND until <= $2 LIMIT 1000)`
	sqlForgetLinks    = "DELETE FROM links WHERE hash IN (SELECT hash FROM links WHERE until <= $1 LIMIT 1000)"
	sqlForgetSessions = "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE until <= $1 LIMIT 1000)"

	// The file's row is locked as a commit locks it that gives the file to a case; then it is looked at again.
	sqlUnusedFiles = `SELECT f.id FROM files f WHERE f.office = $1 AND f.case_id = '' AND f.at < $2
	LIMIT 100 FOR UPDATE SKIP LOCKED`
	sqlForgetFiles = `WITH gone AS (
	DELETE FROM files f WHERE f.office = $1 AND f.id = ANY($2::text[]) AND f.case_id = ''
		AND NOT EXISTS (SELECT FROM file_shares s WHERE s.office = $1 AND s.id = f.id) RETURNING f.id
)
DELETE FROM file_bodies b USING gone WHERE b.office = $1 AND b.id = gone.id`
)

func (s *Store) forget(ctx context.Context, office string, now time.Time, r store.Retention, f *store.Forgotten,
) error {
	n, err := s.sweep(ctx, named(office), sqlForgetKept, office, micros(now))
	if f.Messages += n; err != nil {
		return err
	}
	if r.Answers > 0 {
		for _, text := range []string{sqlForgetAnswers, sqlForgetMessages} {
			n, err := s.sweep(ctx, named(office), text, office, micros(now.Add(-r.Answers)))
			if f.Answers += n; err != nil {
				return err
			}
		}
	}
	if r.Uploads > 0 {
		n, err := s.forgetFiles(ctx, office, now.Add(-r.Uploads))
		if f.Uploads += n; err != nil {
			return err
		}
	}
	return nil
}

// sweep runs a statement until there is nothing left for it.
func (s *Store) sweep(ctx context.Context, offices, text string, args ...any) (int64, error) {
	for all := int64(0); ; {
		n := int64(0)
		err := s.change(ctx, "sweep", func() *pgx.Batch {
			b := s.begin(offices)
			b.Queue("SELECT set_config('enable_bitmapscan', 'on', true)") // by age there are block ranges only
			b.Queue(text, args...).Exec(func(tag pgconn.CommandTag) error {
				n = tag.RowsAffected()
				return nil
			})
			return b
		})
		if all += n; err != nil || n < sweepAtOnce || ctx.Err() != nil {
			return all, err
		}
	}
}

// forgetFiles takes away the uploads that no case uses.
func (s *Store) forgetFiles(ctx context.Context, office string, before time.Time) (int64, error) {
	forgotten := int64(0)
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlSettings, named(office), s.limit.statement, s.limit.lock); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlUnusedFiles, office, micros(before))
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(ids) == 0 {
			return err
		}
		tag, err := tx.Exec(ctx, sqlForgetFiles, office, ids)
		forgotten = tag.RowsAffected()
		return err
	})
	return forgotten, err
}
