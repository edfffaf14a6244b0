package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const jobColumns = "office, id, case_id, number, procedure, step, name, most, given, free, fence, worker, body"

const (
	sqlDropJobs = `DELETE FROM jobs t USING unnest($1::int[], $2::text[], $3::text[]) AS r(ord, office, id)
	WHERE t.office = r.office AND t.id = r.id AND ` + sqlApplied
	sqlDelayJobs = `UPDATE jobs t SET free = r.free, fence = t.fence + 1
	FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[]) AS r(ord, office, id, free)
	WHERE t.office = r.office AND t.id = r.id AND ` + sqlApplied
	sqlJobs = `INSERT INTO jobs (` + jobColumns + `)
	SELECT r.office, r.id, r.case_id, r.number, r.procedure, r.step, r.name, r.most, r.given, r.free, r.fence, r.worker,
		r.body
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
		$9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::bytea[])
		AS r(ord, office, id, case_id, number, procedure, step, name, most, given, free, fence, worker, body)
	WHERE ` + sqlApplied

	sqlFreeJobs   = `t.name = n.name AND t.free <= $2`
	sqlFreeJobsOf = `t.office = $6 AND ` + sqlFreeJobs
	// Each name has its own range of the index, so that a long queue is not sorted for a few of its jobs. Whoever looks
	// does not wait for others: what they are being given is theirs.
	sqlGive = `WITH due AS MATERIALIZED (
	SELECT j.office, j.id, j.free FROM unnest($1::text[]) AS n(name) CROSS JOIN LATERAL (
		SELECT t.office, t.id, t.free FROM jobs t WHERE `
	sqlGiven = ` ORDER BY t.free LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED) j
	ORDER BY j.free, j.office, j.id LIMIT $3
)
UPDATE jobs t SET fence = t.fence + 1, given = t.given + 1, free = $4, worker = $5
FROM due WHERE t.office = due.office AND t.id = due.id
RETURNING due.free, t.office, t.id, t.case_id, t.number, t.procedure, t.step, t.name, t.most, t.given, t.free, t.fence,
	t.worker, t.body`
	sqlFetchJobs   = sqlGive + sqlFreeJobs + sqlGiven
	sqlFetchJobsOf = sqlGive + sqlFreeJobsOf + sqlGiven
	sqlSoonest     = `SELECT coalesce(min(j.free), -1) FROM unnest($1::text[]) AS n(name) CROSS JOIN LATERAL (
	SELECT t.free FROM jobs t WHERE `
	sqlNextJob   = sqlSoonest + `t.name = n.name ORDER BY t.free LIMIT 1) j`
	sqlNextJobOf = sqlSoonest + `t.office = $2 AND t.name = n.name ORDER BY t.free LIMIT 1) j`

	sqlHold = `WITH held AS (UPDATE jobs SET free = $4 WHERE office = $1 AND id = $2 AND fence = $3 RETURNING id)
	SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM jobs WHERE office = $1 AND id = $2)`
	sqlJob = "SELECT " + jobColumns + " FROM jobs WHERE office = $1 AND id = $2"
)

func scanJob(r scanner, more ...any) (j store.JobRow, err error) {
	var free int64
	err = r.Scan(append(more, &j.Office, &j.ID, &j.Case, &j.Number, &j.Procedure, &j.Step, &j.Name, &j.Most, &j.Given,
		&free, &j.Fence, &j.Worker, &j.Body)...)
	j.Free = fromMicros(free)
	return j, err
}

func (w *wave) jobs(b *pgx.Batch) {
	w.byID(b, sqlDropJobs, func(c *store.Change) []string { return c.DropJobs })
	if rows := rowsOf(w, func(c *store.Change) []store.JobDelay { return c.Delays }); len(rows) > 0 {
		b.Queue(sqlDelayJobs, ords(rows), offices(rows),
			column(rows, func(r *row[store.JobDelay]) string { return r.v.ID }),
			column(rows, func(r *row[store.JobDelay]) int64 { return micros(r.v.At) }))
	}
	rows := rowsOf(w, func(c *store.Change) []store.JobRow { return c.Jobs })
	if len(rows) == 0 {
		return
	}
	text := func(of func(j *store.JobRow) string) []string {
		return column(rows, func(r *row[store.JobRow]) string { return of(&r.v) })
	}
	number := func(of func(j *store.JobRow) int64) []int64 {
		return column(rows, func(r *row[store.JobRow]) int64 { return of(&r.v) })
	}
	b.Queue(sqlJobs, ords(rows), offices(rows),
		text(func(j *store.JobRow) string { return j.ID }), caseIDs(rows),
		text(func(j *store.JobRow) string { return j.Number }),
		text(func(j *store.JobRow) string { return j.Procedure }),
		text(func(j *store.JobRow) string { return j.Step }),
		text(func(j *store.JobRow) string { return j.Name }),
		number(func(j *store.JobRow) int64 { return int64(j.Most) }),
		number(func(j *store.JobRow) int64 { return int64(j.Given) }),
		number(func(j *store.JobRow) int64 { return micros(j.Free) }),
		number(func(j *store.JobRow) int64 { return j.Fence }),
		text(func(j *store.JobRow) string { return j.Worker }),
		column(rows, func(r *row[store.JobRow]) []byte { return blob(r.v.Body) }))
}

