package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
)

// loops finds circles of steps through which a case can run without ever waiting for anything.
func (c *checker) loops(g *Graph) {
	next := make([][]int, len(g.Steps))
	for i, s := range g.Steps {
		for _, w := range instantWays(s) {
			to := w.To
			if w.Return != nil {
				to = w.Return
			}
			if to != nil && to.Graph == g && !slices.Contains(next[i], to.Index) {
				next[i] = append(next[i], to.Index)
			}
		}
	}
	if w, ok := g.Owner.Work.(*Repeat); ok && len(instantEnds(&Step{Ways: []*Way{{Outcome: DoneEnd}}}, w.Body)) > 0 {
		c.add(report.Problem{Place: g.Owner.Place, Code: "endless-loop",
			Message: "a round of " + g.Owner.ID + " can pass without waiting for anything",
			Hint:    "put a task or a wait into it"})
	}
	told := map[int]bool{}
	for i := range g.Steps {
		circle := circleThrough(next, i)
		if circle == nil || slices.ContainsFunc(circle, func(n int) bool { return told[n] }) {
			continue
		}
		var ids []string
		for _, n := range circle {
			told[n] = true
			ids = append(ids, g.Steps[n].ID)
		}
		c.add(report.Problem{Place: g.Steps[i].Place, Code: "endless-loop",
			Message: strings.Join(append(ids, ids[0]), " -> ") + " runs in a circle without waiting for anything",
			Hint:    "put a task or a wait into the circle"})
	}
}

// circleThrough is the shortest way from a step back to itself; nil if there is none.
func circleThrough(next [][]int, start int) []int {
	before := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range next[at] {
			if to == start {
				out := []int{at}
				for at != start {
					at = before[at]
					out = append(out, at)
				}
				slices.Reverse(out)
				return out
			}
			if _, ok := before[to]; !ok {
				before[to] = at
				queue = append(queue, to)
			}
		}
	}
	return nil
}

// instantWays lists the ways that a step may take in the moment in which it opens.
func instantWays(s *Step) []*Way {
	if s.Join.waits() {
		return nil
	}
	switch w := s.Work.(type) {
	case *Junction, *Set, *Decide:
		return s.Ways
	case *Call:
		if w.NoWait {
			return s.Ways
		}
	case *Multi:
		if least, _ := w.Table.Min.(int64); least < 1 {
			return s.Ways // over no rows
		}
	case *Wait:
		var out []*Way
		for _, one := range w.For {
			if one.When != nil {
				out = append(out, waysOf(s, one.Outcome)...)
			}
		}
		return out
	case *Block:
		return instantEnds(s, w.Graph)
	case *Repeat:
		out := instantEnds(s, w.Body)
		if w.While != nil { // no round at all
			out = append(out, waysOf(s, DoneEnd)...)
		}
		return out
	case *Task: // a person takes his time, unless nobody is asked
		if w.Skippable() || w.Again != AgainAsk {
			return waysOf(s, w.Skip)
		}
	case *Request, *Job: // a machine takes its time
	}
	return nil
}

// waysOf lists the ways that a step may take with an outcome.
func waysOf(s *Step, outcome string) []*Way {
	var out []*Way
	for _, way := range s.Ways {
		if takes(way, outcome) {
			out = append(out, way)
		}
	}
	return out
}

// instantEnds lists the ways out of a block to whose end a case can come without waiting.
func instantEnds(s *Step, g *Graph) []*Way {
	var out []*Way
	seen := map[*Step]bool{}
	var walk func(*Step)
	walk = func(inner *Step) {
		if seen[inner] {
			return
		}
		seen[inner] = true
		for _, way := range instantWays(inner) {
			switch {
			case way.To != nil:
				walk(way.To)
			case way.End != nil:
				for _, onward := range s.Ways {
					if takes(onward, way.End.ID) && !slices.Contains(out, onward) {
						out = append(out, onward)
					}
				}
			}
		}
	}
	for _, first := range g.Entries {
		walk(first)
	}
	return out
}

// waits tells joins that may hold a thread back.
func (j Join) waits() bool { return j.Kind != JoinNone && j.Kind != JoinEach }
