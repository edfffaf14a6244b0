package core

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// open begins an activation's work: its timers are set, then the work of its kind begins.
func (m *machine) open(a *Activation) {
	st := m.step(a)
	if a.Undo != nil || !m.admits(a, st) {
		return // it stays ready
	}
	again := a.Armed
	m.emit(Moved{Act: a.ID, To: Open})
	if !again {
		wrong := m.armTimeouts(a, st)
		if wrong == nil {
			wrong = m.subscribe(a, st)
		}
		if wrong != nil {
			m.stick(a.ID, AtOpen, wrong)
			return
		}
	}
	switch w := st.Work.(type) {
	case *definitions.Junction:
		m.openJunction(a)
	case *definitions.Task:
		m.openTask(a, st, w)
	case *definitions.Wait:
		m.openWait(a, w)
	case *definitions.Call:
		m.openCall(a, w)
	case *definitions.Block:
		m.openBlock(a, w)
	case *definitions.Multi:
		m.openMulti(a, w)
	case *definitions.Repeat:
		m.openRepeat(a, w)
	case *definitions.Set:
		m.openSet(a, w)
	case *definitions.Decide:
		m.openDecide(a, w)
	case *definitions.Request:
		m.openRequest(a, w)
	case *definitions.Job:
		m.openJob(a, w)
	}
	if a.State == Open {
		m.takeKept(a, st)
	}
}

// stick raises an incident.
func (m *machine) stick(act ID, phase Phase, wrong *Incident) {
	wrong.Phase = phase
	m.emit(Stuck{Act: act, Incident: *wrong})
}

// Error makes an incident pass for an error inside the core.
func (i *Incident) Error() string { return i.Code + ": " + i.Message }

// trouble makes an incident of a formula that gave no result.
func trouble(err error, source string) *Incident {
	if failure, ok := errors.AsType[*formula.Failure](err); ok {
		return &Incident{Code: failure.Code, Message: failure.Message, Formula: source}
	}
	return &Incident{Code: "formula", Message: err.Error(), Formula: source}
}

// absent tells whether a formula gave no result because a field that it reads is empty.
func absent(err error) bool {
	failure, ok := errors.AsType[*formula.Failure](err)
	return ok && failure.Code == "absent"
}

// retry does again what failed.
func (m *machine) retry(in Retry) *Rejection {
	a, r := m.stuck(in.Act)
	if r != nil {
		return r
	}
	if a.State == Failed && a.Incident.Phase == AtOpen {
		m.closeFrames(a.ID, "retry")
	}
	again := a.Back != nil && a.Incident.Phase == AtTake
	m.emit(Resolved{Act: a.ID})
	if again {
		m.takeAgain(a)
		return nil
	}
	switch a.State {
	case Ready:
		m.push(move{kind: openMove, act: a.ID})
	case Leaving:
		m.push(move{kind: leaveMove, act: a.ID})
	case Open: // its conditions are judged again by themselves
		m.takeKept(a, m.step(a))
		m.attend(a)
	case Trailing, Parked, Failed, Done, Withdrawn, Undone:
	}
	return nil
}

// stuck finds an activation with an incident that can be tried again.
func (m *machine) stuck(act ID) (*Activation, *Rejection) {
	a := m.act(act)
	if a == nil || a.Incident == nil || a.State == Failed && a.Undo != nil { // it is on its way elsewhere already
		return nil, &Rejection{Code: NotOpen}
	}
	if a.Incident.Code == Stalled { // its condition is judged again at every turn
		return nil, &Rejection{Code: NotOpen}
	}
	return a, nil
}

// peopleOf gives the people that a Who of an activation's step names. Who was chosen in turn has had the turn.
func (m *machine) peopleOf(w definitions.Who, a *Activation) ([]formula.Candidate, *Incident) {
	if w.Expr == nil { // posts by name, as mostly: nothing to compute
		return m.resolve(w, nil)
	}
	scope := m.peopleScope(a)
	scope.Work, scope.Seed = m.c.Work, seedOf(m.s.Office, m.s.Case, a.ID)
	if !w.Expr.Asks().Turn {
		return m.resolve(w, scope)
	}
	series := turnsOf(m.p, a.Step)
	scope.Turn = m.last(series)
	list, wrong := m.resolve(w, scope)
	if len(list) > 0 {
		m.count(series)
	}
	return list, wrong
}

// seedOf makes the chance of an activation: the same whenever the case is played again.
func seedOf(office, id string, act ID) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%s/%d", office, id, act)
	return h.Sum64()
}

// resolve gives the people that a Who names, for an activation.
func (m *machine) resolve(w definitions.Who, scope *formula.Scope) ([]formula.Candidate, *Incident) {
	if w.Expr != nil {
		list, err := w.Expr.Eval(scope)
		if err != nil {
			return nil, trouble(err, w.Expr.Source())
		}
		return list, nil
	}
	return slices.Clip(w.Candidates), nil
}
