package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const jobColumns = "office, id, case_id, number, procedure, step, name, most, given, free, fence, worker, body"

func scanJob(r scanner) (j store.JobRow, err error) {
	var free int64
	err = r.Scan(&j.Office, &j.ID, &j.Case, &j.Number, &j.Procedure, &j.Step, &j.Name, &j.Most, &j.Given, &free, &j.Fence,
		&j.Worker, &j.Body)
	j.Free = fromMicros(free)
	return j, err
}

// jobs takes away, delays and adds what machines are asked to do.
func (a *applier) jobs(ctx context.Context) error {
	for _, id := range a.c.DropJobs {
		if err := a.exec(ctx, "DELETE FROM jobs WHERE office = ? AND id = ?", a.office, id); err != nil {
			return fmt.Errorf("drop job %q: %w", id, err)
		}
	}
	for _, d := range a.c.Delays {
		if err := a.exec(ctx, "UPDATE jobs SET free = ?, fence = fence + 1 WHERE office = ? AND id = ?",
			micros(d.At), a.office, d.ID); err != nil {
			return fmt.Errorf("delay job %q: %w", d.ID, err)
		}
	}
	for _, j := range a.c.Jobs {
		if err := a.exec(ctx, "INSERT INTO jobs ("+jobColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			a.office, j.ID, a.id, j.Number, j.Procedure, j.Step, j.Name, j.Most, j.Given, micros(j.Free), j.Fence, j.Worker,
			blob(j.Body)); err != nil {
			return fmt.Errorf("job %q: %w", j.ID, err)
		}
	}
	return nil
}

const (
	sqlFreeJobs   = "SELECT office, id, free FROM jobs WHERE name = ? AND free <= ? ORDER BY free, office, id LIMIT ?"
	sqlFreeJobsOf = "SELECT office, id, free FROM jobs WHERE office = ? AND name = ? AND free <= ? " +
		"ORDER BY free, id LIMIT ?"
	sqlGiveJob = "UPDATE jobs SET fence = fence + 1, given = given + 1, free = ?, worker = ? " +
		"WHERE office = ? AND id = ? RETURNING " + jobColumns
	sqlNextJob   = "SELECT free FROM jobs WHERE name = ? ORDER BY free LIMIT 1"
	sqlNextJobOf = "SELECT free FROM jobs WHERE office = ? AND name = ? ORDER BY free LIMIT 1"
)

