package core

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// The check of a version has looked at each choice with the values that cases have there which came by that version. A
// case that comes from another one may have others: amounts below a bound that is new, or a value by which it would not
// have been sent this way. So the choices to which it can come with the values that it has are made here beforehand.

// maxTried bounds the steps that are tried, each with what has been filled in anew on the way there.
const maxTried = 10_000

// closedWays lists the steps that a moved case could not leave with what is filled in.
func (m *machine) closedWays() []Obstacle {
	then := &machine{p: m.p, s: m.s.Clone(), c: m.c}
	if wrong := then.save(then.draftOf(rowRef{}), then.scopeIn(0)); wrong != nil {
		return nil // it becomes an incident of the case
	}
	x := &trying{machine: then}
	for _, a := range then.s.Acts {
		if a.Frame != 0 && !a.State.Over() {
			x.begin(then.step(a), a.Frame, a.ID)
		}
	}
	for _, t := range then.s.Tokens {
		x.begin(then.graph(then.s.frame(t.Frame)).Step(t.To), t.Frame, 0)
	}
	return x.found
}

// trying follows the ways that a case can take.
type trying struct {
	*machine
	scope *formula.Scope
	seen  map[*definitions.Step][][]string // with what had been filled in anew
	queue []tried
	tries int
	found []Obstacle
}

// tried is a step to which the case can come, and the paths that have been filled in anew by then.
type tried struct {
	at    *definitions.Step
	fresh []string
}

// begin tries all from one open step on. What the others that are open fill in may come before.
func (x *trying) begin(at *definitions.Step, frame, act ID) {
	var fresh []string
	for _, o := range x.s.Acts {
		if o.Frame != 0 && !o.State.Over() && o.ID != act && x.step(o).Inside() == nil {
			fresh = append(fresh, fills(x.step(o))...)
		}
	}
	x.scope, x.seen, x.queue = x.scopeIn(frame), map[*definitions.Step][][]string{}, nil
	x.come(at, fresh)
	for len(x.queue) > 0 {
		next := x.queue[0]
		x.queue = x.queue[1:]
		x.pass(next)
	}
}

// come notes that the case can come to a step, if it has not been there with as little filled in anew.
func (x *trying) come(at *definitions.Step, fresh []string) {
	fewer := func(known []string) bool {
		return !slices.ContainsFunc(known, func(path string) bool { return !slices.Contains(fresh, path) })
	}
	if at == nil || x.tries >= maxTried || slices.ContainsFunc(x.seen[at], fewer) {
		return
	}
	x.tries++
	x.seen[at] = append(x.seen[at], fresh)
	x.queue = append(x.queue, tried{at, fresh})
}

// pass leaves a step in every way in which it can be left.
func (x *trying) pass(t tried) {
	for _, l := range t.at.Timeouts {
		x.follow(t.at, l.Do.Way, t.fresh)
	}
	for _, e := range t.at.Events {
		x.follow(t.at, e.Do.Way, t.fresh)
	}
	if g := t.at.Inside(); g != nil {
		for _, entry := range g.Entries {
			x.come(entry, t.fresh)
		}
	}
	if d, ok := t.at.Work.(*definitions.Decide); ok && x.noRow(d, t.fresh) {
		x.shut(t.at)
		return
	}
	x.leave(t.at, t.fresh)
}

// leave goes on from a step that is done, whatever came of it.
func (x *trying) leave(at *definitions.Step, fresh []string) {
	fresh = slices.Clone(fresh)
	for _, path := range fills(at) {
		if !slices.Contains(fresh, path) {
			fresh = append(fresh, path)
		}
	}
	outcomes := at.Outcomes
	if len(outcomes) == 0 {
		outcomes = []definitions.Outcome{{}}
	}
	for _, o := range outcomes {
		x.choose(at, o.ID, fresh)
	}
}

