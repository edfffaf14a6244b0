package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

func history(t *testing.T, s store.Store) {
	ctx := context.Background()
	c, neighbour := newCase(gate, "c1"), newCase(gate, "c10")
	var want []store.EventRow
	for i := range int64(20) { // more than a driver may write at once
		want = append(want, store.EventRow{Office: gate, Case: "c1", Seq: i + 1, At: at(int(i)), Actor: "chan", Kind: "k",
			Body: fmt.Append(nil, `{"n":`, i, `}`)})
	}
	c.Events = slices.Clone(want[:12])
	slices.Reverse(c.Events)
	neighbour.Events = []store.EventRow{{Seq: 1, At: morning, Kind: "k", Body: []byte(`"b"`)}}
	next := nextOf(gate, "c1", 1)
	next.Events = want[12:]
	commit(t, s, c, neighbour, next)
	equal(t, "all", must(s.History(ctx, gate, "c1", 0, 100))(t), want)
	equal(t, "a page", must(s.History(ctx, gate, "c1", 5, 3))(t), want[5:8])
	equal(t, "the last", must(s.History(ctx, gate, "c1", 19, 3))(t), want[19:])
	equal(t, "behind the last", len(must(s.History(ctx, gate, "c1", 20, 3))(t)), 0)
}

// casesByRef goes on where gate has c1 and c2.
func casesByRef(t *testing.T, s store.Store) {
	ctx := context.Background()
	commit(t, s, newCase(other, "c1"), newCase(other, "c3"))
	refs := []store.CaseRef{{Office: gate, ID: "c1"}, {Office: other, ID: "c3"}, {Office: gate, ID: "c3"}, {Office: gate}}
	rows := must(s.CasesByRef(ctx, refs))(t)
	slices.SortFunc(rows, func(a, b store.CaseRow) int { return cmp.Compare(a.ID, b.ID) })
	want := []store.CaseRow{must(s.Case(ctx, gate, "c1"))(t), must(s.Case(ctx, other, "c3"))(t)}
	equal(t, "those that are there", rows, want)
	equal(t, "none", len(must(s.CasesByRef(ctx, nil))(t)), 0)
}

func answers(t *testing.T, s store.Store) {
	ctx := context.Background()
	c := newCase(gate, "c1")
	c.Answer = &store.Answer{Key: "k1", Request: []byte{1, 0, 2}, Body: []byte("body"), At: at(3)}
	commit(t, s, c)
	equal(t, "answer", must(s.Answer(ctx, gate, "k1"))(t), *c.Answer)
	_, err := s.Answer(ctx, gate, "k2")
	is(t, err, store.ErrNotFound)
}

func counters(t *testing.T, s store.Store) {
	draw := func(id string, draws ...store.Draw) store.Change {
		c := newCase(gate, id)
		c.Draws = draws
		return c
	}
	commitAs(t, s,
		[]store.Result{store.Stale, store.Applied, store.Stale, store.Stale, store.Applied},
		draw("c1", store.Draw{Series: "a", N: 2}), // the first is 1
		draw("c2", store.Draw{Series: "a", N: 1}, store.Draw{Series: "b", N: 1}),
		draw("c3", store.Draw{Series: "a", N: 1}),                                // given
		draw("c4", store.Draw{Series: "a", N: 2}, store.Draw{Series: "b", N: 3}), // b would have a gap
		draw("c5", store.Draw{Series: "a", N: 2}),
	)
	got := must(s.Counters(context.Background(), gate, []string{"a", "b", "never"}))(t)
	equal(t, "counters", got, map[string]int64{"a": 2, "b": 1, "never": 0})
}

