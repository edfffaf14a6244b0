package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/domain"
)

// maxAgree bounds the combinations of values for which the choices of a list are looked at together.
const maxAgree = 64

// agree notes, of choices that several steps make by the same values, which of them go together: where nothing changes
// the values between them, one case never chooses by two of them.
func (c *checker) agree(g *Graph, fl *flow) {
	if fl == nil {
		return
	}
	ids := c.shared(g, fl)
	n, ok := c.u.product(ids)
	if len(ids) == 0 || !ok || n > maxAgree {
		return
	}
	for v := range n {
		c.fixed = map[int]string{}
		vals := c.u.pick(ids, v)
		for i, id := range ids {
			c.fixed[id] = vals[i].Text
		}
		possible := false
		for i, s := range g.Steps {
			if fl.in[i] != nil && c.reads(s, fl, ids) {
				possible = c.exitsWith(s, c.transfer(s, fl.in[i]), ids, vals, len(g.Shared)) || possible
			}
		}
		if possible {
			g.Shared = append(g.Shared, c.u.spell(ids, vals))
		}
	}
	c.fixed = nil
}

// exitsWith notes which exits of a step there are with the values that are fixed. False: it is not left with them, or
// no case has them there, whatever the outcome asks for.
func (c *checker) exitsWith(s *Step, run *passage, ids []int, vals []domain.Piece, v int) bool {
	some := false
	for outcome, chosen := range c.waysOut(s, run) {
		if !run.outs[slices.Index(run.outcomes, outcome)].possible(ids, vals) {
			continue
		}
		for j := range s.Exits {
			if e := &s.Exits[j]; e.Outcome == outcome && slices.Equal(e.Ways, chosen) {
				e.With = append(e.With, v)
				some = true
			}
		}
	}
	return some
}

// fits tells whether values are those that are fixed.
func (c *checker) fits(ids []int, vals []domain.Piece) bool {
	for i, id := range ids {
		if text, ok := c.fixed[id]; ok && text != vals[i].Text {
			return false
		}
	}
	return true
}

// chooses lists the slots by which a step chooses its ways; nil if they are not all tried.
func (c *checker) chooses(s *Step, fl *flow) []int {
	guards := []*Way{}
	for _, w := range s.Ways {
		if w.When != nil {
			guards = append(guards, w)
		}
	}
	if len(guards) == 0 || s.Choose == ChooseFirst {
		return nil
	}
	ids, _, ok := c.u.together(guardsOf(guards), fl.in[s.Index].row)
	if !ok {
		return nil
	}
	return ids
}

func (c *checker) reads(s *Step, fl *flow, ids []int) bool {
	return slices.ContainsFunc(c.chooses(s, fl), func(id int) bool { return slices.Contains(ids, id) })
}

// shared lists the slots by which is chosen more than once and that nothing changes from the first choice on.
func (c *checker) shared(g *Graph, fl *flow) []int {
	readers := map[int][]*Step{}
	var ids []int
	for i, s := range g.Steps {
		if fl.in[i] == nil {
			continue
		}
		for _, id := range c.chooses(s, fl) {
			readers[id] = append(readers[id], s)
			often := s.Join.Kind != JoinNone || c.nets[g].often(s) // it chooses alike in every run
			if (often || len(readers[id]) > 1) && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return slices.DeleteFunc(ids, func(id int) bool { return !c.settledFor(g, id, readers[id]) })
}

// settledFor tells whether nothing changes a slot once one of these steps has chosen by it.
func (c *checker) settledFor(g *Graph, id int, readers []*Step) bool {
	if c.outside(g).touches(id) {
		return false
	}
	n := c.nets[g]
	for _, o := range g.Steps {
		if !c.moves(o).touches(id) {
			continue
		}
		for _, r := range readers {
			if n.behind(r)[o] || n.besides(r.Index, o) {
				return false
			}
		}
	}
	return true
}

// often tells whether threads can come to a step again: it goes back to itself, or a step does that sends threads here
// and round at once, or several here, or that adds them beside itself.
func (n *net) often(s *Step) bool {
	return slices.ContainsFunc(append(slices.Clone(n.g.Steps), n.c.p.Case), func(o *Step) bool {
		for _, w := range alsoWays(o) {
			if n.here(w) && n.from(w.To)[s] {
				return true
			}
		}
		if o.Graph != n.g {
			return false
		}
		if o == s || o.Choose == ChooseAll {
			if behind := n.behind(o); behind[o] && behind[s] {
				return true
			}
		}
		return n.sendsSeveral(o, s)
	})
}

// sendsSeveral tells whether a step may send several threads at once to another, or to what leads there.
func (n *net) sendsSeveral(o, s *Step) bool {
	sent := 0
	for _, w := range o.Ways {
		if (w.Threads > 1 || o.Choose == ChooseAll) && n.here(w) && n.from(w.To)[s] {
			sent += max(w.Threads, 1)
		}
	}
	return sent > 1
}

// behind lists the steps to which threads come that a step has sent on.
func (n *net) behind(s *Step) map[*Step]bool {
	out := map[*Step]bool{}
	for _, to := range n.onto[s.Index] {
		for o := range n.from(to) { // any order: a set is filled
			out[o] = true
		}
	}
	return out
}
