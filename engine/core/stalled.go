package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// A case stands still when nothing is left in it that a person, a clock, a message, a machine or another case could
// move, and something waits for its condition all the same, or threads wait at a join. The check refuses what must come
// to that; where the data decide, or a jump was not followed to its end, it may happen, and then somebody is to know.

// Stalled is the code of the incident.
const Stalled = "stalled"

// Stirred says of a stalled activation that it is not so any more.
type Stirred struct {
	Act ID `json:"act"`
}

// Kind names the event.
func (Stirred) Kind() string { return "stirred" }

func (e Stirred) apply(_ *definitions.Procedure, s *State) { s.act(e.Act).Incident = nil }

// tellStalled says of the oldest activation that waits for its condition that nothing can make it hold, or else of one
// in whose list nothing is left but threads that wait; or that this is over.
func (m *machine) tellStalled() {
	var waits, stalled *Activation
	moves := false
	for _, a := range m.s.Acts {
		switch {
		case a.State.Over():
		case a.Incident != nil && a.Incident.Code == Stalled:
			stalled = a
		case a.Incident != nil || m.movable(a):
			moves = true
		case waits == nil && a.Frame != 0 && a.Undo == nil && (a.State == Ready || a.State == Open && m.waitsOnly(a)):
			waits = a
		}
	}
	switch {
	case stalled != nil && (moves || stalled.State == Open && m.movable(stalled)):
		m.emit(Stirred{Act: stalled.ID})
	case stalled == nil && waits != nil && !moves:
		m.stick(waits.ID, Beside, &Incident{
			Code: Stalled, Message: "nothing is left in the case that could make its condition hold",
		})
	case stalled == nil && !moves:
		if owner := m.ofDeadThreads(); owner != nil {
			m.stick(owner.ID, Beside, &Incident{
				Code: Stalled, Message: "threads wait at a join, and nothing is left in the case that could come to it",
			})
		}
	}
}

// ofDeadThreads finds a step, or the whole case, in whose list threads wait and nothing runs; nil = there is none.
func (m *machine) ofDeadThreads() *Activation {
	for _, t := range m.s.Tokens {
		if f := m.s.frame(t.Frame); f.Undoes == nil && !m.runs(f.ID) {
			return m.act(f.Owner)
		}
	}
	return nil
}

// runs tells whether a frame has an activation that is not over.
func (m *machine) runs(frame ID) bool {
	return slices.ContainsFunc(m.s.Acts, func(a *Activation) bool { return a.Frame == frame && !a.State.Over() })
}

// movable tells whether something from outside, or a clock, can still move an activation.
func (m *machine) movable(a *Activation) bool {
	if len(a.Timers) > 0 || a.Called != "" || a.Job != 0 {
		return true
	}
	if a.State != Open {
		return false
	}
	st := m.step(a)
	for _, e := range st.Events {
		if e.Message != nil && !m.happened(a, e) {
			return true
		}
	}
	switch w := st.Work.(type) {
	case *definitions.Task:
		return slices.ContainsFunc(a.Slots, func(s *Slot) bool { return s.State.Open() })
	case *definitions.Wait:
		return slices.ContainsFunc(w.For, func(f *definitions.WaitFor) bool { return f.Message != nil })
	case *definitions.Multi:
		return w.Add != nil || w.Finish != nil
	case *definitions.Junction, *definitions.Block, *definitions.Repeat, *definitions.Set, *definitions.Decide,
		*definitions.Call, *definitions.Request, *definitions.Job:
	}
	return false
}

// waitsOnly tells whether an open step does nothing but wait.
func (m *machine) waitsOnly(a *Activation) bool {
	_, wait := m.step(a).Work.(*definitions.Wait)
	return wait
}