// someCases are ten, of two procedures, one half ended, two starters; the youngest is c9.
func someCases(t *testing.T, s store.Store) {
	t.Helper()
	var changes []store.Change
	for i := range 10 {
		c := newCase(gate, fmt.Sprintf("c%d", i))
		c.Case.Started = at(i / 2) // two at the same time each: then by id
		c.Case.Number = fmt.Sprintf("R2026-%03d", i)
		if i%2 == 1 {
			c.Case.Procedure, c.Case.Starter = "purchase", "wong"
		}
		if i >= 5 {
			c.Case.Status, c.Case.Number = "ended", fmt.Sprintf("R2027-%03d", i)
		}
		changes = append(changes, c)
	}
	changes[3].Case.Starter, changes[4].Case.Number = "", "派修-1"
	commit(t, s, changes...)
}

func casesOf(t *testing.T, s store.Store) {
	someCases(t, s)
	for _, tt := range []struct {
		name string
		q    store.CaseQuery
		want []string
	}{
		{"all", store.CaseQuery{}, []string{"c9", "c8", "c7", "c6", "c5", "c4", "c3", "c2", "c1", "c0"}},
		{"procedure", store.CaseQuery{Procedure: "purchase"}, []string{"c9", "c7", "c5", "c3", "c1"}},
		{"status", store.CaseQuery{Status: "running"}, []string{"c4", "c3", "c2", "c1", "c0"}},
		{"starter", store.CaseQuery{Starter: "wong"}, []string{"c9", "c7", "c5", "c1"}},
		{"number", store.CaseQuery{Number: "R2026-"}, []string{"c3", "c2", "c1", "c0"}},
		{"number in Chinese", store.CaseQuery{Number: "派"}, []string{"c4"}},
		{"number as a pattern", store.CaseQuery{Number: "R%"}, nil},
		{"together", store.CaseQuery{Procedure: "purchase", Status: "ended", Starter: "wong", Number: "R2027-00"},
			[]string{"c9", "c7", "c5"}},
		{"none", store.CaseQuery{Procedure: "nothing"}, nil},
	} {
		tt.q.Limit = 3
		var got []string
		for range 20 {
			p := must(s.CasesOf(context.Background(), gate, tt.q))(t)
			got = append(got, caseIDs(p.Items)...)
			if tt.q.After = p.Next; p.Next == "" {
				break
			}
		}
		equal(t, tt.name, got, tt.want)
	}
	full := must(s.CasesOf(context.Background(), gate, store.CaseQuery{Starter: "wong", Status: "running", Limit: 5}))(t)
	equal(t, "a listed case", full.Items, []store.CaseRow{must(s.Case(context.Background(), gate, "c1"))(t)})
}

func casesPaged(t *testing.T, s store.Store) {
	someCases(t, s)
	var got []string
	q := store.CaseQuery{Limit: 2}
	for n := range 20 {
		p := must(s.CasesOf(context.Background(), gate, q))(t)
		got = append(got, caseIDs(p.Items)...)
		if q.After = p.Next; p.Next == "" {
			break
		}
		young := newCase(gate, fmt.Sprintf("d%d", n)) // stands before the first page
		young.Case.Started = at(60 + n)
		commit(t, s, young)
	}
	equal(t, "pages", got, []string{"c9", "c8", "c7", "c6", "c5", "c4", "c3", "c2", "c1", "c0"})
}

func limits(t *testing.T, s store.Store) {
	ctx := context.Background()
	var changes []store.Change
	for i := range 210 {
		c := newCase(gate, fmt.Sprintf("c%03d", i))
		task := newTask(c.Case.ID, 1, "post:gate")
		c.PutTasks = []store.TaskRow{task}
		c.Copies = []store.CopyRow{{ID: c.Case.ID + ".doc", To: "post:gate", At: morning}}
		changes = append(changes, c)
	}
	commit(t, s, changes...)
	who := []store.Candidate{"post:gate"}
	for limit, want := range map[int]int{-1: 50, 0: 50, 1: 1, 200: 200, 1000: 200} {
		equal(t, "cases", len(must(s.CasesOf(ctx, gate, store.CaseQuery{Limit: limit}))(t).Items), want)
		equal(t, "inbox", len(must(s.Inbox(ctx, gate, store.InboxQuery{Who: who, Limit: limit}))(t).Items), want)
		equal(t, "copies", len(must(s.Copies(ctx, gate, who, "chan", "", limit))(t).Items), want)
	}
}

