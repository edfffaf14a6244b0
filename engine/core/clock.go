package core

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
)

// Clock is by when an open task is to be done.
type Clock struct {
	Due   time.Time // the earliest limit of its step and of those around it; zero = none
	Until time.Time // when a timeout of one of these takes it away from those who have it; zero = none does
}

// Soonest is the earlier of the two, by which an inbox is sorted; zero = neither is.
func (c Clock) Soonest() time.Time { return sooner(c.Due, c.Until) }

// sooner is the earlier of two moments, of which zero is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Next is what time alone does with an open task.
type Next struct {
	Way *definitions.Way // leads to what comes in its place when it is taken away; nil = nowhere else
	// Call asks others to do it, as well or instead, at a moment before it is taken away; nil = none does.
	Call *definitions.Deed
	At   time.Time // of Call
}

// ClockOf looks outward from an activation: its task's clock, and what comes of it.
func ClockOf(p *definitions.Procedure, s *State, a *Activation) (c Clock, next Next) {
	take := func(at time.Time, way *definitions.Way) {
		if sooner(at, c.Until).Equal(at) {
			c.Until, next.Way = at, way
		}
	}
	for {
		c.Due = sooner(c.Due, a.Due)
		for _, t := range a.Timers { // those of a parked one stand still
			d := timeoutOf(p, s, a, t)
			if d == nil || a.State == Parked {
				continue
			}
			if d.TakesAway() {
				take(t.At, d.Do.Way)
			}
			if d.CallsIn() && sooner(t.At, next.At).Equal(t.At) {
				next.Call, next.At = &d.Do, t.At
			}
		}
		eachRival(p, s, a, take)
		f := s.frame(a.Frame)
		if f == nil {
			break
		}
		a = s.act(f.Owner)
	}
	if !c.Until.IsZero() && next.At.After(c.Until) {
		next.Call, next.At = nil, time.Time{}
	}
	return c, next
}

// eachRival gives each moment at which one wins with which an activation races, and where that leads; nil = it depends.
func eachRival(p *definitions.Procedure, s *State, a *Activation, do func(time.Time, *definitions.Way)) {
	if a.Race == 0 {
		return
	}
	for _, b := range s.Acts {
		if b.Race != a.Race || b.ID == a.ID || b.State == Parked || b.State.Over() {
			continue
		}
		st := StepOf(p, s, b.ID)
		for _, t := range b.Timers {
			if way, wins := winsAt(st, t); wins {
				do(t.At, way)
			} else if d := timeoutOf(p, s, b, t); d != nil && d.Do.Kind == definitions.DeedTo {
				do(t.At, d.Do.Way)
			}
		}
	}
}

// winsAt tells whether a timer ends a wait, and the way that is taken then; nil = it depends.
func winsAt(st *definitions.Step, t Timer) (way *definitions.Way, wins bool) {
	w, ok := st.Work.(*definitions.Wait)
	if !ok || t.Kind != WaitTimer || t.Index >= len(w.For) {
		return nil, false
	}
	for _, x := range st.Ways {
		if x.Outcome != "" && x.Outcome != w.For[t.Index].Outcome {
			continue
		}
		if way != nil || x.When != nil {
			return nil, true
		}
		way = x
	}
	return way, true
}

// timeoutOf is the timeout for which a timer was set; nil: it was set for none.
func timeoutOf(p *definitions.Procedure, s *State, a *Activation, t Timer) *definitions.Timeout {
	if t.Kind != TimeoutTimer {
		return nil
	}
	if list := StepOf(p, s, a.ID).Timeouts; t.Index < len(list) {
		return list[t.Index]
	}
	return nil // the case is being moved to another version, this timer comes next
}

// clockEffects derives what the event of a timer, or the end of what had timers, means to the clocks of tasks.
func (m *machine) clockEffects(e Event) {
	switch e := e.(type) {
	case TimerSet:
		m.effect(PutTimer{Timer: e.Timer.ID, At: e.Timer.At})
		m.putAround(m.act(e.Act))
	case TimerCleared:
		m.putAround(m.act(e.Act))
	case Moved:
		if e.To.Over() { // nobody races with it any more
			m.putRivals(m.act(e.Act))
		}
	default:
	}
}

// putAround puts the tasks anew whose clock an activation's timers are: those inside it, where one takes these away,
// and those with which it races.
func (m *machine) putAround(a *Activation) {
	if slices.ContainsFunc(m.step(a).Timeouts, (*definitions.Timeout).TakesAway) {
		m.putInside(a)
	}
	m.putRivals(a)
}

// putRivals puts the tasks anew with which an activation races.
func (m *machine) putRivals(a *Activation) {
	if a.Race == 0 {
		return
	}
	for _, b := range m.s.Acts {
		if b.Race == a.Race && b.ID != a.ID {
			m.putInside(b)
		}
	}
}

// putInside puts the tasks of an activation and of all inside it anew.
func (m *machine) putInside(a *Activation) {
	for _, inner := range m.inside(a) {
		if !inner.State.Over() {
			m.putTasks(inner)
		}
	}
}
