package core

import (
	"encoding/json"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A suspended case stands still: it takes nothing but its being resumed. What comes to it meanwhile and must not be
// lost, kept messages and what called cases came to, waits until then.

func (m *machine) suspend(in Suspend) *Rejection {
	m.emit(Suspension{Person: in.Actor, Reason: in.Reason, At: m.c.Now})
	return nil
}

// resume takes the case up again: clocks that stood still go on, what came meanwhile is taken, then what is overdue
// falls due in its order.
func (m *machine) resume(in Resume) *Rejection {
	if r := m.resumable(); r != nil {
		return r
	}
	e := Resumption{Person: in.Actor, Reason: in.Reason, At: m.c.Now}
	if m.p.PauseClocks {
		e.Shift = m.c.Now.Sub(m.s.Suspended)
	}
	m.emit(e)
	for id := ID(1); id <= m.s.Counter; id++ {
		if a := m.act(id); a != nil && a.State == Open && a.Back != nil {
			m.takeHeld(a)
		}
	}
	m.takeAllKept()
	return nil
}

func (m *machine) resumable() *Rejection {
	if m.s.Status != Suspended {
		return &Rejection{Code: NotSuspended}
	}
	return nil
}

// takeHeld takes what a called case came to while its caller was suspended.
func (m *machine) takeHeld(a *Activation) {
	call, ok := m.step(a).Work.(*definitions.Call)
	if back := *a.Back; ok && m.calledFailed(a, call, back.Code, back.Failed, back.Outcome) {
		return
	}
	m.takeAgain(a)
}

// standsStill refuses what a suspended case does not take.
func (m *machine) standsStill(in Input) *Rejection {
	if sayings(in) {
		return nil
	}
	switch in := in.(type) {
	case Resume, ChildEnded:
		return nil
	case Cancel:
		if in.Actor == nil { // the case that called it is gone
			return nil
		}
	case Deliver:
		if msg := message(m.p, in.Name); msg != nil && (msg.Keep > 0 || in.Sender == nil) {
			return nil
		}
	default:
	}
	return &Rejection{Code: CaseSuspended, Args: map[string]string{"number": m.s.Number}}
}

// holdChild keeps what a called case came to until the case is resumed.
func (m *machine) holdChild(in ChildEnded) *Rejection {
	a := m.act(in.Act)
	if a == nil || a.Called != in.Case || a.State != Open && a.State != Parked {
		return &Rejection{Code: NotOpen}
	}
	call, ok := m.step(a).Work.(*definitions.Call)
	if !ok {
		return &Rejection{Code: NotOpen}
	}
	var raw json.RawMessage
	if in.Code == "" && !failsWith(call, in.Outcome) { // what an error came with is not taken
		var err error
		if raw, err = value.EncodeRecord(call.Callee.Data.Fields, in.Data, m.p.Office.Zone); err != nil {
			in.Code, in.Failed, raw = CallFailed, err.Error(), nil
		}
	}
	m.emit(Returned{
		Act: a.ID, Case: in.Case, Procedure: call.Procedure, Outcome: in.Outcome, Values: raw, Code: in.Code,
		Failed: in.Failed,
	})
	return nil
}
