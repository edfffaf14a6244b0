package core

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
)

// A jump is an administrator's repair: what he names is left, and a step opens that need not have its turn.

// jump leaves the activations that it names and opens a step of the list in which they all stand, or a step inside one
// of that list, which begins there. What they came of is done again, as by a return.
func (m *machine) jump(in Jump) *Rejection {
	change, r := m.mayJump(in)
	if r == nil {
		change(m)
	}
	return r
}

// mayJump says why a jump cannot be; else it gives what it changes.
func (m *machine) mayJump(in Jump) (func(*machine), *Rejection) {
	if f := m.idle(in.Acts); f != nil {
		return m.mayRevive(f, in)
	}
	leave, r := m.leaving(in)
	if r != nil {
		return nil, r
	}
	frame := leave[0].Frame
	opens := holding(m.p, m.graph(m.s.frame(frame)), in.To)
	seeds := make([]ID, 0, len(leave)+1)
	var of *Activation
	for _, a := range leave {
		seeds = append(seeds, a.ID)
		if t := m.latest(a, opens.ID); t != nil && (of == nil || t.Order > of.Order) {
			of = t
		}
	}
	reg := m.jumpRegion(frame, of, seeds)
	if m.runsBeside(reg, opens, leave) {
		return nil, cannotOpen(opens, RunsAlready)
	}
	how := SentBack{How: ByJump, Person: in.Actor, Act: seeds[0], To: in.To, Reason: in.Reason}
	if of != nil {
		how.Of = of.ID
	} else {
		for _, a := range leave {
			reg.ate = append(reg.ate, m.handedOn(a)...)
		}
	}
	change := func(m *machine) {
		for _, id := range seeds { // what it was one of is decided: nothing else is opened by the same choice
			m.win(m.act(id))
		}
		m.sendBack(reg, how)
	}
	return change, m.strands(ByJump, frame, change)
}

// runsBeside tells whether a step would open beside a run of it that a jump neither leaves nor takes back. Of most
// steps one run at a time is under way in a frame.
func (m *machine) runsBeside(r *region, st *definitions.Step, leave []*Activation) bool {
	return !st.Join.Several() && slices.ContainsFunc(m.s.Acts, func(a *Activation) bool {
		races := func(b *Activation) bool { return b.Race != 0 && b.Race == a.Race } // with what wins, and goes
		return a.Frame == r.frame && a.Step == st.ID && !a.State.Over() && !r.has(a.ID) &&
			!slices.ContainsFunc(leave, races)
	})
}

