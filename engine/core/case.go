package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// start begins a case by one of the procedure's starts.
func (m *machine) start(in Start) *Rejection {
	if in.Way < 0 || in.Way >= len(m.p.Starts) {
		return &Rejection{Code: NotOpen, Args: map[string]string{"procedure": m.p.ID}}
	}
	if in.Depth > maxDepth {
		return &Rejection{Code: TooDeep}
	}
	way := m.p.Starts[in.Way]
	scope := m.scopeIn(0)
	scope.Settings = Settings(m.p, in.Settings)
	starter := value.Person{}
	if in.Starter != nil {
		starter = *in.Starter
		scope.Actor = in.Starter
	}
	if in.Starter != nil && in.Parent == nil && in.Key == "" {
		list, wrong := m.resolve(way.By, scope)
		if wrong != nil {
			return unfit(wrong, "by")
		}
		if !isCandidate(list, starter) {
			return &Rejection{Code: NotAllowed, Args: map[string]string{"procedure": m.p.ID}}
		}
	}
	scope.Case.Starter, scope.Case.Started = starter, m.c.Now
	if !in.As.IsZero() {
		scope.Now = in.As
	}
	if way.Each != nil {
		scope.Extra = value.Record{way.Each.Name: in.Each}
	}
	d, r := m.fill(way.Form, in.Values, scope)
	if r == nil {
		r = m.assignAll(way.Set, d, scope)
	}
	if r == nil {
		r = m.checkAll(way.Checks, d, scope)
	}
	if r == nil && in.Key != "" && way.Message != nil {
		r = sameKey(way.Message, in.Key, d, scope)
	}
	if r != nil {
		return r
	}
	number := m.draw(&m.p.Number)
	m.emit(CaseStarted{
		Procedure: m.p.ID, Version: m.p.Version, Number: number, At: m.c.Now, Starter: starter,
		Settings: scope.Settings, Parent: in.Parent, Depth: in.Depth,
	})
	m.emitDraft(d)
	opened := Opened{Act: 1, Step: m.p.ID, N: 1, At: m.c.Now}
	var wrong error
	if m.p.Case.Within != nil {
		opened.Due, wrong = m.p.Case.Within.At(m.scopeIn(0), m.c.Now)
	}
	m.emit(opened)
	if wrong != nil {
		m.stick(1, AtOpen, trouble(wrong, m.p.Case.Within.Source()))
		return nil
	}
	m.push(move{kind: openMove, act: 1})
	return nil
}

// sameKey refuses a message whose values make another key than that under which it came: what comes next under that key
// would not find the case.
func sameKey(msg *definitions.Message, key string, d *draft, scope *formula.Scope) *Rejection {
	scope.Data = d.data
	v, err := msg.Key.Eval(scope)
	if err != nil {
		return unfit(err, msg.Key.Source())
	}
	if made, _ := v.(string); made != key {
		return &Rejection{Code: Invalid, Fields: []value.Fault{
			{Path: "key", Code: "option", Args: map[string]string{"options": made}}}}
	}
	return nil
}

// assignAll computes what a start sets by itself.
func (m *machine) assignAll(set []*definitions.Assign, d *draft, scope *formula.Scope) *Rejection {
	for _, as := range set {
		scope.Data = d.data
		v, err := as.Value.Eval(scope)
		if err != nil {
			return unfit(err, as.Value.Source())
		}
		d.put(as.Into, false, v)
	}
	if wrong := d.compute(scope); wrong != nil {
		return unfit(wrong, wrong.Formula)
	}
	return nil
}

// Settings takes the office's values, and the procedure's own for what the office has not set.
func Settings(p *definitions.Procedure, set value.Record) value.Record {
	out := value.Record{}
	for _, s := range p.Settings {
		out[s.Name] = s.Value
		if v, ok := set[s.Name]; ok {
			out[s.Name] = v
		}
	}
	return out
}

// endCase closes a case whose own block has come to an end.
func (m *machine) endCase(a *Activation) {
	m.emit(Moved{Act: a.ID, To: Done})
	m.emit(Ended{Status: Finished, Outcome: a.Answer, At: m.c.Now})
}

// cancel ends a case from outside.
func (m *machine) cancel(in Cancel) *Rejection {
	m.withdraw(m.act(1), "cancelled")
	ended := Ended{Status: Cancelled, At: m.c.Now, Code: in.Code, Reason: in.Reason}
	if in.Actor != nil {
		ended.By = in.Actor.ID
	}
	m.emit(ended)
	return nil
}

// issue makes the papers of a step that completes, and copies them to those who get one.
func (m *machine) issue(a *Activation, st *definitions.Step) *Incident {
	type made struct {
		doc  *definitions.Document
		copy Issued
	}
	var papers []made
	for _, is := range st.Issues {
		if is.Outcome != "" && is.Outcome != a.Answer {
			continue
		}
		who, wrong := m.resolve(is.Document.Copies, m.peopleScope(a))
		if wrong != nil {
			return wrong
		}
		papers = append(papers, made{doc: is.Document, copy: Issued{Act: a.ID, Document: is.Document.ID, Copies: who}})
	}
	for _, p := range papers { // only now that nothing can fail are numbers drawn
		i := slices.IndexFunc(m.s.Papers, func(x Paper) bool { return x.Document == p.doc.ID })
		switch {
		case i >= 0:
			m.reissue(&p.copy, p.doc, m.s.Papers[i])
		case p.doc.Number != nil:
			p.copy.Number, p.copy.Edition = m.draw(p.doc.Number), 1
		default:
			p.copy.Number, p.copy.Edition = m.s.Number, 1
		}
		m.emit(p.copy)
	}
	return nil
}

// reissue is the next edition of a paper. A number that was superseded is not used again, and the new paper says which
// one it replaces.
func (m *machine) reissue(is *Issued, doc *definitions.Document, last Paper) {
	is.Number, is.Edition = last.Number, last.Edition+1
	if last.Superseded {
		is.Instead = last.Number
		if doc.Number != nil {
			is.Number = m.draw(doc.Number)
		}
	}
}
