package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
	"github.com/guicheng/guicheng/store/postgres"
	"github.com/guicheng/guicheng/store/sqlite"
)

// posts is how many the large office has; each has a person of its own, q0 holds p0 to p4.
const posts = 1000

// long has five steps; the loaded cases stand at the fourth, which has a time limit.
const long = `procedure: long
title: 久
number: 'L{yyyy}{mm}{dd}-{n:7}'
manager: p0
data:
  where: {title: 處, type: post}
start: {by: p0, form: [where]}
steps:
  - {step: one, title: 一, task: {by: =where}}
  - {step: two, title: 二, task: {by: =where}}
  - {step: three, title: 三, task: {by: =where}}
  - {step: four, title: 四, task: {by: =where}, timeouts: {after: minutes(1440), to: five}}
  - {step: five, title: 五, task: {by: =where}}
`

func largeOffice() string {
	var b strings.Builder
	b.WriteString("office: bench\ntitle: 量測\nlanguage: zh-Hant\nzone: Asia/Shanghai\ncurrency: CNY\nposts:\n")
	for i := range posts {
		fmt.Fprintf(&b, "  p%d: 處%d\n", i, i)
	}
	return b.String()
}

// crowd are the people of the large office.
func crowd(ctx context.Context, h *house) error {
	for i := range posts {
		p := store.PersonRow{ID: "q" + strconv.Itoa(i), Name: "人" + strconv.Itoa(i), Posts: []string{"p" + strconv.Itoa(i)}}
		if i == 0 {
			p.Posts = []string{"p0", "p1", "p2", "p3", "p4"}
		}
		if err := h.PutPerson(ctx, h.desk, p); err != nil {
			return err
		}
	}
	return nil
}

// yesterday is a clock that stands still, two days ago: what is armed then is overdue now.
type yesterday struct{ at time.Time }

// Now implements engine.Clock.
func (y yesterday) Now() time.Time { return y.at }

// After implements engine.Clock.
func (y yesterday) After(time.Duration) <-chan time.Time { return nil }

// template is a case at its fourth step, as the engine writes it.
type template struct {
	last   store.Change // to the fourth step
	events [][]store.EventRow
}

// sample runs one case to its fourth step, on an engine that lives two days ago.
func observeLong(ctx context.Context) (*template, error) {
	st, err := sqlite.Open(":memory:")
	if err != nil {
		return nil, err
	}
	defer st.Close() //nolint:errcheck // it is in memory
	s := &spy{Store: st}
	at := time.Now().Add(-48 * time.Hour).UTC().Truncate(time.Hour)
	e, err := engine.Open(ctx, engine.Options{Store: s, Clock: yesterday{at}})
	if err != nil {
		return nil, err
	}
	defer e.Close()
	h := &house{Engine: e, desk: engine.Actor{Office: "bench", Person: "chan"}}
	person := store.PersonRow{ID: "chan", Name: "陳", Posts: []string{"p0"}, Admin: true}
	if err := e.FirstAdministrator(ctx, "bench", person); err != nil {
		return nil, err
	}
	if err := h.deployTo(ctx, largeOffice(), "long.yaml", long); err != nil {
		return nil, err
	}
	began, err := e.Start(ctx, h.desk, engine.StartRequest{Procedure: "long", Values: []byte(`{"where":"p0"}`)})
	if err != nil {
		return nil, err
	}
	tasks := began.Tasks
	for range 3 {
		done, err := e.Complete(ctx, h.desk, tasks[0].ID, engine.CompleteRequest{})
		if err != nil {
			return nil, err
		}
		tasks = done.Tasks
	}
	t := &template{last: s.changes[len(s.changes)-1]}
	for _, c := range s.changes {
		t.events = append(t.events, c.Events)
	}
	if len(t.last.PutTasks) != 1 || len(t.last.Timers) != 1 {
		return nil, errors.New("the template's case has not one task and one timer")
	}
	return t, nil
}

// names of the i-th loaded case, of as many figures as the engine's own.
func loadedCase(i int) string   { return fmt.Sprintf("1m8b%018d", i) }
func loadedNumber(i int) string { return fmt.Sprintf("L20260101-%07d", i+1) }
func loadedPost(i int) string   { return "p" + strconv.Itoa(i%posts) }

// swap writes the i-th case's names over those of the template.
func (t *template) swap(raw []byte, i int) []byte {
	raw = bytes.ReplaceAll(raw, []byte(t.last.Case.ID), []byte(loadedCase(i)))
	raw = bytes.ReplaceAll(raw, []byte(t.last.Case.Number), []byte(loadedNumber(i)))
	return bytes.ReplaceAll(raw, []byte(`"p0"`), []byte(`"`+loadedPost(i)+`"`))
}

// task is the i-th case's open task.
func (t *template) task(i int) string {
	return strings.ReplaceAll(t.last.PutTasks[0].ID, t.last.Case.ID, loadedCase(i))
}

// filling is one table of the store with the rows of a case in it.
type filling struct {
	name    string
	columns []string
	rows    func(i int) ([][]any, error)
}

