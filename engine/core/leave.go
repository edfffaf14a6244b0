package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// result says what an activation's work came to; its ways are chosen in a move of their own.
func (m *machine) result(a *Activation, answer string, by ...value.Person) {
	m.resultOf(Resulted{Act: a.ID, Answer: answer, By: by})
}

func (m *machine) resultOf(r Resulted) {
	m.emit(r)
	m.push(move{kind: leaveMove, act: r.Act})
}

// leave issues papers, chooses ways and sends threads on.
func (m *machine) leave(a *Activation) {
	st := m.step(a)
	if a.Frame == 0 {
		m.endCase(a)
		return
	}
	chosen, wrong := m.choose(a, st)
	if wrong != nil {
		m.stick(a.ID, AtLeave, wrong)
		return
	}
	if wrong := m.issue(a, st); wrong != nil {
		m.stick(a.ID, AtLeave, wrong)
		return
	}
	m.emit(chosen)
	m.withdrawSteps(a.Frame, st.Cancels, "cancelled")
	m.finish(a, st)
	for _, w := range chosen.Ways {
		m.pass(a.Frame, st.Ways[w], Eaten{Input: st.ID, By: a.ID})
	}
}

// finish ends an activation's life. What still runs of a `for_each` is withdrawn, or trails.
func (m *machine) finish(a *Activation, st *definitions.Step) {
	if multi, ok := st.Work.(*definitions.Multi); ok && m.owns(a.ID) {
		if !multi.Cancel {
			m.emit(Moved{Act: a.ID, To: Trailing})
			return
		}
		m.closeFrames(a.ID, "enough")
	}
	m.emit(Moved{Act: a.ID, To: Done})
}

// owns tells whether an activation has frames that run.
func (m *machine) owns(act ID) bool {
	return slices.ContainsFunc(m.s.Frames, func(f *Frame) bool { return f.Owner == act })
}

// pass sends a thread along a way.
func (m *machine) pass(frame ID, w *definitions.Way, from Eaten) {
	m.withdrawSteps(frame, w.Cancels, "cancelled")
	if w.To != nil {
		m.push(move{kind: arriveMove, frame: frame, step: w.To, from: from})
		return
	}
	m.emit(EndReached{Frame: frame, End: w.End.ID, By: from.By})
	if w.End.Cancels {
		m.withdrawAll(frame, "ended")
	}
}

// choose evaluates the ways out of a step for the outcome that it had.
func (m *machine) choose(a *Activation, st *definitions.Step) (Chosen, *Incident) {
	out := Chosen{Act: a.ID}
	var scope *formula.Scope
	var otherwise *definitions.Way
	for _, w := range st.Ways {
		if w.Outcome != "" && w.Outcome != a.Answer {
			continue
		}
		if w.Else {
			otherwise = w
			continue
		}
		holds := true
		if w.When != nil {
			if scope == nil {
				scope = m.scope(a)
			}
			var err error
			if holds, err = w.When.Eval(scope); err != nil {
				return out, trouble(err, w.When.Source())
			}
			out.Why = append(out.Why, Why{
				Way: w.Index, Guard: w.When.Source(), Read: w.When.Readings(scope), Result: holds,
			})
		}
		if !holds {
			continue
		}
		out.Ways = append(out.Ways, w.Index)
		if st.Choose == definitions.ChooseOne {
			return out, nil
		}
	}
	if len(out.Ways) == 0 && otherwise != nil {
		out.Ways = append(out.Ways, otherwise.Index)
	}
	if len(out.Ways) == 0 {
		return out, &Incident{Code: "no-way", Message: "no way out of " + st.ID + " is open for what the data says"}
	}
	return out, nil
}

