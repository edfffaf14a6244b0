package sqlite

import (
	"context"
	"time"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const sqlDueTimers = `SELECT office, id, case_id, timer, at FROM timers WHERE at <= ?
	ORDER BY at, case_id, timer, office LIMIT ?`

// DueTimers lists timers due at or before now, of all offices, by (At, ID).
func (s *Store) DueTimers(ctx context.Context, now time.Time, limit int) ([]store.TimerRow, error) {
	return list(ctx, s, "due timers", func(r scanner) (t store.TimerRow, err error) {
		var at int64
		err = r.Scan(&t.Office, &t.ID, &t.Case, &t.Timer, &at)
		t.At = fromMicros(at)
		return t, err
	}, sqlDueTimers, micros(now), shared.ListOf(limit))
}

// NextTimer says when the first timer after now falls due.
func (s *Store) NextTimer(ctx context.Context, now time.Time) (time.Time, bool, error) {
	times, err := list(ctx, s, "next timer", scanInt,
		"SELECT at FROM timers WHERE at > ? ORDER BY at LIMIT 1", micros(now))
	if err != nil || len(times) == 0 {
		return time.Time{}, false, err
	}
	return fromMicros(times[0]), true, nil
}

// Letters lists messages between cases that were not delivered, of all offices, in the order of their commits.
func (s *Store) Letters(ctx context.Context, limit int) ([]store.Letter, error) {
	return list(ctx, s, "letters", func(r scanner) (l store.Letter, err error) {
		return l, r.Scan(&l.Office, &l.ID, &l.From, &l.To, &l.Kind, &l.Body)
	}, "SELECT office, id, sender, addressee, kind, body FROM letters ORDER BY rowid LIMIT ?",
		shared.ListOf(limit))
}

// Subscribers lists the subscriptions of an office to a message's key, oldest first.
func (s *Store) Subscribers(ctx context.Context, office, name, key string) ([]store.Subscription, error) {
	return list(ctx, s, "subscribers to "+name, func(r scanner) (u store.Subscription, err error) {
		return u, r.Scan(&u.Office, &u.ID, &u.Case, &u.Name, &u.Key)
	}, `SELECT office, id, case_id, name, key FROM subscriptions WHERE office = ? AND name = ? AND key = ?
		ORDER BY rowid`, office, name, key)
}

// KeepMessage keeps a message that no case waits for.
func (s *Store) KeepMessage(ctx context.Context, office string, m store.KeptMessage) error {
	return s.writing(ctx, "keep message "+m.ID, 1, func(ctx context.Context, q *statements) error {
		n, err := q.exec(ctx, `INSERT INTO messages (office, id, at) VALUES (?, ?, unixepoch() * 1000000)
			ON CONFLICT DO NOTHING`, office, m.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return store.ErrRepeated
		}
		_, err = q.exec(ctx, `INSERT INTO kept_messages (office, id, name, key, sender, body, until)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, office, m.ID, m.Name, m.Key, m.Sender, blob(m.Body), micros(m.Until))
		return err
	})
}

// KeptMessages lists kept messages with this key, oldest first, that have not passed their time at now.
func (s *Store) KeptMessages(ctx context.Context, office, name, key string, now time.Time,
) ([]store.KeptMessage, error) {
	return list(ctx, s, "kept messages "+name, func(r scanner) (m store.KeptMessage, err error) {
		var until int64
		err = r.Scan(&m.ID, &m.Name, &m.Key, &m.Sender, &m.Body, &until)
		m.Until = fromMicros(until)
		return m, err
	}, `SELECT id, name, key, sender, body, until FROM kept_messages
		WHERE office = ? AND name = ? AND key = ? AND until > ? ORDER BY rowid`, office, name, key, micros(now))
}
