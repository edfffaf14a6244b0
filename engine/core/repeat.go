package core

import (
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A repeat runs its list again and again, each round in a frame of its own, so that what one round left behind never
// meets the next. It may follow any step; its outcome is an end of its own that a round reached, else done.

func (m *machine) openRepeat(a *Activation, w *definitions.Repeat) {
	m.emit(Spread{Act: a.ID})
	m.nextRound(a, w)
}

// roundEnded judges whether another round follows.
func (m *machine) roundEnded(a *Activation, w *definitions.Repeat, by []value.Person) {
	m.emit(RowEnded{Act: a.ID, By: by})
	if a.State != Open {
		return
	}
	if w.Until != nil {
		holds, wrong := m.decided(a, "until", w.Until)
		if wrong != nil {
			m.stick(a.ID, AtOpen, wrong)
			return
		}
		if holds {
			m.result(a, m.overName(a), a.By...)
			return
		}
	}
	m.nextRound(a, w)
}

// nextRound begins a round, unless `while` says that it is over.
func (m *machine) nextRound(a *Activation, w *definitions.Repeat) {
	if w.While != nil && (a.Into == "" || a.Total > 0) { // who jumps into it wants the round
		holds, wrong := m.decided(a, "while", w.While)
		if wrong != nil {
			m.stick(a.ID, AtOpen, wrong)
			return
		}
		if !holds {
			m.result(a, m.overName(a), a.By...)
			return
		}
	}
	if a.Total >= w.Limit {
		m.stick(a.ID, AtOpen, &Incident{
			Code: "limit", Message: fmt.Sprintf("%s has run %d times and is not over", a.Step, a.Total),
		})
		return
	}
	m.emit(Grown{Act: a.ID, Total: a.Total + 1})
	m.beginFrame(a, -1, nil, w.Body)
}

// overName is the outcome of a repeat that is over: it has a name only where there are others.
func (m *machine) overName(a *Activation) string {
	if len(m.step(a).Outcomes) == 0 {
		return ""
	}
	return definitions.DoneEnd
}
