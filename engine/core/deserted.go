package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A task may be left to nobody after it has opened: its `allow` asks of data or of who did another step, and these go
// on changing. What `nobody` says is done then as when it opens. So may a wait that people alone can end.

// StaffChanged says that people of the office are not what they were: what that leaves to nobody is seen to at once. It
// is a letter of the office's.
type StaffChanged struct{ Actor value.Person } // an administrator

func (StaffChanged) input() {}

// deserted looks for a task that nobody may do any more, or a wait that nobody can end, and sees to it. It reports
// whether there was one.
func (m *machine) deserted() bool {
	for _, a := range m.s.Acts {
		if a.State != Open || a.Incident != nil {
			continue
		}
		switch w := m.step(a).Work.(type) { //nolint:gochecksumtype // the others are nobody's from the first
		case *definitions.Wait:
			if m.unsent(w) {
				m.stick(a.ID, Beside, nobodyFor(a))
				return true
			}
		case *definitions.Task:
			if s := m.forsaken(a, w); s != nil {
				m.leaveToOthers(a, w, s)
				return true
			}
		}
	}
	return false
}

// forsaken finds a task of an activation that its `allow` keeps from everybody who has it, or of which they have gone;
// nil if there is none.
func (m *machine) forsaken(a *Activation, w *definitions.Task) *Slot {
	if w.Allow == nil && !m.staff {
		return nil
	}
	for _, s := range a.Slots {
		if s.State.Open() && (m.staff || !a.Advises(s)) && !m.attended(a, w, s) {
			return s
		}
	}
	return nil
}

// attended tells whether somebody may do the task of a slot: who has it, or else one of those to whom it is offered.
func (m *machine) attended(a *Activation, w *definitions.Task, s *Slot) bool {
	if m.staff { // also who has it for a post may have lost that
		return m.somebody(a, s, w)
	}
	if s.Worker() == "" {
		others, _ := m.anyone(a, w, s.Candidates)
		return others
	}
	p, there := m.person(s.Worker())
	return there && m.allowed(a, s, w, p) == nil
}

// leaveToOthers offers a task anew if who has it may not do it any more and others may; else it does what the step says
// for a task that is left to nobody. What is one's own who has left waits, as an incident, to be handed over with the
// work that was done on it, as long as somebody else could have it; and so does what somebody was asked for advice.
func (m *machine) leaveToOthers(a *Activation, w *definitions.Task, s *Slot) {
	others, _ := m.anyone(a, w, s.Candidates)
	_, there := m.person(s.Worker())
	if m.staff && (a.Advises(s) || others && !there) {
		m.stick(a.ID, Beside, nobodyFor(a))
		return
	}
	if others {
		m.emit(Offered{Act: a.ID, Slot: s.ID, Candidates: s.Candidates, Why: OfferReassigned})
		return
	}
	switch w.Nobody {
	case definitions.NobodySkip:
		m.emit(Skipped{Act: a.ID, Who: s.Candidates, Why: SkipNobody})
		if w.Sign == definitions.SignNone {
			m.result(a, w.Skip)
			return
		}
		m.emit(SignersOut{Act: a.ID, Slots: a.stillAsked(s.ID)})
		m.settleSigners(a, w)
		return
	case definitions.NobodyPost:
		stead, wrong := m.peopleOf(w.Stead, a)
		if others, _ := m.anyone(a, w, stead); wrong == nil && others && !slices.Equal(stead, s.Candidates) {
			m.emit(Offered{Act: a.ID, Slot: s.ID, Candidates: stead, Why: OfferReassigned})
			return
		}
	case definitions.NobodyIncident:
	}
	m.stick(a.ID, Beside, nobodyFor(a))
}
