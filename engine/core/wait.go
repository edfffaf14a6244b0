package core

import "github.com/guicheng/guicheng/definitions"

// A wait lets the first of several things decide: a message, a moment or a condition. It may follow any step; its
// outcome names what came first.

func (m *machine) openWait(a *Activation, w *definitions.Wait) {
	for i, f := range w.For {
		if f.Time == nil {
			continue
		}
		at, err := f.Time.At(m.scope(a), m.c.Now)
		if err != nil {
			m.stick(a.ID, AtOpen, trouble(err, f.Time.Source()))
			return
		}
		m.emit(TimerSet{Act: a.ID, Timer: Timer{ID: m.next(), Kind: WaitTimer, Index: i, At: at}})
	}
}

// Unsent is an open wait that only messages by hand can end, of which nobody of the office may send one.
type Unsent struct {
	Act     ID
	Message string // the first of them
}

// UnsentWaits lists those of a case. It changes nothing.
func UnsentWaits(p *definitions.Procedure, s *State, c Context) []Unsent {
	m := &machine{p: p, s: s, c: c}
	var out []Unsent
	for _, a := range s.Acts {
		if w, ok := m.step(a).Work.(*definitions.Wait); ok && a.State == Open && m.unsent(w) {
			out = append(out, Unsent{Act: a.ID, Message: w.For[0].Message.ID})
		}
	}
	return out
}

// unsent tells whether nobody is there to send what a wait waits for, and nothing else can end it: it waits on, and
// somebody is to know.
func (m *machine) unsent(w *definitions.Wait) bool {
	if !w.ByHand() {
		return false
	}
	for _, f := range w.For {
		senders, wrong := m.resolve(f.Message.By, m.scopeIn(0))
		if wrong != nil || m.anyoneOf(senders) {
			return false
		}
	}
	return true
}

// waitConditions ends a wait whose condition holds. It reports whether it did.
func (m *machine) waitConditions(a *Activation, w *definitions.Wait) bool {
	for _, f := range w.For {
		if f.When == nil {
			continue
		}
		if m.judge(a, "wait", f.When) {
			m.result(a, f.Outcome)
			return true
		}
	}
	return false
}
