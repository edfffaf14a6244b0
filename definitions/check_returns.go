package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
)

// before lists the steps that may have changed something when a case comes to s, because of a return: it brings the
// case back to a step that was done, and threads back to a join, and keeps the values that were set since.
func (c *checker) before(s *Step) []*Step {
	n := c.nets[s.Graph]
	if !n.returnedTo(s) {
		return nil
	}
	after := n.onward(s)
	after[s.Index] = true
	c.work.done += len(after)
	var out []*Step
	for _, o := range s.Graph.Steps {
		switch {
		case !after[o.Index] || c.leaves(o).none() || c.work.spent():
		case o == s && !s.Join.waits(): // who returns to it has come out of it
			if n.work.after[s.Index] {
				out = append(out, o)
			}
		case c.outlived(o, after):
			out = append(out, o)
		}
	}
	return out
}

// outlived tells whether somebody may still return a task when a step has changed something: inside it, beside it, or
// after it.
func (c *checker) outlived(s *Step, among []bool) bool {
	n := c.nets[s.Graph]
	if n.work.after[s.Index] || slices.ContainsFunc(innerSteps(s), hasTask) {
		return true
	}
	beside := n.work.beside[s.Index]
	c.work.done += len(beside)
	return slices.ContainsFunc(beside, func(o int) bool { return among[o] })
}

// tasks tells of each step of a list whether a task may come after it, and which tasks may be open beside it.
type tasks struct {
	after  []bool
	beside [][]int
}

func (n *net) findTasks() {
	size := len(n.g.Steps)
	has, comes := make([]bool, size), make([]bool, size)
	var queue []*Step
	for _, s := range n.g.Steps {
		if hasTask(s) {
			has[s.Index], comes[s.Index] = true, true
			queue = append(queue, s)
		}
	}
	n.work = tasks{after: make([]bool, size), beside: make([][]int, size)}
	n.spread(queue, comes, n.back)
	for _, s := range n.g.Steps {
		n.work.after[s.Index] = slices.ContainsFunc(s.Ways, func(w *Way) bool { return n.here(w) && comes[w.To.Index] })
	}
	for pair := range n.pair { // any order: they are only looked for
		for i, a := range pair {
			if b := pair[1-i]; a < size && b < size && has[b] && (a != b || i == 0) {
				n.work.beside[a] = append(n.work.beside[a], b)
			}
		}
	}
}

// returnedTo tells whether a return may bring a thread to s: to a step that was done, or to a join from before it.
func (n *net) returnedTo(s *Step) bool {
	target := func(to *Step) bool { return !to.Final && isDone(to) }
	if !s.Join.waits() {
		return target(s)
	}
	before := make([]bool, len(n.g.Steps))
	before[s.Index] = true
	n.spread([]*Step{s}, before, n.back)
	return slices.ContainsFunc(n.g.Steps, func(to *Step) bool { return before[to.Index] && target(to) })
}

// onward marks the steps to which a case can come once s is done.
func (n *net) onward(s *Step) []bool {
	out := make([]bool, len(n.g.Steps))
	var queue []*Step
	for _, w := range s.Ways {
		if n.here(w) && !out[w.To.Index] {
			out[w.To.Index] = true
			queue = append(queue, w.To)
		}
	}
	n.spread(queue, out, n.next)
	return out
}

// spread marks what can be reached from the steps of queue, which are marked.
func (n *net) spread(queue []*Step, marked []bool, onto func(*Step) []*Step) {
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range onto(at) {
			if !marked[to.Index] {
				marked[to.Index] = true
				queue = append(queue, to)
			}
		}
	}
}

func (n *net) next(s *Step) []*Step { return n.onto[s.Index] }

func (n *net) back(s *Step) []*Step { return n.fro[s.Index] }