// tables are in the shape of store/postgres/migrations: what is not named here has a default.
func (t *template) tables() []filling {
	c, task := &t.last.Case, &t.last.PutTasks[0]
	opened := func(i int) int64 { return task.Opened.UnixMicro() + int64(i) }
	const never = int64(1<<63 - 1)
	return []filling{
		{"cases", []string{"office", "id", "revision", "version", "started", "ended", "last_event", "first_at", "last_at",
			"procedure", "number", "title", "status", "outcome", "starter", "parent", "state"},
			func(i int) ([][]any, error) {
				last := t.events[len(t.events)-1]
				return [][]any{{"bench", loadedCase(i), c.Revision + 1, c.Version, opened(i), 0, last[len(last)-1].Seq,
					t.events[0][0].At.UnixMicro(), last[0].At.UnixMicro(), c.Procedure, loadedNumber(i), c.Title, c.Status,
					"", c.Starter, "", packed.Pack(t.swap(c.State, i))}}, nil
			}},
		{"tasks", []string{"office", "id", "case_id", "slot", "act", "opened", "due", "number", "procedure", "step", "title",
			"row_name", "candidates", "holder"}, func(i int) ([][]any, error) {
			return [][]any{{"bench", t.task(i), loadedCase(i), task.Slot, task.Act, opened(i), task.Due.UnixMicro(),
				loadedNumber(i), task.Procedure, task.Step, task.Title, "", "post:" + loadedPost(i), ""}}, nil
		}},
		{"offers", []string{"office", "candidate", "due_key", "opened", "task"}, func(i int) ([][]any, error) {
			due := task.Due.UnixMicro()
			if task.Due.IsZero() {
				due = never
			}
			return [][]any{{"bench", "post:" + loadedPost(i), due, opened(i), t.task(i)}}, nil
		}},
		{"history", []string{"office", "case_id", "last", "at", "events"}, func(i int) (rows [][]any, err error) {
			for _, events := range t.events {
				leaf, err := packed.Events(t.named(events, i))
				if err != nil {
					return nil, err
				}
				rows = append(rows, []any{"bench", loadedCase(i), leaf.Last, leaf.At, leaf.Body})
			}
			return rows, nil
		}},
	}
}

func (t *template) named(events []store.EventRow, i int) []store.EventRow {
	out := make([]store.EventRow, len(events))
	for k, e := range events {
		e.Body = t.swap(e.Body, i)
		out[k] = e
	}
	return out
}

// large is a database that was filled.
type large struct {
	dsn   string // as the store's user
	admin string // as the superuser, whom row-level security lets COPY
	t     *template
	cases int
	took  time.Duration
}

// load fills a fresh database with so many open tasks, and four rows of history for each.
func load(ctx context.Context, cases int) (*large, error) {
	began := time.Now()
	t, err := observeLong(ctx)
	if err != nil {
		return nil, fmt.Errorf("the template: %w", err)
	}
	dsn, err := pgtest.Create(ctx)
	if err != nil {
		return nil, err
	}
	l := &large{dsn: dsn, t: t, cases: cases}
	if l.admin, err = adminOf(dsn); err != nil {
		return nil, err
	}
	if err := l.people(ctx); err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, l.admin)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx) //nolint:errcheck // it has answered
	if _, err := conn.Exec(ctx, "SET synchronous_commit = off"); err != nil {
		return nil, err
	}
	for _, table := range t.tables() {
		if err := l.copy(ctx, conn, table); err != nil {
			return nil, fmt.Errorf("load %s: %w", table.name, err)
		}
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	if err == nil {
		_, err = conn.Exec(ctx, "CHECKPOINT")
	}
	l.took = time.Since(began)
	return l, err
}

func adminOf(dsn string) (string, error) {
	server, err := pgtest.Server()
	if err != nil {
		return "", err
	}
	admin, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", err
	}
	admin.Path = u.Path
	return admin.String(), nil
}

// people deploys the large office.
func (l *large) people(ctx context.Context) (err error) {
	st, err := postgres.Open(ctx, l.dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	h, err := openHouse(ctx, st)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(h.close(), err) }()
	if err := h.deployTo(ctx, largeOffice(), "long.yaml", long); err != nil {
		return err
	}
	return crowd(ctx, h)
}

// atOnce is how many cases go in one COPY.
const atOnce = 100_000

func (l *large) copy(ctx context.Context, conn *pgx.Conn, t filling) error {
	for from := 0; from < l.cases; from += atOnce {
		i, rows := from, [][]any(nil)
		source := pgx.CopyFromFunc(func() (row []any, err error) {
			for len(rows) == 0 {
				if i == min(from+atOnce, l.cases) {
					return nil, nil
				}
				if rows, err = t.rows(i); err != nil {
					return nil, err
				}
				i++
			}
			row, rows = rows[0], rows[1:]
			return row, nil
		})
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, source); err != nil {
			return err
		}
	}
	return nil
}

// overdue arms timers of the first n cases that were due a day ago.
func (l *large) overdue(ctx context.Context, n int) error {
	conn, err := pgx.Connect(ctx, l.admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // it has answered
	timer := l.t.last.Timers[0]
	for from := 0; from < n; from += atOnce {
		i := from
		source := pgx.CopyFromFunc(func() ([]any, error) {
			if i == min(from+atOnce, n) {
				return nil, nil
			}
			id := strings.ReplaceAll(timer.ID, l.t.last.Case.ID, loadedCase(i))
			row := []any{"bench", id, loadedCase(i), timer.Timer, timer.At.UnixMicro()}
			i++
			return row, nil
		})
		columns := []string{"office", "id", "case_id", "timer", "at"}
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{"timers"}, columns, source); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE timers")
	return err
}
