package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
)

// together runs f for each of n nodes at once.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	wg.Wait()
}

func twoNodes(t *testing.T) []*Store {
	t.Helper()
	dsn := pgtest.DSN(t)
	return []*Store{openAt(t, dsn), openAt(t, dsn)}
}

// race gives each committer's change to its node at once, and counts the results.
func race(t *testing.T, nodes []*Store, committers int, change func(i int) store.Change) map[store.Result]int {
	t.Helper()
	var mu sync.Mutex
	counts := map[store.Result]int{}
	together(committers, func(i int) {
		got, err := nodes[i%len(nodes)].Commit(context.Background(), []store.Change{change(i)})
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		counts[got[0]]++
	})
	return counts
}

func expect(t *testing.T, what string, counts map[store.Result]int, applied int, other store.Result, others int) {
	t.Helper()
	if counts[store.Applied] != applied || counts[other] != others {
		t.Fatalf("%s: results %v, want %d applied and %d of result %d", what, counts, applied, others, other)
	}
}

func next(id string, revision int64) store.Change {
	return store.Change{Office: "gate", Case: store.CaseRow{ID: id, Revision: revision, Status: "running"}}
}

func TestOneOfManyNodesWins(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const committers = 8
	for n := range int64(15) {
		id := fmt.Sprintf("n%d", n)
		expect(t, "a new case", race(t, nodes, committers, func(int) store.Change { return next(id, 0) }),
			1, store.Stale, committers-1)
		expect(t, "a step", race(t, nodes, committers, func(int) store.Change { return next(id, 1) }),
			1, store.Stale, committers-1)
		expect(t, "a key", race(t, nodes, committers, func(i int) store.Change {
			c := next(fmt.Sprintf("k%d-%d", n, i), 0)
			c.Answer = &store.Answer{Key: id, At: morning}
			return c
		}), 1, store.Repeated, committers-1)
		expect(t, "a message", race(t, nodes, committers, func(i int) store.Change {
			c := next(fmt.Sprintf("m%d-%d", n, i), 0)
			c.Message = id
			return c
		}), 1, store.Repeated, committers-1)
		expect(t, "a number", race(t, nodes, committers, func(i int) store.Change {
			c := next(fmt.Sprintf("r%d-%d", n, i), 0)
			c.Case.Number = id
			return c
		}), 1, store.Stale, committers-1)
		expect(t, "a new series", race(t, nodes, committers, func(i int) store.Change {
			c := next(fmt.Sprintf("d%d-%d", n, i), 0)
			c.Draws = []store.Draw{{Series: id, N: 1}}
			return c
		}), 1, store.Stale, committers-1)
		armed := next("t"+id, 0)
		armed.Timers = []store.TimerRow{{ID: "t" + id, At: morning}}
		commit(t, nodes[0], armed)
		expect(t, "a timer", race(t, nodes, committers, func(int) store.Change {
			return store.Change{Office: "gate", TakesTimer: "t" + id}
		}), 1, store.Gone, committers-1)
	}
}

// TestBatchesOfTheSameCases has nodes commit batches with the same cases in other orders: none waits for ever, and
// each revision is one node's.
func TestBatchesOfTheSameCases(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const cases, rounds = 20, 25
	var fresh []store.Change
	for i := range cases {
		fresh = append(fresh, next(fmt.Sprintf("c%02d", i), 0))
	}
	commit(t, nodes[0], fresh...)
	var mu sync.Mutex
	applied := map[string]int64{}
	together(6, func(i int) {
		node := nodes[i%2]
		random := rand.New(rand.NewPCG(1, uint64(i)))
		known := map[string]int64{}
		for range rounds {
			var batch []store.Change
			for _, k := range random.Perm(cases)[:cases/2] {
				id := fmt.Sprintf("c%02d", k)
				batch = append(batch, next(id, max(known[id], 1)))
			}
			got, err := node.Commit(context.Background(), batch)
			if err != nil {
				t.Error(err)
				return
			}
			for k, r := range got {
				id := batch[k].Case.ID
				known[id]++
				if r == store.Applied {
					mu.Lock()
					applied[id]++
					mu.Unlock()
					continue
				}
				row, err := node.Case(context.Background(), "gate", id)
				if err != nil {
					t.Error(err)
				}
				known[id] = row.Revision
			}
		}
	})
	for id, n := range applied {
		row, err := nodes[0].Case(context.Background(), "gate", id)
		noError(t, err)
		if row.Revision != n+1 {
			t.Errorf("case %s stands at %d after %d acknowledged steps", id, row.Revision, n)
		}
	}
}

