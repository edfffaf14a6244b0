package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const scheduleColumns = "office, id, procedure, way, spec, last, next"

const (
	sqlDropSchedules = "DELETE FROM schedules WHERE office = $1"
	sqlPutSchedule   = "INSERT INTO schedules (" + scheduleColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (office, id) DO UPDATE SET procedure = excluded.procedure, way = excluded.way, spec = excluded.spec,
	last = excluded.last, next = excluded.next`
	sqlSchedules    = "SELECT " + scheduleColumns + " FROM schedules WHERE office = $1 ORDER BY id"
	sqlDueSchedules = `WITH due AS MATERIALIZED (
	SELECT ` + scheduleColumns + `, leased_until <= ` + sqlNow + ` AS free FROM schedules
	WHERE next <= $1 AND (leased_by = $3 OR leased_until <= ` + sqlNow + `)
	ORDER BY next, office, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
), leased AS (
	UPDATE schedules t SET leased_by = $3, leased_until = ` + sqlNow + ` + $4
	FROM due WHERE due.free AND t.office = due.office AND t.id = due.id
)
SELECT ` + scheduleColumns + ` FROM due ORDER BY next, office, id`
	sqlNextSchedule = "SELECT next FROM schedules WHERE next > $1 ORDER BY next LIMIT 1"
	sqlRanSchedule  = `UPDATE schedules SET last = $4, next = $5, leased_until = 0
	WHERE office = $1 AND id = $2 AND next = $3`
)

func scanSchedule(r scanner) (n store.ScheduleRow, err error) {
	var last, next int64
	err = r.Scan(&n.Office, &n.ID, &n.Procedure, &n.Way, &n.Spec, &last, &next)
	n.Last, n.Next = fromMicros(last), fromMicros(next)
	return n, err
}

// PutSchedules makes these the schedules of an office.
func (s *Store) PutSchedules(ctx context.Context, office string, rows []store.ScheduleRow) error {
	err := s.change(ctx, "put schedules", func() *pgx.Batch {
		b := s.begin(named(office))
		b.Queue(sqlDropSchedules, office)
		for _, n := range rows {
			b.Queue(sqlPutSchedule, office, n.ID, n.Procedure, n.Way, n.Spec, micros(n.Last), micros(n.Next))
		}
		return b
	})
	if err == nil {
		s.news.add(func(w *store.Wake) { w.Work = true })
	}
	return err
}

// Schedules lists those of an office, by id.
func (s *Store) Schedules(ctx context.Context, office string) ([]store.ScheduleRow, error) {
	return list(ctx, s, "schedules of "+office, named(office), scanSchedule, sqlSchedules, office)
}

// DueSchedules lists those whose next time is at or before now, and leases them.
func (s *Store) DueSchedules(ctx context.Context, now time.Time, limit int) ([]store.ScheduleRow, error) {
	return leased(ctx, s, "due schedules", scanSchedule, sqlDueSchedules, micros(now), shared.ListOf(limit), s.node,
		store.LeaseTime.Microseconds())
}

// NextSchedule says when the first after now falls due.
func (s *Store) NextSchedule(ctx context.Context, now time.Time) (time.Time, bool, error) {
	times, err := list(ctx, s, "next schedule", everyOffice, scanInt, sqlNextSchedule, micros(now))
	if err != nil || len(times) == 0 {
		return time.Time{}, false, err
	}
	return fromMicros(times[0]), true, nil
}

// RanSchedule notes up to when a schedule was done.
func (s *Store) RanSchedule(ctx context.Context, n store.ScheduleRow, was time.Time) error {
	return s.exec(ctx, "schedule "+n.ID, named(n.Office), sqlRanSchedule, n.Office, n.ID, micros(was), micros(n.Last),
		micros(n.Next))
}
