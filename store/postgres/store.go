// Package postgres keeps everything in a PostgreSQL database (15 to 18), which any number of nodes may share.
//
// Each call is one transaction and, but for the rarest, one round trip. Nothing lasts in a session, so a pooler may
// hand out another connection for each transaction. Times are kept to the microsecond, in UTC. Of errors, those of the
// server, the disk, locks and time limits match [store.ErrUnavailable]; a commit whose connection was lost matches
// [store.ErrUnknown].
//
// Row-level security is a second lock behind the office in each statement: a transaction names its offices in the
// setting guicheng.office, and the database shows it the rows of those only. It guards against a statement that forgot
// its office, and against a person with psql who forgot to name one. It does not guard against those who can run SQL of
// their own as the application's role, for they can name any office; and it does not bind superusers and roles with
// BYPASSRLS: give the application a role without these.
package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	pool  *pgxpool.Pool
	limit limits
	node  int64 // who holds a lease: another one each time that a store is opened
	news  *news
	end   chan struct{} // closed by Close
	done  sync.WaitGroup
	once  sync.Once
}

var _ store.Store = (*Store)(nil)

// Open connects by a URL or keywords as libpq has them, with what is missing taken from the usual environment, and
// brings the schema up to date; any number of nodes may do so at once. It refuses a schema that a newer release wrote.
//
// Beside libpq's, the DSN takes pool_max_conns and pgx's other pool settings, statement_timeout and lock_timeout in
// milliseconds, and default_query_exec_mode: cache_describe or exec where a pooler does not keep prepared statements.
func Open(ctx context.Context, dsn string) (*Store, error) {
	config, limit, err := configure(dsn)
	if err != nil {
		return nil, err
	}
	return open(ctx, config, limit)
}

func open(ctx context.Context, config *pgxpool.Config, limit limits) (*Store, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{pool: pool, limit: limit, node: newNode(), news: newNews(),
		end: make(chan struct{})}
	if err := s.prepare(ctx); err != nil {
		pool.Close()
		return nil, failure("open the database", err)
	}
	background := s.living(context.WithoutCancel(ctx))
	s.done.Go(func() { s.tell(background) })
	return s, nil
}

// newNode is chance: no two nodes are the same, however often they start.
func newNode() int64 {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // it does not fail: it ends the program rather than give less
	return int64(binary.LittleEndian.Uint64(raw[:]) >> 1)
}

// living is a context that ends with the store, too.
func (s *Store) living(ctx context.Context) context.Context {
	ctx, stop := context.WithCancel(ctx)
	s.done.Go(func() {
		defer stop()
		select {
		case <-s.end:
		case <-ctx.Done():
		}
	})
	return ctx
}

func (s *Store) prepare(ctx context.Context) error {
	list, err := shared.Migrations(migrations)
	if err != nil {
		return err
	}
	if err := s.migrate(ctx, list); err != nil {
		return err
	}
	return s.makeMonths(ctx)
}

// Close waits for what is under way and ends the connections. Again is no error.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.end)
		s.done.Wait()
		s.pool.Close()
	})
	return nil
}

// everyOffice is the setting of the few statements that are not of one office.
const everyOffice = "*"

// named is the setting for a transaction of one office.
func named(office string) string { return office }

// The settings end with the transaction. Every statement finds its rows by an index, and one plan is good for all its
// parameters: the planner is kept from what looks better while a table is small or nothing is known of it, and from
// planning anew, which costs more than to run.
const sqlSettings = `SELECT set_config('guicheng.office', $1, true), set_config('statement_timeout', $2, true),
	set_config('lock_timeout', $3, true), set_config('plan_cache_mode', 'force_generic_plan', true),
	set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
	set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true),
	set_config('jit', 'off', true)`

// begin starts a batch: its statements are one transaction, sent at once, that commits with the last.
func (s *Store) begin(offices string) *pgx.Batch {
	b := &pgx.Batch{}
	b.Queue(sqlSettings, offices, s.limit.statement, s.limit.lock)
	return b
}

// send runs a batch whose statements have functions for their rows.
func (s *Store) send(ctx context.Context, b *pgx.Batch) error {
	return s.pool.SendBatch(ctx, b).Close()
}

// scanner is one row, of a query for one or for many.
type scanner interface {
	Scan(dest ...any) error
}

// find reads one row for a method that answers ErrNotFound.
func find[T any](ctx context.Context, s *Store, what, offices string, scan func(scanner) (T, error), text string,
	args ...any,
) (T, error) {
	var found, none T
	b := s.begin(offices)
	b.Queue(text, args...).QueryRow(func(row pgx.Row) (err error) {
		found, err = scan(row)
		return err
	})
	err := s.send(ctx, b)
	if code(err) == badText { // nothing is kept under a text that the database cannot have
		err = pgx.ErrNoRows
	}
	if err != nil {
		return none, failure(what, err)
	}
	return found, nil
}

// list reads all rows of a query.
func list[T any](ctx context.Context, s *Store, what, offices string, scan func(scanner) (T, error), text string,
	args ...any,
) ([]T, error) {
	var all []T
	b := s.begin(offices)
	b.Queue(text, args...).Query(func(rows pgx.Rows) (err error) {
		all, err = scanned(rows, scan)
		return err
	})
	err := s.send(ctx, b)
	if code(err) == badText {
		return nil, nil
	}
	if err != nil {
		return nil, failure(what, err)
	}
	return all, nil
}

func scanned[T any](rows pgx.Rows, scan func(scanner) (T, error)) ([]T, error) {
	var all []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, rows.Err()
}

// patience is how long a write may take that its caller does not wait for any more.
const patience = 10 * time.Second

// write runs a batch that changes something. ctx ends the wait for a connection only: what has begun is finished, so
// that a caller who goes away cannot leave an outcome that nobody knows.
func (s *Store) write(ctx context.Context, b *pgx.Batch) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return acquiring(ctx, err)
	}
	defer conn.Release()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limit.whole+patience)
	defer cancel()
	err = conn.SendBatch(ctx, b).Close()
	if err == nil || undone(err) {
		return err
	}
	return unknown(err)
}

func unknown(err error) error { return fmt.Errorf("%w: %w", store.ErrUnknown, err) }

// acquiring tells a caller who went away from a database that is not there.
func acquiring(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
}

// change runs a batch that changes something, again if others were in its way.
func (s *Store) change(ctx context.Context, what string, batch func() *pgx.Batch) error {
	for try := 1; ; try++ {
		err := s.write(ctx, batch())
		if err == nil || !inTheWay(err) || try == tries {
			return failure(what, err)
		}
	}
}

// tries is how often a transaction is begun anew because of others; each time at least one of them is done.
const tries = 5

// inTheWay reports that the transaction was undone because of another that ran beside it.
func inTheWay(err error) bool {
	if errors.Is(err, store.ErrUnknown) {
		return false
	}
	c := code(err)
	return c == uniqueViolation || c == deadlockFound || c == serializationFailed
}

// sqlNow is the database's time in microseconds, within a transaction, too.
const sqlNow = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

// Now is the database's time, which is one for all nodes.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	return find(ctx, s, "now", "", func(r scanner) (time.Time, error) {
		n, err := scanInt(r)
		return fromMicros(n), err
	}, "SELECT "+sqlNow)
}

// The scans of single values.

func scanString(r scanner) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

func scanInt(r scanner) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}
