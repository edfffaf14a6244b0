package core

import (
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// Trial is a form that somebody is still filling in, as it stands: nothing of it is decided.
type Trial struct {
	NotAsked []string     // paths of entries that are not asked for, as the sender sees them
	Data     value.Record // the case's data with the form laid over them, computed fields up to date
	Row      int          // of Data, to which the form belongs; -1 = none
	Faults   []value.Fault
	Refused  *Rejection // what is wrong with the form as a whole; nil = nothing, or not known because of Faults
}

// TryTask lays values over the form of a slot's task, as completing it with the answer would.
func TryTask(p *definitions.Procedure, s *State, c Context, in Complete) Trial {
	m := &machine{p: p, s: s, c: c}
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return Trial{Row: -1, Refused: r}
	}
	form, checks := task.Form, task.Checks
	if a.Advises(slot) {
		form, checks = nil, nil
	}
	scope := m.scope(a)
	scope.Actor, scope.Answer = &in.Actor, in.Answer
	if in.Answer == "" && len(task.Answers) > 0 {
		checks = nil // they are judged with an answer
	}
	return m.try(&filling{draft: m.draftOf(m.rowOf(a.Frame)), scope: scope, keep: m.anySigned(a)}, form, in.Values, checks)
}

// TryStart lays values over the form of a way to start a case that has not begun.
func TryStart(p *definitions.Procedure, s *State, c Context, in Start) Trial {
	m := &machine{p: p, s: s, c: c}
	way := p.Starts[in.Way]
	scope := m.scopeIn(0)
	scope.Settings, scope.Actor = Settings(p, in.Settings), in.Starter
	scope.Case.Starter, scope.Case.Started = *in.Starter, c.Now
	return m.try(&filling{draft: m.draftOf(rowRef{}), scope: scope}, way.Form, in.Values, way.Checks)
}

// TryMessage lays values over the form of a message.
func TryMessage(p *definitions.Procedure, s *State, c Context, in Deliver) Trial {
	m := &machine{p: p, s: s, c: c}
	msg := message(p, in.Name)
	if msg == nil {
		return Trial{Row: -1, Refused: &Rejection{Code: UnknownName, Args: map[string]string{"message": in.Name}}}
	}
	scope := m.scopeIn(0)
	scope.Actor = in.Sender
	return m.try(&filling{draft: m.draftOf(rowRef{}), scope: scope}, msg.Form, in.Values, nil)
}

func (m *machine) try(f *filling, form *definitions.Form, values value.Record, checks []*definitions.Check) Trial {
	if form != nil {
		f.lay(form, values)
	}
	out := Trial{Refused: f.settle()}
	if out.Refused == nil {
		out.Refused = m.checkAll(checks, f.draft, f.scope)
	}
	for _, e := range f.entries {
		if !e.asked {
			out.NotAsked = append(out.NotAsked, e.path)
		}
	}
	out.Data, out.Row, out.Faults = f.data, -1, f.faults
	if f.row.table != nil {
		out.Row = f.row.index
	}
	if out.Refused != nil && out.Refused.Code == Invalid {
		out.Refused = nil
	}
	return out
}