// FetchJobs gives out jobs that are free, soonest free first.
func (s *Store) FetchJobs(ctx context.Context, q store.JobFetch) ([]store.JobRow, error) {
	next, some, err := s.NextJob(ctx, q.Office, q.Names)
	if err != nil || !some || next.After(q.Now) {
		return nil, err // those who only look begin no transaction that writes
	}
	offices, fetch, of := everyOffice, sqlFetchJobs, []any{}
	if q.Office != "" {
		offices, fetch, of = named(q.Office), sqlFetchJobsOf, []any{q.Office}
	}
	type given struct {
		was int64
		job store.JobRow
	}
	var all []given
	err = s.change(ctx, "fetch jobs", func() *pgx.Batch {
		all = nil
		b := s.begin(offices)
		b.Queue(fetch, append([]any{texts(q.Names), micros(q.Now), shared.ListOf(q.Limit), micros(q.Until), q.Worker},
			of...)...).Query(func(rows pgx.Rows) (err error) {
			all, err = scanned(rows, func(r scanner) (g given, err error) {
				g.job, err = scanJob(r, &g.was)
				return g, err
			})
			return err
		})
		return b
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(x, y given) int {
		return cmp.Or(cmp.Compare(x.was, y.was), strings.Compare(x.job.Office, y.job.Office),
			strings.Compare(x.job.ID, y.job.ID))
	})
	out := make([]store.JobRow, len(all))
	for i := range all {
		out[i] = all[i].job
	}
	return out, nil
}

// HoldJob keeps a job until a later time, or gives it back.
func (s *Store) HoldJob(ctx context.Context, office, id string, fence int64, until time.Time) error {
	var held, there int64
	err := s.change(ctx, "hold job "+id, func() *pgx.Batch {
		b := s.begin(named(office))
		b.Queue(sqlHold, office, id, fence, micros(until)).QueryRow(func(r pgx.Row) error { return r.Scan(&held, &there) })
		return b
	})
	switch {
	case err != nil:
		return err
	case there == 0:
		return store.ErrNotFound
	case held == 0:
		return store.ErrStale
	}
	return nil
}

// Job returns a job.
func (s *Store) Job(ctx context.Context, office, id string) (store.JobRow, error) {
	return find(ctx, s, "job "+id, named(office), func(r scanner) (store.JobRow, error) { return scanJob(r) }, sqlJob,
		office, id)
}

// NextJob says when the first job of one of these names becomes free.
func (s *Store) NextJob(ctx context.Context, office string, names []string) (time.Time, bool, error) {
	offices, text, args := everyOffice, sqlNextJob, []any{texts(names)}
	if office != "" {
		offices, text, args = named(office), sqlNextJobOf, append(args, office)
	}
	free, err := find(ctx, s, "next job", offices, scanInt, text, args...)
	if err != nil || free < 0 {
		return time.Time{}, false, err
	}
	return fromMicros(free), true, nil
}

const workerColumns = "id, title, names, hash, changed, changed_by"

const (
	sqlPutWorker = "INSERT INTO workers (office, " + workerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (office, id) DO UPDATE SET title = excluded.title, names = excluded.names, hash = excluded.hash,
	changed = excluded.changed, changed_by = excluded.changed_by`
	sqlWorkers    = "SELECT " + workerColumns + " FROM workers WHERE office = $1 ORDER BY id"
	sqlBySecret   = "SELECT office, " + workerColumns + " FROM workers WHERE hash = $1 LIMIT 1"
	sqlDropWorker = "DELETE FROM workers WHERE office = $1 AND id = $2"
)

func scanWorker(r scanner, more ...any) (w store.WorkerRow, err error) {
	var changed int64
	err = r.Scan(append(more, &w.ID, &w.Title, &w.Names, &w.Hash, &changed, &w.ChangedBy)...)
	w.Changed = fromMicros(changed)
	if len(w.Names) == 0 {
		w.Names = nil
	}
	return w, err
}

// PutWorker adds or replaces a worker.
func (s *Store) PutWorker(ctx context.Context, office string, w store.WorkerRow) error {
	return s.exec(ctx, "put worker "+w.ID, named(office), sqlPutWorker, office, w.ID, w.Title, texts(w.Names),
		blob(w.Hash), micros(w.Changed), w.ChangedBy)
}

// Workers lists all of an office, by id.
func (s *Store) Workers(ctx context.Context, office string) ([]store.WorkerRow, error) {
	return list(ctx, s, "workers of "+office, named(office), func(r scanner) (store.WorkerRow, error) {
		return scanWorker(r)
	}, sqlWorkers, office)
}

// WorkerBySecret finds a worker and its office.
func (s *Store) WorkerBySecret(ctx context.Context, hash []byte) (string, store.WorkerRow, error) {
	var office string
	w, err := find(ctx, s, "worker", everyOffice, func(r scanner) (store.WorkerRow, error) {
		return scanWorker(r, &office)
	}, sqlBySecret, blob(hash))
	if errors.Is(err, store.ErrNotFound) {
		return "", store.WorkerRow{}, err
	}
	return office, w, err
}

// DropWorker takes one away. Again is no error.
func (s *Store) DropWorker(ctx context.Context, office, id string) error {
	return s.exec(ctx, "drop worker "+id, named(office), sqlDropWorker, office, id)
}
