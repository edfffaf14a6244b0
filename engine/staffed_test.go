package engine_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

const leftYAML = `procedure: left
title: Left
manager: boss
messages: {part: {title: The part is here, by: books}}
start: {by: desk}
ends: {ready: Ready, dropped: {title: Dropped, cancels: all}}
steps:
  - {step: begin, title: Begin, choose: all, then: [plain, leave, other, sign, own, licence, wait]}
  - {step: plain, title: File it, task: {by: books}, then: end}
  - step: leave
    title: Stamp it
    task: {by: books, answers: {stamped: Stamped}, nobody: skip}
    then: end
  - {step: other, title: Pay it, task: {by: books, nobody: {post: boss}}, then: end}
  - step: sign
    title: Sign it
    task: {by: [books, boss], sign: all, nobody: skip}
    then: {approved: end, rejected: dropped}
  - {step: own, title: Write it, task: {by: [books, gate]}, then: end}
  - {step: licence, title: Carry it, task: {by: '=able("height")', nobody: {post: gate}}, then: end}
  - {step: wait, title: Wait for it, wait: {came: {message: part}}, then: end}
  - {step: end, title: End, join: all, task: {by: desk}, then: ready}
`

// TestWhatIsLeftToNobodyIsSeenToAtOnce: what the step says for it is done when the last person goes, without an act on
// the case; and what is one's own who has left is an incident until it is handed over.
func TestWhatIsLeftToNobodyIsSeenToAtOnce(t *testing.T) {
	t.Parallel()
	w := openLeft(t)
	w.clock.move(time.Second)
	id := w.begin("chan", "left", "").Case
	if _, err := w.Claim(t.Context(), as("fong"), w.task("fong", "own").ID); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{ // before
		"plain": "books", "leave": "books", "other": "books", "sign": "books, boss", "own": "fong", "licence": "", // by name
	}
	w.isOpen(id, want)
	w.change("li", func(p *store.PersonRow) { p.Skills = []string{"forklift"} })
	// he is asked by name, and no rule keeps it from him
	w.isOpen(id, want)
	w.change("li", func(p *store.PersonRow) { p.Gone = true })
	want["licence"] = "gate"
	w.isOpen(id, want)
	w.change("fong", func(p *store.PersonRow) { p.Gone = true })
	delete(want, "leave")
	want["other"], want["sign"] = "boss", "boss"
	w.isOpen(id, want)
	w.incidents(id, "own", "plain", "wait")
	w.clock.move(time.Second)
	if _, err := w.HandOver(t.Context(), as("ann"), engine.HandOverRequest{From: "fong", To: "so"}); err != nil {
		t.Fatal(err)
	}
	w.noLetters()
	want["own"] = "so"
	w.isOpen(id, want)
	w.incidents(id, "plain", "wait")
}

