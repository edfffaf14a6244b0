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

// awaitSomebody says that nobody is there to send what a wait waits for, if nothing else can end it: it waits on, and
// somebody is to know.
func (m *machine) awaitSomebody(a *Activation, w *definitions.Wait) {
	for _, f := range w.For {
		if f.Message == nil || !f.Message.Open || f.Message.Key != nil { // it comes by itself, or from outside
			return
		}
		senders, wrong := m.resolve(f.Message.By, m.scopeIn(0))
		if wrong != nil || m.anyoneOf(senders) {
			return
		}
	}
	m.stick(a.ID, Beside, nobodyFor(a))
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
