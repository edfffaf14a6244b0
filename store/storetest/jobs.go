package storetest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func newJob(caseID string, n, minute int, name string) store.JobRow {
	return store.JobRow{Office: gate, ID: fmt.Sprintf("%s.%d", caseID, n), Case: caseID, Number: "R-" + caseID,
		Procedure: "repair", Step: "scan", Name: name, Body: []byte(`{"a":1}`), Most: 3, Free: at(minute)}
}

func putJobs(t *testing.T, s store.Store, caseID string, jobs ...store.JobRow) {
	t.Helper()
	c := newCase(gate, caseID)
	c.Jobs = jobs
	commit(t, s, c)
}

func jobIDs(list []store.JobRow) []string {
	return ids(list, func(j store.JobRow) string { return j.ID })
}

// jobs are given out one holder at a time, under a number that rises.
func jobs(t *testing.T, s store.Store) {
	ctx := context.Background()
	fetch := func(minute, until int, names ...string) []store.JobRow {
		return must(s.FetchJobs(ctx, store.JobFetch{
			Office: gate, Names: names, Worker: "w", Now: at(minute), Until: at(until), Limit: 10}))(t)
	}
	_, some, err := s.NextJob(ctx, gate, []string{"scan", "mail"})
	noError(t, err)
	equal(t, "a next job", some, false)
	putJobs(t, s, "c1", newJob("c1", 1, 5, "scan"), newJob("c1", 2, 3, "scan"), newJob("c1", 3, 0, "mail"))
	for _, office := range []string{gate, ""} {
		next, some, err := s.NextJob(ctx, office, []string{"scan", "print"})
		noError(t, err)
		equal(t, "a next job", some, true)
		equal(t, "the next job", next, at(3))
	}
	_, some, err = s.NextJob(ctx, other, []string{"scan"})
	noError(t, err)
	equal(t, "a next job of another office", some, false)
	equal(t, "of no name", len(fetch(10, 20)), 0)
	equal(t, "of another name", len(fetch(10, 20, "print")), 0)
	equal(t, "too early", len(fetch(2, 20, "scan")), 0)

	want := newJob("c1", 2, 20, "scan")
	want.Given, want.Fence, want.Worker = 1, 1, "w"
	got := fetch(4, 20, "scan")
	equal(t, "fetched", got, []store.JobRow{want})
	equal(t, "read", must(s.Job(ctx, gate, "c1.2"))(t), want)
	equal(t, "sooner free first", jobIDs(fetch(20, 30, "scan", "mail")), []string{"c1.3", "c1.1", "c1.2"})
	equal(t, "held", len(fetch(29, 40, "scan", "mail")), 0)

	is(t, s.HoldJob(ctx, gate, "c1.2", 1, at(50)), store.ErrStale) // it was given out again
	is(t, s.HoldJob(ctx, other, "c1.2", 2, at(50)), store.ErrNotFound)
	noError(t, s.HoldJob(ctx, gate, "c1.2", 2, at(50)))
	equal(t, "prolonged", jobIDs(fetch(49, 60, "scan")), []string{"c1.1"})
	is(t, s.HoldJob(ctx, gate, "c9.9", 1, at(50)), store.ErrNotFound)
}

