package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/guicheng/guicheng/store"
)

// together runs f n times at once and reports the first error.
func together(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	errs := make(chan error, n)
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			if err := f(i); err != nil {
				errs <- err
			}
		})
	}
	close(start)
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Fatal(err)
	}
}

// countersRace has committers draw from one series; who loses reads again and draws again.
func countersRace(t *testing.T, s store.Store) {
	const clients, each = 8, 15
	ctx := context.Background()
	together(t, clients, func(i int) error {
		for n := range each {
			for {
				last, err := s.Counters(ctx, gate, []string{"a"})
				if err != nil {
					return err
				}
				c := newCase(gate, fmt.Sprintf("c%d-%d", i, n))
				c.Draws = []store.Draw{{Series: "a", N: last["a"] + 1}}
				c.Case.Number = fmt.Sprintf("R-%03d", last["a"]+1)
				got, err := s.Commit(ctx, []store.Change{c})
				if err != nil {
					return err
				}
				if got[0] == store.Applied {
					break
				}
			}
		}
		return nil
	})
	equal(t, "last number", must(s.Counters(ctx, gate, []string{"a"}))(t)["a"], clients*each)
	for n := 1; n <= clients*each; n++ {
		must(s.CaseByNumber(ctx, gate, fmt.Sprintf("R-%03d", n)))(t)
	}
}

func linksRace(t *testing.T, s store.Store) {
	ctx := context.Background()
	for round := range byte(10) {
		noError(t, s.PutLink(ctx, store.LinkRow{Hash: []byte{round}, Office: gate, Person: "chan", Until: at(30)}))
		var taken atomic.Int32
		together(t, 8, func(int) error {
			_, err := s.TakeLink(ctx, []byte{round})
			if err == nil {
				taken.Add(1)
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			return nil
		})
		equal(t, "takers", taken.Load(), 1)
	}
}

// wholeOrNot moves a task between two posts; readers must see it in exactly one inbox, and case and task agree.
func wholeOrNot(t *testing.T, s store.Store) {
	ctx := context.Background()
	posts := []store.Candidate{"post:a", "post:b"}
	putTasks(t, s, "c1", newTask("c1", 1, posts[0]))
	var stop atomic.Bool
	together(t, 4, func(i int) error {
		if i == 0 {
			defer stop.Store(true)
			for n := range int64(100) {
				c := nextOf(gate, "c1", n+1)
				c.PutTasks = []store.TaskRow{newTask("c1", 1, posts[(n+1)%2])}
				if got, err := s.Commit(ctx, []store.Change{c}); err != nil || got[0] != store.Applied {
					return fmt.Errorf("move %d: %v, %w", n, got, err)
				}
			}
			return nil
		}
		for !stop.Load() {
			p, err := s.Inbox(ctx, gate, store.InboxQuery{Who: posts, Limit: 5})
			if err != nil || len(p.Items) != 1 {
				return fmt.Errorf("%d tasks in the inboxes (%w), want 1", len(p.Items), err)
			}
		}
		return nil
	})
}

// The model of a task that is claimed and released by revision of its case.
type (
	claimInput struct {
		claim  bool // else a read
		at     int64
		person string
	}
	claimOutput struct {
		result   store.Result
		revision int64
		holder   string
	}
	claimState struct {
		revision int64
		holder   string
	}
)

func claimModel() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return claimState{revision: 1} },
		Step: func(state, input, output any) (bool, any) {
			st, known := state.(claimState)
			in, asked := input.(claimInput)
			out, answered := output.(claimOutput)
			if !known || !asked || !answered {
				return false, state
			}
			if !in.claim {
				return out.revision == st.revision && out.holder == st.holder, st
			}
			if in.at != st.revision {
				return out.result == store.Stale, st
			}
			return out.result == store.Applied, claimState{revision: st.revision + 1, holder: in.person}
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
	}
}

// linearizable has clients read a case and claim its task at the revision they know, and gives what each saw to a
// checker that looks for one order that explains it all.
func linearizable(t *testing.T, s store.Store) {
	const clients, each = 6, 25
	first := newCase(gate, "c1")
	first.Case.State = []byte("holder ")
	first.PutTasks = []store.TaskRow{newTask("c1", 1, "post:gate")}
	commit(t, s, first)
	begin := time.Now()
	histories := make([][]porcupine.Operation, clients)
	together(t, clients, func(i int) error {
		known := int64(1)
		for n := range each {
			in := claimInput{claim: n%3 != 0, at: known, person: fmt.Sprintf("p%d-%d", i, n)}
			call := time.Since(begin)
			out, err := claimOnce(s, in)
			if err != nil {
				return err
			}
			if in.claim {
				known++
			} else {
				known = out.revision
			}
			histories[i] = append(histories[i], porcupine.Operation{ClientId: i, Input: in, Output: out,
				Call: call.Nanoseconds(), Return: time.Since(begin).Nanoseconds()})
		}
		return nil
	})
	var all []porcupine.Operation
	for _, h := range histories {
		all = append(all, h...)
	}
	if got := porcupine.CheckOperationsTimeout(claimModel(), all, 30*time.Second); got != porcupine.Ok {
		t.Fatalf("the history of %d operations is not linearizable: %s", len(all), got)
	}
}

func claimOnce(s store.Store, in claimInput) (claimOutput, error) {
	ctx := context.Background()
	if !in.claim {
		c, err := s.Case(ctx, gate, "c1")
		return claimOutput{revision: c.Revision, holder: string(c.State)[len("holder "):]}, err
	}
	c := nextOf(gate, "c1", in.at)
	c.Case.State = []byte("holder " + in.person)
	c.PutTasks = []store.TaskRow{newTask("c1", 1, "post:gate")}
	c.PutTasks[0].Holder = in.person
	got, err := s.Commit(ctx, []store.Change{c})
	if err != nil {
		return claimOutput{}, err
	}
	return claimOutput{result: got[0]}, nil
}
