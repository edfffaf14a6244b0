package engine

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// storeClock follows the store's time by this machine's monotonic clock: a wall clock that jumps changes nothing.
type storeClock struct {
	base   time.Time // local, with its monotonic reading
	offset atomic.Int64
}

var _ Clock = (*storeClock)(nil)

func newStoreClock(ctx context.Context, s store.Work) (*storeClock, error) {
	c := &storeClock{base: time.Now()}
	err := c.follow(ctx, s)
	return c, err
}

// follow asks the store for its time again. Half the round trip is not corrected: late is allowed, early is not.
func (c *storeClock) follow(ctx context.Context, s store.Work) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	c.offset.Store(int64(now.Sub(c.base.Add(time.Since(c.base)).Round(0))))
	return nil
}

// Now implements Clock.
func (c *storeClock) Now() time.Time {
	return c.base.Add(time.Since(c.base)).Round(0).Add(time.Duration(c.offset.Load()))
}

// After implements Clock.
func (c *storeClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// timekeeper fires due timers: one core.Due each, through the commit line like everything else.
type timekeeper struct {
	e     *Engine
	aside *asides
}

func (t *timekeeper) run(ctx context.Context) error {
	for ctx.Err() == nil {
		if c, ok := t.e.clock.(*storeClock); ok {
			if err := c.follow(ctx, t.e.store); err != nil {
				return err
			}
		}
		now := t.e.now()
		more, err := t.fire(ctx, now)
		if err != nil {
			return err
		}
		if !more && !t.sleep(ctx, now) {
			return nil
		}
	}
	return nil
}

// fire takes what is due at now, in the order in which it fell due, and reports whether it moved anything.
func (t *timekeeper) fire(ctx context.Context, now time.Time) (bool, error) {
	rows, err := t.e.store.DueTimers(ctx, now, maxTimers+t.aside.count(now))
	if err != nil {
		return false, err
	}
	refs := make([]store.CaseRef, len(rows))
	for i, row := range rows {
		refs[i] = store.CaseRef{Office: row.Office, ID: row.Case}
	}
	if err := t.e.prefetch(ctx, refs); err != nil {
		return false, err
	}
	var jobs []*job
	var ids []string
	for _, row := range rows {
		id := row.Office + "/" + row.ID
		if t.aside.has(id, now) {
			continue
		}
		j := t.e.timerJob(row)
		if err := t.e.submitOwn(ctx, j); err != nil {
			return false, err
		}
		jobs, ids = append(jobs, j), append(ids, id)
	}
	for i, j := range jobs {
		err := t.e.outcome(ctx, j)
		switch {
		case err == nil || errors.Is(err, errGone):
		case codeOf(err) == CodeUnavailable && !errors.Is(err, core.ErrNewer):
			return false, err
		default:
			t.aside.put(ids[i], now)
			t.e.log.Error("timer set aside", "office", j.key.office, "timer", j.takesTimer, "error", err.Error())
		}
	}
	return len(jobs) > 0, nil
}

func (e *Engine) timerJob(row store.TimerRow) *job {
	j := newJob(row.Office, row.Case)
	id := core.ID(row.Timer)
	j.takesTimer = row.ID
	j.build = func(*snapshot) (core.Input, error) { return core.Due{Timer: id}, nil }
	j.spent = func(s *snapshot) bool { return !armed(s.state, id) }
	return j
}

// armed tells whether the case still has the timer: a refused one that it has was early, and must stay.
func armed(s *core.State, id core.ID) bool {
	return slices.ContainsFunc(s.Acts, func(a *core.Activation) bool {
		return slices.ContainsFunc(a.Timers, func(t core.Timer) bool { return t.ID == id })
	})
}

// sleep waits for the first timer after looked, a bell, or the longest rest; false: ctx ended. looked is the time at
// which nothing was due: a timer that has fallen due since is the first one, not one that was missed.
func (t *timekeeper) sleep(ctx context.Context, looked time.Time) bool {
	until := looked.Add(restTimer)
	next, ok, err := t.e.store.NextTimer(ctx, looked)
	if err == nil && ok && next.Before(until) {
		until = next
	}
	ring := t.e.clock.After(max(until.Sub(t.e.now()), 0))
	if !t.e.now().Before(until) {
		return ctx.Err() == nil // also when the clock was moved on while the alarm was being set
	}
	select {
	case <-ctx.Done():
		return false
	case <-t.e.timers.bell:
	case <-ring:
	}
	return true
}

// asides remembers for a while what cannot be taken now, so that it does not stand in the way of the rest. It is
// forgotten by time, never for good: no memory hides a due row.
type asides struct {
	until map[string]time.Time
	order []string // as they were put
}

func newAside() *asides { return &asides{until: map[string]time.Time{}} }

func (a *asides) put(id string, now time.Time) {
	if _, ok := a.until[id]; !ok {
		a.order = append(a.order, id)
	}
	a.until[id] = now.Add(aside)
	if len(a.order) > maxAside {
		delete(a.until, a.order[0])
		a.order = a.order[1:]
	}
}

func (a *asides) has(id string, now time.Time) bool { return a.until[id].After(now) }

// count forgets those whose time is over and says how many are left.
func (a *asides) count(now time.Time) int {
	kept := a.order[:0]
	for _, id := range a.order {
		if a.until[id].After(now) {
			kept = append(kept, id)
		} else {
			delete(a.until, id)
		}
	}
	a.order = kept
	return len(kept)
}
