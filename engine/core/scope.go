package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

func (m *machine) act(id ID) *Activation { return m.s.act(id) }

// step returns the step that an activation runs.
func (m *machine) step(a *Activation) *definitions.Step {
	if a.Frame == 0 {
		return m.p.Case
	}
	return m.graph(m.s.frame(a.Frame)).Step(a.Step)
}

// graph returns the list of steps that a frame runs.
func (m *machine) graph(f *Frame) *definitions.Graph { return graphOf(m.p, m.s, f) }

func graphOf(p *definitions.Procedure, s *State, f *Frame) *definitions.Graph {
	if f.Undoes != nil {
		return p.Steps[f.Undoes.Step].Graph
	}
	owner := s.act(f.Owner)
	st := p.Case
	if owner.Frame != 0 {
		st = graphOf(p, s, s.frame(owner.Frame)).Step(owner.Step)
	}
	if g := st.Inside(); g != nil {
		return g
	}
	panic(&Broken{What: "frame of a step that has no inside: " + st.ID})
}

// StepOf returns the step that activation act of a case runs; nil if there is no such activation.
func StepOf(p *definitions.Procedure, s *State, act ID) *definitions.Step {
	a := s.act(act)
	if a == nil {
		return nil
	}
	if a.Frame == 0 {
		return p.Case
	}
	return graphOf(p, s, s.frame(a.Frame)).Step(a.Step)
}

// rowOf gives the row that the steps of a frame are about: of the nearest `for_each` around it.
func (m *machine) rowOf(frame ID) rowRef { return rowOf(m.p, m.s, frame) }

func rowOf(p *definitions.Procedure, s *State, frame ID) rowRef {
	for f := s.frame(frame); f != nil; {
		owner := s.act(f.Owner)
		if f.Undoes != nil {
			return rowRef{table: tableAround(p.Steps[f.Undoes.Step]), index: f.Row}
		}
		if f.Row >= 0 {
			multi, ok := StepOf(p, s, owner.ID).Work.(*definitions.Multi)
			if !ok {
				panic(&Broken{What: "row of a step without for_each: " + owner.Step})
			}
			return rowRef{table: multi.Table, index: f.Row}
		}
		f = s.frame(owner.Frame)
	}
	return rowRef{}
}

// tableAround is the table over whose rows a step runs; nil if none.
func tableAround(st *definitions.Step) *value.Field {
	for st.Graph != nil {
		st = st.Graph.Owner
		if multi, ok := st.Work.(*definitions.Multi); ok {
			return multi.Table
		}
	}
	return nil
}

// scope gives formulas of an activation what they may read.
func (m *machine) scope(a *Activation) *formula.Scope {
	scope := m.scopeIn(a.Frame)
	scope.Due = a.Due
	scope.Answer, scope.Outcome = a.Answer, a.Answer
	scope.Total, scope.Finished = int64(a.Total), int64(a.Finished)
	scope.Running = scope.Total - scope.Finished
	return scope
}

// peopleScope is the scope of a formula that names people: it knows who has the work.
func (m *machine) peopleScope(a *Activation) *formula.Scope {
	scope := m.scope(a)
	scope.Holders = m.holders(a)
	return scope
}

// scopeIn gives formulas of a frame what they may read.
func (m *machine) scopeIn(frame ID) *formula.Scope { return ScopeIn(m.p, m.s, m.c, frame) }

// ScopeIn gives a formula that stands in a frame of a case (0 = the whole case) what it may read. It is for readers
// outside the core too: who may do a task, what a field shows.
func ScopeIn(p *definitions.Procedure, s *State, c Context, frame ID) *formula.Scope {
	var room struct { // both in one allocation: an ordinary step asks for several scopes
		scope   formula.Scope
		marking marking
	}
	room.marking = marking{p: p, s: s, frame: frame}
	room.scope = formula.Scope{
		Data: DataIn(p, s, frame), Settings: s.Settings, Now: c.Now, Zone: p.Office.Zone, Staff: c.Staff,
		Calendar: c.calendar(p),
		Marking:  &room.marking, Manager: slices.Clip(p.Manager.Candidates),
		Case: formula.Case{
			Number: s.Number, Started: s.Started, Starter: s.Starter, State: string(s.Status), Outcome: s.Outcome,
			Ended: s.Ended,
		},
	}
	if row := rowOf(p, s, frame); row.table != nil {
		room.scope.Row = rowAt(room.scope.Data, row.table.Name, row.index)
	}
	return &room.scope
}

// DataIn is the data as a frame sees it: what compensates a step sees the values that the step had.
func DataIn(p *definitions.Procedure, s *State, frame ID) value.Record {
	return dataIn(p, s, frame, s.Data)
}

