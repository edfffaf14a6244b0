package core

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// The clocks of a case that goes on by another version: one that says the same runs on as it is. One whose time is
// another is counted anew, from the opening of its step, if it still runs; one that has fired does not fire again. A
// new one is counted from the opening, too, and falls due at once if that is past. One that is gone is taken down. Time
// for which the clocks stood still does not count.

// reclock brings the clocks of an activation to those of its step in the other version.
func (m *machine) reclock(a *Activation, old, now *definitions.Step) *Obstacle {
	if wrong := m.timeouts(a, old, now); wrong != nil {
		return wrong
	}
	before, ok := old.Work.(*definitions.Wait)
	after, still := now.Work.(*definitions.Wait)
	if !ok || !still || a.State != Open && a.State != Parked {
		return nil
	}
	same := func(x, y *definitions.WaitFor) bool { return x.Outcome == y.Outcome && x.Time != nil && y.Time != nil }
	likes := map[int]int{}
	for i, w := range before.For {
		if w.Time != nil {
			likes[i] = likeIn(before.For, after.For, i, same)
		}
	}
	return m.rehang(a, WaitTimer, likes, clocksOf{
		old: func(i int) *formula.When { return before.For[i].Time }, now: timesOf(after.For),
		stands: func(int, int) bool { return false },
	})
}

func timesOf(list []*definitions.WaitFor) []*formula.When {
	out := make([]*formula.When, len(list))
	for i, w := range list {
		out[i] = w.Time
	}
	return out
}

// timeouts are those of a step, or of the whole case.
func (m *machine) timeouts(a *Activation, old, now *definitions.Step) *Obstacle {
	likes := map[int]int{}
	for i := range old.Timeouts {
		likes[i] = likeIn(old.Timeouts, now.Timeouts, i, sameTimeout)
	}
	times := make([]*formula.When, len(now.Timeouts))
	for i, t := range now.Timeouts {
		times[i] = t.Time
	}
	return m.rehang(a, TimeoutTimer, likes, clocksOf{
		old: func(i int) *formula.When { return old.Timeouts[i].Time }, now: times,
		stands: func(i, j int) bool { return old.Timeouts[i].Every != nil || now.Timeouts[j].Every != nil },
	})
}

// sameTimeout tells whether two timeouts do the same, whenever that is.
func sameTimeout(x, y *definitions.Timeout) bool {
	if x.Do.Kind != y.Do.Kind || (x.Do.Way == nil) != (y.Do.Way == nil) {
		return false
	}
	return x.Do.Way == nil || x.Do.Way.Leads() == y.Do.Way.Leads()
}

// clocksOf are the clocks of one kind that a step has in two versions.
type clocksOf struct {
	old    func(i int) *formula.When
	now    []*formula.When         // nil where there is no clock
	stands func(old, now int) bool // it keeps its time: it may have fired before, and repeats
}

// rehang takes the timers of an activation over; likes says which clock of the other version is which of this one's.
func (m *machine) rehang(a *Activation, kind TimerKind, likes map[int]int, c clocksOf) *Obstacle {
	set := func(j int, at time.Time) {
		m.emit(TimerSet{Act: a.ID, Timer: Timer{ID: m.next(), Kind: kind, Index: j, At: at}})
	}
	for _, t := range slices.Clone(a.Timers) {
		if t.Kind != kind {
			continue
		}
		j := likes[t.Index]
		keeps := j >= 0 && (c.stands(t.Index, j) || sameWhen(c.old(t.Index), c.now[j]))
		if keeps && j == t.Index {
			continue
		}
		if a.State == Parked {
			return &Obstacle{Code: ClocksStand, Step: a.Step}
		}
		at := t.At
		if j >= 0 && !keeps {
			anew, wrong := m.fromOpening(a, c.now[j])
			if wrong != nil {
				return wrong
			}
			at = anew
		}
		m.emit(TimerCleared{Act: a.ID, Timer: t.ID})
		if j >= 0 {
			set(j, at)
		}
	}
	known := map[int]bool{}
	for _, j := range likes { // any order: a set
		known[j] = true
	}
	for j, w := range c.now {
		if w == nil || known[j] {
			continue
		}
		if a.State == Parked {
			return &Obstacle{Code: ClocksStand, Step: a.Step}
		}
		at, wrong := m.fromOpening(a, w)
		if wrong != nil {
			return wrong
		}
		set(j, at)
	}
	return nil
}

func (m *machine) fromOpening(a *Activation, w *formula.When) (time.Time, *Obstacle) {
	at, err := w.At(m.scope(a), a.Opened)
	if err != nil {
		return at, &Obstacle{Code: ClockUnfit, Step: a.Step, Name: w.Source()}
	}
	return at.Add(a.Stood), nil
}
