package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// Revoked is the outcome of a case that its starter has taken back.
const Revoked = definitions.RevokedEnd

// revoke ends a case by the one who started it, as soon as all that can be undone is.
func (m *machine) revoke(in Revoke) *Rejection {
	if r := m.revocable(in.Actor); r != nil {
		return r
	}
	root, then := m.act(1), Undoing{End: Revoked, By: in.Actor.ID, Reason: in.Reason}
	if frame := m.innerFrame(root.ID); frame != 0 {
		m.withdrawAll(frame, Revoked)
	}
	if !m.undo(root, m.toUndo(0, &definitions.Undo{All: true}), then) {
		m.endRevoked(then)
	}
	return nil
}

func (m *machine) endRevoked(then Undoing) {
	m.withdraw(m.act(1), Revoked)
	m.emit(Ended{
		Status: Cancelled, Outcome: then.End, By: then.By, Code: CallCancelled, Reason: then.Reason, At: m.c.Now,
	})
}

func (m *machine) revocable(who value.Person) *Rejection {
	switch {
	case m.p.Revoke == nil, m.act(1).Undo != nil: // on its way to an end already
		return &Rejection{Code: NotRevocable}
	case m.s.Starter.ID == "" || m.s.Starter.ID != who.ID:
		return &Rejection{Code: NotAllowed, Args: map[string]string{"procedure": m.p.ID}}
	case (marking{p: m.p, s: m.s}).finished(m.p.Revoke.ID):
		return &Rejection{Code: NotRevocable, Args: map[string]string{
			"step": m.p.Revoke.ID, "title": m.p.Revoke.Title,
		}}
	}
	return nil
}

// recall lets a person take back what he has done, while nobody has gone on from it.
func (m *machine) recall(in Recall) *Rejection {
	a, r := m.recallable(in.Slot, in.Actor)
	if r != nil {
		return r
	}
	return m.returnTo(a, SentBack{How: ByRecall, Person: in.Actor, Act: a.ID, To: a.Step, Of: a.ID})
}

// recallable finds what a person may take back by the task that he has done.
func (m *machine) recallable(slot ID, who value.Person) (*Activation, *Rejection) {
	i := slices.IndexFunc(m.s.Acts, func(a *Activation) bool { return a.Last == slot && a.State == Done })
	if i < 0 {
		return nil, m.sealed(slot, who)
	}
	a := m.s.Acts[i]
	args := map[string]string{"step": a.Step}
	st := m.step(a) // nil: it was done by an earlier version, which had such a step
	switch {
	case st == nil || !recalls(st):
		return nil, &Rejection{Code: NotRecallable, Args: args}
	case !among(a.By, who):
		return nil, &Rejection{Code: NotAllowed, Args: args}
	}
	for _, id := range m.regionOf(a.Frame, a.ID).acts {
		if next := m.act(id); next != a && m.actedOn(next) {
			args := map[string]string{"step": next.Step, "title": next.Step}
			if st := m.step(next); st != nil {
				args["title"] = st.Title
			}
			return nil, &Rejection{Code: SuccessorActed, Args: args}
		}
	}
	return a, nil
}

// recalls tells whether a step lets one take back what one has done.
func recalls(st *definitions.Step) bool {
	task, ok := st.Work.(*definitions.Task)
	return ok && task.Recall
}

// sealed says why nobody takes back a task that does not stand in the case as done: what it was a part of is over.
func (m *machine) sealed(slot ID, who value.Person) *Rejection {
	for _, a := range m.s.Acts {
		for _, p := range a.Sealed {
			switch {
			case p.Slot != slot:
			case !among(p.By, who):
				return &Rejection{Code: NotAllowed, Args: map[string]string{"step": p.Step}}
			default:
				args := map[string]string{"step": a.Step, "title": a.Step}
				if st := m.step(a); st != nil {
					args["title"] = st.Title
				}
				return &Rejection{Code: PartOver, Args: args}
			}
		}
	}
	return &Rejection{Code: NotOpen}
}

func among(list []value.Person, who value.Person) bool {
	return slices.ContainsFunc(list, func(p value.Person) bool { return p.ID == who.ID })
}

// actedOn tells whether an activation has been begun by somebody, or has done something that others know of.
func (m *machine) actedOn(a *Activation) bool {
	if slices.ContainsFunc(m.s.Papers, func(p Paper) bool { return p.Act == a.ID }) {
		return true
	}
	st := m.step(a)
	if st == nil { // it was done by an earlier version, which had such a step
		return true
	}
	switch st.Work.(type) {
	case *definitions.Junction, *definitions.Set, *definitions.Decide:
		return false
	case *definitions.Wait:
		return a.State != Open && a.State != Ready
	case *definitions.Task:
		touched := slices.ContainsFunc(a.Slots, func(s *Slot) bool {
			return s.State != SlotWaiting && s.State != SlotOffered && s.State != SlotClaimed
		})
		return touched || a.State != Ready && a.State != Open && a.State != Failed
	case *definitions.Call:
		return a.Called != "" || a.State.Over()
	case *definitions.Request, *definitions.Job: // a machine may have it by now
		return a.Job != 0 || a.State.Over()
	case *definitions.Block, *definitions.Multi, *definitions.Repeat:
	}
	if a.State.Over() {
		return true
	}
	return slices.ContainsFunc(m.inside(a)[1:], m.actedOn)
}
