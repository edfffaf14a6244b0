package postgres

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const (
	// The lease is judged by the database's clock. Whoever looks does not wait for others: what they hold is theirs.
	sqlDueTimers = `WITH due AS MATERIALIZED (
	SELECT office, id FROM timers WHERE at <= $1 AND (leased_by = $3 OR leased_until <= ` + sqlNow + `)
	ORDER BY at, case_id, timer, office LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE timers t SET leased_by = $3, leased_until = ` + sqlNow + ` + $4
FROM due WHERE t.office = due.office AND t.id = due.id
RETURNING t.office, t.id, t.case_id, t.timer, t.at`
	sqlNextTimer   = "SELECT at FROM timers WHERE at > $1 ORDER BY at LIMIT 1"
	sqlListLetters = `WITH due AS MATERIALIZED (
	SELECT office, id FROM letters WHERE leased_by = $2 OR leased_until <= ` + sqlNow + `
	ORDER BY came LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE letters t SET leased_by = $2, leased_until = ` + sqlNow + ` + $3
FROM due WHERE t.office = due.office AND t.id = due.id
RETURNING t.came, t.office, t.id, t.sender, t.addressee, t.kind, t.body`
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
	timers, err := leased(ctx, s, "due timers", func(r scanner) (t store.TimerRow, err error) {
		var at int64
		err = r.Scan(&t.Office, &t.ID, &t.Case, &t.Timer, &at)
		t.At = fromMicros(at)
		return t, err
	}, sqlDueTimers, micros(now), between(limit, usualList, mostInList), s.node, store.LeaseTime.Microseconds())
	slices.SortFunc(timers, func(x, y store.TimerRow) int {
		return cmp.Or(x.At.Compare(y.At), strings.Compare(x.Case, y.Case), cmp.Compare(x.Timer, y.Timer),
			strings.Compare(x.Office, y.Office))
	})
	return timers, err
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
	type come struct {
		came   int64
		letter store.Letter
	}
	list, err := leased(ctx, s, "letters", func(r scanner) (c come, err error) {
		l := &c.letter
		err = r.Scan(&c.came, &l.Office, &l.ID, &l.From, &l.To, &l.Kind, &l.Body)
		return c, err
	}, sqlListLetters, between(limit, usualList, mostInList), s.node, store.LeaseTime.Microseconds())
	slices.SortFunc(list, func(x, y come) int { return cmp.Compare(x.came, y.came) })
	var letters []store.Letter
	for _, c := range list {
		letters = append(letters, c.letter)
	}
	return letters, err
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
