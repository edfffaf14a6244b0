package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// never is when a schedule is due that names no time any more.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// plan brings an office's schedules into line with the procedures in force. One that says what it said goes on from
// where it was; any other counts from the deployment on. What another server deploys meanwhile is planned, too: else
// the older plan, written last, would take its schedules away.
func (e *Engine) plan(ctx context.Context, office string) error {
	for {
		e.books.forget(office) // what this server remembers may be older than what is planned already
		d, err := e.books.desk(ctx, office)
		if err != nil || d.office == nil {
			return err
		}
		wrote, err := e.planFor(ctx, office, d)
		if err != nil {
			return err
		}
		e.plans.ring()
		if !wrote {
			return nil
		}
		lines, err := e.store.Versions(ctx, office)
		if now := inForce(lines); err != nil || now == nil || now.Bundle == d.bundle.Hash && now.At.Equal(d.since) {
			return err
		}
	}
}

// planFor writes what an office has by the calendar, and tells whether that is another plan than there was.
func (e *Engine) planFor(ctx context.Context, office string, d *desk) (bool, error) {
	before, err := e.store.Schedules(ctx, office)
	if err != nil {
		return false, err
	}
	var rows []store.ScheduleRow
	for _, id := range d.sorted() {
		p := d.newest[id]
		for _, way := range p.Starts {
			if way.Schedule == nil {
				continue
			}
			row := store.ScheduleRow{Office: office, ID: id + "/" + strconv.Itoa(way.Index), Procedure: id, Way: way.Index,
				Spec: way.Schedule.String(), Last: d.since}
			i := slices.IndexFunc(before, func(old store.ScheduleRow) bool { return old.ID == row.ID && old.Spec == row.Spec })
			if i >= 0 {
				row.Last = before[i].Last
			}
			row.Next = d.nextTime(p, way.Schedule, row.Last)
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(x, y store.ScheduleRow) int { return strings.Compare(x.ID, y.ID) })
	if slices.Equal(rows, before) {
		return false, nil
	}
	return true, e.store.PutSchedules(ctx, office, rows)
}

func (d *desk) nextTime(p *definitions.Procedure, s *definitions.Schedule, after time.Time) time.Time {
	if next := s.Next(after, d.office.Zone, d.office.Calendar(p.Calendar)); !next.IsZero() {
		return next
	}
	return never
}

// scheduler begins cases by the calendar. Each time is begun exactly once: the id of a case says which time and which
// entry of a list it is begun for, so whoever tries again finds it there.
type scheduler struct {
	e      *Engine
	aside  *asides
	warned string // the day on which offices were last warned of holidays that are missing
}

func (s *scheduler) run(ctx context.Context) error {
	if err := s.planAll(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		now := s.e.now()
		more, err := s.round(ctx, now)
		if err != nil {
			return err
		}
		if !more && !s.sleep(ctx, now) {
			return nil
		}
	}
	return nil
}

// planAll finds what was deployed and not planned: by an older release, or by a server that died in between.
func (s *scheduler) planAll(ctx context.Context) error {
	offices, err := s.e.store.OfficeIDs(ctx)
	if err != nil {
		return err
	}
	for _, office := range offices {
		if err := s.e.plan(ctx, office); err != nil {
			if codeOf(err) == CodeUnavailable {
				return err
			}
			s.e.log.Error("the schedules of an office cannot be read", "office", office, "error", err.Error())
		}
	}
	return ctx.Err()
}

// round begins what is due at now, and reports whether there was anything.
func (s *scheduler) round(ctx context.Context, now time.Time) (bool, error) {
	rows, err := s.e.store.DueSchedules(ctx, now, maxDue+s.aside.count(now))
	if err != nil {
		return false, err
	}
	done := false
	for _, row := range rows {
		id := row.Office + "/" + row.ID
		if s.aside.has(id, now) {
			continue
		}
		done = true
		err := s.begin(ctx, row, now)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return false, ctx.Err()
		case codeOf(err) == CodeUnavailable && !errors.Is(err, core.ErrNewer) || codeOf(err) == CodeBusy:
			return false, err
		default:
			s.aside.put(id, now)
			s.e.log.Error("schedule set aside", "office", row.Office, "schedule", row.ID, "error", err.Error())
		}
	}
	return done, nil
}

