package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/outgoing"
	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/postgres"
)

// counted is a real store that counts what became of timers, and hears of other nodes only if it is told to.
type counted struct {
	store.Store
	deaf        bool
	fired, late *atomic.Int64
}

func (c *counted) Wakes(ctx context.Context) <-chan store.Wake {
	if !c.deaf {
		return c.Store.Wakes(ctx)
	}
	none := make(chan store.Wake)
	context.AfterFunc(ctx, func() { close(none) })
	return none
}

func (c *counted) Commit(ctx context.Context, changes []store.Change) ([]store.Result, error) {
	results, err := c.Store.Commit(ctx, changes)
	for i, r := range results {
		switch {
		case changes[i].TakesTimer == "":
		case r == store.Applied:
			c.fired.Add(1)
		case r == store.Gone:
			c.late.Add(1)
		}
	}
	return results, err
}

// nodes are worlds on one database; the first of them has made the office.
func nodes(t *testing.T, n int, deaf bool) []*world {
	t.Helper()
	return nodesAsking(t, n, deaf, nil)
}

// nodesAsking are nodes that know where the systems are.
func nodesAsking(t *testing.T, n int, deaf bool, systems map[string]outgoing.System) []*world {
	t.Helper()
	dsn := pgtest.DSN(t)
	fired, late := new(atomic.Int64), new(atomic.Int64)
	worlds := make([]*world, n)
	for i := range worlds {
		s, err := postgres.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		shared := &counted{Store: s, deaf: deaf, fired: fired, late: late}
		worlds[i] = &world{t: t, store: shared, clock: newHandClock(), systems: systems}
		worlds[i].start()
		if i == 0 {
			worlds[i].settle()
		}
	}
	return worlds
}

// TestWhatIsRefusedOnAnOldCaseIsJudgedAgain lets two nodes that hear nothing of each other take turns at one case: each
// remembers it as it was before the other's turn, and must not refuse what is right now.
func TestWhatIsRefusedOnAnOldCaseIsJudgedAgain(t *testing.T) {
	t.Parallel()
	w := nodes(t, 2, true)
	w[0].begin("chan", "errand", `{"what": "x"}`)
	for turn := range 12 {
		w[turn%2].complete("so", "do", "redo", `{"note": "again"}`)
	}
	done := w[1].task("so", "do").ID
	w[0].complete("so", "do", "fine", `{"note": "well"}`)
	_, err := w[1].Complete(t.Context(), as("so"), done, engine.CompleteRequest{Answer: "fine"})
	wantCode(t, err, string(core.NotOpen))
}

