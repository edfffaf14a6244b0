package core

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

func (e SentBack) apply(_ *definitions.Procedure, s *State) {
	gone := func(id ID) bool { return slices.Contains(e.Region, id) }
	f := s.frame(e.Frame)
	f.Ends = slices.DeleteFunc(slices.Clone(f.Ends), func(a Arrival) bool { return gone(a.By) })
	s.Tokens = slices.DeleteFunc(s.Tokens, func(t Token) bool { return t.Frame == e.Frame && gone(t.By) })
	s.Tokens = append(s.Tokens, e.Tokens...)
	slices.SortFunc(s.Tokens, func(a, b Token) int { return int(a.ID - b.ID) })
	s.Past = slices.DeleteFunc(s.Past, func(p Past) bool { return gone(p.Owner) })
	for _, id := range e.Region { // what they had eaten is elsewhere now
		a := s.act(id)
		a.Ate, a.Missed = nil, nil
	}
}

func (e Superseded) apply(_ *definitions.Procedure, s *State) {
	for i := range s.Papers {
		if s.Papers[i].Document == e.Document {
			s.Papers[i].Superseded = true
		}
	}
}

func (e Detoured) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.move(Parked)
	a.Parked = e.At
}

func (e Rejoined) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.move(Open)
	a.shift(e.At.Sub(a.Parked))
	a.Parked = time.Time{}
}

// shift puts off the clocks of an activation, which have stood still for as long.
func (a *Activation) shift(by time.Duration) {
	a.Stood += by
	for i := range a.Timers {
		a.Timers[i].At = a.Timers[i].At.Add(by)
	}
	if a.Held != nil {
		later := *a.Held
		later.Timers = slices.Clone(later.Timers)
		for i := range later.Timers {
			later.Timers[i].At = later.Timers[i].At.Add(by)
		}
		a.Held = &later
	}
	if !a.Due.IsZero() {
		a.Due = a.Due.Add(by)
	}
}

func (e Suspension) apply(_ *definitions.Procedure, s *State) {
	s.Status, s.Suspended = Suspended, e.At
}

func (e Resumption) apply(_ *definitions.Procedure, s *State) {
	s.Status, s.Suspended = Running, time.Time{}
	if e.Shift == 0 {
		return
	}
	for _, a := range s.Acts {
		if a.State != Parked { // its clocks stand still anyway
			a.shift(e.Shift)
		}
	}
	s.shiftParts(e.Shift)
	for i := range s.Kept {
		s.Kept[i].Until = s.Kept[i].Until.Add(e.Shift)
	}
}

func (e Forced) apply(_ *definitions.Procedure, s *State) {
	s.forget(e.Act)
	a := s.act(e.Act)
	a.Answer, a.By = e.Answer, []value.Person{e.Person}
	a.move(Leaving)
	a.Slots, a.Groups, a.Timers, a.Keys, a.Incident = nil, nil, nil, nil, nil
}