// begin begins the times of one schedule that have come.
func (s *scheduler) begin(ctx context.Context, row store.ScheduleRow, now time.Time) error {
	d, err := s.e.books.desk(ctx, row.Office)
	if err != nil {
		return err
	}
	p := d.newest[row.Procedure]
	if p == nil || row.Way >= len(p.Starts) || p.Starts[row.Way].Schedule == nil ||
		p.Starts[row.Way].Schedule.String() != row.Spec {
		return s.e.plan(ctx, row.Office)
	}
	way, was := p.Starts[row.Way], row.Next
	times, last := dueTimes(way.Schedule, row.Next, now, func(after time.Time) time.Time {
		return d.nextTime(p, way.Schedule, after)
	})
	for _, at := range times {
		if err := s.beginAt(ctx, d, p, way, at); err != nil {
			return err
		}
	}
	row.Last, row.Next = last, d.nextTime(p, way.Schedule, last)
	return s.e.store.RanSchedule(ctx, row, was)
}

// dueTimes lists the times from first to now that are to be begun by the rule for missed ones, and the last that was
// looked at.
func dueTimes(s *definitions.Schedule, first, now time.Time, next func(time.Time) time.Time) (
	times []time.Time, last time.Time,
) {
	for at := first; !at.After(now); at = next(at) {
		last = at
		late := now.Sub(at) > lateStart
		switch s.Missed {
		case definitions.MissedAll:
			times = append(times, at)
		case definitions.MissedNone:
			if !late {
				times = append(times, at)
			}
		case definitions.MissedLatest:
			times = append(times[:0], at)
		}
		if len(times) == maxCatchUp {
			break
		}
	}
	return times, last
}

// beginAt begins the cases of one time. What is refused is logged, and does not keep the others from it; of what went
// wrong otherwise the whole time is begun again later, and those that have begun are not begun twice.
func (s *scheduler) beginAt(
	ctx context.Context, d *desk, p *definitions.Procedure, way *definitions.Start, at time.Time,
) error {
	starts, r := core.Scheduled(way, p, d.settings(p), at, core.Context{Now: at, Staff: d.roster, Office: d.office})
	if r != nil {
		s.e.log.Error("a start by the calendar failed", "office", d.office.ID, "procedure", p.ID, "at", at,
			"error", r.Error())
		return nil
	}
	jobs := make([]*job, 0, len(starts))
	for _, in := range starts {
		j := newJob(d.office.ID, scheduledCase(p.ID, way, at, core.EntryID(in.Each)))
		j.fresh = p
		j.build = func(*snapshot) (core.Input, error) { return in, nil }
		if err := s.e.submitOwn(ctx, j); err != nil {
			return err
		}
		jobs = append(jobs, j)
	}
	for i, j := range jobs {
		err := s.e.outcome(ctx, j)
		switch code := codeOf(err); {
		case err == nil || code == string(core.Repeated):
		case code == CodeUnavailable || code == CodeBusy || code == CodeInternal:
			return err
		default:
			s.e.log.Error("a case could not begin by the calendar", "office", d.office.ID, "procedure", p.ID, "at", at,
				"each", core.EntryID(starts[i].Each), "error", err.Error())
		}
	}
	return nil
}

// scheduledCase is the id of the case that begins at a time for an entry of a list: the time first, as in all ids.
func scheduledCase(procedure string, way *definitions.Start, at time.Time, entry string) string {
	h := sha256.Sum256(fmt.Appendf(nil, "%q %d %q %d %q", procedure, way.Index, way.Schedule, at.UnixMicro(), entry))
	var id [22]byte
	ms := uint64(max(at.UnixMilli(), 0))
	for i := 8; i >= 0; i-- {
		id[i] = idDigits[ms&31]
		ms >>= 5
	}
	for i := 9; i < len(id); i++ {
		id[i] = idDigits[h[i]&31]
	}
	return string(id[:])
}

// sleep waits for the first time after looked, a bell, or the longest rest; false: ctx ended.
func (s *scheduler) sleep(ctx context.Context, looked time.Time) bool {
	s.warn(ctx, looked)
	until := looked.Add(restTimer)
	next, ok, err := s.e.store.NextSchedule(ctx, looked)
	if err == nil && ok && next.Before(until) {
		until = next
	}
	ring := s.e.clock.After(max(until.Sub(s.e.now()), 0))
	if !s.e.now().Before(until) {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-s.e.plans.bell:
	case <-ring:
	}
	return true
}

// warn says once a day, in each office, that holidays are missing which will be needed.
func (s *scheduler) warn(ctx context.Context, now time.Time) {
	day := now.Format(time.DateOnly)
	if s.warned == day {
		return
	}
	offices, err := s.e.store.OfficeIDs(ctx)
	if err != nil {
		return // it is asked again
	}
	s.warned = day
	for _, office := range offices {
		d, err := s.e.books.desk(ctx, office)
		if err != nil || d.office == nil {
			continue
		}
		if p, missing := definitions.HolidaysMissing(d.office, now); missing {
			s.e.log.Warn("holidays are missing", "office", office, "what", p.Message, "hint", p.Hint)
		}
	}
}
