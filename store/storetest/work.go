package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

func copies(t *testing.T, s store.Store) {
	ctx := context.Background()
	row := func(id string, to store.Candidate, minute int) store.CopyRow {
		return store.CopyRow{Office: gate, ID: "c1." + id, Case: "c1", Number: "D-1", Title: "通知", Document: "notice",
			Kind: store.CaseCopy, By: "wong", Text: "請閱", Edition: 2, To: to, At: at(minute)}
	}
	a, b, x := row("a", "post:gate", 1), row("b", "person:chan", 2), row("c", "post:desk", 3)
	c, again := newCase(gate, "c1"), nextOf(gate, "c1", 1)
	c.Copies = []store.CopyRow{a, b, x}
	again.Copies = []store.CopyRow{row("a", "post:gate", 9)}
	commit(t, s, c, again)
	chan1 := []store.Candidate{"post:gate", "person:chan", "post:gate"}
	read := func(person string) []store.CopyRow {
		return must(s.Copies(ctx, gate, chan1, person, "", 10))(t).Items
	}
	equal(t, "copies", read("chan"), []store.CopyRow{b, a})
	noError(t, s.ReadCopy(ctx, gate, "c1.a", "chan", at(10)))
	noError(t, s.ReadCopy(ctx, gate, "c1.a", "chan", at(11)))
	isRead := a
	isRead.Read = true
	equal(t, "read by chan", read("chan"), []store.CopyRow{b, isRead})
	equal(t, "not by wong", read("wong"), []store.CopyRow{b, a})
	is(t, s.ReadCopy(ctx, gate, "c1.none", "chan", morning), store.ErrNotFound)
	is(t, s.ReadCopy(ctx, other, "c1.a", "chan", morning), store.ErrNotFound)
	equal(t, "of the case", must(s.CopiesOf(ctx, gate, "c1"))(t), []store.CopyRow{isRead, b, x})
	equal(t, "of nobody", len(must(s.Copies(ctx, gate, nil, "chan", "", 10))(t).Items), 0)
}

func copiesPaged(t *testing.T, s store.Store) {
	var who []store.Candidate
	var want []string
	c := newCase(gate, "c1")
	for i := range 40 {
		who = append(who, store.Candidate(fmt.Sprintf("post:p%d", i)))
		c.Copies = append(c.Copies, store.CopyRow{ID: fmt.Sprintf("c1.%02d", i), To: who[i], At: at(i / 3)})
		want = append([]string{c.Copies[i].ID}, want...)
	}
	commit(t, s, c)
	var got []string
	next := ""
	for n := range int64(50) {
		p := must(s.Copies(context.Background(), gate, who, "chan", next, 7))(t)
		got = append(got, ids(p.Items, func(c store.CopyRow) string { return c.ID })...)
		if next = p.Next; next == "" {
			break
		}
		young := nextOf(gate, "c1", n+1)
		young.Copies = []store.CopyRow{{ID: fmt.Sprintf("c1.x%d", n), To: who[0], At: at(100)}}
		commit(t, s, young)
	}
	equal(t, "pages", got, want)
}

func timers(t *testing.T, s store.Store) {
	ctx := context.Background()
	arm := func(office, id string, rows ...store.TimerRow) store.Change {
		c := newCase(office, id)
		c.Timers = rows
		return c
	}
	timer := func(office, id string, n int64, minute int) store.TimerRow {
		return store.TimerRow{Office: office, ID: fmt.Sprintf("%s.%d", id, n), Case: id, Timer: n, At: at(minute)}
	}
	_, some, err := s.NextTimer(ctx, morning)
	noError(t, err)
	equal(t, "a timer", some, false)
	commit(t, s,
		arm(gate, "c1", timer(gate, "c1", 1, 30), timer(gate, "c1", 2, 10)),
		arm(other, "c0", timer(other, "c0", 1, 10)),
		arm(gate, "c2", timer(gate, "c2", 1, 20)))
	equal(t, "due", must(s.DueTimers(ctx, at(20), 10))(t),
		[]store.TimerRow{timer(other, "c0", 1, 10), timer(gate, "c1", 2, 10), timer(gate, "c2", 1, 20)})
	equal(t, "the first", must(s.DueTimers(ctx, at(20), 1))(t), []store.TimerRow{timer(other, "c0", 1, 10)})
	equal(t, "too early", len(must(s.DueTimers(ctx, at(10).Add(-time.Microsecond), 10))(t)), 0)
	for now, want := range map[int]int{0: 10, 10: 20, 20: 30} {
		next, some, err := s.NextTimer(ctx, at(now))
		noError(t, err)
		equal(t, "a timer", some, true)
		equal(t, "next", next, at(want))
	}
	_, some, err = s.NextTimer(ctx, at(30))
	noError(t, err)
	equal(t, "a timer", some, false)

	c := nextOf(gate, "c1", 1)
	c.Disarm = []string{"c1.1", "c1.9"}
	c.TakesTimer = "c1.2"
	c.Timers = []store.TimerRow{timer(gate, "c1", 2, 40)} // armed again under the same id
	commit(t, s, c)
	equal(t, "left", must(s.DueTimers(ctx, at(60), 10))(t),
		[]store.TimerRow{timer(other, "c0", 1, 10), timer(gate, "c2", 1, 20), timer(gate, "c1", 2, 40)})
	c = nextOf(gate, "c1", 2)
	c.Timers = []store.TimerRow{timer(gate, "c1", 2, 5)}
	commit(t, s, c)
	equal(t, "moved", must(s.DueTimers(ctx, at(9), 10))(t), []store.TimerRow{timer(gate, "c1", 2, 5)})

	commit(t, s, arm(gate, "c3", timer(gate, "c3", 10, 1), timer(gate, "c3", 9, 1))) // by number, not by text
	equal(t, "the same moment", must(s.DueTimers(ctx, at(1), 10))(t),
		[]store.TimerRow{timer(gate, "c3", 9, 1), timer(gate, "c3", 10, 1)})
}

