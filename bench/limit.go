package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
	"github.com/guicheng/guicheng/store/sqlite"
)

// The limit is W3 by hand: find task and case, update the case with a revision check, delete the task, insert the next
// one, insert two rows of history. One writer commits what waits together and only then answers. It moves the bytes
// that the engine moves, and nothing else: no rights, no numbers, no lists of cases.

// most is how many steps the limit commits at once.
const most = 128

// step is one completion on its way.
type step struct {
	id    string // of the case
	n     int    // 0 starts the case
	bytes *written
	reply chan error
}

func (s *step) task() string { return s.id + "." + strconv.Itoa(s.n-1) } // that is done
func (s *step) next() string { return s.id + "." + strconv.Itoa(s.n) }

// written is what the engine writes at one of the four commits of W3.
type written struct {
	state  []byte
	events [2][]byte // all events of the commit, as two rows
}

// groups gathers steps and commits them together.
type groups struct {
	steps  chan *step
	done   sync.WaitGroup
	cases  atomic.Int64
	bytes  [4]written
	commit func(ctx context.Context, batch []*step) error
}

func newGroups(ctx context.Context, commit func(context.Context, []*step) error) (*groups, error) {
	bytes, err := observe(ctx)
	if err != nil {
		return nil, err
	}
	g := &groups{steps: make(chan *step, 1024), bytes: bytes, commit: commit}
	ctx = context.WithoutCancel(ctx)
	g.done.Go(func() { g.loop(ctx) })
	return g, nil
}

func (g *groups) loop(ctx context.Context) {
	for first := range g.steps {
		batch := []*step{first}
		for open := true; open && len(batch) < most; {
			select {
			case s, ok := <-g.steps:
				if open = ok; ok {
					batch = append(batch, s)
				}
			default:
				open = false
			}
		}
		err := g.commit(ctx, batch)
		for _, s := range batch {
			s.reply <- err
		}
	}
}

func (g *groups) close() {
	close(g.steps)
	g.done.Wait()
}

// w3 runs one case by hand.
func (g *groups) w3(_ context.Context, tick func()) error {
	id := fmt.Sprintf("01jb8z5t4w%012d", g.cases.Add(1))
	for n := range 4 {
		s := &step{id: id, n: n, bytes: &g.bytes[n], reply: make(chan error, 1)}
		g.steps <- s
		if err := <-s.reply; err != nil {
			return err
		}
		tick()
	}
	return nil
}

// spy keeps the changes that an engine commits.
type spy struct {
	store.Store
	changes []store.Change
}

// Commit implements store.Cases.
func (s *spy) Commit(ctx context.Context, changes []store.Change) ([]store.Result, error) {
	s.changes = append(s.changes, changes...)
	return s.Store.Commit(ctx, changes)
}

// observe runs one W3 on an engine and says what it wrote.
func observe(ctx context.Context) (out [4]written, err error) {
	st, err := sqlite.Open(":memory:")
	if err != nil {
		return out, err
	}
	defer st.Close() //nolint:errcheck // it is in memory
	s := &spy{Store: st}
	h, err := openHouse(ctx, s)
	if err != nil {
		return out, err
	}
	if err := h.w3(ctx, func() {}); err != nil {
		return out, err
	}
	if err := h.close(); err != nil {
		return out, err
	}
	if len(s.changes) != len(out) {
		return out, fmt.Errorf("W3 made %d commits, want %d", len(s.changes), len(out))
	}
	for i, c := range s.changes {
		leaf, err := packed.Events(c.Events)
		if err != nil {
			return out, err
		}
		half := len(leaf.Body) / 2
		out[i] = written{state: packed.Pack(c.Case.State), events: [2][]byte{leaf.Body[:half], leaf.Body[half:]}}
	}
	return out, nil
}
