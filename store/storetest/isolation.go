package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

func one[T any](_ T, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return 1, nil
}

func many[T any](list []T, err error) (int, error) { return len(list), err }

// fullCase has one of everything.
func fullCase(office string) store.Change {
	c := newCase(office, "c1")
	c.Case.Number = "R-1"
	c.Events = []store.EventRow{{Seq: 1, At: morning, Kind: "k"}}
	c.Draws = []store.Draw{{Series: "a", N: 1}}
	c.PutTasks = []store.TaskRow{newTask("c1", 1, "post:gate")}
	c.Timers = []store.TimerRow{{ID: "c1.1", Timer: 1, At: at(1)}}
	c.Subs = []store.Subscription{{ID: "c1.1.bell", Name: "bell", Key: "k"}}
	c.Letters = []store.Letter{{ID: "l1", From: "c1", To: "c2"}}
	c.Jobs = []store.JobRow{newJob("c1", 1, 0, "scan")}
	c.Copies = []store.CopyRow{{ID: "c1.doc", To: "post:gate", At: morning}}
	c.Searches = []store.SearchRow{{Case: "c1", Field: "plate", Text: "MA-1"}}
	c.Answer = &store.Answer{Key: "k1", At: morning}
	c.Message = "m1"
	if office == gate { // the only one that has it
		c.Files = []string{"f1"}
	}
	return c
}

func fillOffice(t *testing.T, s store.Store) {
	t.Helper()
	ctx := context.Background()
	putFiles(t, s, "f1")
	commit(t, s, fullCase(gate))
	noError(t, s.KeepMessage(ctx, gate, store.KeptMessage{ID: "m2", Name: "bell", Key: "k", Until: at(60)}))
	noError(t, s.PutPerson(ctx, gate, store.PersonRow{ID: "chan"}))
	noError(t, s.PutSchedules(ctx, gate, []store.ScheduleRow{newSchedule(gate, "a", 5)}))
	must(s.Deploy(ctx, gate, store.BundleRow{Hash: "b1"}, []store.ProcedureHash{{Procedure: "p", Hash: "h"}}))(t)
}

// isolatedWrites tries to touch the full office from another one, with all its ids.
func isolatedWrites(t *testing.T, s store.Store) {
	t.Helper()
	ctx := context.Background()
	attack := newCase(other, "c1")
	attack.Drops, attack.Disarm, attack.Unsubs = []string{"c1.1"}, []string{"c1.1"}, []string{"c1.1.bell"}
	attack.DropJobs, attack.Delays = []string{"c1.1"}, []store.JobDelay{{ID: "c1.1", At: at(90)}}
	attack.Drafts = []store.Draft{{Task: "c1.1", Body: []byte("x")}}
	timer, letter, kept := newCase(other, "c2"), newCase(other, "c3"), newCase(other, "c4")
	timer.TakesTimer, letter.TakesLetter, kept.TakesKept = "c1.1", "l1", "m2"
	commitAs(t, s, []store.Result{store.Applied, store.Gone, store.Gone, store.Gone}, attack, timer, letter, kept)
	equal(t, "task", must(s.Task(ctx, gate, "c1.1"))(t).Draft, nil)
	equal(t, "timers", len(must(s.DueTimers(ctx, at(60), 10))(t)), 1)
	equal(t, "letters", len(must(s.Letters(ctx, 10))(t)), 1)
	equal(t, "job", must(s.Job(ctx, gate, "c1.1"))(t).Free, at(0))
	equal(t, "subscribers", len(must(s.Subscribers(ctx, gate, "bell", "k"))(t)), 1)

	takes, shares := newCase(other, "c5"), newCase(other, "c6")
	takes.Files, shares.Shares = []string{"f1"}, []string{"f1"}
	commitAs(t, s, []store.Result{store.Stale, store.Applied}, takes, shares)
	equal(t, "whose the file is", whose(t, s, "f1"), []string{"c1"})
	noError(t, s.PutFile(ctx, other, newFile("f1", []byte("another office's"))))
	equal(t, "file", must(s.File(ctx, gate, "f1"))(t).Body, []byte("body of f1"))
	equal(t, "file of the other", must(s.File(ctx, other, "f1"))(t).Case, "")

	crossing := nextOf(other, "c1", 1) // rows that name an office and a case are kept under the change's own
	crossing.PutTasks = []store.TaskRow{newTask("c1", 2, "post:gate")}
	crossing.Events = []store.EventRow{{Office: gate, Case: "c1", Seq: 2, Kind: "k", At: morning}}
	commit(t, s, crossing)
	equal(t, "inbox", inbox(t, s, "post:gate"), []string{"c1.1"})
	equal(t, "history", len(must(s.History(ctx, gate, "c1", 0, 10))(t)), 1)
	equal(t, "office", must(s.Task(ctx, other, "c1.2"))(t).Office, other)

	commit(t, s, fullCaseAt(other, 2)) // the same ids, numbers, keys and messages are free in another office
	equal(t, "revision", must(s.Case(ctx, gate, "c1"))(t).Revision, 1)
}

func fullCaseAt(office string, revision int64) store.Change {
	c := fullCase(office)
	c.Case.Revision = revision
	return c
}
