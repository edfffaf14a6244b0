package core

import (
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A call runs another procedure as a case of its own. It may follow any step; its outcome is the end that the called
// case reached.

func (m *machine) openCall(a *Activation, w *definitions.Call) {
	if m.s.Depth >= maxDepth {
		m.stick(a.ID, AtOpen, &Incident{Code: string(TooDeep), Message: "too many cases have called one another"})
		return
	}
	values := value.Record{}
	scope := m.scope(a)
	for _, as := range w.With {
		v, err := as.Value.Eval(scope)
		if err != nil {
			m.stick(a.ID, AtOpen, trouble(err, as.Value.Source()))
			return
		}
		if v != nil {
			setAt(values, as.Into.Path, -1, value.Clone(v))
		}
	}
	raw, err := value.EncodeRecord(w.Callee.Data.Fields, values, m.p.Office.Zone)
	if err != nil {
		m.stick(a.ID, AtOpen, trouble(err, ""))
		return
	}
	id := m.next() // not the activation's own: a call that is tried again is another case
	m.emit(Called{
		Act: a.ID, Call: id, Case: ChildCase(m.s.Case, id), Procedure: w.Procedure, Values: raw, NoWait: w.NoWait,
	})
	if w.NoWait {
		m.result(a, "")
	}
}

func (m *machine) childEnded(in ChildEnded) *Rejection {
	a := m.act(in.Act)
	if a == nil || a.State != Open || a.Called != in.Case {
		return &Rejection{Code: NotOpen}
	}
	call, ok := m.step(a).Work.(*definitions.Call)
	if !ok {
		return &Rejection{Code: NotOpen}
	}
	if m.calledFailed(a, call, in.Code, in.Failed, in.Outcome) {
		return nil
	}
	wrong := m.takeBack(a, call, in.Outcome, in.Data)
	if wrong == nil {
		return nil
	}
	phase := AtOpen // what cannot be kept, of another version, can only be called anew
	if raw, err := value.EncodeRecord(call.Callee.Data.Fields, in.Data, m.p.Office.Zone); err == nil {
		m.emit(Returned{Act: a.ID, Case: in.Case, Procedure: call.Procedure, Outcome: in.Outcome, Values: raw})
		phase = AtTake
	}
	m.stick(a.ID, phase, wrong)
	return nil
}

// calledFailed raises the error to which a called case came. It reports false if it came to none.
func (m *machine) calledFailed(a *Activation, call *definitions.Call, code, failed, outcome string) bool {
	raised, wrong := outcome, uncaught(outcome)
	switch {
	case code != "":
		raised, wrong = definitions.FailedError, &Incident{Code: code, Message: failed}
	case !failsWith(call, outcome):
		return false
	}
	if !m.raise(a, raised) {
		m.stick(a.ID, AtOpen, wrong)
	}
	return true
}

// takeAgain takes what a called case gave, after a retry.
func (m *machine) takeAgain(a *Activation) {
	call, ok := m.step(a).Work.(*definitions.Call)
	if !ok || a.Back == nil {
		panic(&Broken{What: "nothing to take for " + a.Step})
	}
	data, err := decodeRecord(m.p, call.Callee.Data.Fields, a.Back.Values)
	if err != nil {
		m.stick(a.ID, AtTake, trouble(err, ""))
		return
	}
	if wrong := m.takeBack(a, call, a.Back.Outcome, data); wrong != nil {
		m.stick(a.ID, AtTake, wrong)
	}
}

// takeBack takes over what a called case has, and lets the step end as the case did.
func (m *machine) takeBack(a *Activation, call *definitions.Call, outcome string, data value.Record) *Incident {
	d := m.draftOf(m.rowOf(a.Frame))
	theirs := m.scope(a)
	theirs.Extra, theirs.Outcome = value.Record{"its": data}, outcome
	for _, as := range call.Take {
		v, err := as.Value.Eval(theirs)
		switch {
		case absent(err):
		case err != nil:
			return trouble(err, as.Value.Source())
		default:
			d.put(as.Into, as.OfRow, v)
		}
	}
	if wrong := m.save(d, m.scope(a)); wrong != nil {
		return wrong
	}
	m.result(a, outcome)
	return nil
}

// The codes of the incident of a call that has no result.
const (
	CallFailed    = "call-failed"    // it could not be started
	CallCancelled = "call-cancelled" // somebody cancelled it
)