func letters(t *testing.T, s store.Store) {
	ctx := context.Background()
	letter := func(office, id, from string) store.Letter {
		return store.Letter{Office: office, ID: id, From: from, To: "c9", Kind: "start", Body: []byte(id)}
	}
	first, second := newCase(gate, "c2"), newCase(other, "c1")
	first.Letters = []store.Letter{letter(gate, "z1", "c2"), letter(gate, "z2", "c2")}
	second.Letters = []store.Letter{letter(other, "a1", "c1")}
	commit(t, s, first)
	commit(t, s, second)
	third := newCase(gate, "c0")
	third.Letters = []store.Letter{letter(gate, "b1", "c0")}
	commit(t, s, third)
	want := []store.Letter{first.Letters[0], first.Letters[1], second.Letters[0], third.Letters[0]}
	equal(t, "letters", must(s.Letters(ctx, 10))(t), want)
	equal(t, "the first two", must(s.Letters(ctx, 2))(t), want[:2])

	take := newCase(gate, "c9")
	take.TakesLetter = "z1"
	wrong := newCase(other, "c8")
	wrong.TakesLetter = "z2" // of another office
	commitAs(t, s, []store.Result{store.Applied, store.Gone}, take, wrong)
	equal(t, "left", must(s.Letters(ctx, 10))(t), want[1:])
}

func subscribers(t *testing.T, s store.Store) {
	ctx := context.Background()
	sub := func(id, name, key string) store.Subscription {
		return store.Subscription{Office: gate, ID: id, Case: "c1", Name: name, Key: key}
	}
	c := newCase(gate, "c1")
	c.Subs = []store.Subscription{
		sub("c1.1.bell", "bell", "k"), sub("c1.2.bell", "bell", "j"), sub("c1.3.horn", "horn", "k"),
	}
	later := nextOf(gate, "c1", 1)
	later.Subs = []store.Subscription{sub("c1.0.bell", "bell", "k")}
	commit(t, s, c, later)
	equal(t, "bell k", must(s.Subscribers(ctx, gate, "bell", "k"))(t),
		[]store.Subscription{c.Subs[0], later.Subs[0]}) // the older first
	equal(t, "horn j", len(must(s.Subscribers(ctx, gate, "horn", "j"))(t)), 0)
	last := nextOf(gate, "c1", 2)
	last.Unsubs = []string{"c1.1.bell", "c1.9.none"}
	last.Subs = []store.Subscription{sub("c1.3.horn", "horn", "l")}
	commit(t, s, last)
	equal(t, "bell k", must(s.Subscribers(ctx, gate, "bell", "k"))(t), later.Subs)
	equal(t, "horn k", len(must(s.Subscribers(ctx, gate, "horn", "k"))(t)), 0)
	equal(t, "horn l", must(s.Subscribers(ctx, gate, "horn", "l"))(t), last.Subs)
}

func keptMessages(t *testing.T, s store.Store) {
	ctx := context.Background()
	message := func(id string, until int) store.KeptMessage {
		return store.KeptMessage{ID: id, Name: "bell", Key: "k", Sender: "chan", Body: []byte("body " + id), Until: at(until)}
	}
	z, a := message("z", 60), message("a", 30)
	noError(t, s.KeepMessage(ctx, gate, z))
	noError(t, s.KeepMessage(ctx, gate, a))
	is(t, s.KeepMessage(ctx, gate, a), store.ErrRepeated)
	noError(t, s.KeepMessage(ctx, other, a)) // ids are an office's own
	list := func(minute int) []store.KeptMessage {
		return must(s.KeptMessages(ctx, gate, "bell", "k", at(minute)))(t)
	}
	equal(t, "kept", list(0), []store.KeptMessage{z, a})
	equal(t, "later", list(30), []store.KeptMessage{z})
	equal(t, "another key", len(must(s.KeptMessages(ctx, gate, "bell", "j", morning))(t)), 0)

	take, direct := newCase(gate, "c1"), newCase(gate, "c2")
	take.TakesKept, direct.Message = "z", "a"
	commitAs(t, s, []store.Result{store.Applied, store.Repeated}, take, direct)
	equal(t, "left", list(0), []store.KeptMessage{a})
	is(t, s.KeepMessage(ctx, gate, z), store.ErrRepeated) // taken, but seen

	direct.Message = "d"
	commit(t, s, direct)
	is(t, s.KeepMessage(ctx, gate, message("d", 60)), store.ErrRepeated)
}
