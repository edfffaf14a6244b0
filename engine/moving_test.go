package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
)

// TestCasesGoOnAtOneNodeWhileAnotherMovesThem: on one PostgreSQL, people work at a server that hears nothing of the one
// that moves their cases; every answer counts once, and every case is by the new version in the end.
func TestCasesGoOnAtOneNodeWhileAnotherMovesThem(t *testing.T) {
	t.Parallel()
	w := nodes(t, 2, true)
	w[0].deploy(leaveOne)
	const cases = 16
	for range cases {
		w[0].begin("chan", "leave", `{"days": 3}`)
	}
	w[0].deploy(leaveThree)
	page, err := w[1].Inbox(t.Context(), as("chan"), "", engine.InboxQuery{Limit: 100})
	if err != nil || len(page.Tasks) != cases {
		t.Fatal(len(page.Tasks), err)
	}
	var people sync.WaitGroup
	done := make([]error, cases)
	for i, task := range page.Tasks {
		people.Go(func() {
			_, done[i] = w[1].Complete(t.Context(), as("chan"), task.ID, engine.CompleteRequest{
				Values: json.RawMessage(`{"why": "x", "note": "y"}`),
			})
			if done[i] != nil { // by the version before, it does not ask for a note
				_, done[i] = w[1].Complete(t.Context(), as("chan"), task.ID, engine.CompleteRequest{
					Values: json.RawMessage(`{"why": "x"}`),
				})
			}
		})
	}
	w[0].migrate(engine.MigrateRequest{Limit: 3})
	people.Wait()
	for i, err := range done {
		if code := engine.CodeOf(err); err != nil && code != "invalid" { // it was moved between the two
			t.Errorf("%s: %v", page.Tasks[i].ID, err)
		}
	}
	w[0].migrate(engine.MigrateRequest{})
	state := w[1].state()
	if len(state.Versions) != 1 || state.Versions[0].Version != 2 || state.Versions[0].Cases != cases {
		t.Errorf("after: %+v", state)
	}
}

// TestAMigrationThatBreaksOff: the server stops in the middle of it. Each case is by one version or by the other and
// goes on; what has been moved is found, can be moved back, and the whole can be asked for again.
func TestAMigrationThatBreaksOff(t *testing.T) {
	t.Parallel()
	w := openFile(t)
	w.deploy(leaveOne)
	const cases = 24
	for range cases {
		w.begin("chan", "leave", `{"days": 3}`)
	}
	w.deploy(leaveThree)
	some := w.migrateSome(5)
	ctx, stop := context.WithCancel(t.Context())
	broken := make(chan error)
	go func() {
		_, err := w.Migrate(ctx, as("ann"), "en", engine.MigrateRequest{
			Procedure: "leave", Migration: some.Migration, After: some.Next, Limit: 200,
		})
		broken <- err
	}()
	w.eventually("the next page is under way", func(ctx context.Context) bool {
		state, err := w.MigrationState(ctx, as("ann"), "leave")
		return err == nil && len(state.Versions) > 0 && state.Versions[len(state.Versions)-1].Cases > 5
	})
	stop()
	w.Close()
	<-broken
	w.start()
	state, byVersion := w.state(), map[int]int{}
	for _, v := range state.Versions {
		byVersion[v.Version] = v.Cases
		if v.Version == 2 && v.Migrations[some.Migration] != v.Cases {
			t.Errorf("moved, but by which migration is not known: %+v", v)
		}
	}
	if byVersion[1]+byVersion[2] != cases || byVersion[2] < 5 {
		t.Fatalf("after the stop: %+v", state)
	}
	w.migrate(engine.MigrateRequest{Migration: some.Migration, Undo: true})
	if state = w.state(); len(state.Versions) != 1 || state.Versions[0].Version != 1 {
		t.Fatalf("after the undo: %+v", state)
	}
	w.migrate(engine.MigrateRequest{})
	if state = w.state(); len(state.Versions) != 1 || state.Versions[0].Version != 2 || state.Versions[0].Cases != cases {
		t.Fatalf("asked again: %+v", state)
	}
	w.complete("chan", "look", "", `{"why": "x", "note": "y"}`)
}

// migrateSome moves one page of cases.
func (w *world) migrateSome(n int) engine.Migration {
	w.t.Helper()
	out, err := w.Migrate(w.t.Context(), as("ann"), "en", engine.MigrateRequest{Procedure: "leave", Limit: n})
	if err != nil || len(out.Cases) != n {
		w.t.Fatal(out, err)
	}
	return out
}

// TestNodesBeginWhatTheCalendarNamesOnce: all of them wake at the same moment and begin what is due, a case for each
// time and each entry, whoever was first.
func TestNodesBeginWhatTheCalendarNamesOnce(t *testing.T) {
	t.Parallel()
	w := nodes(t, 3, false)
	w[0].withCalendar(calendarYAML)
	t.Cleanup(func() {
		if t.Failed() {
			rows, err := w[0].store.Schedules(context.Background(), "sun")
			t.Logf("schedules: %+v, %v", rows, err)
			t.Logf("begun: %q", w[0].begun(context.Background(), "round", "day"))
		}
	})
	const days = 3
	var walks, shifts []string
	for day := range days {
		passes := 24 * time.Hour
		if day == 0 {
			passes = 23 * time.Hour // it is nine o'clock, and they begin at eight
		}
		var woken sync.WaitGroup
		for _, node := range w {
			woken.Go(func() { node.clock.move(passes) })
		}
		woken.Wait()
		date := fmt.Sprintf("2026-11-%02d", 3+day)
		walks, shifts = append(walks, date), append(shifts, date, date)
		w[day].eventuallyBegun("round", "day", walks...)
		w[day].eventuallyBegun("shift", "day", shifts...)
	}
	w[0].Close()
	w[0].start() // plans anew
	w[1].eventuallyBegun("report", "month", "2026-10")
	for _, node := range w {
		if got := node.begun(t.Context(), "shift", "day"); !slices.Equal(got, shifts) {
			t.Errorf("begun twice: %q", got)
		}
	}
}
