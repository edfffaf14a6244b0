package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/guicheng/guicheng/store"
)

// Engine runs the procedures of all offices of one store. It is safe for concurrent use.
type Engine struct {
	store  store.Store
	log    *slog.Logger
	clock  Clock
	ids    *names
	cases  *lru[caseKey, *snapshot]
	books  *books
	covers *coverings
	line   *line
	crew   *crew
	timers *waker // rung when an earlier timer was armed
	post   *waker // rung when letters were written
	plans  *waker // rung when schedules were changed
	gong   *gong  // struck when machines were asked something
	sender *sender
	// watchers are told what was committed.
	watchers watchers
	staff    sync.Mutex // held while people are changed: those who change one at once on this node do not collide

	stopLoops context.CancelFunc // clock and post: they bring new work
	stopLine  context.CancelFunc // the commit line: it ends what was begun
	closing   sync.Once
	leaving   chan struct{} // closed when the engine begins to close
}

var (
	_ Acts           = (*Engine)(nil)
	_ Reads          = (*Engine)(nil)
	_ Files          = (*Engine)(nil)
	_ Administration = (*Engine)(nil)
	_ Migrations     = (*Engine)(nil)
	_ Settings       = (*Engine)(nil)
	_ Jobs           = (*Engine)(nil)
	_ Books          = (*Engine)(nil)
	_ Papers         = (*Engine)(nil)
	_ Machines       = (*Engine)(nil)
)

// caseKey names a case among all offices.
type caseKey struct{ office, id string }

// Open starts an engine on o.Store: from then on due timers fire and letters between cases are delivered, also those
// left over by a process that died. ctx is for opening alone. The store stays the caller's: close it after the engine.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if o.Store == nil {
		return nil, fail(CodeInternal, errors.New("Options.Store: an engine needs a store, such as sqlite.Open gives"))
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Clock == nil {
		clock, err := newStoreClock(ctx, o.Store)
		if err != nil {
			return nil, asError(err)
		}
		o.Clock = clock
	}
	e := &Engine{
		store: o.Store, log: o.Logger, clock: o.Clock, ids: &names{random: o.Random},
		cases: newLRU[caseKey, *snapshot](maxCases),
		line:  newLine(), crew: &crew{log: o.Logger},
		timers: newWaker(), post: newWaker(), plans: newWaker(), gong: newGong(), leaving: make(chan struct{}),
	}
	e.books, e.covers = newBooks(o.Store, o.Clock), &coverings{}
	var err error
	if e.sender, err = newSender(e, o.Systems); err != nil {
		return nil, fail(CodeInternal, err)
	}
	e.run(context.WithoutCancel(ctx), o.Retention)
	return e, nil
}

// run starts the loops. They live until Close, not until the caller's context ends.
func (e *Engine) run(base context.Context, keep store.Retention) {
	lineCtx, stopLine := context.WithCancel(base)
	loopCtx, stopLoops := context.WithCancel(base)
	e.stopLine, e.stopLoops = stopLine, stopLoops
	s := &stepper{e: e, line: e.line, busy: map[caseKey]bool{}, waiting: map[caseKey][]*job{},
		series: map[string]map[string]int64{}, unsettled: map[string]map[*staged]map[string]int64{}}
	e.crew.loop(lineCtx, "stepper", s.run)
	e.crew.loop(lineCtx, "committer", (&committer{e: e, line: e.line}).run)
	e.crew.loop(loopCtx, "clock", (&timekeeper{e: e, aside: newAside()}).run)
	e.crew.loop(loopCtx, "calendar", (&scheduler{e: e, aside: newAside()}).run)
	e.crew.loop(loopCtx, "post", (&postman{e: e, aside: newAside()}).run)
	e.crew.loop(loopCtx, "sender", e.sender.run)
	e.crew.loop(loopCtx, "wakes", e.listen)
	e.crew.loop(loopCtx, "upkeep", (&housekeeper{e: e, keep: keep}).run)
}

// Close refuses new work, finishes what was accepted, and stops. Calling it again is no error.
func (e *Engine) Close() {
	e.closing.Do(func() {
		close(e.leaving)
		e.stopLoops()
		e.line.close()
		e.crew.wait()
		e.stopLine()
	})
}

// now is the present in UTC, in the precision that every store keeps.
func (e *Engine) now() time.Time { return e.clock.Now().UTC().Truncate(time.Millisecond) }

// Now is the time that the engine lives in.
func (e *Engine) Now() time.Time { return e.now() }

// names makes ids: the time in milliseconds first, so that young cases stand together in the store, then chance.
type names struct {
	mu     sync.Mutex
	random io.Reader
}

// idDigits are in the order of their bytes, so that ids sort as their numbers do.
const idDigits = "0123456789abcdefghjkmnpqrstvwxyz"

// next gives 9 characters of time and 13 of chance (65 bits).
func (n *names) next(now time.Time) (string, error) {
	var id [22]byte
	ms := uint64(max(now.UnixMilli(), 0))
	for i := 8; i >= 0; i-- {
		id[i] = idDigits[ms&31]
		ms >>= 5
	}
	n.mu.Lock()
	_, err := io.ReadFull(n.random, id[9:])
	n.mu.Unlock()
	if err != nil {
		return "", errors.Join(errors.New("no random bytes for an id"), err)
	}
	for i := 9; i < len(id); i++ {
		id[i] = idDigits[id[i]&31]
	}
	return string(id[:]), nil
}

// waker wakes one loop. Rings while it is awake are kept, as one.
type waker struct{ bell chan struct{} }

func newWaker() *waker { return &waker{bell: make(chan struct{}, 1)} }

func (w *waker) ring() {
	select {
	case w.bell <- struct{}{}:
	default:
	}
}
