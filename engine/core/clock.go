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

// ClockOf looks outward from an activation; way is where that leads which takes its task away, nil = nowhere else.
func ClockOf(p *definitions.Procedure, s *State, a *Activation) (c Clock, way *definitions.Way) {
	for {
		c.Due = sooner(c.Due, a.Due)
		for _, t := range a.Timers { // those of a parked one stand still
			if d := timeoutOf(p, s, a, t); d != nil && a.State != Parked && d.TakesAway() && sooner(t.At, c.Until).Equal(t.At) {
				c.Until, way = t.At, d.Do.Way
			}
		}
		f := s.frame(a.Frame)
		if f == nil {
			return c, way
		}
		a = s.act(f.Owner)
	}
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

// putAround puts the tasks anew whose clock an activation's timers are, where one of these takes them away.
func (m *machine) putAround(a *Activation) {
	if !slices.ContainsFunc(m.step(a).Timeouts, (*definitions.Timeout).TakesAway) {
		return
	}
	for _, inner := range m.inside(a) {
		if !inner.State.Over() {
			m.putTasks(inner)
		}
	}
}