// link notes the arrows between the steps of the list, both ways.
func (n *net) link() {
	n.onto, n.fro = make([][]*Step, len(n.g.Steps)), make([][]*Step, len(n.g.Steps))
	for _, s := range n.g.Steps {
		for _, w := range arrows(s) {
			if n.here(w) {
				n.onto[s.Index] = append(n.onto[s.Index], w.To)
				n.fro[w.To.Index] = append(n.fro[w.To.Index], s)
			}
		}
	}
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
		left := c.leaves(o)
		c.work.done += 1 + len(left.filled) + len(left.stale)
		out.mix(left)
	}
	slices.Sort(out.stale)
	out.stale = slices.Compact(out.stale)
	return out
}

// leaves is what a step may have changed by itself and inside, when it may have been done or not. In a long list it is
// asked for by each step that comes after it, so it is worked out once.
func (c *checker) leaves(s *Step) *change {
	out, ok := c.left[s]
	if !ok {
		out = newChange()
		out.loose(c.u, c.fills(s))
		out.loose(c.u, c.inside(s))
		c.left[s] = out
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
			if w.Return == nil {
				continue
			}
			if !c.without(g, w.Return)[s] {
				c.early(s, w)
				continue
			}
			c.add(report.Problem{Place: w.Place, Code: "not-upstream",
				Message: fmt.Sprintf("a case can come to %s without %s having been done", called(s), called(w.Return)),
				Hint:    "return to a step that every case passes on its way here, or write to: " + w.Return.ID})
		}
	}
}

// early warns of a way that returns to a `for_each` of which rows may still run: as long as they do it is refused.
func (c *checker) early(s *Step, w *Way) {
	rows, ok := w.Return.Work.(*Multi)
	if !ok || rows.Cancel || rows.Until == nil && !finishes(w.Return) {
		return
	}
	over := func(g *formula.Guard) bool {
		return g != nil && slices.Contains(g.Asks(), formula.Ask{Step: w.Return.ID, Kind: formula.AskDone})
	}
	if over(w.When) || over(s.OnlyWhile) {
		return
	}
	c.add(report.Problem{Place: w.Place, Severity: report.Warning, Code: "return-early",
		Message: fmt.Sprintf("rows of %s may still run when %s returns to it: as long as they do, that is refused",
			called(w.Return), called(s)),
		Hint: "return to a step before it, which takes the rows back as well, or write rest: cancel there"})
}

// without lists the steps of a list to which a case can come though step has not been done.
func (c *checker) without(g *Graph, step *Step) map[*Step]bool {
	return c.withoutBy(g, step, alsoAndTo)
}

// withoutBy is without, where deeds are the ways of time limits and events that are followed.
func (c *checker) withoutBy(g *Graph, step *Step, deeds func(*Step) []*Way) map[*Step]bool {
	seen := map[*Step]bool{}
	came := map[*Step][]int{} // at joins: from where
	var queue []*Step
	visit := func(from int, ways []*Way) {
		for _, w := range ways {
			if w == nil || w.To == nil || w.To.Graph != g || seen[w.To] {
				continue
			}
			if !slices.Contains(came[w.To], from) {
				came[w.To] = append(came[w.To], from)
			}
			if w.To.opensWith(from, came[w.To]) {
				seen[w.To] = true
				queue = append(queue, w.To)
			}
		}
	}
	for _, first := range g.Entries {
		visit(fromStart, []*Way{{To: first}})
	}
	if g.Owner == c.p.Case {
		visit(fromStart, arrows(c.p.Case))
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at != step {
			visit(at.Index, at.Ways)
		}
		visit(at.Index, deeds(at))
	}
	return seen
}

// opensWith tells whether a step may open when a thread comes from somewhere, and no others than these have come.
func (s *Step) opensWith(from int, came []int) bool {
	needs := 1
	switch {
	case !counts(s, from):
		return true
	case s.Join.Kind == JoinAll:
		needs = len(s.Inputs)
		if len(s.Join.Of) > 0 {
			needs = len(s.Join.Of)
		}
	case s.Join.Kind == JoinSome:
		needs = s.Join.N
	}
	came = slices.DeleteFunc(slices.Clone(came), func(i int) bool { return !counts(s, i) })
	return len(came) >= needs
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
