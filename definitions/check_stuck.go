package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
)

// stuck finds steps that wait for a condition for ever: with some values it does not hold, nothing that can happen
// meanwhile changes them, and nothing else ends the waiting.
func (c *checker) stuck(s *Step, in *known) {
	if s.OnlyWhile != nil && !c.leavable(s) {
		c.frozen(s, in, []*formula.Guard{s.OnlyWhile})
	}
	w, ok := s.Work.(*Wait)
	if !ok || c.leavable(s) {
		return
	}
	var guards []*formula.Guard
	for _, one := range w.For {
		if one.When == nil {
			return
		}
		guards = append(guards, one.When)
	}
	if len(guards) > 0 {
		c.frozen(s, in, guards)
	}
}

// frozen reports values with which none of the guards holds, if nothing can change them while s waits.
func (c *checker) frozen(s *Step, in *known, guards []*formula.Guard) {
	ids, n, ok := c.together(guards, in.row)
	if !ok {
		return
	}
	moves := newChange()
	moves.mix(c.around(s))
	moves.mix(c.inside(s))
	for _, id := range ids {
		if moves.touches(id) || c.u.list[id].twin >= 0 && moves.touches(c.u.list[id].twin) {
			return
		}
	}
	for i := range n {
		vals := c.u.pick(ids, i)
		if !in.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		if slices.ContainsFunc(guards, func(g *formula.Guard) bool { return c.u.decide(g, scope) != 0 }) {
			continue
		}
		c.add(report.Problem{Place: c.placeOf(guards[0]), Code: "no-end",
			Message: fmt.Sprintf("%s can wait for ever: with %s its condition does not hold, and nothing changes that meanwhile",
				called(s), c.u.spell(ids, vals)),
			Hint: "let a way lead past it then, or write a time limit or an event that leads on"})
		return
	}
}

// touches tells whether a change may make another value of a slot, or take it away.
func (c *change) touches(id int) bool {
	if _, ok := c.filled[id]; ok {
		return true
	}
	for _, list := range [][]int{c.emptied, c.short, c.gotRow, c.fewer, c.more, c.laid, c.makes, c.remade, c.stale} {
		if slices.Contains(list, id) {
			return true
		}
	}
	return false
}

// leavable tells whether something other than its own work may end a step, or the list that it stands in.
func (c *checker) leavable(s *Step) bool {
	for at := s; at != nil; at = at.Graph.Owner {
		for _, t := range at.Timeouts {
			if t.Do.Kind == DeedTo {
				return true
			}
		}
		for _, e := range at.Events {
			if e.Do.Kind == DeedTo || e.Do.Kind == DeedFinish {
				return true
			}
		}
		if at.Graph == nil {
			return false
		}
		if c.withdrawable(at) {
			return true
		}
	}
	return false
}

// withdrawable tells whether another step may withdraw a step: a race, a join, an end or a way that cancels.
func (c *checker) withdrawable(s *Step) bool {
	takes := func(list []*Step) bool { return slices.Contains(list, s) }
	deeds := func(at *Step) bool {
		return slices.ContainsFunc(at.Timeouts, func(t *Timeout) bool { return takes(t.Do.Cancels) }) ||
			slices.ContainsFunc(at.Events, func(e *Event) bool { return takes(e.Do.Cancels) })
	}
	if deeds(c.p.Case) || slices.ContainsFunc(s.Graph.Ends, func(e *End) bool { return e.Cancels || e.Error }) {
		return true
	}
	for _, g := range graphs(c.p) {
		for _, o := range g.Steps {
			if takes(o.Cancels) || takes(o.Join.Withdraws) || deeds(o) || slices.ContainsFunc(o.Ways, func(w *Way) bool {
				return takes(w.Cancels) || w.Return != nil || o.Choose == ChooseFirst && w.To == s
			}) {
				return true
			}
		}
	}
	m, multi := s.Work.(*Multi)
	return multi && (m.Until != nil || m.Finish != nil)
}
