package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

const (
	benchOffice = "garrison"
	benchCases  = 5000
	benchGroup  = 32
)

var benchTime = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func benchID(i int) string { return fmt.Sprintf("01JB8Z5T4W%06d", i) }

func benchTask(i, slot int) store.TaskRow {
	return store.TaskRow{ID: fmt.Sprintf("%s.%d", benchID(i), slot), Case: benchID(i), Slot: int64(slot), Act: int64(slot),
		Number: fmt.Sprintf("派修2026-%06d", i), Procedure: "repair", Step: "inspect", Title: "檢查車輛",
		Candidates: []store.Candidate{store.Candidate(fmt.Sprintf("post:p%d", i%20))},
		Opened:     benchTime.Add(time.Duration(i) * time.Second), Due: benchTime.Add(48 * time.Hour)}
}

// benchStep is one step of W3 of case i: its task is done, the next one opens, two events are written.
func benchStep(i int, revision int64) store.Change {
	now := benchTime.Add(time.Duration(revision) * time.Minute)
	r := int(revision)
	return store.Change{
		Office: benchOffice,
		Case: store.CaseRow{ID: benchID(i), Revision: revision, Procedure: "repair", Version: 1, Title: "派修",
			Number: fmt.Sprintf("派修2026-%06d", i), Status: "running", Starter: "chan", Started: benchTime,
			State: make([]byte, 500)},
		Events: []store.EventRow{
			{Seq: 2*revision + 1, At: now, Actor: "chan", Kind: "task-completed", Body: benchBody(150)},
			{Seq: 2*revision + 2, At: now, Actor: "", Kind: "task-opened", Body: benchBody(100)},
		},
		Drops:    []string{fmt.Sprintf("%s.%d", benchID(i), r)},
		PutTasks: []store.TaskRow{benchTask(i, r+1)},
		Answer: &store.Answer{Key: fmt.Sprintf("%s-%d", benchID(i), r), Request: make([]byte, 32), Body: make([]byte, 60),
			At: now},
	}
}

// benchBody is a JSON text of n bytes.
func benchBody(n int) []byte { return []byte(`"` + strings.Repeat("x", n-2) + `"`) }

func benchStore(b *testing.B) (*Store, []int64) {
	b.Helper()
	s, err := Open(filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	for i := 0; i < benchCases; i += 500 {
		var changes []store.Change
		for j := i; j < i+500; j++ {
			changes = append(changes, benchStep(j, 0))
		}
		if _, err := s.Commit(context.Background(), changes); err != nil {
			b.Fatal(err)
		}
	}
	revisions := make([]int64, benchCases)
	for i := range revisions {
		revisions[i] = 1
	}
	return s, revisions
}

// BenchmarkCommit steps groups of 32 cases, as the engine does under load.
func BenchmarkCommit(b *testing.B) {
	s, revisions := benchStore(b)
	changes := make([]store.Change, benchGroup)
	next := 0
	for b.Loop() {
		for k := range changes {
			i := (next * 37) % benchCases
			changes[k] = benchStep(i, revisions[i])
			revisions[i]++
			next++
		}
		results, err := s.Commit(context.Background(), changes)
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range results {
			if r != store.Applied {
				b.Fatalf("result %d", r)
			}
		}
	}
	b.ReportMetric(float64(b.N*benchGroup)/b.Elapsed().Seconds(), "steps/s")
}

// BenchmarkBare makes the same writes without any check, by statements prepared beforehand: the limit that Commit is
// held against, in a ratio of one run.
func BenchmarkBare(b *testing.B) {
	s, revisions := benchStore(b)
	ctx := context.Background()
	prepare := func(text string) *sql.Stmt {
		st, err := s.writer.conn.PrepareContext(ctx, text)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = st.Close() })
		return st
	}
	begin, commit := prepare("BEGIN IMMEDIATE"), prepare("COMMIT")
	updateCase, dropTask := prepare(sqlCase), prepare("DELETE FROM tasks WHERE office = ? AND id = ?")
	event := prepare("INSERT INTO history (office, case_id, last, events) VALUES (?, ?, ?, ?)")
	task := prepare(sqlNewTask)
	offer := prepare("INSERT INTO offers (office, candidate, due_key, opened, task) VALUES (?, ?, ?, ?, ?)")
	dropOffer := prepare("DELETE FROM offers WHERE office=? AND candidate=? AND due_key=? AND opened=? AND task=?")
	answer := prepare("INSERT INTO answers (office, key, request, body, at) VALUES (?, ?, ?, ?, ?)")
	run := func(st *sql.Stmt, args ...any) {
		if _, err := st.ExecContext(ctx, args...); err != nil {
			b.Fatal(err)
		}
	}
	next := 0
	for b.Loop() {
		run(begin)
		for range benchGroup {
			i := (next * 37) % benchCases
			c := benchStep(i, revisions[i])
			revisions[i]++
			next++
			e, t, seat := c.Events, c.PutTasks[0], seatOf(&c.PutTasks[0])
			run(updateCase, 1, c.Case.Title, "", 0, c.Case.State, c.Office, c.Case.ID)
			run(event, c.Office, c.Case.ID, e[1].Seq, slices.Concat(e[0].Body, e[1].Body))
			run(dropTask, c.Office, c.Drops[0])
			run(dropOffer, c.Office, string(t.Candidates[0]), seat.due, seat.opened, c.Drops[0])
			run(task, t.Case, t.Slot, t.Act, t.Number, t.Procedure, t.Step, t.Title, t.Row, encodeList(t.Candidates), t.Holder,
				micros(t.Opened), micros(t.Due), c.Office, t.ID)
			run(offer, c.Office, string(t.Candidates[0]), seat.due, seat.opened, t.ID)
			run(answer, c.Office, c.Answer.Key, c.Answer.Request, c.Answer.Body, micros(c.Answer.At))
		}
		run(commit)
		s.checks.wrote(benchGroup)
	}
	b.ReportMetric(float64(b.N*benchGroup)/b.Elapsed().Seconds(), "steps/s")
}

// BenchmarkInbox reads the first page of a person with five posts.
func BenchmarkInbox(b *testing.B) {
	s, _ := benchStore(b)
	var who []store.Candidate
	for i := range 5 {
		who = append(who, store.Candidate(fmt.Sprintf("post:p%d", i)))
	}
	for b.Loop() {
		p, err := s.Inbox(context.Background(), benchOffice, store.InboxQuery{Who: who, Limit: 50})
		if err != nil || len(p.Items) != 50 {
			b.Fatal(len(p.Items), err)
		}
	}
}
