package sqlite

import (
	"context"
	"time"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const scheduleColumns = "office, id, procedure, way, spec, last, next"

func scanSchedule(r scanner) (n store.ScheduleRow, err error) {
	var last, next int64
	err = r.Scan(&n.Office, &n.ID, &n.Procedure, &n.Way, &n.Spec, &last, &next)
	n.Last, n.Next = fromMicros(last), fromMicros(next)
	return n, err
}

// PutSchedules makes these the schedules of an office.
func (s *Store) PutSchedules(ctx context.Context, office string, rows []store.ScheduleRow) error {
	return s.writing(ctx, "put schedules", 1+len(rows), func(ctx context.Context, q *statements) error {
		if _, err := q.exec(ctx, "DELETE FROM schedules WHERE office = ?", office); err != nil {
			return err
		}
		for _, n := range rows {
			if _, err := q.exec(ctx, "INSERT INTO schedules ("+scheduleColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)", office, n.ID,
				n.Procedure, n.Way, n.Spec, micros(n.Last), micros(n.Next)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Schedules lists those of an office, by id.
func (s *Store) Schedules(ctx context.Context, office string) ([]store.ScheduleRow, error) {
	return list(ctx, s, "schedules of "+office, scanSchedule,
		"SELECT "+scheduleColumns+" FROM schedules WHERE office = ? ORDER BY id", office)
}

// DueSchedules lists those whose next time is at or before now.
func (s *Store) DueSchedules(ctx context.Context, now time.Time, limit int) ([]store.ScheduleRow, error) {
	return list(ctx, s, "due schedules", scanSchedule, "SELECT "+scheduleColumns+
		" FROM schedules WHERE next <= ? ORDER BY next, office, id LIMIT ?", micros(now), shared.ListOf(limit))
}

// NextSchedule says when the first after now falls due.
func (s *Store) NextSchedule(ctx context.Context, now time.Time) (time.Time, bool, error) {
	times, err := list(ctx, s, "next schedule", scanInt,
		"SELECT next FROM schedules WHERE next > ? ORDER BY next LIMIT 1", micros(now))
	if err != nil || len(times) == 0 {
		return time.Time{}, false, err
	}
	return fromMicros(times[0]), true, nil
}

// RanSchedule notes up to when a schedule was done.
func (s *Store) RanSchedule(ctx context.Context, n store.ScheduleRow, was time.Time) error {
	return s.writing(ctx, "schedule "+n.ID, 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "UPDATE schedules SET last = ?, next = ? WHERE office = ? AND id = ? AND next = ?",
			micros(n.Last), micros(n.Next), n.Office, n.ID, micros(was))
		return err
	})
}