// withdrawAll withdraws everything that is under way in a frame.
func (m *machine) withdrawAll(frame ID, why string) {
	for _, a := range slices.Clone(m.s.Acts) {
		if a.Frame == frame {
			m.withdraw(a, why)
		}
	}
	var tokens []ID
	for _, t := range m.s.Tokens {
		if t.Frame == frame {
			tokens = append(tokens, t.ID)
		}
	}
	if len(tokens) > 0 {
		m.emit(Dropped{Tokens: tokens, Why: why})
	}
	m.endRounds(func(r Round) bool { return r.Frame == frame })
	m.agenda = slices.DeleteFunc(m.agenda, func(v move) bool { return v.kind == arriveMove && v.frame == frame })
}

// withdrawSteps withdraws what is under way on these steps in a frame, with the tokens that wait at their joins.
func (m *machine) withdrawSteps(frame ID, steps []*definitions.Step, why string) {
	for _, st := range steps {
		for _, a := range slices.Clone(m.s.Acts) {
			if a.Frame == frame && a.Step == st.ID {
				m.withdraw(a, why)
			}
		}
		var tokens []ID
		for _, t := range m.held(frame, st) {
			tokens = append(tokens, t.ID)
		}
		if len(tokens) > 0 {
			m.emit(Dropped{Tokens: tokens, Why: why})
		}
		m.endRounds(func(r Round) bool { return r.Frame == frame && r.Step == st.ID })
	}
}

// withdraw ends an activation without a result: its tasks, timers, subscriptions and inner frames are gone, and a
// case that it called is asked to stop. One whose life is over stays as it is.
func (m *machine) withdraw(a *Activation, why string) {
	if a.State == Done || a.State == Withdrawn {
		return
	}
	m.closeFrames(a.ID, why)
	m.emit(Moved{Act: a.ID, To: Withdrawn, Why: why})
}

// closeFrames withdraws what runs inside an activation.
func (m *machine) closeFrames(owner ID, why string) {
	for _, f := range slices.Clone(m.s.Frames) {
		if f.Owner == owner {
			m.withdrawAll(f.ID, why)
			m.emit(FrameClosed{Frame: f.ID})
		}
	}
}

// emptyFrames completes one frame in which nothing is left to do, the innermost first.
func (m *machine) emptyFrames() bool {
	for _, f := range slices.Backward(m.s.Frames) {
		if m.busy(f.ID) {
			continue
		}
		owner := m.act(f.Owner)
		by := m.actors(f.ID)
		outcome, reached := f.Outcome, f.Reached
		row := f.Row
		m.emit(FrameClosed{Frame: f.ID})
		if multi, ok := m.step(owner).Work.(*definitions.Multi); ok {
			m.rowEnded(owner, multi, row, by)
			return true
		}
		if !reached || outcome == "" {
			m.stick(owner.ID, AtOpen, &Incident{
				Code: "ended-nowhere", Message: "all in " + owner.Step + " has stopped without reaching one of its ends",
			})
			return true
		}
		m.result(owner, outcome, by...)
		return true
	}
	return false
}

// busy tells whether something in a frame is not over.
func (m *machine) busy(frame ID) bool {
	for _, a := range m.s.Acts {
		if a.Frame == frame && a.State != Done && a.State != Withdrawn {
			return true
		}
	}
	return slices.ContainsFunc(m.s.Tokens, func(t Token) bool { return t.Frame == frame })
}

// actors lists who did something in a frame, without repeats, in the order in which the steps were done.
func (m *machine) actors(frame ID) []value.Person {
	var acts []*Activation
	for _, a := range m.s.Acts {
		if a.Frame == frame && a.State == Done {
			acts = append(acts, a)
		}
	}
	slices.SortFunc(acts, func(a, b *Activation) int { return int(a.Order - b.Order) })
	var out []value.Person
	for _, a := range acts {
		out = addPeople(out, a.By...)
	}
	return out
}

func addPeople(list []value.Person, more ...value.Person) []value.Person {
	for _, p := range more {
		if !slices.ContainsFunc(list, func(q value.Person) bool { return q.ID == p.ID }) {
			list = append(list, p)
		}
	}
	return list
}