// TestASuspendedCaseSeesToItWhenItGoesOn.
func TestASuspendedCaseSeesToItWhenItGoesOn(t *testing.T) {
	t.Parallel()
	w := openLeft(t)
	w.clock.move(time.Second)
	id := w.begin("chan", "left", "").Case
	if _, err := w.Suspend(t.Context(), as("lam"), id, engine.SuspendRequest{Reason: "wait"}); err != nil {
		t.Fatal(err)
	}
	w.change("fong", func(p *store.PersonRow) { p.Posts = nil })
	w.incidents(id)
	w.clock.move(time.Second)
	if _, err := w.Resume(t.Context(), as("lam"), id, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	w.noLetters()
	w.incidents(id, "plain", "wait")
}

// mortal is a store whose process dies after some more commits.
type mortal struct {
	store.Store
	lives atomic.Int64
}

func (s *mortal) Commit(ctx context.Context, changes []store.Change) ([]store.Result, error) {
	if s.lives.Add(-1) < 0 {
		return nil, store.ErrUnavailable
	}
	return s.Store.Commit(ctx, changes)
}

// TestWhatIsLeftToNobodyIsSeenToAfterACrash: the program dies after the commit that changes the person, or after some
// of those that look for the cases and bring it to them. Whoever is started next goes on, until all are seen to.
func TestWhatIsLeftToNobodyIsSeenToAfterACrash(t *testing.T) {
	t.Parallel()
	w := openLeft(t)
	w.Close()
	w.start()         // with ids of chance
	const cases = 250 // with more pages of tasks, and more tasks than are counted
	w.beginMany(cases)
	s := &mortal{Store: w.store}
	for n, lives := range []int64{0, 1, 2, 5} {
		w.Close()
		s.lives.Store(1 << 40)
		w.store = s
		w.start()
		s.lives.Store(lives)
		if n == 0 {
			w.leaves("fong")
		}
		w.passing("it dies", func(context.Context) bool { return s.lives.Load() < 0 })
	}
	w.Close()
	w.store = s.Store
	w.start()
	for left := w.letters(); left > 0; left = w.letters() {
		w.passing("some letters are delivered", func(context.Context) bool { return w.letters() < left })
	}
	if seen := w.allSeenTo(); seen != cases {
		t.Errorf("there are %d cases", seen)
	}
}

func (w *leftWorld) letters() int {
	w.t.Helper()
	letters, err := w.store.Letters(w.t.Context(), 5_000)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(letters)
}

// beginMany begins cases, many at once.
func (w *leftWorld) beginMany(n int) {
	w.t.Helper()
	begin := make(chan struct{}, n)
	for range n {
		begin <- struct{}{}
	}
	close(begin)
	var clerks sync.WaitGroup
	for range 16 {
		clerks.Go(func() {
			for range begin {
				if _, err := w.Start(w.t.Context(), as("chan"), engine.StartRequest{Procedure: "left"}); err != nil {
					w.t.Error(err)
				}
			}
		})
	}
	clerks.Wait()
}

func (w *leftWorld) leaves(id string) {
	w.t.Helper()
	_, _, err := w.ChangePerson(w.t.Context(), as("ann"), id, func(p *store.PersonRow) { p.Gone = true })
	if err != nil {
		w.t.Fatal(err)
	}
}

// passing waits while time passes.
func (w *leftWorld) passing(what string, holds func(ctx context.Context) bool) {
	w.t.Helper()
	w.eventually(what, func(ctx context.Context) bool {
		w.clock.move(10 * time.Millisecond)
		return holds(ctx)
	})
}

// allSeenTo counts the cases, each of which has been seen to.
func (w *leftWorld) allSeenTo() int {
	w.t.Helper()
	seen, after := 0, ""
	for {
		page, err := w.store.CasesOf(w.t.Context(), "sun", store.CaseQuery{Procedure: "left", After: after, Limit: 200})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, row := range page.Items {
			seen++
			w.incidents(row.ID, "plain", "wait")
		}
		if after = page.Next; after == "" {
			return seen
		}
	}
}

// leftWorld is an office with one case of left.
type leftWorld struct{ *world }

func openLeft(t *testing.T) *leftWorld {
	t.Helper()
	s := &shop{world: &world{t: t, store: openStore(t, t.TempDir()+"/office.db"), clock: newHandClock()}}
	s.open()
	s.must(s.Deploy(t.Context(), engine.Operator("sun"), []definitions.File{
		{Name: "office.yaml", Text: []byte(shopYAML)}, {Name: "p.yaml", Text: []byte(leftYAML)},
	}))
	for _, p := range shopStaff() {
		if err := s.PutPerson(t.Context(), engine.Operator("sun"), p); err != nil {
			t.Fatal(err)
		}
	}
	return &leftWorld{s.world}
}

// change changes a person, and waits until the cases have seen to it.
func (w *leftWorld) change(id string, what func(*store.PersonRow)) {
	w.t.Helper()
	w.clock.move(time.Second) // ids are of their moment
	if _, _, err := w.ChangePerson(w.t.Context(), as("ann"), id, what); err != nil {
		w.t.Fatal(err)
	}
	w.noLetters()
}

// isOpen compares who has the open tasks of a case.
func (w *leftWorld) isOpen(id string, want map[string]string) {
	w.t.Helper()
	view, err := w.Case(w.t.Context(), as("ann"), "", id)
	if err != nil {
		w.t.Fatal(err)
	}
	got := map[string]string{}
	for _, task := range view.Open {
		who := task.Holder
		if who == "" {
			who = strings.Join(task.Posts, ", ")
		}
		if got[task.Step] != "" {
			who = got[task.Step] + ", " + who
		}
		got[task.Step] = who
	}
	if !maps.Equal(got, want) {
		w.t.Errorf("open is %v, not %v", got, want)
	}
}

func (w *leftWorld) incidents(id string, want ...string) {
	w.t.Helper()
	view, err := w.Case(w.t.Context(), as("ann"), "", id)
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, i := range view.Incidents {
		got = append(got, i.Step)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		w.t.Errorf("the incidents are at %v, not %v", got, want)
	}
}