// choose takes the ways that may be open for an outcome; if surely none is, the step cannot be left.
func (x *trying) choose(at *definitions.Step, outcome string, fresh []string) {
	some, sure := len(at.Ways) == 0, false
	var otherwise *definitions.Way
	for _, w := range at.Ways {
		if w.Outcome != "" && w.Outcome != outcome {
			continue
		}
		if w.Else {
			otherwise = w
			continue
		}
		holds, known := true, true
		if w.When != nil && at.Choose != definitions.ChooseFirst {
			holds, known = x.judge(w.When, fresh)
		}
		if known && !holds {
			continue
		}
		some, sure = true, sure || known
		x.follow(at, w, fresh)
		if known && at.Choose == definitions.ChooseOne {
			return
		}
	}
	if otherwise != nil && !sure {
		some = true
		x.follow(at, otherwise, fresh)
	}
	if !some {
		x.shut(at)
	}
}

func (x *trying) shut(at *definitions.Step) {
	if o := (Obstacle{Code: WaysClosed, Step: at.ID}); !slices.Contains(x.found, o) {
		x.found = append(x.found, o)
	}
}

// follow goes a way: to a step, or out of what the list is inside of.
func (x *trying) follow(from *definitions.Step, w *definitions.Way, fresh []string) {
	switch {
	case w == nil:
	case w.To != nil:
		x.come(w.To, fresh)
	case w.Return != nil:
		x.come(w.Return, fresh)
	case from.Graph != nil && from.Graph.Owner.Graph != nil:
		x.leave(from.Graph.Owner, fresh)
	}
}

// judge decides a condition with what is filled in; not known if that may be another by then, or is not there yet.
func (x *trying) judge(g *formula.Guard, fresh []string) (holds, known bool) {
	looks := g.Looks()
	if looks.Now || looks.Chosen || len(looks.DoneBy) > 0 || len(fresh) > 0 && x.staleIn(g, fresh) {
		return false, false
	}
	holds, err := g.Eval(x.scope)
	return holds, err == nil
}

// staleIn tells whether a condition reads what has been filled in anew, or is computed.
func (x *trying) staleIn(g *formula.Guard, fresh []string) bool {
	return slices.ContainsFunc(g.Reads(), func(r formula.Read) bool {
		for _, rule := range x.p.Rules {
			if rule.Value != nil && onePath(rule.Field.Path, r.Path) {
				return true
			}
		}
		return slices.ContainsFunc(fresh, func(path string) bool { return onePath(path, r.Path) })
	})
}

// onePath tells whether one of two paths is the other one, or inside it.
func onePath(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// noRow tells whether a decision table that must have a row has surely none.
func (x *trying) noRow(d *definitions.Decide, fresh []string) bool {
	if d.Else != nil || !d.Hit.Single() {
		return false
	}
	for _, r := range d.Rows {
		if fits, known := x.judge(r.When, fresh); fits || !known {
			return false
		}
	}
	return true
}

// fills lists the paths that a step fills in, and those of the steps inside it.
func fills(st *definitions.Step) []string {
	var out []string
	assigned := func(list []*definitions.Assign) {
		for _, v := range list {
			out = append(out, v.Into.Path)
		}
	}
	switch w := st.Work.(type) {
	case *definitions.Task:
		out = formFills(w.Form)
	case *definitions.Wait:
		for _, f := range w.For {
			if f.Message != nil {
				out = append(out, formFills(f.Message.Form)...)
			}
		}
	case *definitions.Set:
		assigned(w.Values)
	case *definitions.Call:
		assigned(w.Take)
	case *definitions.Request:
		assigned(w.Take)
	case *definitions.Job:
		assigned(w.Take)
		if w.Collect != nil {
			out = append(out, w.Collect.Into.Path)
		}
	case *definitions.Decide:
		for _, o := range w.Outputs {
			if o.Into != nil {
				out = append(out, o.Into.Path)
			}
		}
		if w.Table != nil {
			out = append(out, w.Table.Path)
		}
	case *definitions.Multi:
		out = append(out, w.Table.Path, w.Table.Each)
	case *definitions.Block, *definitions.Repeat, *definitions.Junction:
	}
	if g := st.Inside(); g != nil {
		for _, inner := range g.Steps {
			out = append(out, fills(inner)...)
		}
	}
	return out
}

func formFills(form *definitions.Form) []string {
	if form == nil {
		return nil
	}
	var out []string
	for _, f := range form.Fields {
		out = append(out, f.Path)
		if f.Table != nil {
			out = append(out, f.Table.Path, f.Table.Each)
		}
	}
	for _, table := range form.EditRows {
		out = append(out, table.Path, table.Each)
	}
	return out
}
