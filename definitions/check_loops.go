package definitions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
)

// loops finds circles of steps through which a case can run without ever waiting for anything, or for machines alone.
func (c *checker) loops(g *Graph) {
	told := map[int]bool{}
	for _, pace := range []pace{{c: c}, {c: c, machines: true}} {
		c.emptyRounds(g, pace, told)
		turns := c.turns(g, pace)
		next := make([][]int, len(g.Steps))
		for _, t := range turns {
			if !slices.Contains(next[t.from], t.to) {
				next[t.from] = append(next[t.from], t.to)
			}
		}
		for i := range g.Steps {
			circle := circleThrough(next, i)
			if circle == nil || slices.ContainsFunc(circle, func(n int) bool { return told[n] }) {
				continue
			}
			for _, n := range circle {
				told[n] = true
			}
			c.add(pace.tells(g, circle, turns))
		}
	}
}

// emptyRounds finds rounds that can pass without waiting.
func (c *checker) emptyRounds(g *Graph, p pace, told map[int]bool) {
	w, ok := g.Owner.Work.(*Repeat)
	if !ok || told[-1] {
		return
	}
	round := &Step{ID: g.Owner.ID, Graph: g.Owner.Graph, Work: w, Ways: []*Way{{Outcome: DoneEnd}}}
	if len(p.quickEnds(round, w.Body)) > 0 {
		told[-1] = true
		c.add(report.Problem{Place: g.Owner.Place, Code: "endless-loop",
			Message: "a round of " + called(g.Owner) + " can pass without waiting for " + p.missing(), Hint: p.hint("it")})
	}
}

// tells is the finding of a circle.
func (p pace) tells(g *Graph, circle []int, turns []turn) report.Problem {
	var ids []string
	message, hint := " runs in a circle without waiting for "+p.missing(), p.hint("the circle")
	for i, from := range circle {
		ids = append(ids, called(g.Steps[from]))
		to := circle[(i+1)%len(circle)]
		at := slices.IndexFunc(turns, func(t turn) bool { return t.from == from && t.to == to }) // the surest comes first
		switch t := turns[at]; {
		case t.when != nil:
			message = fmt.Sprintf(" runs in a circle without waiting as long as %s is true", t.when.Source())
		case len(t.at) > 0:
			message = fmt.Sprintf(" runs in a circle without waiting once %s has passed", t.at[0].Source())
			hint = "let it wait for a span, after: …, or put a task into the circle"
		}
	}
	return report.Problem{Place: g.Steps[circle[0]].Place, Code: "endless-loop",
		Message: strings.Join(append(ids, ids[0]), " -> ") + message, Hint: hint}
}

// pace says what counts as no waiting: nothing at all, or that of a machine, too.
type pace struct {
	c        *checker // that knows the data; nil = nobody does
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

// ways lists the ways that a step may take in the moment in which it opens, whatever it waits for.
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
		return waysIn(p.callEnds(s, w, pace.sure))
	case *Multi:
		if least, _ := w.Table.Min.(int64); least < 1 || atOnce(s) != "" {
			return s.Ways // over no rows, or without waiting for them
		}
	case *Wait: // what it waits for may be so already: see quicks
	case *Block:
		return waysIn(p.ends(s, w.Graph, p.sure))
	case *Repeat:
		out := waysIn(p.ends(s, w.Body, p.sure))
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
func (p pace) callEnds(s *Step, w *Call, next func(pace, *Step) []quick) []quick {
	g := calleeGraph(w)
	if g == nil || slices.Contains(p.calls, w.Callee) {
		return nil
	}
	p.calls = append(slices.Clip(p.calls), w.Callee)
	return p.ends(s, g, func(inner *Step) []quick { return next(p, inner) })
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