// fencedJobs: a late answer changes nothing, a failure delays, and a job that is gone is gone.
func fencedJobs(t *testing.T, s store.Store) {
	ctx := context.Background()
	putJobs(t, s, "c1", newJob("c1", 1, 0, "scan"), newJob("c1", 2, 0, "scan"))
	q := store.JobFetch{Office: gate, Names: []string{"scan"}, Worker: "w", Now: at(0), Until: at(5), Limit: 10}
	must(s.FetchJobs(ctx, q))(t)
	q.Now, q.Until = at(5), at(10)
	must(s.FetchJobs(ctx, q))(t)

	late, wrong, right := nextOf(gate, "c1", 1), nextOf(gate, "c1", 1), nextOf(gate, "c1", 1)
	late.Job, late.Fence, late.DropJobs = "c1.1", 1, []string{"c1.1"}
	wrong.Job, wrong.Fence = "c1.7", 1
	right.Job, right.Fence, right.DropJobs = "c1.1", 2, []string{"c1.1"}
	right.Delays = []store.JobDelay{{ID: "c1.2", At: at(30)}}
	commitAs(t, s, []store.Result{store.Gone, store.Gone, store.Applied, store.Gone}, late, wrong, right, right)
	_, err := s.Job(ctx, gate, "c1.1")
	is(t, err, store.ErrNotFound)
	is(t, s.HoldJob(ctx, gate, "c1.1", 2, at(50)), store.ErrNotFound)
	equal(t, "delayed", must(s.Job(ctx, gate, "c1.2"))(t).Free, at(30))
	is(t, s.HoldJob(ctx, gate, "c1.2", 2, at(10)), store.ErrStale) // who had it when it was delayed

	stale := nextOf(gate, "c1", 1)
	stale.Job, stale.Fence, stale.DropJobs = "c1.2", 3, []string{"c1.2"}
	commitAs(t, s, []store.Result{store.Stale}, stale)
	both := nextOf(gate, "c1", 2) // what is dropped and put again is new
	both.DropJobs, both.Jobs = []string{"c1.2"}, []store.JobRow{newJob("c1", 2, 40, "scan")}
	commit(t, s, both)
	equal(t, "put again", must(s.Job(ctx, gate, "c1.2"))(t), newJob("c1", 2, 40, "scan"))
}

// jobsRace: of many that fetch at once each gets others, and all are given out.
func jobsRace(t *testing.T, s store.Store) {
	const n = 40
	for i := range 4 {
		var list []store.JobRow
		for k := range n / 4 {
			list = append(list, newJob(fmt.Sprint("c", i), k+1, 0, "scan"))
		}
		putJobs(t, s, fmt.Sprint("c", i), list...)
	}
	var mu sync.Mutex
	var got []string
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for {
				jobs, err := s.FetchJobs(context.Background(), store.JobFetch{
					Names: []string{"scan"}, Worker: strconv.Itoa(w), Now: at(1), Until: at(60), Limit: 3})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				got = append(got, jobIDs(jobs)...)
				done := len(got) >= n
				mu.Unlock()
				if done {
					return
				}
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	equal(t, "given out", len(got), n)
	equal(t, "each once", len(slices.Compact(got)), n)
}

func workers(t *testing.T, s store.Store) {
	ctx := context.Background()
	a := store.WorkerRow{ID: "ocr", Title: "Reader", Names: []string{"scan", "read"}, Hash: []byte("h1"), Changed: at(1),
		ChangedBy: "chan"}
	b := store.WorkerRow{ID: "mailer", Hash: []byte("h2"), Changed: at(2)}
	noError(t, s.PutWorker(ctx, gate, a))
	noError(t, s.PutWorker(ctx, gate, b))
	equal(t, "workers", must(s.Workers(ctx, gate))(t), []store.WorkerRow{b, a})
	equal(t, "of another office", len(must(s.Workers(ctx, other))(t)), 0)
	office, found, err := s.WorkerBySecret(ctx, []byte("h1"))
	noError(t, err)
	equal(t, "its office", office, gate)
	equal(t, "found", found, a)
	_, _, err = s.WorkerBySecret(ctx, []byte("h"))
	is(t, err, store.ErrNotFound)
	a.Hash = []byte("h3")
	noError(t, s.PutWorker(ctx, gate, a))
	_, _, err = s.WorkerBySecret(ctx, []byte("h1"))
	is(t, err, store.ErrNotFound)
	noError(t, s.DropWorker(ctx, other, "ocr"))
	noError(t, s.DropWorker(ctx, gate, "ocr"))
	noError(t, s.DropWorker(ctx, gate, "ocr"))
	equal(t, "left", must(s.Workers(ctx, gate))(t), []store.WorkerRow{b})
}