// freeJobs finds up to limit jobs of an office ("" = of all) that are free, soonest free first. Each name has its own
// range of the index, so that a long queue is not sorted for a few of its jobs.
func freeJobs(ctx context.Context, q *statements, f store.JobFetch, limit int) ([]store.JobRow, error) {
	var all []store.JobRow
	for _, name := range f.Names {
		text, args := sqlFreeJobs, []any{name, micros(f.Now), limit}
		if f.Office != "" {
			text, args = sqlFreeJobsOf, append([]any{f.Office}, args...)
		}
		some, err := queryAll(ctx, q, func(r scanner) (j store.JobRow, err error) {
			var free int64
			err = r.Scan(&j.Office, &j.ID, &free)
			j.Free = fromMicros(free)
			return j, err
		}, text, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(x, y store.JobRow) int {
		return cmp.Or(x.Free.Compare(y.Free), strings.Compare(x.Office, y.Office), strings.Compare(x.ID, y.ID))
	})
	return all[:min(len(all), limit)], nil
}

// FetchJobs gives out jobs that are free, soonest free first.
func (s *Store) FetchJobs(ctx context.Context, f store.JobFetch) ([]store.JobRow, error) {
	next, some, err := s.NextJob(ctx, f.Office, f.Names)
	if err != nil || !some || next.After(f.Now) {
		return nil, err // those who only look do not wait for a turn to write
	}
	var all []store.JobRow
	err = s.writing(ctx, "fetch jobs", 1, func(ctx context.Context, q *statements) error {
		jobs, err := freeJobs(ctx, q, f, shared.ListOf(f.Limit))
		for i := 0; i < len(jobs) && err == nil; i++ {
			jobs[i], err = queryOne(ctx, q, scanJob, sqlGiveJob, micros(f.Until), f.Worker, jobs[i].Office, jobs[i].ID)
		}
		all = jobs
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// HoldJob keeps a job until a later time, or gives it back.
func (s *Store) HoldJob(ctx context.Context, office, id string, fence int64, until time.Time) error {
	return s.writing(ctx, "hold job "+id, 1, func(ctx context.Context, q *statements) error {
		n, err := q.exec(ctx, "UPDATE jobs SET free = ? WHERE office = ? AND id = ? AND fence = ?", micros(until), office, id,
			fence)
		if err != nil || n > 0 {
			return err
		}
		_, err = queryOne(ctx, q, scanInt, "SELECT fence FROM jobs WHERE office = ? AND id = ?", office, id)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return store.ErrNotFound
		case err != nil:
			return err
		}
		return store.ErrStale
	})
}

// Job returns a job.
func (s *Store) Job(ctx context.Context, office, id string) (store.JobRow, error) {
	return first(list(ctx, s, "job "+id, scanJob, "SELECT "+jobColumns+" FROM jobs WHERE office = ? AND id = ?", office,
		id))
}

// first is the one row; ErrNotFound if there is none.
func first[T any](rows []T, err error) (T, error) {
	var none T
	switch {
	case err != nil:
		return none, err
	case len(rows) == 0:
		return none, store.ErrNotFound
	}
	return rows[0], nil
}

// NextJob says when the first job of one of these names becomes free.
func (s *Store) NextJob(ctx context.Context, office string, names []string) (time.Time, bool, error) {
	var soonest []int64
	err := s.reading(ctx, "next job", func(q *statements) error {
		for _, name := range names {
			text, args := sqlNextJob, []any{name}
			if office != "" {
				text, args = sqlNextJobOf, []any{office, name}
			}
			times, err := queryAll(ctx, q, scanInt, text, args...)
			if err != nil {
				return err
			}
			soonest = append(soonest, times...)
		}
		return nil
	})
	if err != nil || len(soonest) == 0 {
		return time.Time{}, false, err
	}
	return fromMicros(slices.Min(soonest)), true, nil
}

const workerColumns = "id, title, names, hash, changed, changed_by"

func scanWorker(r scanner, more ...any) (w store.WorkerRow, err error) {
	var changed int64
	var names string
	if err := r.Scan(append(more, &w.ID, &w.Title, &names, &w.Hash, &changed, &w.ChangedBy)...); err != nil {
		return w, err
	}
	w.Changed = fromMicros(changed)
	w.Names, err = decodeList[string](names)
	return w, err
}

// PutWorker adds or replaces a worker.
func (s *Store) PutWorker(ctx context.Context, office string, w store.WorkerRow) error {
	return s.writing(ctx, "put worker "+w.ID, 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "INSERT OR REPLACE INTO workers ("+workerColumns+", office) VALUES (?, ?, ?, ?, ?, ?, ?)",
			w.ID, w.Title, encodeList(w.Names), blob(w.Hash), micros(w.Changed), w.ChangedBy, office)
		return err
	})
}

// Workers lists all of an office, by id.
func (s *Store) Workers(ctx context.Context, office string) ([]store.WorkerRow, error) {
	return list(ctx, s, "workers of "+office, func(r scanner) (store.WorkerRow, error) { return scanWorker(r) },
		"SELECT "+workerColumns+" FROM workers WHERE office = ? ORDER BY id", office)
}

// WorkerBySecret finds a worker and its office.
func (s *Store) WorkerBySecret(ctx context.Context, hash []byte) (string, store.WorkerRow, error) {
	var office string
	w, err := first(list(ctx, s, "worker", func(r scanner) (store.WorkerRow, error) { return scanWorker(r, &office) },
		"SELECT office, "+workerColumns+" FROM workers WHERE hash = ? LIMIT 1", blob(hash)))
	return office, w, err
}

// DropWorker takes one away. Again is no error.
func (s *Store) DropWorker(ctx context.Context, office, id string) error {
	return s.writing(ctx, "drop worker "+id, 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "DELETE FROM workers WHERE office = ? AND id = ?", office, id)
		return err
	})
}
