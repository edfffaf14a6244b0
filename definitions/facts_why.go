package definitions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/value"
)

// whyEmpty says that path may be empty at a place, and on which way there it is not filled in.
func (c *checker) whyEmpty(path string, k *known, at spot) string {
	id, ok := c.u.find(path, k.row)
	if !ok {
		return path + " may be empty here"
	}
	s := &c.u.list[id]
	if s.field.Kind == value.TableKind {
		return path + " may have no row here" + c.way(id, at)
	}
	if s.computed() {
		if text := c.whyNotComputed(path, s, k); text != "" {
			return text
		}
	}
	if g := s.when(); g != nil && k.f[id].asked {
		return fmt.Sprintf("%s may still be empty here: it is asked only when %s, which is not known here", path, g.Source())
	}
	return path + " may still be empty here" + c.way(id, at)
}

func (c *checker) whyNotComputed(path string, s *slot, k *known) string {
	var names []string
	for _, r := range s.rule.Value.Uncovered(k.view(s)) {
		names = append(names, r.Path)
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%s may still be empty here: it is computed from %s, which may be empty",
		path, strings.Join(names, " and "))
}

// way names the last step on a way to the place that could have filled the slot in and did not.
func (c *checker) way(id int, at spot) string {
	switch {
	case at.step == nil && at.fl == nil:
		return ": " + c.never(id)
	case c.p.Case != nil && at.step == c.p.Case:
		return ": not every way to start asks for it"
	}
	switch w := at.step.Work.(type) {
	case *Multi:
		if slices.Contains(c.fills(at.step).emptied, id) && (w.Until != nil || finishes(at.step)) {
			return ": " + called(at.step) + " may go on before every row has it"
		}
	case *Task, *Wait, *Call, *Set, *Decide, *Request, *Job:
		if c.optional(id, at.step) {
			return ": it may be left empty in " + called(at.step) + " itself"
		}
	case *Junction, *Block, *Repeat: // they fill nothing themselves
	}
	fl, s, place := at.fl, at.step, at.step
	for seen := map[*Step]bool{}; !seen[s]; {
		seen[s] = true
		bad, all := fl.lacking(id, s)
		if bad == nil {
			if text := fl.byReturn(id, s, place); text != "" {
				return text
			}
			break
		}
		from := fl.source(bad)
		if by := c.meanwhile(id, s); by != "" && from == nil {
			return ": " + by + " may empty it meanwhile"
		}
		switch {
		case from == nil && fl.g.Owner != c.p.Case:
			inner := fl
			if id, fl = c.outward(id, fl); fl == nil {
				return ": nothing before " + called(inner.g.Owner) + " asks for it"
			}
			s, place = inner.g.Owner, inner.g.Owner
			continue
		case from == nil && !all:
			return ": reached from the start, which does not ask for it"
		case from == nil:
			return ": " + c.never(id)
		case bad.n >= timeoutArrow && bad.n < undoArrow:
			return ": reached from " + called(from) + " by " + interruption(bad.n) + ", before it is filled in"
		case c.takes(from, id):
			return ": reached from " + called(from) + ", which takes it only if the called procedure has it"
		case c.optional(id, from):
			return ": reached from " + called(from) + ", where it may be left empty"
		case fl.in[from.Index] != nil && fl.in[from.Index].filled(id):
			return ": reached from " + called(from) + ", which may empty it again"
		case !all:
			return ": reached from " + called(from) + ", which does not ask for it"
		}
		s = from
	}
	if by := c.meanwhile(id, s); by != "" {
		return ": " + by + " may empty it meanwhile"
	}
	return ": " + c.never(id)
}

// outward goes on where the owner of a list stands, if the slot may be empty there already; nil = it is not.
func (c *checker) outward(id int, fl *flow) (int, *flow) {
	owner := fl.g.Owner
	if w, ok := owner.Work.(*Multi); ok && c.u.list[id].ofRow && c.u.list[id].table == w.Table {
		id = c.u.list[id].twin
	}
	outer := c.flowOf(owner.Graph)
	if outer == nil || outer.in[owner.Index] == nil || outer.in[owner.Index].filled(id) {
		return id, nil
	}
	return id, outer
}

