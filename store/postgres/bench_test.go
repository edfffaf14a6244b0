package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
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
	s := openNew(b)
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

// bare are the same writes as Commit's without any check: the limit that it is held against, in a ratio of one run.
var bare = []struct {
	text string
	args func(c []store.Change) []any
}{
	{`UPDATE cases c SET revision = revision + 1, state = r.state FROM unnest($1::text[], $2::text[], $3::bytea[])
		r(office, id, state) WHERE c.office = r.office AND c.id = r.id`, func(c []store.Change) []any {
		return []any{each(c, office), each(c, caseID), each(c, func(c *store.Change) []byte { return c.Case.State })}
	}},
	{`INSERT INTO history (office, case_id, last, at, events)
		SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[])`,
		func(c []store.Change) []any {
			return []any{each(c, office), each(c, caseID), each(c, func(c *store.Change) int64 { return c.Events[1].Seq }),
				each(c, func(c *store.Change) int64 { return micros(c.Events[1].At) }),
				each(c, func(c *store.Change) []byte { return slices.Concat(c.Events[0].Body, c.Events[1].Body) })}
		}},
	{`DELETE FROM tasks t USING unnest($1::text[], $2::text[]) r(office, id) WHERE t.office = r.office AND t.id = r.id`,
		func(c []store.Change) []any {
			return []any{each(c, office), each(c, func(c *store.Change) string { return c.Drops[0] })}
		}},
	{`DELETE FROM offers t USING unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
		r(office, candidate, due_key, opened, task) WHERE t.office = r.office AND t.candidate = r.candidate AND
		t.due_key = r.due_key AND t.opened = r.opened AND t.task = r.task`, func(c []store.Change) []any {
		return append(bareOffer(c), each(c, func(c *store.Change) string { return c.Drops[0] }))
	}},
	{`INSERT INTO offers (office, candidate, due_key, opened, task)
		SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])`,
		func(c []store.Change) []any {
			return append(bareOffer(c), each(c, func(c *store.Change) string { return c.PutTasks[0].ID }))
		}},
	{`INSERT INTO tasks (office, id, case_id, slot, act, opened, due, number, procedure, step, title, row_name,
		candidates, holder) SELECT r.office, r.id, r.case_id, 1, 1, 1, 1, r.number, 'repair', 'inspect', r.title, '',
		'post:p1', '' FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
		r(office, id, case_id, number, title)`, func(c []store.Change) []any {
		return []any{each(c, office), each(c, func(c *store.Change) string { return c.PutTasks[0].ID }), each(c, caseID),
			each(c, func(c *store.Change) string { return c.Case.Number }),
			each(c, func(c *store.Change) string { return c.PutTasks[0].Title })}
	}},
	{`INSERT INTO answers (office, key, at, request, body)
		SELECT r.office, r.key, 1, r.request, r.body FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[])
		r(office, key, request, body)`, func(c []store.Change) []any {
		return []any{each(c, office), each(c, func(c *store.Change) string { return c.Answer.Key }),
			each(c, func(c *store.Change) []byte { return c.Answer.Request }),
			each(c, func(c *store.Change) []byte { return c.Answer.Body })}
	}},
}

func each[T any](changes []store.Change, of func(*store.Change) T) []T {
	out := make([]T, len(changes))
	for i := range changes {
		out[i] = of(&changes[i])
	}
	return out
}

func office(c *store.Change) string { return c.Office }
func caseID(c *store.Change) string { return c.Case.ID }

func bareOffer(c []store.Change) []any {
	return []any{each(c, office), each(c, func(c *store.Change) string { return string(c.PutTasks[0].Candidates[0]) }),
		each(c, func(c *store.Change) int64 { return dueKey(c.PutTasks[0].Due) }),
		each(c, func(c *store.Change) int64 { return micros(c.PutTasks[0].Opened) })}
}

// BenchmarkBare is one writer of groups of 32, by statements for the whole group.
func BenchmarkBare(b *testing.B) {
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
		q := s.begin(named(benchOffice))
		for _, st := range bare {
			q.Queue(st.text, st.args(changes)...)
		}
		if err := s.send(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*benchGroup)/b.Elapsed().Seconds(), "steps/s")
}

// BenchmarkCommitParallel is several writers at once, as of several nodes.
func BenchmarkCommitParallel(b *testing.B) {
	s, revisions := benchStore(b)
	const writers = 4
	var wg sync.WaitGroup
	b.ResetTimer()
	for w := range writers {
		wg.Go(func() {
			changes := make([]store.Change, benchGroup)
			for n := w; n < b.N; n += writers {
				for k := range changes {
					i := (n/writers*benchGroup+k)*writers%benchCases + w // cases of this writer only
					changes[k] = benchStep(i%benchCases, revisions[i%benchCases])
					revisions[i%benchCases]++
				}
				results, err := s.Commit(context.Background(), changes)
				if err != nil || slices.ContainsFunc(results, func(r store.Result) bool { return r != store.Applied }) {
					b.Error(results, err)
				}
			}
		})
	}
	wg.Wait()
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