func dataIn(p *definitions.Procedure, s *State, frame ID, data value.Record) value.Record {
	for f := s.frame(frame); f != nil; f = s.frame(s.act(f.Owner).Frame) {
		if f.Undoes != nil {
			return overlay(p, data, f.Undoes.Was)
		}
	}
	return data
}

// holders lists who have the tasks that are open inside an activation, itself included: who holds one, or else all
// that it is offered to. A task that nobody has claimed is the one that is forgotten.
func (m *machine) holders(a *Activation) []value.Person {
	var out []value.Person
	for _, inner := range m.inside(a) {
		for _, slot := range inner.Slots {
			switch {
			case slot.State.Ended():
			case slot.Holder != nil:
				out = addPeople(out, *slot.Holder)
			default:
				out = addPeople(out, m.offered(slot)...)
			}
			if slot.Given != nil {
				out = addPeople(out, *slot.Given)
			}
		}
	}
	return out
}

// offered lists the people whom a task is offered to, those of its posts among them.
func (m *machine) offered(slot *Slot) []value.Person {
	var out []value.Person
	for _, c := range slot.Candidates {
		if c.Post != "" {
			out = addPeople(out, m.c.Staff.Holders(c.Post)...)
		} else if p, there := m.person(c.Person); there {
			out = addPeople(out, p)
		}
	}
	return out
}

// inside lists an activation and all that run within it, oldest first.
func (m *machine) inside(a *Activation) []*Activation {
	if !m.owns(a.ID) {
		return []*Activation{a}
	}
	out := []*Activation{a}
	within := map[ID]bool{a.ID: true}
	frames := map[ID]bool{}
	for _, f := range m.s.Frames { // a frame is younger than its owner, so one pass in order of age sees all
		if within[f.Owner] {
			frames[f.ID] = true
		}
		for _, b := range m.s.Acts {
			if b.Frame == f.ID && frames[f.ID] {
				within[b.ID] = true
			}
		}
	}
	for _, b := range m.s.Acts {
		if b.ID != a.ID && frames[b.Frame] {
			out = append(out, b)
		}
	}
	return out
}

// marking answers open('x') and its like as seen from a frame: a step of a list that runs around it counts in that
// frame alone, any other step wherever it runs or has run.
type marking struct {
	p     *definitions.Procedure
	s     *State
	frame ID
}

var _ formula.Marking = marking{}

// runs lists the activations of a step that count, oldest first, and what is kept of runs in frames that have closed.
func (k marking) runs(step string) ([]*Activation, Past) {
	var out []*Activation
	st := k.p.Steps[step]
	if st == nil {
		return nil, Past{}
	}
	for f := k.s.frame(k.frame); f != nil; f = k.s.frame(k.s.act(f.Owner).Frame) {
		if f.Undoes != nil || graphOf(k.p, k.s, f) != st.Graph {
			continue
		}
		for _, a := range k.s.Acts {
			if a.Frame == f.ID && a.Step == step && a.State != Undone {
				out = append(out, a)
			}
		}
		return out, Past{}
	}
	for _, a := range k.s.Acts {
		if f := k.s.frame(a.Frame); a.Step == step && a.State != Undone && f != nil && graphOf(k.p, k.s, f) == st.Graph {
			out = append(out, a)
		}
	}
	past := Past{Step: step}
	for _, p := range k.s.Past {
		if p.Step != step {
			continue
		}
		past.Times += p.Times
		if p.Order > past.Order {
			past.By, past.Order, past.Answer, past.Against = p.By, p.Order, p.Answer, p.Against
		}
	}
	return out, past
}

// Open implements formula.Marking.
func (k marking) Open(step string) bool {
	runs, _ := k.runs(step)
	return slices.ContainsFunc(runs, func(a *Activation) bool { return a.State.Live() || a.State == Trailing })
}

// Done implements formula.Marking: the step was done and does not run again.
func (k marking) Done(step string) bool {
	runs, past := k.runs(step)
	return !k.Open(step) && (past.Times > 0 ||
		slices.ContainsFunc(runs, func(a *Activation) bool { return a.State == Done }))
}

// finished tells whether a step was ever done, also if it runs again.
func (k marking) finished(step string) bool {
	runs, past := k.runs(step)
	return past.Times > 0 || slices.ContainsFunc(runs, func(a *Activation) bool { return a.State == Done })
}

// Times implements formula.Marking.
func (k marking) Times(step string) int64 {
	runs, past := k.runs(step)
	return int64(len(runs)) + past.Times
}

// DoneBy implements formula.Marking: who did the step the last time it was done.
func (k marking) DoneBy(step string) []value.Person {
	runs, past := k.runs(step)
	by, order := past.By, past.Order
	for _, a := range runs {
		if a.State == Done && a.Order > order {
			by, order = a.By, a.Order
		}
	}
	return by
}
