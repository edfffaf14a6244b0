package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func caseRoundTrip(t *testing.T, s store.Store) {
	ctx := context.Background()
	c := newCase(gate, "c1")
	c.Case.Number, c.Case.Parent = "R-1", "c0"
	commit(t, s, c)
	want := c.Case
	want.Revision = 1
	equal(t, "new case", must(s.Case(ctx, gate, "c1"))(t), want)

	next := store.Change{Office: gate, Case: want}
	next.Case.Version, next.Case.Status, next.Case.Outcome = 2, "ended", "repaired"
	next.Case.Ended, next.Case.State, next.Case.Title = at(5), []byte("last"), "派修 2"
	commit(t, s, next)
	want = next.Case
	want.Revision = 2
	equal(t, "ended case", must(s.Case(ctx, gate, "c1"))(t), want)

	_, err := s.Case(ctx, gate, "c2")
	is(t, err, store.ErrNotFound)
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
}

func caseByNumber(t *testing.T, s store.Store) {
	ctx := context.Background()
	c := newCase(gate, "c1")
	commit(t, s, c, newCase(gate, "c2")) // two without a number
	c = nextOf(gate, "c1", 1)
	c.Case.Number = "派修2026-000001"
	commit(t, s, c)
	equal(t, "id", must(s.CaseByNumber(ctx, gate, "派修2026-000001"))(t).ID, "c1")
	_, err := s.CaseByNumber(ctx, gate, "派修2026-000002")
	is(t, err, store.ErrNotFound)
	_, err = s.CaseByNumber(ctx, gate, "")
	is(t, err, store.ErrNotFound)
	casesByRef(t, s)
}

func staleAlone(t *testing.T, s store.Store) {
	ctx := context.Background()
	commit(t, s, newCase(gate, "c1"), newCase(gate, "c2"), newCase(gate, "c3"))
	commit(t, s, nextOf(gate, "c2", 1))
	commitAs(t, s, []store.Result{store.Applied, store.Stale, store.Applied, store.Stale, store.Stale},
		nextOf(gate, "c1", 1),
		nextOf(gate, "c2", 1), // it stands at 2
		nextOf(gate, "c3", 1),
		nextOf(gate, "c4", 1), // there is no such case
		newCase(gate, "c1"),   // there is one already
	)
	for id, want := range map[string]int64{"c1": 2, "c2": 2, "c3": 2} {
		equal(t, "revision of "+id, must(s.Case(ctx, gate, id))(t).Revision, want)
	}
	_, err := s.Case(ctx, gate, "c4")
	is(t, err, store.ErrNotFound)
}

func repeatedAlone(t *testing.T, s store.Store) {
	ctx := context.Background()
	first := newCase(gate, "c1")
	first.Answer = &store.Answer{Key: "k1", Request: []byte{1}, Body: []byte("first"), At: morning}
	first.Message = "m1"
	commit(t, s, first)

	again := nextOf(gate, "c1", 1)
	again.Answer = &store.Answer{Key: "k1", Request: []byte{2}, Body: []byte("second"), At: at(1)}
	message := nextOf(gate, "c1", 1)
	message.Message = "m1"
	elsewhere := newCase(other, "c1") // keys and messages are an office's own
	elsewhere.Answer, elsewhere.Message = first.Answer, "m1"
	commitAs(t, s, []store.Result{store.Repeated, store.Repeated, store.Applied, store.Applied},
		again, message, nextOf(gate, "c1", 1), elsewhere)
	equal(t, "answer", must(s.Answer(ctx, gate, "k1"))(t), *first.Answer)
	equal(t, "revision", must(s.Case(ctx, gate, "c1"))(t).Revision, 2)
}

