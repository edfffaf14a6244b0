package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// An error is raised by an end that is one, by a called case that ended so, and by work that failed for good. The
// nearest activation around it whose events name it takes it, from the one where it came up outward; if none does, it
// is an incident, and the rest of the case goes on.

// raise lets the nearest taker act on an error that came up in an activation. It reports whether there was one.
func (m *machine) raise(a *Activation, code string) bool {
	t := m.taker(a, code)
	m.emit(Raised{Act: a.ID, Error: code, Taker: t.id()})
	if t == nil {
		return false
	}
	if t.event.Do.Kind != definitions.DeedTo { // done beside: only the thread of the error ends
		m.perish(a)
	}
	m.takeError(t)
	return true
}

// errorTaker is the event that takes an error, and the activation whose event it is.
type errorTaker struct {
	at    *Activation
	event *definitions.Event
}

func (t *errorTaker) id() ID {
	if t == nil {
		return 0
	}
	return t.at.ID
}

// taker looks for who takes an error, from an activation outward; nil if nobody does. One that compensates is on its
// way elsewhere already: what fails there is an incident.
func (m *machine) taker(a *Activation, code string) *errorTaker {
	for {
		for _, e := range m.step(a).Events {
			named := e.Error != "" && (e.Error == code || e.Error == "*")
			if named && a.Undo == nil && !m.happened(a, e) {
				return &errorTaker{at: a, event: e}
			}
		}
		f := m.s.frame(a.Frame)
		if f == nil {
			return nil
		}
		a = m.act(f.Owner)
	}
}

func (m *machine) takeError(t *errorTaker) {
	if t.event.Once {
		m.emit(Once{Act: t.at.ID, Event: t.event.Index})
	}
	m.doDeed(t.at, t.event.Do, Undoing{Event: &t.event.Index})
}

// perish ends an activation, and with it its thread, because of an error that was taken beside.
func (m *machine) perish(a *Activation) {
	if a.Frame == 0 {
		return
	}
	m.withdraw(a, "error")
	m.emit(EndReached{Frame: a.Frame, End: definitions.StopEnd, By: a.ID, Error: true})
}

// raiseAtEnd raises the error that an end is, where the list stands. False: it is the case's own end, which tells the
// caller.
func (m *machine) raiseAtEnd(frame ID, end *definitions.End) bool {
	owner := m.act(m.s.frame(frame).Owner)
	if owner.Frame == 0 {
		return false
	}
	t := m.taker(owner, end.ID)
	if t != nil && (t.at != owner || t.event.Do.Kind == definitions.DeedTo) {
		return m.raise(owner, end.ID)
	}
	m.emit(Raised{Act: owner.ID, Error: end.ID, Taker: t.id()})
	if t == nil && owner.State == Open {
		m.closeFrames(owner.ID, "error")
		m.stick(owner.ID, AtOpen, uncaught(end.ID))
		return true
	}
	// The list goes on without this thread: its own event takes the error beside, or it has passed on already.
	m.emit(EndReached{Frame: frame, End: definitions.StopEnd, By: owner.ID, Error: true})
	if t != nil {
		m.takeError(t)
	}
	return true
}

func uncaught(code string) *Incident {
	return &Incident{Code: "error", Message: "the error " + code + " was raised, and nothing takes it"}
}

// failsWith tells whether a called case's outcome is one of its errors.
func failsWith(call *definitions.Call, outcome string) bool {
	if call.Callee == nil {
		return false
	}
	block, ok := call.Callee.Case.Work.(*definitions.Block)
	return ok && slices.ContainsFunc(block.Graph.Ends, func(e *definitions.End) bool {
		return e.ID == outcome && e.Error
	})
}