// leaving resolves the activations that a jump names to those of one list that has the step.
func (m *machine) leaving(in Jump) ([]*Activation, *Rejection) {
	if m.p.Steps[in.To] == nil {
		return nil, m.unknownStep(in.To)
	}
	if len(in.Acts) == 0 {
		return nil, &Rejection{Code: NotOpen}
	}
	var frame ID
	var out []*Activation
	for i, id := range in.Acts {
		a := m.act(id)
		if a == nil || a.State.Over() || a.Frame == 0 {
			return nil, &Rejection{Code: NotOpen}
		}
		if i == 0 {
			var r *Rejection
			if frame, r = m.around(a, in.To); r != nil {
				return nil, r
			}
		}
		if a = m.lift(id, frame); a == nil {
			return nil, cannotOpen(m.p.Steps[in.To], UnknownStep)
		}
		for ; a != nil; a = m.lift(a.Detour, frame) { // who leaves a detour leaves what waits for it
			if !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// leadsOf lists where the ways of a step lead.
func leadsOf(st *definitions.Step) string {
	out := make([]string, 0, len(st.Ways))
	for _, w := range st.Ways {
		out = append(out, w.Leads())
	}
	return strings.Join(out, " ")
}

// around gives the innermost frame around an activation whose list has the step, or else a block in which it stands.
// In that of a compensation nothing else opens, and what undoes others opens nowhere else.
func (m *machine) around(a *Activation, step string) (ID, *Rejection) {
	return m.aroundIn(a.Frame, step)
}

func (m *machine) aroundIn(frame ID, step string) (ID, *Rejection) {
	to := m.p.Steps[step]
	for at := to; at.Graph != nil; at = at.Graph.Owner {
		for f := m.s.frame(frame); f != nil; f = m.s.frame(m.act(f.Owner).Frame) {
			if st := m.graph(f).Step(at.ID); f.Undoes == nil && st != nil && !st.Undoes {
				return f.ID, nil
			}
		}
		if at.Undoes {
			break
		}
		if _, rows := at.Graph.Owner.Work.(*definitions.Multi); rows {
			return 0, cannotOpen(at.Graph.Owner, IntoRows)
		}
	}
	return 0, cannotOpen(to, UnknownStep)
}

// cannotOpen refuses a jump for what is to be said of a step.
func cannotOpen(st *definitions.Step, why Code) *Rejection {
	return &Rejection{Code: why, Args: map[string]string{"to": st.ID, "title": st.Title}}
}

// maxTold bounds the markings that are looked at to tell of one target of a jump. There are many, and the jump itself
// looks further.
const maxTold = 100

// JumpTargets lists the steps that an administrator may wish to open in the stead of what he leaves, those beside it
// first, and for each why that cannot be, as far as a short look ahead tells. It changes nothing.
func JumpTargets(p *definitions.Procedure, s *State, c Context, leave []ID) ([]Target, *Rejection) {
	m := &machine{p: p, s: s, c: c, hopes: newHopes(maxTold), tells: true}
	if r := m.gate(Jump{}); r != nil {
		return nil, r
	}
	if len(leave) == 0 || m.act(leave[0]) == nil {
		return nil, &Rejection{Code: NotOpen}
	}
	var out []Target
	first := s.frame(m.act(leave[0]).Frame)
	if f := m.idle(leave); f != nil {
		first = f
	}
	for f := first; f != nil; f = s.frame(m.act(f.Owner).Frame) {
		out = m.jumpsInto(m.graph(f), leave, out)
	}
	return out, nil
}

// jumpsInto adds the steps of a list, and those inside them, to the targets of a jump. What undoes others is none.
func (m *machine) jumpsInto(g *definitions.Graph, leave []ID, out []Target) []Target {
	for _, st := range g.Steps {
		if st.Undoes || slices.ContainsFunc(out, func(t Target) bool { return t.Step.ID == st.ID }) {
			continue
		}
		_, why := m.mayJump(Jump{Acts: leave, To: st.ID})
		out = append(out, Target{Step: st, Why: why})
		if within := st.Inside(); within != nil {
			out = m.jumpsInto(within, leave, out)
		}
	}
	return out
}

// jumpRegion is what a jump takes back. The threads of what it leaves go on with the step that opens, unless they came
// of the run that is done again.
func (m *machine) jumpRegion(frame ID, of *Activation, leave []ID) *region {
	if of == nil {
		return m.regionOf(frame, leave...)
	}
	again := m.regionOf(frame, of.ID)
	r := m.regionOf(frame, append(slices.Clone(leave), of.ID)...)
	r.of, r.ate, r.missed = of, of.Ate, of.Missed
	r.spent = slices.DeleteFunc(r.spent, func(id ID) bool { return id != of.ID && again.has(id) })
	return r
}

// handedOn are the threads that an activation has, for the step that opens in its stead.
func (m *machine) handedOn(a *Activation) []Eaten {
	out := slices.Clone(a.Ate)
	for i := range out {
		if out[i].At == "" && out[i].Token != 0 {
			out[i].At = a.Step
		}
	}
	return out
}

// skippable finds an activation that is open, stuck, or waits for its condition or a lock.
func (m *machine) skippable(act ID) (*Activation, *Rejection) {
	a := m.act(act)
	if a == nil || a.Frame == 0 || a.State != Open && a.State != Failed && (a.State != Ready || a.Undo != nil) {
		return nil, &Rejection{Code: NotOpen}
	}
	return a, nil
}

// skip completes an activation as if it had come to an outcome, and its step had taken a way.
func (m *machine) skip(in Skip) *Rejection {
	a, r := m.skippable(in.Act)
	if r != nil {
		return r
	}
	st := m.step(a)
	answer := in.Answer
	if answer == "" && a.Incident != nil && a.Incident.Phase == AtLeave {
		answer = a.Answer
	}
	known := slices.ContainsFunc(st.Outcomes, func(o definitions.Outcome) bool { return o.ID == answer })
	if !known && (answer != "" || len(st.Outcomes) > 0) {
		return &Rejection{Code: UnknownAnswer, Args: map[string]string{"answer": answer}}
	}
	way := 0
	if in.To != "" {
		i := slices.IndexFunc(st.Ways, func(w *definitions.Way) bool {
			return w.Leads() == in.To && (w.Outcome == "" || w.Outcome == answer)
		})
		if i < 0 {
			return &Rejection{Code: UnknownStep, Args: map[string]string{"to": in.To, "steps": leadsOf(st)}}
		}
		way = i + 1
		if r := m.oneOfSeveral(a, st, st.Ways[i]); r != nil {
			return r
		}
	}
	d := m.draftOf(m.rowOf(a.Frame))
	d.putAll(m.p.Data.Fields, in.Values)
	if wrong := d.compute(m.scope(a)); wrong != nil {
		return unfit(wrong, wrong.Formula)
	}
	m.win(a)
	m.closeFrames(a.ID, "skipped")
	m.emit(Forced{Act: a.ID, Person: in.Actor, Answer: answer})
	m.emitDraft(d)
	m.push(move{kind: leaveMove, act: a.ID, way: way})
	return nil
}

// oneOfSeveral says why a step that may take several ways cannot be left by one of them alone: a join would wait for
// the others. A way back is looked at when it is gone.
func (m *machine) oneOfSeveral(a *Activation, st *definitions.Step, way *definitions.Way) *Rejection {
	if st.Choose == definitions.ChooseOne || a.Detour != 0 || way.Return != nil {
		return nil
	}
	return m.strands(ByJump, a.Frame, func(after *machine) {
		after.blind = true
		after.closeFrames(a.ID, "skipped")
		newExplorer(after.p, after.s, a.Frame).leave(after, after.act(a.ID), []*definitions.Way{way})
		after.settle()
	})
}