func goneAlone(t *testing.T, s store.Store) {
	ctx := context.Background()
	c := newCase(gate, "c1")
	c.Timers = []store.TimerRow{{Office: gate, ID: "c1.1", Case: "c1", Timer: 1, At: at(1)}}
	c.Letters = []store.Letter{{Office: gate, ID: "l1", From: "c1", To: "c2", Kind: "start", Body: []byte("x")}}
	commit(t, s, c, newCase(gate, "c2"), newCase(gate, "c3"))
	noError(t, s.KeepMessage(ctx, gate, store.KeptMessage{ID: "m1", Name: "bell", Key: "k", Until: at(60)}))

	taking := func(revision int64) []store.Change {
		timer, letter, kept := nextOf(gate, "c1", revision), nextOf(gate, "c2", revision), nextOf(gate, "c3", revision)
		timer.TakesTimer, letter.TakesLetter, kept.TakesKept = "c1.1", "l1", "m1"
		return []store.Change{timer, letter, kept}
	}
	commit(t, s, taking(1)...)
	gone := taking(2)
	commitAs(t, s, []store.Result{store.Gone, store.Gone, store.Gone, store.Applied},
		gone[0], gone[1], gone[2], nextOf(gate, "c3", 2))
	equal(t, "timers", len(must(s.DueTimers(ctx, at(60), 10))(t)), 0)
	equal(t, "letters", len(must(s.Letters(ctx, 10))(t)), 0)
	equal(t, "kept", len(must(s.KeptMessages(ctx, gate, "bell", "k", morning))(t)), 0)
}

func reasonsInOrder(t *testing.T, s store.Store) {
	c := newCase(gate, "c1")
	c.Answer = &store.Answer{Key: "k1", At: morning}
	commit(t, s, c)
	all := nextOf(gate, "c1", 7)
	all.Answer, all.TakesTimer, all.Draws = c.Answer, "c1.9", []store.Draw{{Series: "a", N: 9}}
	gone := all
	gone.Answer = nil
	stale := gone
	stale.TakesTimer = ""
	drawn := nextOf(gate, "c1", 1)
	drawn.Draws = all.Draws
	commitAs(t, s, []store.Result{store.Repeated, store.Gone, store.Stale, store.Stale}, all, gone, stale, drawn)
}

func batchSeesItself(t *testing.T, s store.Store) {
	first := newCase(gate, "c1")
	first.Draws = []store.Draw{{Series: "a", N: 1}, {Series: "a", N: 2}}
	first.Answer = &store.Answer{Key: "k1", At: morning}
	first.Letters = []store.Letter{{ID: "l1", From: "c1", To: "c2"}}
	second := nextOf(gate, "c1", 1)
	second.Draws = []store.Draw{{Series: "a", N: 3}}
	same := nextOf(gate, "c1", 2)
	same.Answer = first.Answer
	taker := newCase(gate, "c2")
	taker.TakesLetter = "l1"
	commitAs(t, s, []store.Result{store.Applied, store.Applied, store.Stale, store.Repeated, store.Applied, store.Gone},
		first, second, second, same, taker, taker)
	equal(t, "counter", must(s.Counters(context.Background(), gate, []string{"a", "b"}))(t),
		map[string]int64{"a": 3, "b": 0})
}

func changeWithoutCase(t *testing.T, s store.Store) {
	ctx := context.Background()
	c := newCase(gate, "c1")
	c.Letters = []store.Letter{{ID: "l1", From: "c1", To: "nobody"}}
	commit(t, s, c)
	drop := store.Change{Office: gate, TakesLetter: "l1"}
	commitAs(t, s, []store.Result{store.Applied, store.Gone}, drop, drop)
	equal(t, "letters", len(must(s.Letters(ctx, 10))(t)), 0)
	_, err := s.Case(ctx, gate, "")
	is(t, err, store.ErrNotFound)
}

