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
	a := m.act(r.Act)
	m.win(a)
	m.emit(r)
	if multi, ok := m.step(a).Work.(*definitions.Multi); ok && multi.Cancel {
		m.closeFrames(a.ID, "enough") // before its ways are chosen: their guards may ask about the rows
	}
	m.push(move{kind: leaveMove, act: r.Act})
}

// leave issues papers, chooses ways and sends threads on.
func (m *machine) leave(a *Activation, way int) {
	st := m.step(a)
	if a.Frame == 0 {
		m.endCase(a)
		return
	}
	if a.Detour != 0 {
		m.leaveDetour(a, st)
		return
	}
	chosen, wrong := Chosen{Act: a.ID}, (*Incident)(nil)
	if way == 0 {
		chosen, wrong = m.choose(a, st)
	} else {
		chosen.Ways = []int{way - 1}
	}
	if wrong != nil {
		m.stick(a.ID, AtLeave, wrong)
		return
	}
	var of *Activation // the way may lead back
	if back := backWay(st, chosen.Ways); back != nil {
		if of, wrong = m.wayBack(a, back); wrong != nil {
			m.stick(a.ID, AtLeave, wrong)
			return
		}
	}
	if wrong := m.issue(a, st); wrong != nil {
		m.stick(a.ID, AtLeave, wrong)
		return
	}
	m.emit(chosen)
	if m.cancelsAround(a, st.Cancels) {
		m.finish(a, st)
	}
	if !m.withdrawBy(a.Frame, a.ID, st.Cancels) {
		return
	}
	if of != nil {
		m.finish(a, st)
		m.sendBack(m.backTo(of), SentBack{How: ByWay, Act: a.ID, To: of.Step, Of: of.ID})
		return
	}
	if list := m.undoneByWays(a, st, chosen.Ways); m.undo(a, list, Undoing{Ways: chosen.Ways}) {
		return
	}
	m.goOn(a, st, chosen.Ways)
}

// goOn ends an activation and sends threads along its chosen ways.
func (m *machine) goOn(a *Activation, st *definitions.Step, ways []int) {
	if m.s.frame(a.Frame) == nil {
		return
	}
	m.finish(a, st)
	for _, w := range ways {
		m.passFrom(a, st, st.Ways[w])
	}
}