// TestBatchesOfOneNewSeries has nodes begin a series together, each with a batch of numbered cases in another order:
// the numbers are one node's, and the others are told so, however often they met.
func TestBatchesOfOneNewSeries(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const committers, cases = 8, 200
	for round := range 10 {
		series := fmt.Sprintf("s%d", round)
		var mu sync.Mutex
		count := map[store.Result]int{}
		together(committers, func(i int) {
			batch := make([]store.Change, cases)
			for k, id := range rand.New(rand.NewPCG(uint64(round), uint64(i))).Perm(cases) {
				c := next(fmt.Sprintf("%s-%02d-%d", series, id, i), 0)
				c.Case.Number = fmt.Sprintf("%s-%d", series, k+1)
				c.Draws = []store.Draw{{Series: series, N: int64(k + 1)}}
				batch[k] = c
			}
			got, err := nodes[i%2].Commit(context.Background(), batch)
			if err != nil {
				t.Errorf("round %d: %v", round, err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, r := range got {
				count[r]++
			}
		})
		if count[store.Applied] != cases || count[store.Stale] != cases*(committers-1) {
			t.Fatalf("round %d: %v, want %d applied and the others stale", round, count, cases)
		}
	}
}

// TestDeployingAtOnce has nodes deploy other texts of one procedure: each text gets a number of its own.
func TestDeployingAtOnce(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const deployers = 8
	together(deployers, func(i int) {
		text := []store.ProcedureHash{{Procedure: "repair", Hash: strconv.Itoa(i)}, {Procedure: "leave", Hash: "same"}}
		got, err := nodes[i%2].Deploy(context.Background(), "gate", store.BundleRow{Hash: strconv.Itoa(i)}, text)
		if err != nil || len(got) != 2 || got[0].Procedure != "leave" || got[0].Version != 1 ||
			got[1].Hash != strconv.Itoa(i) {
			t.Errorf("deployed %+v (%v), want leave 1 and the own repair", got, err)
		}
	})
	newest, err := nodes[0].Version(context.Background(), "gate", "repair", 0)
	if err != nil || newest.Version != deployers {
		t.Errorf("the newest version is %d (%v), want %d", newest.Version, err, deployers)
	}
}

// TestChainsOfDraws has one batch draw from series in every way, and compares with one change after the other.
func TestChainsOfDraws(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	random := rand.New(rand.NewPCG(7, 7))
	for round := range 60 {
		last := map[string]int64{}
		var batch []store.Change
		for i := range 8 {
			c := next(fmt.Sprintf("c%d-%d", round, i), 0)
			if random.IntN(6) == 0 {
				c.Case.Revision = 9 // stale
			}
			for range random.IntN(3) {
				series := string(rune('a' + random.IntN(3)))
				last[series]++
				if random.IntN(8) == 0 {
					last[series]++ // a gap
				}
				c.Draws = append(c.Draws, store.Draw{Series: fmt.Sprintf("%s%d", series, round), N: last[series]})
			}
			batch = append(batch, c)
		}
		together, err := nodes[0].Commit(context.Background(), batch)
		noError(t, err)
		for i, c := range batch {
			c.Office = "alone"
			alone, err := nodes[1].Commit(context.Background(), []store.Change{c})
			noError(t, err)
			if alone[0] != together[i] {
				t.Fatalf("round %d: change %d of the batch is %d, alone it is %d:\n%+v", round, i, together[i], alone[0], batch)
			}
		}
	}
}

func TestBrokenChangesAreNamed(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	for name, broken := range map[string]store.Change{
		"NUL in a title":             {Office: "gate", Case: store.CaseRow{ID: "c9", Title: "a\x00b"}},
		"no UTF-8":                   {Office: "gate", Case: store.CaseRow{ID: "c9", Title: "\xff"}},
		"a separator in an office":   next("c9", 0),
		"a separator in a candidate": next("c9", 0),
		"event 0":                    next("c9", 0),
		"a letter twice":             next("c9", 0),
	} {
		switch name {
		case "a separator in an office":
			broken.Office = "a\x1fgate"
		case "a separator in a candidate":
			broken.PutTasks = []store.TaskRow{{ID: "c9.1", Candidates: []store.Candidate{"a\x1fb"}}}
		case "event 0":
			broken.Events = []store.EventRow{{Kind: "x"}}
		case "a letter twice":
			broken.Letters = []store.Letter{{ID: "l"}, {ID: "l"}}
		}
		_, err := s.Commit(context.Background(), []store.Change{next("c1", 0), next("c2", 0), broken})
		var bad *store.BadChangeError
		if !errors.As(err, &bad) || bad.Index != 2 || errors.Is(err, store.ErrUnavailable) ||
			errors.Is(err, store.ErrUnknown) {
			t.Errorf("%s: %v, want an error that names change 2", name, err)
		}
		if _, err := s.Case(context.Background(), "gate", "c1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: case c1 of the same batch: %v, want ErrNotFound", name, err)
		}
	}
	if _, err := s.Case(context.Background(), "gate", "a\x00b"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an id that cannot be kept: %v, want ErrNotFound", err)
	}
}

// TestWorkIsLeased has a node look while another one has the work: it gets the rest, and what is left lying.
func TestWorkIsLeased(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := pgtest.DSN(t)
	nodes := []*Store{openAt(t, dsn), openAt(t, dsn)}
	const each = 5
	c := next("c1", 0)
	for i := range 2 * each {
		id := fmt.Sprintf("c1.%d", i)
		c.Timers = append(c.Timers, store.TimerRow{ID: id, Timer: int64(i), At: morning})
		c.Letters = append(c.Letters, store.Letter{ID: id, From: "c1", To: "c2", Kind: "start"})
	}
	commit(t, nodes[0], c)
	work := func(node, limit int) string {
		t.Helper()
		timers, err := nodes[node].DueTimers(ctx, morning, limit)
		noError(t, err)
		letters, err := nodes[node].Letters(ctx, limit)
		noError(t, err)
		var ids []string
		for i := range timers {
			ids = append(ids, strings.TrimPrefix(timers[i].ID, "c1."))
			if len(letters) != len(timers) || letters[i].ID != timers[i].ID {
				t.Fatalf("letters %v beside timers %v", letters, timers)
			}
		}
		return strings.Join(ids, " ")
	}
	for _, tt := range []struct {
		what        string
		node, limit int
		want        string
	}{
		{"the first who looks", 0, each, "0 1 2 3 4"},
		{"the next one", 1, 100, "5 6 7 8 9"},
		{"again, one's own", 0, 100, "0 1 2 3 4"},
		{"again, the other's own", 1, 2, "5 6"},
	} {
		if got := work(tt.node, tt.limit); got != tt.want {
			t.Errorf("%s gets %s, want %s", tt.what, got, tt.want)
		}
	}
	commit(t, nodes[0], store.Change{Office: "gate", TakesTimer: "c1.0"},
		store.Change{Office: "gate", TakesLetter: "c1.0"})
	conn := connect(t, dsn)
	for _, table := range []string{"timers", "letters"} { // as if the time of the lease were over
		_, err := conn.Exec(ctx, "SELECT set_config('guicheng.office', '*', false)")
		noError(t, err)
		tag, err := conn.Exec(ctx, "UPDATE "+table+" SET leased_until = "+sqlNow+" WHERE leased_by = $1", nodes[0].node)
		if err != nil || tag.RowsAffected() != each-1 {
			t.Fatalf("%d %s had a lease (%v), want %d", tag.RowsAffected(), table, err, each-1)
		}
	}
	if got := work(1, 100); got != "1 2 3 4 5 6 7 8 9" {
		t.Errorf("after the lease of the other node the work is %s, want all that is left", got)
	}
	if got := work(0, 100); got != "" {
		t.Errorf("the node that was late gets %s, want nothing", got)
	}
	late, err := nodes[0].Commit(ctx, []store.Change{{Office: "gate", TakesTimer: "c1.0"}})
	if err != nil || late[0] != store.Gone {
		t.Errorf("late work is answered %v (%v), want gone", late, err)
	}
}

// TestNodesTakeTurnsAtASeries has nodes draw from one series all at once, each knowing nothing of the others: every
// change is applied at its first commit, and no number is left out.
func TestNodesTakeTurnsAtASeries(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const committers, rounds, each = 6, 10, 5
	drawing := func(id, series string, last int64) store.Change {
		c := next(id, 0)
		c.Draws = []store.Draw{{Series: series, N: last + 1}}
		c.Case.Number = fmt.Sprintf("%s-%d", series, last+1)
		return c
	}
	together(committers, func(i int) {
		for round := range rounds {
			var batch []store.Change
			for n := range each {
				id, series := fmt.Sprintf("c%d-%d-%d", i, round, n), string(rune('a'+n%2))
				c := drawing(id, series, int64(n/2)) // as if nobody had drawn before
				c.Redraw = func(last map[string]int64) (store.Change, error) { return drawing(id, series, last[series]), nil }
				batch = append(batch, c)
			}
			got, err := nodes[i%2].Commit(context.Background(), batch)
			if err != nil || slices.ContainsFunc(got, func(r store.Result) bool { return r != store.Applied }) {
				t.Errorf("results %v, %v", got, err)
			}
		}
	})
	counts, err := nodes[0].Counters(context.Background(), "gate", []string{"a", "b"})
	noError(t, err)
	if counts["a"]+counts["b"] != committers*rounds*each {
		t.Fatalf("drawn are %v, want %d in all", counts, committers*rounds*each)
	}
	for series, last := range counts {
		for n := range last {
			if _, err := nodes[0].CaseByNumber(context.Background(), "gate", fmt.Sprintf("%s-%d", series, n+1)); err != nil {
				t.Errorf("number %d of %s: %v", n+1, series, err)
			}
		}
	}
}

// TestAStaleChangeIsNotDrawnAnew: the case has moved, or the change cannot be made anew.
func TestAStaleChangeIsNotDrawnAnew(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	c := next("c1", 0)
	c.Draws = []store.Draw{{Series: "a", N: 1}}
	commit(t, nodes[0], c)
	moved := next("c1", 7)
	moved.Draws = []store.Draw{{Series: "a", N: 9}}
	moved.Redraw = func(last map[string]int64) (store.Change, error) {
		anew := moved
		anew.Draws = []store.Draw{{Series: "a", N: last["a"] + 1}}
		return anew, nil
	}
	refused := next("c2", 0)
	refused.Draws, refused.Redraw = moved.Draws, func(map[string]int64) (store.Change, error) {
		return store.Change{}, errors.New("no")
	}
	got, err := nodes[1].Commit(context.Background(), []store.Change{moved, refused, next("c3", 0)})
	if err != nil || !slices.Equal(got, []store.Result{store.Stale, store.Stale, store.Applied}) {
		t.Fatalf("results %v, %v, want stale, stale, applied", got, err)
	}
	counts, err := nodes[1].Counters(context.Background(), "gate", []string{"a"})
	if err != nil || counts["a"] != 1 {
		t.Errorf("the series stands at %v (%v), want 1", counts, err)
	}
}
