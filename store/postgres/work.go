package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const (
	// The lease is judged by the database's clock. Whoever looks does not wait for others: what they hold is theirs. Who
	// looks again at what is his own does not keep it for longer, so that what he cannot do passes on.
	sqlDueTimers = `WITH due AS MATERIALIZED (
	SELECT office, id, case_id, timer, at, leased_until <= ` + sqlNow + ` AS free FROM timers
	WHERE at <= $1 AND (leased_by = $3 OR leased_until <= ` + sqlNow + `)
	ORDER BY at, case_id, timer, office LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
), leased AS (
	UPDATE timers t SET leased_by = $3, leased_until = ` + sqlNow + ` + $4
	FROM due WHERE due.free AND t.office = due.office AND t.id = due.id
)
SELECT office, id, case_id, timer, at FROM due ORDER BY at, case_id, timer, office`
	sqlNextTimer   = "SELECT at FROM timers WHERE at > $1 ORDER BY at LIMIT 1"
	sqlListLetters = `WITH due AS MATERIALIZED (
	SELECT office, id, came, sender, addressee, kind, body, leased_until <= ` + sqlNow + ` AS free FROM letters
	WHERE leased_by = $2 OR leased_until <= ` + sqlNow + ` ORDER BY came LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
), leased AS (
	UPDATE letters t SET leased_by = $2, leased_until = ` + sqlNow + ` + $3
	FROM due WHERE due.free AND t.office = due.office AND t.id = due.id
)
SELECT office, id, sender, addressee, kind, body FROM due ORDER BY came`
	sqlSubscribers = `SELECT office, id, case_id, name, key FROM subscriptions WHERE office = $1 AND name = $2 AND key = $3
	ORDER BY came`
	sqlKeep = `WITH seen AS (
	INSERT INTO messages (office, id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id), kept AS (
	INSERT INTO kept_messages (office, id, name, key, sender, body, until)
	SELECT $1, seen.id, $3, $4, $5, $6, $7 FROM seen)
	SELECT count(*) FROM seen`
	sqlKept = `SELECT id, name, key, sender, body, until FROM kept_messages
	WHERE office = $1 AND name = $2 AND key = $3 AND until > $4 ORDER BY came`
)

// DueTimers lists timers due at or before now, of all offices, by (At, Case, Timer), and leases them.
func (s *Store) DueTimers(ctx context.Context, now time.Time, limit int) ([]store.TimerRow, error) {
	return leased(ctx, s, "due timers", func(r scanner) (t store.TimerRow, err error) {
		var at int64
		err = r.Scan(&t.Office, &t.ID, &t.Case, &t.Timer, &at)
		t.At = fromMicros(at)
		return t, err
	}, sqlDueTimers, micros(now), shared.ListOf(limit), s.node, store.LeaseTime.Microseconds())
}

// leased reads the rows that it leases. A lease that is lost with the server does no harm: its commit does not wait for
// the disk.
func leased[T any](ctx context.Context, s *Store, what string, scan func(scanner) (T, error), text string, args ...any,
) ([]T, error) {
	var all []T
	err := s.change(ctx, what, func() *pgx.Batch {
		all = nil
		b := s.begin(everyOffice)
		b.Queue("SET LOCAL synchronous_commit = off")
		b.Queue(text, args...).Query(func(rows pgx.Rows) (err error) {
			all, err = scanned(rows, scan)
			return err
		})
		return b
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// NextTimer says when the first timer after now falls due.
func (s *Store) NextTimer(ctx context.Context, now time.Time) (time.Time, bool, error) {
	times, err := list(ctx, s, "next timer", everyOffice, scanInt, sqlNextTimer, micros(now))
	if err != nil || len(times) == 0 {
		return time.Time{}, false, err
	}
	return fromMicros(times[0]), true, nil
}

// Letters lists messages between cases that were not delivered, of all offices, in the order in which they were
// written, and leases them. Those of commits that ran side by side have no other order.
func (s *Store) Letters(ctx context.Context, limit int) ([]store.Letter, error) {
	return leased(ctx, s, "letters", func(r scanner) (l store.Letter, err error) {
		err = r.Scan(&l.Office, &l.ID, &l.From, &l.To, &l.Kind, &l.Body)
		return l, err
	}, sqlListLetters, shared.ListOf(limit), s.node, store.LeaseTime.Microseconds())
}

// Subscribers lists the subscriptions of an office to a message's key, oldest first.
func (s *Store) Subscribers(ctx context.Context, office, name, key string) ([]store.Subscription, error) {
	return list(ctx, s, "subscribers to "+name, named(office), func(r scanner) (u store.Subscription, err error) {
		err = r.Scan(&u.Office, &u.ID, &u.Case, &u.Name, &u.Key)
		return u, err
	}, sqlSubscribers, office, name, key)
}

// KeepMessage keeps a message that no case waits for.
func (s *Store) KeepMessage(ctx context.Context, office string, m store.KeptMessage) error {
	what := "keep message " + m.ID
	n := 0
	err := s.change(ctx, what, func() *pgx.Batch {
		b := s.begin(named(office))
		b.Queue(sqlKeep, office, m.ID, m.Name, m.Key, m.Sender, blob(m.Body), micros(m.Until)).
			QueryRow(func(r pgx.Row) error { return r.Scan(&n) })
		return b
	})
	if err == nil && n == 0 {
		return failure(what, store.ErrRepeated)
	}
	return err
}

// KeptMessages lists kept messages with this key, oldest first, that have not passed their time at now.
func (s *Store) KeptMessages(ctx context.Context, office, name, key string, now time.Time,
) ([]store.KeptMessage, error) {
	return list(ctx, s, "kept messages "+name, named(office), func(r scanner) (m store.KeptMessage, err error) {
		var until int64
		err = r.Scan(&m.ID, &m.Name, &m.Key, &m.Sender, &m.Body, &until)
		m.Until = fromMicros(until)
		return m, err
	}, sqlKept, office, name, key, micros(now))
}
