package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
)

// waiter is a step that waits, of which is asked what else may end it, or a step around it.
type waiter struct {
	c     *checker
	s     *Step
	begun bool // else it waits to be let in: no clock of it runs, it hears no message, and nothing in it is done
	apart bool // it waits in each row by itself: in another one it may go on
}

// waiterFor is a step that waits for one of several conditions.
func (c *checker) waiterFor(s *Step, guards []*formula.Guard, begun bool) waiter {
	row := rowAround(s)
	ofRow := func(g *formula.Guard) bool {
		return slices.ContainsFunc(c.slotsOf(guardReads(g), row), func(id int) bool { return c.u.list[id].ofRow })
	}
	return waiter{c, s, begun, row != nil && slices.ContainsFunc(guards, ofRow)}
}

// leavable tells whether something other than its own work may end what waits, or a step around it.
func (c *checker) leavable(w waiter) bool {
	for at := w.s; ; at = at.Graph.Owner {
		if w.interrupts(at, true) {
			return true
		}
		if at.Graph == nil {
			return false
		}
		if w.withdrawable(at) {
			return true
		}
	}
}

// escapes tells whether something but a condition may end the step that waits, or what it stands in.
func (c *checker) escapes(one *Condition) bool {
	w := c.waiterFor(one.Asks, one.Guards, !one.Admits)
	for at := one.Asks; at != one.Of; at = at.Graph.Owner {
		if w.interrupts(at, false) || w.withdrawable(at) {
			return true
		}
	}
	return false
}

// interrupts tells whether a time limit, a message or an error may end the step that waits or one around it; or, if
// that is asked, a condition.
func (w waiter) interrupts(at *Step, conditions bool) bool {
	runs := at != w.s || w.begun
	if runs && slices.ContainsFunc(at.Timeouts, func(t *Timeout) bool { return t.Do.Kind == DeedTo }) {
		return true
	}
	return slices.ContainsFunc(at.Events, func(e *Event) bool {
		switch {
		case e.Do.Kind != DeedTo && e.Do.Kind != DeedFinish:
			return false
		case e.Error != "":
			return w.raised(at, e.Error)
		case e.When != nil:
			return conditions
		}
		return runs
	})
}

// raised tells whether an error may come to a step around the one that waits, of something other than that.
func (w waiter) raised(at *Step, name string) bool {
	for _, x := range innerSteps(at) {
		done, deeds := w.goesOn(x)
		named := func(id string) bool { return name == id || name == "*" }
		ends := func(way *Way) bool { return at.Graph != nil && way.End != nil && way.End.Error && named(way.End.ID) }
		if done && (slices.ContainsFunc(RaisedBy(x), named) || slices.ContainsFunc(x.Ways, ends)) ||
			deeds && slices.ContainsFunc(alsoAndTo(x), func(way *Way) bool { return way != nil && ends(way) }) ||
			w.raised(x, name) {
			return true
		}
	}
	return false
}

// goesOn tells whether another step may be done while this one waits, and whether its time limits and events may do
// something.
func (w waiter) goesOn(x *Step) (done, deeds bool) {
	if x.Graph == nil {
		return false, true
	}
	for at := w.s; at.Graph != nil; at = at.Graph.Owner {
		switch o := at.Graph.Containing(x); {
		case o == nil:
		case o != at:
			beside := w.c.nets[at.Graph].besides(at.Index, o)
			return beside, beside
		case x == w.s:
			return w.apart, w.apart || w.begun
		default: // around it, or inside it
			return w.apart, w.apart || x.contains(w.s)
		}
	}
	return true, true
}

// withdrawable tells whether something else may withdraw the step that waits, or one around it: a race, a join, an end
// or a way that cancels, an error, a return.
func (w waiter) withdrawable(at *Step) bool {
	if m, multi := at.Work.(*Multi); multi && at != w.s && (m.Until != nil || m.Finish != nil) {
		return true
	}
	if w.withdraws(w.c.p.Case, at) {
		return true
	}
	return slices.ContainsFunc(graphs(w.c.p), func(g *Graph) bool {
		return slices.ContainsFunc(g.Steps, func(x *Step) bool { return w.withdraws(x, at) })
	})
}

// withdraws tells whether step x may withdraw the step that waits, or one around it.
func (w waiter) withdraws(x, at *Step) bool {
	takes := func(list []*Step) bool { return slices.Contains(list, at) }
	closes := func(way *Way) bool {
		here := x.Graph == at.Graph || x == w.c.p.Case && at.Graph.Owner == x
		return here && way != nil && way.End != nil &&
			(way.End.Cancels || way.End.Error && w.c.stops(at.Graph.Owner, way.End.ID))
	}
	race := func(way *Way) bool { return x.Choose == ChooseFirst && way.To == at }
	if takes(x.Join.Withdraws) || slices.ContainsFunc(x.Ways, race) {
		return true
	}
	done, deeds := w.goesOn(x)
	if done && (takes(x.Cancels) || slices.ContainsFunc(x.Ways, func(way *Way) bool {
		return takes(way.Cancels) || closes(way) || w.takesBack(way, at)
	})) {
		return true
	}
	return deeds && (slices.ContainsFunc(x.Timeouts, func(t *Timeout) bool { return takes(t.Do.Cancels) }) ||
		slices.ContainsFunc(x.Events, func(e *Event) bool { return takes(e.Do.Cancels) }) ||
		slices.ContainsFunc(alsoAndTo(x), closes))
}

// takesBack tells whether a way returns to before the step that waits, or one around it.
func (w waiter) takesBack(way *Way, at *Step) bool {
	to := way.Return
	return to != nil && to.Graph == at.Graph && (to == at || w.c.nets[to.Graph].onward(to)[at.Index])
}

// stops tells whether an error that comes up in a list stops what else runs there: else it is taken beside.
func (c *checker) stops(owner *Step, name string) bool {
	for at := owner; ; at = at.Graph.Owner {
		for _, e := range at.Events {
			if e.Error == name || e.Error == "*" {
				return e.Do.Leaves()
			}
		}
		if at.Graph == nil {
			return true
		}
	}
}
