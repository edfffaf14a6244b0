package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/report"
)

// before lists the steps that may have changed something when a case comes to s, because of a return: it brings the
// case back to a step that was done, and threads back to a join, and keeps the values that were set since.
func (c *checker) before(s *Step) []*Step {
	n := c.nets[s.Graph]
	target := func(to *Step) bool { return !to.Final && isDone(to) && (to == s || s.Join.waits() && n.from(to)[s]) }
	if !slices.ContainsFunc(s.Graph.Steps, target) {
		return nil
	}
	after := c.onward(s)
	if !slices.Contains(after, s) {
		after = append(after, s)
	}
	return slices.DeleteFunc(after, func(o *Step) bool {
		if o == s && !s.Join.waits() { // who returns to it has come out of it
			return !slices.ContainsFunc(c.onward(s), hasTask)
		}
		return !c.outlived(o, after)
	})
}

// outlived tells whether somebody may still return a task when a step has changed something: inside it, beside it, or
// after it.
func (c *checker) outlived(s *Step, among []*Step) bool {
	n := c.nets[s.Graph]
	return slices.ContainsFunc(innerSteps(s), hasTask) || slices.ContainsFunc(c.onward(s), hasTask) ||
		slices.ContainsFunc(among, func(o *Step) bool { return hasTask(o) && n.together(s.Index, o.Index) })
}

// onward lists the steps to which a case can come once s is done.
func (c *checker) onward(s *Step) []*Step {
	var out []*Step
	n := c.nets[s.Graph]
	for _, w := range s.Ways {
		if !n.here(w) {
			continue
		}
		reached := n.from(w.To)
		for _, o := range s.Graph.Steps {
			if reached[o] && !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// hasTask tells whether a step is, or has inside, work of somebody who might return it.
func hasTask(s *Step) bool {
	if _, ok := s.Work.(*Task); ok {
		return true
	}
	return slices.ContainsFunc(innerSteps(s), hasTask)
}

// later is what those steps may have changed: what s relies on must stand that.
func (c *checker) later(s *Step) *change {
	if out, ok := c.after[s]; ok {
		return out
	}
	out := newChange()
	c.after[s] = out
	for _, o := range c.before(s) {
		out.loose(c.u, c.fills(o))
		out.loose(c.u, c.inside(o))
	}
	return out
}

// isDone tells steps that are somebody's or something's work: a return to a junction or a computation is of no use.
func isDone(s *Step) bool {
	switch s.Work.(type) {
	case *Junction, *Set, *Decide:
		return false
	default:
		return true
	}
}

// returns finds ways that return to a step which need not have been done.
func (c *checker) returns(g *Graph) {
	for _, s := range g.Steps {
		for _, w := range s.Ways {
			if w.Return == nil || !c.without(g, w.Return)[s] {
				continue
			}
			c.add(report.Problem{Place: w.Place, Code: "not-upstream",
				Message: fmt.Sprintf("a case can come to %s without %s having been done", s.ID, w.Return.ID),
				Hint:    "return to a step that every case passes on its way here, or write to: " + w.Return.ID})
		}
	}
}

// without lists the steps of a list to which a case can come though step has not been done.
func (c *checker) without(g *Graph, step *Step) map[*Step]bool {
	seen := map[*Step]bool{}
	var queue []*Step
	visit := func(ways []*Way) {
		for _, w := range ways {
			if w != nil && w.To != nil && w.To.Graph == g && !seen[w.To] {
				seen[w.To] = true
				queue = append(queue, w.To)
			}
		}
	}
	for _, first := range g.Entries {
		visit([]*Way{{To: first}})
	}
	if g.Owner == c.p.Case {
		visit(arrows(c.p.Case))
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at != step {
			visit(at.Ways)
		}
		visit(alsoAndTo(at))
	}
	return seen
}

// alsoAndTo lists the ways that a step's time limits and events take.
func alsoAndTo(s *Step) []*Way {
	var out []*Way
	for _, t := range s.Timeouts {
		out = append(out, t.Do.Way)
	}
	for _, e := range s.Events {
		out = append(out, e.Do.Way)
	}
	return out
}

// outOfBranch finds a way that leads out of one of several branches to before the split, while another one may still
// be open; nil if there is none.
func (n *net) outOfBranch() (*Way, *Step) {
	for _, s := range n.g.Steps {
		for _, w := range arrows(s) {
			if !n.here(w) || w.To.Index > s.Index {
				continue
			}
			again := n.ahead(w.To)
			if !again[s] {
				continue
			}
			for _, o := range n.g.Steps {
				if o != s && again[o] && n.together(s.Index, o.Index) && !n.withdraws(s, w, o.Index) {
					return w, o
				}
			}
		}
	}
	return nil, nil
}

// ahead lists what can be reached from a step before a join, itself included.
func (n *net) ahead(s *Step) map[*Step]bool {
	seen := map[*Step]bool{s: true}
	queue := []*Step{s}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, w := range arrows(at) {
			if n.here(w) && !seen[w.To] && !w.To.Join.waits() {
				seen[w.To] = true
				queue = append(queue, w.To)
			}
		}
	}
	return seen
}