// TestAKeptMessageIsBroughtByEitherNode: the case waits by the commit of one node, the letter is the other's.
func TestAKeptMessageIsBroughtByEitherNode(t *testing.T) {
	t.Parallel()
	w := nodes(t, 2, true)
	for i := range 6 {
		key := fmt.Sprint("K", i)
		_, err := w[i%2].Send(t.Context(), as("so"), engine.MessageRequest{
			Name: "arrived", Key: key, ID: key, Values: json.RawMessage(`{"from": "店"}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		w[1-i%2].begin("chan", "parcel", fmt.Sprintf(`{"code": %q}`, key))
		w[i%2].eventually("the kept message comes", w[0].hasTask("chan", "fetch"))
		w[0].complete("chan", "fetch", "", "")
	}
}

// TestNodesHearOfOneAnother: the clocks stand still, so that nothing is read again for its age.
func TestNodesHearOfOneAnother(t *testing.T) {
	t.Parallel()
	w := nodes(t, 2, false)
	ctx := t.Context()
	w[0].begin("chan", "errand", `{"what": "x"}`)
	w[1].task("so", "do")
	p := store.PersonRow{ID: "so", Name: "蘇", Posts: []string{"boss"}}
	if err := w[0].PutPerson(ctx, as("ann"), p); err != nil {
		t.Fatal(err)
	}
	w[1].eventually("the other node knows the new post", func(ctx context.Context) bool {
		return !w[1].hasTask("so", "do")(ctx)
	})
	files := officeFiles()
	for i := range files {
		files[i].Text = []byte(strings.ReplaceAll(string(files[i].Text), "title: 差事\n", "title: 差使\n"))
	}
	w[0].must(w[0].Deploy(ctx, as("ann"), append([]definitions.File(nil), files...)))
	w[1].begins("chan", "errand", 2)
}

// begins waits until a person may begin a version of a procedure on this node.
func (w *world) begins(person, procedure string, version int) {
	w.t.Helper()
	w.eventually("the node begins the new version", func(ctx context.Context) bool {
		lines, err := w.Startable(ctx, as(person), "")
		return err == nil && slices.ContainsFunc(lines, func(l engine.ProcedureLine) bool {
			return l.ID == procedure && l.Version == version
		})
	})
}

// TestTenNodesDoTheWorkOnce: none of them is the leader, and yet they do not all step what is due.
func TestTenNodesDoTheWorkOnce(t *testing.T) {
	t.Parallel()
	const cases = 300
	w := nodes(t, 10, false)
	var wg sync.WaitGroup
	for i := range cases {
		wg.Go(func() { w[i%3].begin("chan", "timed", "") })
	}
	wg.Wait()
	for _, one := range w {
		one.clock.move(4 * time.Minute)
	}
	shared := w[0].store.(*counted)
	w[0].eventually("all have fired", func(context.Context) bool { return shared.fired.Load() >= cases })
	for _, one := range w {
		one.Close()
	}
	if fired, late := shared.fired.Load(), shared.late.Load(); fired != cases || late > cases/4 {
		t.Errorf("%d timers fired, want %d; %d times a node did what another had done", fired, cases, late)
	}
}

// TestNodesShareRequestsAndJobs: each request is sent once and each job given out once, whichever node is asked. The
// clocks stand still: whoever waits is woken by what the other nodes tell, and by nothing else.
func TestNodesShareRequestsAndJobs(t *testing.T) {
	t.Parallel()
	const n, cases = 4, 60
	r := newReceiver(t, say(`{"ref": "R"}`))
	w := nodesAsking(t, n, false, map[string]outgoing.System{"sun/ledger": r.system()})
	who := openMachines(t, w[0], scanFile(), definitions.File{Name: "book.yaml", Text: []byte(bookYAML)})
	for _, one := range w {
		one.begins("chan", "book", 1)
	}
	var mu sync.Mutex
	given := map[string]int{}
	var workers, clients sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for _, one := range w {
		workers.Go(func() {
			for ctx.Err() == nil {
				jobs, err := one.FetchJobs(ctx, who, engine.FetchRequest{Limit: 3, Wait: 30 * time.Second})
				for _, j := range jobs {
					mu.Lock()
					given[j.ID]++
					another := w[len(given)%n]
					mu.Unlock()
					err = errors.Join(err, another.CompleteJob(ctx, who, j.ID, j.Fence, engine.JobAnswer{
						Outcome: "found", Values: json.RawMessage(`{"total": "1.00"}`)}))
				}
				if err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	ids := make([]string, 2*cases)
	for i := range cases {
		clients.Go(func() {
			ids[i] = w[i%n].begin("chan", "book", order).Case
			ids[cases+i] = w[i%n].begin("chan", "scan", `{"paper": "A", "phone": "6"}`).Case
		})
	}
	clients.Wait()
	for i, id := range ids {
		w[0].becomes(id, []string{"finished booked", "finished found"}[i/cases])
	}
	stop()
	workers.Wait()
	keys := map[string]bool{}
	for _, c := range r.all() {
		keys[c.header.Get("Idempotency-Key")] = true
	}
	if len(keys) != cases || len(r.all()) != cases {
		t.Errorf("%d requests came under %d keys, want %d", len(r.all()), len(keys), cases)
	}
	for id, times := range given {
		if times != 1 {
			t.Errorf("job %s was given out %d times", id, times)
		}
	}
	if len(given) != cases {
		t.Errorf("%d jobs were given out, want %d", len(given), cases)
	}
}

// TestTheLastAdministratorsLeaveAtOnce: each node would let its own go.
func TestTheLastAdministratorsLeaveAtOnce(t *testing.T) {
	t.Parallel()
	w := nodes(t, 2, true)
	for range 10 {
		for _, id := range []string{"ann", "bob"} {
			p := store.PersonRow{ID: id, Name: id, Admin: true}
			if err := w[0].PutPerson(t.Context(), engine.Operator("sun"), p); err != nil {
				t.Fatal(err)
			}
		}
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, id := range []string{"ann", "bob"} {
			wg.Go(func() {
				errs[i] = w[i].PutPerson(t.Context(), engine.Operator("sun"), store.PersonRow{ID: id, Name: id, Gone: true})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both were let go, or neither: %v, %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil {
				wantCode(t, err, engine.CodeLastAdmin)
			}
		}
	}
}

// TestTwoNodesChangeOnePerson: neither change is lost.
func TestTwoNodesChangeOnePerson(t *testing.T) {
	t.Parallel()
	w := nodes(t, 2, true)
	const each = 15
	posts := []string{"desk", "gate"}
	var wg sync.WaitGroup
	for i := range w {
		wg.Go(func() {
			for n := range each {
				_, _, err := w[i].ChangePerson(t.Context(), as("ann"), "wong", func(p *store.PersonRow) {
					if i == 0 {
						p.Posts = posts[:1+n%2]
					} else {
						p.Name = fmt.Sprint("黃", n)
					}
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	p, err := w[0].store.Person(t.Context(), "sun", "wong")
	if err != nil || p.Name != fmt.Sprint("黃", each-1) || len(p.Posts) != 1+(each-1)%2 {
		t.Errorf("what is left of both changes: %+v, %v", p, err)
	}
}

// TestAConnectionCutAtItsCommit cuts the connection just before and just after the server has committed: each key is
// one case, and is answered the same.
func TestAConnectionCutAtItsCommit(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	proxy, through := pgtest.ThroughProxy(t, dsn)
	s, err := postgres.Open(t.Context(), through)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := openOn(t, s)
	w.begin("chan", "errand", `{"what": "x"}`) // the statements are prepared now
	const rounds = 20
	for i := range rounds {
		when := []pgtest.Cut{pgtest.Before, pgtest.After}[i%2]
		key := fmt.Sprintf("key-%02d", i)
		r := engine.StartRequest{Procedure: "errand", Values: json.RawMessage(`{"what": "x"}`), Key: key}
		proxy.Arm(when, "chan/"+key)
		first, err := w.Start(t.Context(), as("chan"), r)
		if err != nil {
			t.Fatalf("cut %d: %v", when, err)
		}
		again, err := w.Start(t.Context(), as("chan"), r)
		if err != nil || again.Case != first.Case || again.Number != first.Number {
			t.Fatalf("cut %d: the same key is %+v, and then %+v, %v", when, first, again, err)
		}
		if proxy.Armed() {
			t.Fatal("no start was cut")
		}
		tasks, err := w.store.TasksOf(t.Context(), "sun", first.Case)
		if err != nil || len(tasks) != 1 {
			t.Fatalf("tasks %v, %v", tasks, err)
		}
		done := fmt.Sprintf("done-%02d", i)
		proxy.Arm(when, "so/"+done)
		complete := engine.CompleteRequest{Answer: "fine", Key: done}
		for range 2 {
			if _, err := w.Complete(t.Context(), as("so"), tasks[0].ID, complete); err != nil {
				t.Fatalf("cut %d at an answer: %v", when, err)
			}
		}
		if proxy.Armed() {
			t.Fatal("no completion was cut")
		}
		answered := 0
		for _, e := range w.history("ann", first.Case) {
			if e.Kind == (core.Answered{}).Kind() {
				answered++
			}
		}
		if answered != 1 {
			t.Fatalf("cut %d: an answer stands %d times in the history", when, answered)
		}
	}
	page, err := w.Cases(t.Context(), as("ann"), "", store.CaseQuery{Limit: 200})
	if err != nil || len(page.Cases) != rounds+1 {
		t.Errorf("%d cases, want one for each key and one more: %v", len(page.Cases), err)
	}
}

// TestAConnectionCutAtAJobsAnswer: the worker is told that its answer was taken, and it was taken once.
func TestAConnectionCutAtAJobsAnswer(t *testing.T) {
	t.Parallel()
	proxy, through := pgtest.ThroughProxy(t, pgtest.DSN(t))
	s, err := postgres.Open(t.Context(), through)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := openOn(t, s)
	who := openMachines(t, w, scanFile())
	for i := range 8 {
		began := w.begin("chan", "scan", `{"paper": "A", "phone": "6"}`)
		j := w.fetch(who, 1)[0]
		when := []pgtest.Cut{pgtest.Before, pgtest.After}[i%2]
		proxy.Arm(when, fmt.Sprintf("job %s %d", j.ID, j.Fence))
		found := engine.JobAnswer{Outcome: "found", Values: json.RawMessage(`{"total": "1.00"}`)}
		for range 2 {
			if err := w.CompleteJob(t.Context(), who, j.ID, j.Fence, found); err != nil {
				t.Fatalf("cut %d: %v", when, err)
			}
		}
		if proxy.Armed() {
			t.Fatal("no answer was cut")
		}
		if n := w.count(t.Context(), began.Case, core.Replied{}.Kind()); n != 1 || w.status(began.Case) != "finished found" {
			t.Errorf("cut %d: answered %d times, and the case is %s", when, n, w.status(began.Case))
		}
	}
}
