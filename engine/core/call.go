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
	if in.Failed != "" {
		m.stick(a.ID, AtOpen, &Incident{Code: "call-failed", Message: in.Failed})
		return nil
	}
	d := m.draftOf(m.rowOf(a.Frame))
	theirs := m.scope(a)
	theirs.Extra, theirs.Outcome = value.Record{"its": in.Data}, in.Outcome
	for _, as := range call.Take {
		v, err := as.Value.Eval(theirs)
		switch {
		case absent(err):
		case err != nil:
			m.stick(a.ID, AtOpen, trouble(err, as.Value.Source()))
			return nil
		default:
			d.put(as.Into, as.OfRow, v)
		}
	}
	if wrong := m.save(d, m.scope(a)); wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return nil
	}
	m.result(a, in.Outcome)
	return nil
}