// meanwhile names what may empty a slot while a step is open: a message that it, or a block around it, takes, or a step
// that can be open with it or with a block around it.
func (c *checker) meanwhile(id int, s *Step) string {
	for at := s; at != nil; {
		for _, e := range at.Events {
			if e.Message != nil && e.Do.Kind != DeedTo && c.empties(id, c.u.form(e.Message.Form, false)) {
				return "the message " + e.Message.called()
			}
		}
		if at.Graph == nil {
			return ""
		}
		for _, o := range at.Graph.Steps {
			if c.nets[at.Graph].besides(at.Index, o) && slices.ContainsFunc(c.insideAnd(o), func(x *change) bool {
				return c.empties(id, x)
			}) {
				return called(o) + ", which can be open at the same time,"
			}
		}
		owner := at.Graph.Owner
		if c.nets[at.Graph].mayStop() && c.empties(id, c.inside(owner)) {
			return called(owner) + ", which may stop without an end and begin anew,"
		}
		at = owner
	}
	return ""
}

// insideAnd lists what a step and those inside it may change.
func (c *checker) insideAnd(s *Step) []*change { return append(c.changes(s), c.inside(s)) }

// empties tells whether a slot, or its twin, may be empty after a change.
func (c *checker) empties(id int, x *change) bool {
	for _, id := range []int{id, c.u.list[id].twin} {
		if id >= 0 && (x.filled[id] || slices.Contains(slices.Concat(x.emptied, x.short, x.stale, c.u.loses(x)), id)) {
			return true
		}
	}
	return false
}

// never is said of a slot that no step before the place fills in for certain.
func (c *checker) never(id int) string {
	for _, s := range c.p.Starts {
		if c.u.form(s.Form, true).filled[id] {
			return "it may be left empty at the start"
		}
	}
	asks, when := c.asksFor(id), c.u.list[id].when()
	switch table := c.u.list[id].field; {
	case asks != "" && when != nil:
		return asks + " asks for it only when " + when.Source()
	case asks == atStart && table.Kind != value.TableKind:
		return "not every way to start asks for it"
	case table.Kind == value.TableKind && asks != "" && table.Min == nil:
		return asks + " may leave it without a row: min: 1 on " + table.Path + " would forbid that"
	case asks != "":
		return asks + " asks for it, and need not come before"
	}
	return "nothing before it asks for it"
}

const atStart = "the start"

// asksFor names the first that asks for a slot or gives it a value: a start, a message or a step; "" = nothing does.
func (c *checker) asksFor(id int) string {
	gives := func(x *change) bool {
		s := &c.u.list[id]
		for _, at := range []int{id, s.twin} {
			if _, filled := x.filled[at]; filled && at >= 0 || slices.Contains(x.more, at) || slices.Contains(x.makes, at) ||
				slices.Contains(x.fewer, at) && s.field.Kind == value.TableKind {
				return true
			}
		}
		return false
	}
	for _, s := range c.p.Starts {
		if gives(c.u.form(s.Form, true)) {
			return atStart
		}
	}
	for _, m := range c.p.Messages {
		if gives(c.u.form(m.Form, false)) {
			return "the message " + m.called()
		}
	}
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			if gives(c.fills(s)) {
				return called(s)
			}
		}
	}
	return ""
}

func interruption(n int) string {
	if n >= eventArrow {
		return "an event"
	}
	return "a timeout"
}

func (c *checker) takes(s *Step, id int) bool {
	_, call := s.Work.(*Call)
	return call && c.optional(id, s)
}

// lacking finds the first way to s that does not bring the slot; all = none does.
func (fl *flow) lacking(id int, s *Step) (bad *arrow, all bool) {
	all = true
	for i := range fl.come[s.Index] {
		a := &fl.come[s.Index][i]
		switch {
		case a.k.filled(id):
			all = false
		case bad == nil:
			bad = a
		}
	}
	return bad, all
}

func (fl *flow) source(a *arrow) *Step {
	switch {
	case a.from <= fromReturn:
		return fl.g.Steps[fromReturn-a.from]
	case a.from < 0:
		return nil
	}
	return fl.g.Steps[a.from]
}

// byReturn says that a slot is filled in on every way to s, but that a return may lead to s when it is empty again.
func (fl *flow) byReturn(id int, s, place *Step) string {
	for _, o := range fl.c.before(s) {
		change := newChange()
		change.loose(fl.c.u, fl.c.fills(o))
		change.loose(fl.c.u, fl.c.inside(o))
		if fl.come[s.Index][0].k.disturbed(change).filled(id) {
			continue
		}
		if o == s && s != place {
			return ": reached from " + called(s) + ", which may empty it again"
		}
		return ": somebody may return to " + called(s) + " after " + called(o) + ", which may empty it; returnable: false " +
			"on " +
			s.ID + " would forbid that"
	}
	return ""
}

// optional tells whether the form of s has the slot and lets it be left empty.
func (c *checker) optional(id int, s *Step) bool {
	if s == nil {
		return false
	}
	may, ok := c.fills(s).filled[id]
	if twin := c.u.list[id].twin; !ok && twin >= 0 {
		may = c.fills(s).filled[twin]
	}
	return may
}
