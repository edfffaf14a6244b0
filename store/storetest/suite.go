// Package storetest is the suite that every driver of [store.Store] passes. It is ordinary code, so that a driver in
// any package can run it; no case of it may be left out.
package storetest

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

// Run puts a driver through the whole suite. open returns an empty store and closes it by t.Cleanup; it is called
// once for each test, and tests run beside each other.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Helper()
	for _, tt := range suite() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t, open(t))
		})
	}
}

// test is one test of the suite, on an empty store.
type test struct {
	name string
	run  func(*testing.T, store.Store)
}

func suite() []test {
	return []test{
		{"a case comes back as it was put", caseRoundTrip},
		{"a case is found by its number, and many at once", caseByNumber},
		{"a stale change alone fails", staleAlone},
		{"a repeated change alone fails", repeatedAlone},
		{"a gone cause alone fails", goneAlone},
		{"reasons are judged in order", reasonsInOrder},
		{"a batch sees its earlier changes", batchSeesItself},
		{"a change without a case", changeWithoutCase},
		{"a broken change is named and nothing of its batch stays", brokenChange},
		{"a refused change leaves no trace", refusedLeavesNothing},
		{"a number is given once", numberOnce},
		{"an ended context before the commit applies nothing", endedContext},
		{"history is in order and by pages", history},
		{"answers are kept", answers},
		{"counters have no gaps", counters},
		{"counters have no gaps under concurrent committers", countersRace},
		{"cases are listed youngest first, with filters", casesOf},
		{"cases are paged while others come", casesPaged},
		{"cases are found by what is searchable", casesFound},
		{"limits are brought into 1 to 200", limits},
		{"a task comes back as it was put", taskRoundTrip},
		{"a draft lives with its task", drafts},
		{"the inbox is sorted by due, opened, id", inboxOrder},
		{"the inbox is sorted by priority first", inboxPriority},
		{"the inbox filters", inboxFilters},
		{"the inbox of many candidates shows a task once", inboxMany},
		{"a claimed task is its holder's", inboxClaimed},
		{"the inbox pages stay right while tasks come and go", inboxPaged},
		{"inbox counts stop at the limit", inboxCounts},
		{"tasks of a case are its own", tasksOf},
		{"a bad cursor is refused", badCursor},
		{"copies are listed, kept once and read", copies},
		{"copies are paged", copiesPaged},
		{"timers fall due in order", timers},
		{"letters are listed in order and taken once", letters},
		{"jobs are given out to one at a time", jobs},
		{"a late answer to a job changes nothing", fencedJobs},
		{"of many that fetch jobs each gets others", jobsRace},
		{"workers are kept, and found by their secret", workers},
		{"schedules fall due in order, and are done once", schedules},
		{"subscribers are found by key", subscribers},
		{"kept messages wait, once each", keptMessages},
		{"deploying numbers the versions", deploy},
		{"persons are kept", persons},
		{"substitutes are kept", substitutes},
		{"settings are kept", settings},
		{"deeds are counted", deeds},
		{"a person is changed as it was read", changePerson},
		{"the last administrator stays", lastAdmin},
		{"of the last administrators one stays, whoever goes at once", lastAdminsRace},
		{"what is old is forgotten, what is used is not", upkeep},
		{"wakes end with their reader", wakes},
		{"a link is taken once", links},
		{"a link is taken by one of many", linksRace},
		{"a session ends", sessions},
		{"offices are listed", offices},
		{"a file comes back as it was put", fileRoundTrip},
		{"a file is one case's", fileOfOneCase},
		{"a file is shared between cases", fileShared},
		{"a file is taken by one of many", fileRace},
		{"no read shows another office", isolation},
		{"claims are linearizable", linearizable},
		{"a change is seen whole or not at all", wholeOrNot},
		{"times are kept to the microsecond in UTC", times},
	}
}

const (
	gate  = "gate"  // the office of most tests
	other = "other" // one that must not see it
)

var morning = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return morning.Add(time.Duration(minutes) * time.Minute) }

// newCase is the first change of a case.
func newCase(office, id string) store.Change {
	return store.Change{Office: office, Case: store.CaseRow{Office: office, ID: id, Procedure: "repair", Version: 1,
		Title: "派修", Status: "running", Starter: "chan", Started: morning, State: []byte("state of " + id)}}
}

// nextOf is an empty change of a case at the revision.
func nextOf(office, id string, revision int64) store.Change {
	c := newCase(office, id)
	c.Case.Revision = revision
	return c
}

func newTask(caseID string, slot int64, who ...store.Candidate) store.TaskRow {
	return store.TaskRow{Office: gate, ID: fmt.Sprintf("%s.%d", caseID, slot), Case: caseID, Slot: slot, Act: slot + 100,
		Number: "R-" + caseID, Procedure: "repair", Step: "inspect", Title: "檢查", Candidates: who, Opened: morning}
}

// commit expects every change to be applied.
func commit(t *testing.T, s store.Store, changes ...store.Change) {
	t.Helper()
	want := make([]store.Result, len(changes))
	for i := range want {
		want[i] = store.Applied
	}
	commitAs(t, s, want, changes...)
}

// commitAs expects these results.
func commitAs(t *testing.T, s store.Store, want []store.Result, changes ...store.Change) {
	t.Helper()
	got, err := s.Commit(context.Background(), changes)
	if err != nil {
		t.Fatalf("commit: %v", err)
	}
	equal(t, "results", got, want)
}

// putTasks makes a case with tasks.
func putTasks(t *testing.T, s store.Store, caseID string, tasks ...store.TaskRow) {
	t.Helper()
	c := newCase(gate, caseID)
	c.PutTasks = tasks
	commit(t, s, c)
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// must returns the value of a call that may not fail here.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ids[T any](list []T, id func(T) string) []string {
	var all []string
	for _, item := range list {
		all = append(all, id(item))
	}
	return all
}

func taskIDs(list []store.TaskRow) []string {
	return ids(list, func(t store.TaskRow) string { return t.ID })
}

func caseIDs(list []store.CaseRow) []string {
	return ids(list, func(c store.CaseRow) string { return c.ID })
}
