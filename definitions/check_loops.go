package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
)

// loops finds circles of steps through which a case can run without ever waiting for anything, or for machines alone.
func (c *checker) loops(g *Graph) {
	told := map[int]bool{}
	for _, pace := range []pace{{}, {machines: true}} {
		next := make([][]int, len(g.Steps))
		for i, s := range g.Steps {
			for _, w := range pace.ways(s) {
				to := w.To
				if w.Return != nil {
					to = w.Return
				}
				if to != nil && to.Graph == g && !slices.Contains(next[i], to.Index) {
					next[i] = append(next[i], to.Index)
				}
			}
		}
		round := &Step{Ways: []*Way{{Outcome: DoneEnd}}}
		if w, ok := g.Owner.Work.(*Repeat); ok && !told[-1] && len(pace.ends(round, w.Body)) > 0 {
			told[-1] = true
			c.add(report.Problem{Place: g.Owner.Place, Code: "endless-loop",
				Message: "a round of " + g.Owner.ID + " can pass without waiting for " + pace.missing(), Hint: pace.hint("it")})
		}
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
				Message: strings.Join(append(ids, ids[0]), " -> ") + " runs in a circle without waiting for " + pace.missing(),
				Hint:    pace.hint("the circle")})
		}
	}
}

// pace says what counts as no waiting: nothing at all, or that of a machine, too.
type pace struct {
	machines bool
	calls    []*Procedure // that are looked at
}

func (p pace) missing() string {
	if p.machines {
		return "anybody, or for a time"
	}
	return "anything"
}

func (p pace) hint(where string) string {
	if p.machines {
		return "put a wait into " + where + ": wait: {later: {after: minutes(5)}}"
	}
	return "put a task or a wait into " + where
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

// ways lists the ways that a step may take in the moment in which it opens.
func (p pace) ways(s *Step) []*Way {
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
		return p.callEnds(s, w)
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
		return p.ends(s, w.Graph)
	case *Repeat:
		out := p.ends(s, w.Body)
		if w.While != nil { // no round at all
			out = append(out, waysOf(s, DoneEnd)...)
		}
		return out
	case *Task: // a person takes his time, unless nobody is asked
		if w.Skippable() || w.Again != AgainAsk {
			return waysOf(s, w.Skip)
		}
	case *Request, *Job: // a machine takes its time
		if p.machines {
			return append(slices.Clone(s.Ways), errorWays(s)...)
		}
	}
	return nil
}

// errorWays lists the ways by which a step is left when its work fails.
func errorWays(s *Step) []*Way {
	var out []*Way
	for _, e := range s.Events {
		if e.Error != "" && e.Do.Way != nil {
			out = append(out, e.Do.Way)
		}
	}
	return out
}

// callEnds lists the ways out of a call whose case may come to an end in the moment in which it begins.
func (p pace) callEnds(s *Step, w *Call) []*Way {
	g := calleeGraph(w)
	if g == nil || slices.Contains(p.calls, w.Callee) {
		return nil
	}
	p.calls = append(slices.Clip(p.calls), w.Callee)
	return p.ends(s, g)
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

// ends lists the ways out of a block to whose end a case can come without waiting.
func (p pace) ends(s *Step, g *Graph) []*Way {
	var out []*Way
	seen := map[*Step]bool{}
	var walk func(*Step)
	walk = func(inner *Step) {
		if seen[inner] {
			return
		}
		seen[inner] = true
		for _, way := range p.ways(inner) {
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

// begun lists the calls to which every case comes in the moment in which a list begins.
func (p pace) begun(g *Graph) []*Step {
	var out []*Step
	seen := map[*Step]bool{}
	var walk func(*Step)
	walk = func(s *Step) {
		if seen[s] || s.Join.waits() {
			return
		}
		seen[s] = true
		if w, ok := s.Work.(*Call); ok && w.Callee != nil {
			out = append(out, s)
		}
		if inner := s.Inside(); inner != nil {
			for _, first := range inner.Entries {
				walk(first)
			}
		}
		sure := s.Choose == ChooseAll || len(s.Ways) == 1
		for _, way := range p.ways(s) {
			if way.To != nil && way.When == nil && !way.Else && sure {
				walk(way.To)
			}
		}
	}
	for _, first := range g.Entries {
		walk(first)
	}
	return out
}

// BeginsItself finds a call by which a case of the procedure begins, directly or through others, another case of it in
// the moment in which it begins itself; nil if there is none.
func (p *Procedure) BeginsItself() *Step {
	for _, s := range (pace{}).begun(caseGraph(p)) {
		queue, seen := []*Step{s}, map[*Procedure]bool{}
		for len(queue) > 0 {
			w, _ := queue[0].Work.(*Call)
			queue = queue[1:]
			if w.Callee == p {
				return s
			}
			if inner := calleeGraph(w); inner != nil && !seen[w.Callee] {
				seen[w.Callee] = true
				queue = append(queue, pace{}.begun(inner)...)
			}
		}
	}
	return nil
}
