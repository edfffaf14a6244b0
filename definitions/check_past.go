package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
)

// past finds ways that return to before something was withdrawn which does not begin again with what is done again,
// while something waits for it: after the return that might wait for ever.
func (c *checker) past(g *Graph) {
	for _, s := range g.Steps {
		for _, w := range s.Ways {
			if w.Return == nil {
				continue
			}
			if gone, waits := c.goneFor(s, w.Return); gone != nil {
				c.add(report.Problem{Place: w.Place, Code: "return-past",
					Message: fmt.Sprintf("%s may be withdrawn before this return and does not come again with %s,"+
						" and %s waits for it", called(gone), called(w.Return), called(waits)),
					Hint: "return to a step of which " + called(gone) + " comes as well"})
			}
		}
	}
}

// goneFor finds a step that may be withdrawn by what comes of back before from returns to it, though it may have come
// of something else, and what waits for it; nil = there is none.
func (c *checker) goneFor(from, back *Step) (gone, waits *Step) {
	n := c.nets[back.Graph]
	region, apart := n.onward(back), c.without(back.Graph, back)
	region[back.Index] = true
	for _, s := range back.Graph.Steps {
		if !region[s.Index] {
			continue
		}
		for _, list := range withdrawals(s) {
			if slices.Contains(list, from) && !n.onward(s)[from.Index] { // nothing returns after that
				continue
			}
			for _, y := range list {
				if y == back || y.Graph == s.Graph && !apart[y] || insideOf(y, s) {
					continue
				}
				if j := c.waitsFor(y); j != nil {
					return y, j
				}
			}
		}
	}
	return nil, nil
}

// insideOf tells whether a step stands inside another one.
func insideOf(y, s *Step) bool {
	for g := y.Graph; g != nil; g = g.Owner.Graph {
		if g.Owner == s {
			return true
		}
	}
	return false
}

// withdrawals lists what a step, and what is inside it, may withdraw, each time all at once.
func withdrawals(s *Step) [][]*Step {
	out := [][]*Step{s.Cancels, s.Join.Withdraws}
	for _, w := range s.Ways {
		out = append(out, w.Cancels)
	}
	for _, t := range s.Timeouts {
		out = append(out, t.Do.Cancels)
	}
	for _, e := range s.Events {
		out = append(out, e.Do.Cancels)
	}
	for _, x := range innerSteps(s) {
		out = append(out, withdrawals(x)...)
	}
	return out
}

// waitsFor finds a step that does not come, or does not go on, without what comes of another one: a join that counts
// it, or a condition that asks for it.
func (c *checker) waitsFor(y *Step) *Step {
	n := c.nets[y.Graph]
	after := n.onward(y)
	for _, s := range y.Graph.Steps {
		if after[s.Index] && s.Join.waits() && s.Join.Kind != JoinActive {
			return s
		}
	}
	after[y.Index] = true
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			for _, one := range askedBy(s) {
				if x := c.p.Steps[one]; x != nil && x.Graph == y.Graph && after[x.Index] {
					return s
				}
			}
		}
	}
	return nil
}

// askedBy lists the steps for which the conditions of a step ask.
func askedBy(s *Step) []string {
	var out []string
	guards := []*formula.Guard{s.OnlyWhile}
	if w, ok := s.Work.(*Wait); ok {
		for _, one := range w.For {
			guards = append(guards, one.When)
		}
	}
	for _, g := range guards {
		if g != nil {
			for _, q := range g.Asks() {
				out = append(out, q.Step)
			}
		}
	}
	return out
}