func times(t *testing.T, s store.Store) {
	ctx := context.Background()
	macau := time.FixedZone("CST", 8*3600)
	c := newCase(gate, "c1")
	c.Case.Started = time.Date(2026, 11, 2, 9, 0, 0, 123_456_789, macau)
	before := time.Date(1931, 1, 1, 0, 0, 0, 0, time.UTC)
	c.Events = []store.EventRow{{Seq: 1, At: before, Kind: "k", Body: []byte{}}}
	commit(t, s, c)
	got := must(s.Case(ctx, gate, "c1"))(t)
	equal(t, "started", got.Started, time.Date(2026, 11, 2, 1, 0, 0, 123_456_000, time.UTC))
	equal(t, "ended", got.Ended, time.Time{})
	equal(t, "before 1970", must(s.History(ctx, gate, "c1", 0, 1))(t)[0].At, before)
	now := must(s.Now(ctx))(t)
	if now.Location() != time.UTC || now.Before(morning.AddDate(-5, 0, 0)) {
		t.Fatalf("now is %v, want the present in UTC", now)
	}
}

// casesFound: the greatest value first, then the youngest, by pages, with the value that a case has now.
func casesFound(t *testing.T, s store.Store) {
	ctx := context.Background()
	find := func(office string, q store.CaseQuery) []string {
		var got []string
		for {
			page := must(s.CasesOf(ctx, office, q))(t)
			got = append(got, caseIDs(page.Items)...)
			if q.After = page.Next; q.After == "" {
				return got
			}
		}
	}
	for i := range 7 {
		c := newCase(gate, fmt.Sprint("c", i))
		c.Case.Started, c.Case.Status = at(i), "running"
		plate := []string{"MA-1", "MA-2"}[i%2]
		c.Searches = []store.SearchRow{{Field: "p.plate", Text: plate}, {Field: "p.fee", Text: "MA-1"}}
		commit(t, s, c)
	}
	foreign := newCase(other, "c9")
	foreign.Searches = []store.SearchRow{{Field: "p.plate", Text: "MA-1"}}
	commit(t, s, foreign)
	q := store.CaseQuery{Field: "p.plate", From: "MA-1", To: "MA-1"}
	equal(t, "found", find(gate, q), []string{"c6", "c4", "c2", "c0"})
	equal(t, "found in the other office", find(other, q), []string{"c9"})
	q.Limit = 3
	equal(t, "found by pages", find(gate, q), []string{"c6", "c4", "c2", "c0"})

	changed, emptied := nextOf(gate, "c4", 1), nextOf(gate, "c2", 1)
	changed.Case.Started, emptied.Case.Started = at(4), at(2)
	changed.Case.Status, changed.Searches = "running", []store.SearchRow{{Field: "p.plate", Text: "MA-2"}}
	emptied.Searches = []store.SearchRow{{Field: "p.plate"}}
	stale := nextOf(gate, "c0", 7)
	stale.Searches = []store.SearchRow{{Field: "p.plate", Text: "MA-2"}}
	commitAs(t, s, []store.Result{store.Applied, store.Applied, store.Stale}, changed, emptied, stale)
	equal(t, "after changes", find(gate, q), []string{"c6", "c0"})
	q.From, q.To = "MA-2", "MA-2"
	equal(t, "the changed one", find(gate, q), []string{"c5", "c4", "c3", "c1"})
	q.Status = "finished"
	equal(t, "of another status", len(find(gate, q)), 0)
	q = store.CaseQuery{Field: "p.plate", Limit: 2}
	equal(t, "with any value", find(gate, q), []string{"c5", "c4", "c3", "c1", "c6", "c0"})
	q.From = "MA-2"
	equal(t, "from", find(gate, q), []string{"c5", "c4", "c3", "c1"})
	q.From, q.To = "", "MA-11"
	equal(t, "to", find(gate, q), []string{"c6", "c0"})
	q.From, q.To = "MA-2", "MA-1"
	equal(t, "between nothing", len(find(gate, q)), 0)
}