func brokenChange(t *testing.T, s store.Store) {
	ctx := context.Background()
	c := newCase(gate, "c1")
	c.Events = []store.EventRow{{Seq: 1, At: morning, Kind: "opened"}}
	commit(t, s, c)
	twice := nextOf(gate, "c1", 1)
	twice.Events = c.Events
	stray := store.Change{Office: gate, PutTasks: []store.TaskRow{newTask("c1", 1)}}
	for name, broken := range map[string]store.Change{
		"one number for two events": twice, "a task without a case": stray, "no office": newCase("", "c3"),
	} {
		_, err := s.Commit(ctx, []store.Change{newCase(gate, "c2"), broken})
		var bad *store.BadChangeError
		if !errors.As(err, &bad) || bad.Index != 1 {
			t.Fatalf("%s: error is %v, want one that names change 1", name, err)
		}
		if errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrUnavailable) {
			t.Fatalf("%s: error %v says that the store is at fault", name, err)
		}
		_, err = s.Case(ctx, gate, "c2")
		is(t, err, store.ErrNotFound)
	}
	commit(t, s, newCase(gate, "c2"))
}

func refusedLeavesNothing(t *testing.T, s store.Store) {
	ctx := context.Background()
	c := newCase(gate, "c1")
	c.PutTasks = []store.TaskRow{newTask("c1", 1, "post:gate")}
	c.Timers = []store.TimerRow{{ID: "c1.1", Timer: 1, At: at(1)}}
	commit(t, s, c)
	bad := nextOf(gate, "c1", 9)
	bad.Events = []store.EventRow{{Seq: 1, At: morning, Kind: "x"}}
	bad.PutTasks = []store.TaskRow{newTask("c1", 2, "post:gate")}
	bad.Drops, bad.Disarm = []string{"c1.1"}, []string{"c1.1"}
	bad.Draws = []store.Draw{{Series: "a", N: 1}}
	bad.Drafts = []store.Draft{{Task: "c1.1", Body: []byte("d")}}
	bad.Subs = []store.Subscription{{ID: "c1.1.bell", Name: "bell", Key: "k"}}
	bad.Letters = []store.Letter{{ID: "l1", From: "c1", To: "c2"}}
	bad.Copies = []store.CopyRow{{ID: "c1.doc.1.post:gate", To: "post:gate", At: morning}}
	bad.Answer, bad.Message, bad.TakesTimer = &store.Answer{Key: "k1", At: morning}, "m1", "c1.1"
	commitAs(t, s, []store.Result{store.Stale}, bad)

	equal(t, "events", len(must(s.History(ctx, gate, "c1", 0, 10))(t)), 0)
	equal(t, "tasks", taskIDs(must(s.TasksOf(ctx, gate, "c1"))(t)), []string{"c1.1"})
	equal(t, "draft", must(s.Task(ctx, gate, "c1.1"))(t).Draft, nil)
	equal(t, "timers", len(must(s.DueTimers(ctx, at(9), 10))(t)), 1)
	equal(t, "counter", must(s.Counters(ctx, gate, []string{"a"}))(t)["a"], 0)
	equal(t, "subscribers", len(must(s.Subscribers(ctx, gate, "bell", "k"))(t)), 0)
	equal(t, "letters", len(must(s.Letters(ctx, 10))(t)), 0)
	equal(t, "copies", len(must(s.CopiesOf(ctx, gate, "c1"))(t)), 0)
	_, err := s.Answer(ctx, gate, "k1")
	is(t, err, store.ErrNotFound)
	noError(t, s.KeepMessage(ctx, gate, store.KeptMessage{ID: "m1", Name: "bell", Key: "k", Until: at(9)}))
}

func numberOnce(t *testing.T, s store.Store) {
	first, second, third := newCase(gate, "c1"), newCase(gate, "c2"), newCase(gate, "c3")
	first.Case.Number, second.Case.Number = "R-1", "R-1"
	elsewhere := newCase(other, "c1")
	elsewhere.Case.Number = "R-1"
	commitAs(t, s, []store.Result{store.Applied, store.Stale, store.Applied, store.Applied},
		first, second, third, elsewhere)
	renamed := nextOf(gate, "c3", 1)
	renamed.Case.Number = "R-1"
	commitAs(t, s, []store.Result{store.Stale}, renamed)
}

func endedContext(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Commit(ctx, []store.Change{newCase(gate, "c1")})
	is(t, err, context.Canceled)
	_, err = s.Case(context.Background(), gate, "c1")
	is(t, err, store.ErrNotFound)
}