// undoneByWays lists what the chosen ways undo; what they cancel is withdrawn first.
func (m *machine) undoneByWays(a *Activation, st *definitions.Step, ways []int) []ID {
	var out []ID
	for _, i := range ways {
		w := st.Ways[i]
		undo := w.Undo
		if w.End != nil && undo == nil {
			undo = w.End.Undo
		}
		if undo == nil {
			continue
		}
		if m.cancelsAround(a, w.Cancels) {
			m.finish(a, st)
		}
		if !m.withdrawBy(a.Frame, a.ID, w.Cancels) {
			return nil
		}
		if w.End != nil && w.End.Cancels {
			m.withdrawOthers(a.Frame, a.ID, "ended")
		}
		for _, id := range m.toUndo(a.Frame, undo) {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// leaveDetour ends a detour: it takes no way, the one who waits for it goes on.
func (m *machine) leaveDetour(a *Activation, st *definitions.Step) {
	if wrong := m.issue(a, st); wrong != nil {
		m.stick(a.ID, AtLeave, wrong)
		return
	}
	m.finish(a, st)
	m.rejoin(a)
}

// finish ends an activation's life. What still runs of a `for_each` is withdrawn, or trails.
func (m *machine) finish(a *Activation, st *definitions.Step) {
	multi, ok := st.Work.(*definitions.Multi)
	if ok && !multi.Cancel && (m.owns(a.ID) || moreRows(a, multi)) {
		m.emit(Moved{Act: a.ID, To: Trailing})
		if moreRows(a, multi) { // one by one, those whose turn has not come never begin
			m.beginRows(a, multi)
		}
		return
	}
	m.emit(Moved{Act: a.ID, To: Done})
	m.rememberUndo(a, st)
}

// owns tells whether an activation has frames that run.
func (m *machine) owns(act ID) bool {
	return slices.ContainsFunc(m.s.Frames, func(f *Frame) bool { return f.Owner == act })
}

// passFrom sends what goes along a way out of a step: one thread or several, in a race if the step lets its ways race.
func (m *machine) passFrom(a *Activation, st *definitions.Step, w *definitions.Way) {
	v := move{kind: arriveMove, frame: a.Frame, from: Eaten{Input: st.ID, By: a.ID}}
	if st.Choose == definitions.ChooseFirst {
		v.race = a.ID
	}
	for range max(w.Threads, 1) {
		m.pass(w, v)
	}
}

// pass sends a thread along a way: v says whence.
func (m *machine) pass(w *definitions.Way, v move) {
	if !m.withdrawBy(v.frame, v.from.By, w.Cancels) {
		return
	}
	if w.To != nil {
		v.step = w.To
		m.push(v)
		return
	}
	if w.End.Error && !m.blind && m.raiseAtEnd(v.frame, w.End) {
		return
	}
	m.emit(EndReached{Frame: v.frame, End: w.End.ID, By: v.from.By})
	if w.End.Cancels {
		m.withdrawAll(v.frame, "ended")
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
func (m *machine) withdrawAll(frame ID, why string) { m.withdrawOthers(frame, 0, why) }

// withdrawOthers withdraws all in a frame but one activation.
func (m *machine) withdrawOthers(frame, but ID, why string) {
	for _, a := range slices.Clone(m.s.Acts) {
		if a.Frame == frame && a.ID != but {
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

// withdrawBy withdraws what an activation cancels when it ends. It reports false if that was the step around it.
func (m *machine) withdrawBy(frame, by ID, steps []*definitions.Step) bool {
	m.withdrawSteps(frame, by, steps, "cancelled")
	return m.s.frame(frame) != nil
}

// cancelsAround tells whether one of the steps that an activation cancels stands around it: it is done before that is
// gone.
func (m *machine) cancelsAround(a *Activation, steps []*definitions.Step) bool {
	return slices.ContainsFunc(steps, func(st *definitions.Step) bool {
		around := m.lift(a.ID, m.frameOf(a.Frame, st))
		return around != nil && around != a && around.Step == st.ID
	})
}

// withdrawSteps withdraws what is under way on these steps in the nearest frame, from this one outward, that runs
// their list, with the tokens that wait at their joins. The activation that does it is spared.
func (m *machine) withdrawSteps(from, by ID, steps []*definitions.Step, why string) {
	frames := make([]ID, len(steps)) // found first: one of the steps may be around the others
	for i, st := range steps {
		frames[i] = m.frameOf(from, st)
	}
	for i, st := range steps {
		frame := frames[i]
		for _, a := range slices.Clone(m.s.Acts) {
			if a.Frame == frame && a.Step == st.ID && a.ID != by {
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
	if a.State.Over() {
		return
	}
	detours := m.detoursOf(a)
	m.closeFrames(a.ID, why)
	m.emit(Moved{Act: a.ID, To: Withdrawn, Why: why})
	for _, d := range detours {
		m.withdraw(d, why)
	}
	m.rejoin(a)
}

// closeFrames withdraws what runs inside an activation.
func (m *machine) closeFrames(owner ID, why string) {
	for _, f := range slices.Clone(m.s.Frames) {
		if f.Owner == owner {
			m.withdrawAll(f.ID, why)
			m.emit(FrameClosed{Frame: f.ID, Cut: f.Undoes != nil})
		}
	}
}

// emptyFrames completes one frame in which nothing is left to do, the innermost first.
func (m *machine) emptyFrames() bool {
	for _, f := range slices.Backward(m.s.Frames) {
		owner := m.act(f.Owner)
		if m.busy(f.ID) || owner.Undo != nil && f.Undoes == nil {
			continue
		}
		if f.Undoes != nil {
			m.undone(f)
			return true
		}
		m.frameEnded(owner, *f)
		return true
	}
	return false
}

// frameEnded closes a frame in which nothing is left, and lets its owner go on.
func (m *machine) frameEnded(owner *Activation, f Frame) {
	by := m.actors(f.ID)
	m.emit(FrameClosed{Frame: f.ID, Ended: true})
	st := m.step(owner)
	outcome, _ := f.Outcome()
	if multi, ok := st.Work.(*definitions.Multi); ok {
		m.rowEnded(owner, multi, f.Row, by)
		return
	}
	switch {
	case owner.Frame != 0 && outcome == "" && slices.ContainsFunc(f.Ends, func(e Arrival) bool { return e.Error }):
		m.perish(owner)
	case outcome == "":
		m.stick(owner.ID, AtOpen, &Incident{
			Code: "ended-nowhere", Message: "all in " + owner.Step + " has stopped without reaching one of its ends",
		})
	default:
		if repeat, ok := st.Work.(*definitions.Repeat); ok && outcome == definitions.DoneEnd {
			m.roundEnded(owner, repeat, by)
			return
		}
		m.result(owner, outcome, by...)
	}
}

// busy tells whether something in a frame is not over.
func (m *machine) busy(frame ID) bool {
	return m.runs(frame) || slices.ContainsFunc(m.s.Tokens, func(t Token) bool { return t.Frame == frame })
}

// actors lists who did something in a frame.
func (m *machine) actors(frame ID) []value.Person {
	var acts []*Activation
	for _, a := range m.s.Acts {
		if a.Frame == frame {
			acts = append(acts, a)
		}
	}
	return actorsOf(acts)
}

// actorsOf lists who did something, without repeats, in the order in which the steps were done.
func actorsOf(list []*Activation) []value.Person {
	acts := slices.DeleteFunc(slices.Clone(list), func(a *Activation) bool { return a.State != Done })
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
